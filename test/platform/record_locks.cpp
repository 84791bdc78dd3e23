// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: fork, and locks by fcntl(2)
// LABELS: process

// What is so of locks by fcntl(2) alone: bytes, access, the kinds of locks that
// see each other, deadlocks, and the traps of locks that a process owns.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/built_file.hpp"
#include "support/child_process.hpp"
#include "support/local_file_system.hpp"
#include "support/posix_law_tools.hpp"
#include "support/posix_models.hpp"
#include "support/process_owner.hpp"
#include "support/scripted_platform.hpp"
#include "support/skipped.hpp"
#include "support/temporary_folder.hpp"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <system_error>
#include <tuple>
#include <vector>

BOOST_AUTO_TEST_SUITE(platform_record_locks)

namespace {

namespace fs = std::filesystem;
using filelock::byte_range;
using filelock::lock_mode;
using filelock::lock_request;
using filelock::open_options;
using test::child_process;
using test::fcntl_lock;
using test::flock_lock;
using test::line_channel;

template <class Lock>
struct platform_of;
template <class P, class B>
struct platform_of<filelock::basic_file_lock<P, B>> {
  using type = P;
};
template <class Lock>
using platform_t = typename platform_of<Lock>::type;

/// Another process, on the same platform.
template <class Lock>
using process_owner = test::process_owner<platform_t<Lock>>;

constexpr std::uint64_t last_offset =
    static_cast<std::uint64_t>((std::numeric_limits<::off_t>::max)());

constexpr lock_request exclusive(std::uint64_t offset = 0,
                                 std::uint64_t length = 0) {
  return {lock_mode::exclusive, {offset, length}};
}
constexpr lock_request shared(std::uint64_t offset = 0,
                              std::uint64_t length = 0) {
  return {lock_mode::shared, {offset, length}};
}

open_options bytes(std::uint64_t offset, std::uint64_t length) {
  open_options options;
  options.range = byte_range{offset, length};
  return options;
}

/// \returns Whether another process gets the bytes; it lets them go again.
template <class Owner>
bool gets(Owner& other, const lock_request& request) {
  if (!other.try_lock(request)) return false;
  other.unlock(request);
  return !other.ec;
}

} // namespace

// ---- Bytes ----

