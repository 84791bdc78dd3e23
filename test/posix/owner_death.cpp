// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: processes that are killed, and forks
// LABELS: process

// What owners that die leave to the next one, by marked<P>.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/child_process.hpp"
#include "support/posix_models.hpp"
#include "support/temporary_folder.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <tuple>

BOOST_AUTO_TEST_SUITE(posix_owner_death)

namespace {

using test::child_process;
using test::line_channel;

template <class P>
using marked_lock = filelock::basic_file_lock<filelock::marked<P>>;

using platforms =
    std::tuple<filelock::posix_flock_traits, filelock::posix_fcntl_traits
#if FILELOCK_HAS_OFD_LOCKS
               ,
               filelock::posix_ofd_traits
#endif
               >;

struct lock_file {
  test::temporary_folder folder;
  std::string path = folder / "a.lock";
};

/// Effects: a process acquires, and is killed.
template <class Lock>
void die_with(const std::string& path) {
  child_process owner =
      child_process::forked([&](line_channel& test) -> std::string {
        Lock lock{path};
        lock.lock();
        test.write_line("locked");
        for (;;)
          ::pause();
      });
  BOOST_TEST(owner.read_line() == "locked");
  owner.kill_and_wait();
}

} // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(the_next_owner_is_told_of_a_death, P, platforms) {
  const lock_file file;
  for (int deaths = 1; deaths != 4; ++deaths)
    die_with<marked_lock<P>>(file.path); // each dies in turn
  marked_lock<P> lock{file.path};
  lock.lock();
  BOOST_TEST(lock.previous_owner_died());
  lock.unlock();
  lock.lock();
  BOOST_TEST(!lock.previous_owner_died());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_waiter_is_told_of_a_death, P, platforms) {
  const lock_file file;
  child_process owner =
      child_process::forked([&](line_channel& test) -> std::string {
        marked_lock<P> lock{file.path};
        lock.lock();
        test.write_line("locked");
        test.read_line();
        ::raise(SIGKILL);
        return "";
      });
  BOOST_TEST(owner.read_line() == "locked");
  child_process waiter =
      child_process::forked([&](line_channel& test) -> std::string {
        marked_lock<P> lock{file.path};
        test.write_line("waits");
        lock.lock();
        return lock.previous_owner_died() ? "" : "it is not told";
      });
  BOOST_TEST(waiter.read_line() == "waits");
  owner.write_line("die");
  BOOST_TEST(waiter.failure() == "");
}

BOOST_AUTO_TEST_CASE(a_process_that_exits_with_the_lock_died_with_it) {
  using lock_type = marked_lock<filelock::posix_flock_traits>;
  const lock_file file;
  child_process owner =
      child_process::forked([&](line_channel&) -> std::string {
        lock_type lock{file.path};
        lock.lock();
        test::leave_child(0); // without the destructor
      });
  BOOST_TEST(owner.wait() == 0);
  lock_type lock{file.path};
  lock.lock();
  BOOST_TEST(lock.previous_owner_died());
}

BOOST_AUTO_TEST_CASE(a_forked_child_changes_no_mark) {
  using lock_type = marked_lock<filelock::posix_flock_traits>;
  const lock_file file;
  lock_type lock{file.path};
  lock.lock();
  BOOST_TEST(test::failure_in_child([&]() -> std::string {
               std::string wrong;
               if (lock.previous_owner_died()) wrong += "told; ";
               lock.unlock();
               lock.close();
               return wrong;
             }) == "");
  BOOST_TEST(!lock.previous_owner_died());
  lock.close();
  lock.lock();
  BOOST_TEST(!lock.previous_owner_died());
}

BOOST_AUTO_TEST_CASE(a_file_that_may_only_be_read_is_an_error) {
  using lock_type = marked_lock<filelock::posix_flock_traits>;
  const lock_file file;
  lock_type{file.path}.open(); // creates it
  const int handle = ::open(file.path.c_str(), O_RDONLY | O_CLOEXEC);
  lock_type lock(filelock::adopt_handle, handle, filelock::lock_mode::unlocked);
  std::error_code ec;
  BOOST_TEST(!lock.try_lock(ec));
  BOOST_TEST(static_cast<bool>(ec));
  filelock::file_lock free{file.path}; // nothing is held
  BOOST_TEST(free.try_lock());
}

