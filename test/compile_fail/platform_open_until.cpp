// EXPECT: Platform: open_until.name, options, deadline, canceller, ec. must be static, noexcept and return native_handle_type
// ERRORS: 1
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// An open_until() that returns whether it connected.

#include <filelock/filelock.hpp>

#include "compile_fail/least_platform.hpp"

#include <chrono>

struct broken : least {
  static bool open_until(const std::filesystem::path&,
                         const filelock::open_options&,
                         const std::chrono::steady_clock::time_point&,
                         filelock::canceller&, std::error_code&) noexcept;
};

filelock::basic_file_lock<broken> lock;
