// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: linux: flock(2) and open(2) by a script, over raw system calls
// ALONE

// What the system calls may answer, but seldom do. The program has flock(),
// open() and realloc() of its own, which fail by a script.

#define BOOST_TEST_MODULE system_calls
#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/child_process.hpp"
#include "support/descriptors.hpp"
#include "support/sanitizer.hpp"
#include "support/scripted_platform.hpp"
#include "support/skipped.hpp"
#include "support/temporary_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstddef>
#include <filesystem>
#include <initializer_list>
#include <string>
#include <system_error>
#include <vector>

#if defined(__GLIBC__) && !FILELOCK_TEST_HAS_SANITIZER
#define FILELOCK_TEST_OWN_MMAP 1
#else
#define FILELOCK_TEST_OWN_MMAP 0
#endif

namespace {

// ---- The script ----

/// Constant-initialised: the functions are called before main(), too.
struct scripted_call {
  static constexpr std::size_t most = 64;
  int errors[most] = {}; // of the next calls; 0 is the real call
  std::size_t calls = 0;

  scripted_call& operator=(std::initializer_list<int> list) {
    *this = scripted_call();
    std::size_t at = 0;
    for (const int each : list)
      errors[at++] = each;
    return *this;
  }

  bool fails() {
    const int error = calls < most ? errors[calls] : 0;
    ++calls;
    if (error != 0) errno = error;
    return error != 0;
  }
};

scripted_call attempts;
scripted_call waits;
scripted_call unlocks;
scripted_call opens;
int open_flags[scripted_call::most]; // of the calls
scripted_call allocations;

} // namespace

// By their symbols: the C++ names have been declared by system headers, with
// other attributes on each system.
extern "C" {
int filelock_test_flock(int handle, int operation) __asm__("flock");
int filelock_test_open(const char* path, int flags, ...) __asm__("open");

int filelock_test_flock(int handle, int operation) {
  scripted_call& call = operation == LOCK_UN    ? unlocks
                        : (operation & LOCK_NB) ? attempts
                                                : waits;
  if (call.fails()) return -1;
  return static_cast<int>(::syscall(SYS_flock, handle, operation));
}

int filelock_test_open(const char* path, int flags, ...) {
  ::mode_t mode = 0;
  if ((flags & O_CREAT) != 0) {
    va_list arguments;
    va_start(arguments, flags);
    mode = va_arg(arguments, ::mode_t);
    va_end(arguments);
  }
  if (opens.calls < scripted_call::most) open_flags[opens.calls] = flags;
  if (opens.fails()) return -1;
  return static_cast<int>(::syscall(SYS_openat, AT_FDCWD, path, flags, mode));
}

#if FILELOCK_TEST_OWN_MMAP
void* filelock_test_mmap(void* at, std::size_t size, int protection, int flags,
                         int handle, ::off_t offset) __asm__("mmap");

void* filelock_test_mmap(void* at, std::size_t size, int protection, int flags,
                         int handle, ::off_t offset) {
  if (allocations.fails()) return MAP_FAILED;
  // NOLINTNEXTLINE(performance-no-int-to-ptr)
  return reinterpret_cast<void*>(
      ::syscall(SYS_mmap, at, size, protection, flags, handle, offset));
}
#endif
}

namespace {

namespace fs = std::filesystem;
using filelock::file_lock;
using filelock::open_options;
using traits = filelock::posix_flock_traits;

constexpr filelock::lock_request to_read{filelock::lock_mode::shared, {}};
constexpr filelock::lock_request to_write{filelock::lock_mode::exclusive, {}};

// EAGAIN is the same number; flock(2) speaks of EWOULDBLOCK.
constexpr int busy = EWOULDBLOCK;

struct lock_file {
  lock_file() { forget(); }
  ~lock_file() { forget(); }

  static void forget() {
    for (scripted_call* each :
         {&attempts, &waits, &unlocks, &opens, &allocations})
      *each = {};
  }

  bool other_gets_it() const {
    file_lock other{path};
    return other.try_lock();
  }

