// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: linux: robust mutexes
// LABELS: process

// The file of a robust_file_lock: how it is made, and which files are refused.

#include <boost/test/unit_test.hpp>

#include <filelock/detail/posix/local_memory.hpp>
#include <filelock/detail/posix/process_identity.hpp>
#include <filelock/detail/posix/robust_format.hpp>
#include <filelock/filelock.hpp>

#include "support/child_process.hpp"
#include "support/descriptors.hpp"
#include "support/other_user.hpp"
#include "support/robust_locks.hpp"
#include "support/skipped.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <sched.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <string>
#include <system_error>
#include <vector>

BOOST_AUTO_TEST_SUITE(posix_robust_files)

namespace {

namespace fs = std::filesystem;
using filelock::robust_file_lock;
using filelock::detail::boot_identity;
using filelock::detail::content_of;
using filelock::detail::robust_content;
using filelock::detail::robust_file_size;
using filelock::detail::robust_header;
using test::child_process;
using test::failure_in_child;
using test::line_channel;
using lock_file = test::robust_lock_file;

using sizes = std::initializer_list<std::size_t>;

constexpr std::size_t progress_at = offsetof(robust_header, progress);
constexpr std::size_t boot_at = offsetof(robust_header, boot);

/// \returns The content of a file that was made here and is free.
std::string made_content() {
  const lock_file file;
  robust_file_lock{file.path}.open();
  return file.content();
}

/// \returns The content with other bytes at `offset`.
std::string with(std::string content, std::size_t offset,
                 const std::string& bytes) {
  return content.replace(offset, bytes.size(), bytes);
}

std::string unfinished(const std::string& made) {
  return with(made, progress_at, std::string(4, '\0'));
}

boot_identity this_boot() {
  std::error_code ec;
  return filelock::detail::this_boot(ec);
}

robust_content kind_of(const std::string& bytes) {
  return content_of(bytes.data(),
                    (std::min)(bytes.size(), sizeof(robust_header)),
                    bytes.size(), this_boot());
}

/// Checks that the lock is refused with `expected`, and nothing changes.
void check_that_it_is_refused(const std::string& path, std::errc expected) {
  const int descriptors = test::count_descriptors();
  robust_file_lock lock{path};
  std::error_code ec;
  lock.open(ec);
  BOOST_TEST((ec == expected), ec.message());
  BOOST_TEST(!lock.try_lock(ec));
  BOOST_TEST((ec == expected), ec.message());
  lock.lock(ec);
  BOOST_TEST((ec == expected), ec.message());
  BOOST_TEST(!lock.try_lock_for(std::chrono::hours(1), ec));
  BOOST_TEST((ec == expected), ec.message());
  BOOST_TEST(!lock.is_open());
  BOOST_TEST(!lock.owns_lock());
  BOOST_TEST(test::count_descriptors() == descriptors);
  try {
    lock.lock();
    BOOST_TEST(false);
  } catch (const fs::filesystem_error& error) {
    BOOST_TEST(error.path1() == path);
    BOOST_TEST((error.code() == expected));
  }
}

} // namespace

// ---- What a file is ----

BOOST_AUTO_TEST_CASE(the_format_is_as_documented) {
  const std::string made = made_content();
  BOOST_TEST(made.size() == 128u);
  BOOST_TEST(made.substr(0, 16) == "filelock robust\n");
  BOOST_TEST(made.substr(16, 4) == std::string("\1\0\0\0", 4)); // version
  BOOST_TEST(made[20] == static_cast<char>(sizeof(void*)));
  BOOST_TEST(made[21] == static_cast<char>(sizeof(::pthread_mutex_t)));
  BOOST_TEST(made[23] == '\0');
  BOOST_TEST(made.substr(24, 4) == std::string("\1\0\0\0", 4)); // ready
  BOOST_TEST(made.substr(28, 4) == std::string(4, '\0'));
  std::string boot_id;
  std::ifstream("/proc/sys/kernel/random/boot_id") >> boot_id;
  std::string hexadecimal;
  for (const char byte : made.substr(32, 16))
    for (const int shift : {4, 0})
      hexadecimal += "0123456789abcdef"[(byte >> shift) & 15];
  for (const std::size_t at : sizes{8, 13, 18, 23})
    hexadecimal.insert(at, "-");
  BOOST_TEST(hexadecimal == boot_id);
}

