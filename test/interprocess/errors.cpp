// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: linux: open(2) and fcntl(2) by a script, over raw system calls
// ALONE

// What open(2) and fcntl(2) may answer, and what both classes say of it. The
// program has functions of these names, which answer by a script.

#define BOOST_TEST_MODULE interprocess_errors
#include <boost/test/unit_test.hpp>

#include "support/interprocess_locks.hpp"

#include <boost/date_time/posix_time/posix_time_types.hpp>

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdarg>
#include <string>
#include <vector>

namespace {

/// What the next calls answer; 0 is the real answer.
struct script {
  int error_of_open = 0;
  int error_of_lock = 0; ///< of all that acquire
  int error_of_unlock = 0;
  int interruptions = 0; ///< before the answer
};
script answers;

int scripted_fcntl(int handle, int command, void* argument) {
  bool is_lock = command == F_SETLK || command == F_SETLKW;
#if FILELOCK_HAS_OFD_LOCKS
  is_lock = is_lock || command == F_OFD_SETLK || command == F_OFD_SETLKW;
#endif
  if (is_lock) {
    if (answers.interruptions > 0) {
      --answers.interruptions;
      errno = EINTR;
      return -1;
    }
    const int error = static_cast<struct ::flock*>(argument)->l_type == F_UNLCK
                          ? answers.error_of_unlock
                          : answers.error_of_lock;
    if (error != 0) {
      errno = error;
      return -1;
    }
  }
  return static_cast<int>(::syscall(SYS_fcntl, handle, command, argument));
}

int scripted_open(const char* path, int flags, int mode) {
  if (answers.error_of_open == 0)
    return static_cast<int>(::syscall(SYS_openat, AT_FDCWD, path, flags, mode));
  errno = answers.error_of_open;
  return -1;
}

} // namespace

// By their symbols: the C++ names have been declared by system headers.
extern "C" {
int filelock_test_fcntl(int handle, int command, ...) __asm__("fcntl");
int filelock_test_fcntl64(int handle, int command, ...) __asm__("fcntl64");
int filelock_test_open(const char* path, int flags, ...) __asm__("open");
int filelock_test_open64(const char* path, int flags, ...) __asm__("open64");

int filelock_test_fcntl(int handle, int command, ...) {
  va_list arguments;
  va_start(arguments, command);
  void* const argument = va_arg(arguments, void*);
  va_end(arguments);
  return scripted_fcntl(handle, command, argument);
}
int filelock_test_fcntl64(int handle, int command, ...) {
  va_list arguments;
  va_start(arguments, command);
  void* const argument = va_arg(arguments, void*);
  va_end(arguments);
  return scripted_fcntl(handle, command, argument);
}
int filelock_test_open(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const int mode = (flags & O_CREAT) != 0 ? va_arg(arguments, int) : 0;
  va_end(arguments);
  return scripted_open(path, flags, mode);
}
int filelock_test_open64(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const int mode = (flags & O_CREAT) != 0 ? va_arg(arguments, int) : 0;
  va_end(arguments);
  return scripted_open(path, flags, mode);
}
}

namespace {

using test::boost_lock;
using test::both_locks;
using test::existing_file;
using test::observer;
using test::our_lock;

/// What an exception says; "true" or "false" where there is none.
template <class Function>
std::string outcome_of(Function function) {
  try {
    return function() ? "true" : "false";
  } catch (const boost::interprocess::interprocess_exception& error) {
    return std::to_string(error.get_native_error()) + ' ' +
           std::to_string(error.get_error_code()) + ' ' + error.what();
  }
}

/// The outcomes of all members that acquire, while `error` is the answer.
template <class Lock>
std::vector<std::string> outcomes(Lock& lock, int error) {
  answers = script();
  answers.error_of_lock = error;
  const auto now = boost::posix_time::microsec_clock::universal_time();
  std::vector<std::string> result{
      outcome_of([&] { return lock.lock(), true; }),
      outcome_of([&] { return lock.try_lock(); }),
      outcome_of([&] { return lock.timed_lock(now); }),
      outcome_of([&] { return lock.lock_sharable(), true; }),
      outcome_of([&] { return lock.try_lock_sharable(); }),
      outcome_of([&] { return lock.timed_lock_sharable(now); }),
      outcome_of([&] { return lock.try_lock_for(std::chrono::seconds(0)); }),
  };
  answers = script();
  return result;
}

} // namespace

