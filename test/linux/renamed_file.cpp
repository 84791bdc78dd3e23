// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: linux: file systems that are mounted, and their ctime
// LABELS: process

// A lock file that gets a second link, is renamed or replaced while nobody
// holds it. The object that has the old file open must not own the path beside
// another.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/child_process.hpp"
#include "support/settled_file.hpp"
#include "support/skipped.hpp"
#include "support/temporary_folder.hpp"

#include <sched.h>
#include <stdlib.h>
#include <sys/mount.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(linux_renamed_file)

namespace {

namespace fs = std::filesystem;
using filelock::file_lock;
using filelock::posix_file;

struct change {
  const char* name;
  std::function<void(const fs::path& path, const fs::path& other)> make;
};

/// What may happen to the file at `path` while no owner holds it. `other` is a
/// free name beside it.
std::vector<change> changes() {
  return {
      {"linked and unlinked",
       [](const fs::path& path, const fs::path& other) {
         fs::create_hard_link(path, other);
         fs::remove(path);
       }},
      {"renamed", [](const fs::path& path,
                     const fs::path& other) { fs::rename(path, other); }},
      {"exchanged with a linked file",
       [](const fs::path& path, const fs::path& other) {
         fs::create_hard_link(path, other);
         const fs::path third = other.string() + ".new";
         std::ofstream(third).put('x');
         fs::rename(third, path);
       }},
      {"replaced by a rename",
       [](const fs::path& path, const fs::path& other) {
         std::ofstream(other).put('x');
         fs::rename(other, path);
       }},
      {"removed",
       [](const fs::path& path, const fs::path&) { fs::remove(path); }},
  };
}

/// \returns What was wrong with two owners of `path`, of which one has the file
/// open that was there before `each`.
std::string wrong_after(const change& each, const fs::path& folder,
                        bool settles) {
  const fs::path path = folder / "a.lock";
  const fs::path other = folder / "b.lock";
  std::string wrong;
  {
    file_lock first{path};
    first.lock();
    if (settles) test::let_settle(first.native_handle());
    // By a comparison, and by what it remembers of that.
    for (int i = 0; i != 3; ++i) {
      first.unlock();
      if (!first.try_lock()) wrong += "not locked again; ";
    }
    first.unlock();
    each.make(path, other);
    file_lock second{path};
    second.lock();
    if (first.try_lock()) wrong += "two owners; ";
    second.unlock();
    if (!first.try_lock()) wrong += "not locked after the other; ";
    if (second.try_lock()) wrong += "two owners of the new file; ";
    if (!first.still_valid()) wrong += "not valid; ";
  }
  fs::remove(path);
  fs::remove(other);
  return wrong.empty() ? wrong : std::string(each.name) + ": " + wrong + "\n";
}

/// \returns What was wrong in `folder`.
std::string wrong_in(const fs::path& folder) {
  std::string wrong;
  for (const change& each : changes()) {
    wrong += wrong_after(each, folder, true);
    // In the tick of the clock in which the file was made and compared.
    for (int i = 0; i != 50 && wrong.empty(); ++i)
      wrong += wrong_after(each, folder, false);
  }
  return wrong;
}

/// \returns Whether the second comparison of an unchanged file needs no path.
bool remembers_in(const fs::path& folder) {
  const fs::path path = folder / "remembered.lock";
  file_lock lock{path};
  lock.open();
  test::let_settle(lock.native_handle());
  filelock::name_memory memory;
  const bool result =
      posix_file::still_names(path, lock.native_handle(), memory) &&
      memory.stamp != 0;
  lock.close();
  fs::remove(path);
  return result;
}

bool run(const std::string& command) {
  return std::system((command + " >/dev/null 2>&1").c_str()) == 0;
}

constexpr const char* not_mounted = "cannot be mounted here";

/// \returns What was wrong on a file system that `mount` mounts at $0, where it
/// can, in a child with mounts of its own.
std::string wrong_on(const std::string& mount, bool must_remember) {
  const test::temporary_folder folder;
  return test::failure_in_child([&]() -> std::string {
    const fs::path point = folder / "mounted";
    fs::create_directory(point);
    if (::unshare(CLONE_NEWNS) != 0 ||
        ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::setenv("POINT", point.c_str(), 1) != 0 || !run(mount))
      return not_mounted;
    std::string wrong = wrong_in(point);
    if (must_remember && !remembers_in(point)) wrong += "nothing remembered";
    return wrong;
  });
}

void check_on(const char* name, const std::string& mount,
              bool must_remember = true) {
  const std::string wrong = wrong_on(mount, must_remember);
  if (wrong == not_mounted)
    test::skipped((std::string("linux.renamed_file on ") + name).c_str(),
                  not_mounted);
  else
    BOOST_TEST(wrong == "");
}

/// \returns The command that mounts an image of a file system.
std::string image(const std::string& mkfs, int megabytes) {
  return "truncate -s " + std::to_string(megabytes) + "M $POINT.image && " +
         mkfs + " $POINT.image && mount -o loop $POINT.image $POINT";
}

} // namespace

BOOST_AUTO_TEST_CASE(a_lock_follows_the_path_in_the_temporary_folder) {
  const test::temporary_folder folder;
  BOOST_TEST(wrong_in(folder.path()) == "");
}

BOOST_AUTO_TEST_CASE(a_lock_follows_the_path_on_tmpfs) {
  check_on("tmpfs", "mount -t tmpfs none $POINT");
}

BOOST_AUTO_TEST_CASE(a_lock_follows_the_path_on_ext4) {
  check_on("ext4", image("mkfs.ext4 -q -I 256", 16));
}

// They have the number of ext4 in statfs(2).
BOOST_AUTO_TEST_CASE(a_lock_follows_the_path_on_ext2_and_ext3) {
  check_on("ext2", image("mkfs.ext2 -q -I 256", 16));
  check_on("ext3", image("mkfs.ext3 -q -I 256", 16));
}

// Inodes of 128 bytes have no room for a part of a second.
BOOST_AUTO_TEST_CASE(a_lock_follows_the_path_where_times_are_in_seconds) {
  check_on("ext4 with small inodes", image("mkfs.ext4 -q -I 128", 16), false);
}

BOOST_AUTO_TEST_CASE(a_lock_follows_the_path_on_xfs) {
  check_on("xfs", image("mkfs.xfs -q", 320));
}

BOOST_AUTO_TEST_CASE(a_lock_follows_the_path_on_btrfs) {
  check_on("btrfs", image("mkfs.btrfs -q", 128));
}

BOOST_AUTO_TEST_CASE(a_lock_follows_the_path_on_overlayfs) {
  check_on(
      "overlayfs",
      "mkdir $POINT.real && mount -t tmpfs none $POINT.real && "
      "cd $POINT.real && mkdir lower upper work && "
      "mount -t overlay none -o lowerdir=lower,upperdir=upper,workdir=work "
      "$POINT");
}

BOOST_AUTO_TEST_SUITE_END()
