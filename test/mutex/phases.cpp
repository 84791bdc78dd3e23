// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The logic of a file_mutex, step by step, and by thousands of random schedules
// against a model of the file lock, of other processes and of sleeping threads.

#include <boost/test/unit_test.hpp>

#include <filelock/detail/mutex/mutex_phases.hpp>
#include <filelock/detail/mutex/readers_inside.hpp>
#include <filelock/detail/mutex/shared_hold.hpp>
#include <filelock/lock_request.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <list>
#include <ostream>
#include <random>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

BOOST_AUTO_TEST_SUITE(mutex_phases)

namespace {

using namespace std::chrono_literals;
using filelock::lock_mode;
using filelock::detail::ending;
using filelock::detail::entry;
using filelock::detail::mutex_phases;
using filelock::detail::shared_hold;
using filelock::detail::unbounded;
using filelock::detail::wake;
using std::chrono::nanoseconds;

constexpr lock_mode exclusive = lock_mode::exclusive;
constexpr lock_mode shared = lock_mode::shared;

// ---- One step after another ----

/// The phases, with a clock that a test moves.
struct phases_at {
  mutex_phases phases;
  nanoseconds now{};

  std::string enter(lock_mode mode, bool can_wait = true,
                    const void* thread = nullptr) {
    const entry result = phases.enter(
        mode, [this] { return now; }, can_wait, thread);
    if (result.what == entry::action::acquire) return "acquire";
    if (result.what == entry::action::take) return "take";
    if (result.what == entry::action::join) return "join";
    if (result.what == entry::action::look) return "look";
    if (result.length == unbounded) return "wait";
    return "wait(" + std::to_string(result.length.count()) + ")";
  }

  std::string wait(lock_mode mode) {
    const std::string result = enter(mode);
    phases.begin_wait(mode);
    return result;
  }

  std::string end_exclusive(bool checks_first = false) {
    return name(phases.end_exclusive([this] { return now; }, checks_first));
  }
  std::string checked(bool may_pass) {
    return name(phases.checked(may_pass, now));
  }

  std::string released(lock_mode mode) {
    return name(phases.released(mode, [this] { return now; }));
  }
  std::string acquired_shared(const void* thread = nullptr) {
    return name(phases.acquired_shared(now, thread));
  }
  bool leave(const void* thread = nullptr) {
    return phases.leave(thread, [this] { return now; });
  }

  static std::string name(ending what) {
    if (what == ending::pass) return "pass";
    return what == ending::check ? "check" : "release";
  }

  static std::string name(wake whom) {
    switch (whom) {
    case wake::nobody:
      return "nobody";
    case wake::one_writer:
      return "a writer";
    case wake::one_reader:
      return "a reader";
    default:
      return "readers";
    }
  }
};

/// Readers, each of which relieves the one before it.
struct relieved_readers : phases_at {
  const char threads[2] = {};
  int last = 0;

  std::string look_and_enter(const void* thread = nullptr) {
    phases.looked(false, now);
    return enter(shared, true, thread);
  }

  void begin() {
    phases = mutex_phases();
    enter(shared, true, &threads[last]);
    acquired_shared(&threads[last]);
  }

  /// The last reader stays for `length`, then the next one comes.
  void relieve(nanoseconds length) {
    now += length;
    BOOST_TEST(look_and_enter(&threads[1 - last]) == "join");
    BOOST_TEST(!leave(&threads[last]));
    last = 1 - last;
  }
};

} // namespace

BOOST_FIXTURE_TEST_CASE(one_thread_at_a_time_has_the_turn, phases_at) {
  BOOST_TEST(enter(exclusive) == "acquire");
  BOOST_TEST(enter(exclusive) == "wait");
  BOOST_TEST(enter(shared) == "wait");
  BOOST_TEST(released(exclusive) == "nobody");
  BOOST_TEST(enter(shared) == "acquire");
  BOOST_TEST(enter(shared) == "wait"); // nothing to join yet
  BOOST_TEST(enter(exclusive) == "wait");
}

BOOST_FIXTURE_TEST_CASE(readers_join_where_no_writer_waits, phases_at) {
  now = 1h;
  BOOST_TEST(enter(shared) == "acquire");
  now += 1h; // it was a wait for the file
  BOOST_TEST(acquired_shared() == "nobody");
  BOOST_TEST(enter(shared) == "join");
  now += shared_hold::joining_time - 1ns;
  BOOST_TEST(enter(shared) == "join");
  BOOST_TEST(enter(exclusive, false) == "wait");
  now += 1ns;
  BOOST_TEST(enter(shared) == "look"); // for one of another process
  phases.looked(false, now);
  BOOST_TEST(enter(shared) == "join");
  now += shared_hold::looking_time - 1ns;
  BOOST_TEST(enter(shared, false) == "join");
  now += 1ns;
  BOOST_TEST(enter(shared, false) == "look");
  phases.looked(false, now);
  BOOST_TEST(enter(shared, false) == "join");
  for (int i = 0; i != 5; ++i)
    BOOST_TEST(!leave());
  BOOST_TEST(leave());
  BOOST_TEST(enter(shared) == "wait"); // it is being released
}

BOOST_FIXTURE_TEST_CASE(a_hold_is_closed_for_a_quarter_of_its_time_for_a_writer,
                        phases_at) {
  enter(shared);
  acquired_shared();
  wait(exclusive);
  now = shared_hold::joining_time - 1ns;
  BOOST_TEST(enter(shared) == "join");
  now = 20ms;
  BOOST_TEST(enter(shared) == "wait(5000000)");
  BOOST_TEST(enter(shared, false) == "wait(5000000)");
  now = 24ms;
  BOOST_TEST(enter(shared) == "wait(1000000)");
  now = 25ms; // the readers inside may wait for this one
  BOOST_TEST(enter(shared) == "join");
  now = 25ms + shared_hold::joining_time - 1ns;
  BOOST_TEST(enter(shared) == "join");
  now += 1ns;
  BOOST_TEST(enter(shared) == "wait(11250000)");
}

