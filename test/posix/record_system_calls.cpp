// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: linux: fcntl(2) by a script, over the raw system call
// ALONE

// What fcntl(2) may answer to a lock, but seldom does. The program has an
// fcntl() of its own, which answers by a script.

#define BOOST_TEST_MODULE record_system_calls
#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/posix_models.hpp"
#include "support/scripted_platform.hpp"
#include "support/temporary_folder.hpp"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <system_error>
#include <tuple>

namespace {

// ---- The script ----

struct recorded_call {
  int command = 0;
  struct ::flock record = {};
};

/// Constant-initialised: fcntl() is called before main(), too.
struct script_of_fcntl {
  static constexpr std::size_t most = 16;
  int errors[most] = {};         ///< of the next calls; 0 is the real one
  std::optional<::pid_t> holder; ///< what F_GETLK says
  recorded_call calls[most] = {};
  std::size_t count = 0;

  void begin(std::initializer_list<int> list) {
    *this = script_of_fcntl();
    std::size_t at = 0;
    for (const int each : list)
      errors[at++] = each;
  }
};

script_of_fcntl script;

bool is_question(int command) {
#if FILELOCK_HAS_OFD_LOCKS
  if (command == F_OFD_GETLK) return true;
#endif
  return command == F_GETLK;
}

bool is_lock(int command) {
#if FILELOCK_HAS_OFD_LOCKS
  if (command == F_OFD_SETLK || command == F_OFD_SETLKW) return true;
#endif
  return command == F_SETLK || command == F_SETLKW || is_question(command);
}

int call(int handle, int command, void* argument) {
#if defined(SYS_fcntl64)
  const auto real = [&] {
    return static_cast<int>(::syscall(SYS_fcntl64, handle, command, argument));
  };
#else
  const auto real = [&] {
    return static_cast<int>(::syscall(SYS_fcntl, handle, command, argument));
  };
#endif
  if (!is_lock(command) || script.count == script.most) return real();
  auto* const record = static_cast<struct ::flock*>(argument);
  script.calls[script.count] = {command, *record};
  if (const int error = script.errors[script.count++]) {
    errno = error;
    return -1;
  }
  if (!is_question(command) || !script.holder) return real();
  record->l_type = F_WRLCK;
  record->l_pid = *script.holder;
  return 0;
}

} // namespace

// By their symbols: the C++ names have been declared by system headers, with
// other attributes on each system.
extern "C" {
int filelock_test_fcntl(int handle, int command, ...) __asm__("fcntl");
int filelock_test_fcntl64(int handle, int command, ...) __asm__("fcntl64");

int filelock_test_fcntl(int handle, int command, ...) {
  va_list arguments;
  va_start(arguments, command);
  void* const argument = va_arg(arguments, void*);
  va_end(arguments);
  return call(handle, command, argument);
}
int filelock_test_fcntl64(int handle, int command, ...) {
  va_list arguments;
  va_start(arguments, command);
  void* const argument = va_arg(arguments, void*);
  va_end(arguments);
  return call(handle, command, argument);
}
}

namespace {

using filelock::lock_mode;
using filelock::lock_request;
using filelock::posix_fcntl_traits;
#if FILELOCK_HAS_OFD_LOCKS
using filelock::posix_ofd_traits;
using platforms = std::tuple<posix_ofd_traits, posix_fcntl_traits>;
#else
using platforms = std::tuple<posix_fcntl_traits>;
#endif

constexpr lock_request exclusive{lock_mode::exclusive, {}};
constexpr lock_request shared{lock_mode::shared, {}};

/// The commands that a platform is expected to give.
template <class P>
struct commands {
  static constexpr int set = F_SETLK;
  static constexpr int wait = F_SETLKW;
  static constexpr int ask = F_GETLK;
};
#if FILELOCK_HAS_OFD_LOCKS
template <>
struct commands<posix_ofd_traits> {
  static constexpr int set = F_OFD_SETLK;
  static constexpr int wait = F_OFD_SETLKW;
  static constexpr int ask = F_OFD_GETLK;
};
#endif

/// What a function of the platform has come to.
struct outcome {
  bool result = false;
  std::error_code ec;
};

template <class P>
struct file {
  file() {
    std::error_code ec;
    handle = P::open(folder / "file", {}, ec);
  }
  ~file() {
    script.begin({});
    P::close(handle);
  }
  file(const file&) = delete;
  file& operator=(const file&) = delete;