BOOST_AUTO_TEST_CASE(a_disk_without_room_is_an_error) {
  using lock_type = marked_lock<filelock::posix_flock_traits>;
  const lock_file file;
  BOOST_TEST(test::failure_in_child([&]() -> std::string {
               ::signal(SIGXFSZ, SIG_IGN);
               const ::rlimit none{0, 0}; // of the size of a file
               ::setrlimit(RLIMIT_FSIZE, &none);
               lock_type lock{file.path};
               std::error_code ec;
               if (lock.try_lock(ec)) return "locked";
               if (ec != std::errc::file_too_large) return ec.message();
               return lock.owns_lock() ? "held" : "";
             }) == "");
  filelock::file_lock free{file.path};
  BOOST_TEST(free.try_lock());
}

// ---- An acquire that comes to nothing tells nobody, so the next owner is told

namespace {

/// Throws when the wait has ended.
struct throws_at_the_end {
  static constexpr bool observes_wait = true;
  std::chrono::milliseconds operator()(const filelock::wait_state&) const {
    return std::chrono::milliseconds(1);
  }
  void finished(const filelock::wait_result&) const {
    throw std::runtime_error("at the end");
  }
};

template <class P>
struct platform_of {
  using type = filelock::marked<P>;
};
#if FILELOCK_HAS_ROBUST_MUTEX
template <>
struct platform_of<filelock::posix_robust_traits> {
  using type = filelock::posix_robust_traits;
};
#endif

using tellers = std::tuple<filelock::posix_flock_traits
#if FILELOCK_HAS_OFD_LOCKS
                           ,
                           filelock::posix_ofd_traits
#endif
#if FILELOCK_HAS_ROBUST_MUTEX
                           ,
                           filelock::posix_robust_traits
#endif
                           >;

template <class Lock>
bool is_told(const std::string& path) {
  Lock lock{path};
  return lock.try_lock() && lock.previous_owner_died();
}

} // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(a_grant_that_a_policy_gives_back_keeps_the_news,
                              P, tellers) {
  using platform = typename platform_of<P>::type;
  using lock_type = filelock::basic_file_lock<platform>;
  const lock_file file;
  child_process owner =
      child_process::forked([&](line_channel& test) -> std::string {
        lock_type lock{file.path};
        lock.lock();
        test.write_line("locked");
        for (;;)
          ::pause();
      });
  BOOST_TEST(owner.read_line() == "locked");
  filelock::basic_file_lock<platform, throws_at_the_end> waiter{file.path};
  std::error_code ec;
  std::thread killer([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    owner.kill_and_wait();
  });
  // Where the death is quicker, nobody waits, and the news is told.
  const bool is_acquired = waiter.try_lock_for(std::chrono::seconds(30), ec);
  killer.join();
  if (is_acquired) {
    BOOST_TEST(waiter.previous_owner_died());
    return;
  }
  BOOST_TEST((ec == std::errc::operation_canceled));
  BOOST_TEST(is_told<lock_type>(file.path));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_grant_of_a_moved_file_keeps_its_news, P,
                              tellers) {
  using lock_type = filelock::basic_file_lock<typename platform_of<P>::type>;
  const lock_file file;
  const std::string moved = file.folder / "moved";
  lock_type lock{file.path};
  lock.open();
  die_with<lock_type>(file.path);
  std::filesystem::rename(file.path, moved);
  BOOST_TEST(lock.try_lock()); // of a new file, by way of the old one
  BOOST_TEST(!lock.previous_owner_died());
  BOOST_TEST(is_told<lock_type>(moved));
}

BOOST_AUTO_TEST_CASE(a_shared_owner_that_is_told_removes_no_file) {
  using lock_type = marked_lock<filelock::posix_flock_traits>;
  const lock_file file;
  die_with<lock_type>(file.path);
  filelock::open_options removing;
  removing.remove_on_release = true;
  lock_type reader{file.path, removing};
  reader.lock_shared();
  BOOST_TEST(reader.previous_owner_died());
  reader.unlock_shared();
  BOOST_TEST(is_told<lock_type>(file.path));
}

BOOST_AUTO_TEST_SUITE_END()