BOOST_AUTO_TEST_CASE(the_first_bytes_say_what_a_file_is) {
  const std::string made = made_content();
  const std::string begun = unfinished(made);
  BOOST_TEST((kind_of("") == robust_content::empty));
  BOOST_TEST((kind_of(made) == robust_content::ready));
  BOOST_TEST((kind_of(begun) == robust_content::unfinished));
  const std::string header = with(begun, boot_at, std::string(32, '\0'));
  for (std::size_t size = 16; size != 65; ++size)
    BOOST_TEST((kind_of(header.substr(0, size)) == robust_content::unfinished));
  for (std::size_t size = 1; size != 16; ++size)
    BOOST_TEST((kind_of(header.substr(0, size)) == robust_content::foreign));
  BOOST_TEST(
      (kind_of(with(made, boot_at, "another boot")) == robust_content::left));
  for (const std::size_t each : sizes{16, 17, 20, 21, 22, 23})
    BOOST_TEST(
        (kind_of(with(made, each, "\77")) == robust_content::incompatible));
  for (const std::size_t each : sizes{0, 15, 24, 27})
    BOOST_TEST((kind_of(with(made, each, "\77")) == robust_content::foreign));
  for (const char* const text : {"a", "0", "a text\n", "filelock", "\0"})
    BOOST_TEST((kind_of(text) == robust_content::foreign ||
                kind_of(text) == robust_content::empty));
  BOOST_TEST((kind_of(std::string(128, '\0')) == robust_content::foreign));
  BOOST_TEST((kind_of(made + "x") == robust_content::foreign));
  BOOST_TEST((kind_of(made.substr(0, 127)) == robust_content::foreign));
  BOOST_TEST((kind_of(made.substr(0, 64)) == robust_content::foreign));
}

BOOST_AUTO_TEST_CASE(a_boot_identity_is_read_from_its_text) {
  using filelock::detail::boot_identity_of;
  const std::string text = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";
  const auto read = [](const std::string& from) {
    return boot_identity_of(from.data(), from.size());
  };
  BOOST_TEST(read(text).is_known());
  BOOST_TEST(read(text).bytes[0] == '\x3f');
  BOOST_TEST(read(text).bytes[15] == '\x01');
  BOOST_TEST((read(text) != read("3f2504e0-4f89-41d3-9a0c-0305e82c3302")));
  BOOST_TEST(!read("").is_known());
  BOOST_TEST(!read(text.substr(1)).is_known());
  BOOST_TEST(!read("3f2504e0-4f89-41d3-9a0c-0305e82c330x").is_known());
  BOOST_TEST(this_boot().is_known());
}

BOOST_AUTO_TEST_CASE(file_systems_that_other_machines_mount_are_refused) {
  using filelock::detail::is_local_memory;
  for (const std::uint32_t each : std::initializer_list<std::uint32_t>{
           EXT4_SUPER_MAGIC, TMPFS_MAGIC, OVERLAYFS_SUPER_MAGIC,
           BTRFS_SUPER_MAGIC, XFS_SUPER_MAGIC, F2FS_SUPER_MAGIC, RAMFS_MAGIC})
    BOOST_TEST(is_local_memory(each), each);
  constexpr std::uint32_t smb = 0xFF534D42, smb2 = 0xFE534D42, afs = 0x6B414653,
                          lustre = 0x0BD00BD0, gfs2 = 0x01161970,
                          ocfs2 = 0x7461636F;
  for (const std::uint32_t each :
       {static_cast<std::uint32_t>(NFS_SUPER_MAGIC),
        static_cast<std::uint32_t>(V9FS_MAGIC),
        static_cast<std::uint32_t>(FUSE_SUPER_MAGIC),
        static_cast<std::uint32_t>(CEPH_SUPER_MAGIC),
        static_cast<std::uint32_t>(CODA_SUPER_MAGIC), smb, smb2, afs, lustre,
        gfs2, ocfs2, std::uint32_t{0}})
    BOOST_TEST(!is_local_memory(each), each);
}

