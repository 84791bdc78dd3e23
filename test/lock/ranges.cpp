// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The bytes that open_options::range names: in every request to a Platform that
// can lock a part of a file, and an error where it cannot.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/scripted_platform.hpp"
#include "support/skipped.hpp"
#include "support/temporary_folder.hpp"

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

BOOST_AUTO_TEST_SUITE(lock_ranges)

namespace {

namespace fs = std::filesystem;
using filelock::byte_range;
using filelock::lock_mode;
using filelock::lock_request;
using filelock::open_options;

open_options bytes(std::uint64_t offset, std::uint64_t length) {
  open_options options;
  options.range = byte_range{offset, length};
  return options;
}

open_options some_bytes() { return bytes(5, 1); }

// ---- A scripted platform that records the range of each request ----

std::string recorded;

void record(const char* call, const lock_request& request) {
  recorded += recorded.empty() ? "" : " ";
  recorded += call + std::to_string(request.range.offset) + "+" +
              std::to_string(request.range.length);
}

std::string calls_since() { return std::exchange(recorded, std::string()); }

template <class P>
struct recording : P {
  static constexpr bool byte_ranges = true;

  static int open(const fs::path& path, const open_options& options,
                  std::error_code& ec) noexcept {
    record("open:", {lock_mode::unlocked, options.range});
    return P::open(path, options, ec);
  }
  static bool try_lock(int handle, const lock_request& request,
                       std::error_code& ec) noexcept {
    record("try:", request);
    return P::try_lock(handle, request, ec);
  }
  static void unlock(int handle, const lock_request& request,
                     std::error_code& ec) noexcept {
    record("unlock:", request);
    P::unlock(handle, request, ec);
  }
  static void lock(int handle, const lock_request& request,
                   std::error_code& ec) noexcept {
    record("lock:", request);
    P::lock(handle, request, ec);
  }
  static bool lock_until(int handle, const lock_request& request,
                         const typename P::clock::time_point& end,
                         filelock::canceller& stop,
                         std::error_code& ec) noexcept {
    record("until:", request);
    return P::lock_until(handle, request, end, stop, ec);
  }
  static std::optional<filelock::process_id>
  holder(int, const lock_request& request) noexcept {
    record("holder:", request);
    return 1;
  }
};

struct one_second {
  std::chrono::nanoseconds operator()(const filelock::wait_state&) const {
    return std::chrono::seconds(1);
  }
};

/// Asks who holds the lock each time.
struct asks_holder : one_second {
  static constexpr bool observes_wait = true;
  std::chrono::nanoseconds operator()(const filelock::wait_state& state) const {
    return state.holder() ? std::chrono::seconds(1) : std::chrono::seconds(0);
  }
};

using platform = recording<test::scripted_full>;
template <class Policy = one_second>
using lock_on = filelock::basic_file_lock<platform, Policy>;
using lock_type = lock_on<>;

lock_type lock_of_some_bytes(const char* path = "/folder/file") {
  return lock_type(path, some_bytes());
}

struct fresh_record {
  fresh_record() { recorded.clear(); }
  test::script script;
};

/// \returns What each form asks for that does not name the bytes.
std::string wrong_forms() {
  std::string result;
  using kind = test::acquire_form<lock_type>::kind;
  for (const auto& form : test::all_acquire_forms<lock_type>()) {
    const fresh_record fresh;
    lock_type lock = lock_of_some_bytes();
    test::script::current().attempts = {test::busy};
    form.call(lock);
    lock.unlock();
    const std::string calls = calls_since();
    // A wait with a token has no kernel wait without a deadline.
    const bool bounded =
        form.what == kind::timed || calls.find("until:") != calls.npos;
    const std::string expected = form.what == kind::one_try ? "open:5+1 try:5+1"
                                 : bounded
                                     ? "open:5+1 try:5+1 until:5+1 unlock:5+1"
                                     : "open:5+1 try:5+1 lock:5+1 unlock:5+1";
    if (calls != expected)
      result += std::string(form.name) + ": " + calls + "\n";
  }
  return result;
}

} // namespace

// ---- A Platform that can ----

BOOST_AUTO_TEST_CASE(every_request_of_every_form_names_the_bytes) {
  BOOST_TEST(wrong_forms() == "");
}

BOOST_FIXTURE_TEST_CASE(the_whole_file_is_the_default, fresh_record) {
  lock_type lock("/folder/file");
  lock.lock();
  lock.unlock();
  BOOST_TEST(calls_since() == "open:0+0 try:0+0 unlock:0+0");
}

BOOST_FIXTURE_TEST_CASE(the_holder_of_the_bytes_is_asked_for, fresh_record) {
  lock_on<asks_holder> lock("/folder/file", some_bytes());
  script.attempts = {test::busy};
  lock.lock();
  BOOST_TEST(calls_since() == "open:5+1 try:5+1 holder:5+1 until:5+1");
}

BOOST_FIXTURE_TEST_CASE(a_lock_that_was_open_names_the_bytes, fresh_record) {
  lock_type lock = lock_of_some_bytes();
  lock.open();
  lock.lock_shared();
  lock.unlock_shared();
  lock.close();
  lock.lock();
  BOOST_TEST(calls_since() == "open:5+1 try:5+1 unlock:5+1 open:5+1 try:5+1");
}

