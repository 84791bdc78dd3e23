// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: linux: an unlink() of its own, over the raw system call
// ALONE
// LABELS: process

// open_options::remove_on_release and still_valid() on real files: which file
// is removed, by whom, and what becomes of those who wait for it. The program
// has an unlink() of its own, which may do something more.

#define BOOST_TEST_MODULE removed_file
#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/child_process.hpp"
#include "support/descriptors.hpp"
#include "support/posix_models.hpp"
#include "support/temporary_folder.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <system_error>
#include <utility>

namespace {

/// Called by unlink() after the removal, once.
std::function<void()>* after_unlink = nullptr;

} // namespace

extern "C" {
int filelock_test_unlink(const char* path) __asm__("unlink");

int filelock_test_unlink(const char* path) {
  const int result =
      static_cast<int>(::syscall(SYS_unlinkat, AT_FDCWD, path, 0));
  if (auto* const action = std::exchange(after_unlink, nullptr)) (*action)();
  return result;
}
}

namespace {

namespace fs = std::filesystem;
using filelock::basic_file_lock;
using filelock::file_lock;
using filelock::open_options;
using test::child_process;
using test::line_channel;

open_options removing() {
  open_options options;
  options.remove_on_release = true;
  return options;
}

void write_file(const fs::path& path) { std::ofstream(path) << "text"; }

bool is_free(const fs::path& path) {
  file_lock lock{path};
  return lock.try_lock();
}

struct lock_file {
  test::temporary_folder folder;
  fs::path path = folder / "a.lock";
  fs::path other_path = folder / "other";

  bool is_empty() const { return fs::is_empty(folder.path()); }
};

} // namespace

// ---- Who removes ----

BOOST_AUTO_TEST_CASE_TEMPLATE(the_last_of_the_shared_holders_removes, Lock,
                              test::description_locks) {
  const lock_file file;
  const fs::path& path = file.path;
  Lock first{path, removing()};
  Lock second{path, removing()};
  Lock third{path, removing()};
  for (Lock* each : {&first, &second, &third})
    each->lock_shared();
  second.unlock();
  BOOST_TEST(fs::exists(path));
  BOOST_TEST(first.still_valid());
  first.unlock();
  BOOST_TEST(fs::exists(path));
  BOOST_TEST(third.still_valid());
  BOOST_TEST(third.owns_lock_shared());
  third.unlock();
  BOOST_TEST(file.is_empty());
}

namespace {

/// Lets something happen before the next release.
template <class Platform>
struct with_interlude : Platform {
  static inline std::function<void()>* interlude = nullptr;

  static void unlock(int handle, const filelock::lock_request& request,
                     std::error_code& ec) noexcept {
    if (auto* const action = std::exchange(interlude, nullptr)) (*action)();
    Platform::unlock(handle, request, ec);
  }
};

} // namespace

// Each could refuse the other the exclusive lock, and the file would stay.
BOOST_AUTO_TEST_CASE_TEMPLATE(two_last_holders_that_release_at_once_remove,
                              Lock, test::description_locks) {
  using platform = with_interlude<typename Lock::platform_type>;
  using lock_type = basic_file_lock<platform>;
  const lock_file file;
  lock_type first{file.path, removing()};
  lock_type second{file.path, removing()};
  first.lock_shared();
  second.lock_shared();
  std::function<void()> action = [&] { second.unlock(); };
  platform::interlude = &action;
  first.unlock();
  BOOST_TEST(!second.owns_lock_shared());
  BOOST_TEST(file.is_empty());
}

BOOST_FIXTURE_TEST_CASE(a_shared_holder_without_the_option_keeps_the_file,
                        lock_file) {
  file_lock removes{path, removing()};
  file_lock keeps{path};
  removes.lock_shared();
  keeps.lock_shared();
  removes.unlock();
  BOOST_TEST(fs::exists(path));
  BOOST_TEST(keeps.still_valid());
  keeps.unlock();
  BOOST_TEST(fs::exists(path));
  removes.lock_shared();
  removes.unlock();
  BOOST_TEST(is_empty());
}

