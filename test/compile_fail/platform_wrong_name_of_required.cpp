// EXPECT: Platform: trylock is no member of a Platform; try_lock is
// ERRORS: 2
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A required member that is misspelt is missing, which is the other error.

#include <filelock/filelock.hpp>

#include <filesystem>
#include <system_error>

struct broken {
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
  static bool trylock(int, const filelock::lock_request&,
                      std::error_code&) noexcept;
  static void unlock(int, const filelock::lock_request&,
                     std::error_code&) noexcept;
};

filelock::basic_file_lock<broken> lock;
