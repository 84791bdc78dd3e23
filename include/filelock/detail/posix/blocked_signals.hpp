// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// For as long as a thread is made: a new thread inherits the mask of signals.

#ifndef FILELOCK_DETAIL_POSIX_BLOCKED_SIGNALS_HPP
#define FILELOCK_DETAIL_POSIX_BLOCKED_SIGNALS_HPP

#include <signal.h>

namespace filelock {
inline namespace v1 {
namespace detail {

/// Blocks all signals of this thread, and restores its mask: signals are for
/// the user's threads, and not for those of the library.
class blocked_signals {
public:
  blocked_signals() noexcept {
    ::sigset_t all;
    sigfillset(&all); // a macro on macOS and OpenBSD
    ::pthread_sigmask(SIG_SETMASK, &all, &previous_);
  }
  ~blocked_signals() { ::pthread_sigmask(SIG_SETMASK, &previous_, nullptr); }
  blocked_signals(const blocked_signals&) = delete;
  blocked_signals& operator=(const blocked_signals&) = delete;

private:
  ::sigset_t previous_;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