BOOST_FIXTURE_TEST_CASE(a_forked_child_removes_nothing, lock_file) {
  file_lock lock{path, removing()};
  lock.lock();
  BOOST_TEST(test::failure_in_child([&]() -> std::string {
               if (lock.still_valid()) return "is valid in the child";
               lock.unlock();
               lock.close();
               lock = file_lock();
               return "";
             }) == "");
  BOOST_TEST(fs::exists(path));
  BOOST_TEST(lock.still_valid());
}

BOOST_FIXTURE_TEST_CASE(an_adopted_handle_leaves_its_file, lock_file) {
  file_lock lock{path, removing()};
  lock.lock();
  {
    const file_lock adopted(filelock::adopt_handle, lock.release(),
                            filelock::lock_mode::exclusive, {}, removing());
    BOOST_TEST(adopted.still_valid());
    fs::rename(path, other_path);
    BOOST_TEST(adopted.still_valid()); // it has no path
  }
  BOOST_TEST(fs::exists(other_path));
}

// ---- Which file is removed ----

BOOST_FIXTURE_TEST_CASE(only_one_of_two_names_of_a_file_is_removed, lock_file) {
  write_file(path);
  fs::create_hard_link(path, other_path);
  file_lock lock{path, removing()};
  file_lock other{other_path, removing()};
  lock.lock();
  BOOST_TEST(!other.try_lock());
  lock.unlock();
  BOOST_TEST(!fs::exists(path));
  BOOST_TEST(fs::exists(other_path));
  // The link count is 1, which says nothing of the path.
  BOOST_TEST(lock.try_lock());
  BOOST_TEST(lock.still_valid());
  BOOST_TEST(other.try_lock());
  other.unlock();
  lock.unlock();
  BOOST_TEST(is_empty());
}

BOOST_FIXTURE_TEST_CASE(a_file_renamed_under_the_holder_stays, lock_file) {
  file_lock lock{path, removing()};
  for (const bool shared : {false, true}) {
    shared ? lock.lock_shared() : lock.lock();
    BOOST_TEST(lock.still_valid());
    fs::rename(path, other_path);
    BOOST_TEST(!lock.still_valid());
    lock.unlock();
    BOOST_TEST(fs::exists(other_path));
    BOOST_TEST(!fs::exists(path));
  }
}

BOOST_FIXTURE_TEST_CASE(a_file_put_in_the_place_of_the_holders_stays,
                        lock_file) {
  file_lock lock{path, removing()};
  for (const bool shared : {false, true}) {
    shared ? lock.lock_shared() : lock.lock();
    write_file(other_path);
    fs::rename(other_path, path);
    BOOST_TEST(!lock.still_valid());
    lock.unlock();
    BOOST_TEST(fs::file_size(path) == 4u);
  }
}

BOOST_FIXTURE_TEST_CASE(a_symbolic_link_put_in_its_place_stays, lock_file) {
  file_lock lock{path, removing()};
  lock.lock();
  fs::rename(path, other_path);
  fs::create_symlink(other_path, path);
  lock.unlock();
  BOOST_TEST(fs::is_symlink(path));
  BOOST_TEST(fs::exists(other_path));
}

BOOST_FIXTURE_TEST_CASE(the_file_of_a_followed_link_is_removed, lock_file) {
  fs::create_symlink(other_path, path);
  open_options options = removing();
  options.follow_symlink = true;
  file_lock lock{path, options};
  file_lock same{other_path, removing()};
  for (int round = 0; round != 2; ++round) {
    lock.lock();
    BOOST_TEST(!same.try_lock());
    lock.unlock();
    BOOST_TEST(fs::is_symlink(path));
    BOOST_TEST(!fs::exists(other_path));
    same.lock();
    BOOST_TEST(!lock.try_lock());
    same.unlock();
    BOOST_TEST(!fs::exists(other_path));
  }
}

BOOST_FIXTURE_TEST_CASE(a_file_that_is_gone_is_no_error, lock_file) {
  for (const bool shared : {false, true}) {
    file_lock lock{path, removing()};
    shared ? lock.lock_shared() : lock.lock();
    fs::remove(path);
    BOOST_TEST(!lock.still_valid());
    std::error_code ec;
    lock.unlock(ec);
    BOOST_TEST(!ec);
  }
}

