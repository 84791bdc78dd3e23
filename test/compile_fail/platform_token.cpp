// EXPECT: Platform: token.handle. must be static, noexcept and return std::uint64_t
// ERRORS: 1
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A token that is too short.

#include <filelock/filelock.hpp>

#include "compile_fail/least_platform.hpp"

struct broken : least {
  static unsigned short token(int) noexcept;
};

filelock::basic_file_lock<broken> lock;
