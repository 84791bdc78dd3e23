// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A system with overlapped locks, in memory, in which whatever may happen
// happens: each choice of the system is taken in one run after the other.

#ifndef FILELOCK_TEST_SUPPORT_OVERLAPPED_WORLD_HPP
#define FILELOCK_TEST_SUPPORT_OVERLAPPED_WORLD_HPP

#include <filelock/canceller.hpp>
#include <filelock/detail/windows/overlapped_lock.hpp>
#include <filelock/lock_request.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <system_error>
#include <vector>

namespace test {

/// All sequences of choices, in the order of an odometer.
class choices {
public:
  /// \returns A number below `count`: zero in the first run that comes here.
  std::size_t choose(std::size_t count) {
    if (depth_ == taken_.size()) taken_.push_back({0, count});
    return taken_[depth_++].number;
  }

  /// \returns Whether there is another sequence, which is begun.
  bool next() {
    depth_ = 0;
    while (!taken_.empty() && taken_.back().number + 1 == taken_.back().count)
      taken_.pop_back();
    if (taken_.empty()) return false;
    ++taken_.back().number;
    return true;
  }

private:
  struct choice {
    std::size_t number;
    std::size_t count;
  };
  std::vector<choice> taken_;
  std::size_t depth_ = 0;
};

/// What does not vary within a set of runs.
struct overlapped_setting {
  bool is_wine = false;         ///< forgets a request that has to wait
  bool has_events = true;       ///< a wait for an event does not fail
  bool has_late_events = false; ///< an event is set a call after the status
  bool is_bounded = false;      ///< there is a deadline
  bool may_stop = false;        ///< the wait may be cancelled
  filelock::lock_mode other = filelock::lock_mode::unlocked;
  filelock::lock_mode own = filelock::lock_mode::unlocked;
  int surprises = 3; ///< what may happen besides what has to
};

/// One file, one handle of it that is under test, and another owner.
class overlapped_world {
public:
  using answer = std::uint32_t;
  using nanoseconds = std::chrono::nanoseconds;
  using lock_mode = filelock::lock_mode;

  static constexpr answer io_error = 1117; // ERROR_IO_DEVICE
  static constexpr answer not_locked = 158;

  overlapped_world(const overlapped_setting& setting, choices& all)
      : setting_(setting),
        all_(all),
        surprises_(setting.surprises),
        other_(setting.other) {
    current() = this;
    hold(setting.own);
  }
  ~overlapped_world() { current() = nullptr; }
  overlapped_world(const overlapped_world&) = delete;
  overlapped_world& operator=(const overlapped_world&) = delete;

  static overlapped_world*& current() {
    static overlapped_world* world = nullptr;
    return world;
  }

  // ---- What a test looks at ----

  filelock::cancel_source source;
  nanoseconds now{};
  nanoseconds deadline = std::chrono::milliseconds(4);
  std::set<std::string> seen; ///< what has happened
  std::string broken;         ///< what must not happen, but did

  bool has_passed() const { return setting_.is_bounded && now >= deadline; }
  bool is_stopped() const { return is_stopped_; }
  bool has_failed() const { return has_failed_; }
  bool was_granted_late() const { return was_granted_late_; }
  bool was_ever_free() const { return was_ever_free_; }
  int events() const { return events_; }

  /// \returns How the handle holds the lock, "twice" if it is so.
  std::string held() const {
    if (own_exclusive_ + own_shared_ > 1) return "twice";
    if (own_exclusive_ == 1) return "exclusive";
    return own_shared_ == 1 ? "shared" : "";
  }

  // ---- The functions of the system ----

  struct request {
    explicit request(const filelock::byte_range&) {}
    ~request() {
      overlapped_world& world = *current();
      if (world.pending_ == this) world.breaks("a request dies while pending");
      if (world.late_ == this) world.late_ = nullptr;
      if (has_event) --world.events_;
    }
    request(const request&) = delete;
    request& operator=(const request&) = delete;

    bool has_event = false;
    bool is_signaled = false;
    answer status = 0;
    lock_mode mode{};
    bool is_unlock = false;
    bool does_not_wait = false; ///< for the other owner
    bool is_cancelled = false;
  };

  bool make_event(request& asked) {
    if (surprise("no event can be made")) return false;
    asked.has_event = true;
    ++events_;
    return true;
  }

  answer lock(request& asked, lock_mode mode, bool fail_immediately) {
    namespace answers = filelock::detail::answers;
    step();
    if (pending_) breaks("two requests at once");
    if (!fail_immediately && !asked.has_event) breaks("a wait has no event");
    if (fails("the lock fails")) return io_error;
    asked.mode = mode;
    if (is_free(mode)) {
      if (!surprise("what is free is pending")) {
        hold(mode);
        was_granted_late_ = false;
        return answers::success;
      }
    } else if (fail_immediately) {
      if (!surprise("what is busy is pending")) return answers::lock_violation;
    } else if (setting_.is_wine) {
      saw("a request is lost");
      return answers::io_pending;
    } else if (surprise("a wait is refused")) {
      return answers::lock_violation;
    }
    if (!fail_immediately && ++waits_ > 5) breaks("asks without end");
    begin(asked, fail_immediately || is_free(mode));
    return answers::io_pending;
  }