BOOST_FIXTURE_TEST_CASE(a_hold_is_closed_for_another_process_that_waits,
                        phases_at) {
  enter(shared);
  acquired_shared();
  now = 20ms;
  BOOST_TEST(enter(shared) == "look");
  phases.looked(true, now);
  BOOST_TEST(enter(shared, false) == "wait(5000000)");
  now = 25ms;
  BOOST_TEST(enter(shared) == "join");
  BOOST_TEST(!leave());
  BOOST_TEST(leave());
  released(shared);
  now += 1s;
  // The next hold is another one's.
  BOOST_TEST(enter(shared) == "acquire");
  acquired_shared();
  now += 20ms;
  BOOST_TEST(enter(shared) == "look");
}

BOOST_FIXTURE_TEST_CASE(a_reader_beside_a_long_reader_joins_at_any_time,
                        phases_at) {
  const char first = 0;
  const char other = 0;
  enter(shared, true, &first);
  acquired_shared(&first);
  // Others come and go meanwhile.
  for (int i = 0; i != 1000; ++i) {
    now += 4s;
    phases.looked(false, now);
    BOOST_TEST(enter(shared, true, &other) == "join");
    BOOST_TEST(!leave(&other));
  }
}

BOOST_FIXTURE_TEST_CASE(
    a_hold_that_readers_prolong_is_closed_for_a_process_that_is_not_seen,
    relieved_readers) {
  begin();
  relieve(1s);
  relieve(1s);
  relieve(shared_hold::unseen_time - 1ns);
  BOOST_TEST(look_and_enter() == "join");
  begin();
  for (int i = 0; i != 3; ++i)
    relieve(1s);
  BOOST_TEST(look_and_enter() == "wait(250000000)");
  // One that cannot wait is let in beside readers alone.
  BOOST_TEST(enter(shared, false) == "join");
  now += 250ms;
  BOOST_TEST(look_and_enter() == "join");
  now += shared_hold::joining_time;
  BOOST_TEST(look_and_enter() == "wait(250000000)");
  BOOST_TEST(wait(exclusive) == "wait");
  BOOST_TEST(enter(shared, false) == "wait(250000000)");
  // The next hold is prolonged by nobody yet.
  phases.abandon_wait(exclusive);
  begin();
  relieve(1s);
  relieve(1s);
  BOOST_TEST(look_and_enter() == "join");
}

BOOST_FIXTURE_TEST_CASE(a_long_reader_after_short_ones_prolongs_nothing,
                        relieved_readers) {
  begin();
  for (int i = 0; i != 5; ++i)
    relieve(100ms);
  // The last one stays.
  for (int i = 0; i != 100; ++i) {
    now += 1min;
    BOOST_TEST(look_and_enter() == "join");
    leave();
  }
  relieve(1h); // counts as twice as long as the one before
  BOOST_TEST(look_and_enter() == "join");
}

BOOST_FIXTURE_TEST_CASE(readers_join_when_the_process_that_waited_is_gone,
                        phases_at) {
  enter(shared);
  acquired_shared();
  now = 1h;
  phases.looked(true, now);
  // To look again in 10 ms, though the hold is closed for 15 min.
  BOOST_TEST(enter(shared) == "wait(10000000)");
  now += shared_hold::believing_time;
  BOOST_TEST(enter(shared) == "look");
  phases.looked(true, now);
  BOOST_TEST(enter(shared) == "wait(10000000)");
  now += shared_hold::believing_time;
  BOOST_TEST(enter(shared, false) == "look");
  phases.looked(false, now);
  BOOST_TEST(enter(shared, false) == "join");
  BOOST_TEST(enter(shared) == "join");
}

BOOST_FIXTURE_TEST_CASE(readers_join_when_the_writer_has_given_up, phases_at) {
  enter(shared);
  acquired_shared();
  now = 8s;
  wait(exclusive);
  wait(exclusive);
  BOOST_TEST(wait(shared) == "wait(2000000000)");
  BOOST_TEST(name(phases.abandon_wait(exclusive)) == "nobody");
  BOOST_TEST(name(phases.abandon_wait(exclusive)) == "readers");
  BOOST_TEST(enter(shared) == "look");
  phases.looked(false, now);
  BOOST_TEST(enter(shared) == "join");
  phases.end_wait(shared);
  wait(exclusive);
  BOOST_TEST(name(phases.abandon_wait(exclusive)) == "nobody");
}

BOOST_AUTO_TEST_CASE(a_generation_ends_when_all_its_readers_have_left) {
  filelock::detail::readers_inside readers;
  const char threads[4] = {};
  readers.begin(&threads[0]);
  readers.add(&threads[1]);
  BOOST_TEST(!readers.remove(&threads[1]));
  BOOST_TEST(readers.ended_generations() == 0u);
  readers.add(&threads[1]);
  readers.add(&threads[2]);
  BOOST_TEST(!readers.remove(&threads[0]));
  BOOST_TEST(readers.ended_generations() == 1u);
  readers.add(&threads[3]);
  BOOST_TEST(!readers.remove(&threads[1]));
  BOOST_TEST(readers.ended_generations() == 1u);
  BOOST_TEST(!readers.remove(&threads[2]));
  BOOST_TEST(readers.ended_generations() == 2u);
  BOOST_TEST(readers.remove(&threads[3]));
  BOOST_TEST(readers.ended_generations() == 2u);
  readers.begin(&threads[0]);
  BOOST_TEST(readers.ended_generations() == 0u);
  BOOST_TEST(readers.remove(&threads[0]));
}

