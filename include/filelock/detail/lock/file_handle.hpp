// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// An open file and the mode in which it is held. A forked child has neither.

#ifndef FILELOCK_DETAIL_LOCK_FILE_HANDLE_HPP
#define FILELOCK_DETAIL_LOCK_FILE_HANDLE_HPP

#include <filelock/detail/config.hpp>
#include <filelock/detail/lock/fork.hpp>
#include <filelock/detail/lock/interrupted.hpp>
#include <filelock/detail/lock/thread_sanitizer.hpp>
#include <filelock/detail/platform/platform_traits.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/open_options.hpp>

#include <cstdint>
#include <filesystem>
#include <system_error>
#include <utility>

namespace filelock::detail {

template <class Platform>
class file_handle {
public:
  using native_type = typename Platform::native_handle_type;

  file_handle() noexcept = default;

  file_handle(file_handle&& other) noexcept
      : native_(std::exchange(other.native_, Platform::invalid_handle)),
        range_(other.range_),
        mode_(std::exchange(other.mode_, lock_mode::unlocked)),
        generation_(other.generation_) {}

  file_handle& operator=(file_handle&& other) noexcept {
    file_handle moved(std::move(other));
    swap(moved);
    return *this;
  }

  ~file_handle() { close(); }

  void swap(file_handle& other) noexcept {
    std::swap(native_, other.native_);
    std::swap(range_, other.range_);
    std::swap(mode_, other.mode_);
    std::swap(generation_, other.generation_);
  }

  /// \returns Whether the file is open, by this process and not its parent.
  FILELOCK_ALWAYS_INLINE bool is_open() const noexcept {
    return !(native_ == Platform::invalid_handle) &&
           generation_ == fork_generation();
  }

  native_type native() const noexcept {
    return is_open() ? native_ : native_type(Platform::invalid_handle);
  }

  lock_mode mode() const noexcept {
    return is_open() ? mode_ : lock_mode::unlocked;
  }

  /// \returns Whether `path` names the file; true where there is no path, or
  /// the Platform cannot tell.
  bool is_named_by(const std::filesystem::path& path) const noexcept {
    if constexpr (has_names_v<Platform>)
      return path.empty() || Platform::names(path, native_);
    (void)path;
    return true;
  }

  void set_mode(lock_mode mode) noexcept { mode_ = mode; }

  bool open(const std::filesystem::path& path, const open_options& options,
            std::error_code& ec) noexcept {
    forget();
    do
      native_ = Platform::open(path, options, ec);
    while (was_interrupted(ec));
    range_ = options.range;
    generation_ = fork_generation();
    return !ec;
  }

  /// Effects: takes charge of an open handle that is locked as `held` says.
  bool adopt(const native_type& native, const lock_request& held,
             std::error_code& ec) noexcept {
    if (native == Platform::invalid_handle) {
      ec = std::make_error_code(std::errc::invalid_argument);
      return false;
    }
    if constexpr (has_adopt_v<Platform>)
      while (!Platform::adopt(native, ec))
        if (!was_interrupted(ec)) return false;
    native_ = native;
    range_ = held.range;
    mode_ = held.mode;
    generation_ = fork_generation();
    return true;
  }

  /// Effects: gives the handle up as it is, open and perhaps locked.
  native_type release() noexcept {
    const native_type result = native();
    if constexpr (has_release_v<Platform>)
      if (is_open()) Platform::release(result);
    forget();
    return result;
  }

  /// Effects: releases the lock. After an error the handle is closed, which
  /// releases too; after EBADF it is forgotten, for the number may be a
  /// stranger's.
  FILELOCK_ALWAYS_INLINE void unlock(std::error_code& ec) noexcept {
    const lock_request held{std::exchange(mode_, lock_mode::unlocked), range_};
    tell_released<Platform>(native_);
    do
      Platform::unlock(native_, held, ec);
    while (was_interrupted(ec));
    if (ec) give_up(ec);
  }

  /// Effects: releases, closes. Errors are ignored.
  void close() noexcept {
    std::error_code ignored;
    if (mode() != lock_mode::unlocked) unlock(ignored);
    close_unlocked();
  }

private:
  /// Effects: what is left to do after a failed unlock.
  void give_up(std::error_code ec) noexcept {
    if (ec == std::errc::bad_file_descriptor)
      release();
    else
      close_unlocked();
  }

  void close_unlocked() noexcept {
    if (is_open()) Platform::close(native_);
    forget();
  }

  void forget() noexcept {
    native_ = Platform::invalid_handle;
    mode_ = lock_mode::unlocked;
  }

  native_type native_ = Platform::invalid_handle;
  byte_range range_;
  lock_mode mode_ = lock_mode::unlocked;
  std::uint32_t generation_ = 0;
};

} // namespace filelock::detail

#endif
