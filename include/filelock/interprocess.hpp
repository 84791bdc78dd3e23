// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// interprocess::file_lock: replaces boost::interprocess::file_lock, and works
/// beside processes that still use that class. Needs the headers of
/// Boost.Interprocess, for their exceptions.

#ifndef FILELOCK_INTERPROCESS_HPP
#define FILELOCK_INTERPROCESS_HPP

#include <filelock/detail/config.hpp>

#if !FILELOCK_HAS_EXCEPTIONS
#error                                                                         \
    "filelock/interprocess.hpp needs exceptions: Boost's class reports by them"
#endif

#include <filelock/backoff/default_backoff.hpp>
#include <filelock/backoff/wait_result.hpp>
#include <filelock/canceller.hpp>
#include <filelock/detail/integer_cast.hpp>
#include <filelock/detail/lock/lock_conversion.hpp>
#include <filelock/detail/lock/lock_core.hpp>
#include <filelock/detail/lock/thread_sanitizer.hpp>
#include <filelock/detail/platform/platform_traits.hpp>
#include <filelock/detail/wait/deadline.hpp>
#include <filelock/detail/wait/foreign_time.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/open_options.hpp>
#include FILELOCK_INTERPROCESS_TRAITS_HEADER

#include <boost/interprocess/detail/workaround.hpp>
#include <boost/interprocess/exceptions.hpp>

#include <cstdint>
#include <filesystem>
#include <system_error>
#include <utility>