// ---- What a Platform remembers ----

namespace {

/// As a Platform whose memory of an earlier comparison is always wrong, or
/// right.
template <class Platform, bool Answer>
struct remembers : Platform {
  static bool still_names(const std::filesystem::path&, int,
                          filelock::name_memory&) noexcept {
    return Answer;
  }
};

template <class Platform>
void check_removal(const lock_file& file) {
  using lock_type = basic_file_lock<Platform>;
  lock_type first{file.path, removing()};
  lock_type second{file.path, removing()};
  lock_type third{file.path, removing()};
  first.lock();
  second.open();
  third.open();
  first.unlock();
  BOOST_TEST(!fs::exists(file.path));
  BOOST_TEST(second.try_lock()); // another file than third has open
  BOOST_TEST(!third.try_lock());
  BOOST_TEST(!first.try_lock_shared());
  second.unlock();
  BOOST_TEST(third.try_lock_shared());
  BOOST_TEST(!second.try_lock());
  third.unlock();
  BOOST_TEST(file.is_empty());
}

} // namespace

BOOST_FIXTURE_TEST_CASE(a_file_that_always_looks_changed_does_no_harm,
                        lock_file) {
  check_removal<remembers<filelock::posix_flock_traits, false>>(*this);
#if FILELOCK_HAS_OFD_LOCKS
  check_removal<remembers<filelock::posix_ofd_traits, false>>(*this);
#endif
}

BOOST_FIXTURE_TEST_CASE(a_file_that_never_looks_changed_does_no_harm,
                        lock_file) {
  check_removal<remembers<filelock::posix_flock_traits, true>>(*this);
#if FILELOCK_HAS_OFD_LOCKS
  check_removal<remembers<filelock::posix_ofd_traits, true>>(*this);
#endif
}

// ---- What comes between the removal and the release ----

BOOST_FIXTURE_TEST_CASE(another_file_is_locked_between_removal_and_release,
                        lock_file) {
  for (const bool shared : {false, true}) {
    file_lock lock{path, removing()};
    file_lock waiter{path, removing()};
    shared ? lock.lock_shared() : lock.lock();
    waiter.open();
    bool is_old_locked = false;
    std::function<void()> action = [&] {
      std::error_code ec;
      is_old_locked = !filelock::posix_flock_traits::try_lock(
          waiter.native_handle(), {}, ec);
      waiter.close();
      BOOST_TEST(waiter.try_lock());
    };
    after_unlink = &action;
    lock.unlock();
    BOOST_TEST(is_old_locked);
    BOOST_TEST(waiter.still_valid());
    BOOST_TEST(!lock.try_lock());
    waiter.unlock();
    BOOST_TEST(is_empty());
  }
}

BOOST_FIXTURE_TEST_CASE(
    an_owner_killed_after_the_removal_leaves_no_file_and_no_lock, lock_file) {
  child_process child =
      child_process::forked([&](line_channel& parent) -> std::string {
        file_lock lock{path, removing()};
        lock.lock();
        parent.write_line("locked");
        parent.read_line();
        std::function<void()> action = [] { ::kill(::getpid(), SIGKILL); };
        after_unlink = &action;
        lock.unlock();
        return "not killed";
      });
  BOOST_TEST(child.read_line() == "locked");
  file_lock waiter{path, removing()};
  BOOST_TEST(!waiter.try_lock());
  waiter.open();
  child.write_line("go on");
  BOOST_TEST(waiter.try_lock_for(test::patience));
  BOOST_TEST(waiter.still_valid());
  BOOST_TEST(child.wait() == -SIGKILL);
  waiter.unlock();
  BOOST_TEST(is_empty());
}