  test::temporary_folder folder;
  fs::path path = folder / "a.lock";
};

std::error_code lock_it(file_lock& lock, bool shared = false) {
  std::error_code ec;
  shared ? lock.lock_shared(ec) : lock.lock(ec);
  return ec;
}

std::error_code unlock_it(file_lock& lock) {
  std::error_code ec;
  lock.unlock(ec);
  return ec;
}

/// \returns How an error of `call` fails to be `expected`, whatever is asked
/// for; of the first attempt, of the wait and of open().
std::string not_reported(const fs::path& path, scripted_call& call, int error,
                         std::errc expected) {
  std::string failed;
  for (const bool shared : {false, true})
    for (const bool throws : {false, true}) {
      const int descriptors = test::count_descriptors();
      file_lock lock{path};
      lock_file::forget();
      if (&call == &waits) attempts = {busy};
      call = {error};
      std::error_code ec;
      if (!throws)
        ec = lock_it(lock, shared);
      else
        try {
          shared ? lock.lock_shared() : lock.lock();
        } catch (const std::system_error& thrown) {
          ec = thrown.code();
        }
      if (ec != expected) failed += "code: " + ec.message() + "; ";
      if (call.calls != 1) failed += std::to_string(call.calls) + " calls; ";
      if (test::state_of(lock) != "closed")
        failed += test::state_of(lock) + "; ";
      if (test::count_descriptors() != descriptors) failed += "leaks; ";
      lock_file::forget();
      if (test::state_of(lock) == "closed" && !lock.try_lock())
        failed += "of no use after it; ";
    }
  return failed;
}

/// \returns How an error of unlock fails to be `expected`, and to leave the
/// lock released and closed.
std::string unlock_not_reported(const lock_file& file, int error,
                                std::errc expected) {
  std::string failed;
  file_lock lock{file.path};
  lock.lock();
  unlocks = {error};
  const std::error_code ec = unlock_it(lock);
  if (ec != expected) failed += "code: " + ec.message() + "; ";
  if (unlocks.calls != 1) failed += "called again; ";
  if (test::state_of(lock) != "closed") failed += test::state_of(lock) + "; ";
  if (!file.other_gets_it()) failed += "still held; ";
  return failed;
}

} // namespace

// ---- Signals ----

BOOST_FIXTURE_TEST_CASE(an_interrupted_open_is_repeated, lock_file) {
  opens = {EINTR, EINTR, EINTR};
  file_lock lock{path};
  std::error_code ec;
  lock.open(ec);
  BOOST_TEST(!ec);
  BOOST_TEST(lock.is_open());
  BOOST_TEST(opens.calls == 4u);
}

BOOST_FIXTURE_TEST_CASE(an_interrupted_attempt_is_repeated, lock_file) {
  file_lock lock{path};
  attempts = {EINTR, EINTR, EINTR};
  BOOST_TEST(lock.try_lock());
  BOOST_TEST(attempts.calls == 4u);
  BOOST_TEST(!other_gets_it());
  lock.unlock();
  attempts = {EINTR, EINTR, EINTR};
  BOOST_TEST(lock.try_lock_shared());
  BOOST_TEST(attempts.calls == 4u);
}

BOOST_FIXTURE_TEST_CASE(an_interrupted_attempt_may_still_be_busy, lock_file) {
  file_lock holder{path};
  holder.lock();
  file_lock lock{path};
  attempts = {EINTR, EINTR};
  std::error_code ec;
  BOOST_TEST(!lock.try_lock(ec));
  BOOST_TEST(!ec);
  BOOST_TEST(attempts.calls == 3u);
}

BOOST_FIXTURE_TEST_CASE(an_interrupted_wait_goes_on, lock_file) {
  for (const bool shared : {false, true}) {
    file_lock lock{path};
    attempts = {busy};
    waits = {EINTR, EINTR, EINTR};
    BOOST_TEST(!lock_it(lock, shared));
    BOOST_TEST(waits.calls == 4u);
    BOOST_TEST(test::state_of(lock) == (shared ? "shared" : "exclusive"));
    BOOST_TEST(!other_gets_it());
  }
}

BOOST_FIXTURE_TEST_CASE(an_interrupted_timed_wait_goes_on, lock_file) {
  file_lock lock{path};
  attempts = {busy, EINTR, busy, EINTR, EINTR};
  BOOST_TEST(lock.try_lock_for(test::patience));
  BOOST_TEST(attempts.calls == 6u);
  BOOST_TEST(!other_gets_it());
}

