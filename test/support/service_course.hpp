// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Courses of events at a simulated lock service, one event a virtual second.

#ifndef FILELOCK_TEST_SUPPORT_SERVICE_COURSE_HPP
#define FILELOCK_TEST_SUPPORT_SERVICE_COURSE_HPP

#include <filelock/backoff/constant_backoff.hpp>
#include <filelock/basic_file_lock.hpp>
#include <filelock/conversion.hpp>
#include <filelock/detail/config.hpp>
#include <filelock/testing/simulated_service.hpp>

#if FILELOCK_HAS_STOP_TOKEN
#include <stop_token>
#endif

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace test {

enum class owner_step {
  acquire, // for at most two and a half seconds
  try_acquire,
  acquire_shared,
  upgrade,
  downgrade,
  release
};

/// What happens to an owner, or to the next message.
enum class chance {
  session_ends,
  falls_asleep_or_wakes,
  gives_up_its_wait,
  closes,
  request_is_lost,
  answer_is_lost
};

struct course_plan {
  std::vector<owner_step> first;
  std::vector<owner_step> second;
  std::chrono::nanoseconds lease = filelock::simulation::for_ever;
  std::chrono::nanoseconds latency{};
};

/// What happened in all courses.
struct course_tally {
  std::uint64_t courses = 0;
  std::uint64_t holds = 0;
  std::uint64_t losses = 0;
  std::uint64_t refusals = 0;
  std::uint64_t new_sessions = 0;

  std::string text() const {
    return std::to_string(courses) + " courses, " + std::to_string(holds) +
           " holds, " + std::to_string(losses) + " lost, " +
           std::to_string(refusals) + " acquires in vain, " +
           std::to_string(new_sessions) + " sessions begun anew";
  }
};

/// A step of the owner 0 or 1, or something that happens to it.
struct course_event {
  std::size_t owner;
  std::optional<owner_step> step;
  chance what = chance::session_ends;
};

inline std::string text(const course_event& event) {
  constexpr const char* steps[] = {"acquires", "tries",      "acquires shared",
                                   "upgrades", "downgrades", "releases"};
  constexpr const char* chances[] = {
      "loses its session",     "sleeps or wakes",      "gives up", "closes",
      "(a request gets lost)", "(an answer gets lost)"};
  const char* const what = event.step
                               ? steps[static_cast<std::size_t>(*event.step)]
                               : chances[static_cast<std::size_t>(event.what)];
  return (event.owner == 0 ? "A " : "B ") + std::string(what);
}

template <class P>
class service_course {
public:
  service_course(const course_plan& plan, course_tally& tally)
      : service_(plan.lease, std::chrono::milliseconds(1300)), tally_(tally) {
    service_.set_latency(plan.latency);
    world_.set_observer([this](const filelock::simulation_event& event) {
      if (event.action == filelock::simulated_action::acquired)
        check_grant(event);
    });
  }

  /// \returns What was wrong first; empty if nothing was.
  std::string run(const std::vector<course_event>& events) {
    std::chrono::nanoseconds time{};
    for (const course_event& each : events) {
      time += std::chrono::seconds(1);
      world_.at(time, [this, each] { happen(each); });
      for (const int part : {200, 700})
        world_.at(time + std::chrono::milliseconds(part), [this] { check(); });
    }
    for (std::size_t i = 0; i != 2; ++i)
      world_.at(time + std::chrono::seconds(5 + i),
                [this, i] { wake(owners_[i]); });
    world_.run();
    check();
    check_that_all_is_free();
    return wrong_;
  }

private:
  // A grant is a process's: that of the owner who asked.
  static constexpr filelock::process_id first_process = 1001;

  struct owner {
    filelock::basic_file_lock<P, filelock::constant_backoff> lock{
        "jobs", filelock::constant_backoff{std::chrono::milliseconds(100)}};
    bool is_busy = false;
    bool is_asleep = false;
    bool has_lost = false;
    std::vector<owner_step> pending; // until it is awake, or has returned
    std::int64_t session = 0;
#if FILELOCK_HAS_STOP_TOKEN
    std::optional<std::stop_source> stop;
#endif

    /// \returns Whether it believes that it holds the lock in `mode`, or in a
    /// stronger one: by the lock, or by the Platform alone.
    bool believes(filelock::lock_mode mode) const {
      const bool is_held =
          lock.owns_lock() ||
          (mode == filelock::lock_mode::shared && lock.owns_lock_shared());
      return lock.is_open() && !lock.loss().requested() &&
             (P::holds(lock.native_handle(), {mode, {}}) ||
              (is_held && lock.still_valid()));
    }
    bool believes() const { return believes(filelock::lock_mode::shared); }
    bool excludes() const { return believes(filelock::lock_mode::exclusive); }
  };

  void fail(const char* what) {
    if (wrong_.empty())
      wrong_ = what + (" at " + std::to_string(world_.now().count()));
  }

  // ---- What happens ----

  void happen(const course_event& event) {
    owner& who = owners_[event.owner];
    if (event.step)
      act(who, *event.step);
    else
      befall(who, event.what);
    check();
  }

  void act(owner& who, owner_step step) {
    who.pending.push_back(step);
    catch_up(who);
  }

  void catch_up(owner& who) {
    if (who.is_busy) return;
    const filelock::detail::simulated_world::acting acting(
        *filelock::detail::simulated_world::current(),
        first_process + (&who - owners_));
    while (!who.pending.empty() && !who.is_asleep) {
      const owner_step next = who.pending.front();
      who.pending.erase(who.pending.begin());
      who.is_busy = true;
      perform(who, next);
      who.is_busy = false;
      check();
    }
  }

  void befall(owner& who, chance what) {
    switch (what) {
    case chance::session_ends:
      return service_.end_session(who.lock.native_handle());
    case chance::falls_asleep_or_wakes:
      return who.is_asleep ? wake(who) : sleep(who);
    case chance::gives_up_its_wait:
#if FILELOCK_HAS_STOP_TOKEN
      if (who.stop) who.stop->request_stop();
#endif
      return;
    case chance::closes:
      if (who.is_busy || who.is_asleep) return;
      return who.lock.close();
    case chance::request_is_lost:
      return service_.lose_requests();
    default:
      return service_.lose_answers();
    }
  }

  void sleep(owner& who) {
    if (who.is_busy && !who.lock.is_open()) return; // in a connect
    who.is_asleep = true;
    service_.suspend(who.lock.native_handle());
  }

  void wake(owner& who) {
    if (!who.is_asleep) return;
    who.is_asleep = false;
    service_.resume(who.lock.native_handle());
    catch_up(who);
  }

  void perform(owner& who, owner_step step) {
    std::error_code ec;
    bool is_acquired = false;
    switch (step) {
    case owner_step::release:
      who.has_lost = false;
      who.lock.unlock(ec);
      return;
    case owner_step::upgrade:
      if (!who.lock.owns_lock_shared()) return;
      is_acquired =
          who.lock.try_upgrade(ec) == filelock::conversion::held_throughout;
      break;
    case owner_step::downgrade:
      if (!who.lock.owns_lock()) return;
      is_acquired =
          who.lock.downgrade(ec) == filelock::conversion::held_throughout;
      break;
    default:
      if (who.lock.owns_lock() || who.lock.owns_lock_shared()) return;
      is_acquired = acquire(who, step, ec);
    }
    if (who.lock.is_open() && who.lock.native_handle() != who.session) {
      tally_.new_sessions += who.session != 0;
      who.session = who.lock.native_handle();
    }
    if (is_acquired && !ec)
      check_acquired(who);
    else
      ++tally_.refusals;
  }

  bool acquire(owner& who, owner_step step, std::error_code& ec) {
    constexpr std::chrono::milliseconds longest(2500);
    if (step == owner_step::try_acquire) return who.lock.try_lock(ec);
#if FILELOCK_HAS_STOP_TOKEN
    who.stop.emplace();
    const std::stop_token token = who.stop->get_token();
    const bool result = step == owner_step::acquire_shared
                            ? who.lock.try_lock_shared_for(longest, token, ec)
                            : who.lock.try_lock_for(longest, token, ec);
    who.stop.reset();
    return result;
#else
    return step == owner_step::acquire_shared
               ? who.lock.try_lock_shared_for(longest, ec)
               : who.lock.try_lock_for(longest, ec);
#endif
  }

  // ---- What must be so ----

  void check_acquired(owner& who) {
    ++tally_.holds;
    who.has_lost = false;
    if (!who.believes()) fail("acquired, and not held");
    // Readers may learn of their grants in another order.
    const std::uint64_t token = who.lock.token();
    if (token <= (who.lock.owns_lock() ? newest_ : newest_exclusive_))
      fail("a token does not rise");
    newest_ = (std::max)(newest_, token);
    if (who.lock.owns_lock()) newest_exclusive_ = token;
  }

  /// The service lets an owner in: the other one knows that it is out.
  void check_grant(const filelock::simulation_event& event) {
    if (event.process < first_process) return;
    const owner& other = owners_[1 - (event.process - first_process)];
    if (other.believes() &&
        (event.mode == filelock::lock_mode::exclusive || other.excludes()))
      fail("two owners believe, at a grant");
  }

  void check() {
    for (std::size_t i = 0; i != 2; ++i)
      if (owners_[i].excludes() && owners_[1 - i].believes())
        fail("two owners believe");
    for (owner& each : owners_) {
      const bool holds = each.lock.owns_lock() || each.lock.owns_lock_shared();
      if (!holds || each.believes() || each.has_lost) continue;
      each.has_lost = true;
      ++tally_.losses;
    }
  }

  void check_that_all_is_free() {
    service_.lose_requests(0);
    service_.lose_answers(0);
    {
      filelock::basic_file_lock<P> third{"jobs"};
      std::error_code ec;
      if (!owners_[0].believes() && !owners_[1].believes() &&
          !third.try_lock(ec))
        fail("a lock that nobody can free");
      third.unlock(ec);
      for (owner& each : owners_)
        each.lock.unlock(ec);
      for (owner& each : owners_) {
        if (!each.lock.try_lock(ec)) fail("a lock that nobody can free");
        each.lock.close();
      }
    }
    world_.run();
    if (service_.sessions() != 0) fail("a session is left");
  }

  filelock::simulation world_;
  filelock::simulated_service service_;
  course_tally& tally_;
  owner owners_[2];
  std::uint64_t newest_ = 0;
  std::uint64_t newest_exclusive_ = 0;
  std::string wrong_;
};

/// All that can happen, to either owner.
inline std::vector<course_event> all_chances() {
  std::vector<course_event> result;
  for (const chance each : {
         chance::session_ends, chance::falls_asleep_or_wakes,
#if FILELOCK_HAS_STOP_TOKEN
             chance::gives_up_its_wait,
#endif
             chance::closes
       })
    for (const std::size_t owner : {std::size_t{0}, std::size_t{1}})
      result.push_back({owner, std::nullopt, each});
  for (const chance each : {chance::request_is_lost, chance::answer_is_lost})
    result.push_back({0, std::nullopt, each});
  return result;
}

/// Calls `use(events)` for each order in which the events of three scripts can
/// happen. \returns What the first call that did not return an empty text
/// returned.
template <class Use>
std::string each_merge(const std::vector<course_event> (&scripts)[3], Use use) {
  std::vector<std::size_t> order; // of which script the next event is
  for (std::size_t i = 0; i != 3; ++i)
    order.insert(order.end(), scripts[i].size(), i);
  std::vector<course_event> events(order.size());
  do {
    std::size_t next[3] = {};
    for (std::size_t i = 0; i != order.size(); ++i)
      events[i] = scripts[order[i]][next[order[i]]++];
    std::string wrong = use(events);
    if (!wrong.empty()) return wrong;
  } while (std::next_permutation(order.begin(), order.end()));
  return {};
}

/// \returns What was wrong in the first course that was, and in which.
template <class P>
std::string every_order(const course_plan& plan, int chances,
                        course_tally& tally) {
  std::vector<course_event> scripts[3];
  for (const owner_step each : plan.first)
    scripts[0].push_back({0, each});
  for (const owner_step each : plan.second)
    scripts[1].push_back({1, each});
  const std::vector<course_event> all = all_chances();
  std::vector<std::size_t> chosen(static_cast<std::size_t>(chances));
  for (;;) {
    scripts[2].clear();
    for (const std::size_t each : chosen)
      scripts[2].push_back(all[each]);
    std::string wrong = each_merge(scripts, [&](const auto& events) {
      ++tally.courses;
      std::string found = service_course<P>(plan, tally).run(events);
      if (!found.empty())
        for (const course_event& each : events)
          found += "; " + text(each);
      return found;
    });
    if (!wrong.empty()) return wrong;
    std::size_t i = 0;
    while (i != chosen.size() && ++chosen[i] == all.size())
      chosen[i++] = 0;
    if (i == chosen.size()) return {};
  }
}

} // namespace test

#endif
