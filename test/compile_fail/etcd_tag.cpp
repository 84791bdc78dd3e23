// EXPECT: etcd_traits: its Tag needs static functions: endpoints\(\), lease\(\) and request_timeout\(\)
// NEEDS: posix: etcd_traits is for POSIX
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A Tag of etcd_traits that does not say how long a request may take.

#include <filelock/filelock.hpp>
#include <filelock/remote/etcd.hpp>

#include <chrono>

struct without_timeout {
  static const char* endpoints() { return "127.0.0.1:2379"; }
  static std::chrono::seconds lease() { return std::chrono::seconds(10); }
};

filelock::basic_file_lock<filelock::etcd_traits<without_timeout>> lock;