BOOST_AUTO_TEST_CASE(a_thread_that_reads_twice_leaves_its_last_place_first) {
  filelock::detail::readers_inside readers;
  const char thread = 0;
  readers.begin(&thread);
  readers.add(&thread);
  BOOST_TEST(!readers.remove(&thread));
  BOOST_TEST(readers.ended_generations() == 0u);
}

BOOST_AUTO_TEST_CASE(any_thread_ends_the_hold_of_a_reader_without_one) {
  filelock::detail::readers_inside readers;
  const char threads[2] = {};
  readers.begin(filelock::detail::no_thread);
  readers.add(&threads[0]);
  BOOST_TEST(!readers.remove(&threads[1])); // that of no thread
  BOOST_TEST(readers.ended_generations() == 1U);
  BOOST_TEST(readers.remove(&threads[0]));
}

BOOST_AUTO_TEST_CASE(more_readers_than_are_known_are_still_counted) {
  filelock::detail::readers_inside readers;
  const std::vector<char> threads(100);
  readers.begin(&threads[0]);
  for (std::size_t i = 1; i != threads.size(); ++i)
    readers.add(&threads[i]);
  for (std::size_t i = threads.size() - 1; i != 0; --i)
    BOOST_TEST(!readers.remove(&threads[i]));
  BOOST_TEST(readers.ended_generations() == 0u);
  BOOST_TEST(readers.remove(&threads[0]));
}

BOOST_FIXTURE_TEST_CASE(a_look_that_comes_late_changes_nothing, phases_at) {
  enter(shared);
  phases.looked(true, now); // of a hold that has ended meanwhile
  acquired_shared();
  now = 20ms;
  BOOST_TEST(enter(shared) == "look");
}

// Up to a hundred readers overlap: they come at regular times, read for
// `length`, and wait if they are told to. \returns When the file lock was free
// for once.
namespace {
nanoseconds first_gap(nanoseconds length, bool writer_is_seen) {
  struct reader {
    nanoseconds asks_at;
    nanoseconds ends_at = unbounded;
  };
  mutex_phases phases;
  std::list<reader> readers; // their addresses stand for threads
  nanoseconds now{};
  const auto clock = [&now] { return now; };
  const nanoseconds between = (std::max)(nanoseconds(1ms), length / 100);
  readers.push_back({now, now + length});
  phases.enter(shared, clock, true, &readers.back());
  phases.acquired_shared(now, &readers.back());
  for (; now < 1h; now += between) {
    for (auto each = readers.begin(); each != readers.end();)
      if (each->ends_at > now) {
        ++each;
      } else {
        if (phases.leave(&*each, clock)) return now;
        each = readers.erase(each);
      }
    readers.push_back({now});
    for (reader& each : readers) {
      if (each.ends_at != unbounded || each.asks_at > now) continue;
      entry answer = phases.enter(shared, clock, true, &each);
      if (answer.what == entry::action::look) {
        phases.looked(writer_is_seen, now);
        answer = phases.enter(shared, clock, true, &each);
      }
      if (answer.what == entry::action::join)
        each.ends_at = now + length;
      else
        each.asks_at = now + answer.length;
    }
  }
  return unbounded;
}
} // namespace

BOOST_AUTO_TEST_CASE(overlapping_readers_leave_the_file_in_the_end) {
  for (const bool is_seen : {true, false})
    for (const nanoseconds length : {nanoseconds(1ms), nanoseconds(30ms),
                                     nanoseconds(1s), nanoseconds(10s)}) {
      const nanoseconds gap = first_gap(length, is_seen);
      BOOST_TEST_CONTEXT(length.count() << (is_seen ? " seen" : " unseen"))
      BOOST_TEST(gap.count() <= (8 * length + 2s).count());
    }
}

BOOST_FIXTURE_TEST_CASE(nobody_joins_a_closed_hold, phases_at) {
  enter(shared);
  acquired_shared();
  phases.close();
  BOOST_TEST(enter(shared) == "wait");
  BOOST_TEST(leave());
  released(shared);
  now += 1s;
  BOOST_TEST(enter(shared) == "acquire");
  acquired_shared();
  BOOST_TEST(enter(shared) == "join");
}

BOOST_FIXTURE_TEST_CASE(a_clock_that_is_set_back_makes_nobody_wait, phases_at) {
  now = 1h;
  enter(shared);
  acquired_shared();
  wait(exclusive);
  now = 0ns;
  BOOST_TEST(enter(shared) == "wait(0)");
  BOOST_TEST(enter(shared) == "join");
  BOOST_TEST(!leave());
  BOOST_TEST(leave());
  released(shared);
  now = -1ns; // nor does it prolong the time that is left to other processes
  phases.abandon_wait(exclusive);
  BOOST_TEST(enter(shared) == "acquire");
}

BOOST_FIXTURE_TEST_CASE(the_file_is_free_for_a_while_after_a_closed_hold,
                        phases_at) {
  enter(shared);
  acquired_shared();
  now += shared_hold::joining_time;
  phases.looked(true, now);
  BOOST_TEST(wait(shared) == "wait(5000000)");
  BOOST_TEST(leave());
  now += 5ms; // of the system call
  BOOST_TEST(released(shared) == "a reader");
  BOOST_TEST(enter(shared) == "wait(2000000)");
  now += mutex_phases::yielding_time - 1ns;
  BOOST_TEST(enter(shared) == "wait(1)");
  now += 1ns;
  BOOST_TEST(enter(shared) == "acquire");
}

BOOST_FIXTURE_TEST_CASE(
    the_file_is_not_kept_free_after_a_hold_that_was_never_closed, phases_at) {
  enter(shared);
  acquired_shared();
  now += 1h;
  BOOST_TEST(leave());
  released(shared);
  BOOST_TEST(enter(shared) == "acquire");
}

