// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: linux: system calls of Linux, by a filter
// ALONE
// LABELS: process

// Which system calls a lock, or a mutex, makes that is open and free: flock, or
// fcntl, and, with verify_path, one fstat. A child that makes another is killed
// by a filter.

#define BOOST_TEST_MODULE hot_path
#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>
#include <filelock/interprocess.hpp>

#include "support/child_process.hpp"
#include "support/posix_models.hpp"
#include "support/sanitizer.hpp"
#include "support/settled_file.hpp"
#include "support/shared_memory.hpp"
#include "support/skipped.hpp"
#include "support/temporary_folder.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>

#if defined(__linux__) && defined(__x86_64__) && !FILELOCK_TEST_HAS_SANITIZER

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <cstdarg>
#include <cstddef>
#include <cstdint>
#include <ostream>
#include <system_error>
#include <type_traits>
#include <vector>

// ---- The calls that are counted ----

namespace {

struct counts {
  int locks = 0; // flock or fcntl
  int fstats = 0;
  int not_acquired = 0;

  friend bool operator==(const counts& a, const counts& b) {
    return a.locks == b.locks && a.fstats == b.fstats &&
           a.not_acquired == b.not_acquired;
  }
  friend std::ostream& operator<<(std::ostream& stream, const counts& each) {
    return stream << each.locks << " flock or fcntl, " << each.fstats
                  << " fstat, " << each.not_acquired << " not acquired";
  }
};

counts counted;

} // namespace

// By their symbols, in place of the C library's.
extern "C" {
int filelock_test_flock(int handle, int operation) __asm__("flock");
int filelock_test_fcntl(int handle, int command, ...) __asm__("fcntl");
int filelock_test_fstat(int handle, struct ::stat* status) __asm__("fstat");

int filelock_test_flock(int handle, int operation) {
  ++counted.locks;
  return static_cast<int>(::syscall(SYS_flock, handle, operation));
}
int filelock_test_fcntl(int handle, int command, ...) {
  va_list arguments;
  va_start(arguments, command);
  void* const argument = va_arg(arguments, void*);
  va_end(arguments);
  ++counted.locks;
  return static_cast<int>(::syscall(SYS_fcntl, handle, command, argument));
}
int filelock_test_fstat(int handle, struct ::stat* status) {
  ++counted.fstats;
  return static_cast<int>(::syscall(SYS_fstat, handle, status));
}
}

namespace {

using filelock::open_options;
using test::flock_lock;

// ---- The filter ----

/// Effects: from here on, another system call than these kills the process.
/// \returns Whether that is so.
bool allow_only(const std::vector<long>& calls) {
  std::vector<::sock_filter> program;
  const auto add = [&](int code, std::uint32_t value, int if_true,
                       int if_false) {
    program.push_back({static_cast<std::uint16_t>(code),
                       static_cast<std::uint8_t>(if_true),
                       static_cast<std::uint8_t>(if_false), value});
  };
  const auto load = [&](std::size_t offset) {
    add(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset), 0, 0);
  };
  load(offsetof(::seccomp_data, arch));
  add(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0);
  add(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS, 0, 0);
  load(offsetof(::seccomp_data, nr));
  for (const long each : calls) {
    add(BPF_JMP | BPF_JEQ | BPF_K, static_cast<std::uint32_t>(each), 0, 1);
    add(BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
  }
  add(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS, 0, 0);
  const ::sock_fprog filter = {static_cast<unsigned short>(program.size()),
                               program.data()};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

// ---- What is done under the filter ----

constexpr int rounds = 1000;
constexpr int no_filter = 77;

struct result {
  int status;
  counts calls;
};

/// Opens the file, and lets the lock compare path and file once more after it
/// has settled. The lock remembers that comparison, and at the next acquire
/// asks once whether the file system may be trusted.
template <class Lock>
void open_file(Lock& lock, const std::filesystem::path& path) {
  lock.lock();
  lock.unlock();
  const int handle = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  test::let_settle(handle);
  ::close(handle);
  for (int i = 0; i != 2; ++i) {
    lock.lock();
    lock.unlock();
  }
}

/// Runs `round(lock)` many times, which says whether it acquired.
template <class Lock, class Round>
result under_filter(const open_options& options, std::vector<long> allowed,
                    Round round) {
  const test::temporary_folder folder;
  const test::shared_memory<counts> shared;
  test::child_process child =
      test::child_process::forked([&](test::line_channel&) -> std::string {
        Lock lock{folder / "a.lock", options};
        open_file(lock, folder / "a.lock");
        allowed.push_back(SYS_exit_group);
        allowed.push_back(SYS_write); // of a message, should it come to that
        if (!allow_only(allowed)) test::leave_child(no_filter);
        counted = counts();
        for (int i = 0; i != rounds; ++i)
          if (!round(lock)) ++counted.not_acquired;
        *shared = counted;
        test::leave_child(0); // the lock cannot be closed here
      });
  const int status = child.wait();
  return {status, *shared};
}

/// \returns Whether there are such filters, and they kill.
bool has_filters() {
  test::child_process child =
      test::child_process::forked([](test::line_channel&) -> std::string {
        if (!allow_only({SYS_exit_group})) test::leave_child(no_filter);
        ::syscall(SYS_getppid);
        test::leave_child(0);
      });
  if (child.wait() == -SIGSYS) return true;
  test::skipped("the system calls of the hot path",
                "system calls cannot be filtered here");
  return false;
}

template <class Lock, class Round>
void check(const char* name, Round round) {
  const long locks =
      std::is_same_v<typename Lock::platform_type, filelock::posix_flock_traits>
          ? SYS_flock
          : SYS_fcntl;
  BOOST_TEST_CONTEXT(name) {
    // The clock: where the system does not tell the time without a call.
    const result verified =
        under_filter<Lock>({}, {locks, SYS_fstat, SYS_clock_gettime}, round);
    BOOST_TEST(verified.status == 0);
    BOOST_TEST(verified.calls == (counts{2 * rounds, rounds, 0}));
    open_options options;
    options.verify_path = false;
    const result unverified =
        under_filter<Lock>(options, {locks, SYS_clock_gettime}, round);
    BOOST_TEST(unverified.status == 0);
    BOOST_TEST(unverified.calls == (counts{2 * rounds, 0, 0}));
  }
}

} // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(
    a_free_open_lock_makes_two_system_calls_and_a_release_one, Lock,
    test::all_locks) {
  if (!has_filters()) return;
  check<Lock>("lock", [](Lock& lock) {
    lock.lock();
    const bool acquired = lock.owns_lock();
    lock.unlock();
    return acquired;
  });
  check<Lock>("try_lock", [](Lock& lock) {
    const bool acquired = lock.try_lock();
    lock.unlock();
    return acquired;
  });
  check<Lock>("lock_shared", [](Lock& lock) {
    lock.lock_shared();
    const bool acquired = lock.owns_lock_shared();
    lock.unlock_shared();
    return acquired;
  });
  check<Lock>("error codes", [](Lock& lock) {
    std::error_code ec;
    lock.lock(ec);
    const bool acquired = lock.owns_lock() && !ec;
    lock.unlock(ec);
    return acquired && !ec;
  });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_mutex_makes_the_calls_of_a_lock, Lock,
                              test::all_locks) {
  if (!has_filters()) return;
  using mutex_type = filelock::basic_file_mutex<typename Lock::platform_type>;
  check<mutex_type>("lock", [](mutex_type& mutex) {
    mutex.lock();
    mutex.unlock();
    return true;
  });
  check<mutex_type>("try_lock", [](mutex_type& mutex) {
    const bool acquired = mutex.try_lock();
    mutex.unlock();
    return acquired;
  });
  check<mutex_type>("lock_shared", [](mutex_type& mutex) {
    mutex.lock_shared();
    mutex.unlock_shared();
    return true;
  });
}

