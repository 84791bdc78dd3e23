// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: processes that are killed, and forks; see platform.counted
// LABELS: process

// The numbers of counted<P>, between processes, of which some die.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/child_process.hpp"
#include "support/other_user.hpp"
#include "support/posix_models.hpp"
#include "support/temporary_folder.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <system_error>
#include <tuple>
#include <vector>

BOOST_AUTO_TEST_SUITE(posix_counted)

namespace {

using filelock::token_survives;
using test::child_process;
using test::line_channel;

template <class P>
using counted_lock = filelock::basic_file_lock<filelock::counted<P>>;
template <class P>
using fast_lock = filelock::basic_file_lock<
    filelock::counted<P, token_survives::process_death>>;

using platforms =
    std::tuple<filelock::posix_flock_traits, filelock::posix_fcntl_traits
#if FILELOCK_HAS_OFD_LOCKS
               ,
               filelock::posix_ofd_traits,
               filelock::polled<filelock::posix_ofd_traits>,
               filelock::fifo<filelock::posix_ofd_traits>
#endif
               >;

struct lock_file {
  test::temporary_folder folder;
  std::string path = folder / "a.lock";

  std::uint64_t next() const {
    fast_lock<filelock::posix_flock_traits> lock{path};
    return lock.try_lock() ? lock.token() : 0;
  }
};

/// flock(2) whose calls for the content are noted, and fail or kill.
struct watched_traits : filelock::posix_flock_traits {
  static inline std::string calls;
  static inline int sync_error = 0;
  static inline bool kills_in_write = false;
  static inline std::size_t last_bytes = 0;
  static inline bool kills_in_sync = false;

  static void write_bytes(int handle, std::uint64_t offset, const char* bytes,
                          std::size_t size, std::error_code& ec) noexcept {
    calls += "write ";
    posix_file::write_bytes(handle, offset, bytes,
                            kills_in_write ? last_bytes : size, ec);
    if (kills_in_write) ::raise(SIGKILL);
  }
  static void sync_content(int handle, std::error_code& ec) noexcept {
    calls += "sync ";
    if (kills_in_sync) ::raise(SIGKILL);
    posix_file::sync_content(handle, ec);
    if (sync_error != 0) ec.assign(sync_error, std::generic_category());
  }
  static void sync_names(const std::filesystem::path& path,
                         std::error_code& ec) noexcept {
    calls += "names ";
    posix_file::sync_names(path, ec);
  }
};

using watched_lock = counted_lock<watched_traits>;

/// Effects: a process acquires, and is killed as `set` says.
template <class Set>
void die(const std::string& path, Set set) {
  child_process owner =
      child_process::forked([&](line_channel&) -> std::string {
        set();
        watched_lock lock{path};
        lock.lock();
        return "it was not killed";
      });
  BOOST_TEST(owner.wait() != 0);
}

} // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(processes_have_different_numbers, P, platforms) {
  constexpr int processes = 4;
  constexpr int rounds = 50;
  const lock_file file;
  std::vector<child_process> owners;
  for (int i = 0; i != processes; ++i)
    owners.push_back(
        child_process::forked([&](line_channel& test) -> std::string {
          std::uint64_t last = 0;
          for (int round = 0; round != rounds; ++round) {
            fast_lock<P> lock{file.path};
            lock.lock();
            if (lock.token() <= last) return "it does not rise";
            last = lock.token();
            test.write_line(std::to_string(last));
          }
          return "";
        }));
  std::set<std::string> numbers;
  for (child_process& each : owners)
    for (int round = 0; round != rounds; ++round)
      numbers.insert(each.read_line());
  for (child_process& each : owners)
    BOOST_TEST(each.failure() == "");
  BOOST_TEST(numbers.size() == std::size_t{processes * rounds});
  BOOST_TEST(file.next() == processes * rounds + 1u); // none is left out
}

BOOST_AUTO_TEST_CASE(a_process_that_is_killed_in_a_write_repeats_no_number) {
  const lock_file file;
  std::uint64_t told = 0;
  for (std::size_t bytes = 0; bytes <= 55; ++bytes) {
    die(file.path, [&] {
      watched_traits::kills_in_write = true;
      watched_traits::last_bytes = bytes;
    });
    const std::uint64_t next = file.next();
    BOOST_TEST(next > told);
    told = next;
  }
}

BOOST_AUTO_TEST_CASE(a_process_that_is_killed_in_a_sync_repeats_no_number) {
  const lock_file file;
  BOOST_TEST(file.next() == 1u);
  die(file.path, [] { watched_traits::kills_in_sync = true; });
  BOOST_TEST(file.next() == 3u); // 2 was written, and not told
}