BOOST_FIXTURE_TEST_CASE(readers_wait_no_more_after_the_yielding_time,
                        phases_at) {
  enter(shared);
  acquired_shared();
  now += shared_hold::joining_time;
  phases.looked(true, now);
  enter(shared);
  leave();
  released(shared);
  now += mutex_phases::yielding_time;
  BOOST_TEST(enter(shared) == "acquire");
  acquired_shared();
  BOOST_TEST(leave());
  released(shared);
  BOOST_TEST(enter(shared) == "acquire");
}

BOOST_FIXTURE_TEST_CASE(a_writer_does_not_wait_for_the_yielding_time,
                        phases_at) {
  enter(shared);
  acquired_shared();
  now += shared_hold::joining_time;
  phases.looked(true, now);
  enter(shared);
  leave();
  released(shared);
  BOOST_TEST(enter(exclusive) == "acquire");
  now += 1h;
  released(exclusive);
  // But the file is still to be left to others.
  BOOST_TEST(enter(shared) == "wait(2000000)");
}

BOOST_FIXTURE_TEST_CASE(readers_and_writers_take_turns, phases_at) {
  enter(exclusive);
  wait(exclusive);
  wait(shared);
  BOOST_TEST(released(exclusive) == "a reader");
  BOOST_TEST(enter(exclusive) == "wait");
  BOOST_TEST(enter(shared) == "acquire");
  phases.end_wait(shared);
  wait(shared);
  BOOST_TEST(acquired_shared() == "readers");
  BOOST_TEST(enter(shared) == "join");
  phases.end_wait(shared);
  BOOST_TEST(!leave());
  now += shared_hold::joining_time;
  BOOST_TEST(wait(shared) == "wait(5000000)");
  BOOST_TEST(leave());
  BOOST_TEST(released(shared) == "a writer");
  BOOST_TEST(enter(shared) == "wait");
  BOOST_TEST(enter(exclusive) == "acquire");
}

BOOST_FIXTURE_TEST_CASE(a_thread_that_fails_passes_the_turn_on, phases_at) {
  enter(exclusive);
  wait(exclusive);
  wait(shared);
  BOOST_TEST(name(phases.failed(exclusive)) == "a reader");
  BOOST_TEST(enter(shared) == "acquire");
  BOOST_TEST(name(phases.failed(shared)) == "a writer");
  BOOST_TEST(enter(exclusive) == "acquire");
}

BOOST_FIXTURE_TEST_CASE(a_thread_that_gives_up_passes_the_turn_on, phases_at) {
  enter(exclusive);
  wait(shared);
  wait(exclusive);
  BOOST_TEST(name(phases.abandon_wait(shared)) == "nobody");
  wait(shared);
  BOOST_TEST(released(exclusive) == "a reader");
  BOOST_TEST(name(phases.abandon_wait(shared)) == "a writer");
  BOOST_TEST(name(phases.abandon_wait(exclusive)) == "nobody");
  BOOST_TEST(enter(exclusive) == "acquire");
}

// ---- Writers that pass the lock on ----

BOOST_FIXTURE_TEST_CASE(a_writer_passes_the_lock_on_to_a_writer_that_waits,
                        phases_at) {
  enter(exclusive);
  BOOST_TEST(end_exclusive() == "release"); // nobody waits
  wait(exclusive);
  wait(exclusive);
  BOOST_TEST(end_exclusive() == "pass");
  BOOST_TEST(name(phases.passed()) == "a writer");
  BOOST_TEST(enter(shared) == "wait");
  BOOST_TEST(enter(shared, false) == "wait");
  // Whoever comes first takes it.
  BOOST_TEST(enter(exclusive, false) == "take");
  BOOST_TEST(enter(exclusive) == "wait");
  BOOST_TEST(end_exclusive() == "pass");
  // One is on its way already.
  BOOST_TEST(name(phases.passed()) == "nobody");
  phases.resumed(exclusive);
  BOOST_TEST(enter(exclusive) == "take");
  phases.end_wait(exclusive);
  BOOST_TEST(end_exclusive() == "pass");
  BOOST_TEST(name(phases.passed()) == "a writer");
}

BOOST_FIXTURE_TEST_CASE(a_writer_passes_nothing_on_while_a_reader_waits,
                        phases_at) {
  enter(exclusive);
  wait(exclusive);
  wait(shared);
  BOOST_TEST(end_exclusive() == "release");
  BOOST_TEST(released(exclusive) == "a reader");
}

BOOST_FIXTURE_TEST_CASE(after_the_passing_time_the_owner_checks, phases_at) {
  now = 1h;
  enter(exclusive);
  wait(exclusive);
  for (int i = 0; i != 2; ++i) {
    now += 1h; // of the hold itself, or of the time after a check
    BOOST_TEST(end_exclusive() == (i == 0 ? "pass" : "check"));
    if (i != 0) BOOST_TEST(checked(true) == "pass");
    enter(exclusive);
    now += mutex_phases::passing_time - 1ns;
    BOOST_TEST(end_exclusive() == "pass");
    enter(exclusive);
  }
  now += 1ns;
  BOOST_TEST(end_exclusive() == "check");
  BOOST_TEST(checked(false) == "release");
  BOOST_TEST(released(exclusive) == "a writer");
  // Who was seen to wait gets the file before.
  BOOST_TEST(enter(exclusive) == "wait(2000000)");
  BOOST_TEST(enter(shared) == "wait(2000000)");
  now += mutex_phases::yielding_time;
  BOOST_TEST(enter(exclusive) == "acquire");
  BOOST_TEST(end_exclusive() == "pass");
}

BOOST_FIXTURE_TEST_CASE(
    a_writer_that_cannot_wait_tries_a_file_that_is_given_away, phases_at) {
  enter(exclusive);
  wait(exclusive);
  BOOST_TEST(end_exclusive(true) == "check"); // even the first time
  BOOST_TEST(checked(false) == "release");
  released(exclusive);
  BOOST_TEST(enter(exclusive, false) == "acquire");
  // With that, the others have had their time.
  phases.failed(exclusive);
  BOOST_TEST(enter(exclusive) == "acquire");
}