  answer unlock(request& asked) {
    step();
    if (own_exclusive_ + own_shared_ == 0) return not_locked;
    // What looks lost is found to be held by an unlock that succeeds.
    const bool looks_lost =
        setting_.has_late_events || seen.count("the wait fails") != 0;
    if (!looks_lost && fails("the unlock fails")) return io_error;
    if (pending_ || !surprise("the unlock is pending")) {
      release();
      return filelock::detail::answers::success;
    }
    asked.is_unlock = true;
    begin(asked, true);
    return filelock::detail::answers::io_pending;
  }

  answer cancel(request& asked) {
    namespace answers = filelock::detail::answers;
    step();
    if (pending_ != &asked) {
      saw("nothing to cancel");
      return answers::not_found;
    }
    if (surprise("the cancel fails")) {
      has_cancel_failed_ = true;
      return io_error;
    }
    asked.is_cancelled = true;
    switch (all_.choose(3)) {
    case 0:
      saw("aborted at once");
      complete(answers::operation_aborted);
      break;
    case 1:
      grant("granted in the cancel");
      break;
    default: // completes later
      break;
    }
    return answers::success;
  }

  answer result(request& asked) {
    step();
    return asked.status;
  }

  filelock::detail::event_wait wait(request& asked, nanoseconds longest) {
    using filelock::detail::event_wait;
    if (setting_.is_bounded && may_wait(asked) && longest > left())
      breaks("waits too long");
    step();
    if (!setting_.has_events || surprise("the wait fails")) {
      saw("the wait fails");
      return event_wait::failed;
    }
    const bool is_ours = pending_ == &asked;
    if (is_stopped_ && may_wait(asked)) breaks("a stop is not heard");
    if (is_ours && longest == longest.zero()) return event_wait::timed_out;
    if (is_ours) progress(asked, longest);
    if (pending_ == &asked) return event_wait::timed_out;
    if (late_ == &asked) {
      set_late_event();
      if (longest == longest.zero()) {
        saw("the event is late");
        return event_wait::timed_out;
      }
    }
    if (asked.is_signaled) return event_wait::signaled;
    now += longest == filelock::detail::unbounded ? longest.zero() : longest;
    if (longest != filelock::detail::unbounded) return event_wait::timed_out;
    breaks("waits for ever");
    return event_wait::failed;
  }

  void pause(nanoseconds length, const filelock::canceller& stop) {
    step();
    // Where a wait fails, its request may have to be paused for.
    if (setting_.is_bounded && seen.count("the wait fails") == 0 &&
        length > left())
      breaks("pauses too long");
    if (stop.can_be_requested() && !is_stopped_ &&
        surprise("stopped in a pause"))
      return request_stop();
    if (setting_.is_bounded && surprise("the deadline passes in a pause"))
      now = deadline;
    else
      now += length;
    if (pending_ && !setting_.has_events)
      progress(*pending_, filelock::detail::unbounded);
    if (++pauses_ >= 3) other_ = lock_mode::unlocked; // nobody holds for ever
    if (pauses_ < 10) return;
    breaks("polls for ever");
    own_exclusive_ = own_shared_ = 0;
  }

private:
  void breaks(const char* what) { broken += std::string(what) + "; "; }
  void saw(const char* what) { seen.insert(what); }

  /// \returns Whether something happens that need not.
  bool surprise(const char* what) {
    if (surprises_ == 0 || all_.choose(2) == 0) return false;
    --surprises_;
    saw(what);
    return true;
  }

  bool fails(const char* what) {
    if (!surprise(what)) return false;
    has_failed_ = true;
    return true;
  }

  /// \returns Whether `asked` waits for the other owner, and nobody has begun
  /// to cancel it.
  bool may_wait(const request& asked) const {
    return pending_ == &asked && !asked.does_not_wait && !asked.is_cancelled &&
           !has_cancel_failed_;
  }

  nanoseconds left() const {
    return now < deadline ? deadline - now : nanoseconds::zero();
  }

  bool is_free(lock_mode mode) const {
    if (mode == lock_mode::shared)
      return other_ != lock_mode::exclusive; // over an own exclusive one, too
    return other_ == lock_mode::unlocked && own_exclusive_ + own_shared_ == 0;
  }

  void hold(lock_mode mode) {
    if (mode == lock_mode::exclusive) ++own_exclusive_;
    if (mode == lock_mode::shared) ++own_shared_;
  }