BOOST_AUTO_TEST_CASE(a_file_system_without_mapped_memory_is_refused) {
  using filelock::detail::maps_local_memory;
  const int file = ::open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
  BOOST_TEST(!maps_local_memory(file));
  ::close(file);
  BOOST_TEST(!maps_local_memory(-1));
}

// ---- Files that are made ----

BOOST_FIXTURE_TEST_CASE(an_empty_file_is_made, lock_file) {
  write("");
  robust_file_lock lock{path};
  BOOST_TEST(lock.try_lock());
  BOOST_TEST(!lock.previous_owner_died());
  BOOST_TEST((kind_of(content()) == robust_content::ready));
}

BOOST_FIXTURE_TEST_CASE(a_file_whose_maker_was_killed_is_finished, lock_file) {
  const std::string begun = unfinished(made_content());
  std::vector<std::string> states;
  const std::string header = with(begun, boot_at, std::string(32, '\0'));
  for (const std::size_t size : sizes{16, 17, 40, 64}) // it wrote so much
    states.push_back(header.substr(0, size));
  states.push_back(header.substr(0, 64) + std::string(64, '\0')); // room
  states.push_back(begun);                                        // a mutex
  states.push_back(with(begun, 64, std::string(64, '\77')));      // half of one
  for (const std::string& each : states) {
    write(each);
    robust_file_lock lock{path};
    BOOST_TEST(lock.try_lock());
    BOOST_TEST(!lock.previous_owner_died());
    lock.unlock();
    BOOST_TEST((kind_of(content()) == robust_content::ready));
    BOOST_TEST(is_free());
  }
}

BOOST_FIXTURE_TEST_CASE(makers_that_are_killed_leave_no_broken_file,
                        lock_file) {
  for (int i = 0; i != 200; ++i) {
    fs::remove(path);
    child_process maker =
        child_process::forked([&](line_channel& test) -> std::string {
          test.write_line("begins");
          robust_file_lock lock{path};
          lock.open();
          return "";
        });
    BOOST_TEST(maker.read_line() == "begins");
    const auto end =
        std::chrono::steady_clock::now() + std::chrono::microseconds(2 * i);
    while (std::chrono::steady_clock::now() < end) {
    }
    maker.kill_and_wait();
    robust_file_lock lock{path};
    BOOST_TEST(lock.try_lock());
  }
}

BOOST_FIXTURE_TEST_CASE(processes_that_make_one_file_share_one_lock,
                        lock_file) {
  for (int round = 0; round != 100; ++round) {
    fs::remove(path);
    std::ofstream(folder / "counter") << 0;
    std::vector<child_process> processes;
    for (int i = 0; i != 4; ++i)
      processes.push_back(
          child_process::forked([&](line_channel& test) -> std::string {
            robust_file_lock lock{path};
            test.write_line("ready");
            test.read_line();
            for (int j = 0; j != 25; ++j) {
              lock.lock();
              int count = 0;
              std::ifstream(folder / "counter") >> count;
              std::ofstream(folder / "counter") << count + 1;
              lock.unlock();
            }
            return "";
          }));
    for (child_process& each : processes)
      BOOST_TEST(each.read_line() == "ready");
    for (child_process& each : processes)
      each.write_line("go");
    for (child_process& each : processes)
      BOOST_TEST(each.failure() == "");
    int count = 0;
    std::ifstream(folder / "counter") >> count;
    BOOST_TEST(count == 100);
  }
}