BOOST_FIXTURE_TEST_CASE(a_file_is_given_away_at_last_to_who_is_not_seen,
                        phases_at) {
  enter(exclusive);
  wait(exclusive);
  for (int i = 1; i <= mutex_phases::most_checks; ++i) {
    BOOST_TEST(end_exclusive() == "pass");
    enter(exclusive);
    now += mutex_phases::passing_time;
    BOOST_TEST(end_exclusive() == "check");
    const bool is_last = i == mutex_phases::most_checks;
    BOOST_TEST(checked(true) == (is_last ? "release" : "pass"));
    if (!is_last) enter(exclusive);
  }
  released(exclusive);
  BOOST_TEST(enter(exclusive) == "wait(2000000)");
  now += mutex_phases::yielding_time;
  enter(exclusive);
  BOOST_TEST(end_exclusive(true) == "check"); // which is the first again
  BOOST_TEST(checked(true) == "pass");
}

BOOST_FIXTURE_TEST_CASE(a_check_passes_nothing_on_if_all_have_given_up,
                        phases_at) {
  enter(exclusive);
  wait(exclusive);
  BOOST_TEST(end_exclusive(true) == "check");
  phases.abandon_wait(exclusive);
  BOOST_TEST(checked(true) == "release");
  released(exclusive);
  BOOST_TEST(enter(exclusive) == "acquire"); // nothing was given away
}

BOOST_FIXTURE_TEST_CASE(the_last_that_gives_up_releases_what_was_kept_for_it,
                        phases_at) {
  enter(exclusive);
  wait(exclusive);
  wait(exclusive);
  end_exclusive();
  phases.passed();
  BOOST_TEST(name(phases.abandon_wait(exclusive)) == "a writer");
  BOOST_TEST(!phases.takes_what_is_left());
  BOOST_TEST(name(phases.abandon_wait(exclusive)) == "nobody");
  BOOST_TEST(phases.takes_what_is_left());
  BOOST_TEST(enter(exclusive) == "wait"); // it is being released
  released(exclusive);
  BOOST_TEST(!phases.takes_what_is_left());
  BOOST_TEST(enter(exclusive) == "acquire");
}

BOOST_FIXTURE_TEST_CASE(an_unused_lock_has_nothing_to_remember, phases_at) {
  BOOST_TEST(phases.is_unused());
  enter(exclusive);
  BOOST_TEST(!phases.is_unused());
  wait(exclusive);
  released(exclusive);
  BOOST_TEST(!phases.is_unused());
  phases.abandon_wait(exclusive);
  BOOST_TEST(phases.is_unused());
  enter(shared);
  acquired_shared();
  now += shared_hold::joining_time;
  phases.looked(true, now);
  enter(shared);
  leave();
  released(shared);
  BOOST_TEST(!phases.is_unused()); // the file is left to others
}

// ---- Random schedules ----

namespace {

/// A process with threads that use one file_mutex, and other processes. Each
/// step is one thread's, whatever the others are about.
class world {
public:
  explicit world(unsigned seed) : random_(seed), threads_(2 + random_() % 5) {}

  /// \returns What went wrong; empty if nothing did.
  std::string run() {
    for (int i = 0; i != 300 && wrong_.empty(); ++i)
      step();
    // No more faults, no others: whoever waits must get in.
    is_calm_ = true;
    others_ = file();
    for (int i = 0; i != 5000 && wrong_.empty() && !is_over(); ++i)
      step();
    if (wrong_.empty() && !is_over()) wrong_ = "somebody never got in";
    return wrong_;
  }

  int joins = 0;
  int looks = 0;
  int abandoned = 0;
  int yields = 0;
  int passes = 0;
  int left_over = 0;

private:
  enum class state {
    idle,
    asking,
    sleeping,
    acquiring, // the file lock
    acquired,  // the file lock; the others do not know yet
    holding,
    releasing, // the file lock
    released   // the file lock; the others do not know yet
  };
  struct thread {
    state at = state::idle;
    lock_mode mode = exclusive;
    bool waits = false; // asks again where it is to wait
    bool counts = false;
    nanoseconds wakes_at = unbounded;
  };
  struct file {
    int readers = 0;
    bool writer = false;
    bool admits(lock_mode mode) const {
      return !writer && (mode == shared || readers == 0);
    }
  };

  bool chance(unsigned of) { return random_() % of == 0; }

  bool is_over() const {
    return std::all_of(threads_.begin(), threads_.end(),
                       [](const thread& t) { return t.at == state::idle; });
  }

  std::size_t count(state at) const {
    return static_cast<std::size_t>(
        std::count_if(threads_.begin(), threads_.end(),
                      [&](const thread& t) { return t.at == at; }));
  }

  void fail(const char* what) {
    if (wrong_.empty()) wrong_ = what;
  }

  void step() {
    if (chance(3)) now_ += nanoseconds(random_() % 8'000'000);
    if (!is_calm_) step_of_others();
    step_of(threads_[random_() % threads_.size()]);
    check();
  }

  void step_of_others() {
    switch (random_() % 8) {
    case 0:
      if (others_.admits(exclusive) && own_.admits(exclusive))
        others_.writer = true;
      break;
    case 1:
      if (others_.admits(shared) && own_.admits(shared)) ++others_.readers;
      break;
    case 2:
      others_.writer = false;
      break;
    case 3:
      if (others_.readers > 0) --others_.readers;
      break;
    default:
      break;
    }
  }

