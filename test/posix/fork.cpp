// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: there is no fork on Windows
// LABELS: process
// TIMEOUT: 600

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/child_process.hpp"
#include "support/descriptors.hpp"
#include "support/posix_calls.hpp"
#include "support/posix_models.hpp"
#include "support/temporary_folder.hpp"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(posix_fork)

// A forked child owns nothing: its objects are closed, nothing that it does
// releases a lock of its parent, and its life does not keep one. A lock of
// flock or of an open file description would be the child's as well; one of a
// process would not, but its descriptor would be.

using filelock::file_lock;
using test::child_process;
using test::failure_in_child;
using test::line_channel;

namespace {

using lock_file = test::lock_file_of<test::flock_lock>;

/// \returns In what the object of a forked child is not closed.
template <class Lock>
std::string not_closed(const Lock& lock, const std::string& path) {
  std::string failed;
  if (lock.is_open()) failed += "is_open; ";
  if (lock.owns_lock()) failed += "owns_lock; ";
  if (lock.owns_lock_shared()) failed += "owns_lock_shared; ";
  if (lock.native_handle() != -1) failed += "native_handle; ";
  if (lock.path() != path) failed += "path; ";
  if (test::count_descriptors_of(path.c_str()) != 0) failed += "descriptor; ";
  return failed;
}

template <class Lock>
struct deed {
  const char* name;
  std::function<void(std::unique_ptr<Lock>&)> run;
};

/// What a child may do to an object that it has from its parent.
template <class Lock>
std::vector<deed<Lock>> deeds() {
  using pointer = std::unique_ptr<Lock>;
  return {
      {"destroy", [](pointer& lock) { lock.reset(); }},
      {"unlock", [](pointer& lock) { lock->unlock(); }},
      {"unlock_shared", [](pointer& lock) { lock->unlock_shared(); }},
      {"close", [](pointer& lock) { lock->close(); }},
      {"release", [](pointer& lock) { (void)lock->release(); }},
      {"move away", [](pointer& lock) { const Lock moved(std::move(*lock)); }},
      {"assign to", [](pointer& lock) { *lock = Lock(); }},
      {"assign from",
       [](pointer& lock) {
         Lock other;
         other = std::move(*lock);
       }},
      {"swap",
       [](pointer& lock) {
         Lock other;
         other.swap(*lock);
       }},
      {"open", [](pointer& lock) { lock->open(); }},
      {"try", [](pointer& lock) { (void)lock->try_lock(); }},
      {"leave", [](pointer&) {}},
  };
}

template <class Lock>
std::unique_ptr<Lock> held_exclusively(const std::string& path) {
  auto lock = std::make_unique<Lock>(path);
  lock->lock();
  return lock;
}

template <class Lock>
std::unique_ptr<Lock> held_shared(const std::string& path) {
  auto lock = std::make_unique<Lock>(path);
  lock->lock_shared();
  return lock;
}

} // namespace

