// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The path of a lock, made absolute.

#ifndef FILELOCK_DETAIL_LOCK_ABSOLUTE_PATH_HPP
#define FILELOCK_DETAIL_LOCK_ABSOLUTE_PATH_HPP

#include <filelock/detail/lock/supported_options.hpp>
#include <filelock/error.hpp>

#include <filesystem>
#include <system_error>

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

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
