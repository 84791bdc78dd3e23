// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: linux: /proc/locks of Linux

// The lines of /proc about locks, well formed and not.

#include <boost/test/unit_test.hpp>

#include <filelock/detail/linux/flock_holder.hpp>
#include <filelock/detail/linux/proc_locks.hpp>

#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

BOOST_AUTO_TEST_SUITE(linux_proc_locks)

namespace {

using namespace filelock::detail;
using filelock::lock_mode;

std::string words(std::uint64_t device) {
  return std::to_string(device >> 32) + ":" +
         std::to_string(device & most_of_32_bits);
}

std::string words(const std::optional<flock_entry>& entry) {
  if (!entry) return "none";
  return std::string(entry->mode == lock_mode::exclusive ? "exclusive"
                                                         : "shared") +
         " " + std::to_string(entry->process) + " " +
         words(entry->file.device) + ":" + std::to_string(entry->file.inode);
}

std::string read(std::string_view line) {
  return words(read_proc_locks_line(line));
}

} // namespace

BOOST_AUTO_TEST_CASE(a_lock_by_flock_is_read) {
  BOOST_TEST(read("1: FLOCK  ADVISORY  WRITE 31398 fe:00:10952719 0 EOF") ==
             "exclusive 31398 254:0:10952719");
  BOOST_TEST(read("12: FLOCK  ADVISORY  READ  7 08:1f:3 0 EOF") ==
             "shared 7 8:31:3");
  BOOST_TEST(read("1: FLOCK  ADVISORY  WRITE 1 103:fffff:"
                  "18446744073709551615 0 EOF") ==
             "exclusive 1 259:1048575:18446744073709551615");
}

BOOST_AUTO_TEST_CASE(a_waiter_is_no_holder) {
  BOOST_TEST(read("1: -> FLOCK  ADVISORY  WRITE 4711 fe:00:131 0 EOF") ==
             "none");
  BOOST_TEST(read("1:  -> FLOCK  ADVISORY  WRITE 4711 fe:00:131 0 EOF") ==
             "none");
}

BOOST_AUTO_TEST_CASE(other_kinds_of_lock_are_passed_over) {
  BOOST_TEST(read("1: POSIX  ADVISORY  WRITE 99 00:16:28457 0 EOF") == "none");
  BOOST_TEST(read("1: OFDLCK ADVISORY  WRITE -1 08:01:8713209 128 191") ==
             "none");
  BOOST_TEST(read("1: LEASE  ACTIVE    READ  99 08:01:87 0 EOF") == "none");
  BOOST_TEST(read("1: FLOCK  MSNFS     READ  99 08:01:87 0 EOF") == "none");
  BOOST_TEST(read("1: FLOCK  ADVISORY  UNLCK 99 08:01:87 0 EOF") == "none");
}

BOOST_AUTO_TEST_CASE(a_process_that_has_no_number_here_is_passed_over) {
  for (const char* process : {"0", "-1", "-4711", "", "x", "1x"})
    BOOST_TEST(read(std::string("1: FLOCK  ADVISORY  WRITE ") + process +
                    " fe:00:131 0 EOF") == "none");
}

BOOST_AUTO_TEST_CASE(a_broken_line_is_passed_over) {
  const std::string whole = "1: FLOCK  ADVISORY  WRITE 4711 fe:00:131 0 EOF";
  const std::size_t end_of_inode = whole.find(" 0 EOF");
  for (std::size_t length = 0; length != end_of_inode - 2; ++length)
    BOOST_TEST(read(whole.substr(0, length)) == "none");
  for (const char* line :
       {"", " ", "\n", ":", "1:", "FLOCK", "x: FLOCK ADVISORY WRITE 1 0:0:1",
        "1: FLOCK ADVISORY WRITE 4711 fe:00 0 EOF",
        "1: FLOCK ADVISORY WRITE 4711 fe:00:131x 0 EOF",
        "1: FLOCK ADVISORY WRITE 4711 gg:00:131 0 EOF",
        "1: FLOCK ADVISORY WRITE 4711 <none>:0 0 EOF",
        "1: FLOCK ADVISORY WRITE 4711 -1:00:131 0 EOF",
        "1: FLOCK ADVISORY WRITE 4711 100000000:00:131 0 EOF",
        "1: FLOCK ADVISORY WRITE 99999999999999999999 fe:00:131 0 EOF",
        "99999999999999999999: FLOCK ADVISORY WRITE 4711 fe:00:131 0 EOF"})
    BOOST_TEST(read(line) == "none");
}

