// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A Platform without a system: a script gives the answers, a clock that stands
// still unless something waits tells the time, and each call is recorded.

#ifndef FILELOCK_TEST_SUPPORT_SCRIPTED_PLATFORM_HPP
#define FILELOCK_TEST_SUPPORT_SCRIPTED_PLATFORM_HPP

#include <filelock/canceller.hpp>
#include <filelock/detail/config.hpp>
#include <filelock/detail/posix/error.hpp>
#include <filelock/detail/saturation.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/open_options.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <ostream>
#include <set>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#if FILELOCK_HAS_STOP_TOKEN
#include <stop_token>
#endif

namespace test {

// ---- The script ----

/// What an attempt, or a wait in the kernel, is answered.
struct answer {
  enum class kind { acquired, busy, error };
  kind what;
  int error = 0;
};
inline constexpr answer acquired{answer::kind::acquired};
inline constexpr answer busy{answer::kind::busy};
constexpr answer failed(int error) { return {answer::kind::error, error}; }

inline constexpr std::chrono::nanoseconds never =
    (std::chrono::nanoseconds::max)();

/// What the scripted platforms answer while this object lives. One at a time.
class script {
public:
  script() {
    require(!current_, "two scripts at a time");
    current_ = this;
  }
  ~script() { current_ = nullptr; }
  script(const script&) = delete;
  script& operator=(const script&) = delete;

  static script& current() {
    require(current_, "no script");
    return *current_;
  }

  // ---- Answers: each list is used up from the front ----

  std::deque<answer> attempts;    ///< then: busy before `free_from`
  std::deque<answer> conversions; ///< then: refused before `free_from`
  std::deque<int> opens;          ///< errno; then: success
  std::deque<int> unlocks;        ///< errno; then: success
  std::deque<int> removals;       ///< errno; then: success
  std::deque<bool> names;         ///< then: true
  bool is_awaited = false;        // another owner waits for the lock
  std::deque<bool> links;         ///< then: true
  std::chrono::nanoseconds free_from{};

  /// Effects: calls `event` once, when a wait reaches `time`.
  void at(std::chrono::nanoseconds time, std::function<void()> event) {
    events_.emplace(time, std::move(event));
  }

  // ---- Record ----

  /// \returns Every call since the last forget(), separated by spaces:
  /// `open try pause(5) close`. Lengths and times are in nanoseconds.
  std::string log() const {
    return joined([](const entry& each) { return each.call; });
  }

  /// \returns The same, with the time at which each call began: `try@0`.
  std::string timed_log() const {
    return joined([](const entry& each) {
      return each.call + "@" + std::to_string(each.time.count());
    });
  }

  void forget() { entries_.clear(); }

  /// \returns How often a function was called: "pause", "try", ...
  std::size_t count(const std::string& function) const {
    return static_cast<std::size_t>(
        std::count_if(entries_.begin(), entries_.end(), [&](const entry& each) {
          return each.call.substr(0, each.call.find('(')) == function;
        }));
  }

  /// \returns Which rules of a Platform's use were broken; empty for none.
  std::string broken_rules() const { return broken_rules_; }

  /// \returns How many handles are open.
  std::size_t open_handles() const { return open_.size(); }

  /// \returns How many locks are held.
  std::size_t held() const { return held_.size(); }

  // ---- Time ----

  std::chrono::nanoseconds now{};
  std::size_t clock_reads = 0;

  // ---- Called by the platforms ----

  void record(std::string call) {
    constexpr std::size_t most = 10000;
    entries_.push_back({std::move(call), now});
    if (entries_.size() == most) end_everything();
  }

  int open(std::error_code& ec) {
    if (const int error = next(opens, 0)) {
      ec = filelock::detail::posix_error(error);
      return -1;
    }
    open_.insert(++last_handle_);
    return last_handle_;
  }

  void close(int handle) {
    if (open_.erase(handle) == 0) broke("closed a handle that is not open");
    held_.erase(handle); // as every system does
  }

  /// \param end Until when to wait: `now` for an attempt.
  bool acquire(int handle, std::chrono::nanoseconds end,
               filelock::canceller& stop, std::error_code& ec) {
    check_open(handle);
    if (held_.count(handle) != 0) broke("locked a handle that is locked");
    if (!attempts.empty()) {
      const answer each = next(attempts, acquired);
      if (each.what == answer::kind::error)
        ec = filelock::detail::posix_error(each.error);
      if (each.what == answer::kind::busy) {
        if (end == never)
          end_everything();
        else
          advance(end, stop);
      }
      if (each.what != answer::kind::acquired) return false;
    } else {
      // An event may change free_from.
      while (now < free_from && now < end && !stop.requested()) {
        const std::chrono::nanoseconds until = (std::min)(free_from, end);
        if (until == never && events_.empty())
          end_everything();
        else
          advance(until, stop, true);
      }
      if (now < free_from || stop.requested()) return false;
    }
    held_.insert(handle);
    return true;
  }

