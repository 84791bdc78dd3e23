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

#include <filesystem>
#include <fstream>
#include <mutex>
#include <string>
#include <system_error>

namespace fs = std::filesystem;

std::string read_file(const fs::path& path);
void flush_to_disk(const fs::path& path); // a file, or a folder

enum class durable { no, yes };

/// Effects: replaces the text of the file by `change(text)`.
template <class Change>
void update_file(const fs::path& path, Change change, durable kept) {
  filelock::file_lock lock{path.string() + ".lock"}; // beside it, and it stays
  const std::lock_guard guard(lock);

  const std::string text = change(read_file(path));
  const fs::path next = path.string() + ".new"; // one is enough: it is locked
  fs::remove(next); // a crash may have left one, which may be read-only
  std::ofstream file(next);
  if (fs::exists(path)) fs::permissions(next, fs::status(path).permissions());
  file << text;
  file.close();
  if (!file) throw std::system_error(std::make_error_code(std::errc::io_error));
  if (kept == durable::yes) flush_to_disk(next); // before it has the name
  fs::rename(next, path);
  if (kept == durable::yes) flush_to_disk(path.parent_path() / ".");
}
// end::update[]

// tag::parts[]
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <memory>

[[noreturn]] void fail(const char* what, const fs::path& path, int error) {
  throw fs::filesystem_error(what, path, {error, std::generic_category()});
}

/// \returns The text of the file. Only a missing file has none: one that cannot
/// be read is an error, or its text would be lost with the next update.
std::string read_file(const fs::path& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(
      std::fopen(path.c_str(), "r"), std::fclose);
  if (!file && errno == ENOENT) return "";
  if (!file) fail("open", path, errno);
  std::string text;
  for (int next = 0; (next = std::getc(file.get())) != EOF;)
    text += static_cast<char>(next);
  if (std::ferror(file.get()) != 0) fail("read", path, errno);
  return text;
}

void flush_to_disk(const fs::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const int result = file < 0 ? -1 : ::fsync(file);
  const int error = errno;
  if (file >= 0) ::close(file);
  if (result != 0) fail("fsync", path, error);
}
// end::parts[]

#include "support/child.hpp"

#include <sys/wait.h>

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
  for (int i = 0; i != processes; ++i)
    children.push_back(example::start_child([&] { change_often(path); }));
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

std::string with_a_line(const std::string& text) { return text + "line\n"; }

/// \returns Whether the file cannot be read, and an update says so and leaves
/// no other file.
bool is_refused(const fs::path& path) {
  int errors = 0;
  try {
    read_file(path);
  } catch (const fs::filesystem_error&) {
    ++errors;
  }
  try {
    update_file(path, with_a_line, durable::no);
  } catch (const fs::filesystem_error&) {
    ++errors;
  }
  return errors == 2 && !fs::exists(path.string() + ".new");
}

// Paths without a folder are those of the working directory.
void a_user_loses_nothing() {
  const fs::path path = "app.conf";
  update_file(path, with_a_line, durable::yes);
  check(read_file(path) == "line\n", "a path without a folder");

  fs::permissions(path, fs::perms::owner_write);
  check(is_refused(path), "a file that its user may not read");
  fs::permissions(path, fs::perms::owner_read);
  check(read_file(path) == "line\n", "it is not empty, but as it was");

  fs::copy_file(path, "app.conf.new"); // as a crash leaves it: read-only, too
  update_file(path, with_a_line, durable::yes);
  check(read_file(path) == "line\nline\n", "a crash blocks no update");
  check(fs::status(path).permissions() == fs::perms::owner_read, "its mode");

  fs::create_directory("folder");
  check(is_refused("folder"), "a folder is no empty file");
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
  example::run_as_user(folder / "user", a_user_loses_nothing);
}

} // namespace

int main() { return example::run(use); }
