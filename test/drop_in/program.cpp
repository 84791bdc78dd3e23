// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A program as it is written for Boost: compiled with drop_in/ before Boost's
// headers it uses ours, and nothing of Boost's class is left in it.

#define BOOST_TEST_MODULE drop_in_program
#include <boost/test/unit_test.hpp>

// As some programs do, so the class cannot be an alias.
namespace boost {
namespace interprocess {
class file_lock;
}
} // namespace boost

#include <boost/interprocess/sync/file_lock.hpp>
#include <boost/interprocess/sync/scoped_lock.hpp>
#include <boost/interprocess/sync/sharable_lock.hpp>

#include "support/temporary_folder.hpp"

#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#if defined(__ELF__)
// The members of Boost's own class, by their symbols; null where the program
// does not have them. Its destructor has that of the class in its place.
extern "C" {
extern const char boost_lock __asm__("_ZN5boost12interprocess9file_lock4lockEv")
    __attribute__((weak));
extern const char
    boost_unlock __asm__("_ZN5boost12interprocess9file_lock6unlockEv")
        __attribute__((weak));
extern const char boost_lock_sharable __asm__(
    "_ZN5boost12interprocess9file_lock13lock_sharableEv") __attribute__((weak));
extern const char
    boost_constructor __asm__("_ZN5boost12interprocess9file_lockC1EPKc")
        __attribute__((weak));
extern const char
    boost_destructor __asm__("_ZN5boost12interprocess9file_lockD1Ev")
        __attribute__((weak));
// Ours, in its place.
extern const char
    our_lock __asm__("_ZN8filelock2v112interprocess9file_lock4lockEv")
        __attribute__((weak));
}
#endif

namespace {

namespace ipc = boost::interprocess;

struct lock_user {
  explicit lock_user(ipc::file_lock&& given) : lock(std::move(given)) {}
  ipc::file_lock lock;
};

struct existing_file {
  existing_file() { std::ofstream(path).flush(); }

  test::temporary_folder folder;
  std::string path = (folder / "a.lock").string();
};

} // namespace

BOOST_FIXTURE_TEST_CASE(the_class_is_ours, existing_file) {
  static_assert(
      std::is_base_of_v<filelock::interprocess::file_lock, ipc::file_lock>);
  static_assert(!std::is_final_v<ipc::file_lock>);
  static_assert(std::is_nothrow_default_constructible_v<ipc::file_lock>);
  static_assert(std::is_nothrow_move_constructible_v<ipc::file_lock>);
  static_assert(std::is_nothrow_move_assignable_v<ipc::file_lock>);
  static_assert(!std::is_copy_constructible_v<ipc::file_lock>);
  static_assert(std::is_convertible_v<const char*, ipc::file_lock>);
  ipc::file_lock first(path.c_str());
  ipc::file_lock second = path.c_str();
  first.lock();
  BOOST_TEST(!second.try_lock()); // with Boost's own it is true
}

#if defined(__ELF__)
BOOST_FIXTURE_TEST_CASE(no_symbol_of_boosts_class_is_in_the_program,
                        existing_file) {
  ipc::file_lock lock(path.c_str());
  void (ipc::file_lock::*const volatile used)() = &ipc::file_lock::lock;
  (lock.*used)();
  lock.unlock();
  lock.lock_sharable();
  BOOST_TEST(&our_lock != nullptr);
  BOOST_TEST(&boost_lock == nullptr);
  BOOST_TEST(&boost_unlock == nullptr);
  BOOST_TEST(&boost_lock_sharable == nullptr);
  BOOST_TEST(&boost_constructor == nullptr);
}
#endif

BOOST_FIXTURE_TEST_CASE(the_usual_programs_run, existing_file) {
  ipc::file_lock lock(path.c_str());
  ipc::file_lock other(path.c_str());
  {
    const ipc::scoped_lock<ipc::file_lock> guard(lock);
    BOOST_TEST(!other.try_lock());
  }
  {
    const ipc::sharable_lock<ipc::file_lock> guard(lock);
    BOOST_TEST(!other.try_lock());
    BOOST_TEST(other.try_lock_sharable());
    other.unlock_sharable();
  }
  {
    ipc::scoped_lock<ipc::file_lock> guard(lock, ipc::try_to_lock);
    BOOST_TEST(bool(guard));
    ipc::scoped_lock<ipc::file_lock> moved(boost::move(guard));
    BOOST_TEST(moved.owns());
  }
  lock_user by_value(std::move(lock));
  by_value.lock.lock();
  BOOST_TEST(!other.try_lock());
  std::map<std::string, ipc::file_lock> locks;
  locks.emplace(path, path.c_str());
  BOOST_TEST(!locks.at(path).try_lock());
  const auto owned = std::make_unique<ipc::file_lock>(path.c_str());
  BOOST_TEST(!owned->try_lock());
  by_value.lock = ipc::file_lock();
  BOOST_TEST(owned->try_lock());
}

BOOST_AUTO_TEST_CASE(errors_are_caught_as_before) {
  try {
    const ipc::file_lock lock("/no/such/file");
    BOOST_ERROR("no error");
  } catch (const ipc::interprocess_exception& error) {
    BOOST_TEST(error.get_error_code() == ipc::not_found_error);
#if !defined(_WIN32) // whose words are the system's
    BOOST_TEST(error.what() == std::string("No such file or directory"));
#endif
  }
}
