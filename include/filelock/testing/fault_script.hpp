// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// What goes wrong in the calls of a faulty<P>, and when.

#ifndef FILELOCK_TESTING_FAULT_SCRIPT_HPP
#define FILELOCK_TESTING_FAULT_SCRIPT_HPP

#include <filelock/detail/config.hpp>
#include <filelock/detail/lesser.hpp>
#include <filelock/detail/saturation.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <list>
#include <system_error>
#include <utility>

namespace filelock {
inline namespace v1 {

/// The functions of a Platform. `identity`, which tools ask, is none of them.
enum class platform_call {
  open,
  close,
  try_lock,
  lock,
  lock_until,
  wait_for,
  convert,
  unlock,
  is_awaited,
  names,
  still_names,
  remove,
  holder,
  adopt,
  release,
  descriptor
};

/// Which calls of a function: from the first to the last, counted from 1. The
/// default is the first call alone.
struct call_numbers {
  std::uint64_t first = 1; ///< at least 1
  std::uint64_t last = 1;  ///< at least `first`; max(): without end
};

/// \returns The call with that number.
constexpr call_numbers nth_call(std::uint64_t number) noexcept {
  return {number, number};
}
/// \returns That many calls, from the first on.
constexpr call_numbers first_calls(std::uint64_t count) noexcept {
  return {1, count};
}
/// \returns All calls.
constexpr call_numbers every_call() noexcept {
  return {1, (std::numeric_limits<std::uint64_t>::max)()};
}

namespace detail {

/// What goes wrong in one call.
struct fault {
  std::chrono::nanoseconds delay{};
  std::error_code error{};
  bool is_busy = false;
};

fault next_fault(platform_call function) noexcept;

} // namespace detail

/// What goes wrong, and a count of the calls. Takes effect by a fault_scope.
///
/// Preconditions, of every member: no other thread uses the script meanwhile.
class fault_script {
public:
  /// Effects: the calls are not made, and report `error`; those that report
  /// none do what they do where the system does not tell: names and still_names
  /// are false, holder is empty, descriptor is -1 and wait_for returns at once,
  /// but close and release are made. `std::errc::interrupted` is what a signal
  /// does: the lock makes the call again. Preconditions: `error` is one.
  /// Throws: std::bad_alloc.
  /// @{
  void fail(platform_call function, std::error_code error,
            call_numbers which = {}) {
    add({function, which, {{}, error, false}});
  }
  void fail(platform_call function, std::errc error, call_numbers which = {}) {
    fail(function, std::make_error_code(error), which);
  }
  /// @}

  /// Effects: the calls are not made, and report that the lock is busy; of
  /// lock_until, before its time. Only try_lock, lock_until and convert can be
  /// busy: for others it does not happen, and is_exhausted() stays false.
  /// Throws: std::bad_alloc.
  void busy(platform_call function, call_numbers which = {}) {
    add({function, which, {{}, {}, true}});
  }

  /// Effects: the calls begin later by `duration`, which wait_for or, without
  /// one, a sleep lets pass; open ends later, if it opens. What else goes wrong
  /// in the call does so too.
  /// Units: any duration; negative or NaN is zero.
  /// Throws: std::bad_alloc.
  template <class Rep, class Period>
  void delay(platform_call function,
             const std::chrono::duration<Rep, Period>& duration,
             call_numbers which = {}) {
    add({function, which, {detail::saturated_delay(duration), {}, false}});
  }

  /// \returns How often the function was called under this script; calls that
  /// were not made count.
  std::uint64_t count(platform_call function) const noexcept {
    return counts_[static_cast<std::size_t>(function)];
  }

  /// \returns Whether all has happened that was asked for; without end, at
  /// least once. What has not is a mistake in the test. Where two faults are
  /// for one call, the one that was asked for first happens, and not the other.
  bool is_exhausted() const noexcept {
    for (const entry& each : entries_) {
      const bool has_end = each.which.last != every_call().last;
      const std::uint64_t last = has_end ? each.which.last : each.which.first;
      if (each.happened <= last - each.which.first) return false;
    }
    return true;
  }

private:
  friend class fault_scope;
  friend detail::fault detail::next_fault(platform_call) noexcept;

  struct entry {
    platform_call function;
    call_numbers which;
    detail::fault what;
    std::uint64_t happened = 0;
  };

  void add(const entry& what) { entries_.push_back(what); }

  static bool can_be_busy(platform_call function) noexcept {
    return function == platform_call::try_lock ||
           function == platform_call::lock_until ||
           function == platform_call::convert;
  }

  /// Effects: counts a call. \returns What goes wrong in it.
  detail::fault next(platform_call function) noexcept {
    const std::uint64_t number = ++counts_[static_cast<std::size_t>(function)];
    detail::fault result;
    for (entry& each : entries_) {
      if (each.function != function || number < each.which.first ||
          number > each.which.last)
        continue;
      const bool is_delay = !each.what.error && !each.what.is_busy;
      if (is_delay) {
        result.delay += detail::lesser(
            each.what.delay, (std::chrono::nanoseconds::max)() - result.delay);
      } else if (!result.error && !result.is_busy &&
                 (!each.what.is_busy || can_be_busy(function))) {
        result.error = each.what.error;
        result.is_busy = each.what.is_busy;
      } else {
        continue;
      }
      ++each.happened;
    }
    return result;
  }

  static constexpr std::size_t functions =
      static_cast<std::size_t>(platform_call::descriptor) + 1;

  std::array<std::uint64_t, functions> counts_{};
  std::list<entry> entries_;
};

/// While it lives, a script holds for every faulty<P> that this thread uses.
/// The scopes of a thread nest: the innermost holds.
class fault_scope {
public:
  /// Effects: installs `script`, which must outlive this object.
  explicit fault_scope(fault_script& script) noexcept
      : outer_(std::exchange(current(), &script)) {}
  /// Effects: what held before holds again.
  ~fault_scope() { current() = outer_; }
  fault_scope(const fault_scope&) = delete;
  fault_scope& operator=(const fault_scope&) = delete;

private:
  friend detail::fault detail::next_fault(platform_call) noexcept;

  FILELOCK_SHARED_BY_PROCESS static fault_script*& current() noexcept {
    static thread_local fault_script* script = nullptr;
    return script;
  }

  fault_script* outer_;
};

namespace detail {

/// Effects: counts a call of this thread. \returns What goes wrong in it.
inline fault next_fault(platform_call function) noexcept {
  fault_script* const script = fault_scope::current();
  return script ? script->next(function) : fault();
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
