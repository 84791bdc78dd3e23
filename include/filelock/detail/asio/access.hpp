// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The parts of a lock that an asynchronous operation uses.

#ifndef FILELOCK_DETAIL_ASIO_ACCESS_HPP
#define FILELOCK_DETAIL_ASIO_ACCESS_HPP

#include <filelock/detail/lock/counted_lock.hpp>
#include <filelock/detail/lock/lock_core.hpp>

namespace filelock {
inline namespace v1 {
namespace detail {

class asynchronous_access {
public:
  template <class Lock>
  static auto& counted(Lock& lock) noexcept {
    return static_cast<counted_lock<typename Lock::platform_type,
                                    typename Lock::backoff_policy_type>&>(lock);
  }

  template <class Mutex>
  static auto& core_of(Mutex& mutex) noexcept {
    return mutex.core_;
  }
  template <class Mutex>
  static auto& gate_of(Mutex& mutex) noexcept {
    return mutex.gate_.get();
  }
  template <class Mutex, class Ask>
  static auto ask_and_look(Mutex& mutex, Ask ask) {
    return mutex.ask_and_look(ask);
  }
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
