// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The attempts and waits of one acquire, on the file of a lock and on those
/// that replace it.

#ifndef FILELOCK_DETAIL_LOCK_ATTEMPTS_ON_FILE_HPP
#define FILELOCK_DETAIL_LOCK_ATTEMPTS_ON_FILE_HPP

#include <filelock/backoff/wait_state.hpp>
#include <filelock/canceller.hpp>
#include <filelock/detail/config.hpp>
#include <filelock/detail/lock/file_handle.hpp>
#include <filelock/detail/lock/file_removal.hpp>
#include <filelock/detail/lock/interrupted.hpp>
#include <filelock/detail/lock/thread_sanitizer.hpp>
#include <filelock/detail/platform/platform_traits.hpp>
#include <filelock/detail/wait/blocking_driver.hpp>
#include <filelock/lock_request.hpp>

#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

namespace filelock::detail {

/// Of one acquire of `Core`, a lock_core. Unless it is kept, its end restores
/// what was before.
template <class Core>
class attempts_on_file final : public wait_subject {
public:
  using Platform = typename Core::platform_type;
  using native_type = typename Core::native_type;

  attempts_on_file(Core& core, lock_mode mode, std::error_code& ec)
      : core_(core), ec_(ec), mode_(mode), was_open_(core.file().is_open()) {}

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

  /// Effects: whatever is granted is compared by names(), not by a hint.
  void expect_other_file() noexcept { compares_ = true; }

  FILELOCK_ALWAYS_INLINE attempt_result attempt() {
    if (!is_ready()) return attempt_result::failed;
    const attempt_result result = attempt_on_open_file();
    return result == attempt_result::replaced ? attempt_on_next_files()
                                              : result;
  }

  /// The lock of the open file was granted otherwise than by an attempt.
  attempt_result granted() {
    is_granted_ = true;
    return verify();
  }

  attempt_result block() {
    if (!is_ready()) return attempt_result::failed;
    compares_ = true;
    if constexpr (has_lock_v<Platform>) {
      Platform::lock(handle(), request(), ec_);
      is_granted_ = !ec_;
    }
    return is_granted_ ? verify() : busy_or_failed();
  }

  template <class TimePoint>
  attempt_result block(const TimePoint& end, canceller& stop) {
    if (!is_ready()) return attempt_result::failed;
    compares_ = true;
    if constexpr (has_lock_until_v<Platform>)
      is_granted_ = Platform::lock_until(handle(), request(), end, stop, ec_);
    return is_granted_ ? verify() : busy_or_failed();
  }

  const std::filesystem::path& path() const override { return core_.path(); }
  std::optional<process_id> holder() const override {
    return core_.holder(mode_);
  }

private:
  FILELOCK_NOINLINE void give_back() {
    std::error_code ignored;
    if (take_grant()) core_.unlock(ignored);
    if (!was_open_) core_.file().close();
  }

  FILELOCK_ALWAYS_INLINE attempt_result attempt_on_open_file() {
    do
      is_granted_ = Platform::try_lock(handle(), request(), ec_);
    while (!is_granted_ && was_interrupted(ec_));
    if (is_granted_) return verify();
    compares_ = true; // whatever comes next comes after a wait
    return ec_ ? attempt_result::failed : attempt_result::busy;
  }

  // A wait that a signal has ended goes on, if there is time left.
  attempt_result busy_or_failed() noexcept {
    return ec_ && !was_interrupted(ec_) ? attempt_result::failed
                                        : attempt_result::busy;
  }

  // Each file that was replaced under us is another contender's doing; a
  // bound keeps one try from becoming a wait.
  attempt_result attempt_on_next_files() {
    constexpr int most_files = 16;
    for (int files = 1; files != most_files; ++files) {
      const attempt_result result = attempt_on_open_file();
      if (result != attempt_result::replaced) return result;
    }
    if (core_.options().remove_on_release)
      remove_if_free(core_.file(), core_.path(), core_.options(), ec_);
    return attempt_result::busy;
  }

  /// Effects: opens the file anew where the policy has forked, and this is
  /// the child.
  bool is_ready() noexcept { return core_.file().is_open() || core_.open(ec_); }

  /// \returns replaced where the path names another file by now; that file
  /// is open then, and the grant on the old one is gone.
  FILELOCK_ALWAYS_INLINE attempt_result verify() {
    return path_names_file() ? attempt_result::acquired : replace();
  }

  attempt_result replace() {
    file_handle<Platform> named;
    if (!named.open(core_.path(), core_.options(), ec_))
      return attempt_result::failed;
    take_grant();
    core_.file() = std::move(named); // closes, and so releases
    return attempt_result::replaced;
  }

  bool path_names_file() const {
    if (!core_.options().verify_path || core_.path().empty()) return true;
    if constexpr (has_names_v<Platform> && has_is_linked_v<Platform>)
      if (!compares_ && Platform::is_linked(handle())) return true;
    return core_.file().is_named_by(core_.path());
  }

  lock_request request() const noexcept {
    return {mode_, core_.options().range};
  }

  /// Effects: makes the grant a hold of the file, to be released as such.
  /// In a child that finished() has forked there is none.
  bool take_grant() noexcept {
    if (!is_granted_ || !core_.file().is_open()) return false;
    is_granted_ = false;
    core_.file().set_mode(mode_);
    return true;
  }

  Core& core_;
  std::error_code& ec_;
  lock_mode mode_;
  bool was_open_;
  bool compares_ = core_.options().remove_on_release; // without a hint before
  bool is_granted_ = false;
  bool is_kept_ = false;
};

} // namespace filelock::detail

#endif
