// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Finds a file by its absolute path, or by a shorter name if the absolute one
/// does not work.

#ifndef FILELOCK_DETAIL_POSIX_REACH_HPP
#define FILELOCK_DETAIL_POSIX_REACH_HPP

#include <filelock/detail/no_throw.hpp>

#include <cerrno>
#include <filesystem>
#include <string>
#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {

/// \returns The name of `path` relative to the working folder, if it lies below
/// that; otherwise an empty path.
/// \throws std::bad_alloc if there is no memory.
inline std::filesystem::path
below_working_folder(const std::filesystem::path& path) {
  std::error_code ec;
  const std::string folder = std::filesystem::current_path(ec).native() + "/";
  const std::string& name = path.native();
  const bool is_below = !ec && name.compare(0, folder.size(), folder) == 0;
  return is_below ? name.substr(folder.size()) : std::string();
}

/// \returns The result of `call(name)`, a system call that returns a negative
/// number and sets errno if it fails. A process may be able to use a working
/// folder although it may not search the folders above it, or although the
/// absolute path is too long: https://github.com/oven-sh/bun/issues/15616
template <class Call>
int reach(const std::filesystem::path& path, Call call) noexcept {
  const int result = call(path.c_str());
  if (result >= 0 || (errno != EACCES && errno != ENAMETOOLONG)) return result;
  const int error = errno;
  std::error_code ignored;
  const std::filesystem::path name =
      without_exceptions(ignored, [&] { return below_working_folder(path); });
  if (name.empty()) {
    errno = error;
    return result;
  }
  return call(name.c_str());
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
