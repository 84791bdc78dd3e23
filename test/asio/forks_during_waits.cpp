// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: linux: /proc/locks shows whether a thread waits
// LABELS: process
// TIMEOUT: 600

// A process forks many children while threads of it wait, in each kind of wait.
// The children own nothing and can lock; each wait of the parent ends as if no
// child had been there.

#include <boost/test/unit_test.hpp>

#include <filelock/detail/posix/queue_wait.hpp>
#include <filelock/file_lock.hpp>

#include "support/child_process.hpp"
#include "support/descriptors.hpp"
#include "support/kinds_of_wait.hpp"
#include "support/nothing_leaks.hpp"
#include "support/sanitizer.hpp"
#include "support/temporary_folder.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

BOOST_AUTO_TEST_SUITE(asio_forks_during_waits)

namespace {

using namespace std::chrono_literals;
using filelock::file_lock;
using std::chrono::steady_clock;
using test::child_process;
using test::kind_of_wait;
using test::line_channel;

/// What a wait has come to.
struct ending {
  std::atomic<bool> is_over{false};
  bool was_held = false;
  steady_clock::duration length{};
};

/// A file for each kind of wait. A stranger holds them all.
class world {
public:
  world() {
    for (const kind_of_wait& each : kinds_)
      paths_.push_back(folder_ / each.name);
  }

  std::size_t count() const { return kinds_.size(); }
  const kind_of_wait& kind(std::size_t i) const { return kinds_[i]; }
  const std::string& path(std::size_t i) const { return paths_[i]; }

  /// \returns A process that has all locks, and releases each for a moment when
  /// it is told "turn".
  child_process stranger() const {
    // ThreadSanitizer would take it for a leak of the child.
    filelock::detail::last_helper_of_library.join();
    child_process process =
        child_process::forked([&](line_channel& parent) -> std::string {
          std::vector<std::shared_ptr<void>> held(count());
          do {
            for (std::size_t i = 0; i != count(); ++i) {
              held[i].reset();
              if (!test::wait_until_seen([&] {
                    held[i] = kinds_[i].try_hold(paths_[i]);
                    return held[i] != nullptr;
                  }))
                return std::string("not free: ") + kinds_[i].name;
            }
            parent.write_line("holds");
          } while (parent.read_line() == "turn");
          return "";
        });
    BOOST_TEST(process.read_line() == "holds");
    return process;
  }

  /// Forks `children`, one after the other, and checks each.
  void fork_often(int children) {
    for (int i = 0; i != children; ++i) {
      const ::pid_t child = ::fork();
      if (child == 0) {
        ::alarm(60); // AddressSanitizer's allocator is not for such a child
        test::leave_child(wrong_in_child());
      }
      BOOST_TEST_REQUIRE(child > 0);
      int status = 0;
      ::waitpid(child, &status, 0);
      const int wrong = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
      if (wrong != 0) ++wrong_children_[wrong == -1 ? 0 : wrong % 16];
    }
  }

  /// Checks what fork_often() has found.
  void check_children() const {
    BOOST_TEST(wrong_children_[0] == 0, "children were killed");
    for (int wrong = 1; wrong != 16; ++wrong)
      BOOST_TEST(wrong_children_[wrong] == 0,
                 wrong_children_[wrong]
                     << " children:" << (wrong & 1 ? " have a file open" : "")
                     << (wrong & 2 ? " cannot lock" : "")
                     << (wrong & 4 ? " lock beside the owner" : "")
                     << (wrong & 8 ? " wait wrongly" : ""));
  }

  void check_that_all_is_free() const {
    for (std::size_t i = 0; i != count(); ++i)
      BOOST_TEST(kinds_[i].try_hold(paths_[i]) != nullptr, kinds_[i].name);
  }

  /// The stranger, and nobody else, has the lock of the first path.
  std::atomic<bool> is_first_held{true};

private:
  int wrong_in_child() noexcept {
    int wrong = 0;
    for (const std::string& each : paths_)
      if (test::count_descriptors_of(each.c_str()) != 0) wrong |= 1;
    std::error_code ec;
    file_lock own{own_path_};
    if (!own.try_lock(ec) || ec) wrong |= 2;
    file_lock first{paths_.front()};
    if (is_first_held && (first.try_lock(ec) || ec)) wrong |= 4;
#if !FILELOCK_TEST_HAS_SANITIZER // for a child that makes a thread
    filelock::queued_file_lock waits{own_path_};
    if (waits.try_lock_for(500us, ec) || ec) wrong |= 8;
#endif
    return wrong;
  }

