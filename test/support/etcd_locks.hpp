// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Locks on the server of etcd that the tests of a program share.

#ifndef FILELOCK_TEST_SUPPORT_ETCD_LOCKS_HPP
#define FILELOCK_TEST_SUPPORT_ETCD_LOCKS_HPP

#include <filelock/filelock.hpp>
#include <filelock/remote/etcd.hpp>

#include "etcd_server.hpp"

#include <chrono>
#include <string>

namespace test {

/// Far longer than any test pauses by chance.
struct shared_etcd {
  static std::string endpoints() { return shared_etcd_server().endpoints(); }
  static std::chrono::seconds lease() { return std::chrono::seconds(10); }
  static std::chrono::seconds request_timeout() {
    return std::chrono::seconds(10);
  }
};

using etcd_traits = filelock::etcd_traits<shared_etcd>;
using etcd_lock = filelock::basic_file_lock<etcd_traits>;

} // namespace test

#endif
