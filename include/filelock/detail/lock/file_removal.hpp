// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// open_options::remove_on_release: who holds the lock exclusively removes the
/// file before the release. So a file is removed by its only owner, whoever
/// waits for it finds that the path names another file by then, or none, and
/// goes on with that one. Killed between the two, the owner leaves no file and
/// no lock.

#ifndef FILELOCK_DETAIL_LOCK_FILE_REMOVAL_HPP
#define FILELOCK_DETAIL_LOCK_FILE_REMOVAL_HPP

#include <filelock/detail/config.hpp>
#include <filelock/detail/lock/file_handle.hpp>
#include <filelock/detail/lock/passing_error.hpp>
#include <filelock/detail/lock/thread_sanitizer.hpp>
#include <filelock/detail/no_throw.hpp>
#include <filelock/detail/platform/platform_traits.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/open_options.hpp>

#include <filesystem>
#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {

/// Whether a file can be removed, and every acquire notice that it was.
template <class Platform>
inline constexpr bool can_remove_v =
    has_remove_v<Platform>&& has_names_v<Platform>;

/// Effects: removes the file, which is held exclusively, if `path` names it.
/// Errors are ignored: the lock is no less released for a file that stays, and
/// its next holder tries again.
template <class Platform>
void remove_held(const file_handle<Platform>& file,
                 const std::filesystem::path& path,
                 const open_options& options) noexcept {
  if constexpr (can_remove_v<Platform>) {
    if (path.empty()) return; // adopted
    tell_released(path);
    std::error_code ignored;
    without_exceptions(ignored, [&] {
      // Without the file that a link leads to, who follows the link next
      // creates that file; without the link, another file.
      const std::filesystem::path target =
          options.follow_symlink ? std::filesystem::canonical(path) : path;
      do
        Platform::remove(target, file.native(), ignored);
      while (was_interrupted(ignored));
    });
  }
}

/// Effects: removes the file, which this handle does not hold, and nobody else
/// either; otherwise nothing.
template <class Platform>
FILELOCK_NOINLINE void
remove_if_free(file_handle<Platform>& file, const std::filesystem::path& path,
               const open_options& options, std::error_code& ec) noexcept {
  std::error_code ignored;
  const lock_request exclusive{lock_mode::exclusive, options.range};
  while (!Platform::try_lock(file.native(), exclusive, ignored))
    if (!was_interrupted(ignored)) return;
  tell_acquired<Platform>(file.native());
  file.set_mode(lock_mode::exclusive);
  remove_held(file, path, options);
  file.unlock(ec);
}

/// Effects: releases the lock, and removes the file unless others hold it too.
template <class Platform>
FILELOCK_NOINLINE void remove_and_unlock(file_handle<Platform>& file,
                                         const std::filesystem::path& path,
                                         const open_options& options,
                                         std::error_code& ec) noexcept {
  const bool is_shared = file.mode() == lock_mode::shared;
  if (!is_shared) remove_held(file, path, options);
  file.unlock(ec);
  // Only now: two shared holders that convert at the same time, each before
  // its release, may refuse each other, and the file would stay.
  if (is_shared && !ec && !path.empty())
    remove_if_free(file, path, options, ec);
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
