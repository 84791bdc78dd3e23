// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: FIFOs, terminals and leases of POSIX
// LABELS: process
// TIMEOUT: 120

// What opening a file may do besides: wait for another process, or make a
// terminal the process's own.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/child_process.hpp"
#include "support/descriptors.hpp"
#include "support/skipped.hpp"
#include "support/temporary_folder.hpp"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

BOOST_AUTO_TEST_SUITE(posix_opening_flags)

namespace {

using filelock::file_lock;
using test::child_process;
using test::line_channel;

std::error_code error_of_open(const std::string& path) {
  file_lock lock{path};
  std::error_code ec;
  lock.open(ec);
  return ec;
}

} // namespace

// The system lets an open() wait until the other process gives its lease up,
// or for /proc/sys/fs/lease-break-time.
BOOST_AUTO_TEST_CASE(a_file_under_a_lease_is_an_error_at_once) {
#if defined(F_SETLEASE)
  const test::temporary_folder folder;
  const std::string path = folder / "a.lock";
  child_process owner =
      child_process::forked([&](line_channel& parent) -> std::string {
        ::signal(SIGIO, SIG_IGN); // by which the system asks for the lease
        const int file = ::open(path.c_str(), O_RDWR | O_CREAT, 0600);
        const bool has_lease = ::fcntl(file, F_SETLEASE, F_WRLCK) == 0;
        parent.write_line(has_lease ? "lease" : "none");
        parent.read_line();
        ::fcntl(file, F_SETLEASE, F_UNLCK);
        parent.write_line("given up");
        parent.read_line();
        return "";
      });
  if (owner.read_line() != "lease")
    return test::skipped("a file under a lease",
                         "the file system or this user has no leases");
  const int descriptors = test::count_descriptors();
  BOOST_TEST((error_of_open(path) == std::errc::operation_would_block));
  BOOST_TEST(test::count_descriptors() == descriptors);
  BOOST_TEST(owner.ask("give up") == "given up");
  BOOST_TEST(!error_of_open(path));
#else
  test::skipped("a file under a lease", "this system has no leases");
#endif
}

BOOST_AUTO_TEST_CASE(a_terminal_is_refused_and_does_not_become_the_childs) {
  child_process child =
      child_process::forked([](line_channel& parent) -> std::string {
        if (::setsid() < 0) return "setsid";
        const int master = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
        const char* const slave =
            master >= 0 && ::grantpt(master) == 0 && ::unlockpt(master) == 0
                ? ::ptsname(master)
                : nullptr;
        if (!slave) {
          parent.write_line("no terminals");
          return "";
        }
        const std::error_code ec = error_of_open(slave);
        if (ec != std::errc::invalid_argument)
          return "not refused: " + ec.message();
        if (::open("/dev/tty", O_RDWR | O_CLOEXEC) >= 0)
          return "has a terminal";
        if (errno != ENXIO) {
          parent.write_line("no /dev/tty");
          return "";
        }
        parent.write_line("refused");
        return "";
      });
  const std::string said = child.read_line();
  if (said == "no terminals" || said == "no /dev/tty")
    return test::skipped("a terminal as the path", said.c_str());
  BOOST_TEST(said == "refused");
  BOOST_TEST(child.failure() == "");
}

namespace {

/// A terminal of the test's own; its name is empty where there are none.
class terminal {
public:
  terminal() : master_(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) {
    if (master_ >= 0 && ::grantpt(master_) == 0 && ::unlockpt(master_) == 0)
      if (const char* const name = ::ptsname(master_)) name_ = name;
  }
  ~terminal() {
    if (master_ >= 0) ::close(master_);
  }
  terminal(const terminal&) = delete;
  terminal& operator=(const terminal&) = delete;

  const std::string& name() const { return name_; }

private:
  int master_;
  std::string name_;
};

filelock::open_options of_device() {
  filelock::open_options options;
  options.device = true;
  options.read_only = true;
  return options;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_device_is_locked_by_option) {
  const terminal device;
  if (device.name().empty())
    return test::skipped("a device", "no terminals here");
  file_lock lock{device.name(), of_device()};
  file_lock other{device.name(), of_device()};
  BOOST_TEST(lock.try_lock());
  BOOST_TEST(!other.try_lock());
  BOOST_TEST(lock.still_valid());
  lock.unlock();
  BOOST_TEST(other.try_lock_shared());
  BOOST_TEST((error_of_open(device.name()) == std::errc::invalid_argument));
}

BOOST_AUTO_TEST_CASE(nothing_but_a_device_is_locked_as_one) {
  const test::temporary_folder folder;
  const auto error = [](const std::filesystem::path& path,
                        const filelock::open_options& options) {
    file_lock lock{path, options};
    std::error_code ec;
    lock.open(ec);
    return ec;
  };
  const std::filesystem::path missing = folder / "a";
  BOOST_TEST((error(missing / "b", of_device()) ==
              std::errc::no_such_file_or_directory));
  BOOST_TEST(
      (error(missing, of_device()) == std::errc::no_such_file_or_directory));
  BOOST_TEST(!std::filesystem::exists(missing));
  const std::filesystem::path file = folder / "file";
  BOOST_TEST(!error(file, {}));
  BOOST_TEST((error(file, of_device()) == std::errc::invalid_argument));
  BOOST_TEST((error(folder.path(), of_device()) == std::errc::is_a_directory));
  filelock::open_options options = of_device();
  options.directory = true;
  BOOST_TEST((error("/dev/null", options) == std::errc::invalid_argument));
  options = of_device();
  options.remove_on_release = true;
  BOOST_TEST((error("/dev/null", options) == std::errc::invalid_argument));
}

// "Text file busy": execve(2), ETXTBSY.
BOOST_AUTO_TEST_CASE(a_script_that_is_locked_for_reading_can_be_executed) {
  const test::temporary_folder folder;
  const std::string path = folder / "script";
  std::ofstream(path) << "#!/bin/sh\nexit 7\n";
  std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  filelock::open_options options;
  options.read_only = true;
  file_lock lock{path, options};
  lock.lock();
  BOOST_TEST((::fcntl(lock.native_handle(), F_GETFL) & O_ACCMODE) == O_RDONLY);
  BOOST_TEST(child_process({path}).wait() == 7);
  BOOST_TEST(!file_lock{path}.try_lock());
}

BOOST_AUTO_TEST_CASE(a_file_that_is_opened_for_reading_is_created_too) {
  const test::temporary_folder folder;
  filelock::open_options options;
  options.read_only = true;
  file_lock lock{folder / "folder" / "a.lock", options};
  lock.lock();
  BOOST_TEST(lock.still_valid());
  filelock::basic_file_lock<filelock::posix_fcntl_traits> record{
      folder / "folder" / "a.lock", options};
  std::error_code ec;
  BOOST_TEST(!record.try_lock(ec));
  BOOST_TEST((ec == std::errc::permission_denied));
}

BOOST_AUTO_TEST_SUITE_END()