BOOST_AUTO_TEST_CASE(both_classes_report_each_error_of_open_alike) {
  const existing_file file;
  for (const int error :
       {EACCES, EROFS, EPERM, EMFILE, ENFILE, ENOMEM, EIO, ENXIO, ENODEV,
        ETXTBSY, EBUSY, ENOSPC, ELOOP, EOVERFLOW, EINVAL, EDQUOT}) {
    BOOST_TEST_CONTEXT(error) {
      const auto opening = [&](auto open) {
        answers = script();
        answers.error_of_open = error;
        const std::string result = outcome_of(open);
        answers = script();
        return result;
      };
      const std::string theirs =
          opening([&] { return boost_lock(file.path.c_str()), true; });
      BOOST_TEST(theirs.find(std::to_string(error)) == 0);
      BOOST_TEST(opening([&] { return our_lock(file.path.c_str()), true; }) ==
                 theirs);
    }
  }
}

BOOST_AUTO_TEST_CASE(both_classes_report_each_error_of_a_lock_alike) {
  const existing_file file;
  boost_lock theirs(file.path.c_str());
  our_lock ours(file.path.c_str());
  for (const int error :
       {ENOLCK, EBADF, EDEADLK, EIO, EINVAL, ENOMEM, EPERM, ESTALE}) {
    BOOST_TEST_CONTEXT(error) {
      const auto expected = outcomes(theirs, error);
      BOOST_TEST(expected.front().find(std::to_string(error)) == 0);
      BOOST_TEST(outcomes(ours, error) == expected,
                 boost::test_tools::per_element());
    }
  }
}

// It has EAGAIN alone say that it is busy; Boost's, with fcntl(2), EACCES too.
BOOST_AUTO_TEST_CASE(busy_is_no_error) {
  const existing_file file;
  boost_lock theirs(file.path.c_str());
  our_lock ours(file.path.c_str());
  answers.error_of_lock = EAGAIN;
  BOOST_TEST(!theirs.try_lock());
  BOOST_TEST(!ours.try_lock());
  BOOST_TEST(!theirs.try_lock_sharable());
  BOOST_TEST(!ours.try_lock_sharable());
  answers = script();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_failed_acquire_changes_nothing, Lock,
                              both_locks) {
  const existing_file file;
  observer other(file.path);
  Lock lock(file.path.c_str());
  outcomes(lock, ENOLCK);
  BOOST_TEST(other.sees_free());
  lock.lock_sharable();
  answers.error_of_lock = ENOLCK;
  BOOST_TEST(outcome_of([&] { return lock.try_lock(); }).find("37 ") == 0);
  answers = script();
  BOOST_TEST(other.sees_shared());
  BOOST_TEST(lock.try_lock());
  BOOST_TEST(other.sees_exclusive());
}

BOOST_AUTO_TEST_CASE(both_classes_report_each_error_of_a_release_alike) {
  const existing_file file;
  for (const int error : {ENOLCK, EIO, EINVAL}) {
    const auto release = [&](auto&& lock) {
      lock.lock();
      answers.error_of_unlock = error;
      const std::string result =
          outcome_of([&] { return lock.unlock(), true; });
      answers = script();
      return result;
    };
    const std::string theirs = release(boost_lock(file.path.c_str()));
    BOOST_TEST(theirs.find(std::to_string(error)) == 0);
    BOOST_TEST(release(our_lock(file.path.c_str())) == theirs);
  }
}

// Boost's still holds it, and claims that it does.
BOOST_AUTO_TEST_CASE_TEMPLATE(after_an_error_the_lock_is_released_all_the_same,
                              Lock, both_locks) {
  const existing_file file;
  observer other(file.path);
  Lock lock(file.path.c_str());
  lock.lock();
  answers.error_of_unlock = EIO;
  outcome_of([&] { return lock.unlock(), true; });
  answers = script();
  BOOST_TEST(other.sees_free() == test::is_ours<Lock>);
  lock.lock();
  BOOST_TEST(other.sees_exclusive());
}

BOOST_AUTO_TEST_CASE(an_interruption_is_never_an_error) {
  const existing_file file;
  observer other(file.path);
  our_lock lock(file.path.c_str());
  const auto interrupted = [&](auto acquire) {
    answers.interruptions = 3;
    const std::string result = outcome_of(acquire);
    BOOST_TEST(answers.interruptions == 0);
    answers = script();
    lock.unlock();
    return result;
  };
  BOOST_TEST(interrupted([&] { return lock.lock(), true; }) == "true");
  BOOST_TEST(interrupted([&] { return lock.try_lock(); }) == "true");
  BOOST_TEST(interrupted([&] { return lock.lock_sharable(), true; }) == "true");
  BOOST_TEST(interrupted([&] { return lock.try_lock_sharable(); }) == "true");
  lock.lock();
  answers.interruptions = 3;
  BOOST_TEST(outcome_of([&] { return lock.unlock(), true; }) == "true");
  BOOST_TEST(answers.interruptions == 0);
  BOOST_TEST(other.sees_free());
}
