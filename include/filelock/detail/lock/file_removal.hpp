// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// open_options::remove_on_release: the exclusive owner removes the file before
/// it releases the lock. So only a single owner removes a file. A waiter then
/// finds that the path names another file, or none, and goes on with that one.
/// If the owner is killed between the two steps, neither a file nor a lock is
/// left.

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

/// Whether a Platform can remove a file, so that every acquire notices it.
template <class Platform>
inline constexpr bool can_remove_v =
    has_remove_v<Platform>&& has_names_v<Platform>;

/// Removes the file, which is held exclusively, if `path` names it. Errors are
/// ignored: the lock is released even if the file stays, and the next owner
/// tries again.
template <class Platform>
void remove_held(const file_handle<Platform>& file,
                 const std::filesystem::path& path,
                 const open_options& options) noexcept {
  if constexpr (can_remove_v<Platform>) {
    if (path.empty()) return; // the handle was adopted
    tell_released(path);
    std::error_code ignored;
    without_exceptions(ignored, [&] {
      // Removes the file that a link leads to: the next program that follows
      // the link creates the file again. Without the link it would create
      // another one.
      const std::filesystem::path target =
          options.follow_symlink ? std::filesystem::canonical(path) : path;
      do
        Platform::remove(target, file.native(), ignored);
      while (was_interrupted(ignored));
    });
  }
}

/// Removes the file if nobody holds it. This handle does not hold it.
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
  // Only the next owner can be told.
  if (file.previous_owner_died()) return file.abandon();
  remove_held(file, path, options);
  file.unlock(ec);
}

/// Releases the lock, and removes the file unless others still hold it.
template <class Platform>
FILELOCK_NOINLINE void remove_and_unlock(file_handle<Platform>& file,
                                         const std::filesystem::path& path,
                                         const open_options& options,
                                         std::error_code& ec) noexcept {
  const bool is_shared = file.mode() == lock_mode::shared;
  if (!is_shared) remove_held(file, path, options);
  file.unlock(ec);
  // After the release: two shared owners that convert at the same time, each
  // before its release, may refuse each other, and the file would stay.
  if (is_shared && !ec && !path.empty())
    remove_if_free(file, path, options, ec);
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