BOOST_AUTO_TEST_CASE_TEMPLATE(processes_hold_different_bytes, Lock,
                              test::record_locks) {
  const test::temporary_folder folder;
  Lock lock{folder / "file", bytes(10, 10)};
  lock.lock();
  process_owner<Lock> other(folder / "file");
  BOOST_TEST(gets(other, exclusive(0, 10)));
  BOOST_TEST(gets(other, exclusive(20, 1)));
  BOOST_TEST(gets(other, exclusive(20, 0)));
  BOOST_TEST(!gets(other, exclusive(10, 1)));
  BOOST_TEST(!gets(other, exclusive(19, 1)));
  BOOST_TEST(!gets(other, exclusive(5, 6)));
  BOOST_TEST(!gets(other, exclusive(19, 100)));
  BOOST_TEST(!gets(other, exclusive(0, 100)));
  BOOST_TEST(!gets(other, exclusive(15, 0)));
  BOOST_TEST(!gets(other, exclusive()));
  BOOST_TEST(!gets(other, shared(15, 1)));
  BOOST_TEST(!gets(other, shared()));

  // Both hold what does not overlap, until each lets go.
  BOOST_TEST(other.try_lock(exclusive(20, 1)));
  BOOST_TEST(lock.owns_lock());
  lock.unlock();
  BOOST_TEST(lock.try_lock());
  lock.unlock();
  BOOST_TEST(other.try_lock(exclusive(10, 10)));
  BOOST_TEST(!lock.try_lock());
  BOOST_TEST(!lock.try_lock_for(std::chrono::milliseconds(5)));
  other.unlock(exclusive(10, 10));
  BOOST_TEST(lock.try_lock());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_release_releases_only_the_bytes_it_names, Lock,
                              test::record_locks) {
  const test::temporary_folder folder;
  filelock::detail::law_file<platform_t<Lock>> file(folder / "file");
  process_owner<Lock> other(folder / "file");
  BOOST_TEST(file.try_lock(exclusive(0, 1)));
  BOOST_TEST(file.try_lock(exclusive(5, 0)));
  file.unlock(exclusive(0, 1));
  BOOST_TEST(!gets(other, exclusive(5, 1)));
  BOOST_TEST(gets(other, exclusive(0, 5)));
  file.unlock(exclusive(5, 0));
  BOOST_TEST(gets(other, exclusive()));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(readers_share_bytes, Lock, test::record_locks) {
  const test::temporary_folder folder;
  Lock lock{folder / "file", bytes(10, 10)};
  lock.lock_shared();
  process_owner<Lock> other(folder / "file");
  BOOST_TEST(gets(other, shared(15, 10)));
  BOOST_TEST(gets(other, shared()));
  BOOST_TEST(!gets(other, exclusive(15, 10)));
  BOOST_TEST(!gets(other, exclusive()));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    bytes_to_the_end_are_held_as_the_file_grows_and_shrinks, Lock,
    test::record_locks) {
  const test::temporary_folder folder;
  const fs::path path = folder / "file";
  Lock lock{path, bytes(100, 0)};
  lock.lock();
  process_owner<Lock> other(path);
  for (const unsigned size : {0u, 5000u, 50u}) {
    // Without a descriptor, whose close would be a trap.
    fs::resize_file(path, size);
    BOOST_TEST(!gets(other, exclusive(100, 1)));
    BOOST_TEST(!gets(other, exclusive(4999, 1)));
    BOOST_TEST(!gets(other, exclusive(6000, 1)));
    BOOST_TEST(!gets(other, exclusive(last_offset, 1)));
    BOOST_TEST(gets(other, exclusive(99, 1)));
  }
  lock.unlock();
  BOOST_TEST(gets(other, exclusive()));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_whole_file_is_every_byte, Lock,
                              test::record_locks) {
  const test::temporary_folder folder;
  Lock lock{folder / "file"};
  lock.lock();
  process_owner<Lock> other(folder / "file");
  BOOST_TEST(!gets(other, exclusive(0, 1)));
  BOOST_TEST(!gets(other, exclusive(1'000'000, 1)));
  BOOST_TEST(!gets(other, exclusive(last_offset, 1)));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_last_byte_there_can_be_is_locked, Lock,
                              test::record_locks) {
  const test::temporary_folder folder;
  const byte_range ranges[] = {{last_offset, 1}, {last_offset, 0}};
  for (const byte_range& range : ranges) {
    Lock lock{folder / "file", bytes(range.offset, range.length)};
    lock.lock();
    process_owner<Lock> other(folder / "file");
    BOOST_TEST(!gets(other, exclusive(last_offset, 1)));
    BOOST_TEST(!gets(other, exclusive(last_offset - 1, 2)));
    BOOST_TEST(!gets(other, exclusive(last_offset - 1, 0)));
    BOOST_TEST(!gets(other, exclusive(0, last_offset + 1)));
    BOOST_TEST(gets(other, exclusive(0, last_offset)));
    BOOST_TEST(gets(other, exclusive(last_offset - 1, 1)));
  }
  Lock lock{folder / "file", bytes(0, last_offset + 1)};
  lock.lock();
  process_owner<Lock> other(folder / "file");
  BOOST_TEST(!gets(other, exclusive(last_offset, 1)));
  BOOST_TEST(!gets(other, exclusive(0, 1)));
  lock.unlock();
  BOOST_TEST(gets(other, exclusive()));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(bytes_beyond_all_offsets_are_an_error_at_once,
                              Lock, test::record_locks) {
  using platform = platform_t<Lock>;
  constexpr std::uint64_t most = (std::numeric_limits<std::uint64_t>::max)();
  const test::temporary_folder folder;
  const byte_range ranges[] = {{last_offset, 2},
                               {last_offset + 1, 0},
                               {last_offset + 1, 1},
                               {1, last_offset + 1},
                               {0, last_offset + 2},
                               {0, most},
                               {most, 0},
                               {most, 1},
                               {most, most},
                               {last_offset, last_offset}};
  process_owner<Lock> other(folder / "file");
  // What is held by another is not waited for.
  BOOST_TEST(other.try_lock(shared()));
  for (const byte_range& range : ranges) {
    BOOST_TEST_CONTEXT(range.offset << ", " << range.length) {
      Lock lock{folder / "file", bytes(range.offset, range.length)};
      for (const auto& form : test::all_acquire_forms<Lock>())
        BOOST_TEST(form.call(lock) ==
                   test::failure(std::errc::value_too_large));
      BOOST_TEST(test::state_of(lock) == "closed");

      filelock::detail::law_file<platform> file(folder / "file");
      const lock_request first = shared(5, 1);
      BOOST_TEST(file.try_lock(first));
      const lock_request request{lock_mode::exclusive, range};
      BOOST_TEST(!platform::convert(file.handle(), first, request, file.ec));
      BOOST_TEST((file.ec == std::errc::value_too_large));
      file.ec.clear();
      file.unlock(request);
      BOOST_TEST((file.ec == std::errc::value_too_large));
      BOOST_TEST(!platform::holder(file.handle(), request));
      BOOST_TEST(!other.try_lock(exclusive(5, 1))); // still held
      BOOST_TEST(!other.ec);
    }
  }
}

// ---- Access ----

BOOST_AUTO_TEST_CASE_TEMPLATE(missing_access_is_permission_denied, Lock,
                              test::record_locks) {
  using platform = platform_t<Lock>;
  struct combination {
    int access;
    lock_mode mode;
    bool is_granted;
  };
  const combination combinations[] = {
      {O_RDONLY, lock_mode::exclusive, false},
      {O_RDONLY, lock_mode::shared, true},
      {O_WRONLY, lock_mode::exclusive, true},
      {O_WRONLY, lock_mode::shared, false},
      {O_RDWR, lock_mode::exclusive, true},
      {O_RDWR, lock_mode::shared, true},
  };
  const test::temporary_folder folder;
  const fs::path path = folder / "file";
  Lock(path).open();
  for (const combination& each : combinations) {
    BOOST_TEST_CONTEXT(each.access << ", " << static_cast<int>(each.mode)) {
      Lock lock(filelock::adopt_handle,
                ::open(path.c_str(), each.access | O_CLOEXEC),
                lock_mode::unlocked);
      const int handle = lock.native_handle();
      const bool is_shared = each.mode == lock_mode::shared;
      const std::errc expected =
          each.is_granted ? std::errc() : std::errc::permission_denied;
      std::error_code ec;
      const bool tried =
          is_shared ? lock.try_lock_shared(ec) : lock.try_lock(ec);
      BOOST_TEST(tried == each.is_granted);
      BOOST_TEST((ec == expected));
      lock.unlock();
      ec.clear();
      platform::lock(handle, {each.mode, {}}, ec);
      BOOST_TEST((ec == expected));
      // The descriptor is not lost by it.
      BOOST_TEST(lock.native_handle() == handle);
      BOOST_TEST(::fcntl(handle, F_GETFD) != -1);
    }
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_refused_upgrade_of_a_reader_keeps_its_lock,
                              Lock, test::record_locks) {
  using platform = platform_t<Lock>;
  const test::temporary_folder folder;
  process_owner<Lock> other(folder / "file");
  const int handle = ::open((folder / "file").c_str(), O_RDONLY | O_CLOEXEC);
  std::error_code ec;
  BOOST_TEST(platform::try_lock(handle, shared(), ec));
  BOOST_TEST(!platform::convert(handle, shared(), exclusive(), ec));
  BOOST_TEST((ec == std::errc::permission_denied));
  BOOST_TEST(!other.try_lock(exclusive()));
  ::close(handle);
  BOOST_TEST(other.try_lock(exclusive()));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_lost_descriptor_is_forgotten, Lock,
                              test::record_locks) {
  using platform = platform_t<Lock>;
  const test::temporary_folder folder;
  Lock lock{folder / "file"};
  lock.lock();
  const int number = lock.native_handle();
  BOOST_TEST_REQUIRE(::close(number) == 0);
  std::error_code ec;
  for (const lock_request& request : {exclusive(), shared()}) {
    BOOST_TEST(!platform::try_lock(number, request, ec));
    BOOST_TEST((ec == std::errc::bad_file_descriptor));
    ec.clear();
    platform::lock(number, request, ec);
    BOOST_TEST((ec == std::errc::bad_file_descriptor));
    ec.clear();
  }
  lock.unlock(ec);
  BOOST_TEST((ec == std::errc::bad_file_descriptor));
  BOOST_TEST(test::state_of(lock) == "closed");
  // A stranger gets the number; nothing of the lock may close it.
  BOOST_TEST_REQUIRE(::open("/dev/null", O_RDONLY | O_CLOEXEC) == number);
  lock.close();
  BOOST_TEST(::fcntl(number, F_GETFD) != -1);
  ::close(number);
}

// ---- Kinds of locks ----

BOOST_AUTO_TEST_CASE_TEMPLATE(flock_and_fcntl_do_not_see_each_other, Lock,
                              test::record_locks) {
  const test::temporary_folder folder;
  if (!test::is_local_file_system(folder.path(),
                                  "flock_and_fcntl_do_not_see_each_other"))
    return;
  for (const lock_request& request : {exclusive(), shared()}) {
    const fs::path path = folder / "file";
    flock_lock by_flock{path};
    Lock by_fcntl{path};
    test::process_owner<filelock::posix_flock_traits> flock_process(path);
    process_owner<Lock> fcntl_process(path);

    BOOST_TEST(flock_process.try_lock(request));
    BOOST_TEST(by_fcntl.try_lock());
    flock_process.unlock(request);
    by_fcntl.unlock();

    BOOST_TEST(fcntl_process.try_lock(request));
    BOOST_TEST(by_flock.try_lock());
    // Each is excluded by its own kind.
    BOOST_TEST(!by_fcntl.try_lock());
    BOOST_TEST(!flock_process.try_lock(request));
  }
}

#if FILELOCK_HAS_OFD_LOCKS

using ofd_lock = test::ofd_lock;
using ofd_process = test::process_owner<filelock::posix_ofd_traits>;
using fcntl_process = test::process_owner<filelock::posix_fcntl_traits>;

BOOST_AUTO_TEST_CASE(descriptions_and_processes_exclude_each_other) {
  const test::temporary_folder folder;
  const fs::path path = folder / "file";
  ofd_process description(path);
  fcntl_process process(path);
  for (const lock_request& held : {exclusive(), shared()})
    for (const lock_request& asked : {exclusive(), shared()}) {
      const bool both_share =
          held.mode == lock_mode::shared && asked.mode == lock_mode::shared;
      BOOST_TEST(description.try_lock(held));
      BOOST_TEST(gets(process, asked) == both_share);
      description.unlock(held);
      BOOST_TEST(process.try_lock(held));
      BOOST_TEST(gets(description, asked) == both_share);
      process.unlock(held);
    }
}

BOOST_AUTO_TEST_CASE(a_process_is_excluded_by_a_description_of_its_own) {
  const test::temporary_folder folder;
  ofd_lock description{folder / "file"};
  fcntl_lock process{folder / "file"};
  description.lock();
  BOOST_TEST(!process.try_lock());
  description.unlock();
  BOOST_TEST(process.try_lock());
  BOOST_TEST(!description.try_lock());
}

BOOST_AUTO_TEST_CASE(the_holder_is_named_if_it_is_a_process) {
  const test::temporary_folder folder;
  const fs::path path = folder / "file";
  filelock::detail::law_file<filelock::posix_ofd_traits> description(path);
  fcntl_process process(path);
  BOOST_TEST(process.try_lock(exclusive(5, 1)));
  using ofd = filelock::posix_ofd_traits;
  using fcntl = filelock::posix_fcntl_traits;
  const int handle = description.handle();
  BOOST_TEST((ofd::holder(handle, exclusive()) == process.process()));
  BOOST_TEST((fcntl::holder(handle, exclusive()) == process.process()));
  BOOST_TEST((ofd::holder(handle, shared(5, 1)) == process.process()));
  BOOST_TEST(!ofd::holder(handle, exclusive(6, 0)));
  BOOST_TEST(!fcntl::holder(handle, exclusive(0, 5)));
  process.unlock(exclusive(5, 1));

  ofd_process other(path);
  BOOST_TEST(other.try_lock(exclusive()));
  BOOST_TEST(!ofd::holder(handle, exclusive()));
  BOOST_TEST(!fcntl::holder(handle, exclusive()));
}

#if defined(__linux__)

BOOST_AUTO_TEST_CASE(the_holder_is_not_named_in_another_pid_namespace) {
  const test::temporary_folder folder;
  const fs::path path = folder / "file";
  fcntl_process holder(path);
  BOOST_TEST(holder.try_lock(exclusive()));
  child_process outside = child_process::forked([&](line_channel& test)
                                                    -> std::string {
    // The next child is the first process of the namespace.
    if (::unshare(CLONE_NEWUSER | CLONE_NEWPID) != 0) {
      test.write_line("refused");
      return "";
    }
    test.write_line(test::failure_in_child([&]() -> std::string {
      filelock::detail::law_file<filelock::posix_fcntl_traits> process(path);
      filelock::detail::law_file<filelock::posix_ofd_traits> description(path);
      if (::getpid() != 1) return "not in a namespace";
      if (process.try_lock(shared())) return "not busy";
      using ofd = filelock::posix_ofd_traits;
      using fcntl = filelock::posix_fcntl_traits;
      if (fcntl::holder(process.handle(), shared())) return "told";
      return ofd::holder(description.handle(), shared()) ? "told" : "";
    }));
    return "";
  });
  const std::string said = outside.read_line();
  if (said == "refused")
    return test::skipped("the_holder_is_not_named_in_another_pid_namespace",
                         "no namespace may be made here");
  BOOST_TEST(said == "");
}

#endif

BOOST_AUTO_TEST_CASE(a_policy_sees_the_holder) {
  const test::temporary_folder folder;
  fcntl_process process(folder / "file");
  BOOST_TEST(process.try_lock(exclusive()));
  std::optional<filelock::process_id> told;
  const auto policy = [&told](const filelock::wait_state& state) {
    told = state.holder();
    return std::chrono::milliseconds(1);
  };
  filelock::basic_file_lock<filelock::posix_ofd_traits, decltype(policy)> lock(
      folder / "file", policy);
  BOOST_TEST(!lock.try_lock_for(std::chrono::milliseconds(2)));
  BOOST_TEST((told == process.process()));
}

#else

BOOST_AUTO_TEST_CASE(descriptions_and_processes_exclude_each_other) {
  test::skipped("posix_ofd_traits", "this system has no such locks");
}

#endif

// ---- Deadlocks ----

BOOST_AUTO_TEST_CASE(a_deadlock_of_processes_is_reported) {
  const test::temporary_folder folder;
  const fs::path path = folder / "file";
  fcntl_lock first{path, bytes(0, 1)};
  fcntl_lock second{path, bytes(1, 1)};
  first.lock();
  second.open(); // its close would be a trap for the first
  child_process other =
      child_process::forked([&](line_channel& parent) -> std::string {
        fcntl_lock theirs{path, bytes(1, 1)};
        fcntl_lock ours{path, bytes(0, 1)};
        theirs.lock();
        parent.write_line("locked");
        ours.lock();
        parent.write_line("locked both");
        parent.read_line();
        return "";
      });
  BOOST_TEST(other.read_line() == "locked");
  BOOST_TEST(test::wait_until_blocked(other.id()));
  std::error_code ec;
  second.lock(ec);
  BOOST_TEST((ec == std::errc::resource_deadlock_would_occur));
  BOOST_TEST(test::state_of(second) == "unlocked");
  BOOST_TEST(!second.try_lock()); // busy, and that is no deadlock
  BOOST_TEST(first.owns_lock());
  BOOST_TEST(!other.has_line());
  first.unlock();
  BOOST_TEST(other.read_line() == "locked both");
}

// ---- Traps of a lock that the process owns ----

BOOST_AUTO_TEST_CASE(the_close_of_any_descriptor_of_the_file_releases) {
  const test::lock_file_of<fcntl_lock> file;
  fcntl_lock lock{file.path};
  lock.lock();
  BOOST_TEST(file.other_tries() == "busy");
  ::close(::open(file.path.c_str(), O_RDONLY | O_CLOEXEC));
  BOOST_TEST(lock.owns_lock()); // nobody has told it
  BOOST_TEST(file.other_tries() == "locked");

  lock.unlock();
  lock.lock();
  fcntl_lock(file.path).open(); // opened and closed
  BOOST_TEST(file.other_tries() == "locked");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_description_outlives_another_of_the_file, Lock,
                              test::description_locks) {
  const test::lock_file_of<Lock> file;
  Lock lock{file.path};
  lock.lock();
  ::close(::open(file.path.c_str(), O_RDONLY | O_CLOEXEC));
  Lock(file.path).open();
  BOOST_TEST(file.other_tries() == "busy");
  lock.unlock();
  BOOST_TEST(file.other_tries() == "locked");
}

BOOST_AUTO_TEST_CASE(two_objects_of_a_process_both_hold) {
  const test::lock_file_of<fcntl_lock> file;
  fcntl_lock first{file.path};
  fcntl_lock second{file.path};
  first.lock();
  BOOST_TEST(second.try_lock());
  BOOST_TEST(first.owns_lock());
  BOOST_TEST(file.other_tries() == "busy");
  second.unlock();
  BOOST_TEST(first.owns_lock()); // so it says
  BOOST_TEST(file.other_tries() == "locked");
}

BOOST_AUTO_TEST_CASE(a_forked_child_inherits_no_lock_of_a_process) {
  const test::lock_file_of<fcntl_lock> file;
  child_process owner =
      child_process::forked([&](line_channel& test) -> std::string {
        fcntl_lock lock{file.path};
        lock.lock();
        const int descriptor = lock.release();
        if (::fork() == 0) {
          // daemon(3) would go on with it; here there is nothing to adopt.
          const fcntl_lock adopted{filelock::adopt_handle, descriptor,
                                   lock_mode::exclusive};
          test.write_line("adopted");
          test.read_line();
          ::_exit(0);
        }
        for (;;)
          ::pause();
      });
  BOOST_TEST(owner.read_line() == "adopted");
  BOOST_TEST(file.other_tries() == "busy");
  owner.kill_and_wait();
  BOOST_TEST(file.other_tries() == "locked");
  owner.write_line("end");
}

BOOST_AUTO_TEST_CASE(a_child_that_closes_a_descriptor_releases_no_lock) {
  const test::lock_file_of<fcntl_lock> file;
  fcntl_lock lock{file.path};
  lock.lock();
  const int copy = ::dup(lock.native_handle());
  BOOST_TEST(test::failure_in_child([&] {
               ::close(copy);
               ::close(::open(file.path.c_str(), O_RDWR | O_CLOEXEC));
               return lock.is_open() ? "open in the child" : "";
             }) == "");
  BOOST_TEST(file.other_tries() == "busy");
  ::close(copy);
}

// ---- exec ----

BOOST_AUTO_TEST_CASE_TEMPLATE(an_inheritable_lock_is_kept_over_exec, Lock,
                              test::record_locks) {
  for (const bool inheritable : {false, true}) {
    const test::lock_file_of<Lock> file;
    std::vector<std::string> arguments{file.path};
    if (inheritable) arguments.insert(arguments.begin(), "--inheritable");
    child_process owner = test::lock_child_of<Lock>(arguments);
    BOOST_TEST(owner.ask("lock") == "locked");
    BOOST_TEST(owner.ask("exec " + test::built_file("lock_child") + " " +
                         file.path) == "executing");
    BOOST_TEST(owner.ask("descriptors") == (inheritable ? "1" : "0"));
    BOOST_TEST(file.other_tries() == (inheritable ? "busy" : "locked"));
    owner.write_line("quit");
    BOOST_TEST(owner.wait() == 0);
    BOOST_TEST(file.other_tries() == "locked");
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(only_a_description_goes_on_in_another_process,
                              Lock, test::all_locks) {
  const test::lock_file_of<Lock> file;
  child_process owner = test::lock_child_of<Lock>({"--inheritable", file.path});
  BOOST_TEST(owner.ask("lock") == "locked");
  owner.ask("spawn " + test::built_file("lock_child") + " " + file.path);
  BOOST_TEST(owner.ask("descriptors") == "1");
  owner.kill_and_wait();
  const bool is_kept =
      platform_t<Lock>::ownership != filelock::lock_ownership::process;
  BOOST_TEST(file.other_tries() == (is_kept ? "busy" : "locked"));
  owner.write_line("quit");
  BOOST_TEST(owner.read_all() == "");
  BOOST_TEST(file.other_tries() == "locked");
}

BOOST_AUTO_TEST_SUITE_END()
