// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Converts a held lock between shared and exclusive: in place where the system
/// can, otherwise by releasing and acquiring again.

#ifndef FILELOCK_DETAIL_LOCK_LOCK_CONVERSION_HPP
#define FILELOCK_DETAIL_LOCK_LOCK_CONVERSION_HPP

#include <filelock/backoff/wait_result.hpp>
#include <filelock/backoff/wait_state.hpp>
#include <filelock/canceller.hpp>
#include <filelock/conversion.hpp>
#include <filelock/detail/lock/attempts_on_file.hpp>
#include <filelock/detail/lock/failure.hpp>
#include <filelock/detail/lock/lock_core.hpp>
#include <filelock/detail/lock/passing_error.hpp>
#include <filelock/detail/lock/thread_sanitizer.hpp>
#include <filelock/detail/platform/platform_traits.hpp>
#include <filelock/detail/wait/acquisition.hpp>
#include <filelock/detail/wait/blocking_driver.hpp>
#include <filelock/lock_request.hpp>

#include <chrono>
#include <filesystem>
#include <optional>
#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {

/// One conversion.
template <class Platform, class BackoffPolicy>
class lock_conversion {
public:
  using core_type = lock_core<Platform, BackoffPolicy>;
  using native_type = typename Platform::native_handle_type;

  lock_conversion(core_type& core, lock_mode to, failure& failed)
      : core_(core), failed_(failed), from_(core.file().mode()), to_(to) {}

  /// \returns What became of the hold. After a failure ignore the result: the
  /// mode of the core says what is held.
  /// \throws What the policy throws. The mode is then `from`, or unlocked.
  template <class Deadline>
  conversion run(const Deadline& deadline, canceller stop) {
    if (from_ == to_) return conversion::held_throughout;
    if (from_ == lock_mode::unlocked) {
      failed_.set(
          std::errc::operation_not_permitted,
          "filelock: there is nothing to convert: the lock is not held");
      return conversion::refused_released;
    }
    if constexpr (is_in_place) {
      attempts_in_place file(*this);
      const attempt_result first = file.attempt();
      if (first != attempt_result::busy || may_wait_in_place(deadline))
        return convert_in_place(first, file, deadline, stop);
    }
    return convert_by_release(deadline, stop);
  }

private:
  static constexpr bool is_in_place =
      has_convert_v<Platform> && Platform::atomic_conversion;

  /// The attempts to convert a hold that is kept meanwhile.
  class attempts_in_place final : public wait_subject {
  public:
    explicit attempts_in_place(lock_conversion& conversion)
        : conversion_(conversion) {}

    attempts_in_place(const attempts_in_place&) = delete;
    attempts_in_place& operator=(const attempts_in_place&) = delete;

    // If the policy threw after the last attempt, restores the old mode.
    ~attempts_in_place() {
      std::error_code ignored;
      if (!is_kept_ && is_converted_)
        convert(conversion_.to_, conversion_.from_, ignored);
    }

    void keep() noexcept { is_kept_ = true; }

    native_type handle() const noexcept { return core().file().native(); }

    attempt_result attempt() {
      failure& failed = conversion_.failed_;
      is_converted_ =
          convert(conversion_.from_, conversion_.to_, failed.code());
      if (is_converted_) return attempt_result::acquired;
      if (!failed) return attempt_result::busy;
      failed.in(refused_call::convert);
      // The number may belong to a stranger now.
      if (failed.code() == std::errc::bad_file_descriptor)
        core().file().release();
      else if (is_loss<Platform>(failed.code()))
        core().file().close();
      return attempt_result::failed;
    }

    // Polls, because a wait in the kernel would not keep the hold.
    attempt_result block() { return attempt(); }
    template <class TimePoint>
    attempt_result block(const TimePoint&, canceller&) {
      return attempt();
    }

    const std::filesystem::path& path() const override { return core().path(); }
    std::optional<process_id> holder() const override {
      return core().holder(conversion_.to_);
    }

  private:
    core_type& core() const noexcept { return conversion_.core_; }

    bool convert(lock_mode from, lock_mode to, std::error_code& ec) noexcept {
      const byte_range& range = core().options().range;
      if (to == lock_mode::shared) tell_released<Platform>(handle());
      while (!Platform::convert(handle(), lock_request{from, range},
                                lock_request{to, range}, ec))
        if (!was_interrupted(ec)) return false;
      core().file().set_mode(to);
      tell_acquired<Platform>(handle());
      return true;
    }

    lock_conversion& conversion_;
    bool is_converted_ = false;
    bool is_kept_ = false;
  };

  /// Two shared owners that wait for each other need a deadline. If the system
  /// refuses a downgrade, there is nothing to wait for.
  template <class Deadline>
  bool may_wait_in_place(const Deadline& deadline) const {
    if (to_ == lock_mode::shared) return false;
    if constexpr (Deadline::reads_clock)
      return deadline.remaining(std::chrono::nanoseconds::zero(),
                                clock_t<Platform>::now()) != unbounded;
    return true;
  }

  template <class Deadline>
  conversion convert_in_place(attempt_result first, attempts_in_place& file,
                              const Deadline& deadline, canceller& stop) {
    constexpr waiting how = waiting::by_polling;
    wait_outcome outcome = wait_outcome::acquired;
    if (first != attempt_result::acquired) {
      acquisition<BackoffPolicy> wait(*core_.backoff_policy(), how,
                                      Deadline::longest_slice, &file);
      outcome = drive<Platform>(wait, first, file, deadline, how, stop);
    }
    if (outcome != wait_outcome::acquired)
      return core_.file().mode() == lock_mode::unlocked
                 ? conversion::refused_released
                 : conversion::refused_still_shared;
    file.keep();
    return conversion::held_throughout;
  }

  template <class Deadline>
  conversion convert_by_release(const Deadline& deadline, canceller& stop) {
    attempts_on_file<core_type> file(core_, to_, failed_);
    if constexpr (has_open_until_v<Platform>)
      file.connect_until(deadline, clock_t<Platform>::now(), stop);
    file.expect_other_file(); // others may hold the lock in between
    const attempt_result first = release_and_attempt(file);
    wait_outcome outcome = wait_outcome::acquired;
    if (first != attempt_result::acquired)
      outcome = core_.wait_after(first, file, deadline, stop);
    if (outcome != wait_outcome::acquired) return conversion::refused_released;
    file.keep();
    return conversion::released_between;
  }

  template <class File>
  attempt_result release_and_attempt(File& file) {
    if constexpr (has_convert_v<Platform> && !is_in_place) {
      const byte_range& range = core_.options().range;
      tell_released<Platform>(file.handle());
      bool is_granted;
      do
        is_granted =
            Platform::convert(file.handle(), lock_request{from_, range},
                              lock_request{to_, range}, failed_.code());
      while (!is_granted && was_interrupted(failed_.code()));
      if (failed_) {
        failed_.in(refused_call::convert);
        // It is not known what is still held, so everything is released.
        std::error_code ignored;
        core_.file().unlock(ignored);
        return attempt_result::failed;
      }
      core_.file().set_mode(lock_mode::unlocked);
      return is_granted ? file.granted() : attempt_result::busy;
    } else {
      failed_.in(refused_call::convert);
      core_.file().unlock(failed_.code());
      return failed_ ? attempt_result::failed : file.attempt();
    }
  }

  core_type& core_;
  failure& failed_;
  lock_mode from_;
  lock_mode to_;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
