// EXPECT: invalid_handle must be a native_handle_type that compares
// ERRORS: 1
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// An invalid_handle that is no handle.

#include <filelock/filelock.hpp>

#include "compile_fail/least_platform.hpp"

struct broken : least {
  static constexpr const char* invalid_handle = nullptr;
};

filelock::basic_file_lock<broken> lock;
