// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// How a lock that is held becomes one of the other mode: in place where the
/// system can, else by a release and an acquire.

#ifndef FILELOCK_DETAIL_LOCK_LOCK_CONVERSION_HPP
#define FILELOCK_DETAIL_LOCK_LOCK_CONVERSION_HPP

#include <filelock/backoff/wait_result.hpp>
#include <filelock/backoff/wait_state.hpp>
#include <filelock/canceller.hpp>
#include <filelock/conversion.hpp>
#include <filelock/detail/lock/attempts_on_file.hpp>
#include <filelock/detail/lock/interrupted.hpp>
#include <filelock/detail/lock/lock_core.hpp>
#include <filelock/detail/lock/thread_sanitizer.hpp>
#include <filelock/detail/platform/platform_traits.hpp>
#include <filelock/detail/wait/acquisition.hpp>
#include <filelock/detail/wait/blocking_driver.hpp>
#include <filelock/lock_request.hpp>

#include <chrono>
#include <filesystem>
#include <optional>
#include <system_error>

namespace filelock::detail {

/// One conversion.
template <class Platform, class BackoffPolicy>
class lock_conversion {
public:
  using core_type = lock_core<Platform, BackoffPolicy>;
  using native_type = typename Platform::native_handle_type;

  lock_conversion(core_type& core, lock_mode to, std::error_code& ec)
      : core_(core), ec_(ec), from_(core.file().mode()), to_(to) {}

  /// \returns What became of the hold. Where `ec` is set the result says
  /// nothing, but the mode of the core does: no more is claimed than is held.
  /// \throws What the policy throws. Then the mode is `from`, or unlocked.
  template <class Deadline>
  conversion run(const Deadline& deadline, canceller stop) {
    if (from_ == to_) return conversion::held_throughout;
    if (from_ == lock_mode::unlocked) return not_held();
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

  /// A hold that stays until it is converted.
  class attempts_in_place final : public wait_subject {
  public:
    explicit attempts_in_place(lock_conversion& conversion)
        : conversion_(conversion) {}

    attempts_in_place(const attempts_in_place&) = delete;
    attempts_in_place& operator=(const attempts_in_place&) = delete;

    // The policy has thrown after the last attempt: back to what was before.
    ~attempts_in_place() {
      if (is_kept_ || !is_converted_ || !is_held(conversion_.to_)) return;
      std::error_code ignored;
      convert(conversion_.to_, conversion_.from_, ignored);
    }

    void keep() noexcept { is_kept_ = true; }

    native_type handle() const noexcept { return core().file().native(); }

    attempt_result attempt() {
      std::error_code& ec = conversion_.ec_;
      // Where the policy has forked, and this is the child, nothing is held.
      if (!is_held(conversion_.from_)) {
        conversion_.not_held();
        return attempt_result::failed;
      }
      is_converted_ = convert(conversion_.from_, conversion_.to_, ec);
      if (is_converted_) return attempt_result::acquired;
      if (ec == std::errc::bad_file_descriptor) core().file().release();
      return ec ? attempt_result::failed : attempt_result::busy;
    }

    // The wait is polled: none in the kernel would keep what is held.
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

    bool is_held(lock_mode mode) const noexcept {
      return core().file().mode() == mode;
    }

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

  conversion not_held() noexcept {
    ec_ = std::make_error_code(std::errc::operation_not_permitted);
    return conversion::refused_released;
  }

  /// Two shared owners that wait for each other need an end of the wait; and
  /// there is nothing to wait for where the system refuses to downgrade.
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
      acquisition<BackoffPolicy> wait(*core_.policy(), how,
                                      Deadline::longest_slice, &file);
      outcome = drive<Platform>(wait, first, file, deadline, how, stop);
    }
    const bool is_granted = outcome == wait_outcome::acquired;
    if (is_granted) file.keep();
    // What finished() has forked has nothing.
    if (!ec_ && core_.file().mode() != (is_granted ? to_ : from_))
      return not_held();
    return is_granted ? conversion::held_throughout
                      : conversion::refused_still_shared;
  }

  template <class Deadline>
  conversion convert_by_release(const Deadline& deadline, canceller& stop) {
    attempts_on_file<core_type> file(core_, to_, ec_);
    file.expect_other_file(); // the lock is anyone's in between
    const attempt_result first = release_and_attempt(file);
    wait_outcome outcome = wait_outcome::acquired;
    if (first != attempt_result::acquired)
      outcome = core_.wait_after(first, file, deadline, stop);
    if (outcome == wait_outcome::acquired) {
      file.keep();
      // Again where finished() has forked, and this is the child.
      outcome = core_.acquire(to_, deadline, stop, ec_);
    }
    return outcome == wait_outcome::acquired ? conversion::released_between
                                             : conversion::refused_released;
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
                              lock_request{to_, range}, ec_);
      while (!is_granted && was_interrupted(ec_));
      if (ec_) {
        // What is left of the hold is not known, and so given up.
        std::error_code ignored;
        core_.file().unlock(ignored);
        return attempt_result::failed;
      }
      core_.file().set_mode(lock_mode::unlocked);
      return is_granted ? file.granted() : attempt_result::busy;
    } else {
      core_.file().unlock(ec_);
      return ec_ ? attempt_result::failed : file.attempt();
    }
  }

  core_type& core_;
  std::error_code& ec_;
  lock_mode from_;
  lock_mode to_;
};

} // namespace filelock::detail

#endif
