// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// An open file and the mode in which it is held. A forked child has neither.

#ifndef FILELOCK_DETAIL_FILE_HANDLE_HPP
#define FILELOCK_DETAIL_FILE_HANDLE_HPP

#include <filelock/detail/fork.hpp>
#include <filelock/detail/platform_traits.hpp>
#include <filelock/detail/thread_sanitizer.hpp>
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
        held_(std::exchange(other.held_, nothing)),
        generation_(other.generation_) {}

  file_handle& operator=(file_handle&& other) noexcept {
    file_handle moved(std::move(other));
    swap(moved);
    return *this;
  }

  ~file_handle() { close(); }

  void swap(file_handle& other) noexcept {
    std::swap(native_, other.native_);
    std::swap(held_, other.held_);
    std::swap(generation_, other.generation_);
  }

  /// \returns Whether the file is open, by this process and not its parent.
  bool is_open() const noexcept {
    return !(native_ == Platform::invalid_handle) &&
           generation_ == fork_generation();
  }

  native_type native() const noexcept {
    return is_open() ? native_ : native_type(Platform::invalid_handle);
  }

  lock_mode mode() const noexcept {
    return is_open() ? held_.mode : lock_mode::unlocked;
  }

  void set_held(const lock_request& held) noexcept { held_ = held; }

  bool open(const std::filesystem::path& path, const open_options& options,
            std::error_code& ec) noexcept {
    forget();
    native_ = Platform::open(path, options, ec);
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
      if (!Platform::adopt(native, ec)) return false;
    native_ = native;
    held_ = held;
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
  void unlock(std::error_code& ec) noexcept {
    const lock_request held = std::exchange(held_, nothing);
    tell_released<Platform>(native_);
    Platform::unlock(native_, held, ec);
    if (!ec) return;
    if (ec == std::errc::bad_file_descriptor)
      release();
    else
      close();
  }

  /// Effects: releases, closes. Errors are ignored.
  void close() noexcept {
    std::error_code ignored;
    if (mode() != lock_mode::unlocked) unlock(ignored);
    if (is_open()) Platform::close(native_);
    forget();
  }

private:
  static constexpr lock_request nothing{lock_mode::unlocked, {}};

  void forget() noexcept {
    native_ = Platform::invalid_handle;
    held_ = nothing;
  }

  native_type native_ = Platform::invalid_handle;
  lock_request held_ = nothing;
  std::uint32_t generation_ = 0;
};

} // namespace filelock::detail

#endif
