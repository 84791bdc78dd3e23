// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: linux: a descriptor is opened again by /proc/self/fd
// LABELS: process
// LONG: 1800
// ALONE

// Another process does nothing but to put links, FIFOs, folders and sockets at
// the path, or has the lock and spoils the file. No lock follows a link, waits
// for ever, changes a file outside, or claims a hold that it does not have.
//
// FILELOCK_LONG=1: 100 000 acquires of each platform in place of 100.

#define BOOST_TEST_MODULE hostile_neighbours
#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>
#include <filelock/platform/counted.hpp>
#include <filelock/platform/fifo.hpp>
#include <filelock/platform/marked.hpp>
#include <filelock/platform/posix_robust_traits.hpp>
#include <filelock/platform/queued.hpp>

#include "support/child_process.hpp"
#include "support/descriptors.hpp"
#include "support/posix_models.hpp"
#include "support/shared_memory.hpp"
#include "support/skipped.hpp"
#include "support/temporary_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <string>
#include <system_error>
#include <tuple>
#include <type_traits>

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using test::child_process;
using test::line_channel;

// ---- The platforms ----

using test::is_robust;
using test::world;

/// Where garbage is written. Not into the mutex, whose bytes are the lock: no
/// owner can hold what a stranger overwrites.
template <class World>
constexpr unsigned offsets = is_robust<World> ? 48 : 64;

using flock_traits = filelock::posix_flock_traits;
using ofd_traits = filelock::posix_ofd_traits;
using worlds = std::tuple<
    world<flock_traits>, world<flock_traits, true>, world<ofd_traits>,
    world<ofd_traits, true>, world<filelock::queued<flock_traits>>,
    world<filelock::queued<ofd_traits>, true>,
    world<filelock::marked<flock_traits>>, world<filelock::fifo<ofd_traits>>,
    world<filelock::counted<flock_traits,
                            filelock::token_survives::process_death>>,
    world<filelock::posix_robust_traits>>;

// ---- The neighbours ----

/// The path, and a file that nobody may touch.
struct place {
  test::temporary_folder folder;
  fs::path path = folder / "a.lock";
  fs::path other = folder / "b.lock"; // is renamed to the path
  fs::path outside = folder / "outside";

  place() { std::ofstream(outside) << "of somebody else"; }

  std::string change_outside(const struct ::stat& before) const {
    struct ::stat now {};
    if (::lstat(outside.c_str(), &now) != 0) return "it is gone";
    if (now.st_ino != before.st_ino || now.st_size != before.st_size ||
        now.st_mode != before.st_mode ||
        now.st_mtim.tv_nsec != before.st_mtim.tv_nsec)
      return "it was changed";
    return "";
  }
};

void make_socket(const fs::path& path) {
  ::sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.native().copy(address.sun_path, sizeof address.sun_path - 1);
  const int made = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ::bind(made, reinterpret_cast<::sockaddr*>(&address), sizeof address);
  ::close(made);
}

// act() does one thing, and returns whether it could.

/// Puts another thing at the path.
struct swapper {
  template <class World>
  static bool act(const place& at, unsigned turn) {
    std::error_code ignored;
    fs::remove_all(at.other, ignored);
    switch (turn % 7) {
    case 0:
      fs::create_symlink(at.outside, at.other, ignored);
      break;
    case 1:
      ::mkfifo(at.other.c_str(), 0600);
      break;
    case 2:
      fs::create_directory(at.other, ignored);
      break;
    case 3:
      make_socket(at.other);
      break;
    case 4:
      fs::create_symlink(at.other, at.other, ignored);
      break;
    case 5:
      fs::create_symlink("missing", at.other, ignored);
      break;
    default:
      std::ofstream{at.other};
      break;
    }
    // A folder replaces only a folder: rename(2).
    if (::rename(at.other.c_str(), at.path.c_str()) != 0)
      fs::remove_all(at.path, ignored);
    return true;
  }
};

