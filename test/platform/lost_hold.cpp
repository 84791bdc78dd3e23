// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: linux: locks by F_OFD_SETLK

// A hold by posix_ofd_traits that was lost, as on NFS after the end of a lease:
// test/nfs. Here a duplicate of the descriptor releases it.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>
#include <filelock/platform/fifo.hpp>
#include <filelock/platform/marked.hpp>
#include <filelock/platform/polled.hpp>
#include <filelock/platform/posix_ofd_traits.hpp>
#include <filelock/platform/queued.hpp>

#include "support/temporary_folder.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <system_error>
#include <thread>
#include <tuple>

BOOST_AUTO_TEST_SUITE(platform_lost_hold)

namespace {

using filelock::basic_file_lock;
using filelock::fifo;
using filelock::posix_ofd_traits;

/// Effects: releases the lock of the open file, behind its owner's back.
void release(int handle) {
  struct ::flock record {};
  record.l_type = F_UNLCK;
  record.l_whence = SEEK_SET;
  BOOST_TEST(::fcntl(handle, F_OFD_SETLK, &record) == 0);
}

using platforms =
    std::tuple<posix_ofd_traits, filelock::polled<posix_ofd_traits>,
               filelock::queued<posix_ofd_traits>,
               filelock::marked<posix_ofd_traits>, fifo<posix_ofd_traits>>;

} // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(a_hold_that_another_owner_has_is_not_valid, P,
                              platforms) {
  const test::temporary_folder folder;
  basic_file_lock<P> lock(folder.path() / "lock");
  basic_file_lock<P> other(folder.path() / "lock");
  lock.lock();
  BOOST_TEST(!other.try_lock());
  BOOST_TEST(lock.still_valid());
  release(lock.native_handle());
  // Nobody has it, so nobody can tell.
  BOOST_TEST(lock.still_valid());
  BOOST_TEST(other.try_lock());
  BOOST_TEST(!lock.still_valid());
  BOOST_TEST(other.still_valid());
  other.unlock();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_shared_hold_beside_another_one_is_valid, P,
                              platforms) {
  const test::temporary_folder folder;
  basic_file_lock<P> lock(folder.path() / "lock");
  basic_file_lock<P> other(folder.path() / "lock");
  lock.lock_shared();
  BOOST_TEST(other.try_lock_shared());
  BOOST_TEST(lock.still_valid());
  other.unlock();
  release(lock.native_handle());
  BOOST_TEST(other.try_lock());
  BOOST_TEST(!lock.still_valid());
}

BOOST_AUTO_TEST_CASE(waiters_that_queue_do_not_make_a_hold_invalid) {
  const test::temporary_folder folder;
  basic_file_lock<fifo<posix_ofd_traits>> lock(folder.path() / "lock");
  lock.lock();
  std::thread waiter([&] {
    basic_file_lock<fifo<posix_ofd_traits>> next(folder.path() / "lock");
    next.lock();
  });
  // A newcomer waits behind the place of the waiter, once that is taken.
  basic_file_lock<posix_ofd_traits> place(folder.path() / "lock");
  place.open();
  const filelock::lock_request beyond{filelock::lock_mode::exclusive,
                                      {filelock::detail::first_place, 0}};
  std::error_code ec;
  while (
      !posix_ofd_traits::conflicting_range(place.native_handle(), beyond, ec) &&
      !ec)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  BOOST_TEST(lock.still_valid());
  lock.unlock();
  waiter.join();
}

BOOST_AUTO_TEST_SUITE_END()