BOOST_FIXTURE_TEST_CASE(an_interrupted_unlock_is_repeated, lock_file) {
  file_lock lock{path};
  lock.lock();
  unlocks = {EINTR, EINTR, EINTR};
  BOOST_TEST(!unlock_it(lock));
  BOOST_TEST(unlocks.calls == 4u);
  BOOST_TEST(test::state_of(lock) == "unlocked");
  BOOST_TEST(other_gets_it());
}

// ---- Conversion ----

BOOST_FIXTURE_TEST_CASE(an_interrupted_conversion_is_repeated, lock_file) {
  file_lock lock{path};
  lock.lock_shared();
  attempts = {EINTR, EINTR, EINTR};
  std::error_code ec;
  BOOST_TEST(traits::convert(lock.native_handle(), to_read, to_write, ec));
  BOOST_TEST(!ec);
  BOOST_TEST(attempts.calls == 4u);
  BOOST_TEST(unlocks.calls == 0u);
}

// As on NFS, where the kernel removes no lock before it asks the server.
BOOST_FIXTURE_TEST_CASE(a_refused_conversion_leaves_nothing_held, lock_file) {
  file_lock lock{path};
  lock.lock_shared();
  attempts = {busy};
  std::error_code ec;
  BOOST_TEST(!traits::convert(lock.native_handle(), to_read, to_write, ec));
  BOOST_TEST(!ec);
  BOOST_TEST(other_gets_it());

  attempts = {busy};
  unlocks = {EINTR, EIO};
  BOOST_TEST(!traits::convert(lock.native_handle(), to_write, to_read, ec));
  BOOST_TEST((ec == std::errc::io_error));
  BOOST_TEST(unlocks.calls == 2u);
}

// ---- Errors ----

// A file system in user space that does not implement waiting may answer so.
BOOST_FIXTURE_TEST_CASE(a_wait_that_cannot_block_is_an_error, lock_file) {
  BOOST_TEST(not_reported(path, waits, EWOULDBLOCK,
                          std::errc::operation_would_block) == "");
}

BOOST_FIXTURE_TEST_CASE(out_of_lock_records_is_an_error_at_once, lock_file) {
  const std::errc none = std::errc::no_lock_available;
  BOOST_TEST(not_reported(path, attempts, ENOLCK, none) == "");
  BOOST_TEST(not_reported(path, waits, ENOLCK, none) == "");
  BOOST_TEST(not_reported(path, opens, ENOLCK, none) == "");
  BOOST_TEST(unlock_not_reported(*this, ENOLCK, none) == "");
}

BOOST_FIXTURE_TEST_CASE(a_lock_that_the_file_system_lacks_is_not_supported,
                        lock_file) {
  const std::errc refused = std::errc::not_supported;
  for (const int error : {EOPNOTSUPP, ENOSYS}) {
    BOOST_TEST(not_reported(path, attempts, error, refused) == "");
    BOOST_TEST(not_reported(path, waits, error, refused) == "");
    BOOST_TEST(not_reported(path, opens, error, refused) == "");
    BOOST_TEST(unlock_not_reported(*this, error, refused) == "");
  }
}

// As on NFS: flock(2).
BOOST_FIXTURE_TEST_CASE(
    a_lock_that_the_access_does_not_allow_is_permission_denied, lock_file) {
  file_lock{path}.open();
  for (const int access : {O_RDONLY, O_WRONLY, O_RDWR})
    for (const bool shared : {false, true}) {
      const int handle = ::open(path.c_str(), access | O_CLOEXEC);
      file_lock lock(filelock::adopt_handle, handle,
                     filelock::lock_mode::unlocked);
      attempts = {EBADF};
      const bool lacks = access == (shared ? O_WRONLY : O_RDONLY);
      BOOST_TEST(
          (lock_it(lock, shared) == (lacks ? std::errc::permission_denied
                                           : std::errc::bad_file_descriptor)));
      waits = {EBADF};
      attempts = {busy};
      BOOST_TEST(
          (lock_it(lock, shared) == (lacks ? std::errc::permission_denied
                                           : std::errc::bad_file_descriptor)));
    }
}

