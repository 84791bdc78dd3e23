// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A process that locks on command:
//
//   win_lock_child <path> <offset> [overlapped | mutex]
//
// by win_overlapped_traits, by win_mutex_traits, or else by win_locking_traits;
// the byte at the offset, or the whole file where that is zero.
//
// Commands come from the standard input, one a line; each is answered by one.
//
//   lock, try, try_shared, timed <ms>   by the library        locked | busy
//   lock_aloud     by win_locking_traits: busy, where it waits, and then locked
//   raw                                 by the CRT's _locking locked | busy
//   unlock, raw_unlock                                        unlocked
//   died           whether the previous owner died            yes | no
//   add <times>    reads, adds one and writes, under the lock: path + ".sum"
//   remove <calls>  the file; stops after so many calls       stopped | removed
//   quit                                ends; so does the end of the input

#include <filelock/detail/windows/file_removal.hpp>
#include <filelock/filelock.hpp>
#include <filelock/platform/win_locking_traits.hpp>
#include <filelock/platform/win_mutex_traits.hpp>
#include <filelock/platform/win_overlapped_traits.hpp>

#include "support/native_file.hpp"

#include <chrono>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <sstream>
#include <string>
#include <system_error>

namespace {

std::string locked_or_busy(bool locked) { return locked ? "locked" : "busy"; }

void add_one(std::filesystem::path counter) {
  counter += ".sum";
  long value = 0;
  std::ifstream(counter) >> value;
  std::ofstream(counter) << value + 1;
}

/// Says so when a wait begins.
struct aloud {
  std::chrono::milliseconds operator()(const filelock::wait_state& wait) const {
    if (wait.attempts == 1) std::cout << "busy" << std::endl;
    return std::chrono::milliseconds(1);
  }
};

/// Stops for ever after a number of calls, so that the process can be killed
/// there.
struct stopping_system : filelock::detail::win_removal_system {
  using base = filelock::detail::win_removal_system;

  inline static int calls_left = 0;

  template <class Result>
  static Result counted(Result result) noexcept {
    const filelock::detail::winapi::DWORD_ error = base::last_error();
    if (--calls_left == 0) {
      std::cout << "stopped" << std::endl;
      for (;;)
        std::cin.get();
    }
    last = error;
    return result;
  }

  inline static filelock::detail::winapi::DWORD_ last = 0;
  static filelock::detail::winapi::DWORD_ last_error() noexcept { return last; }

  static void* reopen(void* file,
                      filelock::detail::winapi::DWORD_ flags) noexcept {
    return counted(base::reopen(file, flags));
  }
  static bool unlink_on_close(void* file) noexcept {
    return counted(base::unlink_on_close(file));
  }
  static bool may_add_file(const std::wstring& folder) noexcept {
    return counted(base::may_add_file(folder));
  }
  static bool rename(void* file, const std::wstring& name) {
    return counted(base::rename(file, name));
  }
};

template <class Platform>
class child {
public:
  child(const std::filesystem::path& path,
        const filelock::open_options& options)
      : lock_(path, options) {}

  std::string obey(const std::string& line) {
    std::istringstream words(line);
    std::string command;
    int number = 0;
    words >> command >> number;
    if (command == "lock") return lock_.lock(), "locked";
    if (command == "lock_aloud")
      return aloud_.emplace(lock_.path()).lock(), "locked";
    if (command == "try") return locked_or_busy(lock_.try_lock());
    if constexpr (filelock::detail::has_shared_locks_v<Platform>) {
      if (command == "try_shared")
        return locked_or_busy(lock_.try_lock_shared());
      if (command == "remove") return remove(number);
    } else {
      if (command == "died") return lock_.previous_owner_died() ? "yes" : "no";
    }
    if (command == "timed")
      return locked_or_busy(
          lock_.try_lock_for(std::chrono::milliseconds(number)));
    if (command == "raw")
      return locked_or_busy(raw_.emplace(lock_.path()).is_held());
    if (command == "raw_unlock") return raw_.reset(), "unlocked";
    if (command == "unlock") return lock_.unlock(), "unlocked";
    if (command == "add") {
      for (; number > 0; --number) {
        lock_.lock();
        add_one(lock_.path());
        lock_.unlock();
      }
      return "added";
    }
    return "unknown: " + line;
  }

private:
  std::string remove(int calls) {
    stopping_system::calls_left = calls;
    const std::filesystem::path folder = lock_.path().parent_path();
    std::error_code ec;
    filelock::detail::remove_opened_file<stopping_system>(
        lock_.native_handle(), folder.native(),
        (folder / "other.removed").native(), ec);
    return ec ? ec.message() : "removed";
  }

  filelock::basic_file_lock<Platform> lock_;
  std::optional<test::raw_lock> raw_;
  std::optional<filelock::basic_file_lock<filelock::win_locking_traits, aloud>>
      aloud_;
};

template <class Platform>
void obey(const std::filesystem::path& path,
          const filelock::open_options& options) {
  child<Platform> obeying(path, options);
  for (std::string line; std::getline(std::cin, line) && line != "quit";)
    std::cout << obeying.obey(line) << std::endl;
}

} // namespace

// The path is UTF-8 in hexadecimal digits: the narrow arguments of a program
// cannot hold every name.
int main(int count, char** arguments) {
  try {
    if (count < 3) return 2;
    const std::string digits = arguments[1];
    std::string name;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
      name += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
#if defined(__cpp_char8_t)
    const std::filesystem::path path(std::u8string(name.begin(), name.end()));
#else
    const std::filesystem::path path = std::filesystem::u8path(name);
#endif
    filelock::open_options options;
    options.range.offset = std::stoull(arguments[2]);
    options.range.length = options.range.offset != 0 ? 1 : 0;
    if (count > 3 && std::string(arguments[3]) == "mutex")
      obey<filelock::win_mutex_traits>(path, options);
    else if (count > 3)
      obey<filelock::win_overlapped_traits>(path, options);
    else
      obey<filelock::win_locking_traits>(path, options);
    return 0;
  } catch (const std::exception& error) {
    std::cout << "error " << error.what() << std::endl;
    return 1;
  }
}
