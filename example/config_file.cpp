// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: fsync and fork

// Several processes change a configuration file. No change is lost, and a
// reader, which takes no lock, never sees half a file.

#include "support/example.hpp"

// tag::update[]
#include <filelock/file_lock.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <sstream>
#include <string>
#include <system_error>

namespace fs = std::filesystem;

enum class durable { no, yes };

std::string read_file(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

void flush_to_disk(const fs::path& path) { // a file, or a folder
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const int result = file < 0 ? -1 : ::fsync(file);
  const int error = errno;
  if (file >= 0) ::close(file);
  if (result != 0) throw std::system_error(error, std::generic_category());
}

/// Effects: replaces the text of the file by `change(text)`.
template <class Change>
void update_file(const fs::path& path, Change change, durable kept) {
  filelock::file_lock lock{path.string() + ".lock"}; // beside it, and it stays
  const std::lock_guard guard(lock);

  const fs::path next = path.string() + ".new"; // one is enough: it is locked
  std::ofstream file(next, std::ios::trunc);    // one that a crash left, too
  if (fs::exists(path)) fs::permissions(next, fs::status(path).permissions());
  file << change(read_file(path));
  file.close();
  if (!file) throw std::system_error(std::make_error_code(std::errc::io_error));
  if (kept == durable::yes) flush_to_disk(next); // before it has the name
  fs::rename(next, path);
  if (kept == durable::yes) flush_to_disk(path.parent_path());
}
// end::update[]

#include <sys/wait.h>

#include <cstdlib>
#include <vector>

namespace {

using example::check;

constexpr int processes = 4;
constexpr int changes = 50; // of each process

std::string text_for(int count) {
  std::string text = "count " + std::to_string(count) + '\n';
  for (int i = 0; i != count; ++i) // so that it cannot be written at once
    text += "line " + std::to_string(i) + '\n';
  return text + "end\n";
}

int count_in(const std::string& text) {
  return text.empty() ? 0 : std::stoi(text.substr(sizeof "count"));
}

void change_often(const fs::path& path) {
  for (int i = 0; i != changes; ++i)
    update_file(
        path,
        [](const std::string& text) { return text_for(count_in(text) + 1); },
        i == 0 ? durable::yes : durable::no);
}

void no_change_is_lost(const fs::path& path) {
  std::vector<::pid_t> children;
  for (int i = 0; i != processes; ++i) {
    const ::pid_t child = ::fork();
    check(child >= 0, "fork");
    if (child == 0) {
      change_often(path);
      ::_exit(EXIT_SUCCESS);
    }
    children.push_back(child);
  }
  for (const ::pid_t child : children) {
    int status = 0;
    while (::waitpid(child, &status, WNOHANG) == 0) {
      const std::string text = read_file(path);
      check(text.empty() || text == text_for(count_in(text)),
            "a reader sees a whole file");
    }
    check(status == 0, "each process has done its changes");
  }
  check(count_in(read_file(path)) == processes * changes, "none is lost");
}

void the_file_itself_is_no_lock(const fs::path& path) {
  // tag::wrong[]
  filelock::file_lock first{path}; // of the configuration file itself
  first.lock();
  fs::copy_file(path, path.string() + ".new");
  fs::rename(path.string() + ".new", path); // first has locked the old file

  filelock::file_lock second{path};
  const bool are_two_owners = second.try_lock(); // the lock of the new file
  // end::wrong[]
  check(are_two_owners && first.owns_lock(), "both hold a lock");
  check(!first.still_valid(), "the first one could know");
}

void use(const example::temporary_folder& folder) {
  const fs::path path = folder / "app.conf";
  no_change_is_lost(path);
  the_file_itself_is_no_lock(path);
}

} // namespace

int main() { return example::run(use); }
