// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// A thread of the library, which no signal of the user's interrupts.

#ifndef FILELOCK_DETAIL_REMOTE_OWN_THREAD_HPP
#define FILELOCK_DETAIL_REMOTE_OWN_THREAD_HPP

#include <filelock/detail/no_throw.hpp>

#include <signal.h>

#include <system_error>
#include <thread>
#include <utility>

namespace filelock {
inline namespace v1 {
namespace detail {

/// \returns A thread that runs `function`, with every signal blocked: signals
/// are for the user's threads. None where `ec` is set.
/// Error conditions: resource_unavailable_try_again, not_enough_memory.
template <class Function>
std::thread own_thread(Function function, std::error_code& ec) noexcept {
  ::sigset_t all;
  ::sigset_t previous;
  sigfillset(&all); // a macro on macOS and OpenBSD
  ::pthread_sigmask(SIG_SETMASK, &all, &previous); // the thread inherits it
  std::thread result = without_exceptions(
      ec, [&function] { return std::thread(std::move(function)); });
  ::pthread_sigmask(SIG_SETMASK, &previous, nullptr);
  return result;
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
