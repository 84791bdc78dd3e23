// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A user of filelock::postgres. Nothing listens at that port.

#include <filelock/basic_file_lock.hpp>
#include <filelock/remote/postgres.hpp>

#include <system_error>

struct nowhere {
  static const char* connection() { return "host=127.0.0.1 port=1"; }
};

int main() {
  filelock::basic_file_lock<filelock::postgres_traits<nowhere>> lock("name");
  std::error_code ec;
  return lock.try_lock(ec) || !ec;
}