  void step_of(thread& t) {
    switch (t.at) {
    case state::idle:
      if (is_calm_) return;
      t.mode = chance(2) ? exclusive : shared;
      t.waits = !chance(4);
      t.at = state::asking;
      return;
    case state::asking:
      if (t.counts && !is_calm_ && chance(16)) return give_up(t); // it threw
      return ask(t);
    case state::sleeping:
      if (!is_calm_ && chance(8))
        give_up(t); // its time is over, or it is stopped
      else if (now_ >= t.wakes_at || chance(50))
        t.at = state::asking;
      return;
    case state::acquiring:
      if (!is_calm_ && chance(8)) {
        t.at = state::idle;
        wake_up(phases_.failed(t.mode));
      } else if (others_.admits(t.mode)) {
        if (!own_.admits(exclusive)) fail("the file is held already");
        take(t.mode, true);
        t.at = t.mode == shared ? state::acquired : state::holding;
      }
      return;
    case state::acquired:
      first_reader_ = now_;
      yields_ = false;
      t.at = state::holding;
      wake_up(phases_.acquired_shared(now_, &t));
      return;
    case state::holding:
      if (t.mode == exclusive ? !passes_on()
                              : phases_.leave(&t, [this] { return now_; }))
        t.at = state::releasing;
      else
        t.at = state::idle;
      return;
    case state::releasing:
      take(t.mode, false);
      t.at = state::released;
      return;
    case state::released:
      yields_ = yields_ || is_late_ || is_given_away_;
      writers_yield_ = is_given_away_;
      is_late_ = false;
      is_given_away_ = false;
      released_ = now_;
      t.at = state::idle;
      wake_up(phases_.released(t.mode, [this] { return now_; }));
      return;
    }
  }

  void give_up(thread& t) {
    ++abandoned;
    t.at = state::idle;
    t.counts = false;
    waiting(t.mode, -1);
    wake_up(phases_.abandon_wait(t.mode));
    if (!phases_.takes_what_is_left()) return;
    if (!is_kept_) fail("there is nothing left");
    ++left_over;
    is_kept_ = false;
    t.at = state::releasing;
  }

  /// A writer ends its hold. \returns Whether the lock stays with the process.
  bool passes_on() {
    ending answer = phases_.end_exclusive([this] { return now_; }, chance(8));
    if (answer == ending::check) {
      const bool may_pass = chance(4);
      answer = phases_.checked(may_pass, now_);
      passing_since_ = now_;
      is_given_away_ = !may_pass || ++checks_ == mutex_phases::most_checks;
    }
    if (answer != ending::pass) return false;
    ++passes;
    if (is_first_pass_) passing_since_ = now_;
    is_first_pass_ = false;
    if (now_ - passing_since_ >= mutex_phases::passing_time)
      fail("the lock was passed on for too long");
    if (is_given_away_) fail("the lock was not given away");
    if (waiting(shared, 0) != 0) fail("the readers' turn was passed over");
    is_kept_ = true;
    wake_up(phases_.passed());
    return true;
  }

  void ask(thread& t) {
    if (t.counts) phases_.resumed(t.mode);
    const bool is_shared = own_.readers != 0 && count(state::holding) != 0;
    const entry answer = phases_.enter(
        t.mode, [this] { return now_; }, t.waits, &t);
    if (answer.what == entry::action::look) {
      if (!is_shared) fail("a look that nobody needs");
      ++looks;
      phases_.looked(chance(2), now_);
      return;
    }
    if (answer.what == entry::action::wait) {
      if (t.mode == shared && is_shared) {
        is_late_ = true;
        if (answer.length == unbounded) fail("a reader waits for readers");
        if (answer.length > (now_ - first_reader_) / 4)
          fail("a reader waits too long");
      } else if (answer.length != unbounded &&
                 !(t.mode == shared ? yields_ : writers_yield_)) {
        fail("a thread waits for nobody");
      }
      t.at = t.waits ? state::sleeping : state::idle;
      if (!t.waits) return;
      if (!t.counts) {
        phases_.begin_wait(t.mode);
        waiting(t.mode, 1);
      }
      t.counts = true;
      t.wakes_at =
          answer.length == unbounded ? unbounded : now_ + answer.length;
      return;
    }
    if (t.counts) {
      phases_.end_wait(t.mode);
      waiting(t.mode, -1);
    }
    t.counts = false;
    if (answer.what == entry::action::join) {
      ++joins;
      t.at = state::holding;
    } else if (answer.what == entry::action::take) {
      if (!is_kept_ || t.mode == shared) fail("there is nothing to take");
      is_kept_ = false;
      t.at = state::holding;
    } else {
      is_first_pass_ = true;
      checks_ = 0;
      if (t.mode == shared ? yields_ : writers_yield_ && t.waits) {
        ++yields;
        if (now_ - released_ < mutex_phases::yielding_time)
          fail("the file was not left to others");
      }
      if (writers_yield_) yields_ = false;
      writers_yield_ = false;
      overtaken(t.mode) = 0;
      const lock_mode other = t.mode == shared ? exclusive : shared;
      if (waiting(other, 0) != 0 && ++overtaken(other) > 1)
        fail("the turn was not passed on");
      t.at = state::acquiring;
    }
  }

  void take(lock_mode mode, bool takes) {
    if (mode == shared)
      own_.readers = takes;
    else
      own_.writer = takes;
  }

  int waiting(lock_mode mode, int more) {
    int& number = mode == shared ? waiting_readers_ : waiting_writers_;
    number += more;
    if (number == 0) overtaken(mode) = 0;
    return number;
  }

  int& overtaken(lock_mode mode) {
    return mode == shared ? overtaken_readers_ : overtaken_writers_;
  }