/// Has the lock at times, and spoils the file with and without it.
struct spoiler {
  template <class World>
  static bool act(const place& at, unsigned turn) {
    const int file =
        ::open(at.path.c_str(), O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (file < 0) return false;
    if (turn % 3 == 0) ::flock(file, LOCK_EX | LOCK_NB);
    const char garbage[] = "nobody's content";
    int result = 0;
    switch (turn % 5) {
    case 0:
      // Of the robust lock a page is mapped, and whoever cuts it ends the
      // owner: posix.robust_files.
      if (!is_robust<World>) result = ::ftruncate(file, 0);
      break;
    case 1:
      ::unlink(at.path.c_str());
      break;
    case 2:
      ::fchmod(file, turn % 2 == 0 ? 0 : 0600);
      break;
    case 3:
      result = static_cast<int>(
          ::pwrite(file, garbage, sizeof garbage, turn % offsets<World>));
      break;
    default:
      ::rename(at.path.c_str(), at.other.c_str());
      break;
    }
    ::close(file);
    return result >= 0;
  }
};

using shared_count = test::shared_memory<std::atomic<int>>;

template <class World, class Neighbour>
child_process start(const place& at, const shared_count& acts) {
  return child_process::forked([&](line_channel&) -> std::string {
    test::end_with_parent();
    std::mt19937 random;
    for (;;)
      if (Neighbour::template act<World>(at, static_cast<unsigned>(random())))
        ++*acts;
  });
}

// ---- The owner ----

/// \returns How the hold is not what the lock says.
template <class World>
std::string false_hold(const place& at, typename World::lock& lock) {
  using traits = typename World::lock::platform_type;
  const int file = traits::descriptor(lock.native_handle());
  struct ::stat held {};
  struct ::stat outside {};
  if (::fstat(file, &held) != 0) return "no descriptor";
  if (!S_ISREG(held.st_mode)) return "no regular file";
  ::stat(at.outside.c_str(), &outside);
  if (held.st_ino == outside.st_ino) return "the file outside";
  // The very same file, wherever it is now.
  filelock::open_options again;
  again.follow_symlink = true;
  typename World::lock other("/proc/self/fd/" + std::to_string(file), again);
  std::error_code ec;
  return other.try_lock(ec) ? "another owner has it too" : "";
}

template <class World, class Neighbour>
void keep_the_peace() {
  const place at;
  struct ::stat outside {};
  ::lstat(at.outside.c_str(), &outside);
  const int descriptors = test::count_descriptors();
  int holds = 0;
  std::map<std::string, int> errors;
  {
    const shared_count acts;
    child_process neighbour = start<World, Neighbour>(at, acts);
    // As many of the neighbour, which may not run at once, and may spoil each
    // of the first attempts.
    const int most = std::getenv("FILELOCK_LONG") ? 100'000 : 100;
    const auto deadline = std::chrono::steady_clock::now() + test::patience;
    for (int each = 0;
         each < most || ((*acts < most || holds == 0) &&
                         std::chrono::steady_clock::now() < deadline);
         ++each) {
      filelock::open_options options;
      options.remove_on_release = World::removes;
      typename World::lock lock(at.path, options);
      std::error_code ec;
      const bool is_held =
          each % 2 == 0 ? lock.try_lock(ec) : lock.try_lock_for(1ms, ec);
      if (is_held) {
        ++holds;
        BOOST_TEST_REQUIRE(false_hold<World>(at, lock) == "");
        lock.unlock(ec);
      } else if (ec) {
        ++errors[ec.message()];
      }
    }
    neighbour.kill_and_wait();
  }
  BOOST_TEST(at.change_outside(outside) == "");
  std::error_code ignored;
  fs::remove_all(at.path, ignored);
  typename World::lock afterwards(at.path);
  BOOST_TEST(afterwards.try_lock());
  afterwards.close();
  BOOST_TEST(test::count_descriptors() == descriptors);
  std::string said;
  for (const auto& [error, count] : errors)
    said += "; " + error + ": " + std::to_string(count);
  BOOST_TEST_MESSAGE(holds << " holds" << said);
  BOOST_TEST(holds > 0);
}

} // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(a_path_that_is_swapped_misleads_no_lock, World,
                              worlds) {
  keep_the_peace<World, swapper>();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_file_that_is_spoilt_makes_no_false_hold, World,
                              worlds) {
#if !defined(__GLIBC__)
  if constexpr (is_robust<World>) {
    test::skipped("a mutex that is spoilt", "only glibc's is looked into");
    return;
  }
#endif
  keep_the_peace<World, spoiler>();
}
