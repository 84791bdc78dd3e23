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
#include <system_error>

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

BOOST_AUTO_TEST_SUITE_END()
