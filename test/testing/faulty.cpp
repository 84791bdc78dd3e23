// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A script of faults: what it makes of each call, when, and for whom.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/scripted_platform.hpp"
#include "support/temporary_folder.hpp"

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <system_error>
#include <thread>

BOOST_AUTO_TEST_SUITE(testing_faulty)

namespace {

using namespace std::chrono_literals;
using call = filelock::platform_call;
using filelock::call_numbers;
using filelock::every_call;
using filelock::fault_scope;
using filelock::fault_script;
using filelock::first_calls;
using filelock::lock_mode;
using filelock::nth_call;
using std::errc;

/// Every optional member.
struct whole : test::scripted_full {
  static void remove(const std::filesystem::path&, int,
                     std::error_code&) noexcept {
    test::script::current().record("remove");
  }
  static std::optional<filelock::process_id>
  holder(int, const filelock::lock_request&) noexcept {
    test::script::current().record("holder");
    return 4711;
  }
  static bool adopt(int, std::error_code&) noexcept {
    test::script::current().record("adopt");
    return true;
  }
  static void release(int) noexcept {
    test::script::current().record("release");
  }
  static bool still_names(const std::filesystem::path&, int,
                          filelock::name_memory& memory) noexcept {
    test::script::current().record("still_names");
    ++memory.stamp;
    return true;
  }
  static int descriptor(int handle) noexcept {
    test::script::current().record("descriptor");
    return handle + 1000;
  }
};
/// The same with a conversion that keeps what it cannot convert.
using atomic = test::with_atomic_conversion<whole>;

constexpr filelock::lock_request exclusive{lock_mode::exclusive, {}};
constexpr filelock::lock_request shared{lock_mode::shared, {}};

/// Calls one function of P. \returns What it said.
template <class P>
std::string call_once(call function, int handle) {
  std::error_code ec;
  filelock::canceller stop;
  const auto said = [&](bool result) {
    return ec ? ec.message() : std::string(result ? "true" : "false");
  };
  const auto done = [&] { return ec ? ec.message() : std::string("done"); };
  switch (function) {
  case call::open:
    return P::open("file", {}, ec) == P::invalid_handle ? ec.message() : "open";
  case call::close:
    return P::close(handle), done();
  case call::try_lock:
    return said(P::try_lock(handle, exclusive, ec));
  case call::lock:
    return P::lock(handle, exclusive, ec), done();
  case call::lock_until:
    return said(P::lock_until(handle, exclusive, (P::clock::time_point::max)(),
                              stop, ec));
  case call::wait_for:
    return P::wait_for(handle, 1s, stop), done();
  case call::convert:
    return said(P::convert(handle, shared, exclusive, ec));
  case call::unlock:
    return P::unlock(handle, exclusive, ec), done();
  case call::is_awaited:
    return said(P::is_awaited(handle));
  case call::names:
    return said(P::names("file", handle));
  case call::still_names: {
    filelock::name_memory memory;
    const bool result = P::still_names("file", handle, memory);
    return said(result) + ", remembers " + std::to_string(memory.stamp);
  }
  case call::remove:
    return P::remove("file", handle, ec), done();
  case call::holder:
    return P::holder(handle, exclusive) ? "someone" : "unknown";
  case call::adopt:
    return said(P::adopt(handle, ec));
  case call::release:
    return P::release(handle), done();
  case call::descriptor:
    return std::to_string(P::descriptor(handle));
  default:
    return "a service's: see faulty_service.cpp";
  }
}

bool needs_hold(call function) {
  return function == call::unlock || function == call::convert;
}

struct result {
  std::string said;
  std::string calls; ///< of P
  std::chrono::nanoseconds time;
  std::size_t held; ///< locks afterwards
};

/// \returns What becomes of one call on an open file that is held if need be.
template <class P>
result result_of(call function, fault_script* faults = nullptr) {
  test::script script;
  std::error_code ec;
  const int handle = P::open("file", {}, ec);
  if (needs_hold(function)) P::try_lock(handle, exclusive, ec);
  script.forget();
  std::optional<fault_scope> scope;
  if (faults) scope.emplace(*faults);
  const std::string said = call_once<filelock::faulty<P>>(function, handle);
  scope.reset();
  const result result{said, script.log(), script.now, script.held()};
  if (script.broken_rules() != "") BOOST_ERROR(script.broken_rules());
  return result;
}

constexpr call all_calls[] = {
    call::open,       call::close,    call::try_lock,    call::lock,
    call::lock_until, call::wait_for, call::convert,     call::unlock,
    call::is_awaited, call::names,    call::still_names, call::remove,
    call::holder,     call::adopt,    call::release,     call::descriptor};

std::string message(errc error) {
  return std::make_error_code(error).message();
}

} // namespace

