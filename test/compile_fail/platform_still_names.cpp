// EXPECT: Platform: still_names.path, handle, memory. must be static, noexcept and return bool
// ERRORS: 1
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A still_names() that cannot remember.

#include <filelock/filelock.hpp>

#include "compile_fail/least_platform.hpp"

struct broken : least {
  static bool still_names(const std::filesystem::path&, int,
                          filelock::name_memory&&) noexcept;
};

filelock::basic_file_lock<broken> lock;