  void wake_up(wake whom) {
    if (whom == wake::nobody) return;
    const lock_mode mode = whom == wake::one_writer ? exclusive : shared;
    std::vector<thread*> sleeping;
    for (thread& each : threads_)
      if (each.at == state::sleeping && each.mode == mode)
        sleeping.push_back(&each);
    // Which of them a condition variable wakes, is not said.
    std::shuffle(sleeping.begin(), sleeping.end(), random_);
    for (thread* each : sleeping) {
      each->at = state::asking;
      if (whom != wake::all_readers) break;
    }
  }

  void check() {
    const std::size_t owners = count(state::acquiring) +
                               count(state::acquired) +
                               count(state::releasing) + count(state::released);
    std::size_t readers = 0;
    std::size_t writers = 0;
    bool is_somebody_awake = owners != 0;
    for (const thread& each : threads_) {
      if (each.at == state::holding)
        ++(each.mode == shared ? readers : writers);
      is_somebody_awake =
          is_somebody_awake || each.at == state::asking ||
          each.at == state::holding ||
          (each.at == state::sleeping && each.wakes_at != unbounded);
    }
    if (owners > 1) fail("two threads at the file");
    if (writers > 1) fail("two writers");
    if (writers != 0 && readers != 0) fail("a reader beside a writer");
    if (owners != 0 && readers + writers != 0) fail("an owner beside a holder");
    if (writers != 0 && !own_.writer) fail("a writer without the file lock");
    if (readers != 0 && own_.readers == 0)
      fail("a reader without the file lock");
    if (owners + readers + writers == 0 && !own_.admits(exclusive) && !is_kept_)
      fail("the file lock is held for nobody");
    if (is_kept_ && owners + readers + writers != 0)
      fail("two threads have the lock that was passed on");
    if (is_kept_ && waiting(exclusive, 0) == 0)
      fail("the file lock is kept for nobody");
    if (own_.writer && !others_.admits(exclusive)) fail("the model is wrong");
    if (count(state::sleeping) != 0 && !is_somebody_awake)
      fail("a lost wake-up");
  }

  std::mt19937 random_;
  mutex_phases phases_;
  std::vector<thread> threads_;
  file own_;
  file others_;
  nanoseconds now_{1};
  nanoseconds first_reader_{};
  nanoseconds released_{};
  nanoseconds passing_since_{};
  int checks_ = 0;
  bool is_first_pass_ = true;
  bool is_kept_ = false; // by this process, for its next writer
  bool is_given_away_ = false;
  bool writers_yield_ = false;
  bool is_late_ = false;
  bool yields_ = false;
  bool is_calm_ = false;
  int waiting_readers_ = 0;
  int waiting_writers_ = 0;
  int overtaken_readers_ = 0;
  int overtaken_writers_ = 0;
  std::string wrong_;
};

} // namespace

BOOST_AUTO_TEST_CASE(no_schedule_breaks_a_law) {
  int joins = 0;
  int looks = 0;
  int abandoned = 0;
  int yields = 0;
  int passes = 0;
  int left_over = 0;
  for (unsigned seed = 0; seed != 2000; ++seed) {
    world each(seed);
    const std::string wrong = each.run();
    BOOST_TEST_CONTEXT("seed " << seed)
    BOOST_TEST_REQUIRE(wrong == "");
    joins += each.joins;
    looks += each.looks;
    abandoned += each.abandoned;
    yields += each.yields;
    passes += each.passes;
    left_over += each.left_over;
  }
  // The schedules have come by what they are to try.
  BOOST_TEST(joins > 1000);
  BOOST_TEST(looks > 50);
  BOOST_TEST(abandoned > 1000);
  BOOST_TEST(yields > 100);
  BOOST_TEST(passes > 1000);
  BOOST_TEST(left_over > 10);
}

// ---- Every schedule of three threads ----

namespace {

/// Three threads, each of which acquires twice, and a file lock that nobody
/// else wants. One thread gives up a wait, and one file lock is refused. Time
/// passes only where a sleeper, or the end of the passing time, needs it.
class small_world {
public:
  /// \param modes Two for each thread.
  explicit small_world(const std::string& modes) {
    for (std::size_t i = 0; i != modes.size(); ++i)
      threads_[i / 2].script[i % 2] = modes[i] == 'w' ? exclusive : shared;
  }

  /// \returns All worlds that one step leads to, each with one choice.
  std::vector<small_world> next() const {
    std::vector<small_world> result;
    for (std::size_t i = 0; i != threads_.size(); ++i)
      for (int choice = 0;; ++choice) {
        small_world after = *this;
        if (!after.step(after.threads_[i], choice)) break;
        after.check();
        result.push_back(after);
      }
    return result;
  }

  bool is_over() const {
    return std::all_of(threads_.begin(), threads_.end(),
                       [](const thread& t) { return t.done == 2; });
  }

  const char* wrong() const {
    if (wrong_) return wrong_;
    return is_over() && file_ != 0 ? "the file lock is left held" : nullptr;
  }

  /// \returns A number that hardly any other state has.
  std::size_t hash() const {
    return std::hash<std::string_view>()(
        std::string_view(reinterpret_cast<const char*>(this), sizeof *this));
  }

private:
  enum class state : int { asking, sleeping, acquiring, holding, releasing };
  struct thread {
    lock_mode script[2]{};
    state at = state::asking;
    int done = 0;
    int counts = 0; // as a waiter
    int is_woken = 0;
    lock_mode mode() const { return script[done]; }
  };