  outcome try_lock(const lock_request& request = exclusive) const {
    outcome done;
    done.result = P::try_lock(handle, request, done.ec);
    return done;
  }
  outcome lock(const lock_request& request = exclusive) const {
    outcome done;
    P::lock(handle, request, done.ec);
    done.result = !done.ec;
    return done;
  }
  outcome convert(const lock_request& to = exclusive) const {
    outcome done;
    done.result = P::convert(handle, shared, to, done.ec);
    return done;
  }
  outcome unlock() const {
    outcome done;
    P::unlock(handle, exclusive, done.ec);
    done.result = !done.ec;
    return done;
  }
  bool is_known(::pid_t holder) const {
    script.holder = holder;
    return P::holder(handle, exclusive).has_value();
  }

  test::temporary_folder folder;
  int handle = -1;
};

/// \returns How each function fails to report `error` as `expected`, after one
/// call.
template <class P>
std::string not_reported(int error, std::errc expected) {
  const file<P> file;
  std::string failed;
  const auto check = [&](const char* name, auto function) {
    script.begin({error});
    const outcome done = function();
    if (done.result) failed += std::string(name) + ": granted; ";
    if (done.ec != expected)
      failed += std::string(name) + ": " + done.ec.message() + "; ";
    if (script.count != 1)
      failed += name + (": calls: " + std::to_string(script.count)) + "; ";
  };
  check("try_lock", [&] { return file.try_lock(); });
  check("try_lock, shared", [&] { return file.try_lock(shared); });
  check("lock", [&] { return file.lock(); });
  check("convert", [&] { return file.convert(); });
  check("unlock", [&] { return file.unlock(); });
  return failed;
}

} // namespace

// ---- What is asked ----

