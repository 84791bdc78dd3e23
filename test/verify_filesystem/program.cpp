// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: linux: the program is for Linux
// LABELS: process

// The command line of verify_filesystem, its exit codes, and its JSON.

#include <boost/test/unit_test.hpp>

#include "support/other_user.hpp"
#include "support/verify_filesystem.hpp"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>
#include <vector>

BOOST_AUTO_TEST_SUITE(verify_filesystem_program)

namespace {

namespace fs = std::filesystem;
using test::verified;
using test::verify_filesystem;

/// \returns What the program says on a terminal.
std::string said_on_terminal(const std::vector<std::string>& arguments) {
  const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  BOOST_TEST_REQUIRE(terminal >= 0);
  BOOST_TEST_REQUIRE(::grantpt(terminal) == 0);
  BOOST_TEST_REQUIRE(::unlockpt(terminal) == 0);
  const int other_end = ::open(::ptsname(terminal), O_RDWR | O_NOCTTY);
  std::vector<std::string> command{
      "sh", "-c", "exec \"$@\" 2>&\"$0\" >/dev/null", std::to_string(other_end),
      test::built_file("verify_filesystem")};
  command.insert(command.end(), arguments.begin(), arguments.end());
  test::child_process child(command);
  ::close(other_end);
  std::string result;
  char buffer[4096];
  // An error once the program has ended.
  for (::ssize_t size; (size = ::read(terminal, buffer, sizeof buffer)) > 0;)
    result.append(buffer, static_cast<std::size_t>(size));
  ::close(terminal);
  BOOST_TEST(child.wait() == 0);
  return result;
}

} // namespace

BOOST_AUTO_TEST_CASE(wrong_usage_is_told) {
  const test::temporary_folder folder;
  const std::string path = folder.path().string();
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{},
                                                    {path, path, path},
                                                    {"--model=none", path},
                                                    {"--no-such-option", path},
                                                    {"--seconds=soon", path},
                                                    {"--seconds=-1", path},
                                                    {"--seconds=nan", path},
                                                    {"--processes=1", path},
                                                    {"--processes=17", path},
                                                    {"--bound=1e9", path}}) {
    const verified result = verify_filesystem(arguments);
    BOOST_TEST(result.code == 2, result.output);
    BOOST_TEST(result.says("verify_filesystem: "));
  }
}

BOOST_AUTO_TEST_CASE(help_and_version_are_printed) {
  BOOST_TEST(verify_filesystem({"--help"}).code == 0);
  BOOST_TEST(verify_filesystem({"-h"}).says("--patience=SECONDS"));
  BOOST_TEST(verify_filesystem({"--version"}).says("verify_filesystem (fil"));
}

BOOST_AUTO_TEST_CASE(what_is_no_folder_cannot_be_checked) {
  const test::temporary_folder folder;
  const verified missing = verify_filesystem({folder / "missing"});
  BOOST_TEST(missing.code == 5);
  BOOST_TEST(missing.says("is not a folder"));
  std::ofstream(folder / "file").put('x');
  const verified file = verify_filesystem({folder / "file"});
  BOOST_TEST(file.code == 5);
  BOOST_TEST(file.says("/file is not a folder\n"), file.output);
  // It was never made.
  BOOST_TEST(!file.says("could not be removed"), file.output);
}

BOOST_AUTO_TEST_CASE(a_folder_of_another_user_cannot_be_checked) {
  if (!test::has_other_user("a folder of another user")) return;
  const test::temporary_folder folder;
  const std::string path = folder.path().string();
  // It may be seen, and nothing may be made in it.
  fs::permissions(folder.path(), fs::perms(0755));
  fs::create_directory(folder / "closed");
  fs::permissions(folder / "closed", fs::perms(0700));
  // The build folder may be closed to another user.
  fs::copy_file(test::built_file("verify_filesystem"), folder / "program");
  const std::string wrong = test::failure_in_child([&]() -> std::string {
    if (!test::give_up_root()) return "this is still root";
    const auto said = [&](const std::string& where) {
      test::child_process child({folder / "program", where},
                                test::child_process::errors::are_output);
      const std::string result = child.read_all();
      return result + std::to_string(child.wait());
    };
    const std::string denied = ": Permission denied\n5";
    for (const std::string& each :
         {"no folder can be made in " + path, path + "/closed/inner"}) {
      const std::string result = said(each.substr(each.rfind(' ') + 1));
      if (result.find("\ncannot check: " + each + denied) == result.npos)
        return result;
    }
    return "";
  });
  BOOST_TEST(wrong == "");
}

BOOST_AUTO_TEST_CASE(only_the_chosen_models_are_checked) {
  const test::temporary_folder folder;
  const verified result =
      verify_filesystem({"-m", "ofd", folder.path().string()});
  BOOST_TEST(result.code == 0, result.output);
  BOOST_TEST(result.says("posix_ofd_traits: use this\n"));
  BOOST_TEST(!result.says("posix_flock_traits"));
}