BOOST_AUTO_TEST_CASE(a_number_is_on_the_disk_before_it_is_told) {
  const lock_file file;
  watched_lock lock{file.path};
  watched_traits::calls.clear();
  lock.lock();
  BOOST_TEST(watched_traits::calls == "names write sync ");
  lock.unlock();
  watched_traits::calls.clear();
  lock.lock();
  BOOST_TEST(watched_traits::calls == "write sync ");
  lock.unlock();
  watched_traits::calls.clear();
  lock.lock_shared();
  BOOST_TEST(watched_traits::calls == "sync ");
  lock.close();
  watched_traits::calls.clear();
  lock.open(); // the file is no longer empty
  BOOST_TEST(watched_traits::calls == "");
}

BOOST_AUTO_TEST_CASE(a_number_that_need_not_survive_the_power_is_not_synced) {
  const lock_file file;
  fast_lock<watched_traits> lock{file.path};
  watched_traits::calls.clear();
  lock.lock();
  lock.unlock();
  lock.lock_shared();
  BOOST_TEST(watched_traits::calls == "write ");
}

BOOST_AUTO_TEST_CASE(a_number_that_does_not_reach_the_disk_is_not_told) {
  const lock_file file;
  watched_lock lock{file.path};
  lock.open();
  watched_traits::sync_error = EIO;
  std::error_code ec;
  const bool is_locked = lock.try_lock(ec);
  std::error_code shared_ec;
  const bool is_shared = lock.try_lock_shared(shared_ec);
  watched_traits::sync_error = 0;
  BOOST_TEST(!is_locked);
  BOOST_TEST((ec == std::errc::io_error));
  BOOST_TEST(!is_shared);
  BOOST_TEST((shared_ec == std::errc::io_error));
  BOOST_TEST(lock.token() == 0u);
  filelock::file_lock free{file.path}; // nothing is held
  BOOST_TEST(free.try_lock());
  free.unlock();
  BOOST_TEST(file.next() == 2u);
}

BOOST_AUTO_TEST_CASE(an_upgrade_without_a_number_is_refused) {
  const lock_file file;
  watched_lock lock{file.path};
  lock.lock_shared();
  watched_traits::sync_error = EIO;
  std::error_code ec;
  const auto result = lock.try_upgrade(ec);
  watched_traits::sync_error = 0;
  BOOST_TEST((ec == std::errc::io_error));
  BOOST_TEST((result == filelock::conversion::refused_released ||
              result == filelock::conversion::refused_still_shared));
  BOOST_TEST(!lock.owns_lock());
  lock.close();
  filelock::file_lock free{file.path};
  BOOST_TEST(free.try_lock());
}

// As a client of NFS whose lease ended: fcntl(2) releases all locks of a file
// when the process closes any descriptor of it.
BOOST_AUTO_TEST_CASE(an_owner_that_lost_its_lock_keeps_its_number) {
  const lock_file file;
  fast_lock<filelock::posix_fcntl_traits> lost{file.path};
  lost.lock();
  ::close(::open(file.path.c_str(), O_RDONLY | O_CLOEXEC));
  child_process other =
      child_process::forked([&](line_channel& test) -> std::string {
        fast_lock<filelock::posix_fcntl_traits> lock{file.path};
        if (!lock.try_lock()) return "the lock was not lost";
        test.write_line(std::to_string(lock.token()));
        test.read_line();
        return "";
      });
  BOOST_TEST(other.read_line() == "2");
  BOOST_TEST(lost.token() == 1u); // the resource refuses it
  other.write_line("end");
  BOOST_TEST(other.failure() == "");
}

BOOST_AUTO_TEST_CASE(a_forked_child_has_no_number) {
  const lock_file file;
  fast_lock<filelock::posix_flock_traits> lock{file.path};
  lock.lock();
  BOOST_TEST(test::failure_in_child([&]() -> std::string {
               std::string wrong;
               if (lock.token() != 0) wrong += "it has; ";
               lock.unlock();
               return wrong;
             }) == "");
  BOOST_TEST(lock.token() == 1u);
}

BOOST_AUTO_TEST_CASE(an_adopted_handle_has_no_number_and_counts) {
  const lock_file file;
  const int handle = ::open(file.path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC,
                            S_IRUSR | S_IWUSR);
  fast_lock<filelock::posix_flock_traits> lock(filelock::adopt_handle, handle,
                                               filelock::lock_mode::unlocked);
  lock.lock();
  BOOST_TEST(lock.token() == 0u);
  lock.unlock();
  BOOST_TEST(file.next() == 2u);
}

