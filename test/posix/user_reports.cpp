// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: linux: leases, namespaces, signals and users of Linux
// LABELS: process

// What broke other file locks, by the reports of their users. Each case names
// one of the reports.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>
#include <filelock/interprocess.hpp>

#include "support/child_process.hpp"
#include "support/descriptors.hpp"
#include "support/other_user.hpp"
#include "support/skipped.hpp"
#include "support/temporary_folder.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

BOOST_AUTO_TEST_SUITE(posix_user_reports)

namespace {

namespace fs = std::filesystem;
using filelock::file_lock;
using filelock::file_mutex;
using filelock::queued_file_lock;
using test::child_process;
using test::failure_in_child;
using test::line_channel;
using namespace std::chrono_literals;

struct lock_file {
  test::temporary_folder folder;
  std::string path = folder / "a.lock";
};

/// A process that holds a lease, as a file server does: it gives it back when
/// it is told to, or at once when the kernel asks for it.
class leaseholder {
public:
  leaseholder(const std::string& path, int lease, bool gives_back)
      : process_(
            child_process::forked([=](line_channel& parent) -> std::string {
              static int file = -1;
              ::signal(SIGIO,
                       gives_back
                           ? [](int) { ::fcntl(file, F_SETLEASE, F_UNLCK); }
                           : SIG_IGN);
              file = ::open(path.c_str(), O_RDONLY | O_CREAT, 0600);
              const bool has_lease = ::fcntl(file, F_SETLEASE, lease) == 0;
              parent.write_line(has_lease ? "lease" : "none");
              parent.read_line();
              ::fcntl(file, F_SETLEASE, F_UNLCK);
              parent.write_line("given back");
              parent.read_line();
              return "";
            })),
        has_lease_(process_.read_line() == "lease") {}

  bool has_lease() const { return has_lease_; }
  void give_back() { BOOST_TEST(process_.ask("give back") == "given back"); }

private:
  child_process process_;
  bool has_lease_;
};

} // namespace

// https://github.com/truenas/middleware/pull/16421
BOOST_FIXTURE_TEST_CASE(an_acquire_waits_until_a_lease_is_given_back,
                        lock_file) {
  for (const int lease : {F_RDLCK, F_WRLCK}) {
    const auto acquire = [&](auto&& work) {
      const leaseholder server(path, lease, true);
      if (!server.has_lease())
        return test::skipped("an acquire beside a lease",
                             "the file system or this user has no leases");
      BOOST_TEST(work());
    };
    acquire([&] {
      file_lock lock{path};
      lock.lock();
      return lock.owns_lock();
    });
    acquire([&] { return file_lock{path}.try_lock_for(1h); });
    acquire([&] { return queued_file_lock{path}.try_lock_for(1h); });
    acquire([&] { return file_mutex{path}.try_lock_for(1h); });
  }
}

BOOST_FIXTURE_TEST_CASE(a_lease_that_is_kept_makes_a_try_busy, lock_file) {
  leaseholder server(path, F_RDLCK, false);
  if (!server.has_lease())
    return test::skipped("a try beside a lease",
                         "the file system or this user has no leases");
  file_lock lock{path};
  std::error_code ec;
  BOOST_TEST(!lock.try_lock(ec));
  BOOST_TEST(!ec);
  BOOST_TEST(!lock.try_lock_for(20ms, ec));
  BOOST_TEST(!ec);
  BOOST_TEST(!lock.is_open());
  // To open alone is not to wait.
  lock.open(ec);
  BOOST_TEST((ec == std::errc::resource_unavailable_try_again));
  server.give_back();
  BOOST_TEST(lock.try_lock());
}

// https://github.com/OpenSCAP/openscap/pull/386
BOOST_FIXTURE_TEST_CASE(a_queued_wait_ends_where_nothing_can_be_loaded,
                        lock_file) {
  if (::geteuid() != 0)
    return test::skipped("a queued wait in an empty folder",
                         "only root may change the root folder");
  file_lock held{path};
  held.lock();
  BOOST_TEST(failure_in_child([&]() -> std::string {
               queued_file_lock lock{path};
               lock.open();
               const fs::path empty = folder / "empty";
               fs::create_directory(empty);
               if (::chroot(empty.c_str()) != 0) return "no chroot";
               return lock.try_lock_for(50ms) ? "locked" : "";
             }) == "");
}

