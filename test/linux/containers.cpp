// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: linux: its namespaces
// LABELS: process

// Containers that share a folder: each has processes and mounts of its own. The
// robust lock is tried in posix.robust_owners.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/child_process.hpp"
#include "support/container.hpp"
#include "support/descriptors.hpp"
#include "support/skipped.hpp"
#include "support/temporary_folder.hpp"

#include <fcntl.h>
#include <sys/mount.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

BOOST_AUTO_TEST_SUITE(linux_containers)

namespace {

namespace fs = std::filesystem;
using filelock::file_lock;
using ofd_lock = filelock::basic_file_lock<filelock::posix_ofd_traits>;
using test::line_channel;

constexpr std::chrono::seconds soon{20};

/// Answers each line until "quit".
template <class Lock>
void serve(Lock& lock, line_channel& test) {
  for (std::string line; (line = test.read_line()) != "quit";) {
    std::error_code ec;
    std::string answer = "done";
    if (line == "try") {
      answer = lock.try_lock(ec) ? "locked" : "busy";
    } else if (line == "wait") {
      test.write_line("waits");
      answer = lock.try_lock_for(soon, ec) ? "locked" : "timed out";
    } else if (line == "unlock") {
      lock.unlock();
    } else if (line == "holder") {
      const auto holder = lock.holder();
      answer = holder ? std::to_string(*holder) : "nobody";
    }
    test.write_line(ec ? ec.message() : answer);
  }
}

/// A container that sees the folder as `view`, and serves a lock there.
template <class Lock>
struct contender : test::container {
  contender(const std::string& folder, const std::string& view)
      : test::container([=](line_channel& test) {
          if (::mount(folder.c_str(), view.c_str(), nullptr, MS_BIND,
                      nullptr) != 0 ||
              ::mount("proc", "/proc", "proc", 0, nullptr) != 0)
            return test.write_line("no mount");
          Lock lock{view + "/a.lock"};
          test.write_line("ready");
          serve(lock, test);
        }) {}

  std::string ask(const char* line) { return process.ask(line); }
};

struct shared_folder {
  test::temporary_folder folder;
  std::string shared = folder / "shared";
  std::string first_view = folder / "first";
  std::string second_view = folder / "second";

  shared_folder() {
    for (const std::string& each : {shared, first_view, second_view})
      fs::create_directory(each);
  }
};

template <class Lock>
void exclude_each_other(const shared_folder& at) {
  contender<Lock> first(at.shared, at.first_view);
  contender<Lock> second(at.shared, at.second_view);
  BOOST_TEST_REQUIRE(first.process.read_line() == "ready");
  BOOST_TEST_REQUIRE(second.process.read_line() == "ready");
  Lock outside{at.shared + "/a.lock"};

  BOOST_TEST(first.ask("try") == "locked");
  BOOST_TEST(second.ask("try") == "busy");
  BOOST_TEST(!outside.try_lock());
  BOOST_TEST(second.ask("wait") == "waits");
  BOOST_TEST(first.ask("unlock") == "done");
  BOOST_TEST(second.process.read_line() == "locked");

  // Its process ends at once, without an unlock.
  BOOST_TEST(first.ask("wait") == "waits");
  second.kill();
  BOOST_TEST(first.process.read_line() == "locked");
  BOOST_TEST(!outside.try_lock());
  first.kill();
  BOOST_TEST(outside.try_lock_for(soon));
}

} // namespace

BOOST_FIXTURE_TEST_CASE(locks_by_flock_exclude_each_other, shared_folder) {
  if (test::may_make_container("containers"))
    exclude_each_other<file_lock>(*this);
}

BOOST_FIXTURE_TEST_CASE(locks_by_fcntl_exclude_each_other, shared_folder) {
  if (test::may_make_container("containers"))
    exclude_each_other<ofd_lock>(*this);
}