BOOST_AUTO_TEST_CASE(an_acquire_of_a_held_lock_makes_no_system_call) {
  if (!has_filters()) return;
  bool is_first = true;
  const result repeated = under_filter<flock_lock>(
      {}, {SYS_flock, SYS_fstat}, [&](flock_lock& lock) {
        const bool acquired = lock.try_lock();
        if (is_first) counted = counts();
        is_first = false;
        return acquired;
      });
  BOOST_TEST(repeated.status == 0);
  BOOST_TEST(repeated.calls == counts());
}

BOOST_AUTO_TEST_CASE(a_release_without_a_hold_makes_no_system_call) {
  if (!has_filters()) return;
  const result released =
      under_filter<flock_lock>({}, {}, [](flock_lock& lock) {
        lock.unlock();
        return true;
      });
  BOOST_TEST(released.status == 0);
  BOOST_TEST(released.calls == counts());
}

namespace {

/// As the other locks here are made and opened.
struct interprocess_lock : filelock::interprocess::file_lock {
  interprocess_lock(const std::filesystem::path& path, const open_options&)
      : file_lock((std::ofstream(path).flush(), path.c_str())) {}
  void open() {}
};

} // namespace

BOOST_AUTO_TEST_CASE(
    an_interprocess_lock_makes_one_system_call_and_a_release_one) {
  if (!has_filters()) return;
  const auto check_calls = [](const char* name, auto round) {
    BOOST_TEST_CONTEXT(name) {
      const result calls =
          under_filter<interprocess_lock>({}, {SYS_fcntl}, round);
      BOOST_TEST(calls.status == 0);
      BOOST_TEST(calls.calls == (counts{2 * rounds, 0, 0}));
    }
  };
  check_calls("lock", [](interprocess_lock& lock) {
    lock.lock();
    lock.unlock();
    return true;
  });
  check_calls("try_lock", [](interprocess_lock& lock) {
    const bool acquired = lock.try_lock();
    lock.unlock();
    return acquired;
  });
  check_calls("lock_sharable", [](interprocess_lock& lock) {
    lock.lock_sharable();
    lock.unlock_sharable();
    return true;
  });
  check_calls("try_lock_for", [](interprocess_lock& lock) {
    const bool acquired = lock.try_lock_for(std::chrono::seconds(1));
    lock.unlock();
    return acquired;
  });
}

#else

BOOST_AUTO_TEST_CASE(
    a_free_open_lock_makes_two_system_calls_and_a_release_one) {
  test::skipped("the system calls of the hot path",
                "a sanitizer makes calls of its own, or this is not Linux on "
                "x86-64");
}

#endif