// https://github.com/substack/node-mkdirp/pull/92
BOOST_FIXTURE_TEST_CASE(parents_are_made_beside_a_process_that_removes_them,
                        lock_file) {
  const fs::path cache = folder / "cache";
  std::atomic<bool> ends{false};
  std::thread cleaner([&] {
    std::error_code ignored;
    while (!ends)
      fs::remove_all(cache, ignored);
  });
  std::string failed;
  for (int i = 0; i != 500; ++i) {
    std::error_code ec;
    file_lock lock{cache / "a" / "b" / "x.lock"};
    lock.lock(ec);
    if (ec) failed += ec.message() + "; ";
  }
  ends = true;
  cleaner.join();
  BOOST_TEST(failed == "");
}

// https://github.com/godotengine/godot/pull/42740
BOOST_FIXTURE_TEST_CASE(a_pause_does_not_drift_under_signals, lock_file) {
  file_lock held{path};
  held.lock();
  // In a process of its own, which alone has the signals.
  BOOST_TEST(
      failure_in_child([&]() -> std::string {
        ::signal(SIGALRM, [](int) {});
        const ::itimerval often{{0, 60}, {0, 60}};
        ::setitimer(ITIMER_REAL, &often, nullptr);
        filelock::basic_file_lock lock{path, filelock::constant_backoff(1h)};
        const auto begin = std::chrono::steady_clock::now();
        if (lock.try_lock_for(200ms)) return "locked";
        const auto waited = std::chrono::steady_clock::now() - begin;
        // Some 4 s, where the rest of the sleep begins anew each time.
        return waited < 2s ? "" : "overslept";
      }) == "");
}

// https://github.com/oven-sh/bun/issues/15616
BOOST_FIXTURE_TEST_CASE(
    a_relative_path_serves_below_folders_that_may_not_be_searched, lock_file) {
  if (!test::has_other_user("a relative path below a closed folder")) return;
  const fs::path closed = folder / "closed";
  const fs::path open = closed / "open";
  fs::create_directories(open);
  ::chmod(open.c_str(), 0777);
  file_lock{open / "b.lock"}.open();
  ::chmod((open / "b.lock").c_str(), 0666);
  BOOST_TEST(failure_in_child([&]() -> std::string {
               fs::current_path(open);
               ::chmod(closed.c_str(), 0700);
               if (!test::give_up_root()) return "root";
               std::string wrong;
               file_lock lock{"a.lock"};
               lock.lock();
               lock.unlock();
               if (!lock.try_lock() || !lock.still_valid())
                 wrong += "not locked again; ";
               if (file_lock{"a.lock"}.try_lock()) wrong += "two owners; ";
               file_lock{"sub/c.lock"}.lock();
               filelock::open_options removing;
               removing.remove_on_release = true;
               {
                 file_lock removed{"d.lock", removing};
                 removed.lock();
               }
               if (fs::exists("d.lock")) wrong += "not removed; ";
               filelock::interprocess::file_lock drop_in("b.lock");
               if (!drop_in.try_lock()) wrong += "the drop-in; ";
               // An absolute path that leads elsewhere is not tried so.
               std::error_code ec;
               file_lock{closed / "other" / "a.lock"}.lock(ec);
               if (ec != std::errc::permission_denied)
                 wrong += "another folder: " + ec.message();
               return wrong;
             }) == "");
  ::chmod(closed.c_str(), 0700);
}

