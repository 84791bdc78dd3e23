// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The file of a robust lock, its owners and its waiters.

#ifndef FILELOCK_TEST_SUPPORT_ROBUST_LOCKS_HPP
#define FILELOCK_TEST_SUPPORT_ROBUST_LOCKS_HPP

#include <filelock/detail/posix/robust_format.hpp>
#include <filelock/filelock.hpp>

#include "child_process.hpp"
#include "temporary_folder.hpp"

#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <utility>

namespace test {

using filelock::robust_file_lock;

inline std::string robust_bytes(const std::string& path) {
  std::ostringstream result;
  result << std::ifstream(path, std::ios::binary).rdbuf();
  return result.str();
}

/// \returns The word of the mutex that the kernel knows: futex(2).
inline std::uint32_t robust_word(const std::string& path) {
  std::uint32_t result = 0;
  const std::string bytes = robust_bytes(path);
  constexpr std::size_t mutex = sizeof(filelock::detail::robust_header);
#if defined(__GLIBC__)
  constexpr std::size_t offset = mutex;
#else
  constexpr std::size_t offset = mutex + sizeof(int); // musl: _m_lock
#endif
  if (bytes.size() >= offset + sizeof result)
    std::memcpy(&result, bytes.data() + offset, sizeof result);
  return result;
}

struct robust_lock_file {
  temporary_folder folder;
  std::string path = folder / "a.lock";

  void write(const std::string& content) const {
    std::ofstream(path, std::ios::binary) << content;
  }
  std::string content() const { return robust_bytes(path); }
  std::uint32_t word() const { return robust_word(path); }

  /// \returns Whether a thread was seen that sleeps, or is about to, until the
  /// lock is released.
  bool wait_until_awaited() const {
    return wait_until_seen([&] { return (word() & 0x80000000u) != 0; });
  }

  /// \returns Whether another owner can take the lock now. It learns of a
  /// death in place of the next one.
  bool is_free() const {
    robust_file_lock other{path};
    return other.try_lock();
  }
};

/// A process that holds the lock, until it is killed or gets a line.
inline child_process robust_owner(const std::string& path) {
  child_process owner =
      child_process::forked([&](line_channel& test) -> std::string {
        robust_file_lock lock{path};
        lock.lock();
        test.write_line(lock.previous_owner_died() ? "told" : "locked");
        test.read_line();
        return "";
      });
  return owner;
}

/// Effects: a process acquires, and is killed. \returns What it said.
inline std::string die_with_robust_lock(const std::string& path) {
  child_process owner = robust_owner(path);
  const std::string said = owner.read_line();
  owner.kill_and_wait();
  return said;
}

/// Effects: calls `function()` in a thread, and waits for its end.
template <class Function>
void in_a_thread(Function function) {
  std::thread(std::move(function)).join();
}

} // namespace test

#endif