BOOST_FIXTURE_TEST_CASE(a_process_that_makes_the_file_is_waited_for,
                        lock_file) {
  write("");
  const int maker = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  BOOST_TEST(::flock(maker, LOCK_EX) == 0);
  robust_file_lock lock{path};
  std::error_code ec;
  BOOST_TEST(!lock.try_lock(ec));
  BOOST_TEST(!ec); // busy
  BOOST_TEST(!lock.try_lock_for(std::chrono::milliseconds(1), ec));
  BOOST_TEST(!ec);
  BOOST_TEST(content() == "");
  child_process waiter = test::robust_owner(path);
  BOOST_TEST(!waiter.has_line());
  BOOST_TEST(::flock(maker, LOCK_UN) == 0);
  BOOST_TEST(waiter.read_line() == "locked");
  ::close(maker);
}

BOOST_FIXTURE_TEST_CASE(a_flock_of_a_made_file_delays_nobody, lock_file) {
  robust_file_lock{path}.open();
  filelock::file_lock stranger{path};
  stranger.lock();
  robust_file_lock lock{path};
  BOOST_TEST(lock.try_lock());
}

#if defined(__GLIBC__) // of other mutexes it is not known whether one was held
BOOST_FIXTURE_TEST_CASE(a_file_from_before_the_start_of_the_machine_is_free,
                        lock_file) {
  std::string held;
  {
    robust_file_lock lock{path};
    lock.lock();
    held = with(content(), boot_at, "the boot before.");
  }
  const std::string free = with(content(), boot_at, "the boot before.");
  const auto is_told = [&](const std::string& left) {
    write(left);
    robust_file_lock lock{path};
    BOOST_TEST(lock.try_lock());
    return lock.previous_owner_died();
  };
  BOOST_TEST(!is_told(free));
  BOOST_TEST(is_told(held)); // its owner stopped with the machine
  BOOST_TEST(!is_told(free));
  // The death is told to the next owner, though others only opened the file.
  write(held);
  robust_file_lock{path}.open();
  robust_file_lock{path}.open();
  BOOST_TEST(test::die_with_robust_lock(path) == "told");
  BOOST_TEST(test::die_with_robust_lock(path) == "told");
  robust_file_lock lock{path};
  lock.lock();
  lock.unlock();
  lock.lock();
  BOOST_TEST(!lock.previous_owner_died());
}

BOOST_FIXTURE_TEST_CASE(a_file_that_is_left_twice_before_an_acquire_still_tells,
                        lock_file) {
  std::string held;
  {
    robust_file_lock lock{path};
    lock.lock();
    held = content();
  }
  write(with(held, boot_at, "the boot before."));
  robust_file_lock{path}.open();
  write(with(content(), boot_at, "the boot between"));
  robust_file_lock next{path};
  BOOST_TEST(next.try_lock());
  BOOST_TEST(next.previous_owner_died());
}
#endif

// In a container, /proc/sys/kernel/random/boot_id may be another file.
BOOST_FIXTURE_TEST_CASE(a_file_in_use_under_another_boot_id_is_shared,
                        lock_file) {
  robust_file_lock owner{path};
  owner.lock();
  write(with(content(), boot_at, "another boot id."));
  robust_file_lock other{path};
  BOOST_TEST(!other.try_lock());
  owner.unlock();
  BOOST_TEST(other.try_lock());
  BOOST_TEST(!other.previous_owner_died());
  BOOST_TEST(!owner.try_lock());
  other.unlock();
  // Once nobody uses it, it counts as one from before the start.
  owner.close();
  other.close();
  BOOST_TEST(other.try_lock());
}

BOOST_FIXTURE_TEST_CASE(a_file_in_use_with_a_damaged_header_is_not_made_again,
                        lock_file) {
  robust_file_lock owner{path};
  owner.lock();
  write(with(content(), progress_at, std::string(4, '\0')));
  robust_file_lock other{path};
  std::error_code ec;
  other.open(ec);
  BOOST_TEST((ec == std::errc::resource_unavailable_try_again));
  BOOST_TEST(!other.try_lock(ec));
  owner.close();
  BOOST_TEST(other.try_lock());
}

