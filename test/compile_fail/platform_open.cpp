// EXPECT: must be static, noexcept and return a native_handle_type
// ERRORS: 1
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// An open() that may throw.

#include <filelock/filelock.hpp>

#include "compile_fail/least_platform.hpp"

struct broken : least {
  static int open(const std::filesystem::path&, const filelock::open_options&,
                  std::error_code&);
};

filelock::basic_file_lock<broken> lock;