BOOST_AUTO_TEST_CASE(the_lock_of_a_descriptor_is_read) {
  BOOST_TEST(words(read_fdinfo_lock(
                 "lock:\t1: FLOCK  ADVISORY  READ 42 fe:00:131 0 EOF")) ==
             "shared 42 254:0:131");
  BOOST_TEST(words(read_fdinfo_lock("lock:\t")) == "none");
  BOOST_TEST(words(read_fdinfo_lock(
                 "1: FLOCK  ADVISORY  READ 42 fe:00:131 0 EOF")) == "none");
}

BOOST_AUTO_TEST_CASE(the_numbers_of_a_descriptor_are_read) {
  const auto number = [](std::string_view line, std::string_view name) {
    const auto found = read_fdinfo_number(line, name);
    return found ? std::to_string(*found) : "none";
  };
  BOOST_TEST(number("mnt_id:\t27", "mnt_id:") == "27");
  BOOST_TEST(number("ino:\t10952719", "ino:") == "10952719");
  BOOST_TEST(number("ino:\t10952719", "mnt_id:") == "none");
  BOOST_TEST(number("mnt_id:", "mnt_id:") == "none");
  BOOST_TEST(number("mnt_id:\tx", "mnt_id:") == "none");
  BOOST_TEST(number("", "mnt_id:") == "none");
}

BOOST_AUTO_TEST_CASE(the_device_of_a_mount_is_read) {
  const auto device = [](std::string_view line) {
    const auto found = read_mountinfo_line(line, 27);
    return found ? words(*found) : "none";
  };
  BOOST_TEST(device("27 1 254:0 / / rw,relatime - ext4 /dev/vda rw") ==
             "254:0");
  BOOST_TEST(device("27 24 0:1048575 / /x rw - tmpfs t rw") == "0:1048575");
  BOOST_TEST(device("28 27 0:25 / /x rw - tmpfs t rw") == "none");
  BOOST_TEST(device("27 1 254 / / rw") == "none");
  BOOST_TEST(device("27 1 254:") == "none");
  BOOST_TEST(device("27") == "none");
  BOOST_TEST(device("") == "none");
}

// ---- Who holds, by several looks at the list ----

namespace {

using look = std::vector<std::string>;

/// \returns A line of this process, which lives.
std::string line_of_this_process(const std::string& mode) {
  return "1: FLOCK  ADVISORY  " + mode + " " + std::to_string(::getpid()) +
         " fe:00:131 0 EOF";
}

/// \returns Who keeps out whoever asks for an exclusive lock and has `own`;
/// zero for nobody.
filelock::process_id holder_after(const std::vector<look>& looks,
                                  const std::string& own) {
  std::size_t number = 0;
  const auto for_each_lock_line = [&](auto use) {
    if (number == looks.size()) return;
    for (const std::string& line : looks[number++])
      if (!use(line)) return;
  };
  const auto entry = read_proc_locks_line(own);
  const kernel_file file{device_number(0xfe, 0), 131};
  return holder_by_two_looks(for_each_lock_line, file, entry,
                             lock_mode::exclusive)
      .value_or(0);
}

} // namespace

BOOST_AUTO_TEST_CASE(an_own_lock_that_is_shown_twice_is_not_another_lock) {
  for (const char* mode : {"READ ", "WRITE"}) {
    const std::string own = line_of_this_process(mode);
    BOOST_TEST(holder_after({{own}}, own) == 0);
    BOOST_TEST(holder_after({{own, own}, {own}}, own) == 0);
  }
}

BOOST_AUTO_TEST_CASE(another_lock_that_looks_like_ones_own_is_named) {
  const std::string own = line_of_this_process("READ ");
  BOOST_TEST(holder_after({{own, own}, {own, own}}, own) == ::getpid());
  BOOST_TEST(holder_after({{own}}, "") == ::getpid()); // without a second look
}

BOOST_AUTO_TEST_CASE(another_process_is_believed_at_once) {
  const std::string own = line_of_this_process("READ ");
  const std::string parent = "1: FLOCK  ADVISORY  READ  " +
                             std::to_string(::getppid()) + " fe:00:131 0 EOF";
  BOOST_TEST(holder_after({{parent, own}}, own) == ::getppid());
  BOOST_TEST(holder_after({{own, own, parent}, {own, parent}}, own) ==
             ::getppid());
}

BOOST_AUTO_TEST_SUITE_END()
