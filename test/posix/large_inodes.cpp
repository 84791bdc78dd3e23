// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: linux: fstat and fstat64, by their symbols
// ALONE

// Inodes above 2^32, as XFS, NFS and FUSE have them: all their bits say which
// file it is, in programs of 32 bits as well.

#define BOOST_TEST_MODULE large_inodes
#include <boost/test/unit_test.hpp>

#include <filelock/detail/posix/large_files.hpp>
#include <filelock/file_lock.hpp>

#include "support/temporary_folder.hpp"

#include <dlfcn.h>
#include <sys/stat.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <system_error>

// With _FILE_OFFSET_BITS=64, glibc calls these under the other names.
#if FILELOCK_HAS_LARGE_FILE_NAMES || defined(__USE_FILE_OFFSET64)
#define FILELOCK_TEST_NAME(name) name "64"
#else
#define FILELOCK_TEST_NAME(name) name
#endif

namespace {

/// What the system is made to tell, by the real inode.
std::map<std::uint64_t, std::uint64_t> told_inodes;

using status = filelock::detail::system_status;

template <class File>
int changed(const char* call, File file, status* told) {
  using function = int(File, status*);
  const int result =
      reinterpret_cast<function*>(::dlsym(RTLD_NEXT, call))(file, told);
  if (result != 0) return result;
  const auto found = told_inodes.find(told->st_ino);
  if (found != told_inodes.end()) told->st_ino = found->second;
  return result;
}

} // namespace

// By their symbols: the C++ names have been declared by system headers, with
// other attributes on each system.
extern "C" {
int filelock_test_fstat(int descriptor,
                        status* told) __asm__(FILELOCK_TEST_NAME("fstat"));
int filelock_test_stat(const char* path,
                       status* told) __asm__(FILELOCK_TEST_NAME("stat"));
int filelock_test_lstat(const char* path,
                        status* told) __asm__(FILELOCK_TEST_NAME("lstat"));

int filelock_test_fstat(int descriptor, status* told) {
  return changed(FILELOCK_TEST_NAME("fstat"), descriptor, told);
}

int filelock_test_stat(const char* path, status* told) {
  return changed(FILELOCK_TEST_NAME("stat"), path, told);
}

int filelock_test_lstat(const char* path, status* told) {
  return changed(FILELOCK_TEST_NAME("lstat"), path, told);
}
}

namespace {

struct forget_inodes {
  ~forget_inodes() { told_inodes.clear(); } // files of the next case have them
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(posix_large_inodes, forget_inodes)

namespace {

constexpr std::uint64_t two_to_the_32 = std::uint64_t{1} << 32;

/// Makes a file, of which the system tells the inode.
void make_file(const std::filesystem::path& path, std::uint64_t inode) {
  std::ofstream{path};
  status told;
  BOOST_TEST_REQUIRE(filelock::detail::large_stat(path.c_str(), &told) == 0);
  told_inodes[told.st_ino] = inode;
  BOOST_TEST_REQUIRE(filelock::detail::large_stat(path.c_str(), &told) == 0);
  BOOST_TEST_REQUIRE(std::uint64_t{told.st_ino} == inode);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_file_with_a_large_inode_is_locked) {
  const test::temporary_folder folder;
  const auto path = folder / "a.lock";
  make_file(path, 3 * two_to_the_32 + 7);
  filelock::file_lock lock(path);
  filelock::file_lock other(path);
  std::error_code ec;
  BOOST_TEST(lock.try_lock(ec));
  BOOST_TEST(!ec);
  BOOST_TEST(lock.still_valid());
  BOOST_TEST(!other.try_lock(ec));
  BOOST_TEST(!ec);
}

BOOST_AUTO_TEST_CASE(a_replaced_file_is_known_by_the_upper_bits) {
  const test::temporary_folder folder;
  const auto path = folder / "a.lock";
  make_file(path, 7);
  filelock::file_lock lock(path);
  BOOST_TEST(lock.try_lock());
  make_file(folder / "b", two_to_the_32 + 7);
  std::filesystem::rename(folder / "b", path);
  BOOST_TEST(!lock.still_valid());
}

BOOST_AUTO_TEST_SUITE_END()
