// EXPECT: Platform: holder_name.handle, request. must be static, noexcept and return std::string
// ERRORS: 1
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A name that nobody owns.

#include <filelock/filelock.hpp>

#include "compile_fail/least_platform.hpp"

struct broken : least {
  static const char* holder_name(int, const filelock::lock_request&) noexcept;
};

filelock::basic_file_lock<broken> lock;
