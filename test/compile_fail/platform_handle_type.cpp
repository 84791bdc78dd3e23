// EXPECT: native_handle_type must be a type that copies without throwing
// ERRORS: 1
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A handle whose copy may throw.

#include <filelock/filelock.hpp>

#include "compile_fail/least_platform.hpp"

struct broken : least {
  struct native_handle_type {
    native_handle_type(int = -1);
    native_handle_type(const native_handle_type&) noexcept(false);
    native_handle_type& operator=(const native_handle_type&) noexcept(false);
    operator int() const noexcept;
  };
};

filelock::basic_file_lock<broken> lock;