// Stands first: no lock has been used in this process yet, so each round sees
// the first lock of a process.
BOOST_AUTO_TEST_CASE(a_fork_during_the_first_open_leaves_one_owner) {
  int kept = 0;
  for (int round = 0; round != 300; ++round) {
    const lock_file file;
    child_process owner =
        child_process::forked([&](line_channel& test) -> std::string {
          std::atomic<bool> opens{false};
          std::unique_ptr<file_lock> lock;
          std::thread opener([&] {
            lock = std::make_unique<file_lock>(file.path);
            opens = true;
            lock->lock();
          });
          while (!opens) {
          }
          // At another moment of the open in each round.
          for (std::atomic<int> delay{0}; delay < round % 30 * 100; ++delay) {
          }
          if (::fork() == 0) {
            ::alarm(60); // AddressSanitizer's allocator is not for such a child
            test.write_line("the handlers of fork() have run");
            test.read_line();
            test::leave_child(0);
          }
          opener.join();
          (void)lock.release(); // dies as the owner
          return "";
        });
    owner.wait();
    owner.read_line();
    // By another process: this one must not use a lock before its children.
    if (file.other_tries() != "locked") ++kept;
    owner.write_line("end");
  }
  BOOST_TEST(kept == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_child_of_a_holder_has_a_closed_object, Lock,
                              test::all_locks) {
  for (auto* const hold : {held_exclusively<Lock>, held_shared<Lock>}) {
    const test::lock_file_of<Lock> file;
    const std::unique_ptr<Lock> lock = hold(file.path);
    BOOST_TEST(failure_in_child([&] { return not_closed(*lock, file.path); }) ==
               "");
    BOOST_TEST(lock->is_open());
    BOOST_TEST(lock->owns_lock() != lock->owns_lock_shared());
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    nothing_that_a_child_does_releases_a_lock_of_its_parent, Lock,
    test::all_locks) {
  for (auto* const hold : {held_exclusively<Lock>, held_shared<Lock>}) {
    for (const deed<Lock>& each : deeds<Lock>()) {
      BOOST_TEST_CONTEXT(each.name) {
        const test::lock_file_of<Lock> file;
        std::unique_ptr<Lock> lock = hold(file.path);
        child_process child =
            child_process::forked([&](line_channel& parent) -> std::string {
              each.run(lock);
              parent.write_line("done");
              parent.read_line();
              return "";
            });
        BOOST_TEST(child.read_line() == "done");
        // Neither while the child lives nor when it has ended.
        BOOST_TEST(file.other_tries() == "busy");
        child.write_line("end");
        BOOST_TEST(child.failure() == "");
        BOOST_TEST(file.other_tries() == "busy");
        BOOST_TEST(lock->owns_lock() != lock->owns_lock_shared());
        lock->unlock();
        BOOST_TEST(file.other_tries() == "locked");
      }
    }
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    the_death_of_an_owner_frees_though_its_child_lives, Lock, test::all_locks) {
  for (auto* const hold : {held_exclusively<Lock>, held_shared<Lock>}) {
    const test::lock_file_of<Lock> file;
    child_process owner =
        child_process::forked([&](line_channel& test) -> std::string {
          const std::unique_ptr<Lock> lock = hold(file.path);
          if (::fork() == 0) {
            test.write_line("the child lives");
            test.read_line();
            test.write_line("the child still lives");
            ::_exit(0);
          }
          for (;;)
            ::pause();
        });
    BOOST_TEST(owner.read_line() == "the child lives");
    BOOST_TEST(file.other_tries() == "busy");
    owner.kill_and_wait();
    BOOST_TEST(file.other_tries() == "locked");
    BOOST_TEST(owner.ask("go on") == "the child still lives");
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_owner_unlocks_though_its_child_lives, Lock,
                              test::all_locks) {
  const test::lock_file_of<Lock> file;
  Lock lock{file.path};
  lock.lock();
  child_process child =
      child_process::forked([&](line_channel& parent) -> std::string {
        parent.read_line();
        return lock.try_lock() ? "" : "the child cannot lock";
      });
  lock.unlock();
  BOOST_TEST(file.other_tries() == "locked");
  child.write_line("try");
  BOOST_TEST(child.failure() == "");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_child_locks_again_by_the_same_object, Lock,
                              test::all_locks) {
  const test::lock_file_of<Lock> file;
  Lock lock{file.path};
  lock.lock();
  child_process child =
      child_process::forked([&](line_channel& parent) -> std::string {
        if (lock.try_lock()) return "locked beside its parent";
        if (lock.try_lock_for(std::chrono::milliseconds(5)))
          return "waited, and locked beside its parent";
        if (lock.is_open()) return "left open by an acquire that failed";
        parent.write_line("excluded");
        lock.lock();
        parent.write_line(lock.owns_lock() ? "locked" : "not locked");
        parent.read_line();
        lock.unlock();
        parent.write_line("unlocked");
        parent.read_line();
        return "";
      });
  BOOST_TEST(child.read_line() == "excluded");
  lock.unlock();
  BOOST_TEST(child.read_line() == "locked");
  BOOST_TEST(!lock.try_lock());
  BOOST_TEST(file.other_tries() == "busy");
  BOOST_TEST(child.ask("unlock") == "unlocked");
  BOOST_TEST(lock.try_lock());
  child.write_line("end");
  BOOST_TEST(child.failure() == "");
  BOOST_TEST(file.other_tries() == "busy");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_fork_while_open_and_unlocked_leaves_two_owners,
                              Lock, test::all_locks) {
  const test::lock_file_of<Lock> file;
  Lock lock{file.path};
  lock.open();
  child_process child =
      child_process::forked([&](line_channel& parent) -> std::string {
        const std::string open = not_closed(lock, file.path);
        if (!open.empty()) return open;
        lock.lock();
        parent.write_line("locked");
        parent.read_line();
        lock.unlock();
        parent.write_line("unlocked");
        parent.read_line();
        return lock.try_lock() ? "locked beside its parent" : "";
      });
  BOOST_TEST(child.read_line() == "locked");
  BOOST_TEST(!lock.try_lock());
  lock.unlock(); // holds nothing, and must not release the child's
  BOOST_TEST(file.other_tries() == "busy");
  BOOST_TEST(child.ask("unlock") == "unlocked");
  BOOST_TEST(lock.try_lock());
  child.write_line("try");
  BOOST_TEST(child.failure() == "");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_fork_before_the_first_acquire_leaves_two_owners,
                              Lock, test::all_locks) {
  const test::lock_file_of<Lock> file;
  Lock lock{file.path};
  child_process child =
      child_process::forked([&](line_channel& parent) -> std::string {
        lock.lock();
        parent.write_line("locked");
        parent.read_line();
        return "";
      });
  BOOST_TEST(child.read_line() == "locked");
  BOOST_TEST(!lock.try_lock());
  child.kill_and_wait();
  BOOST_TEST(lock.try_lock());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_child_of_a_child_owns_nothing_of_either, Lock,
                              test::all_locks) {
  const test::lock_file_of<Lock> file;
  const std::string of_child = file.folder / "child.lock";
  const auto child_tries = [&] {
    return test::lock_child_of<Lock>({of_child, "try"}).read_line();
  };
  Lock first{file.path};
  Lock second{of_child};
  first.lock();
  child_process child =
      child_process::forked([&](line_channel& parent) -> std::string {
        second.lock();
        const std::string failed = failure_in_child([&] {
          const std::string open =
              not_closed(first, file.path) + not_closed(second, of_child);
          first.unlock();
          second.unlock();
          first.close();
          second.close();
          return open;
        });
        if (!second.owns_lock()) return "the child has lost its lock";
        parent.write_line("done");
        parent.read_line();
        return failed;
      });
  BOOST_TEST(child.read_line() == "done");
  BOOST_TEST(file.other_tries() == "busy");
  BOOST_TEST(child_tries() == "busy");
  child.write_line("end");
  BOOST_TEST(child.failure() == "");
  BOOST_TEST(file.other_tries() == "busy");
  BOOST_TEST(child_tries() == "locked");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(many_locks_are_all_freed_and_all_kept, Lock,
                              test::all_locks) {
  constexpr std::size_t count = 200;
  const test::lock_file_of<Lock> file;
  const auto path = [&](std::size_t i) {
    return file.path + std::to_string(i);
  };
  const auto count_busy = [&] {
    std::size_t busy = 0;
    for (std::size_t i = 0; i != count; ++i)
      if (Lock lock{path(i)}; !lock.try_lock()) ++busy;
    return busy;
  };
  child_process owner =
      child_process::forked([&](line_channel& test) -> std::string {
        std::vector<Lock> locks;
        for (std::size_t i = 0; i != count; ++i) {
          locks.emplace_back(path(i));
          locks.back().lock();
        }
        if (::fork() == 0) {
          std::string failed;
          for (std::size_t i = 0; i != count; ++i)
            failed += not_closed(locks[i], path(i));
          locks.clear();
          test.write_line(failed);
          test.read_line();
          ::_exit(0);
        }
        for (;;)
          ::pause();
      });
  BOOST_TEST(owner.read_line() == "");
  BOOST_TEST(count_busy() == count);
  owner.kill_and_wait();
  BOOST_TEST(count_busy() == 0u);
  owner.write_line("end");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_thread_that_waits_in_the_kernel_survives_a_fork,
                              Lock, test::all_locks) {
  const test::lock_file_of<Lock> file;
  test::child_process holder = file.child();
  BOOST_TEST(holder.ask("lock") == "locked");
  child_process owner =
      child_process::forked([&](line_channel& test) -> std::string {
        Lock lock{file.path};
        std::thread waiter([&] { lock.lock(); });
        // The child is made while the other thread waits, or soon will.
        test.write_line("forks");
        test.read_line();
        const std::string failed = failure_in_child([&] {
          return test::count_descriptors_of(file.path.c_str()) == 0
                     ? ""
                     : "the child has it open";
        });
        test.write_line("has forked");
        waiter.join();
        test.write_line("locked");
        test.read_line();
        return failed;
      });
  BOOST_TEST(owner.read_line() == "forks");
  BOOST_TEST(owner.ask("go on") == "has forked");
  BOOST_TEST(holder.ask("unlock") == "unlocked");
  BOOST_TEST(owner.read_line() == "locked");
  BOOST_TEST(file.other_tries() == "busy");
  owner.write_line("end");
  BOOST_TEST(owner.failure() == "");
}

BOOST_AUTO_TEST_CASE(children_keep_nothing_of_threads_that_open_and_close) {
  // A fork is slow where a sanitizer has much memory, and on a busy machine.
  constexpr int forks = 500;
  constexpr int fewest_forks = 50;
  constexpr std::size_t threads = 3;
  const lock_file file;
  std::array<std::string, threads> paths;
  for (std::size_t i = 0; i != threads; ++i) {
    paths[i] = file.path + std::to_string(i);
    file_lock(paths[i]).open();
  }
  // In a process that is not this one, so that a deadlock is not this one's.
  child_process owner =
      child_process::forked([&](line_channel&) -> std::string {
        std::atomic<bool> stops{false};
        std::vector<std::thread> running;
        for (const std::string& path : paths)
          running.emplace_back([&stops, &path] {
            while (!stops) {
              file_lock lock{path};
              lock.lock();
              lock.close();
              if (lock.try_lock()) lock.unlock();
            }
          });
        int with_descriptors = 0;
        int not_working = 0;
        const auto end =
            std::chrono::steady_clock::now() + std::chrono::seconds(5);
        for (int i = 0; i < fewest_forks ||
                        (i < forks && std::chrono::steady_clock::now() < end);
             ++i) {
          const ::pid_t child = ::fork();
          if (child == 0) {
            ::alarm(60); // AddressSanitizer's allocator is not for such a child
            int left = 0;
            for (const std::string& path : paths)
              left += test::count_descriptors_of(path.c_str());
            std::error_code ec;
            file_lock own{file.path};
            const bool works = own.try_lock(ec);
            test::leave_child((left != 0 ? 1 : 0) + (works ? 0 : 2));
          }
          int status = 0;
          ::waitpid(child, &status, 0);
          if (!WIFEXITED(status) || (WEXITSTATUS(status) & 2)) ++not_working;
          if (WIFEXITED(status) && (WEXITSTATUS(status) & 1))
            ++with_descriptors;
        }
        stops = true;
        for (std::thread& each : running)
          each.join();
        if (with_descriptors == 0 && not_working == 0) return "";
        return std::to_string(with_descriptors) +
               " children with a descriptor, " + std::to_string(not_working) +
               " children that cannot lock";
      });
  BOOST_TEST(owner.failure() == "");
}

BOOST_AUTO_TEST_CASE(an_adopted_descriptor_is_closed_in_the_child) {
  const lock_file file;
  const int descriptor =
      ::open(file.path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  BOOST_TEST(::flock(descriptor, LOCK_EX) == 0);
  file_lock lock{filelock::adopt_handle, descriptor,
                 filelock::lock_mode::exclusive};
  BOOST_TEST(failure_in_child([&]() -> std::string {
               const std::string open = not_closed(lock, "");
               if (::fcntl(descriptor, F_GETFD) >= 0) return "descriptor";
               lock.unlock();
               return open;
             }) == "");
  BOOST_TEST(lock.owns_lock());
  BOOST_TEST(file.other_tries() == "busy");
  lock.unlock();
  BOOST_TEST(file.other_tries() == "locked");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_released_descriptor_stays_open_in_the_child,
                              Lock, test::description_locks) {
  const test::lock_file_of<Lock> file;
  Lock lock{file.path};
  lock.lock();
  const int descriptor = lock.release();
  child_process child =
      child_process::forked([&](line_channel& parent) -> std::string {
        if (::fcntl(descriptor, F_GETFD) < 0) return "it is closed";
        parent.read_line();
        // daemon(3): the child goes on with the lock of its parent.
        Lock adopted{filelock::adopt_handle, descriptor,
                     filelock::lock_mode::exclusive};
        parent.write_line(adopted.owns_lock() ? "adopted" : "not held");
        parent.read_line();
        adopted.unlock();
        parent.write_line("unlocked");
        parent.read_line();
        return "";
      });
  ::close(descriptor);
  BOOST_TEST(file.other_tries() == "busy");
  BOOST_TEST(child.ask("adopt") == "adopted");
  BOOST_TEST(file.other_tries() == "busy");
  BOOST_TEST(child.ask("unlock") == "unlocked");
  BOOST_TEST(file.other_tries() == "locked");
  child.write_line("end");
  BOOST_TEST(child.failure() == "");
}

BOOST_AUTO_TEST_CASE(a_closed_descriptor_is_not_closed_again_in_the_child) {
  const lock_file file;
  int number = -1;
  {
    file_lock lock{file.path};
    lock.open();
    number = lock.native_handle();
  }
  // The number is now a stranger's.
  const int stranger = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  BOOST_TEST_REQUIRE(stranger >= 0);
  if (stranger != number) {
    ::dup2(stranger, number);
    ::close(stranger);
  }
  BOOST_TEST(failure_in_child([&] {
               return ::fcntl(number, F_GETFD) < 0 ? "it is closed" : "";
             }) == "");
  ::close(number);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_moved_lock_is_closed_in_the_child, Lock,
                              test::all_locks) {
  const test::lock_file_of<Lock> file;
  Lock first{file.path};
  first.lock();
  Lock second(std::move(first));
  BOOST_TEST(failure_in_child([&] {
               const std::string open = not_closed(second, file.path);
               first.close();
               second.close();
               return open;
             }) == "");
  BOOST_TEST(second.owns_lock());
  BOOST_TEST(file.other_tries() == "busy");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_child_moves_a_lock_of_its_own, Lock,
                              test::all_locks) {
  const test::lock_file_of<Lock> file;
  BOOST_TEST(failure_in_child([&]() -> std::string {
               Lock first{file.path};
               first.lock();
               Lock second(std::move(first));
               Lock third;
               third = std::move(second);
               Lock fourth;
               fourth.swap(third);
               if (!fourth.owns_lock()) return "lost by a move";
               fourth.close();
               return test::count_descriptors_of(file.path.c_str()) == 0
                          ? ""
                          : "left open";
             }) == "");
}

namespace {

/// No two sockets are alike, and the first one is made slowly.
struct slow_socket_traits : filelock::posix_flock_traits {
  static constexpr bool locks_names = true;
  static int open(const std::filesystem::path&, const filelock::open_options&,
                  std::error_code& ec) noexcept {
    const int made = test::open_socket(AF_UNIX);
    if (made < 0) ec.assign(errno, std::generic_category());
    if (++opens == 1)
      while (!has_forked)
        std::this_thread::yield();
    return made;
  }
  static bool names(const std::filesystem::path&, int) noexcept = delete;
  static inline std::atomic<int> opens{0};
  static inline std::atomic<bool> has_forked{false};
};

} // namespace

BOOST_AUTO_TEST_CASE(a_socket_that_a_child_may_have_is_made_once_more) {
  filelock::basic_file_lock<slow_socket_traits> lock("name");
  std::error_code ec;
  std::thread open([&] { lock.open(ec); });
  while (slow_socket_traits::opens == 0)
    std::this_thread::yield();
  const ::pid_t child = ::fork(); // it does not wait for ever for the open
  if (child == 0) ::_exit(0);
  slow_socket_traits::has_forked = true;
  open.join();
  BOOST_TEST(!ec, ec.message());
  BOOST_TEST(slow_socket_traits::opens == 2);
  ::waitpid(child, nullptr, 0);
}

BOOST_AUTO_TEST_SUITE_END()
