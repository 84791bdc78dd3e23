// EXPECT: Platform: holder.handle, request. must be static, noexcept and return std::optional<process_id>
// ERRORS: 1
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A holder() that always knows one.

#include <filelock/filelock.hpp>

#include "compile_fail/least_platform.hpp"

struct broken : least {
  static filelock::process_id holder(int,
                                     const filelock::lock_request&) noexcept;
};

filelock::basic_file_lock<broken> lock;