// ---- Files that are refused ----

BOOST_FIXTURE_TEST_CASE(a_file_with_other_content_is_refused_and_kept,
                        lock_file) {
  const std::string made = made_content();
  for (const std::string& other :
       {std::string("x"), std::string("0"), std::string("1234\n"),
        std::string("filelock"), std::string(128, '\0'), std::string(64, 'x'),
        made + "x", made.substr(0, 100), with(made, 0, "x"),
        with(made, progress_at, "\2"), std::string(100'000, 'x')}) {
    write(other);
    check_that_it_is_refused(path, std::errc::invalid_argument);
    BOOST_TEST((content() == other));
  }
}

#if defined(__GLIBC__) // whose kind is known
BOOST_FIXTURE_TEST_CASE(a_mutex_of_another_kind_is_refused_and_kept,
                        lock_file) {
  const std::string made = made_content();
  for (const std::size_t each : sizes{80, 81, 83}) { // its kind, in glibc
    const std::string damaged = with(made, each, "\5");
    write(damaged);
    check_that_it_is_refused(path, std::errc::invalid_argument);
    BOOST_TEST((content() == damaged));
  }
}
#endif

BOOST_FIXTURE_TEST_CASE(a_file_of_another_version_or_abi_is_not_supported,
                        lock_file) {
  const std::string made = made_content();
  for (const std::size_t each : sizes{16, 20, 21, 22, 23}) {
    const std::string other = with(made, each, "\5");
    write(other);
    check_that_it_is_refused(path, std::errc::not_supported);
    BOOST_TEST((content() == other));
  }
}

BOOST_FIXTURE_TEST_CASE(a_file_of_marked_is_refused_and_the_other_way,
                        lock_file) {
  using marked_lock =
      filelock::basic_file_lock<filelock::marked<filelock::native_traits>>;
  marked_lock marked{path};
  marked.lock();
  marked.unlock();
  check_that_it_is_refused(path, std::errc::invalid_argument);
  BOOST_TEST(content() == "0");
  fs::remove(path);
  robust_file_lock{path}.open();
  std::error_code ec;
  BOOST_TEST(!marked.try_lock(ec));
  BOOST_TEST((ec == std::errc::invalid_argument));
  BOOST_TEST(is_free());
}

BOOST_FIXTURE_TEST_CASE(a_refusal_says_what_the_file_is_not, lock_file) {
  write("a text");
  try {
    robust_file_lock{path}.lock();
    BOOST_TEST(false);
  } catch (const fs::filesystem_error& error) {
    BOOST_TEST(std::string(error.what()).find("not a lock file of this") !=
               std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(a_file_of_an_unknown_file_system_is_not_supported) {
  check_that_it_is_refused("/proc/self/comm", std::errc::not_supported);
}

BOOST_FIXTURE_TEST_CASE(a_lack_of_descriptors_is_named, lock_file) {
  child_process child =
      child_process::forked([&](line_channel&) -> std::string {
        robust_file_lock{path}.open();
        const int next = ::dup(0);
        ::close(next);
        // One is left: for the lock file.
        const ::rlimit limit{static_cast<::rlim_t>(next) + 1,
                             static_cast<::rlim_t>(next) + 1};
        ::setrlimit(RLIMIT_NOFILE, &limit);
        std::error_code ec;
        robust_file_lock{path}.open(ec);
        return ec == std::errc::too_many_files_open ? "" : ec.message();
      });
  BOOST_TEST(child.failure() == "");
}

BOOST_FIXTURE_TEST_CASE(a_folder_is_not_supported, lock_file) {
  filelock::open_options options;
  options.directory = true;
  robust_file_lock lock{folder.path(), options};
  std::error_code ec;
  BOOST_TEST(!lock.try_lock(ec));
  BOOST_TEST((ec == std::errc::not_supported));
}

BOOST_FIXTURE_TEST_CASE(a_file_that_may_only_be_read_is_refused, lock_file) {
  if (!test::can_give_up_root("read-only")) return;
  robust_file_lock{path}.open();
  fs::permissions(path, fs::perms(0444));
  fs::permissions(folder.path(), fs::perms(0755));
  const std::string before = content();
  const auto refusal = [&]() -> std::string {
    if (!test::give_up_root()) return "is still root";
    robust_file_lock lock{path};
    std::error_code ec;
    if (lock.try_lock(ec)) return "locked";
    if (ec != std::errc::permission_denied) return ec.message();
    return test::count_descriptors_of(path.c_str()) == 0 ? "" : "left open";
  };
  BOOST_TEST(failure_in_child(refusal) == "");
  fs::permissions(path, fs::perms(0));
  BOOST_TEST(failure_in_child(refusal) == "");
  fs::permissions(path, fs::perms(0644));
  BOOST_TEST((content() == before));
  BOOST_TEST(is_free());
}

BOOST_FIXTURE_TEST_CASE(a_limit_of_the_size_of_files_is_an_error, lock_file) {
  for (const unsigned limit : {0u, 10u, 16u, 64u, 100u}) {
    const auto tries = [&]() -> std::string {
      ::signal(SIGXFSZ, SIG_IGN);
      const ::rlimit size{limit, limit};
      ::setrlimit(RLIMIT_FSIZE, &size);
      robust_file_lock lock{path};
      std::error_code ec;
      if (lock.try_lock(ec)) return "locked";
      if (ec != std::errc::file_too_large &&
          ec != std::errc::no_space_on_device)
        return ec.message();
      return test::count_descriptors_of(path.c_str()) == 0 ? "" : "left open";
    };
    fs::remove(path);
    BOOST_TEST(failure_in_child(tries) == "");
    BOOST_TEST(content() == "");
    BOOST_TEST(is_free()); // the next process makes it
    // A file that is made needs no more room.
    BOOST_TEST(failure_in_child(tries) == "locked\n");
  }
}

BOOST_FIXTURE_TEST_CASE(a_full_disk_is_an_error_and_not_a_signal, lock_file) {
  const std::string mounted = folder / "disk";
  fs::create_directory(mounted);
  const std::string failed = failure_in_child([&]() -> std::string {
    if (::unshare(CLONE_NEWNS) != 0 ||
        ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::mount("none", mounted.c_str(), "tmpfs", 0, "size=8k") != 0)
      return "not allowed";
    {
      std::ofstream other(mounted + "/other", std::ios::binary);
      other << std::string(8192, 'x') << std::flush;
    }
    std::string wrong;
    robust_file_lock lock{mounted + "/a.lock"};
    std::error_code ec;
    if (lock.try_lock(ec)) wrong += "locked; ";
    if (ec != std::errc::no_space_on_device) wrong += ec.message() + "; ";
    if (lock.is_open()) wrong += "open; ";
    if (fs::file_size(lock.path()) != 0) wrong += "not empty; ";
    fs::remove(mounted + "/other");
    if (!lock.try_lock(ec)) wrong += "not locked with room: " + ec.message();
    return wrong;
  });
  if (failed == "not allowed\n")
    test::skipped("full disk", "this user may not mount a file system");
  else
    BOOST_TEST(failed == "");
}

// ---- What cannot be prevented ----

BOOST_FIXTURE_TEST_CASE(a_stranger_that_truncates_the_file_ends_the_owner,
                        lock_file) {
  child_process owner =
      child_process::forked([&](line_channel& test) -> std::string {
        robust_file_lock lock{path};
        lock.lock();
        test.write_line("locked");
        test.read_line();
        lock.unlock();
        return "";
      });
  BOOST_TEST(owner.read_line() == "locked");
  BOOST_TEST(::truncate(path.c_str(), 0) == 0);
  owner.write_line("go on");
  BOOST_TEST(owner.wait() == -SIGBUS); // as the manual says
  BOOST_TEST(is_free());               // the file is made again
}

BOOST_AUTO_TEST_SUITE_END()
