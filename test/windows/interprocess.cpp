// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: windows

// interprocess::file_lock beside processes on Boost's class, and beside that
// class in this process: the same range, share modes, errors.

#include <boost/test/unit_test.hpp>

#include <filelock/file_lock.hpp>

#include "support/interprocess_locks.hpp"
#include "support/temporary_folder.hpp"
#include "support/win_child.hpp"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <utility>

BOOST_AUTO_TEST_SUITE(windows_interprocess)

namespace {

using namespace std::chrono_literals;
using test::boost_lock;
using test::both_locks;
using test::existing_file;
using test::observer;
using test::our_lock;

/// Ours, and a process on Boost's class.
struct beside_boost : existing_file {
  our_lock lock{path.c_str()};
  test::win_child other{path, test::win_child::kind::boost};
};

/// What an exception says of `function`; empty where there is none.
template <class Function>
std::string error_of(Function function) {
  try {
    function();
    return "";
  } catch (const boost::interprocess::interprocess_exception& error) {
    return std::to_string(error.get_native_error()) + ' ' +
           std::to_string(error.get_error_code()) + ' ' + error.what();
  }
}

} // namespace

BOOST_FIXTURE_TEST_CASE(a_process_on_boosts_class_excludes_us, beside_boost) {
  BOOST_TEST(other.ask("lock") == "locked");
  BOOST_TEST(!lock.try_lock());
  BOOST_TEST(!lock.try_lock_sharable());
  BOOST_TEST(!lock.try_lock_for(5ms));
  BOOST_TEST(other.ask("unlock") == "unlocked");
  BOOST_TEST(other.ask("shared") == "locked");
  BOOST_TEST(!lock.try_lock());
  BOOST_TEST(lock.try_lock_sharable());
  lock.unlock_sharable();
  other.kill_and_wait();
  lock.lock();
}

BOOST_FIXTURE_TEST_CASE(we_exclude_a_process_on_boosts_class, beside_boost) {
  lock.lock();
  BOOST_TEST(other.ask("try") == "busy");
  BOOST_TEST(other.ask("try_shared") == "busy");
  lock.unlock();
  lock.lock_sharable();
  BOOST_TEST(other.ask("try") == "busy");
  BOOST_TEST(other.ask("try_shared") == "locked");
  BOOST_TEST(other.ask("unlock") == "unlocked");
  lock.unlock_sharable();
  BOOST_TEST(other.ask("try") == "locked");
}

BOOST_FIXTURE_TEST_CASE(each_class_waits_for_the_other, beside_boost) {
  lock.lock();
  other.write_line("lock");
  lock.unlock();
  BOOST_TEST(other.read_line() == "locked");
  std::atomic<bool> is_held{false};
  std::thread waiting([&] {
    lock.lock();
    is_held = true;
  });
  BOOST_TEST(!is_held);
  BOOST_TEST(other.ask("unlock") == "unlocked");
  waiting.join();
  BOOST_TEST(is_held);
  BOOST_TEST(other.ask("try") == "busy");
}

BOOST_AUTO_TEST_CASE(both_classes_report_the_same_errors) {
  const existing_file file;
  const std::string folder = file.folder.path().string();
  for (const std::string& path : {std::string(), folder, folder + "\\missing",
                                  folder + "\\no\\file", folder + "\\a*b"}) {
    BOOST_TEST_CONTEXT(path) {
      const std::string theirs =
          error_of([&] { const boost_lock lock(path.c_str()); });
      BOOST_TEST(theirs != "");
      BOOST_TEST(error_of([&] { const our_lock lock(path.c_str()); }) ==
                 theirs);
    }
  }
  boost_lock theirs;
  our_lock ours;
  BOOST_TEST(error_of([&] { theirs.lock(); }) != "");
  BOOST_TEST(error_of([&] { ours.lock(); }) ==
             error_of([&] { theirs.lock(); }));
  BOOST_TEST(error_of([&] { ours.try_lock_sharable(); }) ==
             error_of([&] { theirs.try_lock_sharable(); }));
  BOOST_TEST(error_of([&] { ours.unlock(); }) ==
             error_of([&] { theirs.unlock(); }));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_wide_name_is_taken, Lock, both_locks) {
  const test::temporary_folder folder;
  const std::filesystem::path path = folder / "a.lock";
  std::ofstream(path).flush();
  Lock lock(path.c_str());
  BOOST_TEST(lock.try_lock());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_held_lock_moves, Lock, both_locks) {
  const existing_file file;
  observer other(file.path);
  Lock lock(file.path.c_str());
  lock.lock();
  Lock moved(std::move(lock));
  BOOST_TEST(other.sees_exclusive());
  lock = std::move(moved);
  BOOST_TEST(other.sees_exclusive());
  lock.swap(moved);
  BOOST_TEST(other.sees_exclusive());
  moved = Lock();
  BOOST_TEST(other.sees_free());
}

BOOST_FIXTURE_TEST_CASE(file_lock_and_boosts_class_exclude_each_other,
                        beside_boost) {
  filelock::file_lock first_byte{path};
  BOOST_TEST(other.ask("lock") == "locked");
  BOOST_TEST(!first_byte.try_lock());
  BOOST_TEST(!first_byte.try_lock_shared());
  BOOST_TEST(other.ask("unlock") == "unlocked");
  BOOST_TEST(first_byte.try_lock());
  BOOST_TEST(other.ask("try") == "busy");
}

// ---- The differences ----

// Boost's waits for itself for ever.
BOOST_AUTO_TEST_CASE(a_held_lock_is_taken_again_and_converted) {
  const existing_file file;
  observer other(file.path);
  our_lock lock(file.path.c_str());
  lock.lock();
  lock.lock();
  BOOST_TEST(lock.try_lock());
  lock.lock_sharable();
  BOOST_TEST(other.sees_shared());
  BOOST_TEST(!lock.try_lock()); // its own handle is in the way, as of Boost's
  BOOST_TEST(other.sees_shared());
  lock.lock();
  BOOST_TEST(other.sees_exclusive());
  BOOST_TEST(lock.try_lock_sharable());
  BOOST_TEST(other.sees_shared());
  lock.unlock();
  BOOST_TEST(other.sees_free());
  boost_lock theirs(file.path.c_str());
  theirs.lock();
  BOOST_TEST(!theirs.try_lock());
}

BOOST_AUTO_TEST_CASE(a_shared_lock_over_an_exclusive_one_is_one_hold) {
  const existing_file file;
  observer other(file.path);
  our_lock ours(file.path.c_str());
  ours.lock();
  ours.lock_sharable();
  ours.unlock_sharable();
  BOOST_TEST(other.sees_free());
  boost_lock theirs(file.path.c_str());
  theirs.lock();
  theirs.lock_sharable();
  theirs.unlock_sharable();
  BOOST_TEST(!other.sees_free()); // one more release is due
  theirs.unlock();
  BOOST_TEST(other.sees_free());
}

BOOST_AUTO_TEST_SUITE_END()