// ---- Files that may not be written, or not opened by O_CREAT ----

namespace {

/// \returns How each call of open() asked for the file, and what came of it.
std::string calls_of_open(const fs::path& path, const open_options& options,
                          std::initializer_list<int> errors) {
  lock_file::forget();
  const int before = test::count_descriptors();
  std::string result;
  {
    file_lock lock{path, options};
    opens = errors;
    std::error_code ec;
    lock.open(ec);
    for (std::size_t call = 0; call != opens.calls; ++call) {
      const int flags = open_flags[call];
      if (call != 0) result += ", ";
      result += (flags & O_ACCMODE) == O_RDWR ? "write" : "read";
      if ((flags & O_CREAT) != 0) result += " or create";
      constexpr int always = O_NONBLOCK | O_NOCTTY | O_NOFOLLOW | O_CLOEXEC;
      if ((flags & always) != always || (flags & O_TRUNC) != 0)
        result += " with wrong flags";
    }
    result += ec ? ": " + ec.message() : ": open";
    if (lock.is_open() == bool(ec)) result += " in the wrong state";
    lock_file::forget();
  }
  if (test::count_descriptors() != before) result += ", leaks";
  return result;
}

std::string message(std::errc error) {
  return ": " + std::make_error_code(error).message();
}

} // namespace

BOOST_FIXTURE_TEST_CASE(another_users_file_in_a_sticky_folder_is_opened,
                        lock_file) {
  file_lock{path}.open();
  BOOST_TEST(calls_of_open(path, {}, {EACCES}) ==
             "write or create, write: open");
  BOOST_TEST(calls_of_open(path, {}, {EACCES, EACCES}) ==
             "write or create, write, read: open");
  BOOST_TEST(calls_of_open(path, {}, {EINTR, EACCES, EINTR, EACCES, EINTR}) ==
             "write or create, write or create, write, write, read, read: "
             "open");
}

BOOST_FIXTURE_TEST_CASE(a_file_that_may_not_be_written_is_opened_for_reading,
                        lock_file) {
  file_lock{path}.open();
  open_options existing;
  existing.create = false;
  for (const int error : {EACCES, EROFS, EPERM, ETXTBSY}) {
    BOOST_TEST(calls_of_open(path, {}, {error, error}) ==
               "write or create, write, read: open");
    BOOST_TEST(calls_of_open(path, existing, {error}) == "write, read: open");
  }
}

BOOST_FIXTURE_TEST_CASE(a_file_that_may_not_be_read_either_is_an_error,
                        lock_file) {
  file_lock{path}.open();
  open_options existing;
  existing.create = false;
  BOOST_TEST(calls_of_open(path, {}, {EACCES, EACCES, EACCES}) ==
             "write or create, write, read" +
                 message(std::errc::permission_denied));
  BOOST_TEST(calls_of_open(path, existing, {EROFS, EACCES}) ==
             "write, read" + message(std::errc::permission_denied));
  // Another error is no reason to try in a lesser way.
  BOOST_TEST(calls_of_open(path, {}, {EMFILE}) ==
             "write or create" + message(std::errc::too_many_files_open));
  BOOST_TEST(calls_of_open(path, {}, {EACCES, ELOOP}) ==
             "write or create, write" +
                 message(std::errc::too_many_symbolic_link_levels));
  BOOST_TEST(calls_of_open(path, {}, {EACCES, EACCES, EMFILE}) ==
             "write or create, write, read" +
                 message(std::errc::too_many_files_open));
}

BOOST_FIXTURE_TEST_CASE(a_file_that_goes_between_two_calls_is_created,
                        lock_file) {
  BOOST_TEST(calls_of_open(path, {}, {EACCES, ENOENT}) ==
             "write or create, write, write or create: open");
  BOOST_TEST(calls_of_open(path, {}, {EACCES, EACCES, ENOENT}) ==
             "write or create, write, read, write or create: open");
  open_options existing;
  existing.create = false;
  BOOST_TEST(calls_of_open(path, existing, {EACCES, ENOENT}) ==
             "write, read" + message(std::errc::no_such_file_or_directory));
}