BOOST_FIXTURE_TEST_CASE(a_killed_holder_leaves_the_file_to_the_next,
                        lock_file) {
  child_process child =
      child_process::forked([&](line_channel& parent) -> std::string {
        file_lock lock{path, removing()};
        lock.lock();
        parent.write_line("locked");
        parent.read_line();
        return "";
      });
  BOOST_TEST(child.read_line() == "locked");
  child.kill_and_wait();
  BOOST_TEST(fs::exists(path));
  file_lock next{path, removing()};
  BOOST_TEST(next.try_lock());
  next.unlock();
  BOOST_TEST(is_empty());
}

namespace {

/// Lets something happen while a conversion holds nothing: flock(2),
/// "Converting".
struct with_gap : filelock::posix_flock_traits {
  static inline std::function<void()>* interlude = nullptr;

  static bool convert(int handle, const filelock::lock_request& from,
                      const filelock::lock_request& to,
                      std::error_code& ec) noexcept {
    unlock(handle, from, ec);
    if (auto* const action = std::exchange(interlude, nullptr)) (*action)();
    return try_lock(handle, to, ec);
  }
};

} // namespace

BOOST_FIXTURE_TEST_CASE(an_upgrade_that_loses_its_file_gets_the_next_one,
                        lock_file) {
  using filelock::conversion;
  using lock_type = basic_file_lock<with_gap>;
  lock_type lock{path, removing()};
  lock_type other{path, removing()};
  lock_type next{path, removing()};
  for (const bool is_taken : {false, true}) {
    lock.lock_shared();
    std::function<void()> action = [&] {
      other.lock();
      other.unlock(); // removes the file that is converted
      if (is_taken) next.lock();
    };
    with_gap::interlude = &action;
    BOOST_TEST(
        (lock.try_upgrade() == (is_taken ? conversion::refused_released
                                         : conversion::released_between)));
    BOOST_TEST(lock.still_valid() == !is_taken);
    BOOST_TEST(lock.owns_lock() == !is_taken);
    lock.unlock();
    next.unlock();
    BOOST_TEST(is_empty());
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_converted_lock_removes_its_file, Lock,
                              test::description_locks) {
  const lock_file file;
  Lock lock{file.path, removing()};
  Lock reader{file.path, removing()};
  lock.lock();
  (void)lock.downgrade();
  BOOST_TEST(lock.still_valid());
  BOOST_TEST(reader.try_lock_shared());
  lock.unlock();
  BOOST_TEST(reader.still_valid());
  (void)reader.try_upgrade();
  BOOST_TEST(reader.owns_lock());
  BOOST_TEST(reader.still_valid());
  reader.unlock();
  BOOST_TEST(file.is_empty());
}

// ---- Waiters ----

BOOST_FIXTURE_TEST_CASE(a_waiter_in_the_kernel_gets_the_next_file, lock_file) {
  const auto wait = [&](line_channel& parent) -> std::string {
    file_lock lock{path, removing()};
    lock.lock();
    if (!lock.still_valid()) return "another file";
    if (is_free(path)) return "not excluded";
    lock.unlock();
    parent.write_line("locked");
    return "";
  };
  file_lock holder{path, removing()};
  holder.lock();
  child_process first = child_process::forked(wait);
  child_process second = child_process::forked(wait);
  BOOST_TEST_REQUIRE(test::wait_until_blocked(first.id()));
  BOOST_TEST_REQUIRE(test::wait_until_blocked(second.id()));
  holder.unlock();
  holder.close();
  // In whichever order: each has released the lock when the other gets it.
  BOOST_TEST(first.read_line() == "locked");
  BOOST_TEST(second.read_line() == "locked");
  BOOST_TEST(first.failure() == "");
  BOOST_TEST(second.failure() == "");
  BOOST_TEST(is_empty());
}

BOOST_FIXTURE_TEST_CASE(no_descriptor_is_left, lock_file) {
  const int before = test::count_descriptors();
  for (const bool shared : {false, true}) {
    file_lock lock{path, removing()};
    file_lock stale{path, removing()};
    stale.open();
    shared ? lock.lock_shared() : lock.lock();
    lock.unlock();
    BOOST_TEST((shared ? stale.try_lock_shared() : stale.try_lock()));
  }
  BOOST_TEST(test::count_descriptors() == before);
  BOOST_TEST(is_empty());
}
