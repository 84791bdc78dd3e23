// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: fork and mmap; see lock.removal
// LABELS: process
// LONG: 1800

// 50 processes create, hold and remove one file, exclusively and shared. Each
// notes when it held the lock; no two of them may have held it at a time, and
// no file may be left. FILELOCK_LONG=1: 100 000 holds in place of 2000.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/child_process.hpp"
#include "support/skipped.hpp"
#include "support/temporary_folder.hpp"

#include <sched.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <new>
#include <random>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

BOOST_AUTO_TEST_SUITE(lock_removed_by_many)

namespace {

constexpr std::size_t processes = 50;
constexpr std::size_t holds_in_ci = 2000;
constexpr std::size_t holds_in_long_form = 100000;

std::size_t total_holds() {
  return std::getenv("FILELOCK_LONG") ? holds_in_long_form : holds_in_ci;
}

// ---- What is noted ----

/// When a process held the lock, for certain, on the monotonic clock.
struct interval {
  std::int64_t begin;
  std::int64_t end;
  bool is_exclusive;
};

std::int64_t now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

/// Memory that forked children share with their parent.
class shared_notes {
public:
  explicit shared_notes(std::size_t holds)
      : size_(sizeof(header) + holds * sizeof(interval)),
        memory_(::mmap(nullptr, size_, PROT_READ | PROT_WRITE,
                       MAP_SHARED | MAP_ANONYMOUS, -1, 0)) {
    if (memory_ == MAP_FAILED) throw std::runtime_error("mmap");
    new (memory_) header;
    intervals_ = reinterpret_cast<interval*>(static_cast<char*>(memory_) +
                                             sizeof(header));
  }
  ~shared_notes() { ::munmap(memory_, size_); }
  shared_notes(const shared_notes&) = delete;
  shared_notes& operator=(const shared_notes&) = delete;

  /// Waits until every process has come here.
  void begin_together() {
    std::atomic<std::size_t>& ready = static_cast<header*>(memory_)->ready;
    ++ready;
    while (ready < processes)
      ::sched_yield();
  }

  interval* intervals() { return intervals_; }

private:
  struct alignas(64) header {
    std::atomic<std::size_t> ready{0};
  };

