// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Which paths and open_options can be met: known before a file is opened, and
/// perhaps created.

#ifndef FILELOCK_DETAIL_LOCK_SUPPORTED_OPTIONS_HPP
#define FILELOCK_DETAIL_LOCK_SUPPORTED_OPTIONS_HPP

#include <filelock/detail/lock/file_removal.hpp>
#include <filelock/open_options.hpp>

#include <filesystem>
#include <system_error>

namespace filelock::detail {

inline bool has_null_character(const std::filesystem::path& path) noexcept {
  return path.native().find(std::filesystem::path::value_type()) !=
         std::filesystem::path::string_type::npos;
}

inline open_options with_what_they_imply(open_options options) noexcept {
  // Else who comes next would hold a file that nobody finds.
  if (options.remove_on_release) options.verify_path = true;
  return options;
}

/// \returns Whether `Platform` can do what is asked for; otherwise `ec` is set.
/// Error conditions: invalid_argument: no platform can; not_supported.
template <class Platform>
bool can_be_opened(const std::filesystem::path& path,
                   const open_options& options, std::error_code& ec) noexcept {
  const bool has_range = !options.range.is_whole_file();
  // The other bytes may be another's, who would hold a file that nobody finds;
  // a folder may hold more than the lock.
  if (path.empty() || has_null_character(path) ||
      (options.remove_on_release && (options.directory || has_range)))
    ec = std::make_error_code(std::errc::invalid_argument);
  else if ((options.remove_on_release && !can_remove_v<Platform>) ||
           (has_range && !Platform::byte_ranges))
    ec = std::make_error_code(std::errc::not_supported);
  return !ec;
}

} // namespace filelock::detail

#endif
