// EXPECT: Platform: is_linked is no member of a Platform; still_names is
// ERRORS: 1
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A member of an earlier version, which would be passed over.

#include <filelock/filelock.hpp>

#include "compile_fail/least_platform.hpp"

struct broken : least {
  static bool names(const std::filesystem::path&, int) noexcept;
  static bool is_linked(int) noexcept;
};

filelock::basic_file_lock<broken> lock;
