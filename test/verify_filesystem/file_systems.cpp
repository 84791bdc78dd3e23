// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: linux: file systems that are mounted
// LABELS: process

// verify_filesystem on file systems whose locks work, and through two folders.

#include <boost/test/unit_test.hpp>

#include "support/skipped.hpp"
#include "support/verify_filesystem.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(verify_filesystem_file_systems)

namespace {

namespace fs = std::filesystem;

constexpr const char* not_mounted = "cannot be mounted here";

/// Checks that the program, with these folders below the mounted one, ends with
/// `code` and says each of `texts`.
void check_on(const char* name, const std::string& mount,
              const std::vector<std::string>& folders, int code,
              const std::vector<std::string>& texts) {
  const std::string wrong =
      test::on_mount(mount, [&](const fs::path& point) -> std::string {
        std::vector<std::string> paths;
        for (const std::string& each : folders)
          paths.push_back((point / each).string());
        const test::verified result = test::verify_filesystem(paths);
        std::string faults;
        if (result.code != code)
          faults += "exit code " + std::to_string(result.code) + "; ";
        for (const std::string& each : texts)
          if (!result.says(each)) faults += "not said: " + each + "; ";
        if (result.says("could not be removed")) faults += "not removed; ";
        for (const std::string& each : paths)
          for (const fs::directory_entry& entry : fs::directory_iterator(each))
            if (entry.path().filename().string().front() == '.')
              faults += "left: " + entry.path().string() + "; ";
        return faults.empty() ? "" : faults + '\n' + result.output;
      });
  if (wrong == not_mounted)
    test::skipped(name, not_mounted);
  else
    BOOST_TEST(wrong == "");
}

const std::vector<std::string> all_can_be_used{
    "posix_flock_traits: use this",
    "posix_ofd_traits: use this",
    "posix_fcntl_traits: use this, with one object in each process",
    "posix_robust_traits: use this",
    "not NFS",
    "inode numbers are stable: yes",
    "a replaced file is noticed       yes              yes              yes    "
    "          yes"};

std::vector<std::string> all_and(const std::string& text) {
  std::vector<std::string> result = all_can_be_used;
  result.push_back(text);
  return result;
}

constexpr const char* overlay =
    "mkdir $POINT.real && mount -t tmpfs none $POINT.real && cd $POINT.real && "
    "mkdir lower upper work && mkdir $POINT/upper $POINT/merged && "
    "mount -t overlay none -o lowerdir=lower,upperdir=upper,workdir=work "
    "$POINT/merged && mount --bind upper $POINT/upper";

} // namespace

BOOST_AUTO_TEST_CASE(tmpfs_can_be_used) {
  check_on("tmpfs", "mount -t tmpfs none $POINT", {""}, 0,
           all_and("mounted/: tmpfs"));
}

BOOST_AUTO_TEST_CASE(ext4_can_be_used) {
  check_on("ext4",
           "truncate -s 16M $POINT.image && mkfs.ext4 -q $POINT.image && "
           "mount -o loop $POINT.image $POINT",
           {""}, 0, all_and("mounted/: ext4"));
}

BOOST_AUTO_TEST_CASE(a_full_file_system_leaves_a_lock_undecided) {
  check_on("a full tmpfs",
           "mount -t tmpfs -o size=64k none $POINT && "
           "! head -c 1M /dev/zero >$POINT/filler",
           {""}, 5,
           {"posix_flock_traits: use this", "posix_ofd_traits: use this",
            "posix_robust_traits: undecided: it could not be tried: No space "
            "left on device\n"});
}

BOOST_AUTO_TEST_CASE(a_file_system_without_a_free_file_cannot_be_checked) {
  check_on("a tmpfs without files",
           "mount -t tmpfs -o nr_inodes=2 none $POINT && touch $POINT/filler",
           {""}, 5,
           {"cannot check: no folder can be made in ",
            "mounted/: No space left on device\n"});
  // The folder can be made, and nothing in it.
  check_on("a tmpfs with one more file",
           "mount -t tmpfs -o nr_inodes=2 none $POINT", {""}, 5,
           {"cannot check: ", "/inode: No space left on device\n"});
}

BOOST_AUTO_TEST_CASE(a_file_system_that_is_read_only_cannot_be_checked) {
  check_on("a tmpfs that is read-only", "mount -t tmpfs -o ro none $POINT",
           {""}, 5,
           {"cannot check: no folder can be made in ",
            "mounted/: Read-only file system\n"});
}

// The time of a change is in seconds there.
BOOST_AUTO_TEST_CASE(a_coarse_ctime_is_told) {
  check_on("ext4 with small inodes",
           "truncate -s 16M $POINT.image && "
           "mkfs.ext4 -q -I 128 $POINT.image && "
           "mount -o loop $POINT.image $POINT",
           {""}, 0, {"in the ctime: yes (in seconds)"});
}

BOOST_AUTO_TEST_CASE(overlayfs_can_be_used) {
  check_on("overlayfs", overlay, {"merged"}, 0, all_and("merged: overlay"));
}

BOOST_AUTO_TEST_CASE(two_mounts_of_one_file_system_see_each_other) {
  check_on("two mounts",
           "mount -t tmpfs none $POINT && mkdir $POINT/a $POINT/b && "
           "mount --bind $POINT/a $POINT/b",
           {"a", "b"}, 0, all_and("through the two folders          yes"));
}

// A file of an overlay and the same file below it are two for the kernel.
BOOST_AUTO_TEST_CASE(two_folders_that_do_not_see_each_other_are_told) {
  const std::string wrong =
      ": do not: two owners, one through each folder, held at once for ";
  check_on("an overlay and what is below it", overlay, {"merged", "upper"}, 1,
           {"processes exclude each other     yes",
            "through the two folders          no", "posix_flock_traits" + wrong,
            "posix_ofd_traits" + wrong, "posix_fcntl_traits" + wrong,
            // Its memory is one, until the file is replaced through one of
            // the folders.
            "posix_robust_traits: do not: a waiter got the lock while another "
            "process held it"});
}

BOOST_AUTO_TEST_CASE(two_folders_with_different_files_are_told) {
  check_on("tmpfs", "mount -t tmpfs none $POINT && mkdir $POINT/a $POINT/b",
           {"a", "b"}, 5,
           {"cannot check: the two folders do not show the same files"});
}

BOOST_AUTO_TEST_SUITE_END()
