// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// What the lines of /proc say of locks by flock(2): proc_locks(5),
/// proc_pid_fdinfo(5), proc_pid_mountinfo(5). Functions of text, and no more.

#ifndef FILELOCK_DETAIL_LINUX_PROC_LOCKS_HPP
#define FILELOCK_DETAIL_LINUX_PROC_LOCKS_HPP

#include <filelock/detail/lesser.hpp>
#include <filelock/lock_request.hpp>

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <system_error>

namespace filelock::detail {

/// The superblock's device and the kernel's number of a file, by which it
/// stands in /proc/locks. What stat(2) says may differ.
struct kernel_file {
  std::uint32_t major;
  std::uint32_t minor;
  std::uint64_t inode;

  friend bool operator==(const kernel_file& a, const kernel_file& b) noexcept {
    return a.major == b.major && a.minor == b.minor && a.inode == b.inode;
  }
};

/// A lock by flock(2) that is held.
struct flock_entry {
  lock_mode mode;
  std::int64_t process;
  kernel_file file;

  friend bool operator==(const flock_entry& a, const flock_entry& b) noexcept {
    return a.mode == b.mode && a.process == b.process && a.file == b.file;
  }
};

/// Takes words and numbers off the front of a text.
class text_reader {
public:
  explicit constexpr text_reader(std::string_view text) noexcept
      : rest_(text) {}

  /// \returns Whether the next word is `expected`, which is taken then.
  bool take(std::string_view expected) noexcept {
    const text_reader before = *this;
    if (word() == expected) return true;
    *this = before;
    return false;
  }

  /// \returns The next word; empty at the end.
  std::string_view word() noexcept {
    skip_blanks();
    const std::size_t length = rest_.find_first_of(" \t\n");
    const std::string_view result = rest_.substr(0, length);
    rest_.remove_prefix(result.size());
    return result;
  }

  /// \returns The number that the text begins with, after blanks, and which
  /// ends at `end`; `end` is taken, too, unless it is a blank.
  template <class Number>
  std::optional<Number> number(char end, int base = 10) noexcept {
    skip_blanks();
    Number result{};
    const char* const last = rest_.data() + rest_.size();
    const auto [stop, error] =
        std::from_chars(rest_.data(), last, result, base);
    const bool is_blank = end == ' ';
    if (error != std::errc() ||
        (is_blank ? !ends_word(stop, last) : stop == last || *stop != end))
      return std::nullopt;
    rest_.remove_prefix(static_cast<std::size_t>(stop - rest_.data()) +
                        (is_blank ? 0 : 1));
    return result;
  }

private:
  static bool ends_word(const char* at, const char* last) noexcept {
    return at == last || *at == ' ' || *at == '\t' || *at == '\n';
  }
  void skip_blanks() noexcept {
    rest_.remove_prefix(lesser(rest_.find_first_not_of(" \t"), rest_.size()));
  }

  std::string_view rest_;
};

/// \returns What a line of /proc/locks says, after its number, where that is a
/// lock by flock(2) that is held, by a process that can be named:
/// `FLOCK  ADVISORY  WRITE 4711 fe:00:131 0 EOF`
inline std::optional<flock_entry> read_flock(text_reader line) noexcept {
  // "->" in place of FLOCK: somebody waits for the lock above.
  if (!line.take("FLOCK") || !line.take("ADVISORY")) return std::nullopt;
  const bool is_exclusive = line.take("WRITE");
  if (!is_exclusive && !line.take("READ")) return std::nullopt;
  const auto process = line.number<std::int64_t>(' ');
  const auto major = line.number<std::uint32_t>(':', 16);
  const auto minor = line.number<std::uint32_t>(':', 16);
  const auto inode = line.number<std::uint64_t>(' ');
  // 0 and less: of another PID namespace, or of another machine.
  if (!process || *process <= 0 || !major || !minor || !inode)
    return std::nullopt;
  return flock_entry{is_exclusive ? lock_mode::exclusive : lock_mode::shared,
                     *process,
                     {*major, *minor, *inode}};
}

/// \returns What a line of /proc/locks says: `1: FLOCK ...`.
inline std::optional<flock_entry>
read_proc_locks_line(std::string_view line) noexcept {
  text_reader reader(line);
  if (!reader.number<std::uint64_t>(':')) return std::nullopt;
  return read_flock(reader);
}

/// \returns The lock that a descriptor has: `lock:  1: FLOCK ...` in
/// /proc/self/fdinfo/<descriptor>.
inline std::optional<flock_entry>
read_fdinfo_lock(std::string_view line) noexcept {
  text_reader reader(line);
  if (!reader.take("lock:")) return std::nullopt;
  if (!reader.number<std::uint64_t>(':')) return std::nullopt;
  return read_flock(reader);
}

/// \returns The number after `name` in a line such as `mnt_id: 27`.
inline std::optional<std::uint64_t>
read_fdinfo_number(std::string_view line, std::string_view name) noexcept {
  text_reader reader(line);
  if (!reader.take(name)) return std::nullopt;
  return reader.number<std::uint64_t>(' ');
}

/// The device of a mount's superblock.
struct mount_device {
  std::uint32_t major;
  std::uint32_t minor;
};

/// \returns The device of mount number `mount`, where the line of
/// /proc/self/mountinfo is that mount's: `27 1 254:0 / / rw ...`.
inline std::optional<mount_device>
read_mountinfo_line(std::string_view line, std::uint64_t mount) noexcept {
  text_reader reader(line);
  const auto number = reader.number<std::uint64_t>(' ');
  const auto parent = reader.number<std::uint64_t>(' ');
  const auto major = reader.number<std::uint32_t>(':');
  const auto minor = reader.number<std::uint32_t>(' ');
  if (!number || *number != mount || !parent || !major || !minor)
    return std::nullopt;
  return mount_device{*major, *minor};
}

} // namespace filelock::detail

#endif
