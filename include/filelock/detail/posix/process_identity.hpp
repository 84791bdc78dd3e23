// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The number of a process, and what gives it a meaning: the PID namespace and
/// the boot.

#ifndef FILELOCK_DETAIL_POSIX_PROCESS_IDENTITY_HPP
#define FILELOCK_DETAIL_POSIX_PROCESS_IDENTITY_HPP

#include <filelock/detail/posix/error.hpp>
#include <filelock/detail/posix/file_status.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {

struct process_identity {
  std::uint32_t id = 0;
  std::uint32_t name_space = 0; ///< zero if it is not known
};

/// System calls: 2.
inline process_identity this_process_identity() noexcept {
  process_identity result;
  result.id = static_cast<std::uint32_t>(::getpid());
  file_status name_space;
  if (get_status("/proc/self/ns/pid", name_space) == 0)
    result.name_space = static_cast<std::uint32_t>(name_space.inode);
  return result;
}

/// The number of the kernel's last start: random(4).
struct boot_identity {
  char bytes[16] = {};

  bool is_known() const noexcept { return *this != boot_identity(); }
  friend bool operator==(const boot_identity& a,
                         const boot_identity& b) noexcept {
    return std::memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0;
  }
  friend bool operator!=(const boot_identity& a,
                         const boot_identity& b) noexcept {
    return !(a == b);
  }
};

/// \returns The identity in a text such as
/// "3f2504e0-4f89-41d3-9a0c-0305e82c3301". Unknown if it is none.
inline boot_identity boot_identity_of(const char* text,
                                      std::size_t length) noexcept {
  boot_identity result;
  std::size_t digits = 0;
  for (std::size_t i = 0; i != length && digits != 32; ++i) {
    const char c = text[i];
    if (c == '-') continue;
    const int value = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                             : -1;
    if (value < 0) return {};
    char& byte = result.bytes[digits++ / 2];
    byte = static_cast<char>((static_cast<unsigned char>(byte) << 4) | value);
  }
  return digits == 32 ? result : boot_identity();
}

/// \returns The identity. Unknown if the system does not tell it, or if `ec` is
/// set: no descriptor or memory is left. System calls: 3.
inline boot_identity this_boot(std::error_code& ec) noexcept {
  int file;
  do
    file = ::open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
  while (file < 0 && errno == EINTR);
  if (file < 0) {
    if (errno == EMFILE || errno == ENFILE || errno == ENOMEM)
      ec = posix_error(errno);
    return {};
  }
  char text[36];
  ::ssize_t length;
  do
    length = ::read(file, text, sizeof text);
  while (length < 0 && errno == EINTR);
  ::close(file);
  return length == sizeof text ? boot_identity_of(text, sizeof text)
                               : boot_identity();
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
