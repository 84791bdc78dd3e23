// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Reads the lines of /proc about locks by flock(2): proc_locks(5),
/// proc_pid_fdinfo(5), proc_pid_mountinfo(5). Works on text only.

#ifndef FILELOCK_DETAIL_LINUX_PROC_LOCKS_HPP
#define FILELOCK_DETAIL_LINUX_PROC_LOCKS_HPP

#include <filelock/lock_request.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

namespace filelock {
inline namespace v1 {
namespace detail {

inline constexpr auto most_of_32_bits =
    (std::numeric_limits<std::uint32_t>::max)();
inline constexpr auto most_of_64_bits =
    (std::numeric_limits<std::uint64_t>::max)();
inline constexpr std::uint64_t most_processes =
    (std::numeric_limits<std::int64_t>::max)();

/// A file as /proc/locks identifies it: the device of the superblock and the
/// kernel's number of the file. stat(2) may show others.
struct kernel_file {
  std::uint64_t device; ///< see device_number()
  std::uint64_t inode;

  friend bool operator==(const kernel_file& a, const kernel_file& b) noexcept {
    return a.device == b.device && a.inode == b.inode;
  }
};

/// \returns One number for the two numbers of a device, each of at most 32
/// bits. Not the number that stat(2) shows.
constexpr std::uint64_t device_number(std::uint64_t major,
                                      std::uint64_t minor) noexcept {
  return major << 32 | minor;
}

/// A held lock by flock(2).
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

  /// \returns Whether the next word is `expected`. If so, takes it.
  bool take(std::string_view expected) noexcept {
    const text_reader before = *this;
    if (word() == expected) return true;
    *this = before;
    return false;
  }

  /// \returns The next word; empty at the end.
  std::string_view word() noexcept {
    skip_blanks();
    std::size_t length = 0;
    while (length != rest_.size() && !is_blank(rest_[length]))
      ++length;
    const std::string_view result(rest_.data(), length);
    rest_.remove_prefix(length);
    return result;
  }

  /// \returns The number at the front of the text, after blanks. Nothing unless
  /// it is at most `most` and ends at `end`. Takes `end` too, unless it is a
  /// blank.
  // Not by std::from_chars: each number of the kernel would instantiate it
  // wherever the library is included, see bench/compile_cost.py.
  std::optional<std::uint64_t> number(char end, std::uint64_t most,
                                      std::uint64_t base = 10) noexcept {
    skip_blanks();
    std::uint64_t result = 0;
    std::size_t length = 0;
    for (; length != rest_.size(); ++length) {
      const std::uint64_t digit = digit_of(rest_[length]);
      if (digit >= base) break;
      if (digit > most || result > (most - digit) / base) return std::nullopt;
      result = result * base + digit;
    }
    const char after = length == rest_.size() ? '\n' : rest_[length];
    const bool is_end = end == ' ' ? is_blank(after) : after == end;
    if (length == 0 || !is_end) return std::nullopt;
    rest_.remove_prefix(length + (end == ' ' ? 0 : 1));
    return result;
  }

private:
  static bool is_blank(char c) noexcept {
    return c == ' ' || c == '\t' || c == '\n';
  }
  /// \returns The value of a hexadecimal digit of the kernel. A value above all
  /// digits if it is none.
  static std::uint64_t digit_of(char c) noexcept {
    if (c >= '0' && c <= '9') return static_cast<std::uint64_t>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<std::uint64_t>(c - 'a') + 10;
    return 16;
  }
  void skip_blanks() noexcept {
    while (!rest_.empty() && is_blank(rest_.front()))
      rest_.remove_prefix(1);
  }

  std::string_view rest_;
};

/// \returns The file at the front of `line`: `fe:00:131`.
inline std::optional<kernel_file> read_kernel_file(text_reader& line) noexcept {
  const auto major = line.number(':', most_of_32_bits, 16);
  const auto minor = line.number(':', most_of_32_bits, 16);
  const auto inode = line.number(' ', most_of_64_bits);
  if (!major || !minor || !inode) return std::nullopt;
  return kernel_file{device_number(*major, *minor), *inode};
}

/// \returns The lock in a line of /proc/locks, after its number, if the line
/// shows a held lock by flock(2) and the number of its process:
/// `FLOCK  ADVISORY  WRITE 4711 fe:00:131 0 EOF`
inline std::optional<flock_entry> read_flock(text_reader line) noexcept {
  // "->" in place of FLOCK: a waiter for the lock above.
  if (!line.take("FLOCK") || !line.take("ADVISORY")) return std::nullopt;
  const bool is_exclusive = line.take("WRITE");
  if (!is_exclusive && !line.take("READ")) return std::nullopt;
  const auto process = line.number(' ', most_processes);
  const auto file = read_kernel_file(line);
  // 0 or less: a process in another PID namespace or on another machine.
  if (!process || *process == 0 || !file) return std::nullopt;
  return flock_entry{is_exclusive ? lock_mode::exclusive : lock_mode::shared,
                     static_cast<std::int64_t>(*process), *file};
}

/// \returns The file whose lock of `kind` has a waiter, if a line of
/// /proc/locks shows one: `1: -> FLOCK  ADVISORY  WRITE 4711 fe:00:131 0 EOF`
inline std::optional<kernel_file>
read_proc_locks_waiter(std::string_view line, std::string_view kind) noexcept {
  text_reader reader(line);
  if (!reader.number(':', most_of_64_bits) || !reader.take("->") ||
      !reader.take(kind) || !reader.take("ADVISORY"))
    return std::nullopt;
  reader.word(); // the mode
  reader.word(); // the process, -1 for an open file description
  return read_kernel_file(reader);
}

/// \returns The lock in a line of /proc/locks: `1: FLOCK ...`.
inline std::optional<flock_entry>
read_proc_locks_line(std::string_view line) noexcept {
  text_reader reader(line);
  if (!reader.number(':', most_of_64_bits)) return std::nullopt;
  return read_flock(reader);
}

/// \returns The lock of a descriptor, in a line of
/// /proc/self/fdinfo/<descriptor>: `lock:  1: FLOCK ...`.
inline std::optional<flock_entry>
read_fdinfo_lock(std::string_view line) noexcept {
  text_reader reader(line);
  if (!reader.take("lock:")) return std::nullopt;
  if (!reader.number(':', most_of_64_bits)) return std::nullopt;
  return read_flock(reader);
}

/// \returns The number after `name` in a line such as `mnt_id: 27`.
inline std::optional<std::uint64_t>
read_fdinfo_number(std::string_view line, std::string_view name) noexcept {
  text_reader reader(line);
  if (!reader.take(name)) return std::nullopt;
  return reader.number(' ', most_of_64_bits);
}

/// \returns The device_number() of the superblock of mount number `mount`, if
/// the line of /proc/self/mountinfo is about that mount: `27 1 254:0 / / rw
/// ...`.
inline std::optional<std::uint64_t>
read_mountinfo_line(std::string_view line, std::uint64_t mount) noexcept {
  text_reader reader(line);
  const auto number = reader.number(' ', most_of_64_bits);
  const auto parent = reader.number(' ', most_of_64_bits);
  const auto major = reader.number(':', most_of_32_bits);
  const auto minor = reader.number(' ', most_of_32_bits);
  if (!number || *number != mount || !parent || !major || !minor)
    return std::nullopt;
  return device_number(*major, *minor);
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
