// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// What a file_mutex is made of, and how it is destroyed.

#ifndef FILELOCK_DETAIL_MUTEX_MUTEX_PARTS_HPP
#define FILELOCK_DETAIL_MUTEX_MUTEX_PARTS_HPP

#include <filelock/detail/config.hpp>
#include <filelock/detail/lock/lock_core.hpp>
#include <filelock/detail/mutex/mutex_gate.hpp>
#include <filelock/detail/mutex/renewed_after_fork.hpp>
#include <filelock/detail/platform/platform_traits.hpp>
#include <filelock/detail/wait/platform_clauses.hpp>

#include <utility>

namespace filelock {
inline namespace v1 {
namespace detail {

/// The file lock, and the gate of the threads. Where threads wait, the
/// destructor leaves both as they are: exit() destroys a static object although
/// threads wait, which go on until the process has ended.
template <class Core, class Gate>
class mutex_parts {
public:
  using core_type = Core;

  mutex_parts(const mutex_parts&) = delete;
  mutex_parts& operator=(const mutex_parts&) = delete;

protected:
  template <class... Arguments>
  explicit mutex_parts(Arguments&&... arguments)
      : gate_(), core_(std::forward<Arguments>(arguments)...) {}

  ~mutex_parts() {
    if (!gate_.has_waiters()) core_.~Core();
  }

public: // of a private base class
  renewed_after_fork<Gate> gate_;
  // Changed only by the thread whose turn it is; readers only read it.
  union {
    Core core_;
  };
};

template <class Platform, class BackoffPolicy>
using file_mutex_parts =
    mutex_parts<lock_core<checked_platform_t<Platform>, BackoffPolicy>,
                mutex_gate<clock_t<Platform>>>;

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