BOOST_FIXTURE_TEST_CASE(a_relative_path_serves_deeper_than_a_path_may_be_long,
                        lock_file) {
  BOOST_TEST(failure_in_child([&]() -> std::string {
               fs::current_path(folder.path());
               const std::string name(250, 'd');
               for (int i = 0; i != 20; ++i) {
                 if (::mkdir(name.c_str(), 0700) != 0 ||
                     ::chdir(name.c_str()) != 0)
                   return "no folder";
               }
               file_lock lock{"a.lock"};
               lock.lock();
               file_lock other{"a.lock"};
               if (other.try_lock()) return "two owners";
               filelock::interprocess::file_lock drop_in("a.lock");
               return drop_in.try_lock() ? "" : "the drop-in";
             }) == "");
}

// https://github.com/PX4/PX4-Autopilot/pull/20802
BOOST_FIXTURE_TEST_CASE(exit_ends_beside_waiters_of_a_static_mutex, lock_file) {
  for (const int waiters : {1, 2, 3}) {
    const ::pid_t child = ::fork();
    if (child == 0) {
      ::alarm(30);
      static file_mutex mutex{path};
      mutex.lock();
      static std::atomic<int> started{0};
      for (int i = 0; i != waiters; ++i)
        std::thread([] {
          ++started;
          mutex.lock();
        }).detach();
      while (started != waiters)
        std::this_thread::yield();
      ::usleep(20'000); // until they sleep, most likely
      std::exit(0);
    }
    int status = 1;
    ::waitpid(child, &status, 0);
    BOOST_TEST(status == 0);
  }
}

// https://github.com/open-mpi/ompi/issues/14469
BOOST_FIXTURE_TEST_CASE(a_link_with_a_slash_after_it_is_refused, lock_file) {
  fs::create_directory(folder / "real");
  fs::create_directory_symlink(folder / "real", folder / "link");
  filelock::open_options options;
  options.directory = true;
  for (const char* name :
       {"link", "link/", "link///", "link/.", "link/.//./"}) {
    std::error_code ec;
    file_lock lock{folder.path() / name, options};
    lock.lock(ec);
    BOOST_TEST((ec == std::errc::too_many_symbolic_link_levels), name);
  }
  file_lock lock{folder.path() / "real/.", options};
  BOOST_TEST(lock.try_lock_shared());
  // Of a file: refused before anything is made.
  std::error_code ec;
  file_lock{folder.path() / "new" / "folder/"}.lock(ec);
  BOOST_TEST((ec == std::errc::is_a_directory));
  BOOST_TEST(!fs::exists(folder / "new"));
}

// https://github.com/VividCortex/godaemon/issues/14
BOOST_FIXTURE_TEST_CASE(a_number_that_a_stranger_took_is_left_to_the_child,
                        lock_file) {
  file_lock lock{path};
  lock.lock();
  const int number = lock.native_handle();
  ::close(number); // a daemon that closes all
  const int log =
      ::open((folder / "log").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  BOOST_TEST_REQUIRE(log == number);
  BOOST_TEST(failure_in_child([&]() -> std::string {
               return ::write(log, "x", 1) == 1 ? "" : "the log is closed";
             }) == "");
  (void)lock.release(); // the number is not its own
  ::close(log);
}

BOOST_FIXTURE_TEST_CASE(an_acquire_leaves_a_number_to_the_stranger_who_took_it,
                        lock_file) {
  file_lock lock{path};
  lock.lock();
  lock.unlock();
  const int number = lock.native_handle();
  ::close(number); // a daemon that closes all
  const int log =
      ::open((folder / "log").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  BOOST_TEST_REQUIRE(log == number);
  lock.lock();
  BOOST_TEST(lock.native_handle() != log);
  BOOST_TEST(!file_lock{path}.try_lock());
  BOOST_TEST(::write(log, "x", 1) == 1);
  BOOST_TEST(file_lock{folder / "log"}.try_lock());
  ::close(log);
}

BOOST_FIXTURE_TEST_CASE(an_acquire_leaves_a_number_to_the_lock_that_took_it,
                        lock_file) {
  file_lock lock{path};
  lock.open();
  ::close(lock.native_handle());
  file_lock next{folder / "next"};
  next.lock();
  lock.lock();
  BOOST_TEST(lock.native_handle() != next.native_handle());
  BOOST_TEST(next.still_valid());
}

BOOST_AUTO_TEST_SUITE_END()
