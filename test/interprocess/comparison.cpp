// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: linux: clocks of its own by raw calls; see windows.interprocess
// ALONE
// LABELS: process

// boost::interprocess::file_lock and ours, side by side: first what both do,
// then each difference, asserted of both. test/older_boost compiles this again
// with Boost 1.74, whose class has no durations, and of the time points ptime.

#define BOOST_CHRONO_HEADER_ONLY
#define BOOST_TEST_MODULE interprocess_comparison
#if defined(FILELOCK_TEST_HEADER_ONLY)
#include <boost/test/included/unit_test.hpp>
#else
#include <boost/test/unit_test.hpp>
#endif

#include "support/child_process.hpp"
#include "support/descriptors.hpp"
#include "support/interprocess_locks.hpp"
#include "support/interprocess_processes.hpp"
#include "support/other_user.hpp"
#include "support/posix_calls.hpp"
#include "support/steered_clock.hpp"

#include <boost/chrono/system_clocks.hpp>
#include <boost/date_time/posix_time/posix_time_types.hpp>
#include <boost/version.hpp>

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <limits>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <type_traits>
#include <utility>

namespace comparison {

namespace ipc = boost::interprocess;
namespace posix_time = boost::posix_time;

using namespace std::chrono_literals;
using test::boost_lock;
using test::both_locks;
using test::child_process;
using test::existing_file;
using test::is_ours;
using test::line_channel;
using test::observer;
using test::our_lock;

// ---- Which class has what: Boost's since 1.77 and 1.78 ----

template <class Lock, class = void>
inline constexpr bool has_durations = false;
template <class Lock>
inline constexpr bool has_durations<
    Lock, std::void_t<decltype(std::declval<Lock&>().try_lock_for(1s))>> = true;
template <class Lock>
inline constexpr bool has_all_time_points =
    is_ours<Lock> || BOOST_VERSION >= 107700;

static_assert(has_durations<our_lock>);
static_assert(has_durations<boost_lock> == (BOOST_VERSION >= 107800));

// ---- Tools ----

/// What an exception of Boost's says; empty where there is none.
template <class Function>
std::string error_of(Function function) {
  try {
    function();
    return "";
  } catch (const ipc::interprocess_exception& error) {
    return std::to_string(error.get_native_error()) + ' ' +
           std::to_string(error.get_error_code()) + ' ' + error.what();
  }
}

template <class Lock>
std::string error_of_opening(const std::string& path) {
  return error_of([&] { const Lock lock(path.c_str()); });
}

posix_time::ptime utc_now() {
  return posix_time::microsec_clock::universal_time();
}

std::string content(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// An object that another process is excluded by.
template <class Lock>
struct held_file : existing_file {
  held_file() { lock.lock(); }

  observer other{path};
  Lock lock{path.c_str()};
};

/// An object, and another process that holds the lock.
template <class Lock>
struct busy_file : existing_file {
  busy_file() { BOOST_TEST_REQUIRE(holder.ask("lock") == "locked"); }

  Lock lock{path.c_str()};
  child_process holder = test::contender<boost_lock>(path);
};

/// \returns What a process says whose wait for the held lock is not over yet,
/// or its answer.
std::string answer_or_waits(child_process& process, const std::string& path) {
  std::string seen = "(neither)";
  test::wait_until_seen([&] {
    if (process.has_line())
      seen = process.read_line();
    else if (test::is_blocked_on(path))
      seen = "waits";
    else
      return false;
    return true;
  });
  return seen;
}

} // namespace comparison

// No unnamed one: test/older_boost includes this file.
using namespace comparison;

// ======== What both do ========

// ---- Opening ----

BOOST_AUTO_TEST_CASE_TEMPLATE(a_missing_file_is_an_error_and_stays_missing,
                              Lock, both_locks) {
  const test::temporary_folder folder;
  const std::string path = (folder / "missing").string();
  BOOST_TEST(error_of_opening<Lock>(path) == "2 7 No such file or directory");
  BOOST_TEST(!std::filesystem::exists(path));
}

BOOST_AUTO_TEST_CASE(both_classes_report_the_same_error_of_open) {
  const existing_file file;
  const std::string folder = file.folder.path().string();
  std::filesystem::create_symlink("loop", file.folder / "loop");
  for (const std::string& path :
       {std::string(), folder, file.path + "/below", folder + "/missing/file",
        folder + "/loop", folder + '/' + std::string(300, 'x'),
        std::string(5000, 'x')}) {
    BOOST_TEST_CONTEXT(path) {
      const std::string theirs = error_of_opening<boost_lock>(path);
      BOOST_TEST(theirs != "");
      BOOST_TEST(error_of_opening<our_lock>(path) == theirs);
    }
  }
  // Undefined with Boost's: open(2) is declared to need a name.
  const char* const nothing = nullptr;
  BOOST_TEST(error_of([&] { const our_lock lock(nothing); }) ==
             "14 1 Bad address");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_symbolic_link_is_followed, Lock, both_locks) {
  const existing_file file;
  const std::string link = (file.folder / "link").string();
  std::filesystem::create_symlink("a.lock", link);
  observer other(file.path);
  Lock lock(link.c_str());
  lock.lock();
  BOOST_TEST(other.sees_exclusive());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_device_may_be_locked, Lock, both_locks) {
  Lock lock("/dev/null");
  BOOST_TEST(error_of([&] {
               lock.lock_sharable();
               lock.unlock_sharable();
             }) == "");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_file_is_not_changed, Lock, both_locks) {
  const existing_file file;
  std::ofstream(file.path) << "content";
  struct ::stat before;
  struct ::stat after;
  BOOST_TEST_REQUIRE(::stat(file.path.c_str(), &before) == 0);
  {
    Lock lock(file.path.c_str());
    lock.lock();
    lock.unlock();
    lock.lock_sharable();
  }
  BOOST_TEST_REQUIRE(::stat(file.path.c_str(), &after) == 0);
  BOOST_TEST(content(file.path) == "content");
  const ::timespec modified = test::modified(before);
  BOOST_TEST(test::modified(after).tv_sec == modified.tv_sec);
  BOOST_TEST(test::modified(after).tv_nsec == modified.tv_nsec);
  BOOST_TEST(test::changed(after).tv_nsec == test::changed(before).tv_nsec);
  BOOST_TEST(after.st_mode == before.st_mode);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_relative_path_stays_the_same_file, Lock,
                              both_locks) {
  const existing_file file;
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(file.folder.path());
  Lock lock("a.lock");
  std::filesystem::current_path(before);
  BOOST_TEST(test::failure_in_child([&]() -> std::string {
               return lock.try_lock() ? "" : "busy";
             }) == "");
  observer other(file.path);
  lock.lock();
  BOOST_TEST(other.sees_exclusive());
}

// ---- Objects without a file ----

BOOST_AUTO_TEST_CASE_TEMPLATE(an_object_without_a_file_has_a_bad_descriptor,
                              Lock, both_locks) {
  const std::string bad = "9 1 Bad file descriptor";
  const existing_file file;
  Lock moved_from(file.path.c_str());
  const Lock taken(std::move(moved_from));
  Lock empty;
  for (Lock* each : {&empty, &moved_from}) {
    BOOST_TEST(error_of([&] { each->lock(); }) == bad);
    BOOST_TEST(error_of([&] { each->try_lock(); }) == bad);
    BOOST_TEST(error_of([&] { each->timed_lock(utc_now()); }) == bad);
    BOOST_TEST(error_of([&] { each->unlock(); }) == bad);
    BOOST_TEST(error_of([&] { each->lock_sharable(); }) == bad);
    BOOST_TEST(error_of([&] { each->try_lock_sharable(); }) == bad);
    BOOST_TEST(error_of([&] { each->timed_lock_sharable(utc_now()); }) == bad);
    BOOST_TEST(error_of([&] { each->unlock_sharable(); }) == bad);
  }
}

// ---- Holding ----

BOOST_AUTO_TEST_CASE_TEMPLATE(each_form_acquires_what_it_says, Lock,
                              both_locks) {
  const existing_file file;
  observer other(file.path);
  Lock lock(file.path.c_str());
  BOOST_TEST(other.sees_free());
  lock.lock();
  BOOST_TEST(other.sees_exclusive());
  lock.unlock();
  BOOST_TEST(lock.try_lock());
  BOOST_TEST(other.sees_exclusive());
  lock.unlock();
  BOOST_TEST(lock.timed_lock(utc_now()));
  BOOST_TEST(other.sees_exclusive());
  lock.unlock();
  lock.lock_sharable();
  BOOST_TEST(other.sees_shared());
  lock.unlock_sharable();
  BOOST_TEST(lock.try_lock_sharable());
  BOOST_TEST(other.sees_shared());
  lock.unlock_sharable();
  BOOST_TEST(lock.timed_lock_sharable(utc_now()));
  BOOST_TEST(other.sees_shared());
  lock.unlock_sharable();
  BOOST_TEST(other.sees_free());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_standard_names_acquire_what_they_say, Lock,
                              both_locks) {
  if constexpr (has_durations<Lock>) {
    const existing_file file;
    observer other(file.path);
    Lock lock(file.path.c_str());
    BOOST_TEST(lock.try_lock_until(std::chrono::steady_clock::now()));
    BOOST_TEST(other.sees_exclusive());
    lock.unlock();
    BOOST_TEST(lock.try_lock_for(0s));
    BOOST_TEST(other.sees_exclusive());
    lock.unlock();
    lock.lock_shared();
    BOOST_TEST(other.sees_shared());
    lock.unlock_shared();
    BOOST_TEST(lock.try_lock_shared());
    BOOST_TEST(other.sees_shared());
    lock.unlock_shared();
    BOOST_TEST(lock.try_lock_shared_until(std::chrono::steady_clock::now()));
    BOOST_TEST(other.sees_shared());
    lock.unlock_shared();
    BOOST_TEST(lock.try_lock_shared_for(0s));
    BOOST_TEST(other.sees_shared());
    lock.unlock_shared();
    BOOST_TEST(other.sees_free());
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_lock_is_taken_twice_and_released_once, Lock,
                              both_locks) {
  held_file<Lock> file;
  file.lock.lock();
  BOOST_TEST(file.lock.try_lock());
  BOOST_TEST(file.lock.timed_lock(utc_now()));
  file.lock.unlock();
  BOOST_TEST(file.other.sees_free());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_release_without_a_hold_is_no_error, Lock,
                              both_locks) {
  const existing_file file;
  Lock lock(file.path.c_str());
  lock.unlock();
  lock.unlock_sharable();
  BOOST_TEST(lock.try_lock());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(either_release_ends_either_hold, Lock,
                              both_locks) {
  held_file<Lock> file;
  file.lock.unlock_sharable();
  BOOST_TEST(file.other.sees_free());
  file.lock.lock_sharable();
  file.lock.unlock();
  BOOST_TEST(file.other.sees_free());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_held_lock_converts, Lock, both_locks) {
  held_file<Lock> file;
  file.lock.lock_sharable();
  BOOST_TEST(file.other.sees_shared());
  file.lock.lock();
  BOOST_TEST(file.other.sees_exclusive());
  BOOST_TEST(file.lock.try_lock_sharable());
  BOOST_TEST(file.other.sees_shared());
  BOOST_TEST(file.lock.try_lock());
  BOOST_TEST(file.other.sees_exclusive());
  BOOST_TEST(file.lock.timed_lock_sharable(utc_now()));
  BOOST_TEST(file.other.sees_shared());
  BOOST_TEST(file.lock.timed_lock(utc_now()));
  BOOST_TEST(file.other.sees_exclusive());
  file.lock.unlock();
  BOOST_TEST(file.other.sees_free());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_refused_conversion_keeps_the_hold, Lock,
                              both_locks) {
  const existing_file file;
  child_process other = test::contender<boost_lock>(file.path);
  Lock lock(file.path.c_str());
  lock.lock_sharable();
  BOOST_TEST(other.ask("try_shared") == "locked");
  BOOST_TEST(!lock.try_lock());
  BOOST_TEST(!lock.timed_lock(utc_now() + posix_time::milliseconds(2)));
  BOOST_TEST(other.ask("unlock") == "unlocked");
  BOOST_TEST(other.ask("try") == "busy");
  BOOST_TEST(lock.try_lock());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_conversion_waits_for_other_sharers, Lock,
                              both_locks) {
  const existing_file file;
  child_process other = test::contender<boost_lock>(file.path);
  BOOST_TEST(other.ask("shared") == "locked");
  child_process converting = test::waiter<Lock>(file.path, [](Lock& lock) {
    lock.lock_sharable();
    lock.lock();
  });
  BOOST_TEST(test::wait_until_blocked_on(file.path));
  BOOST_TEST(!converting.has_line());
  BOOST_TEST(other.ask("unlock") == "unlocked");
  BOOST_TEST(converting.read_line() == "locked");
  BOOST_TEST(other.ask("try_shared") == "busy");
}

// ---- Moves ----

BOOST_AUTO_TEST_CASE_TEMPLATE(a_held_lock_moves, Lock, both_locks) {
  held_file<Lock> file;
  Lock moved(std::move(file.lock));
  BOOST_TEST(file.other.sees_exclusive());
  Lock assigned;
  assigned = std::move(moved);
  BOOST_TEST(file.other.sees_exclusive());
  Lock swapped;
  assigned.swap(swapped);
  BOOST_TEST(file.other.sees_exclusive());
  std::swap(assigned, swapped);
  BOOST_TEST(file.other.sees_exclusive());
  assigned.unlock();
  BOOST_TEST(file.other.sees_free());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_assignment_releases_what_was_held, Lock,
                              both_locks) {
  held_file<Lock> file;
  file.lock = Lock();
  BOOST_TEST(file.other.sees_free());
  file.lock = file.path.c_str(); // the constructor is implicit
  file.lock.lock();
  BOOST_TEST(file.other.sees_exclusive());
  file.lock = file.path.c_str();
  BOOST_TEST(file.other.sees_free());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_destructor_releases, Lock, both_locks) {
  const existing_file file;
  observer other(file.path);
  {
    Lock lock(file.path.c_str());
    lock.lock();
    BOOST_TEST(other.sees_exclusive());
  }
  BOOST_TEST(other.sees_free());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(nothing_throws_that_must_not, Lock, both_locks) {
  constexpr bool is_old = !is_ours<Lock> && BOOST_VERSION < 107600;
  static_assert(std::is_nothrow_default_constructible_v<Lock> != is_old);
  static_assert(std::is_nothrow_move_constructible_v<Lock> != is_old);
  static_assert(std::is_nothrow_move_assignable_v<Lock> != is_old);
  static_assert(noexcept(std::declval<Lock&>().swap(std::declval<Lock&>())) !=
                is_old);
  static_assert(std::is_nothrow_destructible_v<Lock>);
  static_assert(!std::is_copy_constructible_v<Lock>);
  static_assert(!std::is_copy_assignable_v<Lock>);
  static_assert(!std::is_final_v<Lock>);
  static_assert(std::is_convertible_v<const char*, Lock>);
  static_assert(!std::is_constructible_v<Lock, std::string>);
}

// ---- Time ----

namespace comparison {

/// A busy lock is not acquired in a while, a free one is, whatever that is.
template <class Lock, class Acquire>
void check_time(const char* name, Acquire acquire) {
  BOOST_TEST_CONTEXT(name) {
    busy_file<Lock> file;
    BOOST_TEST(!acquire(file.lock));
    BOOST_TEST(file.holder.ask("unlock") == "unlocked");
    BOOST_TEST(acquire(file.lock));
    BOOST_TEST(file.holder.ask("try") == "busy");
  }
}

} // namespace comparison

BOOST_AUTO_TEST_CASE_TEMPLATE(a_ptime_is_waited_for, Lock, both_locks) {
  check_time<Lock>("past", [](Lock& lock) {
    return lock.timed_lock(utc_now() - posix_time::hours(1));
  });
  check_time<Lock>("future", [](Lock& lock) {
    const auto end = utc_now() + posix_time::milliseconds(3);
    const bool result = lock.timed_lock(end);
    BOOST_TEST((result || utc_now() >= end));
    return result;
  });
  check_time<Lock>("neg_infin", [](Lock& lock) {
    return lock.timed_lock(posix_time::ptime(boost::date_time::neg_infin));
  });
  check_time<Lock>("min", [](Lock& lock) {
    return lock.timed_lock(posix_time::ptime(boost::date_time::min_date_time));
  });
  check_time<Lock>("sharable, past", [](Lock& lock) {
    return lock.timed_lock_sharable(utc_now() - posix_time::hours(1)) &&
           (lock.unlock(), lock.try_lock());
  });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_infinite_ptime_waits_in_the_kernel, Lock,
                              both_locks) {
  existing_file file;
  child_process holder = test::contender<boost_lock>(file.path);
  BOOST_TEST(holder.ask("lock") == "locked");
  child_process waiting = test::waiter<Lock>(file.path, [](Lock& lock) {
    return lock.timed_lock(posix_time::ptime(boost::date_time::pos_infin));
  });
  BOOST_TEST(test::wait_until_blocked_on(file.path));
  BOOST_TEST(holder.ask("unlock") == "unlocked");
  BOOST_TEST(waiting.read_line() == "locked");
}

namespace comparison {

/// \returns What comes of an acquire of a busy lock that waits in the kernel.
template <class Lock, class Acquire>
std::string answer_of_waiting(Acquire acquire) {
  existing_file file;
  child_process holder = test::contender<boost_lock>(file.path);
  if (holder.ask("lock") != "locked") return "the holder has no lock";
  child_process waiting = test::waiter<Lock>(file.path, acquire);
  const std::string answer = answer_or_waits(waiting, file.path);
  if (answer != "waits") return answer;
  holder.ask("unlock");
  return answer + ", then " + waiting.read_line();
}

/// \returns What comes of an acquire of a busy lock by polling: the answer it
/// gives while the lock is held, or that it waits, and what follows a release.
template <class Lock, class Acquire>
std::string answer_of_polling(Acquire acquire) {
  existing_file file;
  test::steered_clock clock;
  child_process holder = test::contender<boost_lock>(file.path);
  if (holder.ask("lock") != "locked") return "the holder has no lock";
  child_process waiting = test::waiter<Lock>(file.path, [&](Lock& lock) {
    clock.begin_to_count();
    return acquire(lock);
  });
  // So many readings are of several attempts.
  if (!clock.wait_for_reads_or(12, [&] { return waiting.has_line(); }))
    return "(neither)";
  if (waiting.has_line()) return waiting.read_line();
  holder.ask("unlock");
  return "waits, then " + waiting.read_line();
}

} // namespace comparison

BOOST_AUTO_TEST_CASE_TEMPLATE(a_far_ptime_is_waited_for, Lock, both_locks) {
  const auto acquire = [](Lock& lock) {
    return lock.timed_lock(posix_time::ptime(boost::date_time::max_date_time));
  };
  BOOST_TEST(answer_of_polling<Lock>(acquire) == "waits, then locked");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(time_points_of_any_clock_are_waited_for, Lock,
                              both_locks) {
  if constexpr (has_all_time_points<Lock>) {
    check_time<Lock>("std system", [](Lock& lock) {
      return lock.timed_lock(std::chrono::system_clock::now() + 3ms);
    });
    check_time<Lock>("std steady", [](Lock& lock) {
      return lock.timed_lock(std::chrono::steady_clock::now() + 3ms);
    });
    check_time<Lock>("std, past", [](Lock& lock) {
      return lock.timed_lock(std::chrono::system_clock::time_point());
    });
    check_time<Lock>("boost system", [](Lock& lock) {
      return lock.timed_lock(boost::chrono::system_clock::now() +
                             boost::chrono::milliseconds(3));
    });
    check_time<Lock>("boost steady", [](Lock& lock) {
      const auto end =
          boost::chrono::steady_clock::now() + boost::chrono::milliseconds(3);
      const bool result = lock.timed_lock(end);
      BOOST_TEST((result || boost::chrono::steady_clock::now() >= end));
      return result;
    });
    check_time<Lock>("boost, sharable", [](Lock& lock) {
      return lock.timed_lock_sharable(boost::chrono::system_clock::now()) &&
             (lock.unlock(), lock.try_lock());
    });
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(durations_of_any_kind_are_waited_for, Lock,
                              both_locks) {
  if constexpr (has_durations<Lock>) {
    check_time<Lock>("std", [](Lock& lock) { return lock.try_lock_for(3ms); });
    check_time<Lock>("std, double", [](Lock& lock) {
      return lock.try_lock_for(std::chrono::duration<double>(0.003));
    });
    check_time<Lock>("boost", [](Lock& lock) {
      return lock.try_lock_for(boost::chrono::milliseconds(3));
    });
    check_time<Lock>("posix_time", [](Lock& lock) {
      return lock.try_lock_for(posix_time::milliseconds(3));
    });
    check_time<Lock>("posix_time, negative", [](Lock& lock) {
      return lock.try_lock_for(posix_time::seconds(-1));
    });
    check_time<Lock>("shared", [](Lock& lock) {
      return lock.try_lock_shared_for(boost::chrono::milliseconds(3)) &&
             (lock.unlock(), lock.try_lock());
    });
  }
}

#if __has_include(<boost/interprocess/timed_utils.hpp>)
using boost::interprocess::usduration;
using boost::interprocess::ustime;
#define FILELOCK_TEST_HAS_USTIME
#elif BOOST_VERSION >= 107800
using boost::interprocess::ipcdetail::usduration;
using boost::interprocess::ipcdetail::ustime;
#define FILELOCK_TEST_HAS_USTIME
#endif

#if defined(FILELOCK_TEST_HAS_USTIME)
BOOST_AUTO_TEST_CASE_TEMPLATE(the_time_of_interprocess_is_waited_for, Lock,
                              both_locks) {
  using clock = std::chrono::system_clock;
  const auto microseconds_now = [] {
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(
            clock::now().time_since_epoch())
            .count());
  };
  check_time<Lock>("ustime", [&](Lock& lock) {
    return lock.timed_lock(ustime(microseconds_now() + 3000));
  });
  check_time<Lock>("ustime, past",
                   [](Lock& lock) { return lock.timed_lock(ustime(0)); });
  if constexpr (is_ours<Lock>) // 1.81 has no overload for its own
    check_time<Lock>("usduration", [](Lock& lock) {
      return lock.try_lock_for(usduration(3000));
    });
  const auto far_away = [](Lock& lock) {
    constexpr std::uint64_t last = (std::numeric_limits<std::uint64_t>::max)();
    return lock.timed_lock(ustime(last));
  };
  // What is beyond std::int64_t is no limit to ours, which waits in the kernel.
  if constexpr (is_ours<Lock>)
    BOOST_TEST(answer_of_waiting<Lock>(far_away) == "waits, then locked");
  else
    BOOST_TEST(answer_of_polling<Lock>(far_away) == "waits, then locked");
}
#endif

// ---- A forked child ----

BOOST_AUTO_TEST_CASE_TEMPLATE(a_forked_child_owns_nothing, Lock, both_locks) {
  held_file<Lock> file;
  BOOST_TEST(test::failure_in_child([&]() -> std::string {
               return file.lock.try_lock() ? "owns it" : "";
             }) == "");
  BOOST_TEST(test::failure_in_child([&]() -> std::string {
               file.lock.unlock();
               file.lock = Lock();
               return "";
             }) == "");
  child_process stranger = test::contender<boost_lock>(file.path);
  BOOST_TEST(stranger.ask("try") == "busy");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(parent_and_child_exclude_each_other_by_one_object,
                              Lock, both_locks) {
  const existing_file file;
  Lock lock(file.path.c_str());
  child_process child =
      child_process::forked([&](line_channel& parent) -> std::string {
        for (;;) {
          const std::string command = parent.read_line();
          if (command.front() == '(') return ""; // the end
          parent.write_line(test::obey(lock, command));
        }
      });
  lock.lock();
  BOOST_TEST(child.ask("try") == "busy");
  lock.unlock();
  BOOST_TEST(child.ask("try") == "locked");
  BOOST_TEST(!lock.try_lock());
  BOOST_TEST(child.ask("unlock") == "unlocked");
  BOOST_TEST(lock.try_lock());
}

// ======== The differences ========

BOOST_AUTO_TEST_CASE_TEMPLATE(closing_another_descriptor_keeps_the_lock, Lock,
                              both_locks) {
  held_file<Lock> file;
  BOOST_TEST(file.other.sees_exclusive());
  ::close(::open(file.path.c_str(), O_RDONLY | O_CLOEXEC));
  BOOST_TEST(file.other.sees_exclusive() == is_ours<Lock>);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(two_objects_in_one_process_exclude, Lock,
                              both_locks) {
  held_file<Lock> file;
  Lock second(file.path.c_str());
  BOOST_TEST(second.try_lock() == !is_ours<Lock>);
  // A release by the one is none of the other's.
  second.unlock();
  BOOST_TEST(file.other.sees_exclusive() == is_ours<Lock>);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(two_threads_exclude_each_other, Lock,
                              both_locks) {
  held_file<Lock> file;
  bool is_busy = false;
  std::thread([&] {
    Lock own(file.path.c_str());
    is_busy = !own.try_lock();
  }).join();
  BOOST_TEST(is_busy == is_ours<Lock>);
}

namespace comparison {

template <class Lock, class Duration>
std::string answer_to_longest(const Duration& length) {
  return answer_of_waiting<Lock>(
      [&](Lock& lock) { return lock.try_lock_for(length); });
}

} // namespace comparison

// In Boost's a conversion to an integer overflows, which is undefined: g++
// makes of it a time that is past, clang++ none in particular, and UBSan ends
// the process.
BOOST_AUTO_TEST_CASE_TEMPLATE(the_longest_duration_waits, Lock, both_locks) {
  if constexpr (has_durations<Lock>) {
    const auto is_as_expected = [](const auto& length) {
      if (is_ours<Lock>)
        return answer_to_longest<Lock>(length) == "waits, then locked";
#if defined(__clang__)
#if __has_feature(undefined_behavior_sanitizer)
      return answer_to_longest<Lock>(length) == "(end of output)";
#else
      return true;
#endif
#else
      return answer_to_longest<Lock>(length) == "busy";
#endif
    };
    BOOST_TEST(is_as_expected((std::chrono::hours::max)()));
    BOOST_TEST(is_as_expected((std::chrono::seconds::max)()));
    BOOST_TEST(is_as_expected((std::chrono::milliseconds::max)()));
  }
}

// Boost's takes what is no time for a time that never comes.
BOOST_AUTO_TEST_CASE_TEMPLATE(not_a_date_time_is_one_attempt, Lock,
                              both_locks) {
  const auto acquire = [](Lock& lock) {
    return lock.timed_lock(
        posix_time::ptime(boost::date_time::not_a_date_time));
  };
  BOOST_TEST(answer_of_polling<Lock>(acquire) ==
             (is_ours<Lock> ? "busy" : "waits, then locked"));
}

// Boost's does not compile with it.
BOOST_AUTO_TEST_CASE(a_time_point_coarser_than_its_clock_is_waited_for) {
  check_time<our_lock>("boost, whole seconds", [](our_lock& lock) {
    return lock.timed_lock(
        boost::chrono::time_point_cast<boost::chrono::seconds>(
            boost::chrono::system_clock::now()) -
        boost::chrono::seconds(1));
  });
  check_time<our_lock>("std, whole seconds", [](our_lock& lock) {
    return lock.timed_lock(std::chrono::time_point_cast<std::chrono::seconds>(
                               std::chrono::system_clock::now()) -
                           1s);
  });
}

// Boost's converts them to an unsigned number, which is undefined.
BOOST_AUTO_TEST_CASE(a_negative_duration_or_no_number_is_one_attempt) {
  check_time<our_lock>("negative",
                       [](our_lock& lock) { return lock.try_lock_for(-1s); });
  check_time<our_lock>("NaN", [](our_lock& lock) {
    return lock.try_lock_for(std::chrono::duration<double>(
        std::numeric_limits<double>::quiet_NaN()));
  });
  check_time<our_lock>("hours::min", [](our_lock& lock) {
    return lock.try_lock_for((std::chrono::hours::min)());
  });
  check_time<our_lock>("not_a_date_time", [](our_lock& lock) {
    return lock.try_lock_for(
        posix_time::time_duration(boost::date_time::not_a_date_time));
  });
  BOOST_TEST(answer_to_longest<our_lock>(posix_time::time_duration(
                 boost::date_time::pos_infin)) == "waits, then locked");
}

// A minute is asked for; the wall clock is put an hour forward meanwhile.
BOOST_AUTO_TEST_CASE_TEMPLATE(a_duration_is_measured_by_a_steady_clock, Lock,
                              both_locks) {
  if constexpr (has_durations<Lock>) {
    existing_file file;
    test::steered_clock clock;
    child_process holder = test::contender<boost_lock>(file.path);
    BOOST_TEST(holder.ask("lock") == "locked");
    child_process waiting = test::waiter<Lock>(file.path, [&](Lock& lock) {
      clock.begin_to_count();
      return lock.try_lock_for(1min);
    });
    BOOST_TEST(clock.wait_for_reads(1));
    clock.put_forward(1h);
    // By its third reading from here it has seen what time it is.
    BOOST_TEST(clock.wait_for_reads_or(3, [&] { return waiting.has_line(); }));
    BOOST_TEST(waiting.has_line() == !is_ours<Lock>);
    BOOST_TEST(holder.ask("unlock") == "unlocked");
    BOOST_TEST(waiting.read_line() == (is_ours<Lock> ? "locked" : "busy"));
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_time_point_follows_the_clock_that_is_set, Lock,
                              both_locks) {
  existing_file file;
  test::steered_clock clock;
  child_process holder = test::contender<boost_lock>(file.path);
  BOOST_TEST(holder.ask("lock") == "locked");
  child_process waiting = test::waiter<Lock>(file.path, [&](Lock& lock) {
    clock.begin_to_count();
    return lock.timed_lock(utc_now() + posix_time::minutes(1));
  });
  BOOST_TEST(clock.wait_for_reads(1));
  clock.put_forward(1h);
  BOOST_TEST(waiting.read_line() == "busy");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_timed_wait_pauses_between_attempts, Lock,
                              both_locks) {
  busy_file<Lock> file;
  const test::counted_calls calls;
  BOOST_TEST(!file.lock.timed_lock(utc_now() + posix_time::seconds(1)));
  // Boost's asks 32 times before it first pauses, and yields after that.
  const int unpaused = calls.attempts() - calls.sleeps();
  BOOST_TEST_CONTEXT(calls.attempts()
                     << " attempts, " << calls.sleeps() << " sleeps") {
    if (is_ours<Lock>) {
      BOOST_TEST(unpaused <= 2); // the first and the last
    } else {
      BOOST_TEST(unpaused > 20);
    }
    BOOST_TEST((calls.yields() == 0) == is_ours<Lock>);
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_descriptor_does_not_leak_into_programs, Lock,
                              both_locks) {
  held_file<Lock> file;
  std::string opened;
  std::FILE* const list = ::popen("ls -l /proc/self/fd", "r"); // NOLINT
  BOOST_TEST_REQUIRE(list != nullptr);
  for (int c; (c = std::fgetc(list)) != EOF;)
    opened += static_cast<char>(c);
  ::pclose(list);
  BOOST_TEST(opened.find("->") != opened.npos);
  BOOST_TEST((opened.find(file.path) == opened.npos) == is_ours<Lock>);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_wait_goes_on_after_a_signal, Lock, both_locks) {
  existing_file file;
  const test::counted_blocking_calls calls;
  child_process holder = test::contender<boost_lock>(file.path);
  BOOST_TEST(holder.ask("lock") == "locked");
  const int before = calls.count();
  child_process waiting = test::waiter<Lock>(file.path, [](Lock& lock) {
    struct ::sigaction action = {}; // without SA_RESTART
    action.sa_handler = [](int) {};
    ::sigaction(SIGUSR1, &action, nullptr);
    lock.lock();
  });
  BOOST_TEST(test::wait_until_blocked_on(file.path));
  waiting.kill(SIGUSR1);
  BOOST_TEST(test::wait_until_seen(
      [&] { return waiting.has_line() || calls.count() == before + 2; }));
  const bool goes_on = is_ours<Lock> || BOOST_VERSION >= 108700;
  BOOST_TEST(waiting.has_line() == !goes_on);
  BOOST_TEST(holder.ask("unlock") == "unlocked");
  BOOST_TEST(waiting.read_line() == (goes_on ? "locked" : "error 4"));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_forked_child_has_no_descriptor, Lock,
                              both_locks) {
  const existing_file file;
  Lock lock(file.path.c_str());
  const int kept = is_ours<Lock> ? 0 : 1;
  BOOST_TEST(test::failure_in_child([&]() -> std::string {
               return test::count_descriptors_of(file.path.c_str()) == kept
                          ? ""
                          : "another number";
             }) == "");
}

// A child of Boost's goes on with the file of its parent; ours has to open it
// anew, and does not take another for it.
BOOST_AUTO_TEST_CASE_TEMPLATE(a_forked_child_of_a_replaced_file_cannot_lock,
                              Lock, both_locks) {
  const existing_file file;
  Lock lock(file.path.c_str());
  std::filesystem::rename(file.path, file.path + ".old");
  const auto error_in_child = [&](std::string expected) {
    if (!is_ours<Lock>) expected = "";
    return test::failure_in_child([&]() -> std::string {
      const std::string error = error_of([&] { lock.lock(); });
      return error == expected ? "" : "the error is: " + error;
    });
  };
  BOOST_TEST(error_in_child("2 7 No such file or directory") == "");
  std::ofstream(file.path).flush();
  BOOST_TEST(error_in_child(std::to_string(ESTALE) + " 1 Stale file handle") ==
             "");
  // The parent is not concerned.
  BOOST_TEST(error_of([&] { lock.lock(); }) == "");
}

// Nor can ours open it anew for a child that may not, as a server's that gives
// its rights up.
BOOST_AUTO_TEST_CASE_TEMPLATE(a_forked_child_without_the_rights_cannot_lock,
                              Lock, both_locks) {
  if (!test::can_give_up_root("a_forked_child_without_the_rights_cannot_lock"))
    return;
  const existing_file file;
  Lock lock(file.path.c_str());
  std::filesystem::permissions(file.path, std::filesystem::perms::none);
  const std::string expected = is_ours<Lock> ? "13 3 Permission denied" : "";
  BOOST_TEST(test::failure_in_child([&]() -> std::string {
               if (!test::give_up_root()) return "is still root";
               const std::string error = error_of([&] { lock.lock(); });
               return error == expected ? "" : "the error is: " + error;
             }) == "");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_deadlock_of_processes_is_not_noticed, Lock,
                              both_locks) {
  const existing_file first;
  const existing_file second;
  const auto cross = [](const std::string& mine, const std::string& others) {
    return child_process::forked(
        [&mine, &others](line_channel& parent) -> std::string {
          Lock own(mine.c_str());
          own.lock();
          parent.write_line("locked");
          parent.read_line();
          Lock wanted(others.c_str());
          parent.write_line(
              test::outcome_of(wanted, [](Lock& lock) { lock.lock(); }));
          parent.read_line(); // the end
          return "";
        });
  };
  child_process one = cross(first.path, second.path);
  child_process other = cross(second.path, first.path);
  BOOST_TEST(one.read_line() == "locked");
  BOOST_TEST(other.read_line() == "locked");
  one.write_line("go on");
  BOOST_TEST(test::wait_until_blocked_on(second.path));
  other.write_line("go on");
  BOOST_TEST(answer_or_waits(other, first.path) ==
             (is_ours<Lock> ? "waits" : "error " + std::to_string(EDEADLK)));
  other.kill_and_wait();
  BOOST_TEST(one.read_line() == "locked");
}

// Two owners that share the lock, and both want it for themselves.
BOOST_AUTO_TEST_CASE_TEMPLATE(a_deadlock_of_conversions_is_not_noticed, Lock,
                              both_locks) {
  const existing_file file;
  const test::counted_blocking_calls calls;
  child_process one = test::contender<Lock>(file.path);
  child_process other = test::contender<Lock>(file.path);
  BOOST_TEST(one.ask("shared") == "locked");
  BOOST_TEST(other.ask("shared") == "locked");
  const int before = calls.count();
  one.write_line("lock");
  BOOST_TEST(test::wait_until_blocked_on(file.path));
  other.write_line("lock");
  if (is_ours<Lock>) {
    BOOST_TEST(
        test::wait_until_seen([&] { return calls.count() == before + 2; }));
    one.kill_and_wait();
    BOOST_TEST(other.read_line() == "locked");
  } else {
    BOOST_TEST(other.read_line() == "error " + std::to_string(EDEADLK));
    BOOST_TEST(other.ask("unlock") == "unlocked"); // it has shared it still
    BOOST_TEST(one.read_line() == "locked");
  }
}
