// EXPECT: counted<P>: P must have sync_content.handle, ec., or use
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A Platform that keeps bytes, but not after a loss of power.

#include <filelock/platform/counted.hpp>

#include "compile_fail/least_platform.hpp"

#include <cstddef>
#include <cstdint>

struct forgetful : least {
  static std::size_t read_bytes(int, std::uint64_t, char*, std::size_t,
                                std::error_code&) noexcept;
  static void write_bytes(int, std::uint64_t, const char*, std::size_t,
                          std::error_code&) noexcept;
};

using filelock::token_survives;
// Compiles.
static_assert(
    !filelock::counted<forgetful, token_survives::process_death>::byte_ranges);

const bool is_counted = filelock::counted<forgetful>::byte_ranges;