BOOST_FIXTURE_TEST_CASE(close_and_the_destructor_name_the_bytes, fresh_record) {
  {
    lock_type lock = lock_of_some_bytes();
    lock.lock();
    calls_since();
    lock.close();
    BOOST_TEST(calls_since() == "unlock:5+1");
    lock.lock_shared();
    calls_since();
  }
  BOOST_TEST(calls_since() == "unlock:5+1");
}

BOOST_FIXTURE_TEST_CASE(an_adopted_lock_names_the_bytes, fresh_record) {
  lock_type source("/folder/file");
  for (const lock_mode held : {lock_mode::exclusive, lock_mode::shared}) {
    held == lock_mode::shared ? source.lock_shared() : source.lock();
    lock_type lock(filelock::adopt_handle, source.release(), held, {},
                   some_bytes());
    calls_since();
    lock.unlock();
    lock.lock();
    lock.close();
    BOOST_TEST(calls_since() == "unlock:5+1 try:5+1 unlock:5+1");
  }
}

BOOST_FIXTURE_TEST_CASE(a_moved_lock_names_the_bytes, fresh_record) {
  lock_type first = lock_of_some_bytes();
  first.lock();
  calls_since();
  lock_type second(std::move(first));
  second.unlock();
  second.lock();
  BOOST_TEST(calls_since() == "unlock:5+1 try:5+1");

  lock_type third("/folder/other", bytes(7, 2));
  third.lock();
  calls_since();
  third = std::move(second);
  BOOST_TEST(calls_since() == "unlock:7+2");
  third.unlock();
  third.lock();
  third.close();
  third.open();
  BOOST_TEST(calls_since() == "unlock:5+1 try:5+1 unlock:5+1 open:5+1");
}

BOOST_FIXTURE_TEST_CASE(locks_swap_their_bytes, fresh_record) {
  lock_type first = lock_of_some_bytes();
  lock_type second("/folder/other", bytes(7, 2));
  first.lock();
  second.lock();
  calls_since();
  swap(first, second);
  BOOST_TEST(calls_since() == "");
  first.unlock();
  second.unlock();
  first.lock();
  second.lock();
  BOOST_TEST(calls_since() == "unlock:7+2 unlock:5+1 try:7+2 try:5+1");
}

BOOST_FIXTURE_TEST_CASE(a_file_that_was_replaced_is_left_and_locked_by_bytes,
                        fresh_record) {
  lock_type lock = lock_of_some_bytes();
  script.links = {false, false};
  script.names = {false, true};
  lock.lock();
  lock.unlock();
  BOOST_TEST(calls_since() ==
             "open:5+1 try:5+1 open:5+1 unlock:5+1 try:5+1 unlock:5+1");
}

BOOST_FIXTURE_TEST_CASE(a_grant_that_is_given_back_names_the_bytes,
                        fresh_record) {
  lock_type lock = lock_of_some_bytes();
  script.links = {false};
  script.names = {false};
  script.opens = {0, EACCES}; // the file that is named now
  std::error_code ec;
  BOOST_TEST(!lock.try_lock(ec));
  BOOST_TEST((ec == std::errc::permission_denied));
  BOOST_TEST(calls_since() == "open:5+1 try:5+1 open:5+1 unlock:5+1");
}

// ---- A Platform that cannot ----

BOOST_AUTO_TEST_CASE(flock_locks_no_part_of_a_file) {
  if (filelock::native_traits::byte_ranges)
    return test::skipped("flock_locks_no_part_of_a_file",
                         "this system locks them");
  const test::temporary_folder folder;
  for (const fs::path& path :
       {folder / "a.lock", folder.path() / "missing" / "a.lock"})
    for (const open_options& options :
         {bytes(5, 1), bytes(5, 0), bytes(0, 1)}) {
      filelock::file_lock lock{path, options};
      std::error_code ec;
      lock.open(ec);
      BOOST_TEST((ec == std::errc::not_supported));
      for (const auto& form : test::all_acquire_forms<filelock::file_lock>()) {
        BOOST_TEST_CONTEXT(form.name)
        BOOST_TEST(form.call(lock) == test::failure(std::errc::not_supported));
      }
      BOOST_TEST(test::state_of(lock) == "closed");
      BOOST_TEST(fs::is_empty(folder.path()));
    }
}

BOOST_AUTO_TEST_CASE(flock_locks_no_part_of_an_adopted_file) {
  if (filelock::native_traits::byte_ranges)
    return test::skipped("flock_locks_no_part_of_an_adopted_file",
                         "this system locks them");
  const test::temporary_folder folder;
  filelock::file_lock source{folder / "a.lock"};
  source.open();
  filelock::file_lock lock(filelock::adopt_handle, source.release(),
                           lock_mode::unlocked, {}, some_bytes());
  for (const auto& form : test::all_acquire_forms<filelock::file_lock>())
    BOOST_TEST(form.call(lock) == test::failure(std::errc::not_supported));
}

BOOST_AUTO_TEST_SUITE_END()