BOOST_AUTO_TEST_CASE(without_a_script_each_call_is_the_platforms) {
  fault_script empty;
  for (const call function : all_calls) {
    const result plain = result_of<whole>(function);
    const result scripted = result_of<whole>(function, &empty);
    BOOST_TEST(plain.calls != "");
    BOOST_TEST(plain.calls.find(' ') == std::string::npos);
    BOOST_TEST(plain.said == scripted.said);
    BOOST_TEST(plain.calls == scripted.calls);
    BOOST_TEST(empty.count(function) == 1);
  }
  BOOST_TEST(empty.is_exhausted());
}

BOOST_AUTO_TEST_CASE(a_call_that_fails_is_not_made) {
  for (const call function : all_calls) {
    const result plain = result_of<whole>(function);
    fault_script faults;
    faults.fail(function, errc::io_error);
    BOOST_TEST(!faults.is_exhausted());
    const result failed = result_of<whole>(function, &faults);
    BOOST_TEST(faults.is_exhausted());
    BOOST_TEST(faults.count(function) == 1);
    const bool is_made = function == call::close || function == call::release;
    BOOST_TEST(failed.calls == (is_made ? plain.calls : ""));
    switch (function) {
    case call::is_awaited:
    case call::names:
      BOOST_TEST(failed.said == "false");
      break;
    case call::still_names:
      BOOST_TEST(failed.said == "false, remembers 0");
      break;
    case call::descriptor:
      BOOST_TEST(failed.said == "-1");
      break;
    case call::holder:
      BOOST_TEST(failed.said == "unknown");
      break;
    case call::close:
    case call::release:
    case call::wait_for:
      BOOST_TEST(failed.said == "done");
      BOOST_TEST((failed.time == 0s));
      break;
    default:
      BOOST_TEST(failed.said == message(errc::io_error));
    }
  }
}

BOOST_AUTO_TEST_CASE(any_error_code_can_be_reported) {
  fault_script faults;
  faults.fail(call::lock, std::error_code(4711, std::system_category()));
  test::script script;
  std::error_code ec;
  const fault_scope scope(faults);
  filelock::faulty<whole>::lock(1, exclusive, ec);
  BOOST_TEST((ec == std::error_code(4711, std::system_category())));
}

BOOST_AUTO_TEST_CASE(busy_is_what_another_owner_makes_of_a_call) {
  for (const call function : all_calls) {
    fault_script faults;
    faults.busy(function);
    const result busy = result_of<whole>(function, &faults);
    const bool can_be = function == call::try_lock ||
                        function == call::lock_until ||
                        function == call::convert;
    BOOST_TEST(faults.is_exhausted() == can_be);
    if (can_be)
      BOOST_TEST(busy.said == "false");
    else
      BOOST_TEST(busy.calls == result_of<whole>(function).calls);
  }
}