  void release() {
    if (own_exclusive_ > 0)
      --own_exclusive_;
    else
      --own_shared_;
    if (own_exclusive_ + own_shared_ == 0) was_ever_free_ = true;
  }

  void begin(request& asked, bool does_not_wait) {
    asked.status = filelock::detail::answers::io_incomplete;
    asked.does_not_wait = does_not_wait;
    pending_ = &asked;
  }

  void complete(answer status) {
    pending_->status = status;
    if (setting_.has_late_events)
      late_ = pending_;
    else
      pending_->is_signaled = true;
    pending_ = nullptr;
  }

  void set_late_event() {
    late_->is_signaled = true;
    late_ = nullptr;
  }

  void grant(const char* what) {
    saw(what);
    if (!is_free(pending_->mode)) other_ = lock_mode::unlocked;
    was_granted_late_ = !pending_->does_not_wait;
    hold(pending_->mode);
    complete(filelock::detail::answers::success);
  }

  void request_stop() {
    is_stopped_ = true;
    source.request();
  }

  /// What others do between two calls.
  void step() {
    namespace answers = filelock::detail::answers;
    if (is_in_step_) return; // the stop calls cancel
    is_in_step_ = true;
    if (pending_ && !pending_->does_not_wait &&
        surprise("granted between two calls"))
      grant("granted between two calls");
    if (pending_ && !pending_->is_unlock && surprise("aborted by a stranger"))
      complete(answers::operation_aborted);
    if (pending_ && !pending_->is_unlock && fails("the request fails"))
      complete(io_error);
    if (pending_ && setting_.is_bounded &&
        surprise("the deadline passes between two calls"))
      now = deadline;
    if (pending_ && setting_.may_stop && !is_stopped_ &&
        surprise("stopped between two calls"))
      request_stop();
    is_in_step_ = false;
  }

  /// A pending request goes on, or the wait for it times out.
  void progress(request& asked, nanoseconds longest) {
    namespace answers = filelock::detail::answers;
    const bool may_time_out = longest != filelock::detail::unbounded;
    const bool may_stop = setting_.may_stop && !is_stopped_;
    if (asked.is_unlock) {
      release();
      return complete(answers::success);
    }
    if (asked.does_not_wait && !asked.is_cancelled)
      return is_free(asked.mode) ? grant("granted without a wait")
                                 : complete(answers::lock_violation);
    if (asked.is_cancelled && all_.choose(2) == 0)
      return grant("granted after the cancel");
    if (asked.is_cancelled) {
      saw("aborted after the cancel");
      return complete(answers::operation_aborted);
    }
    if (may_time_out && all_.choose(2) == 0) {
      saw("timed out");
      now += longest;
      return;
    }
    if (may_stop && all_.choose(2) == 0) {
      saw("stopped in the wait");
      request_stop();
      if (pending_) progress(asked, longest);
      return;
    }
    grant("granted in the wait");
  }

  overlapped_setting setting_;
  choices& all_;
  int surprises_;
  lock_mode other_;
  int own_exclusive_ = 0;
  int own_shared_ = 0;
  int events_ = 0;
  int pauses_ = 0;
  int waits_ = 0;
  request* pending_ = nullptr;
  request* late_ = nullptr;
  bool is_in_step_ = false;
  bool is_stopped_ = false;
  bool has_failed_ = false;
  bool has_cancel_failed_ = false;
  bool was_granted_late_ = false;
  bool was_ever_free_ = false;
};

/// The world as overlapped_lock sees it.
struct overlapped_fake {
  struct clock {
    using duration = std::chrono::nanoseconds;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<clock>;
    static constexpr bool is_steady = true;
    static time_point now() noexcept { return time_point(world().now); }
  };
  using handle_type = int;
  using answer = std::uint32_t;
  using request = overlapped_world::request;

  static bool make_event(request& asked) noexcept {
    return world().make_event(asked);
  }
  static answer lock(int, request& asked, filelock::lock_mode mode,
                     bool fail_immediately) noexcept {
    return world().lock(asked, mode, fail_immediately);
  }
  static answer unlock(int, request& asked) noexcept {
    return world().unlock(asked);
  }
  static answer cancel(int, request& asked) noexcept {
    return world().cancel(asked);
  }
  static answer result(int, request& asked) noexcept {
    return world().result(asked);
  }
  static filelock::detail::event_wait
  wait(int, request& asked, std::chrono::nanoseconds longest) noexcept {
    return world().wait(asked, longest);
  }
  static void pause(std::chrono::nanoseconds length,
                    const filelock::canceller& stop) noexcept {
    world().pause(length, stop);
  }
  static std::error_code error(answer given) noexcept {
    return {static_cast<int>(given), std::system_category()};
  }

private:
  static overlapped_world& world() { return *overlapped_world::current(); }
};

} // namespace test

#endif
