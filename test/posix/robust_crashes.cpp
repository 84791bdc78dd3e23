// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: glibc: its mutex shows whether it was held when the machine stopped
// ALONE
// LABELS: process

// A process that makes the file of a robust_file_lock is killed before each of
// its system calls, or overtaken. The program has these calls of its own.

#define BOOST_TEST_MODULE robust_crashes
#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/child_process.hpp"
#include "support/robust_locks.hpp"

#include <linux/magic.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <system_error>

namespace {

/// What happens before the call of that number; constant-initialised, as calls
/// are made before main(), too.
struct call_script {
  int calls = 0;
  int crash_at = -1; ///< a SIGKILL
  int error_at = -1; ///< ENOSPC
  bool is_nfs = false;
  std::function<void()>* before_flock = nullptr;

  /// \returns Whether the call fails.
  bool counts() {
    ++calls;
    if (calls == crash_at) ::raise(SIGKILL);
    if (calls != error_at) return false;
    errno = ENOSPC;
    return true;
  }
};

call_script script;

} // namespace

extern "C" {
int filelock_test_flock(int handle, int operation) __asm__("flock");
::ssize_t filelock_test_pwrite(int handle, const void* bytes, std::size_t size,
                               ::off_t at) __asm__("pwrite");
int filelock_test_fallocate(int handle, ::off_t at,
                            ::off_t size) __asm__("posix_fallocate");
int filelock_test_munmap(void* at, std::size_t size) __asm__("munmap");
int filelock_test_madvise(void* at, std::size_t size,
                          int advice) __asm__("madvise");
int filelock_test_fstatfs(int handle,
                          struct ::statfs* result) __asm__("fstatfs");

int filelock_test_flock(int handle, int operation) {
  if (script.counts()) return -1;
  if (script.before_flock && operation != LOCK_UN) {
    std::function<void()>* const hook = script.before_flock;
    script.before_flock = nullptr;
    (*hook)();
  }
  return static_cast<int>(::syscall(SYS_flock, handle, operation));
}
::ssize_t filelock_test_pwrite(int handle, const void* bytes, std::size_t size,
                               ::off_t at) {
  if (script.counts()) return -1;
  return ::syscall(SYS_pwrite64, handle, bytes, size, at);
}
int filelock_test_fallocate(int handle, ::off_t at, ::off_t size) {
  if (script.counts()) return ENOSPC;
  return ::syscall(SYS_fallocate, handle, 0, at, size) == 0 ? 0 : errno;
}
int filelock_test_munmap(void* at, std::size_t size) {
  script.counts(); // cannot fail
  return static_cast<int>(::syscall(SYS_munmap, at, size));
}
int filelock_test_madvise(void* at, std::size_t size, int advice) {
  script.counts(); // is only advice
  return static_cast<int>(::syscall(SYS_madvise, at, size, advice));
}
int filelock_test_fstatfs(int handle, struct ::statfs* result) {
  const auto error = static_cast<int>(::syscall(SYS_fstatfs, handle, result));
  if (script.is_nfs) result->f_type = NFS_SUPER_MAGIC;
  return error;
}
}

namespace {

namespace fs = std::filesystem;
using filelock::robust_file_lock;
using lock_file = test::robust_lock_file;

constexpr std::size_t boot_at = offsetof(filelock::detail::robust_header, boot);

/// \returns The file of an owner that the machine has stopped with.
std::string left_held() {
  const lock_file file;
  robust_file_lock lock{file.path};
  lock.lock();
  return file.content().replace(boot_at, 16, "the boot before.");
}

/// Runs `run(n)` for each call that a child makes in open(), from the first on.
template <class Run>
void for_each_call(const lock_file& file, const std::string& content, Run run) {
  file.write(content);
  robust_file_lock lock{file.path};
  script = {};
  lock.open();
  const int calls = script.calls;
  script = {};
  lock.close(); // a file in use is not made again
  BOOST_TEST(calls >= 4);
  for (int i = 1; i <= calls; ++i) {
    file.write(content);
    run(i);
  }
}

} // namespace

BOOST_FIXTURE_TEST_CASE(a_maker_that_is_killed_at_any_call_is_made_good,
                        lock_file) {
  for (const std::string& before : {std::string(), left_held()})
    for_each_call(*this, before, [&](int call) {
      BOOST_TEST_CONTEXT("call " << call << " of " << before.size()) {
        test::child_process maker = test::child_process::forked(
            [&](test::line_channel&) -> std::string {
              script = {};
              script.crash_at = call;
              robust_file_lock{path}.open();
              return "";
            });
        BOOST_TEST(maker.wait() == -SIGKILL);
        robust_file_lock next{path};
        BOOST_TEST(next.try_lock());
        BOOST_TEST(next.previous_owner_died() == !before.empty());
        BOOST_TEST(!is_free());
      }
    });
}

BOOST_FIXTURE_TEST_CASE(an_error_of_a_call_leaves_nothing_half_made,
                        lock_file) {
  for (const std::string& before : {std::string(), left_held()})
    for_each_call(*this, before, [&](int call) {
      BOOST_TEST_CONTEXT("call " << call << " of " << before.size()) {
        robust_file_lock lock{path};
        script = {};
        script.error_at = call;
        std::error_code ec;
        lock.open(ec);
        script = {};
        if (ec) {
          BOOST_TEST((ec == std::errc::no_space_on_device));
          BOOST_TEST(content() == before);
          BOOST_TEST(!lock.is_open());
        }
        BOOST_TEST(lock.try_lock());
        BOOST_TEST(lock.previous_owner_died() == !before.empty());
      }
    });
}

BOOST_FIXTURE_TEST_CASE(a_file_that_another_has_made_meanwhile_stays_as_it_is,
                        lock_file) {
  for (const std::string& before : {std::string(), left_held()}) {
    write(before);
    robust_file_lock owner{path};
    std::function<void()> overtake = [&] { owner.lock(); };
    script.before_flock = &overtake;
    robust_file_lock late{path};
    BOOST_TEST(!late.try_lock());
    BOOST_TEST(owner.owns_lock());
    std::error_code ec;
    owner.unlock(ec);
    BOOST_TEST(!ec);
    BOOST_TEST(late.try_lock());
  }
}

BOOST_FIXTURE_TEST_CASE(a_file_on_nfs_is_not_supported, lock_file) {
  robust_file_lock{path}.open();
  script.is_nfs = true;
  robust_file_lock lock{path};
  std::error_code ec;
  BOOST_TEST(!lock.try_lock(ec));
  script.is_nfs = false;
  BOOST_TEST((ec == std::errc::not_supported));
  BOOST_TEST(!lock.is_open());
}