  /// \returns Whether the thread has such a choice.
  bool step(thread& t, int choice) {
    if (t.done == 2) return false;
    switch (t.at) {
    case state::asking:
      // It may give up, once in all threads.
      if (choice == 1 && gives_up_ && t.counts) return give_up(t);
      if (choice != 0) return false;
      ask(t);
      return true;
    case state::sleeping:
      if (choice == 0) {
        if (!t.is_woken && wakes_at(t) == unbounded) return step(t, 1);
        now_ = (std::max)(now_, t.is_woken ? now_ : wakes_at(t));
        t.is_woken = 0;
        t.at = state::asking;
        return true;
      }
      if (choice == 1 && gives_up_) return give_up(t);
      return false;
    case state::acquiring:
      if (choice == 1 && fails_) {
        fails_ = 0;
        ++t.done;
        t.at = state::asking;
        wake_up(phases_.failed(t.script[t.done - 1]));
        return true;
      }
      if (choice != 0) return false;
      if (file_ != 0) fail("the file is held already");
      file_ = 1;
      if (t.mode() == shared)
        wake_up(phases_.acquired_shared(now_, &address_of(t)));
      t.at = state::holding;
      return true;
    case state::holding:
      return end_hold(t, choice);
    default:
      if (choice != 0) return false;
      file_ = 0;
      const lock_mode mode = released_mode(t);
      t.at = state::asking;
      ++t.done;
      wake_up(phases_.released(mode, [this] { return now_; }));
      return true;
    }
  }

  lock_mode released_mode(const thread& t) const {
    return is_left_over_ ? exclusive : t.mode();
  }

  // Threads are told apart by where they stand in the first world.
  const char& address_of(const thread& t) const {
    static const char addresses[3] = {};
    return addresses[&t - threads_.data()];
  }

  nanoseconds wakes_at(const thread& t) const {
    return wakes_at_[static_cast<std::size_t>(&t - threads_.data())];
  }

  bool give_up(thread& t) {
    gives_up_ = 0;
    t.counts = 0;
    t.is_woken = 0;
    t.at = state::asking;
    wake_up(phases_.abandon_wait(t.mode()));
    if (phases_.takes_what_is_left()) {
      is_left_over_ = 1;
      t.at = state::releasing;
      return true;
    }
    ++t.done;
    return true;
  }

  bool end_hold(thread& t, int choice) {
    if (t.mode() == shared) {
      if (choice != 0) return false;
      if (phases_.leave(&address_of(t), [this] { return now_; }))
        t.at = state::releasing;
      else
        end(t);
      return true;
    }
    if (choice > 2) return false;
    // At once, or after the passing time: others wait then, or do not.
    if (choice != 0) now_ += mutex_phases::passing_time;
    ending answer = phases_.end_exclusive([this] { return now_; }, false);
    if (answer == ending::check) answer = phases_.checked(choice == 1, now_);
    if (answer == ending::pass) {
      end(t);
      wake_up(phases_.passed());
    } else {
      t.at = state::releasing;
    }
    return true;
  }

  void end(thread& t) {
    ++t.done;
    t.at = state::asking;
  }

  void ask(thread& t) {
    if (t.counts) phases_.resumed(t.mode());
    entry answer = phases_.enter(
        t.mode(), [this] { return now_; }, true, &address_of(t));
    if (answer.what == entry::action::look) {
      phases_.looked(false, now_);
      return;
    }
    if (answer.what == entry::action::wait) {
      if (!t.counts) phases_.begin_wait(t.mode());
      t.counts = 1;
      t.at = state::sleeping;
      wakes_at_[static_cast<std::size_t>(&t - threads_.data())] =
          answer.length == unbounded ? unbounded : now_ + answer.length;
      return;
    }
    if (t.counts) phases_.end_wait(t.mode());
    t.counts = 0;
    t.at = answer.what == entry::action::acquire ? state::acquiring
                                                 : state::holding;
  }

  void wake_up(wake whom) {
    if (whom == wake::nobody) return;
    const lock_mode mode = whom == wake::one_writer ? exclusive : shared;
    for (thread& each : threads_)
      if (each.done != 2 && each.at == state::sleeping && !each.is_woken &&
          each.mode() == mode) {
        each.is_woken = 1;
        if (whom != wake::all_readers) return;
      }
  }

  void check() {
    int readers = 0;
    int writers = 0;
    int owners = 0;
    for (const thread& each : threads_) {
      if (each.done == 2) continue;
      if (each.at == state::holding)
        ++(each.mode() == shared ? readers : writers);
      if (each.at == state::acquiring || each.at == state::releasing) ++owners;
    }
    if (owners + writers > 1 || (owners + writers != 0 && readers != 0))
      fail("two threads that exclude each other");
    if (readers + writers != 0 && file_ == 0) fail("without the file lock");
  }

  void fail(const char* what) {
    if (!wrong_) wrong_ = what;
  }

  std::array<thread, 3> threads_{};
  std::array<nanoseconds, 3> wakes_at_{};
  mutex_phases phases_;
  nanoseconds now_{1};
  const char* wrong_ = nullptr;
  int file_ = 0;
  int gives_up_ = 1;
  int fails_ = 1;
  int is_left_over_ = 0;
};

/// \returns What goes wrong in a schedule; empty if nothing does in any.
std::string wrong_in_any_schedule(const std::string& modes,
                                  std::size_t& states) {
  std::unordered_set<std::size_t> seen;
  std::vector<small_world> open{small_world(modes)};
  while (!open.empty()) {
    const small_world world = open.back();
    open.pop_back();
    if (world.wrong()) return modes + ": " + world.wrong();
    if (!seen.insert(world.hash()).second) continue;
    const std::vector<small_world> next = world.next();
    if (next.empty() && !world.is_over()) return modes + ": a lost wake-up";
    open.insert(open.end(), next.begin(), next.end());
  }
  states += seen.size();
  BOOST_TEST_MESSAGE(modes << ": " << seen.size() << " states");
  return "";
}

} // namespace

BOOST_AUTO_TEST_CASE(no_schedule_of_three_threads_breaks_a_law) {
  std::size_t states = 0;
  for (const char* const modes : {"wwwwww", "wwwwrr", "wrwrwr", "rrrrww"})
    BOOST_TEST(wrong_in_any_schedule(modes, states) == "");
  BOOST_TEST(states > 10000u);
}

BOOST_AUTO_TEST_SUITE_END()