BOOST_AUTO_TEST_CASE(a_refused_conversion_keeps_what_an_atomic_one_keeps) {
  fault_script faults;
  faults.busy(call::convert, every_call());
  const result lost = result_of<whole>(call::convert, &faults);
  BOOST_TEST(lost.calls == "unlock_shared");
  BOOST_TEST(lost.held == 0);
  const result kept = result_of<atomic>(call::convert, &faults);
  BOOST_TEST(kept.calls == "");
  BOOST_TEST(kept.held == 1);
}

BOOST_AUTO_TEST_CASE(a_delay_passes_on_the_clock_of_the_platform) {
  for (const call function : all_calls) {
    const result plain = result_of<whole>(function);
    fault_script faults;
    faults.delay(function, 5ms);
    faults.delay(function, 7us); // and another one
    const result delayed = result_of<whole>(function, &faults);
    BOOST_TEST(faults.is_exhausted());
    const std::string pause = "pause(5007000)";
    BOOST_TEST(delayed.calls == (function == call::open
                                     ? plain.calls + " " + pause
                                     : pause + " " + plain.calls));
    BOOST_TEST((delayed.time - plain.time == 5ms + 7us));
    BOOST_TEST(faults.count(call::wait_for) ==
               (function == call::wait_for ? 1 : 0));
  }
}

BOOST_AUTO_TEST_CASE(a_delay_is_slept_where_the_platform_has_no_pause) {
  const test::temporary_folder folder;
  fault_script faults;
  faults.delay(call::open, 2ms);
  faults.delay(call::try_lock, 3ms);
  const fault_scope scope(faults);
  filelock::basic_file_lock<filelock::faulty<filelock::native_traits>> lock(
      folder / "file");
  const auto before = std::chrono::steady_clock::now();
  BOOST_TEST(lock.try_lock());
  BOOST_TEST((std::chrono::steady_clock::now() - before >= 5ms));
}

BOOST_AUTO_TEST_CASE(a_late_failure_takes_its_time) {
  fault_script faults;
  faults.delay(call::try_lock, 3s);
  faults.fail(call::try_lock, errc::io_error);
  const result failed = result_of<whole>(call::try_lock, &faults);
  BOOST_TEST(failed.said == message(errc::io_error));
  BOOST_TEST(failed.calls == "pause(3000000000)");
}

BOOST_AUTO_TEST_CASE(an_open_that_fails_has_no_handle_to_wait_with) {
  fault_script faults;
  faults.delay(call::open, 3s, every_call());
  faults.fail(call::open, errc::io_error);
  BOOST_TEST(result_of<whole>(call::open, &faults).calls == "");
  test::script script;
  script.opens = {ENOSPC};
  const fault_scope scope(faults);
  BOOST_TEST(call_once<filelock::faulty<whole>>(call::open, 0) ==
             message(errc::no_space_on_device));
  BOOST_TEST(script.log() == "open");
}

BOOST_AUTO_TEST_CASE(any_duration_is_a_delay) {
  fault_script faults;
  faults.delay(call::try_lock, -1h, nth_call(1));
  faults.delay(
      call::try_lock,
      std::chrono::duration<double>(std::numeric_limits<double>::quiet_NaN()),
      nth_call(2));
  faults.delay(call::try_lock, (std::chrono::hours::max)(), nth_call(3));
  BOOST_TEST((result_of<whole>(call::try_lock, &faults).time == 0s));
  BOOST_TEST((result_of<whole>(call::try_lock, &faults).time == 0s));
  BOOST_TEST((result_of<whole>(call::try_lock, &faults).time > 24h * 365));
  BOOST_TEST(faults.is_exhausted());
  // What is negative shortens no other delay.
  fault_script both;
  both.delay(call::try_lock, -1s);
  both.delay(call::try_lock, 3s);
  BOOST_TEST((result_of<whole>(call::try_lock, &both).time == 3s));
}

BOOST_AUTO_TEST_CASE(two_delays_of_one_call_do_not_overflow) {
  fault_script faults;
  faults.delay(call::try_lock, (std::chrono::hours::max)());
  faults.delay(call::try_lock, (std::chrono::hours::max)());
  BOOST_TEST((result_of<whole>(call::try_lock, &faults).time > 24h * 365));
}

