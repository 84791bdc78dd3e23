// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: forks, file modes and limits of POSIX
// LABELS: process

// write_owner and read_owner between processes, and where the system refuses.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/child_process.hpp"
#include "support/descriptors.hpp"
#include "support/posix_models.hpp"
#include "support/skipped.hpp"
#include "support/temporary_folder.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <system_error>

BOOST_AUTO_TEST_SUITE(posix_owner_record)

namespace {

namespace fs = std::filesystem;
using filelock::file_lock;
using filelock::foreign_content;
using filelock::owner_record;
using filelock::read_owner;
using filelock::write_owner;
using test::child_process;
using test::line_channel;

struct lock_file {
  test::temporary_folder folder;
  std::string path = folder / "a.lock";
};

/// \returns "none" where there is no record.
std::string text_of(const std::optional<owner_record>& found) {
  return found ? found->text : "none";
}

template <class Lock>
std::error_code write_error(const Lock& lock) {
  std::error_code ec;
  write_owner(lock, {}, foreign_content::refuse, ec);
  return ec;
}

/// Counts the calls that are for the record; each makes one system call.
struct counted_bytes : filelock::posix_flock_traits {
  static inline int reads = 0;
  static inline int writes = 0;
  static inline int resizes = 0;

  static std::size_t read_bytes(int handle, std::uint64_t offset, char* bytes,
                                std::size_t size,
                                std::error_code& ec) noexcept {
    ++reads;
    return posix_file::read_bytes(handle, offset, bytes, size, ec);
  }
  static void write_bytes(int handle, std::uint64_t offset, const char* bytes,
                          std::size_t size, std::error_code& ec) noexcept {
    ++writes;
    posix_file::write_bytes(handle, offset, bytes, size, ec);
  }
  static void resize(int handle, std::uint64_t size,
                     std::error_code& ec) noexcept {
    ++resizes;
    posix_file::resize(handle, size, ec);
  }
};

} // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(an_owner_is_read_by_another_process, Lock,
                              test::all_locks) {
  const lock_file file;
  child_process owner =
      child_process::forked([&](line_channel& parent) -> std::string {
        Lock lock{file.path};
        lock.lock();
        write_owner(lock, {"works"});
        parent.write_line("locked");
        parent.read_line();
        return "";
      });
  BOOST_TEST(owner.read_line() == "locked");
  Lock lock{file.path};
  lock.open(); // of a process, a closed lock would not open it for a moment
  BOOST_TEST(!lock.try_lock());
  const std::optional<owner_record> found = read_owner(lock);
  BOOST_TEST_REQUIRE(found.has_value());
  BOOST_TEST(found->process == owner.id());
  BOOST_TEST(found->text == "works");
  owner.write_line("end");
  BOOST_TEST(owner.failure() == "");
}

// holder() names the process that took the lock, or nobody: it has ended.
BOOST_FIXTURE_TEST_CASE(a_daemon_that_was_forked_twice_is_named, lock_file) {
  child_process starter =
      child_process::forked([&](line_channel& parent) -> std::string {
        file_lock lock{path};
        lock.lock();
        const int handle = lock.release();
        for (int generation = 0; generation != 2; ++generation) {
          const ::pid_t child = ::fork();
          if (child != 0) ::_exit(child > 0 ? 0 : 1);
          if (generation == 0) ::setsid();
        }
        ::alarm(300);
        file_lock own{filelock::adopt_handle, handle,
                      filelock::lock_mode::exclusive};
        write_owner(own, {"daemon"});
        parent.write_line(std::to_string(::getpid()));
        parent.read_line();
        ::_exit(0);
      });
  const std::string daemon = starter.read_line();
  BOOST_TEST(starter.wait() == 0);
  file_lock lock{path};
  BOOST_TEST(!lock.try_lock());
  const std::optional<owner_record> found = read_owner(lock);
  BOOST_TEST_REQUIRE(found.has_value());
  BOOST_TEST(std::to_string(found->process) == daemon);
  const std::optional<filelock::process_id> kernels = lock.holder();
  BOOST_TEST((!kernels || std::to_string(*kernels) != daemon ||
              *kernels == found->process));
  starter.write_line("end");
  lock.lock(); // the daemon has ended
}

BOOST_FIXTURE_TEST_CASE(a_forked_child_does_not_write_for_its_parent,
                        lock_file) {
  file_lock lock{path};
  lock.lock();
  write_owner(lock, {"parent"});
  BOOST_TEST(test::failure_in_child([&]() -> std::string {
               return write_error(lock) == std::errc::operation_not_permitted
                          ? ""
                          : "written";
             }) == "");
  BOOST_TEST(text_of(read_owner(path)) == "parent");
}

// fcntl(2): a process that closes any descriptor of a file loses its locks.
BOOST_FIXTURE_TEST_CASE(a_lock_of_the_process_is_not_lost, lock_file) {
  test::fcntl_lock lock{path};
  lock.lock();
  write_owner(lock, {"mine"});
  BOOST_TEST(text_of(read_owner(lock)) == "mine");
  const test::fcntl_lock closed{path};
  BOOST_TEST(!read_owner(closed));
  filelock::clear_owner(lock);
  BOOST_TEST(test::lock_child_of<test::fcntl_lock>({path, "try"}).read_line() ==
             "busy");
}

