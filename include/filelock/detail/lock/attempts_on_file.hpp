// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The attempts and waits of one acquire, on the lock's file and on the files
/// that replace it.

#ifndef FILELOCK_DETAIL_LOCK_ATTEMPTS_ON_FILE_HPP
#define FILELOCK_DETAIL_LOCK_ATTEMPTS_ON_FILE_HPP

#include <filelock/backoff/wait_result.hpp>
#include <filelock/backoff/wait_state.hpp>
#include <filelock/canceller.hpp>
#include <filelock/detail/config.hpp>
#include <filelock/detail/lock/failure.hpp>
#include <filelock/detail/lock/file_handle.hpp>
#include <filelock/detail/lock/file_removal.hpp>
#include <filelock/detail/lock/passing_error.hpp>
#include <filelock/detail/lock/replaced_file.hpp>
#include <filelock/detail/lock/session.hpp>
#include <filelock/detail/lock/thread_sanitizer.hpp>
#include <filelock/detail/platform/platform_traits.hpp>
#include <filelock/detail/wait/blocking_driver.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/open_options.hpp>

#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

namespace filelock {
inline namespace v1 {
namespace detail {

/// The attempts of one acquire of `Core`, a lock_core. Unless keep() is called,
/// the destructor restores the state from before.
template <class Core>
class attempts_on_file final : public wait_subject {
public:
  using Platform = typename Core::platform_type;
  using native_type = typename Core::native_type;

  attempts_on_file(Core& core, lock_mode mode, failure& failed)
      : core_(core),
        failed_(failed),
        mode_(mode),
        was_open_(core.file().is_open()) {}

  attempts_on_file(const attempts_on_file&) = delete;
  attempts_on_file& operator=(const attempts_on_file&) = delete;

  FILELOCK_ALWAYS_INLINE ~attempts_on_file() {
    if (!is_kept_) give_back();
  }

  void keep() {
    is_kept_ = true;
    core_.file().set_mode(mode_);
    tell_acquired<Platform>(handle());
    tell_acquired(core_.path());
  }

  native_type handle() const noexcept { return core_.file().native(); }
  lock_request request() const noexcept {
    return {mode_, core_.options().range};
  }

  /// Makes each connect to a service a part of the wait.
  template <class Deadline, class TimePoint>
  void connect_until(const Deadline& deadline, const TimePoint& start,
                     canceller& stop) {
    session_.wait_until(deadline, start, stop);
  }

  /// Says that the caller waited. The path may then name another file at the
  /// grant.
  void expect_other_file() noexcept { has_waited_ = true; }

  FILELOCK_ALWAYS_INLINE attempt_result attempt() {
    for (int files = 1;; ++files) {
      const attempt_result result =
          is_open() ? attempt_on_open_file() : unopened_or_failed();
      // Another contender replaced the file, so the next attempt may succeed at
      // once.
      if (result != attempt_result::replaced) return result;
      if (files == files_in_a_row) return pause();
    }
  }

  /// Says that the lock was granted without attempt().
  attempt_result granted() {
    is_granted_ = true;
    return verified();
  }

  /// Says that the caller waited for the open file: `call(ec)` took its lock.
  template <class Call>
  attempt_result waited(Call call) {
    has_waited_ = true;
    is_granted_ = call(failed_.code());
    return is_granted_ ? verified() : not_granted();
  }
  /// Says what the caller got in vain: the destructor gives it back.
  void got(bool is_granted) noexcept { is_granted_ = is_granted; }

  attempt_result block() {
    if (!is_open()) return unopened_or_failed();
    return waited([&](std::error_code& ec) {
      if constexpr (has_lock_v<Platform>)
        Platform::lock(handle(), request(), ec);
      return !ec;
    });
  }

  template <class TimePoint>
  attempt_result block(const TimePoint& end, canceller& stop) {
    if (!is_open()) return unopened_or_failed();
    return waited([&](std::error_code& ec) {
      if constexpr (has_lock_until_v<Platform>)
        return Platform::lock_until(handle(), request(), end, stop, ec);
      else
        return false;
    });
  }

  /// The wait has timed out.
  /// \returns failed where the last attempts met no other owner: the lock is
  /// not known to be busy.
  wait_outcome timed_out() {
    if (!is_replaced_) return wait_outcome::timed_out;
    give_up();
    return wait_outcome::failed;
  }

  const std::filesystem::path& path() const override { return core_.path(); }
  std::optional<process_id> holder() const override {
    return core_.holder(mode_);
  }

private:
  // A process that only removes the file was seen to do so 512 times in a row,
  // between opening and lock. After a pause or two the lock was granted.
  static constexpr int files_in_a_row = 64;
  static constexpr int most_vain_rows = 4;

  FILELOCK_NOINLINE void give_back() {
    drop_grant();
    // A session that was costly to begin serves the next acquire.
    if (!was_open_ && !locks_names_v<Platform>) core_.file().close();
  }

  FILELOCK_ALWAYS_INLINE bool is_open() {
    if (core_.file().is_open() && !core_.file().is_taken_over()) return true;
    core_.file().forget();
    return core_.open_as(core_.file(), session_, failed_);
  }

  FILELOCK_ALWAYS_INLINE attempt_result attempt_on_open_file() {
    do
      is_granted_ = session_.attempt(core_.file(), request(), failed_.code());
    while (!is_granted_ && was_interrupted(failed_.code()));
    return is_granted_ ? verified() : not_granted();
  }

  FILELOCK_NOINLINE attempt_result not_granted() {
    if (is_loss<Platform>(failed_.code())) return session_lost();
    session_.answered();
    // Perhaps it was a stranger's lock, or no file at all.
    if (follows_path() && (failed_ || !has_waited_) &&
        core_.file().is_strangers()) {
      failed_.code().clear();
      core_.file().release();
      return attempt_result::replaced;
    }
    has_waited_ = true; // whatever follows comes after a wait
    is_replaced_ = false;
    // A signal ended the wait in the kernel: it goes on.
    if (!failed_ || was_interrupted(failed_.code()))
      return attempt_result::busy;
    if (follows_path() && was_removed_by_server(failed_.code())) {
      core_.file().is_named_by(core_.path()); // asks the server for the name
      return replace();
    }
    failed_.in(refused_call::lock);
    return attempt_result::failed;
  }

  attempt_result session_lost() {
    core_.file().close();
    if (session_.may_begin_anew(failed_.code()))
      return attempt_result::replaced;
    failed_.in(refused_call::lock);
    return attempt_result::failed;
  }

  FILELOCK_NOINLINE attempt_result unopened_or_failed() {
    if (follows_path() && was_removed_by_server(failed_.code()))
      return attempt_result::replaced;
    has_waited_ = true;
    is_replaced_ = false;
    // Without an error the wait ended while it connected to a service.
    return !failed_ || was_refused_for_now(failed_.code())
               ? attempt_result::unopened
               : attempt_result::failed;
  }

  FILELOCK_NOINLINE attempt_result pause() {
    is_replaced_ = true;
    has_waited_ = true;
    vain_rows_ = is_replaced_by_others<Platform>(core_.path(), core_.options())
                     ? 0
                     : vain_rows_ + 1;
    return vain_rows_ == most_vain_rows ? give_up() : attempt_result::unopened;
  }

  attempt_result give_up() {
    if (core_.options().remove_on_release) {
      std::error_code ignored;
      remove_if_free(core_.file(), core_.path(), core_.options(), ignored);
    }
    failed_.set(
        std::errc::not_supported,
        "filelock: the path named another file 64 times in a row: it is "
        "replaced all the time, or the file system numbers its files anew");
    return attempt_result::failed;
  }

  FILELOCK_ALWAYS_INLINE attempt_result verified() {
    return path_names_file() ? attempt_result::acquired : replace();
  }

  bool path_names_file() {
    if (!follows_path()) return true;
    return has_waited_ || core_.options().compare_always
               ? core_.file().is_named_by(core_.path())
               : core_.file().is_still_named_by(core_.path());
  }

  bool follows_path() const noexcept {
    return !locks_names_v<Platform> && core_.options().verify_path &&
           !core_.path().empty();
  }

  /// Opens the file that the path names now.
  /// \returns replaced; the grant on the old file is given back.
  FILELOCK_NOINLINE attempt_result replace() {
    file_handle<Platform> named;
    if (!core_.open_as(named, session_, failed_)) {
      drop_grant();
      return unopened_or_failed();
    }
    if (core_.file().is_strangers()) {
      drop_grant();
      core_.file().release(); // it is not ours to close
    } else if (take_grant() && core_.file().previous_owner_died()) {
      core_.file().abandon();
    }
    core_.file() = std::move(named); // closes, and so releases
    return attempt_result::replaced;
  }

  /// Turns the grant into a hold of the file, which can be released.
  bool take_grant() noexcept {
    if (!is_granted_) return false;
    is_granted_ = false;
    core_.file().set_mode(mode_);
    return true;
  }

  /// Gives the grant back. If it reported a death, the next owner gets that
  /// report.
  void drop_grant() noexcept {
    std::error_code ignored;
    if (!take_grant()) return;
    if (core_.file().previous_owner_died())
      core_.file().abandon();
    else
      core_.unlock(ignored);
  }

  Core& core_;
  failure& failed_;
  lock_mode mode_;
  session<Platform> session_;
  bool was_open_;
  bool has_waited_ = false;
  bool is_granted_ = false;
  bool is_kept_ = false;
  bool is_replaced_ = false; // what the last attempts found
  int vain_rows_ = 0;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
