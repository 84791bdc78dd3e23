// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: there is no fork on Windows
// LABELS: process

// A policy may fork, too: in the middle of an acquire, which then goes on in
// two processes. Each of them ends it with a lock of its own, or without one.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/child_process.hpp"
#include "support/descriptors.hpp"
#include "support/scripted_platform.hpp"
#include "support/temporary_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(posix_fork_in_policy)

namespace {

using filelock::basic_file_lock;
using filelock::file_lock;
using filelock::native_traits;
using filelock::wait_outcome;
using std::chrono::milliseconds;
using test::failure_in_child;
using test::line_channel;

// ---- A process that becomes two ----

/// Both processes that a fork in a policy makes.
class forking {
public:
  forking() {
    int to_child[2];
    int to_parent[2];
    if (::pipe2(to_child, O_CLOEXEC) != 0 || ::pipe2(to_parent, O_CLOEXEC) != 0)
      throw std::runtime_error("pipe2");
    parent_ = line_channel(to_parent[0], to_child[1]);
    child_ = line_channel(to_child[0], to_parent[1]);
  }

  /// Effects: forks, at the first call.
  /// \returns Whether it has, and this is the child.
  bool fork_once() {
    if (has_forked_) return false;
    has_forked_ = true;
    id_ = ::fork();
    if (id_ < 0) throw std::runtime_error("fork");
    is_child_ = id_ == 0;
    return is_child_;
  }

  bool has_forked() const { return has_forked_; }
  bool is_child() const { return is_child_; }
  ::pid_t id() const { return id_; }

  /// Effects: ends the child.
  [[noreturn]] void report(const std::string& text) {
    child_.write_line(text);
    ::_exit(0);
  }

  std::string child_says() { return parent_.read_line(); }

private:
  bool has_forked_ = false;
  bool is_child_ = false;
  ::pid_t id_ = -1;
  line_channel parent_;
  line_channel child_;
};

// ---- Policies ----

struct situation {
  forking process;
  std::unique_ptr<file_lock> holder; // of the parent
  std::function<void()> in_child;
};

/// Forks when it is asked; in the parent, the holder releases then.
struct forks_when_asked {
  static constexpr bool observes_wait = true;
  static constexpr bool child_goes_on = true; // with the wait
  std::shared_ptr<situation> shared;

  std::optional<milliseconds> operator()(const filelock::wait_state&) const {
    if (!shared->process.has_forked()) {
      if (shared->process.fork_once()) {
        if (shared->in_child) shared->in_child();
      } else {
        shared->holder->unlock();
      }
    }
    return milliseconds(1);
  }
};

/// Forks when the wait is over.
struct forks_when_finished {
  static constexpr bool observes_wait = true;
  static constexpr bool child_goes_on = false; // it may, or report an error
  std::shared_ptr<situation> shared;

  milliseconds operator()(const filelock::wait_state&) const {
    shared->holder->unlock();
    return milliseconds(1);
  }
  void finished(const filelock::wait_result& result) const {
    if (result.outcome != wait_outcome::acquired) return;
    if (shared->process.fork_once() && shared->in_child) shared->in_child();
  }
};

/// Does not get the lock, and forks at the end of that.
struct forks_when_given_up {
  static constexpr bool observes_wait = true;
  std::shared_ptr<situation> shared;

