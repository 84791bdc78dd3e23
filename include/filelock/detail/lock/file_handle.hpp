// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// An open file, and the mode in which it is locked. A forked child has
/// neither.

#ifndef FILELOCK_DETAIL_LOCK_FILE_HANDLE_HPP
#define FILELOCK_DETAIL_LOCK_FILE_HANDLE_HPP

#include <filelock/canceller.hpp>
#include <filelock/detail/config.hpp>
#include <filelock/detail/lock/fork.hpp>
#include <filelock/detail/lock/passing_error.hpp>
#include <filelock/detail/lock/thread_sanitizer.hpp>
#include <filelock/detail/platform/platform_traits.hpp>
#include <filelock/detail/platform/taken_hold.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/name_memory.hpp>
#include <filelock/open_options.hpp>

#include <filesystem>
#include <system_error>
#include <type_traits>
#include <utility>

namespace filelock {
inline namespace v1 {
namespace detail {

template <class Platform>
class file_handle {
public:
  using native_type = typename Platform::native_handle_type;

  file_handle() noexcept = default;
  file_handle(file_handle&& other) noexcept
      : state_(std::exchange(other.state_, state())) {}
  file_handle& operator=(file_handle&& other) noexcept {
    file_handle moved(std::move(other));
    std::swap(state_, moved.state_);
    return *this;
  }
  ~file_handle() { close(); }

  /// \returns Whether this process, not its parent, has the file open.
  bool is_open() const noexcept { return state_.origin.is_this_process(); }

  native_type native() const noexcept {
    return is_open() ? state_.native : native_type(Platform::invalid_handle);
  }

  lock_mode mode() const noexcept {
    return is_open() ? state_.mode : lock_mode::unlocked;
  }

  /// \returns Whether another lock has taken the descriptor's number. Somebody
  /// has closed the descriptor then.
  bool is_taken_over() const noexcept {
    // A handle that is more than a descriptor has more to release.
    if constexpr (has_closed_copies && std::is_convertible_v<native_type, int>)
      return !state_.entry.is_current(state_.origin);
    return false;
  }

  /// \returns Whether somebody closed the descriptor. Its number is then
  /// another file's, or no file's.
  bool is_strangers() const noexcept {
    if constexpr (has_closed_copies)
      return is_open() && state_.entry.is_strangers(state_.origin);
    return false;
  }

  void set_mode(lock_mode mode) noexcept { state_.mode = mode; }

  /// \returns Whether `path` names the file. True if the Platform cannot tell.
  bool is_named_by(const std::filesystem::path& path) const noexcept {
    if constexpr (has_names_v<Platform>)
      return Platform::names(path, state_.native);
    else
      return true;
  }

  /// \returns The same. The Platform may use what it remembers of the last
  /// answer.
  bool is_still_named_by(const std::filesystem::path& path) noexcept {
    if constexpr (has_names_v<Platform> && has_still_names_v<Platform>)
      return Platform::still_names(path, state_.native, state_.name);
    else
      return is_named_by(path);
  }

  /// Opens the file. Preconditions: not open. \returns Whether it is open now;
  /// otherwise `ec` is set.
  bool open(const std::filesystem::path& path, const open_options& options,
            std::error_code& ec) noexcept {
    return open_by(
        [&](std::error_code& error) {
          native_type native = Platform::invalid_handle;
          do
            native = Platform::open(path, options, error);
          while (was_interrupted(error));
          return native;
        },
        options, ec);
  }

  /// Opens the file, until `end` or a stop request. Then it is not open, and
  /// there is no error.
  template <class TimePoint>
  bool open_until(const std::filesystem::path& path,
                  const open_options& options, const TimePoint& end,
                  canceller& stop, std::error_code& ec) noexcept {
    bool has_ended = false;
    open_by(
        [&](std::error_code& error) {
          native_type native = Platform::invalid_handle;
          do
            native = Platform::open_until(path, options, end, stop, error);
          while (was_interrupted(error));
          has_ended = !error && native == Platform::invalid_handle;
          if (has_ended) error = std::make_error_code(std::errc::timed_out);
          return native;
        },
        options, ec);
    if (has_ended) ec.clear();
    return !has_ended && !ec;
  }
  /// Takes ownership of an open handle that is locked as `held` says.
  bool adopt(const native_type& native, const lock_request& held,
             std::error_code& ec) noexcept {
    if (native == Platform::invalid_handle)
      ec = std::make_error_code(std::errc::invalid_argument);
    if constexpr (has_adopt_v<Platform>)
      while (!ec && !Platform::adopt(native, ec))
        if (!was_interrupted(ec)) return false;
    state adopted;
    if (!ec) adopted.origin = process_origin::here(ec);
    adopted.native = native;
    adopted.range = held.range;
    adopted.mode = held.mode;
    if constexpr (has_closed_copies)
      if (!ec)
        adopted.entry.add(adopted.origin, Platform::descriptor(native), ec);
    if (!ec) state_ = adopted;
    return !ec;
  }

  /// Gives up ownership of the handle as it is, open and perhaps locked.
  native_type release() noexcept {
    native_type result = native();
    if constexpr (has_release_v<Platform>)
      if (is_open()) Platform::release(result);
    if constexpr (has_closed_copies)
      if (is_open()) state_.entry.remove(state_.origin);
    state_ = state();
    return result;
  }

  /// Releases the lock. Preconditions: locked. After an error the handle is
  /// closed, which releases too. After EBADF it is only forgotten, because the
  /// number may be a stranger's.
  FILELOCK_ALWAYS_INLINE void unlock(std::error_code& ec) noexcept {
    if (is_taken_over()) {
      ec = std::make_error_code(std::errc::bad_file_descriptor);
      return forget();
    }
    const lock_request held{std::exchange(state_.mode, lock_mode::unlocked),
                            state_.range};
    tell_released<Platform>(state_.native);
    do
      Platform::unlock(state_.native, held, ec);
    while (was_interrupted(ec));
    if (!ec) return;
    if (ec == std::errc::bad_file_descriptor)
      release();
    else
      close_unlocked();
  }

  /// \returns Whether the hold is not lost, as far as this process knows.
  /// Preconditions: locked.
  bool is_held() const noexcept {
    if constexpr (has_holds_v<Platform>)
      return Platform::holds(state_.native,
                             lock_request{state_.mode, state_.range});
    return true;
  }

  /// \returns Whether the hold is not lost. Asks the system too, if the
  /// Platform can.
  /// Preconditions: locked.
  bool is_still_held() const noexcept {
    if constexpr (has_is_taken_by_another_v<Platform>)
      if (Platform::is_taken_by_another(
              state_.native, lock_request{state_.mode, state_.range}))
        return false;
    return is_held();
  }

  /// \returns Whether the last owner died, as the Platform says. Preconditions:
  /// locked.
  bool previous_owner_died() const noexcept {
    if constexpr (has_previous_owner_died_v<Platform>)
      return Platform::previous_owner_died(
          state_.native, lock_request{state_.mode, state_.range});
    return false;
  }

  /// Closes without a release, like a process that dies. So the next owner
  /// learns of a death that nobody has learned of. Preconditions: locked.
  void abandon() noexcept {
    tell_released<Platform>(state_.native);
    state_.mode = lock_mode::unlocked;
    close_unlocked();
  }

  /// Forgets the descriptor, whose number is another file's now.
  void forget() noexcept { state_ = state(); }

  /// Releases and closes. Errors are ignored.
  void close() noexcept {
    std::error_code ignored;
    if (mode() != lock_mode::unlocked) unlock(ignored);
    close_unlocked();
  }

private:
  template <class Open>
  bool open_by(Open open_native, const open_options& options,
               std::error_code& ec) noexcept {
    state opened;
    opened.origin = process_origin::here(ec);
    opened.range = options.range;
    if constexpr (has_closed_copies) {
      constexpr bool copies_matter =
          Platform::ownership != lock_ownership::process &&
          Platform::ownership != lock_ownership::thread;
      if (!ec)
        opened.native = open_unshared(opened.origin, opened.entry, open_native,
                                      &Platform::close, &Platform::descriptor,
                                      copies_matter, ec);
    } else if (!ec) {
      opened.native = open_native(ec);
    }
    if (!ec) state_ = opened;
    return !ec;
  }

#if FILELOCK_HAS_FORK
  static constexpr bool has_closed_copies = has_descriptor_v<Platform>;
#else
  static constexpr bool has_closed_copies = false;
#endif

  struct state {
    native_type native = Platform::invalid_handle;
    lock_mode mode = lock_mode::unlocked;
    byte_range range{};
    name_memory name{};
    process_origin origin{};
#if FILELOCK_HAS_FORK
    fork_entry entry{};
#endif
  };

  void close_unlocked() noexcept {
    if (is_open() && !is_taken_over()) {
      Platform::close(state_.native);
      if constexpr (has_closed_copies)
        state_.entry.remove_closed(state_.origin);
    }
    state_ = state();
  }

  state state_;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
