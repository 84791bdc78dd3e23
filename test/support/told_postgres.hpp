// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Locks of a server that the running test names, and why they are refused.

#ifndef FILELOCK_TEST_SUPPORT_TOLD_POSTGRES_HPP
#define FILELOCK_TEST_SUPPORT_TOLD_POSTGRES_HPP

#include <filelock/basic_file_lock.hpp>
#include <filelock/remote/postgres.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>
#include <system_error>

#include "postgres_locks.hpp"

namespace test {

/// Its words are those of the running test.
struct told {
  static std::string connection() { return words; }
  static std::chrono::milliseconds patience() { return patient_for; }
  static inline std::string words;
  static inline std::chrono::milliseconds patient_for =
      std::chrono::seconds(10);
};
using told_traits = filelock::postgres_traits<told>;
using told_lock = filelock::basic_file_lock<told_traits>;

inline std::error_code refusal_of(const std::string& words) {
  told::words = words;
  told_lock lock("refused");
  std::error_code ec;
  BOOST_TEST(!lock.try_lock_for(std::chrono::seconds(20), ec));
  BOOST_TEST(!lock.is_open());
  BOOST_TEST((!ec || ec.category() == filelock::postgres_category<told>()));
  BOOST_TEST(ec.message().find(postgres_server::password) == std::string::npos);
  return ec;
}

} // namespace test

#endif
