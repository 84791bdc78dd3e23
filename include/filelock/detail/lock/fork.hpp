// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Tells a process from its forked child.

#ifndef FILELOCK_DETAIL_LOCK_FORK_HPP
#define FILELOCK_DETAIL_LOCK_FORK_HPP

#include <filelock/detail/config.hpp>

#if FILELOCK_HAS_FORK
#include <filelock/detail/posix/fork_registry.hpp>
#endif

#include <atomic>
#include <cstdint>

namespace filelock::detail {

/// \returns A number that differs between a process and its child.
inline std::uint32_t fork_generation() noexcept {
#if FILELOCK_HAS_FORK
  return fork_registry.generation.load(std::memory_order_relaxed);
#else
  return 0;
#endif
}

} // namespace filelock::detail

#endif
