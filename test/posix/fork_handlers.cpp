// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: there is no fork on Windows
// LABELS: process
// ALONE

// Another library's handlers of fork() lock a mutex, as POSIX suggests, which a
// thread holds while it opens or closes a lock. Whichever handlers were
// registered first, neither waits for the other without end.

#define BOOST_TEST_MODULE fork_handlers
#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/child_process.hpp"
#include "support/posix_models.hpp"
#include "support/temporary_folder.hpp"

#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

using namespace std::chrono_literals;
using filelock::file_lock;
using filelock::file_mutex;
using test::child_process;
using test::line_channel;

namespace {

/// The handlers of one foreign library, which do nothing unless they are asked
/// to.
struct foreign_library {
  std::mutex mutex;
  std::atomic<bool> is_on{false};
  std::atomic<bool> is_in_prepare{false};
  std::function<void()> in_prepare;

  void before_fork() {
    if (!is_on) return;
    is_in_prepare = true;
    if (in_prepare)
      in_prepare();
    else
      mutex.lock();
  }
  void after_fork() {
    if (is_on && !in_prepare) mutex.unlock();
  }
};

foreign_library& first() {
  static foreign_library library;
  return library;
}
foreign_library& last() {
  static foreign_library library;
  return library;
}

// Before any handler of the library: its prepare handler runs after it.
__attribute__((constructor(101))) void register_first() {
  ::pthread_atfork([] { first().before_fork(); }, [] { first().after_fork(); },
                   [] { first().after_fork(); });
}

struct registers_last {
  registers_last() {
    ::pthread_atfork([] { last().before_fork(); }, [] { last().after_fork(); },
                     [] { last().after_fork(); });
  }
};

using lock_file = test::lock_file_of<test::flock_lock>;

/// \returns What goes wrong where a thread that holds the mutex of `library`
/// does `work` after a fork has begun. In a process of its own, which ends
/// after a while where it does not come to an end.
std::string wrong_beside(foreign_library& library,
                         std::function<void(const std::string&)> work) {
  const lock_file file;
  child_process process =
      child_process::forked([&](line_channel&) -> std::string {
        static const registers_last registered;
        ::alarm(30);
        library.is_on = true;
        std::atomic<bool> holds{false};
        std::thread worker([&] {
          const std::lock_guard<std::mutex> guard(library.mutex);
          holds = true;
          while (!library.is_in_prepare)
            std::this_thread::yield();
          work(file.path);
        });
        while (!holds)
          std::this_thread::yield();
        const ::pid_t child = ::fork();
        if (child == 0) {
          library.is_on = false;
          std::error_code ec;
          file_lock own{file.path + ".child"};
          test::leave_child(own.try_lock(ec) ? 0 : 1);
        }
        worker.join();
        int status = 1;
        ::waitpid(child, &status, 0);
        return status == 0 ? "" : "the child cannot lock";
      });
  return process.failure();
}

void open_and_close(const std::string& path) {
  file_lock lock{path};
  lock.lock();
  lock.unlock();
  lock.close();
}

} // namespace

BOOST_AUTO_TEST_CASE(a_thread_under_the_mutex_of_an_earlier_library_opens) {
  BOOST_TEST(wrong_beside(first(), &open_and_close) == "");
}

BOOST_AUTO_TEST_CASE(a_thread_under_the_mutex_of_a_later_library_opens) {
  BOOST_TEST(wrong_beside(last(), &open_and_close) == "");
}

BOOST_AUTO_TEST_CASE(a_thread_under_such_a_mutex_uses_a_mutex_of_files) {
  const auto work = [](const std::string& path) {
    file_mutex mutex{path};
    const std::lock_guard<file_mutex> guard(mutex);
  };
  BOOST_TEST(wrong_beside(first(), work) == "");
  BOOST_TEST(wrong_beside(last(), work) == "");
}

BOOST_AUTO_TEST_CASE(many_opens_under_such_a_mutex_wait_for_one_fork_once) {
  // If each waited for its 100 ms, they would take 8 s.
  const auto work = [](const std::string& path) {
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i != 80; ++i)
      file_lock{path}.open();
    if (std::chrono::steady_clock::now() - begin > 4s) ::_exit(2);
  };
  BOOST_TEST(wrong_beside(first(), work) == "");
  BOOST_TEST(wrong_beside(last(), work) == "");
}

// https://github.com/OpenSC/pkcs11-helper/issues/16
BOOST_AUTO_TEST_CASE(a_handler_itself_opens_and_locks) {
  for (foreign_library* const each : {&first(), &last()}) {
    const lock_file file;
    child_process process =
        child_process::forked([&](line_channel&) -> std::string {
          static const registers_last registered;
          ::alarm(30);
          auto journal = std::make_unique<file_lock>(file.path);
          each->in_prepare = [&] { journal->lock(); };
          each->is_on = true;
          const ::pid_t child = ::fork();
          if (child == 0) test::leave_child(journal->is_open() ? 1 : 0);
          int status = 1;
          ::waitpid(child, &status, 0);
          std::string wrong;
          if (status != 0) wrong += "open in the child; ";
          if (!journal->owns_lock()) wrong += "not held by the parent; ";
          if (file.other_tries() != "busy") wrong += "released by the child; ";
          return wrong;
        });
    BOOST_TEST(process.failure() == "");
  }
}
