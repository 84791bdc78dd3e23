// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Checks which paths and open_options a Platform supports, before a file is
/// opened and perhaps created.

#ifndef FILELOCK_DETAIL_LOCK_SUPPORTED_OPTIONS_HPP
#define FILELOCK_DETAIL_LOCK_SUPPORTED_OPTIONS_HPP

#include <filelock/detail/lock/failure.hpp>
#include <filelock/detail/lock/file_removal.hpp>
#include <filelock/detail/platform/platform_traits.hpp>
#include <filelock/open_options.hpp>

#include <filesystem>
#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {

inline bool has_null_character(const std::filesystem::path& path) noexcept {
  return path.native().find(std::filesystem::path::value_type()) !=
         std::filesystem::path::string_type::npos;
}

inline open_options with_what_they_imply(open_options options) noexcept {
  // Otherwise the next owner would hold a file that no path names.
  if (options.remove_on_release) options.verify_path = true;
  // If the link leads to another file now, the old file does not show it.
  if (options.remove_on_release || options.follow_symlink)
    options.compare_always = true;
  // A file of the same name would not be a device.
  if (options.device) options.create = false;
  return options;
}

/// \returns Whether the path ends in a separator, and so names a folder.
inline bool ends_in_separator(const std::filesystem::path& path) noexcept {
  return !path.has_filename();
}

/// \returns Whether no option says how a file is opened or kept.
inline bool are_for_names(const open_options& options) noexcept {
  const open_options other;
  return options.create == other.create &&
         options.create_parents == other.create_parents &&
         options.permissions == other.permissions &&
         options.follow_symlink == other.follow_symlink &&
         options.verify_path == other.verify_path &&
         options.remove_on_release == other.remove_on_release &&
         options.directory == other.directory &&
         options.inheritable == other.inheritable &&
         options.compare_always == other.compare_always &&
         options.read_only == other.read_only && options.device == other.device;
}

/// \returns Whether the Platform of a service supports name and options.
/// Otherwise `failed` says why not.
template <class Platform>
bool can_be_named(const std::filesystem::path& name,
                  const open_options& options, failure& failed) noexcept {
  if (name.empty())
    failed.set(std::errc::invalid_argument, "filelock: the lock has no name");
  else if (!are_for_names(options))
    failed.set(std::errc::not_supported,
               "filelock: an option for a file is set, but this Platform locks "
               "names");
  else if (!options.range.is_whole_file() && !Platform::byte_ranges)
    failed.set(std::errc::not_supported,
               "filelock: this Platform locks names, which have no byte "
               "ranges");
  return !failed;
}

/// \returns Whether `Platform` supports the path and the options. Otherwise
/// `failed` says why not: invalid_argument or is_a_directory if no Platform
/// can, else not_supported.
template <class Platform>
bool can_be_opened(const std::filesystem::path& path,
                   const open_options& options, failure& failed) noexcept {
  if constexpr (locks_names_v<Platform>)
    return can_be_named<Platform>(path, options, failed);
  const bool has_range = !options.range.is_whole_file();
  if (path.empty())
    failed.set(std::errc::invalid_argument, "filelock: the lock has no path");
  else if (has_null_character(path))
    failed.set(std::errc::invalid_argument,
               "filelock: the path contains a null character");
  else if (ends_in_separator(path) && !options.directory)
    failed.set(std::errc::is_a_directory,
               "filelock: the path ends in a separator, so it names a folder, "
               "which needs open_options::directory");
  // Others may have locked the other bytes, and would hold a file that no path
  // names. A folder may contain more than the lock.
  else if (options.remove_on_release && options.directory)
    failed.set(std::errc::invalid_argument,
               "filelock: remove_on_release does not remove a folder");
  else if (options.device && options.directory)
    failed.set(std::errc::invalid_argument,
               "filelock: a folder is not a device");
  else if (options.remove_on_release && options.device)
    failed.set(std::errc::invalid_argument,
               "filelock: remove_on_release does not remove a device");
  else if (options.remove_on_release && has_range)
    failed.set(std::errc::invalid_argument,
               "filelock: remove_on_release would remove the bytes that others "
               "have locked");
  else if (options.remove_on_release && !can_remove_v<Platform>)
    failed.set(std::errc::not_supported,
               "filelock: remove_on_release needs a Platform with remove() and "
               "names()");
  else if (has_range && !Platform::byte_ranges)
    failed.set(std::errc::not_supported,
               "filelock: a byte range needs a Platform with byte ranges, such "
               "as posix_ofd_traits");
  return !failed;
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
