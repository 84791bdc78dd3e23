// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Whether a thread that waits in a system call can be ended by another one, by
/// pthread_cancel(3). Both questions are asked beforehand: a cancel that fails
/// ends the process, or leaves a thread that nobody can end.

#ifndef FILELOCK_DETAIL_POSIX_CANCEL_HPP
#define FILELOCK_DETAIL_POSIX_CANCEL_HPP

#include <filelock/detail/config.hpp>
#include <filelock/detail/posix/large_files.hpp>

#if defined(__GLIBC__)
#include <execinfo.h>
#endif

#include <atomic>
#include <cstdint>

namespace filelock {
inline namespace v1 {
namespace detail {

/// \returns Whether a thread can be cancelled. glibc loads libgcc_s.so.1 when a
/// thread is first cancelled, and ends the process if it cannot: in a chroot,
/// say, or with no free descriptor. backtrace(3) needs the library as well, but
/// returns 0 if it cannot load it.
/// https://github.com/OpenSCAP/openscap/pull/386
inline bool can_cancel_threads() noexcept {
#if defined(__GLIBC__)
  static std::atomic<bool> can{false};
  void* here;
  if (!can.load(std::memory_order_relaxed)) can = ::backtrace(&here, 1) != 0;
  return can.load(std::memory_order_relaxed);
#else
  return FILELOCK_HAS_CANCEL != 0;
#endif
}

/// \returns Whether a wait for a lock of the file ends when its thread is
/// cancelled. The server of a FUSE file system may serve the locks, and need
/// not answer the request to interrupt one: then no signal ends the system
/// call. libfuse, fuse_lowlevel.h, "Interrupt". System calls: 1, on Linux.
inline bool can_interrupt_waits([[maybe_unused]] int descriptor) noexcept {
#if defined(__linux__)
  constexpr std::uint32_t fuse = 0x65735546; // statfs(2)
  const std::uint32_t type = file_system_type(descriptor);
  return type != 0 && type != fuse;
#else
  return true;
#endif
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