  /// \param keeps_refused Whether what is not converted is still held.
  bool convert(int handle, bool keeps_refused, std::error_code& ec) {
    check_open(handle);
    if (held_.count(handle) == 0) broke("converted a handle that is unlocked");
    const answer each = next(conversions, now < free_from ? busy : acquired);
    if (each.what == answer::kind::error)
      ec = filelock::detail::posix_error(each.error);
    const bool is_refused = each.what == answer::kind::busy;
    if (is_refused && !keeps_refused) held_.erase(handle);
    return each.what == answer::kind::acquired;
  }

  void unlock(int handle, std::error_code& ec) {
    check_open(handle);
    if (held_.erase(handle) == 0) broke("unlocked a handle that is unlocked");
    if (const int error = next(unlocks, 0))
      ec = filelock::detail::posix_error(error);
  }

  void remove(int handle, std::error_code& ec) {
    check_open(handle);
    if (held_.count(handle) == 0) broke("removed a file that is not held");
    if (const int error = next(removals, 0))
      ec = filelock::detail::posix_error(error);
  }

  bool answer_names() { return next(names, true); }
  bool answer_unchanged() { return next(links, true); }

  void check_open(int handle) {
    if (open_.count(handle) == 0) broke("used a handle that is not open");
  }

  /// Effects: moves the clock to `end`, through all events on the way, until
  /// the cancel at the longest.
  void advance(std::chrono::nanoseconds end, const filelock::canceller& stop,
               bool only_one_event = false) {
    if (stop.requested()) return;
    while (!events_.empty() && events_.begin()->first <= end) {
      const auto first = events_.begin();
      now = (std::max)(now, first->first);
      const std::function<void()> event = std::move(first->second);
      events_.erase(first);
      event();
      if (only_one_event || stop.requested()) return;
    }
    now = (std::max)(now, end);
  }

private:
  struct entry {
    std::string call;
    std::chrono::nanoseconds time;
  };

  static void require(bool condition, const char* what) {
    if (condition) return;
    std::fprintf(stderr, "scripted platform: %s\n", what);
    std::abort(); // a platform must not throw
  }

  // A test that hangs says nothing.
  void end_everything() {
    broke("waited for ever");
    attempts.clear();
    conversions.clear();
    names.clear();
    free_from = now;
  }

  template <class Text>
  std::string joined(Text text) const {
    constexpr std::size_t most = 100;
    std::string result;
    for (std::size_t i = 0; i != (std::min)(entries_.size(), most); ++i)
      result += (i == 0 ? "" : " ") + text(entries_[i]);
    return entries_.size() > most ? result + " ..." : result;
  }

  void broke(const char* rule) {
    broken_rules_ += broken_rules_.empty() ? "" : ", ";
    broken_rules_ += rule;
  }

  template <class T>
  static T next(std::deque<T>& answers, T otherwise) {
    if (answers.empty()) return otherwise;
    const T result = answers.front();
    answers.pop_front();
    return result;
  }

  static inline script* current_ = nullptr;

  std::vector<entry> entries_;
  std::multimap<std::chrono::nanoseconds, std::function<void()>> events_;
  std::set<int> open_;
  std::set<int> held_;
  std::string broken_rules_;
  int last_handle_ = 100;
};

// ---- Clocks ----

/// The clock of the script, in ticks of `Duration`.
template <class Duration>
struct basic_scripted_clock {
  using duration = Duration;
  using rep = typename duration::rep;
  using period = typename duration::period;
  using time_point = std::chrono::time_point<basic_scripted_clock>;
  static constexpr bool is_steady = true;

  static time_point now() noexcept {
    script& script = script::current();
    ++script.clock_reads;
    return time_point(std::chrono::duration_cast<duration>(script.now));
  }
};
using scripted_clock = basic_scripted_clock<std::chrono::nanoseconds>;

/// Another clock, which runs as the script's does but may be set.
struct settable_clock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<settable_clock>;
  static constexpr bool is_steady = false;

  static inline duration ahead{};

  static time_point now() noexcept {
    return time_point(script::current().now + ahead);
  }
};

// ---- Platforms ----

