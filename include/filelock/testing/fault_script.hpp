// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The faults in the calls of a faulty<P>, and when they happen.

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

/// The functions of a Platform that can go wrong. Not `identity`, which only
/// tools call, and `is_loss`, which asks nobody.
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
  descriptor,
  open_until,
  attempt_until,
  holds,
  loss,
  token,
  holder_name
};

/// A range of calls of one function. Calls are counted from 1. The default is
/// the first call alone.
struct call_numbers {
  std::uint64_t first = 1; ///< at least 1
  std::uint64_t last = 1;  ///< at least `first`; max(): without end
};

/// \returns The range of that call alone.
constexpr call_numbers nth_call(std::uint64_t number) noexcept {
  return {number, number};
}
/// \returns The range of the first `count` calls.
constexpr call_numbers first_calls(std::uint64_t count) noexcept {
  return {1, count};
}
/// \returns The range of all calls.
constexpr call_numbers every_call() noexcept {
  return {1, (std::numeric_limits<std::uint64_t>::max)()};
}

namespace detail {

/// The faults of one call.
struct fault {
  std::chrono::nanoseconds delay{};
  std::error_code error{};
  bool is_busy = false;
};

fault next_fault(platform_call function) noexcept;

} // namespace detail

/// The faults, and a count of the calls. A fault_scope makes it take effect.
///
/// Preconditions, of every member: no other thread uses the script at the same
/// time.
class fault_script {
public:
  /// Makes the calls fail with `error`. Effects: they are not made. A function
  /// that reports no error answers as if the system could not tell: names and
  /// still_names are false, holder and holder_name are empty, descriptor is -1
  /// and wait_for returns at once. A hold seems lost: holds is false, token is
  /// 0, and loss is requested at once. But close and release are made.
  /// `std::errc::interrupted` acts as a signal: the lock makes the call again.
  /// Preconditions: `error` is an error. Throws: std::bad_alloc.
  /// @{
  void fail(platform_call function, std::error_code error,
            call_numbers which = {}) {
    add({function, which, {{}, error, false}});
  }
  void fail(platform_call function, std::errc error, call_numbers which = {}) {
    fail(function, std::make_error_code(error), which);
  }
  /// @}

  /// Makes the calls report a busy lock. Effects: they are not made. A
  /// lock_until returns before its deadline. An open_until ends early, and
  /// opens nothing. Only these, try_lock, attempt_until and convert can be
  /// busy: for other functions the fault never happens, and is_exhausted()
  /// stays false.
  /// Throws: std::bad_alloc.
  void busy(platform_call function, call_numbers which = {}) {
    add({function, which, {{}, {}, true}});
  }

  /// Makes the calls begin later by `duration`.
  /// Effects: an open ends later instead, if it opens. The time passes by
  /// wait_for, or by a sleep where there is none. A call may have another fault
  /// too. Units: any duration; negative or NaN is zero.
  /// Throws: std::bad_alloc.
  template <class Rep, class Period>
  void delay(platform_call function,
             const std::chrono::duration<Rep, Period>& duration,
             call_numbers which = {}) {
    add({function, which, {detail::saturated_delay(duration), {}, false}});
  }

  /// \returns How often the function was called. This includes the calls that
  /// were not made.
  std::uint64_t count(platform_call function) const noexcept {
    return counts_[static_cast<std::size_t>(function)];
  }

  /// \returns Whether every fault has happened. A fault without end has
  /// happened at least once. A fault that has not happened is a mistake in the
  /// test. If two faults are for one call, only the one that was added first
  /// happens.
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
           function == platform_call::open_until ||
           function == platform_call::attempt_until ||
           function == platform_call::convert;
  }

  /// Counts a call. \returns The faults of that call.
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
      static_cast<std::size_t>(platform_call::holder_name) + 1;

  std::array<std::uint64_t, functions> counts_{};
  std::list<entry> entries_;
};

/// Installs a script for a thread while it lives. Every faulty<P> that the
/// thread uses follows the script. The scopes of a thread nest: the innermost
/// one takes effect.
class fault_scope {
public:
  /// Installs `script`. Preconditions: `script` outlives this object.
  explicit fault_scope(fault_script& script) noexcept
      : outer_(std::exchange(current(), &script)) {}
  /// Makes the outer script take effect again.
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

/// Counts a call of this thread. \returns The faults of that call.
inline fault next_fault(platform_call function) noexcept {
  fault_script* const script = fault_scope::current();
  return script ? script->next(function) : fault();
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