BOOST_AUTO_TEST_CASE_TEMPLATE(each_function_is_one_system_call, P, platforms) {
  const file<P> file;
  script.begin({});
  BOOST_TEST(file.try_lock(shared).result);
  BOOST_TEST(file.convert().result);
  BOOST_TEST(file.unlock().result);
  BOOST_TEST(file.lock().result);
  BOOST_TEST(file.unlock().result);
  BOOST_TEST(!P::holder(file.handle, shared));
  struct {
    int command;
    int type;
  } const expected[] = {
      {commands<P>::set, F_RDLCK}, {commands<P>::set, F_WRLCK},
      {commands<P>::set, F_UNLCK}, {commands<P>::wait, F_WRLCK},
      {commands<P>::set, F_UNLCK}, {commands<P>::ask, F_RDLCK}};
  BOOST_TEST_REQUIRE(script.count == 6u);
  for (std::size_t i = 0; i != script.count; ++i) {
    const recorded_call& each = script.calls[i];
    BOOST_TEST(each.command == expected[i].command);
    BOOST_TEST(each.record.l_type == expected[i].type);
    BOOST_TEST(each.record.l_whence == SEEK_SET);
    BOOST_TEST(each.record.l_start == 0);
    BOOST_TEST(each.record.l_len == 0);
    BOOST_TEST(each.record.l_pid == 0);
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_bytes_are_asked_for, P, platforms) {
  const file<P> file;
  script.begin({});
  const lock_request some{lock_mode::exclusive, {7, 3}};
  const lock_request rest{lock_mode::exclusive, {7, 0}};
  BOOST_TEST(file.try_lock(some).result);
  BOOST_TEST(file.lock(rest).result);
  BOOST_TEST_REQUIRE(script.count == 2u);
  BOOST_TEST(script.calls[0].record.l_start == 7);
  BOOST_TEST(script.calls[0].record.l_len == 3);
  BOOST_TEST(script.calls[1].record.l_start == 7);
  BOOST_TEST(script.calls[1].record.l_len == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(bytes_beyond_all_offsets_are_not_asked_for, P,
                              platforms) {
  const file<P> file;
  script.begin({});
  const lock_request far{lock_mode::exclusive,
                         {(std::numeric_limits<std::uint64_t>::max)(), 1}};
  BOOST_TEST((file.try_lock(far).ec == std::errc::value_too_large));
  BOOST_TEST((file.lock(far).ec == std::errc::value_too_large));
  BOOST_TEST(!P::holder(file.handle, far));
  BOOST_TEST(script.count == 0u);
}

// ---- Signals ----

BOOST_AUTO_TEST_CASE_TEMPLATE(an_interrupted_call_is_repeated, P, platforms) {
  const file<P> file;
  const auto interrupt = [] { script.begin({EINTR, EINTR, EINTR}); };
  const auto check = [&](const outcome& done) {
    BOOST_TEST(done.result);
    BOOST_TEST(!done.ec);
    BOOST_TEST(script.count == 4u);
    interrupt();
  };
  interrupt();
  check(file.try_lock(shared));
  check(file.convert());
  check(file.unlock());
  check(file.lock());
  BOOST_TEST(file.is_known(42));
  BOOST_TEST(script.count == 4u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_interrupted_attempt_may_still_be_busy, P,
                              platforms) {
  const file<P> file;
  script.begin({EINTR, EAGAIN});
  const outcome done = file.try_lock();
  BOOST_TEST(!done.result);
  BOOST_TEST(!done.ec);
  BOOST_TEST(script.count == 2u);
}

// ---- Busy ----

BOOST_AUTO_TEST_CASE_TEMPLATE(busy_is_no_error, P, platforms) {
  const file<P> file;
  for (const lock_request& request : {exclusive, shared}) {
    script.begin({EAGAIN, EAGAIN});
    const outcome tried = file.try_lock(request);
    BOOST_TEST(!tried.result);
    BOOST_TEST(!tried.ec);
    const outcome converted = file.convert(request);
    BOOST_TEST(!converted.result);
    BOOST_TEST(!converted.ec);
    BOOST_TEST(script.count == 2u);
  }
}

// POSIX lets EACCES say what EAGAIN does; a security module says it too.
BOOST_AUTO_TEST_CASE_TEMPLATE(
    a_refused_access_is_busy_if_an_owner_holds_a_conflicting_lock, P,
    platforms) {
  const file<P> file;
  const auto is_busy = [&](auto call) {
    script.begin({EACCES});
    script.holder = 4711;
    const outcome result = call();
    BOOST_TEST(!result.result);
    BOOST_TEST(!result.ec);
    BOOST_TEST(script.count == 2u);
    BOOST_TEST(script.calls[1].command == commands<P>::ask);
  };
  is_busy([&] { return file.try_lock(); });
  is_busy([&] { return file.convert(); });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    a_refused_access_is_an_error_if_nobody_holds_a_lock, P, platforms) {
  const file<P> file;
  const auto is_error = [&](std::initializer_list<int> errors,
                            std::size_t calls) {
    script.begin(errors);
    const outcome tried = file.try_lock();
    BOOST_TEST(!tried.result);
    BOOST_TEST((tried.ec == std::errc::permission_denied));
    BOOST_TEST(script.count == calls);
  };
  // Asked twice, as an owner may have left before the question.
  is_error({EACCES, 0, EACCES, 0}, 4);
  is_error({EACCES, EACCES}, 2); // the question is refused as well
  script.begin({EACCES, 0, 0});
  const outcome tried = file.try_lock();
  BOOST_TEST(tried.result);
  BOOST_TEST(!tried.ec);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_wait_that_cannot_block_is_an_error, P,
                              platforms) {
  const file<P> file;
  for (const int error : {EAGAIN, EACCES}) {
    script.begin({error});
    const outcome done = file.lock();
    BOOST_TEST(done.ec.value() == error);
    BOOST_TEST(script.count == 1u);
  }
}

// ---- Errors ----

BOOST_AUTO_TEST_CASE_TEMPLATE(an_error_is_reported_at_once, P, platforms) {
  BOOST_TEST(not_reported<P>(ENOLCK, std::errc::no_lock_available) == "");
  BOOST_TEST(not_reported<P>(EIO, std::errc::io_error) == "");
  BOOST_TEST(
      not_reported<P>(EDEADLK, std::errc::resource_deadlock_would_occur) == "");
  BOOST_TEST(not_reported<P>(EOVERFLOW, std::errc::value_too_large) == "");
  for (const int error : {ENOSYS, EOPNOTSUPP, EINVAL})
    BOOST_TEST(not_reported<P>(error, std::errc::not_supported) == "");
  // Said of a descriptor that is open for all.
  BOOST_TEST(not_reported<P>(EBADF, std::errc::bad_file_descriptor) == "");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_error_leaves_the_lock_as_it_was, Lock,
                              test::record_locks) {
  const test::temporary_folder folder;
  for (const int error : {ENOLCK, EDEADLK, EINVAL, EBADF}) {
    Lock lock{folder / "file"};
    script.begin({EAGAIN, error});
    std::error_code ec;
    lock.lock(ec); // busy, then a wait that fails
    BOOST_TEST(bool(ec));
    BOOST_TEST(script.count == 2u);
    BOOST_TEST(test::state_of(lock) == "closed");
    BOOST_TEST(lock.try_lock());
  }
}

// ---- holder ----

BOOST_AUTO_TEST_CASE_TEMPLATE(a_holder_that_is_no_process_is_not_named, P,
                              platforms) {
  const file<P> file;
  script.begin({});
  BOOST_TEST(file.is_known(42));
  BOOST_TEST(!file.is_known(0));   // in another PID namespace
  BOOST_TEST(!file.is_known(-1));  // an open file description
  BOOST_TEST(!file.is_known(-42)); // on another machine
  script.begin({EIO});
  BOOST_TEST(!file.is_known(42));
}