/// Has every optional member that a wait can use.
template <class Clock = scripted_clock>
struct basic_scripted_platform {
  using native_handle_type = int;
  using clock = Clock;
  static constexpr int invalid_handle = -1;
  static constexpr filelock::lock_ownership ownership =
      filelock::lock_ownership::handle;
  static constexpr bool mandatory = false;
  static constexpr bool excludes_same_process = true;
  static constexpr bool atomic_conversion = false;
  static constexpr bool byte_ranges = false;

  static int open(const std::filesystem::path&, const filelock::open_options&,
                  std::error_code& ec) noexcept {
    script::current().record("open");
    return script::current().open(ec);
  }

  static void close(int handle) noexcept {
    script::current().record("close");
    script::current().close(handle);
  }

  static bool try_lock(int handle, const filelock::lock_request& request,
                       std::error_code& ec) noexcept {
    script& script = script::current();
    script.record("try" + suffix(request));
    // Whoever asks once does not wait, so the clock must not move.
    filelock::canceller no_stop;
    return script.acquire(handle, script.now, no_stop, ec);
  }

  static void unlock(int handle, const filelock::lock_request& request,
                     std::error_code& ec) noexcept {
    script::current().record("unlock" + suffix(request));
    script::current().unlock(handle, ec);
  }

  static void lock(int handle, const filelock::lock_request& request,
                   std::error_code& ec) noexcept {
    script& script = script::current();
    script.record("lock" + suffix(request));
    filelock::canceller no_stop;
    script.acquire(handle, never, no_stop, ec);
  }

  static bool lock_until(int handle, const filelock::lock_request& request,
                         const typename Clock::time_point& end,
                         filelock::canceller& stop,
                         std::error_code& ec) noexcept {
    script& script = script::current();
    const std::chrono::nanoseconds time =
        filelock::detail::saturated(end.time_since_epoch());
    script.record("until" + suffix(request) + "(" +
                  std::to_string(time.count()) + ")");
    return script.acquire(handle, time, stop, ec);
  }

  static void wait_for(int handle, std::chrono::nanoseconds length,
                       filelock::canceller& stop) noexcept {
    script& script = script::current();
    script.record("pause(" + std::to_string(length.count()) + ")");
    script.check_open(handle);
    script.advance(length < never - script.now ? script.now + length : never,
                   stop);
  }

  static bool convert(int handle, const filelock::lock_request&,
                      const filelock::lock_request& to,
                      std::error_code& ec) noexcept {
    script::current().record("convert" + suffix(to));
    return script::current().convert(handle, atomic_conversion, ec);
  }

  /// As a Platform that remembers an earlier comparison: the script says
  /// whether the file is unchanged since then.
  static bool still_names(const std::filesystem::path& path, int handle,
                          filelock::name_memory&) noexcept {
    script::current().record("unchanged");
    script::current().check_open(handle);
    return script::current().answer_unchanged() || names(path, handle);
  }

  static bool names(const std::filesystem::path&, int handle) noexcept {
    script::current().record("names");
    script::current().check_open(handle);
    return script::current().answer_names();
  }

  static bool is_awaited(int handle) noexcept {
    script::current().record("awaited");
    script::current().check_open(handle);
    return script::current().is_awaited;
  }

  static void remove(const std::filesystem::path&, int handle,
                     std::error_code& ec) noexcept {
    script::current().record("remove");
    script::current().remove(handle, ec);
  }

protected:
  static std::string suffix(const filelock::lock_request& request) {
    return request.mode == filelock::lock_mode::shared ? "_shared" : "";
  }
};

/// These hide a member, as an adaptor of a user may.
template <class P>
struct without_lock : P {
  static void lock(int, const filelock::lock_request&,
                   std::error_code&) noexcept = delete;
};
template <class P>
struct without_lock_until : P {
  static bool lock_until(int, const filelock::lock_request&,
                         const typename P::clock::time_point&,
                         filelock::canceller&,
                         std::error_code&) noexcept = delete;
};
template <class P>
struct without_convert : P {
  static bool convert(int, const filelock::lock_request&,
                      const filelock::lock_request&,
                      std::error_code&) noexcept = delete;
};
template <class P>
struct without_still_names : P {
  static bool still_names(const std::filesystem::path&, int,
                          filelock::name_memory&) noexcept = delete;
};
template <class P>
struct without_names : P {
  static bool names(const std::filesystem::path&, int) noexcept = delete;
};

/// Keeps what a refused conversion has not converted.
template <class P>
struct with_atomic_conversion : P {
  static constexpr bool atomic_conversion = true;
  static bool convert(int handle, const filelock::lock_request&,
                      const filelock::lock_request& to,
                      std::error_code& ec) noexcept {
    script::current().record("convert" + P::suffix(to));
    return script::current().convert(handle, atomic_conversion, ec);
  }
};

