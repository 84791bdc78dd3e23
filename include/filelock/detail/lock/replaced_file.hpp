// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Whether it is another process that replaces the file of a lock.

#ifndef FILELOCK_DETAIL_LOCK_REPLACED_FILE_HPP
#define FILELOCK_DETAIL_LOCK_REPLACED_FILE_HPP

#include <filelock/detail/lock/file_handle.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/open_options.hpp>

#include <filesystem>
#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {

/// \returns Whether another process replaces the file. A look at the path shows
/// it: the path is missing, or names what was just opened by it. If instead the
/// file system numbers its files anew, neither is the case.
template <class Platform>
bool is_replaced_by_others(const std::filesystem::path& path,
                           open_options options) noexcept {
  // Closing that handle would release what this process holds.
  if constexpr (Platform::ownership == lock_ownership::process) return false;
  constexpr int looks_in_a_row = 16;
  options.create = false;
  for (int looks = 0; looks != looks_in_a_row; ++looks) {
    file_handle<Platform> named;
    std::error_code ec;
    if (!named.open(path, options, ec) || named.is_named_by(path)) return true;
  }
  return false;
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