BOOST_FIXTURE_TEST_CASE(a_record_takes_two_system_calls, lock_file) {
  filelock::basic_file_lock<counted_bytes> lock{path};
  lock.lock();
  write_owner(lock);
  BOOST_TEST(counted_bytes::reads == 1);
  BOOST_TEST(counted_bytes::writes == 1);
  BOOST_TEST(counted_bytes::resizes == 0);
  filelock::clear_owner(lock);
  BOOST_TEST(counted_bytes::reads == 2);
  BOOST_TEST(counted_bytes::writes == 1);
  BOOST_TEST(counted_bytes::resizes == 1);
}

BOOST_FIXTURE_TEST_CASE(no_descriptor_is_left_open, lock_file) {
  file_lock lock{path};
  lock.lock();
  write_owner(lock);
  const int before = test::count_descriptors();
  BOOST_TEST(read_owner(path).has_value());
  BOOST_TEST(read_owner(file_lock{path}).has_value());
  BOOST_TEST(!read_owner(fs::path("/dev/null")));
  BOOST_TEST(test::count_descriptors() == before);
}

BOOST_FIXTURE_TEST_CASE(a_fifo_is_no_record_and_does_not_block, lock_file) {
  BOOST_TEST_REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  BOOST_TEST(!read_owner(path));
}

BOOST_FIXTURE_TEST_CASE(a_record_is_read_through_a_symbolic_link, lock_file) {
  file_lock lock{path};
  lock.lock();
  write_owner(lock, {"target"});
  const fs::path link = folder / "link";
  fs::create_symlink(path, link);
  BOOST_TEST(text_of(read_owner(link)) == "target");
}

BOOST_FIXTURE_TEST_CASE(a_file_that_may_only_be_read_is_an_error, lock_file) {
  file_lock{path}.open(); // creates it
  const int handle = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  file_lock lock(filelock::adopt_handle, handle, filelock::lock_mode::unlocked);
  lock.lock();
  BOOST_TEST((write_error(lock) == std::errc::permission_denied));
  BOOST_TEST(lock.owns_lock());
  BOOST_TEST(fs::file_size(path) == 0u);
}

BOOST_FIXTURE_TEST_CASE(a_lost_descriptor_is_an_error, lock_file) {
  file_lock lock{path};
  lock.lock();
  const int handle = lock.native_handle();
  const int kept = ::fcntl(handle, F_DUPFD_CLOEXEC, 3);
  ::close(handle);
  BOOST_TEST((write_error(lock) == std::errc::bad_file_descriptor));
  ::dup2(kept, handle); // is closed by the lock
  ::close(kept);
}

BOOST_FIXTURE_TEST_CASE(a_folder_has_no_record, lock_file) {
  filelock::open_options options;
  options.directory = true;
  file_lock lock{folder.path(), options};
  lock.lock();
  BOOST_TEST((write_error(lock) == std::errc::is_a_directory));
  BOOST_TEST(!read_owner(lock));
}

BOOST_FIXTURE_TEST_CASE(a_disk_without_room_is_an_error_and_leaves_no_part,
                        lock_file) {
  BOOST_TEST(test::failure_in_child([&]() -> std::string {
               ::signal(SIGXFSZ, SIG_IGN);
               const ::rlimit little{100, 100}; // of the size of a file
               ::setrlimit(RLIMIT_FSIZE, &little);
               file_lock lock{path};
               lock.lock();
               const std::error_code ec = write_error(lock);
               if (ec != std::errc::file_too_large) return ec.message();
               if (fs::file_size(path) != 0) return "a part is left";
               return lock.owns_lock() ? "" : "not held";
             }) == "");
  file_lock next{path};
  next.lock();
  BOOST_TEST(!write_error(next));
}

BOOST_AUTO_TEST_CASE(a_full_file_system_is_an_error) {
  const int full = ::open("/dev/full", O_RDWR | O_CLOEXEC);
  if (full < 0) return test::skipped("a_full_file_system", "no /dev/full");
  // It reads as zeros without an end, so as a record that was lost.
  std::error_code ec;
  const char byte = 'x';
  filelock::posix_file::write_bytes(full, 0, &byte, 1, ec);
  BOOST_TEST((ec == std::errc::no_space_on_device));
  ::close(full);
}

// The owner changes its record as fast as it can: a reader sees one of the
// records or, while they are written, nothing; never a mixture.
BOOST_FIXTURE_TEST_CASE(a_reader_sees_no_mixture_of_two_records, lock_file) {
  child_process owner =
      child_process::forked([&](line_channel& parent) -> std::string {
        file_lock lock{path};
        lock.lock();
        const owner_record first{std::string(200, 'a'), 1111111111};
        const owner_record second{"", 2};
        write_owner(lock, first);
        parent.write_line("written");
        for (;;) {
          write_owner(lock, second);
          write_owner(lock, first);
        }
      });
  BOOST_TEST(owner.read_line() == "written");
  file_lock lock{path};
  BOOST_TEST(!lock.try_lock());
  int seen = 0;
  for (int i = 0; i != 20000; ++i) {
    const std::optional<owner_record> found = read_owner(lock);
    if (!found) continue;
    ++seen;
    const bool is_first =
        found->process == 1111111111 && found->text == std::string(200, 'a');
    const bool is_second = found->process == 2 && found->text.empty();
    if (!is_first && !is_second) BOOST_TEST_ERROR("mixed: " << found->text);
  }
  BOOST_TEST(seen > 0);
  owner.kill_and_wait();
}

BOOST_AUTO_TEST_SUITE_END()