  std::size_t size_;
  void* memory_;
  interval* intervals_;
};

/// \returns How many holds began while another one excluded them.
std::size_t overlaps(std::vector<interval> holds) {
  std::sort(
      holds.begin(), holds.end(),
      [](const interval& a, const interval& b) { return a.begin < b.begin; });
  std::size_t count = 0;
  std::int64_t end_of_any = 0;
  std::int64_t end_of_exclusive = 0;
  for (const interval& each : holds) {
    if (each.begin < (each.is_exclusive ? end_of_any : end_of_exclusive))
      ++count;
    end_of_any = (std::max)(end_of_any, each.end);
    if (each.is_exclusive)
      end_of_exclusive = (std::max)(end_of_exclusive, each.end);
  }
  return count;
}

// ---- What each process does ----

/// Acquires in one of the forms there are.
template <class Lock>
void acquire(Lock& lock, bool is_exclusive, std::uint_fast32_t form) {
  switch (form % 3) {
  case 0: // waits in the kernel
    return is_exclusive ? lock.lock() : lock.lock_shared();
  case 1: // polls
    if (is_exclusive ? lock.try_lock_for(std::chrono::hours(1))
                     : lock.try_lock_shared_for(std::chrono::hours(1)))
      return;
    throw std::runtime_error("timed out");
  default:
    while (!(is_exclusive ? lock.try_lock() : lock.try_lock_shared()))
      ::sched_yield();
  }
}

template <class Platform>
std::string hold_often(const std::filesystem::path& path, interval* notes,
                       std::size_t holds, unsigned seed) {
  filelock::open_options options;
  options.remove_on_release = true;
  std::minstd_rand random(seed);
  filelock::basic_file_lock<Platform> lock(path, options);
  for (std::size_t i = 0; i != holds; ++i) {
    interval& note = notes[i];
    note.is_exclusive = random() % 2 == 0;
    acquire(lock, note.is_exclusive, random() % 3);
    note.begin = now();
    // Others run meanwhile, so that one who does not wait is seen.
    if (random() % 4 == 0) ::sched_yield();
    note.end = now();
    lock.unlock();
    if (random() % 4 == 0) lock.close(); // else the old file stays open
  }
  return "";
}

template <class Platform>
void check(std::size_t total) {
  const test::temporary_folder folder;
  const std::filesystem::path path = folder / "a.lock";
  const std::size_t each = total / processes;
  shared_notes notes(total);
  std::vector<test::child_process> children;
  for (std::size_t i = 0; i != processes; ++i)
    children.push_back(test::child_process::forked(
        [&](test::line_channel& parent) -> std::string {
          ::alarm(1800); // in place of 300
          notes.begin_together();
          const std::string failed =
              hold_often<Platform>(path, notes.intervals() + i * each, each,
                                   static_cast<unsigned>(i + 1));
          parent.write_line(failed.empty() ? "done" : failed);
          return "";
        }));
  for (test::child_process& child : children) {
    std::string said;
    do
      said = child.read_line();
    while (said == "(no answer in time)");
    BOOST_TEST(said == "done");
    BOOST_TEST(child.failure() == "");
  }
  const std::vector<interval> holds(notes.intervals(),
                                    notes.intervals() + each * processes);
  BOOST_TEST(std::all_of(holds.begin(), holds.end(), [](const interval& hold) {
    return hold.begin != 0 && hold.begin <= hold.end;
  }));
  BOOST_TEST(overlaps(holds) == 0u);
  BOOST_TEST(std::filesystem::is_empty(folder.path()));
}

/// As a Platform whose memory of an earlier comparison is always wrong, or
/// right.
template <class Platform, bool Answer>
struct remembers : Platform {
  static bool still_names(const std::filesystem::path&, int,
                          filelock::name_memory&) noexcept {
    return Answer;
  }
};

using filelock::posix_fcntl_traits;
using filelock::posix_flock_traits;

} // namespace

BOOST_AUTO_TEST_CASE(the_check_sees_overlaps) {
  using list = std::vector<interval>;
  BOOST_TEST(overlaps(list{{1, 3, true}, {3, 5, true}, {6, 7, false}}) == 0u);
  BOOST_TEST(overlaps(list{{1, 5, false}, {2, 3, false}, {5, 6, true}}) == 0u);
  BOOST_TEST(overlaps(list{{2, 5, true}, {1, 3, true}}) == 1u);
  BOOST_TEST(overlaps(list{{1, 5, false}, {2, 3, false}, {4, 6, true}}) == 1u);
  BOOST_TEST(overlaps(list{{1, 9, true}, {2, 3, false}, {4, 6, false}}) == 2u);
}

BOOST_AUTO_TEST_CASE(many_processes_never_hold_one_path_at_a_time) {
  check<posix_flock_traits>(total_holds());
}

BOOST_AUTO_TEST_CASE(
    many_processes_with_ofd_locks_never_hold_one_path_at_a_time) {
#if FILELOCK_HAS_OFD_LOCKS
  check<filelock::posix_ofd_traits>(total_holds());
#else
  test::skipped("removal under OFD locks", "this system has none");
#endif
}

BOOST_AUTO_TEST_CASE(
    many_processes_with_fcntl_locks_never_hold_one_path_at_a_time) {
  check<posix_fcntl_traits>(holds_in_ci);
}

BOOST_AUTO_TEST_CASE(timed_kernel_waits_never_hold_one_path_at_a_time) {
  check<filelock::queued<posix_flock_traits>>(holds_in_ci);
}

BOOST_AUTO_TEST_CASE(no_two_hold_one_path_if_each_file_looks_changed) {
  check<remembers<posix_flock_traits, false>>(holds_in_ci);
}

BOOST_AUTO_TEST_CASE(no_two_hold_one_path_if_no_file_looks_changed) {
  check<remembers<posix_flock_traits, true>>(holds_in_ci);
}

BOOST_AUTO_TEST_SUITE_END()
