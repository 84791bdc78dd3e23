// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Runs example/flock, and flock(1) of util-linux beside it.

#ifndef FILELOCK_TEST_SUPPORT_FLOCK_PROGRAM_HPP
#define FILELOCK_TEST_SUPPORT_FLOCK_PROGRAM_HPP

#include "built_file.hpp"
#include "child_process.hpp"
#include "skipped.hpp"
#include "temporary_folder.hpp"

#include <unistd.h>

#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace test {

using words = std::vector<std::string>;

inline const std::string& our_flock() {
  static const std::string path = built_file("flock");
  return path;
}

inline std::string util_linux_flock() { return "/usr/bin/flock"; }

/// \returns Whether flock(1) of util-linux is there; else says so.
inline bool has_util_linux() {
  if (::access(util_linux_flock().c_str(), X_OK) == 0) return true;
  skipped("flock(1)", "no /usr/bin/flock");
  return false;
}

/// The two programs, or ours alone.
inline words both_flocks() {
  words result{our_flock()};
  if (has_util_linux()) result.push_back(util_linux_flock());
  return result;
}

struct ended {
  int status;
  std::string output;
  std::string errors;
};

/// A folder with a lock file, that programs run in.
class flock_folder {
public:
  const std::string& path() const { return path_; }
  std::string operator/(const char* name) const { return folder_ / name; }

  /// Starts `command` after the lines `before` of a shell, which it replaces.
  child_process start(words command, const std::string& before = "") const {
    const std::string script =
        "cd '" + folder_.path().string() + "'\n" + before + "\nexec \"$@\"";
    command.insert(command.begin(), {"/bin/sh", "-c", script, "sh"});
    return child_process(std::move(command));
  }

  ended run(words command, const std::string& before = "") const {
    child_process child = start(std::move(command), before + "\nexec 2>errors");
    const std::string output = child.read_all();
    const int status = child.wait();
    return {status, output, content("errors")};
  }

  /// \returns Its exit status.
  int status(words command, const std::string& before = "") const {
    return run(std::move(command), before).status;
  }

  std::string content(const char* name) const {
    std::ifstream file(*this / name);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  bool is_free(const std::string& flock) const {
    return status({flock, "-n", path_, "true"}) == 0;
  }

private:
  temporary_folder folder_;
  std::string path_ = folder_ / "a.lock";
};

/// A command that says that it runs, and ends when it is told.
inline words hold(words flock) {
  flock.insert(flock.end(), {"sh", "-c", "echo held; read end"});
  return flock;
}

} // namespace test

#endif