BOOST_FIXTURE_TEST_CASE(a_missing_file_that_may_not_be_created_is_an_error,
                        lock_file) {
  for (const int error : {EACCES, EROFS}) {
    file_lock lock{path};
    for (std::size_t call = 0; call != scripted_call::most; ++call)
      opens.errors[call] = call % 2 == 0 ? error : ENOENT;
    opens.calls = 0;
    std::error_code ec;
    lock.open(ec);
    BOOST_TEST(ec.value() == error);
    BOOST_TEST(opens.calls == 32u);
    BOOST_TEST(!lock.is_open());
    forget();
    BOOST_TEST(!fs::exists(path));
  }
}

// ---- Memory ----

#if FILELOCK_TEST_OWN_MMAP

namespace {

/// Takes all descriptors below a number, above which the registry has no room
/// yet.
class descriptors_below {
public:
  explicit descriptors_below(int number) {
    int next;
    while ((next = ::open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0) {
      taken_.push_back(next);
      if (next >= number) break;
    }
    reached_ = next >= number;
  }
  ~descriptors_below() {
    for (const int each : taken_)
      ::close(each);
  }
  descriptors_below(const descriptors_below&) = delete;
  descriptors_below& operator=(const descriptors_below&) = delete;

  bool reached() const { return reached_; }

private:
  std::vector<int> taken_;
  bool reached_ = false;
};

} // namespace

BOOST_FIXTURE_TEST_CASE(out_of_memory_is_an_error_and_leaks_nothing,
                        lock_file) {
  const descriptors_below taken(300);
  if (!taken.reached())
    return test::skipped("out of memory at the opening of a lock",
                         "the limit of descriptors is too low");
  const int descriptors = test::count_descriptors();
  for (const bool shared : {false, true}) {
    file_lock lock{path};
    allocations = {ENOMEM};
    BOOST_TEST((lock_it(lock, shared) == std::errc::not_enough_memory));
    BOOST_TEST(allocations.calls == 1u);
    BOOST_TEST(test::state_of(lock) == "closed");
    allocations = {ENOMEM};
    BOOST_CHECK_THROW(shared ? lock.lock_shared() : lock.lock(),
                      std::system_error);
    BOOST_TEST(test::count_descriptors() == descriptors);
  }
  file_lock lock{path};
  BOOST_TEST(lock.try_lock());
}

BOOST_FIXTURE_TEST_CASE(out_of_memory_leaves_an_adopted_handle_to_its_owner,
                        lock_file) {
  const int low = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  // Above all that the registry has room for.
  const int handle = ::fcntl(low, F_DUPFD_CLOEXEC, 900);
  ::close(low);
  if (handle < 0)
    return test::skipped("out of memory at an adoption",
                         "the limit of descriptors is too low");
  allocations = {ENOMEM};
  BOOST_CHECK_EXCEPTION(
      file_lock(filelock::adopt_handle, handle, filelock::lock_mode::unlocked),
      std::system_error, [](const std::system_error& error) {
        return error.code() == std::errc::not_enough_memory;
      });
  BOOST_TEST(allocations.calls == 1u);
  BOOST_TEST(::close(handle) == 0);
}

BOOST_FIXTURE_TEST_CASE(out_of_memory_forgets_no_lock_that_is_open, lock_file) {
  file_lock lock{path};
  lock.lock();
  // Above all that the registry has room for.
  const int high = ::fcntl(lock.native_handle(), F_DUPFD_CLOEXEC, 900);
  if (high < 0)
    return test::skipped("out of memory beside an open lock",
                         "the limit of descriptors is too low");
  allocations = {ENOMEM};
  BOOST_CHECK_THROW(
      file_lock(filelock::adopt_handle, high, filelock::lock_mode::unlocked),
      std::system_error);
  BOOST_TEST(allocations.calls == 1u);
  ::close(high);
  BOOST_TEST(test::failure_in_child([&]() -> std::string {
               if (lock.is_open()) return "open in the child";
               return test::count_descriptors_of(path.c_str()) == 0
                          ? ""
                          : "a descriptor in the child";
             }) == "");
}

#else

BOOST_AUTO_TEST_CASE(out_of_memory_is_an_error_and_leaks_nothing) {
  test::skipped("out of memory in the registry",
                "mmap is the sanitizer's, or the C library is not glibc");
}

#endif
