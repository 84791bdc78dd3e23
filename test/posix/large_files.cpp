// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: open(2) and stat(2) have no limit elsewhere

// Files above 2 GiB, and bytes above 2^32, for programs of 32 bits with and
// without _FILE_OFFSET_BITS=64.

#include <boost/test/unit_test.hpp>

#include <filelock/file_lock.hpp>
#include <filelock/interprocess.hpp>
#include <filelock/open_options.hpp>
#include <filelock/platform/posix_fcntl_traits.hpp>
#include <filelock/platform/posix_ofd_traits.hpp>
#include <filelock/platform/queued.hpp>

#include "support/child_process.hpp"
#include "support/temporary_folder.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <system_error>

BOOST_AUTO_TEST_SUITE(posix_large_files)

namespace {

constexpr std::uint64_t gibibyte = 1024 * 1024 * 1024;

/// A file of 5 GiB, which takes no room on the disk.
class large_file {
public:
  large_file() {
    std::ofstream{path};
    std::filesystem::resize_file(path, 5 * gibibyte);
  }

  const test::temporary_folder folder;
  const std::filesystem::path path = folder / "a.lock";
};

filelock::open_options bytes(std::uint64_t offset, std::uint64_t length) {
  filelock::open_options result;
  result.range = {offset, length};
  return result;
}

/// Two owners of bytes above 2^32.
template <class P>
void check_ranges(const std::filesystem::path& path) {
  using lock_type = filelock::basic_file_lock<P>;
  lock_type holder(path, bytes(5 * gibibyte, 10));
  std::error_code ec;
  BOOST_TEST(holder.try_lock(ec));
  BOOST_TEST(!ec);
  // Another process: the owner of the locks of fcntl is a process.
  const auto refusal = [&](std::uint64_t offset) {
    return test::failure_in_child([&]() -> std::string {
      lock_type other(path, bytes(offset, 1));
      std::error_code error;
      if (other.try_lock(error)) return "";
      return error ? error.message() : "busy";
    });
  };
  BOOST_TEST(refusal(5 * gibibyte + 9) == "busy\n");
  BOOST_TEST(refusal(5 * gibibyte + 10) == "");
  BOOST_TEST(refusal(gibibyte) == ""); // the same number in 32 bits
}

} // namespace

BOOST_AUTO_TEST_CASE(a_file_above_2_gib_is_locked_and_compared) {
  const large_file file;
  filelock::queued_file_lock holder(file.path);
  filelock::queued_file_lock waiter(file.path);
  std::error_code ec;
  BOOST_TEST(holder.try_lock(ec));
  BOOST_TEST(holder.still_valid());
  BOOST_TEST(!waiter.try_lock_for(std::chrono::milliseconds(20), ec));
  std::filesystem::remove(file.path);
  BOOST_TEST(!holder.still_valid());
  BOOST_TEST(!ec);
}

BOOST_AUTO_TEST_CASE(the_drop_in_locks_a_file_above_2_gib) {
  const large_file file;
  filelock::interprocess::file_lock lock(file.path.c_str());
  BOOST_TEST(lock.try_lock());
  lock.unlock();
}

BOOST_AUTO_TEST_CASE(bytes_above_4_gib_are_locked) {
  const large_file file;
  check_ranges<filelock::posix_fcntl_traits>(file.path);
#if FILELOCK_HAS_OFD_LOCKS
  check_ranges<filelock::posix_ofd_traits>(file.path);
#endif
}

BOOST_AUTO_TEST_SUITE_END()