template <class P>
struct without_remove : P {
  static void remove(const std::filesystem::path&, int,
                     std::error_code&) noexcept = delete;
};

/// Waits in the kernel with and without a deadline.
using scripted_full = basic_scripted_platform<>;
/// Waits in the kernel for ever, as flock(2) does.
using scripted_blocking = without_lock_until<scripted_full>;
/// Waits in the kernel until a deadline only.
using scripted_bounded = without_lock<scripted_full>;
/// Does not wait in the kernel.
using scripted_polled = without_lock<scripted_blocking>;

// ---- Every way to acquire ----

/// What an acquire did, whatever its form.
struct outcome {
  bool acquired = false;
  std::error_code error{};
  bool names_path = true; ///< false: an exception carried the wrong path

  friend bool operator==(const outcome& a, const outcome& b) {
    return a.acquired == b.acquired && a.error == b.error &&
           a.names_path == b.names_path;
  }
  friend std::ostream& operator<<(std::ostream& stream, const outcome& each) {
    return stream << (each.acquired ? "acquired" : "not acquired")
                  << ", error: " << each.error.message()
                  << (each.names_path ? "" : ", wrong path");
  }
};

inline outcome success() { return {true}; }
inline outcome no_success() { return {false}; }
inline outcome failure(std::errc error) {
  return {false, std::make_error_code(error)};
}

/// A member, or one form of it. A timed one waits for ten seconds.
template <class Lock>
struct acquire_form {
  enum class kind { one_try, timed, unbounded };
  const char* name;
  kind what;
  bool has_token;
  std::function<outcome(Lock&)> call;
};

/// \returns What `function` did, where it throws in case of an error.
template <class Lock, class Function>
outcome caught(const Lock& lock, Function function) {
  try {
    return {function()};
  } catch (const std::filesystem::filesystem_error& error) {
    return {false, error.code(), error.path1() == lock.path()};
  }
}

/// \returns What `function` did, where it takes an error code.
template <class Function>
outcome coded(Function function) {
  // Each form has to clear what was there.
  std::error_code ec = std::make_error_code(std::errc::bad_message);
  const bool result = function(ec);
  return {result, ec};
}

