// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: fuse: needs libfuse3-dev
// LABELS: process

// verify_filesystem on a FUSE file system whose server answers in odd ways.

#include <boost/test/unit_test.hpp>

#include "support/skipped.hpp"
#include "support/verify_filesystem.hpp"

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(verify_filesystem_fuse)

namespace {

namespace fs = std::filesystem;

/// Checks what is said of a file system in that mode: the exit code, and each
/// of `texts`.
void check_mode(const char* mode, const std::vector<std::string>& arguments,
                int code, const std::vector<std::string>& texts) {
  constexpr const char* not_mounted = "cannot be mounted here";
  const std::string wrong =
      test::on_mount("true", [&](const fs::path& point) -> std::string {
        test::child_process server(
            {test::built_file("odd_file_system"), mode, point.string()},
            test::child_process::errors::are_output);
        if (server.read_line() != "mounted") return not_mounted;
        std::vector<std::string> all = arguments;
        all.push_back(point.string());
        // The output ends, though a helper process may not.
        const test::verified result = test::verify_filesystem(all);
        std::string faults;
        if (result.code != code)
          faults += "exit code " + std::to_string(result.code) + "; ";
        for (const std::string& each : texts)
          if (!result.says(each)) faults += "not said: " + each + "; ";
        return faults.empty() ? "" : faults + '\n' + result.output;
      });
  if (wrong == not_mounted)
    test::skipped("a FUSE file system", not_mounted);
  else
    BOOST_TEST(wrong == "");
}

} // namespace

BOOST_AUTO_TEST_CASE(a_server_without_locks_can_be_used) {
  check_mode("local", {}, 0,
             {"posix_flock_traits: use this\n", "posix_ofd_traits: use this\n",
              "posix_fcntl_traits: use this, with one",
              "posix_robust_traits: not supported here: ",
              "Nothing is said of other machines."});
}

BOOST_AUTO_TEST_CASE(a_server_that_locks_can_be_used) {
  check_mode("serves", {"-mflock", "-mfcntl"}, 0,
             {"posix_flock_traits: use this\n",
              "posix_fcntl_traits: use this, with one"});
}

BOOST_AUTO_TEST_CASE(a_server_that_pretends_is_found_out) {
  const std::string wrong = ": do not: two owners held at once for ";
  check_mode("pretends", {}, 1,
             {"posix_flock_traits" + wrong, "posix_ofd_traits" + wrong,
              "posix_fcntl_traits" + wrong});
}

BOOST_AUTO_TEST_CASE(a_server_that_renumbers_its_files_is_found_out) {
  check_mode("renumbers", {"-mflock", "-mofd", "-mfcntl"}, 1,
             {"inode numbers are stable: no",
              "posix_flock_traits: do not: the inode number of a file changes",
              "posix_ofd_traits: do not: the inode number of a file changes",
              "posix_fcntl_traits: do not: the inode number of a file "
              "changes"});
}

BOOST_AUTO_TEST_CASE(a_server_that_hangs_does_not_hang_the_program) {
  const std::string wrong =
      ": do not: a request for a lock was not answered within 1.0 s";
  check_mode("hangs", {"-p1", "-mflock", "-mfcntl"}, 1,
             {"posix_flock_traits" + wrong, "posix_fcntl_traits" + wrong,
              "SIGKILL could not end these processes"});
}

BOOST_AUTO_TEST_CASE(the_bound_ends_a_run_that_would_wait_longer) {
  const auto begin = std::chrono::steady_clock::now();
  check_mode("hangs", {"-p1000", "-b1", "-mflock"}, 5,
             {"posix_flock_traits: undecided: the run ended"});
  BOOST_TEST(
      (std::chrono::steady_clock::now() - begin < std::chrono::seconds(300)));
}

BOOST_AUTO_TEST_CASE(a_server_that_wakes_no_waiter_is_found_out) {
  check_mode("sleeps", {"-p1", "-mflock"}, 1,
             {"processes exclude each other     no answer",
              "posix_flock_traits: do not: a waiter was not woken within"});
}

BOOST_AUTO_TEST_CASE(a_server_that_ignores_an_interrupt_can_be_used) {
  // queued<> polls on FUSE, so its deadlines are kept.
  check_mode("deaf", {"-mflock"}, 0, {"posix_flock_traits: use this\n"});
}

BOOST_AUTO_TEST_SUITE_END()
