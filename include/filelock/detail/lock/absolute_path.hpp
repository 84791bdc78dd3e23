// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The path that a lock keeps: made absolute, where it names a file.

#ifndef FILELOCK_DETAIL_LOCK_ABSOLUTE_PATH_HPP
#define FILELOCK_DETAIL_LOCK_ABSOLUTE_PATH_HPP

#include <filelock/detail/lock/supported_options.hpp>
#include <filelock/detail/platform/platform_traits.hpp>
#include <filelock/error.hpp>

#include <filesystem>
#include <system_error>
#include <utility>

namespace filelock {
inline namespace v1 {
namespace detail {

/// \returns `path`, made absolute, so that a later change of the working
/// directory does not matter. \throws filesystem_error where the system cannot
/// tell.
inline std::filesystem::path absolute_path(std::filesystem::path path) {
  // On Windows a null character would cut the path: GetFullPathNameW. The path
  // is kept as it is, and refused when the file is opened.
  if (path.empty() || has_null_character(path)) return path;
  std::error_code ec;
  std::filesystem::path result = std::filesystem::absolute(path, ec);
  if (ec)
    throw_error("filelock: the working folder has no path that could make a "
                "relative one absolute",
                path, ec);
  return result;
}

/// \returns `path` as a lock on a Platform keeps it. The name of a service is
/// kept as it is.
template <class Platform>
std::filesystem::path kept_path(std::filesystem::path path) {
  if constexpr (locks_names_v<Platform>)
    return path;
  else
    return absolute_path(std::move(path));
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