BOOST_AUTO_TEST_CASE(the_numbers_of_calls_are_obeyed) {
  test::script script;
  script.free_from = test::never;
  fault_script faults;
  faults.fail(call::try_lock, errc::io_error, nth_call(2));
  faults.busy(call::try_lock, first_calls(1));
  faults.fail(call::try_lock, errc::no_lock_available, call_numbers{4, 5});
  const fault_scope scope(faults);
  std::string said;
  std::error_code ec;
  const int handle = script.open(ec);
  for (int i = 0; i != 6; ++i) {
    BOOST_TEST(faults.is_exhausted() == (i >= 5));
    said += call_once<filelock::faulty<whole>>(call::try_lock, handle) + "|";
  }
  const std::string none = message(errc::no_lock_available);
  BOOST_TEST(said == "false|" + message(errc::io_error) + "|false|" + none +
                         "|" + none + "|false|");
  BOOST_TEST(script.log() == "try try"); // the third and the sixth
  BOOST_TEST(faults.count(call::try_lock) == 6);
  BOOST_TEST(faults.count(call::lock) == 0);
}

BOOST_AUTO_TEST_CASE(a_fault_without_end_is_exhausted_by_one_call) {
  fault_script faults;
  faults.fail(call::open, errc::io_error, every_call());
  BOOST_TEST(!faults.is_exhausted());
  for (int i = 0; i != 3; ++i) {
    BOOST_TEST(result_of<whole>(call::open, &faults).said ==
               message(errc::io_error));
    BOOST_TEST(faults.is_exhausted());
  }
}

BOOST_AUTO_TEST_CASE(the_first_of_two_faults_for_one_call_happens) {
  fault_script faults;
  faults.fail(call::open, errc::io_error);
  faults.fail(call::open, errc::permission_denied);
  BOOST_TEST(result_of<whole>(call::open, &faults).said ==
             message(errc::io_error));
  BOOST_TEST(!faults.is_exhausted());
  BOOST_TEST(result_of<whole>(call::open, &faults).said == "open");
  BOOST_TEST(!faults.is_exhausted());
}

BOOST_AUTO_TEST_CASE(scopes_nest) {
  fault_script outer;
  fault_script inner;
  outer.fail(call::open, errc::io_error, every_call());
  test::script script;
  const auto open = [] {
    return call_once<filelock::faulty<whole>>(call::open, 0);
  };
  {
    const fault_scope first(outer);
    BOOST_TEST(open() == message(errc::io_error));
    {
      const fault_scope second(inner);
      BOOST_TEST(open() == "open");
    }
    BOOST_TEST(open() == message(errc::io_error));
  }
  BOOST_TEST(open() == "open");
  BOOST_TEST(outer.count(call::open) == 2);
  BOOST_TEST(inner.count(call::open) == 1);
}

BOOST_AUTO_TEST_CASE(a_scope_is_for_its_thread) {
  fault_script faults;
  faults.fail(call::open, errc::io_error, every_call());
  const fault_scope scope(faults);
  test::script script;
  std::string there;
  std::thread([&] {
    there = call_once<filelock::faulty<whole>>(call::open, 0);
  }).join();
  BOOST_TEST(there == "open");
  BOOST_TEST(faults.count(call::open) == 0);
}

BOOST_AUTO_TEST_CASE(adaptors_count_each_layer) {
  fault_script faults;
  faults.fail(call::open, errc::io_error, nth_call(2));
  test::script script;
  const fault_scope scope(faults);
  using twice = filelock::faulty<filelock::faulty<whole>>;
  BOOST_TEST(call_once<twice>(call::open, 0) == message(errc::io_error));
  BOOST_TEST(faults.count(call::open) == 2);
}

BOOST_AUTO_TEST_SUITE_END()