  test::temporary_folder folder_;
  std::string own_path_ = folder_ / "own.lock";
  std::vector<kind_of_wait> kinds_ = test::kinds_of_wait();
  std::vector<std::string> paths_;
  int wrong_children_[16] = {};
};

/// A thread for each kind of wait, which waits once.
class waiters {
public:
  waiters(world& all, std::chrono::nanoseconds longest)
      : endings_(all.count()) {
    for (std::size_t i = 0; i != all.count(); ++i)
      threads_.emplace_back([&all, i, longest, &end = endings_[i]] {
        const auto begin = steady_clock::now();
        end.was_held = all.kind(i).wait(all.path(i), longest);
        end.length = steady_clock::now() - begin;
        end.is_over = true;
      });
    for (std::size_t i = 0; i != all.count(); ++i)
      BOOST_TEST(test::wait_until_seen([&] {
                   return endings_[i].is_over ||
                          all.kind(i).is_awaited(all.path(i));
                 }),
                 all.kind(i).name);
  }
  ~waiters() { join(); }
  waiters(const waiters&) = delete;
  waiters& operator=(const waiters&) = delete;

  void join() {
    for (std::thread& each : threads_)
      if (each.joinable()) each.join();
  }

  std::deque<ending>& endings() { return endings_; }

  /// \returns How many waits have ended.
  std::ptrdiff_t count_over() const {
    return std::count_if(
        endings_.begin(), endings_.end(),
        [](const ending& each) { return each.is_over.load(); });
  }

private:
  std::deque<ending> endings_;
  std::vector<std::thread> threads_;
};

} // namespace

BOOST_AUTO_TEST_CASE(a_wait_ends_with_the_lock) {
  const test::nothing_leaks checked;
  world all;
  child_process stranger = all.stranger();
  waiters waiting(all, 1h);
  all.fork_often(30);
  BOOST_TEST(waiting.count_over() == 0);
  all.is_first_held = false;
  stranger.write_line("end");
  all.fork_often(10); // while the locks are handed over
  waiting.join();
  for (std::size_t i = 0; i != all.count(); ++i)
    BOOST_TEST(waiting.endings()[i].was_held, all.kind(i).name);
  all.check_children();
  all.check_that_all_is_free();
  BOOST_TEST(stranger.failure() == "");
}

BOOST_AUTO_TEST_CASE(a_wait_ends_at_its_deadline_or_by_a_stop) {
  const test::nothing_leaks checked;
  world all;
  child_process stranger = all.stranger();
  constexpr auto longest = 300ms;
  waiters waiting(all, longest);
  constexpr std::ptrdiff_t without_a_deadline = 1; // "in the kernel"
  const auto others = static_cast<std::ptrdiff_t>(all.count());
  all.fork_often(5);
  for (std::size_t i = 0; i != all.count(); ++i)
    all.kind(i).stop();
  while (waiting.count_over() < others - without_a_deadline)
    all.fork_often(1);
  all.is_first_held = false;
  stranger.write_line("end");
  waiting.join();
  for (std::size_t i = 0; i != all.count(); ++i) {
    const ending& each = waiting.endings()[i];
    const std::string name = all.kind(i).name;
    if (name == "in the kernel") continue;
    BOOST_TEST(!each.was_held, name);
    if (name != "stop token") BOOST_TEST((each.length >= longest), name);
  }
  all.check_children();
  all.check_that_all_is_free();
  BOOST_TEST(stranger.failure() == "");
}

BOOST_AUTO_TEST_CASE(a_fork_may_come_at_any_moment_of_a_wait) {
  const test::nothing_leaks checked;
  world all;
  child_process stranger = all.stranger();
  all.is_first_held = false;
  std::atomic<bool> is_over{false};
  std::atomic<int> held{0};
  std::atomic<int> timed_out{0};
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i != all.count(); ++i)
    threads.emplace_back([&, i] {
      while (!is_over)
        ++(all.kind(i).wait(all.path(i), 2ms) ? held : timed_out);
    });
  for (int i = 0; i != 20; ++i) {
    stranger.write_line("turn");
    all.fork_often(2);
    BOOST_TEST(stranger.read_line() == "holds");
  }
  stranger.write_line("end");
  BOOST_TEST(stranger.failure() == "");
  is_over = true;
  for (std::thread& each : threads)
    each.join();
  BOOST_TEST(held > 0);
  BOOST_TEST(timed_out > 0);
  all.check_children();
  all.check_that_all_is_free();
}

BOOST_AUTO_TEST_SUITE_END()