  std::optional<milliseconds> operator()(const filelock::wait_state&) const {
    return std::nullopt;
  }
  void finished(const filelock::wait_result&) const {
    shared->process.fork_once();
  }
};

// ---- Laws ----

template <class Policy>
using lock_with = basic_file_lock<native_traits, Policy>;

template <class Lock>
struct form {
  const char* name;
  std::function<bool(Lock&, std::error_code&)> acquire;
  bool is_shared;
};

template <class Lock>
std::vector<form<Lock>> forms() {
  using code = std::error_code;
  return {
      {"lock", [](Lock& l, code& ec) { return l.lock(ec), !ec; }, false},
      {"try_lock_for",
       [](Lock& l, code& ec) { return l.try_lock_for(test::patience, ec); },
       false},
      {"lock_shared", [](Lock& l, code& ec) { return l.lock_shared(ec), !ec; },
       true},
      {"try_lock_shared_for",
       [](Lock& l, code& ec) {
         return l.try_lock_shared_for(test::patience, ec);
       },
       true},
  };
}

/// \returns In what a lock that was acquired, or was not, is not what it says.
template <class Lock>
std::string untrue(const Lock& lock, bool acquired, bool is_shared) {
  const std::string state = test::state_of(lock);
  if (!acquired)
    return state == "closed" ? "" : "not acquired, but " + state + "; ";
  std::string failed;
  if (state != (is_shared ? "shared" : "exclusive"))
    failed += "acquired, but " + state + "; ";
  if (test::count_descriptors_of(lock.path().c_str()) != 1)
    failed += "not one descriptor; ";
  file_lock other{lock.path()};
  if (other.try_lock()) failed += "acquired, but another object too; ";
  return failed;
}

std::string in_either(const char* process, const std::string& failed) {
  return failed.empty() ? "" : std::string(process) + ": " + failed;
}

/// Runs the wait in a process of its own, which the policy makes two.
/// \returns What is not as it should be in either.
template <class Policy>
std::string wrong_acquire(const form<lock_with<Policy>>& each,
                          bool is_open_before) {
  const test::temporary_folder folder;
  return failure_in_child([&]() -> std::string {
    const std::string path = folder / "a.lock";
    const auto shared = std::make_shared<situation>();
    shared->holder = std::make_unique<file_lock>(path);
    shared->holder->lock();
    forking& process = shared->process;

    lock_with<Policy> lock(path, Policy{shared});
    if (is_open_before) lock.open();
    std::error_code ec;
    const bool acquired = each.acquire(lock, ec);
    if (process.is_child()) {
      // The holder's object is closed here, so its descriptor does not count.
      std::string failed = untrue(lock, acquired, each.is_shared);
      if (Policy::child_goes_on && !acquired)
        failed += "not acquired: " + ec.message() + "; ";
      lock.unlock();
      if (lock.owns_lock()) failed += "not released; ";
      process.report(failed);
    }
    shared->holder->close();
    std::string failed;
    if (!process.has_forked()) failed += "did not fork; ";
    if (!acquired) failed += "not acquired: " + ec.message() + "; ";
    failed += untrue(lock, acquired, each.is_shared);
    lock.unlock(); // now the child may have it
    return in_either("parent", failed) +
           in_either("child", process.child_says());
  });
}

template <class Policy>
std::string wrong_acquires() {
  std::string result;
  for (const auto& each : forms<lock_with<Policy>>())
    for (const bool is_open_before : {false, true}) {
      const std::string failed = wrong_acquire<Policy>(each, is_open_before);
      if (!failed.empty())
        result += std::string(each.name) +
                  (is_open_before ? ", open before: " : ": ") + failed + "\n";
    }
  return result;
}

/// \returns What a child does wrong that throws where it was forked.
template <class Policy>
std::string wrong_throw() {
  const test::temporary_folder folder;
  return failure_in_child([&]() -> std::string {
    const std::string path = folder / "a.lock";
    const std::string strangers = folder / "b.lock";
    const auto shared = std::make_shared<situation>();
    shared->holder = std::make_unique<file_lock>(path);
    shared->holder->lock();
    forking& process = shared->process;
    lock_with<Policy> lock(path, Policy{shared});
    lock.open();
    const int number = lock.native_handle();
    int stranger = -1;
    shared->in_child = [&] {
      // A stranger gets the number of the parent's lock, and locks by it.
      const int opened =
          ::open(strangers.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
      stranger = opened == number ? opened : ::dup2(opened, number);
      if (opened != stranger) ::close(opened);
      ::flock(stranger, LOCK_EX);
      throw std::runtime_error("thrown in the child");
    };
    std::error_code ec;
    lock.lock(ec);
    if (process.is_child()) {
      std::string failed;
      if (ec != std::errc::operation_canceled) failed += ec.message() + "; ";
      failed += untrue(lock, false, false);
      if (::fcntl(stranger, F_GETFD) < 0) failed += "closed a stranger's; ";
      file_lock other{strangers};
      if (other.try_lock()) failed += "unlocked a stranger's; ";
      process.report(failed);
    }
    const std::string said = process.child_says();
    shared->holder->close();
    std::string failed = ec ? ec.message() + "; " : "";
    failed += untrue(lock, true, false); // whatever the child did
    return in_either("parent", failed) + in_either("child", said);
  });
}

} // namespace

BOOST_AUTO_TEST_CASE(a_fork_when_asked_gives_each_process_its_own_acquire) {
  BOOST_TEST(wrong_acquires<forks_when_asked>() == "");
}

BOOST_AUTO_TEST_CASE(a_fork_when_finished_gives_each_process_its_own_acquire) {
  BOOST_TEST(wrong_acquires<forks_when_finished>() == "");
}

BOOST_AUTO_TEST_CASE(a_fork_after_a_failed_wait_leaves_both_without_a_lock) {
  const test::temporary_folder folder;
  BOOST_TEST(failure_in_child([&]() -> std::string {
               const std::string path = folder / "a.lock";
               file_lock holder{path};
               holder.lock();
               const auto shared = std::make_shared<situation>();
               lock_with<forks_when_given_up> lock(path, {shared});
               std::error_code ec;
               lock.lock(ec);
               std::string failed;
               if (ec != std::errc::timed_out) failed += ec.message() + "; ";
               failed += untrue(lock, false, false);
               if (shared->process.is_child()) shared->process.report(failed);
               return in_either("parent", failed) +
                      in_either("child", shared->process.child_says());
             }) == "");
}

BOOST_AUTO_TEST_CASE(a_child_that_throws_touches_no_descriptor_of_others) {
  BOOST_TEST(wrong_throw<forks_when_asked>() == "");
  BOOST_TEST(wrong_throw<forks_when_finished>() == "");
}

BOOST_AUTO_TEST_SUITE_END()