/// \returns All forms that acquire in `mode`.
template <class Lock>
std::vector<acquire_form<Lock>> acquire_forms(filelock::lock_mode mode) {
  using form = acquire_form<Lock>;
  using kind = typename form::kind;
  using clock = typename Lock::clock;
  constexpr std::chrono::seconds length(10);
  std::vector<form> result;
  const auto add = [&](const char* name, kind what, auto call,
                       bool has_token = false) {
    result.push_back({name, what, has_token, call});
  };
  if (mode == filelock::lock_mode::exclusive) {
    add("lock()", kind::unbounded, [](Lock& lock) {
      return caught(lock, [&] { return lock.lock(), true; });
    });
    add("lock(ec)", kind::unbounded, [](Lock& lock) {
      return coded([&](std::error_code& ec) { return lock.lock(ec), !ec; });
    });
    add("try_lock()", kind::one_try, [](Lock& lock) {
      return caught(lock, [&] { return lock.try_lock(); });
    });
    add("try_lock(ec)", kind::one_try, [](Lock& lock) {
      return coded([&](std::error_code& ec) { return lock.try_lock(ec); });
    });
    add("try_lock_for()", kind::timed, [length](Lock& lock) {
      return caught(lock, [&] { return lock.try_lock_for(length); });
    });
    add("try_lock_for(ec)", kind::timed, [length](Lock& lock) {
      return coded(
          [&](std::error_code& ec) { return lock.try_lock_for(length, ec); });
    });
    add("try_lock_until()", kind::timed, [length](Lock& lock) {
      return caught(lock,
                    [&] { return lock.try_lock_until(clock::now() + length); });
    });
    add("try_lock_until(ec)", kind::timed, [length](Lock& lock) {
      return coded([&](std::error_code& ec) {
        return lock.try_lock_until(clock::now() + length, ec);
      });
    });
#if FILELOCK_HAS_STOP_TOKEN
    const std::stop_token none;
    add(
        "lock(token)", kind::unbounded,
        [none](Lock& lock) {
          return caught(lock, [&] { return lock.lock(none); });
        },
        true);
    add(
        "lock(token, ec)", kind::unbounded,
        [none](Lock& lock) {
          return coded(
              [&](std::error_code& ec) { return lock.lock(none, ec); });
        },
        true);
    add(
        "try_lock_for(token)", kind::timed,
        [none, length](Lock& lock) {
          return caught(lock, [&] { return lock.try_lock_for(length, none); });
        },
        true);
    add(
        "try_lock_for(token, ec)", kind::timed,
        [none, length](Lock& lock) {
          return coded([&](std::error_code& ec) {
            return lock.try_lock_for(length, none, ec);
          });
        },
        true);
    add(
        "try_lock_until(token)", kind::timed,
        [none, length](Lock& lock) {
          return caught(lock, [&] {
            return lock.try_lock_until(clock::now() + length, none);
          });
        },
        true);
    add(
        "try_lock_until(token, ec)", kind::timed,
        [none, length](Lock& lock) {
          return coded([&](std::error_code& ec) {
            return lock.try_lock_until(clock::now() + length, none, ec);
          });
        },
        true);
#endif
  } else {
    add("lock_shared()", kind::unbounded, [](Lock& lock) {
      return caught(lock, [&] { return lock.lock_shared(), true; });
    });
    add("lock_shared(ec)", kind::unbounded, [](Lock& lock) {
      return coded(
          [&](std::error_code& ec) { return lock.lock_shared(ec), !ec; });
    });
    add("try_lock_shared()", kind::one_try, [](Lock& lock) {
      return caught(lock, [&] { return lock.try_lock_shared(); });
    });
    add("try_lock_shared(ec)", kind::one_try, [](Lock& lock) {
      return coded(
          [&](std::error_code& ec) { return lock.try_lock_shared(ec); });
    });
    add("try_lock_shared_for()", kind::timed, [length](Lock& lock) {
      return caught(lock, [&] { return lock.try_lock_shared_for(length); });
    });
    add("try_lock_shared_for(ec)", kind::timed, [length](Lock& lock) {
      return coded([&](std::error_code& ec) {
        return lock.try_lock_shared_for(length, ec);
      });
    });
    add("try_lock_shared_until()", kind::timed, [length](Lock& lock) {
      return caught(lock, [&] {
        return lock.try_lock_shared_until(clock::now() + length);
      });
    });
    add("try_lock_shared_until(ec)", kind::timed, [length](Lock& lock) {
      return coded([&](std::error_code& ec) {
        return lock.try_lock_shared_until(clock::now() + length, ec);
      });
    });
#if FILELOCK_HAS_STOP_TOKEN
    const std::stop_token none;
    add(
        "lock_shared(token)", kind::unbounded,
        [none](Lock& lock) {
          return caught(lock, [&] { return lock.lock_shared(none); });
        },
        true);
    add(
        "lock_shared(token, ec)", kind::unbounded,
        [none](Lock& lock) {
          return coded(
              [&](std::error_code& ec) { return lock.lock_shared(none, ec); });
        },
        true);
    add(
        "try_lock_shared_for(token)", kind::timed,
        [none, length](Lock& lock) {
          return caught(lock,
                        [&] { return lock.try_lock_shared_for(length, none); });
        },
        true);
    add(
        "try_lock_shared_for(token, ec)", kind::timed,
        [none, length](Lock& lock) {
          return coded([&](std::error_code& ec) {
            return lock.try_lock_shared_for(length, none, ec);
          });
        },
        true);
    add(
        "try_lock_shared_until(token)", kind::timed,
        [none, length](Lock& lock) {
          return caught(lock, [&] {
            return lock.try_lock_shared_until(clock::now() + length, none);
          });
        },
        true);
    add(
        "try_lock_shared_until(token, ec)", kind::timed,
        [none, length](Lock& lock) {
          return coded([&](std::error_code& ec) {
            return lock.try_lock_shared_until(clock::now() + length, none, ec);
          });
        },
        true);
#endif
  }
  return result;
}

/// \returns All forms that acquire, in either mode.
template <class Lock>
std::vector<acquire_form<Lock>> all_acquire_forms() {
  auto result = acquire_forms<Lock>(filelock::lock_mode::exclusive);
  for (auto& each : acquire_forms<Lock>(filelock::lock_mode::shared))
    result.push_back(std::move(each));
  return result;
}

/// \returns "closed", "unlocked", "shared" or "exclusive".
template <class Lock>
std::string state_of(const Lock& lock) {
  if (lock.owns_lock() && lock.owns_lock_shared()) return "both";
  if (lock.owns_lock()) return lock.is_open() ? "exclusive" : "held, not open";
  if (lock.owns_lock_shared())
    return lock.is_open() ? "shared" : "held, not open";
  return lock.is_open() ? "unlocked" : "closed";
}

} // namespace test

#endif
