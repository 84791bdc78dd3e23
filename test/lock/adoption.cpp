// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A lock takes charge of a handle that is open already, and gives one up.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/native_file.hpp"
#include "support/scripted_platform.hpp"
#include "support/temporary_folder.hpp"

#include <filesystem>
#include <system_error>
#include <type_traits>
#include <utility>

BOOST_AUTO_TEST_SUITE(lock_adoption)

namespace {

using filelock::adopt_handle;
using filelock::file_lock;
using filelock::lock_mode;

using test::close_native;
using test::is_open_native;
using test::lock_native;
using test::open_native;

} // namespace

BOOST_AUTO_TEST_CASE(an_adopted_lock_holds_what_the_caller_says) {
  const test::temporary_folder folder;
  for (const auto mode :
       {lock_mode::unlocked, lock_mode::shared, lock_mode::exclusive}) {
    const auto handle = open_native(folder / "file");
    if (mode != lock_mode::unlocked)
      BOOST_TEST_REQUIRE(lock_native(handle, mode));
    {
      file_lock lock(adopt_handle, handle, mode);
      BOOST_TEST(lock.is_open());
      BOOST_TEST(lock.native_handle() == handle);
      BOOST_TEST(lock.path().empty());
      BOOST_TEST(lock.owns_lock() == (mode == lock_mode::exclusive));
      BOOST_TEST(lock.owns_lock_shared() == (mode == lock_mode::shared));
    }
    BOOST_TEST(!is_open_native(handle));
  }
}

BOOST_AUTO_TEST_CASE(an_adopted_lock_excludes_and_releases) {
  const test::temporary_folder folder;
  const auto handle = open_native(folder / "file");
  BOOST_TEST_REQUIRE(lock_native(handle, lock_mode::exclusive));
  file_lock lock(adopt_handle, handle, lock_mode::exclusive);
  file_lock other(folder / "file");
  BOOST_TEST(!other.try_lock());
  BOOST_TEST(lock.try_lock()); // held already, and once more now
  lock.unlock();
  BOOST_TEST(!other.try_lock());
  lock.unlock();
  BOOST_TEST(other.try_lock());
  BOOST_TEST(!lock.try_lock_shared());
  other.unlock();
  BOOST_TEST(lock.try_lock()); // on the same handle
  BOOST_TEST(lock.native_handle() == handle);
}

BOOST_AUTO_TEST_CASE(an_adopted_lock_is_never_reopened) {
  const test::temporary_folder folder;
  file_lock lock(adopt_handle, open_native(folder / "file"),
                 lock_mode::unlocked);
  lock.close();
  std::error_code ec;
  BOOST_TEST(!lock.try_lock(ec));
  BOOST_TEST((ec == std::errc::invalid_argument));
  lock.open(ec);
  BOOST_TEST((ec == std::errc::invalid_argument));
}

BOOST_AUTO_TEST_CASE(an_adopted_lock_is_not_verified) {
  test::script script;
  using platform = test::scripted_polled;
  std::error_code ec;
  const int handle = platform::open("/folder/file", {}, ec);
  filelock::basic_file_lock<platform, filelock::yield_backoff> lock(
      adopt_handle, handle, lock_mode::unlocked);
  script.forget();
  script.links = {false};
  script.names = {false};
  BOOST_TEST(lock.try_lock());
  BOOST_TEST(script.log() == "try");
}

BOOST_AUTO_TEST_CASE(an_adopted_deleted_file_is_locked_all_the_same) {
  const test::temporary_folder folder;
  const auto handle = open_native(folder / "file");
  std::filesystem::remove(folder / "file");
  file_lock lock(adopt_handle, handle, lock_mode::unlocked);
  BOOST_TEST(lock.try_lock());
  BOOST_TEST(lock.native_handle() == handle);
}

BOOST_AUTO_TEST_CASE(the_invalid_handle_cannot_be_adopted) {
  BOOST_CHECK_EXCEPTION(file_lock(adopt_handle,
                                  filelock::native_traits::invalid_handle,
                                  lock_mode::exclusive),
                        std::system_error, [](const std::system_error& error) {
                          return error.code() == std::errc::invalid_argument;
                        });
}

BOOST_AUTO_TEST_CASE(a_closed_handle_cannot_be_adopted) {
  const test::temporary_folder folder;
  const auto handle = open_native(folder / "file");
  close_native(handle);
  BOOST_CHECK_EXCEPTION(file_lock(adopt_handle, handle, lock_mode::exclusive),
                        std::system_error, [](const std::system_error& error) {
                          return error.code() == std::errc::bad_file_descriptor;
                        });
}

BOOST_AUTO_TEST_CASE(release_gives_up_a_handle_that_stays_locked) {
  const test::temporary_folder folder;
  file_lock lock(folder / "file");
  lock.lock();
  const auto handle = lock.native_handle();
  BOOST_TEST(lock.release() == handle);
  BOOST_TEST(test::state_of(lock) == "closed");
  lock.close();
  file_lock other(folder / "file");
  BOOST_TEST(is_open_native(handle));
  BOOST_TEST(!other.try_lock());

  file_lock adopted(adopt_handle, handle, lock_mode::exclusive);
  BOOST_TEST(!other.try_lock());
  adopted.unlock();
  BOOST_TEST(other.try_lock());
}

BOOST_AUTO_TEST_CASE(release_keeps_the_path_for_the_next_acquire) {
  const test::temporary_folder folder;
  file_lock lock(folder / "file");
  lock.lock_shared();
  const auto handle = lock.release();
  BOOST_TEST((lock.path() == folder / "file"));
  BOOST_TEST(lock.try_lock_shared());
  BOOST_TEST(lock.native_handle() != handle);
  close_native(handle);
}

BOOST_AUTO_TEST_CASE(release_of_a_closed_lock_gives_no_handle) {
  test::script script;
  filelock::basic_file_lock<test::scripted_polled, filelock::yield_backoff>
      lock("/folder/file");
  BOOST_TEST(lock.release() == -1);
  BOOST_TEST(script.log() == "");
}

BOOST_AUTO_TEST_CASE(release_calls_no_system) {
  test::script script;
  filelock::basic_file_lock<test::scripted_polled, filelock::yield_backoff>
      lock("/folder/file");
  lock.lock();
  script.forget();
  BOOST_TEST(lock.release() != -1);
  lock.close();
  BOOST_TEST(script.log() == "");
  BOOST_TEST(script.held() == 1u);
}

BOOST_AUTO_TEST_CASE(an_adopted_lock_moves) {
  const test::temporary_folder folder;
  const auto handle = open_native(folder / "file");
  file_lock from(adopt_handle, handle, lock_mode::unlocked);
  from.lock();
  file_lock to(std::move(from));
  BOOST_TEST(to.owns_lock());
  BOOST_TEST(to.native_handle() == handle);
  BOOST_TEST(test::state_of(from) == "closed");
}

BOOST_AUTO_TEST_CASE(adoption_deduces_and_takes_a_policy) {
  const test::temporary_folder folder;
  filelock::basic_file_lock plain(adopt_handle, open_native(folder / "file"),
                                  lock_mode::unlocked);
  static_assert(std::is_same_v<decltype(plain), file_lock>);
  filelock::basic_file_lock<filelock::native_traits, filelock::yield_backoff>
      with_policy(adopt_handle, open_native(folder / "file"),
                  lock_mode::unlocked, filelock::yield_backoff());
  BOOST_TEST(plain.try_lock());
  BOOST_TEST(!with_policy.try_lock());
}

BOOST_AUTO_TEST_SUITE_END()
