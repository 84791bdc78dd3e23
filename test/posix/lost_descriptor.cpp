// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: the numbers of descriptors; see windows.handles

// A descriptor that a stranger has closed, and whose number another file has.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/scripted_platform.hpp"
#include "support/temporary_folder.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <string>
#include <system_error>
#include <tuple>

BOOST_AUTO_TEST_SUITE(posix_lost_descriptor)

BOOST_AUTO_TEST_CASE(a_real_descriptor_closed_by_a_stranger_is_forgotten) {
  const test::temporary_folder folder;
  filelock::file_lock lock(folder / "file");
  lock.lock();
  const int number = lock.native_handle();
  BOOST_TEST_REQUIRE(::close(number) == 0);
  std::error_code ec;
  lock.unlock(ec);
  BOOST_TEST((ec == std::errc::bad_file_descriptor));
  BOOST_TEST(test::state_of(lock) == "closed");

  // A stranger gets the number; nothing of the lock may close it.
  BOOST_TEST_REQUIRE(::open("/dev/null", O_RDONLY | O_CLOEXEC) == number);
  lock.close();
  BOOST_TEST(::fcntl(number, F_GETFD) != -1);
  BOOST_TEST(lock.try_lock()); // with a descriptor of its own
  BOOST_TEST(lock.native_handle() != number);
  lock.close();
  BOOST_TEST(::fcntl(number, F_GETFD) != -1);
  ::close(number);
}

BOOST_AUTO_TEST_CASE(a_destructor_forgets_a_descriptor_closed_by_a_stranger) {
  const test::temporary_folder folder;
  int number;
  {
    filelock::file_lock lock(folder / "file");
    lock.lock_shared();
    number = lock.native_handle();
    BOOST_TEST_REQUIRE(::close(number) == 0);
    std::error_code ec;
    lock.unlock_shared(ec);
    BOOST_TEST((ec == std::errc::bad_file_descriptor));
    BOOST_TEST_REQUIRE(::open("/dev/null", O_RDONLY | O_CLOEXEC) == number);
  }
  BOOST_TEST(::fcntl(number, F_GETFD) != -1);
  ::close(number);
}

// ---- The next acquire ----

namespace {

/// The number of an idle lock's descriptor, which a stranger has closed.
template <class Lock>
int lost_number(Lock& lock) {
  lock.open();
  const int number = lock.native_handle();
  BOOST_TEST_REQUIRE(::close(number) == 0);
  return number;
}

using locks =
    std::tuple<filelock::file_lock, filelock::queued_file_lock,
#if FILELOCK_HAS_OFD_LOCKS
               filelock::basic_file_lock<filelock::posix_ofd_traits>,
#endif
               filelock::basic_file_lock<filelock::posix_fcntl_traits>>;

template <class Lock>
void check_each_acquire(const std::function<void(Lock&)>& lose) {
  for (const auto mode :
       {filelock::lock_mode::exclusive, filelock::lock_mode::shared})
    for (const auto& form : test::acquire_forms<Lock>(mode)) {
      const test::temporary_folder folder;
      Lock lock(folder / "file");
      lose(lock);
      BOOST_TEST_CONTEXT(form.name) {
        const test::outcome outcome = form.call(lock);
        BOOST_TEST(outcome.acquired);
        BOOST_TEST(!outcome.error);
        BOOST_TEST(lock.still_valid());
      }
    }
}

} // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(an_acquire_opens_the_file_again, Lock, locks) {
  check_each_acquire<Lock>([](Lock& lock) { lost_number(lock); });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_acquire_does_not_wait_for_a_strangers_lock,
                              Lock, locks) {
  const test::temporary_folder folder;
  const std::string log = folder / "log";
  filelock::file_lock flocked(log);
  flocked.lock();
  int number = -1;
  check_each_acquire<Lock>([&](Lock& lock) {
    if (number >= 0) ::close(number);
    number = lost_number(lock);
    BOOST_TEST_REQUIRE(::open(log.c_str(), O_WRONLY | O_CLOEXEC) == number);
  });
  BOOST_TEST(::fcntl(number, F_GETFD) != -1);
  ::close(number);
}

BOOST_AUTO_TEST_CASE(a_mutex_opens_the_file_again) {
  const test::temporary_folder folder;
  const int number = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ::close(number); // the next one
  filelock::file_mutex mutex(folder / "file");
  mutex.lock();
  mutex.unlock();
  BOOST_TEST_REQUIRE(::close(number) == 0);
  BOOST_TEST(mutex.try_lock());
  BOOST_TEST(!filelock::file_lock(folder / "file").try_lock());
  mutex.unlock();
}

BOOST_AUTO_TEST_CASE(a_lock_leaves_alone_the_lock_that_has_its_number) {
  const test::temporary_folder folder;
  filelock::file_lock lost(folder / "file");
  const int number = lost_number(lost);
  filelock::file_lock next(folder / "file");
  next.lock();
  BOOST_TEST_REQUIRE(next.native_handle() == number);
  BOOST_TEST(!lost.try_lock());
  BOOST_TEST(!lost.try_lock_shared());
  BOOST_TEST(!filelock::file_lock(folder / "file").try_lock_shared());
  next.unlock();
  BOOST_TEST(lost.try_lock());
  BOOST_TEST(!next.try_lock());
}

BOOST_AUTO_TEST_CASE(a_release_leaves_alone_the_lock_that_has_its_number) {
  const test::temporary_folder folder;
  filelock::file_lock next(folder / "file");
  {
    filelock::file_lock lost(folder / "file");
    lost.lock();
    const int number = lost.native_handle();
    BOOST_TEST_REQUIRE(::close(number) == 0);
    next.lock();
    BOOST_TEST_REQUIRE(next.native_handle() == number);
    std::error_code ec;
    lost.unlock(ec);
    BOOST_TEST((ec == std::errc::bad_file_descriptor));
    BOOST_TEST(test::state_of(lost) == "closed");
    BOOST_TEST(!filelock::file_lock(folder / "file").try_lock());
    next.unlock();
    next.close();
    lost.open();
    ::close(lost.native_handle());
    next.lock();
  } // destroys it
  BOOST_TEST(next.still_valid());
  BOOST_TEST(!filelock::file_lock(folder / "file").try_lock());
}

BOOST_AUTO_TEST_SUITE_END()