// Both owners are number 1 to themselves. A number that means another process
// to the one that asks would be worse than none.
BOOST_FIXTURE_TEST_CASE(an_owner_in_another_container_is_not_named,
                        shared_folder) {
  if (!test::may_make_container("containers")) return;
  contender<file_lock> first(shared, first_view);
  contender<file_lock> second(shared, second_view);
  BOOST_TEST_REQUIRE(first.process.read_line() == "ready");
  BOOST_TEST_REQUIRE(second.process.read_line() == "ready");
  BOOST_TEST(first.ask("try") == "locked");
  BOOST_TEST(second.ask("try") == "busy");
  BOOST_TEST(second.ask("holder") == "nobody");
}

// The namespace of the test is the parent of the container's, and has numbers
// for its processes.
BOOST_FIXTURE_TEST_CASE(an_owner_in_a_container_is_named_outside,
                        shared_folder) {
  if (!test::may_make_container("containers")) return;
  contender<file_lock> owner(shared, first_view);
  BOOST_TEST_REQUIRE(owner.process.read_line() == "ready");
  BOOST_TEST(owner.ask("try") == "locked");
  file_lock outside{shared + "/a.lock"};
  BOOST_TEST(!outside.try_lock());
  // A line of /proc/locks may be left out while others change.
  BOOST_TEST(test::wait_until_seen(
      [&] { return outside.holder().value_or(0) == owner.init; }));
}

// ---- An image and what a container writes: overlayfs ----

namespace {

/// Mounts an overlay whose lower folder is `lower`, as that of an image, on
/// `merged`. \returns Whether it may be.
bool mount_overlay(const std::string& folder, const std::string& name) {
  const std::string upper = folder + "/upper_" + name;
  const std::string work = folder + "/work_" + name;
  const std::string merged = folder + "/merged_" + name;
  for (const std::string& each : {upper, work, merged})
    fs::create_directory(each);
  const std::string options =
      "lowerdir=" + folder + "/lower,upperdir=" + upper + ",workdir=" + work;
  return ::mount("overlay", merged.c_str(), "overlay", 0, options.c_str()) == 0;
}

struct image {
  test::temporary_folder folder;
  std::string at = folder / ".";

  image() {
    fs::create_directory(at + "/lower");
    std::ofstream(at + "/lower/a.lock") << "of the image";
  }

  /// Runs `body`, which returns what it saw, where overlays can be mounted.
  template <class Body>
  void in_container(Body body) {
    if (!test::may_make_container("containers")) return;
    test::container one([at = at, body](line_channel& test) {
      const bool can = mount_overlay(at, "one") && mount_overlay(at, "two");
      test.write_line(
          can ? body(at + "/merged_one/a.lock", at + "/merged_two/a.lock")
              : "no overlay");
    });
    const std::string seen = one.process.read_line();
    if (seen == "no overlay")
      test::skipped("overlayfs", "this user may not mount an overlay here");
    else
      BOOST_TEST(seen == "as expected");
  }
};

} // namespace

// open(2) for writing copies the file up. Since Linux 4.19 a descriptor that
// was opened before refers to the overlay's own inode, as one opened after it:
// https://www.kernel.org/doc/html/latest/filesystems/overlayfs.html
BOOST_FIXTURE_TEST_CASE(a_file_that_is_copied_up_stays_one_lock, image) {
  in_container([](const std::string& path, const std::string&) {
    filelock::open_options read_only;
    read_only.read_only = true;
    file_lock before{path, read_only};
    if (!before.try_lock()) return "the file of the image was not locked";
    file_lock after{path};
    if (after.try_lock()) return "two owners";
    before.unlock();
    if (!after.try_lock()) return "busy for ever";
    if (before.try_lock()) return "two owners in the other order";
    return "as expected";
  });
}

// Each container writes a file of its own. To share a lock they share a volume.
BOOST_FIXTURE_TEST_CASE(containers_of_one_image_share_no_lock, image) {
  in_container([](const std::string& first, const std::string& second) {
    file_lock one{first};
    file_lock two{second};
    if (!one.try_lock()) return "the first is not locked";
    if (!two.try_lock()) return "one file in two layers";
    return "as expected";
  });
}

BOOST_AUTO_TEST_SUITE_END()