BOOST_AUTO_TEST_CASE(two_descriptors_of_one_process_are_compared) {
  const test::temporary_folder folder;
  const std::string path = folder.path().string();
  constexpr const char* row = "two descriptors of one process   ";
  const verified fcntl = verify_filesystem({"-mfcntl", path});
  BOOST_TEST(fcntl.says(std::string(row) + "no\n"), fcntl.output);
  const verified flock = verify_filesystem({"-mflock", path});
  BOOST_TEST(flock.says(std::string(row) + "yes\n"), flock.output);
}

BOOST_AUTO_TEST_CASE(a_run_that_is_out_of_time_is_undecided) {
  const test::temporary_folder folder;
  const verified result =
      verify_filesystem({"--bound=0", folder.path().string()});
  BOOST_TEST(result.code == 5, result.output);
}

BOOST_AUTO_TEST_CASE(each_process_contends_however_short_the_time_is) {
  const test::temporary_folder folder;
  const verified result =
      verify_filesystem({"-s0", "-mflock", folder.path().string()});
  BOOST_TEST(result.code == 0, result.output);
}

BOOST_AUTO_TEST_CASE(the_bound_ends_the_helper_processes) {
  const test::temporary_folder folder;
  const verified result =
      verify_filesystem({"-s100", "-b1", "-mflock", folder.path().string()});
  BOOST_TEST(result.code == 5, result.output);
  BOOST_TEST(result.says("posix_flock_traits: undecided: the run ended"));
  BOOST_TEST(!result.says("could not end"), result.output);
  BOOST_TEST(fs::is_empty(folder.path()));
}

BOOST_AUTO_TEST_CASE(the_json_is_read_by_another_program) {
  const test::temporary_folder folder;
  const fs::path quoted = folder / "a \"quoted\\\n\" folder";
  fs::create_directory(quoted);
  constexpr const char* reader = R"("$1" --json -s 0.4 -p 20 "$2" | python3 -c '
import json, sys
told = json.load(sys.stdin)
assert told["exit_code"] == 0, told
assert told["folders"] == [sys.argv[1]], told
assert told["file_system"]["inode_numbers_are_stable"] is True, told
assert told["processes_left"] == [], told
assert len(told["models"]) == 4, told
for model in told["models"]:
    assert model["contention"]["overlaps"] == 0, model
    assert model["contention"]["holds"] > 0, model
    assert 0 < model["hand_over"]["p50_ns"] <= model["hand_over"]["max_ns"]
    assert model["verdict"] in ("use", "not supported"), model
print("read")
' "$2")";
  test::child_process child({"sh", "-c", reader, "sh",
                             test::built_file("verify_filesystem"),
                             quoted.string()},
                            test::child_process::errors::are_output);
  BOOST_TEST(child.read_all() == "read\n");
}

BOOST_AUTO_TEST_CASE(a_terminal_shows_the_progress) {
  const test::temporary_folder folder;
  const std::string path = folder.path().string();
  const std::vector<std::string> arguments{"-mflock", "-s0.2", "-p20", path};
  const std::string said = said_on_terminal(arguments);
  BOOST_TEST(said.find("posix_flock_traits: hand-over") != said.npos, said);
  BOOST_TEST(!verify_filesystem({"-mflock", path}).says("hand-over"));
}

// Nobody is left who could remove it.
BOOST_AUTO_TEST_CASE(a_killed_run_leaves_one_folder_with_its_number) {
  const test::temporary_folder folder;
  test::child_process child({test::built_file("verify_filesystem"), "-s100",
                             "-b200", "-mflock", folder.path().string()},
                            test::child_process::errors::are_output);
  const auto id = child.id();
  const auto left = [&] {
    return fs::is_empty(folder.path())
               ? ""
               : fs::directory_iterator(folder.path())->path().string();
  };
  BOOST_TEST(test::wait_until_seen([&] { return !left().empty(); }));
  child.kill_and_wait();
  const std::string name = folder.path().string() + "/.verify_filesystem." +
                           std::to_string(id) + '.';
  BOOST_TEST(left().rfind(name, 0) == 0, left());
  // The helper processes die with the run.
  BOOST_TEST(test::wait_until_seen([&] {
    std::error_code ec;
    fs::remove_all(left(), ec);
    return !ec && fs::is_empty(folder.path());
  }));
}

BOOST_AUTO_TEST_CASE(an_interrupted_run_leaves_nothing_behind) {
  const test::temporary_folder folder;
  test::child_process child({test::built_file("verify_filesystem"), "-s100",
                             "-b200", "-mflock", folder.path().string()},
                            test::child_process::errors::are_output);
  BOOST_TEST(test::wait_until_seen([&] {
    for (const fs::directory_entry& each :
         fs::recursive_directory_iterator(folder.path()))
      if (each.path().filename() == "flock") return true;
    return false;
  }));
  child.kill(SIGTERM);
  child.read_all();
  BOOST_TEST(child.wait() == 5);
  BOOST_TEST(fs::is_empty(folder.path()));
}

BOOST_AUTO_TEST_SUITE_END()
