// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A Platform with no more than it needs; each test breaks one clause of it.

#ifndef FILELOCK_TEST_COMPILE_FAIL_LEAST_PLATFORM_HPP
#define FILELOCK_TEST_COMPILE_FAIL_LEAST_PLATFORM_HPP

#include <filelock/lock_request.hpp>
#include <filelock/open_options.hpp>

#include <filesystem>
#include <system_error>

struct least {
  using native_handle_type = int;
  static constexpr int invalid_handle = -1;
  static constexpr auto ownership = filelock::lock_ownership::handle;
  static constexpr bool mandatory = false;
  static constexpr bool excludes_same_process = true;
  static constexpr bool atomic_conversion = false;
  static constexpr bool byte_ranges = false;
  static int open(const std::filesystem::path&, const filelock::open_options&,
                  std::error_code&) noexcept;
  static void close(int) noexcept;
  static bool try_lock(int, const filelock::lock_request&,
                       std::error_code&) noexcept;
  static void unlock(int, const filelock::lock_request&,
                     std::error_code&) noexcept;
};

#endif