BOOST_AUTO_TEST_CASE(a_released_handle_keeps_the_number) {
  const lock_file file;
  using lock_type = fast_lock<filelock::posix_flock_traits>;
  lock_type lock{file.path};
  lock.lock();
  const lock_type::native_handle_type handle = lock.release();
  lock_type other(filelock::adopt_handle, handle,
                  filelock::lock_mode::exclusive);
  BOOST_TEST(other.token() == 1u);
  const int descriptor = other.native_handle();
  BOOST_TEST(::fcntl(descriptor, F_GETFD) != -1);
}

BOOST_AUTO_TEST_CASE(a_descriptor_closed_by_a_stranger_is_forgotten) {
  const lock_file file;
  fast_lock<filelock::posix_flock_traits> lock{file.path};
  lock.lock();
  const int number = lock.native_handle();
  BOOST_TEST_REQUIRE(::close(number) == 0);
  fast_lock<filelock::posix_flock_traits> other{file.path};
  other.lock();
  BOOST_TEST_REQUIRE(int(other.native_handle()) == number);
  std::error_code ec;
  lock.unlock(ec);
  BOOST_TEST((ec == std::errc::bad_file_descriptor));
  fast_lock<filelock::posix_flock_traits> third{file.path};
  BOOST_TEST(!third.try_lock()); // the other one still holds the lock
  BOOST_TEST(other.token() == 2u);
}

BOOST_AUTO_TEST_CASE(a_file_that_may_only_be_read_is_an_error) {
  const lock_file file;
  BOOST_TEST(file.next() == 1u);
  filelock::open_options reading;
  reading.read_only = true;
  counted_lock<filelock::posix_flock_traits> lock{file.path, reading};
  std::error_code ec;
  BOOST_TEST(!lock.try_lock(ec));
  BOOST_TEST((ec == std::errc::permission_denied));
  BOOST_TEST(lock.try_lock_shared());
  BOOST_TEST(lock.token() == 1u);
}

BOOST_AUTO_TEST_CASE(a_disk_without_room_is_an_error) {
  const lock_file file;
  const auto failure_with = [&](::rlim_t room) {
    return test::failure_in_child([&]() -> std::string {
      ::signal(SIGXFSZ, SIG_IGN);
      const ::rlimit most{room, room}; // of the size of a file
      ::setrlimit(RLIMIT_FSIZE, &most);
      counted_lock<filelock::posix_flock_traits> lock{file.path};
      std::error_code ec;
      if (lock.try_lock(ec)) return "locked";
      if (ec != std::errc::file_too_large) return ec.message();
      return lock.owns_lock() ? "held" : "";
    });
  };
  BOOST_TEST(failure_with(0) == "");
  BOOST_TEST(failure_with(20) == "");
  BOOST_TEST(file.next() == 2u); // the part of a number stays
  BOOST_TEST(file.next() == 3u);
}

BOOST_AUTO_TEST_CASE(new_folders_keep_no_number_from_the_disk) {
  const lock_file file;
  const std::string below = file.folder / "new/and/deep/a.lock";
  counted_lock<filelock::posix_flock_traits> lock{below};
  lock.lock();
  BOOST_TEST(lock.token() == 1u);
  std::error_code ec;
  filelock::posix_file::sync_names(file.folder / "missing/a.lock", ec);
  BOOST_TEST((ec == std::errc::no_such_file_or_directory));
}

BOOST_AUTO_TEST_CASE(a_folder_that_may_not_be_read_is_an_error_or_left_out) {
  if (!test::can_give_up_root("a folder that may not be read")) return;
  const lock_file file;
  const std::string closed = file.folder / "closed";
  const std::string open = file.folder / "closed/open";
  namespace fs = std::filesystem;
  fs::create_directories(open);
  fs::permissions(file.folder.path(), fs::perms::all);
  fs::permissions(open, fs::perms::all);
  fs::permissions(closed, fs::perms::owner_write | fs::perms::owner_exec |
                              fs::perms::others_write | fs::perms::others_exec);
  BOOST_TEST(test::failure_in_child([&]() -> std::string {
               if (!test::give_up_root()) return "still root";
               std::error_code ec;
               filelock::posix_file::sync_names(open + "/a.lock", ec);
               if (ec) return "above: " + ec.message();
               filelock::posix_file::sync_names(closed + "/a.lock", ec);
               return ec == std::errc::permission_denied ? "" : ec.message();
             }) == "");
  fs::permissions(closed, fs::perms::all);
}

BOOST_AUTO_TEST_SUITE_END()