/// The interface of Boost.Interprocess.
namespace filelock {
inline namespace v1 {
namespace interprocess {

/// A drop-in for boost::interprocess::file_lock. It locks an existing file. The
/// two classes exclude each other, and share the lock where both hold it
/// shared. Two objects exclude each other, in one process too. A forked child
/// owns nothing.
///
/// An acquire in the mode that is held returns at once. An acquire in the other
/// mode converts the lock. One release ends the hold. On POSIX a conversion
/// releases nothing in between. On Windows lock() releases first, and the try
/// and timed forms are refused.
///
/// Preconditions, of every member: no other thread uses the object at the same
/// time.
///
/// Synchronization: an acquire synchronizes with the release that let it in, of
/// any object on the same file, in this process or in another.
///
/// Throws: boost::interprocess::interprocess_exception with errno, or with what
/// GetLastError() says; never for EINTR, and never for a busy lock. EBADF: the
/// object has no file. In a forked child, ESTALE: the path now names another
/// file; ENOENT: it names none; EACCES: the child may not open the file. An
/// acquire that throws or returns false changes nothing.
///
/// System calls: 1 for an acquire that need not wait, and 1 for a release; 3
/// more for the first acquire in a forked child.
///
/// Units: a time point is one of std::chrono, of Boost.Chrono, a ptime in UTC,
/// or an ustime of Boost.Interprocess; a duration likewise. A time that is
/// past, negative or not a number is one attempt. An infinite time, or one too
/// large for nanoseconds, is a wait without end.
class file_lock {
public:
  /// Makes a lock without a file.
  file_lock() noexcept = default;

  /// Opens the existing file `name` for reading and writing. Effects: follows a
  /// symbolic link. Writes nothing, and takes no lock.
  /// System calls: 2; on POSIX 3 for a relative name.
  /// @{
  file_lock(const char* name) { open(name); }
#if defined(BOOST_INTERPROCESS_WCHAR_NAMED_RESOURCES)
  file_lock(const wchar_t* name) { open(name); }
#endif
  /// @}

  /// Moves the file and the hold: `other` then has no file.
  file_lock(file_lock&& other) noexcept = default;
  /// Releases and closes, then moves.
  file_lock& operator=(file_lock&& other) noexcept = default;

  /// Releases and closes.
  ~file_lock() = default;

  /// Exchanges the files and the holds.
  void swap(file_lock& other) noexcept {
    file_lock moved(std::move(other));
    other = std::move(*this);
    *this = std::move(moved);
  }

  /// Acquires exclusively, and waits as long as it takes. Effects: waits in the
  /// kernel.
  void lock() { acquire(exclusive, detail::no_deadline()); }

  /// Acquires exclusively, if that needs no wait.
  /// \returns Whether the lock is held.
  bool try_lock() { return acquire(exclusive, detail::no_wait()); }

  /// Acquires exclusively, and waits until `time` of any clock.
  /// Effects: makes at least one attempt. If the clock is set, the wait notices
  /// within a second. \returns Whether the lock is held.
  /// @{
  template <class TimePoint>
  bool timed_lock(const TimePoint& time) {
    return acquire_by(exclusive, detail::std_time_point(time));
  }
  template <class TimePoint>
  bool try_lock_until(const TimePoint& time) {
    return timed_lock(time);
  }
  /// @}

  /// Acquires exclusively, and waits at most for `duration`. Effects: as
  /// timed_lock(), by a steady clock.
  /// \returns Whether the lock is held.
  template <class Duration>
  bool try_lock_for(const Duration& duration) {
    return acquire_by(exclusive, detail::std_length(duration));
  }

  /// Releases the lock, in whatever mode it is held. Effects: does nothing if
  /// it is not held. After an error the lock is released all the same.
  void unlock() {
    std::error_code ec;
    if (core_.path().empty())
      ec = traits::no_file_error();
    else if (core_.file().mode() != lock_mode::unlocked)
      core_.unlock(ec);
    if (ec) throw_error(ec);
  }

  /// Locks shared, as the members without `sharable` lock exclusively.
  /// Effects: other owners may hold the lock shared at the same time.
  /// Returns: as the members without `sharable`.
  /// @{
  void lock_sharable() { acquire(shared, detail::no_deadline()); }
  bool try_lock_sharable() { return acquire(shared, detail::no_wait()); }
  template <class TimePoint>
  bool timed_lock_sharable(const TimePoint& time) {
    return acquire_by(shared, detail::std_time_point(time));
  }
  void unlock_sharable() { unlock(); }
  /// @}

  /// Locks shared, by the names of std::shared_timed_mutex. Effects, returns:
  /// as the members with `sharable`.
  /// @{
  void lock_shared() { lock_sharable(); }
  bool try_lock_shared() { return try_lock_sharable(); }
  template <class TimePoint>
  bool try_lock_shared_until(const TimePoint& time) {
    return timed_lock_sharable(time);
  }
  template <class Duration>
  bool try_lock_shared_for(const Duration& duration) {
    return acquire_by(shared, detail::std_length(duration));
  }
  void unlock_shared() { unlock(); }
  /// @}

private:
  using traits = FILELOCK_INTERPROCESS_TRAITS;

  static constexpr lock_mode exclusive = lock_mode::exclusive;
  static constexpr lock_mode shared = lock_mode::shared;

  static open_options options() noexcept {
    open_options result;
    result.create = false;
    result.follow_symlink = true;
    result.verify_path = false;
    result.range = traits::range;
    return result;
  }

  [[noreturn]] static void throw_error(const std::error_code& ec) {
    namespace ipc = boost::interprocess;
    throw ipc::interprocess_exception(ipc::error_info(
        detail::integer_cast<ipc::native_error_t>(traits::native_error(ec))));
  }

  template <class Character>
  void open(const Character* name) {
    std::error_code ec;
    std::filesystem::path path = traits::path_of(name, ec);
    if (!ec) {
      core_ = core(std::move(path), default_backoff(), options());
      detail::failure failed;
      core_.open_file(failed);
      ec = failed.code();
    }
    if (ec) throw_error(ec);
    identity_ = identity();
  }

  std::uint64_t identity() const noexcept {
    return traits::identity(core_.file().native());
  }

  /// Opens the file again: in a forked child, where it is closed, and after a
  /// release that failed.
  bool open_again(detail::failure& failed) {
    if (core_.path().empty()) {
      failed.code() = traits::no_file_error();
    } else if (core_.open_file(failed) && identity() != identity_) {
      core_.close();
      failed.code() = traits::other_file_error();
    }
    return !failed;
  }

  template <class Limit>
  bool acquire_by(lock_mode mode, const Limit& limit) {
    if (detail::is_unbounded(limit))
      return acquire(mode, detail::no_deadline());
    return acquire(mode, detail::deadline_of<detail::clock_t<traits>>(limit));
  }

  template <class Deadline>
  bool acquire(lock_mode mode, const Deadline& deadline) {
    detail::failure failed;
    const bool result = acquire(mode, deadline, failed);
    if (failed) throw_error(failed.code());
    return result;
  }

  template <class Deadline>
  bool acquire(lock_mode mode, const Deadline& deadline,
               detail::failure& failed) {
    if (!core_.file().is_open() && !open_again(failed)) return false;
    const lock_mode held = core_.file().mode();
    if (held == mode) return true;
    if constexpr (!traits::atomic_conversion)
      // The handle's own lock is in conflict with the other mode.
      if (held == exclusive || (held == shared && !Deadline::is_bounded)) {
        detail::lock_conversion<traits, default_backoff>(core_, mode, failed)
            .run(deadline, canceller());
        return core_.file().mode() == mode;
      }
    if (held == exclusive) detail::tell_released<traits>(core_.file().native());
    return core_.acquire(mode, deadline, canceller(), failed) ==
           wait_outcome::acquired;
  }

  using core = detail::lock_core<traits, default_backoff>;

  core core_;
  std::uint64_t identity_ = 0;
};

} // namespace interprocess
} // namespace v1
} // namespace filelock

#endif
