// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// polled: a Platform that never waits in the kernel.

#ifndef FILELOCK_PLATFORM_POLLED_HPP
#define FILELOCK_PLATFORM_POLLED_HPP

#include <filelock/canceller.hpp>
#include <filelock/detail/platform/platform_traits.hpp>
#include <filelock/fwd.hpp>
#include <filelock/lock_request.hpp>

#include <system_error>

namespace filelock {
inline namespace v1 {

/// The Platform P without its waits in the kernel. The BackoffPolicy paces
/// lock() too. For systems whose kernel wakes waiters late, such as clients of
/// NFSv4.0.
template <class P>
struct polled : P {
  /// The clock of P.
  using clock = detail::clock_t<P>;

  /// Hidden, so that a lock does not find them.
  /// @{
  static void lock(const typename P::native_handle_type&, const lock_request&,
                   std::error_code&) noexcept = delete;
  static bool lock_until(const typename P::native_handle_type&,
                         const lock_request&, const typename clock::time_point&,
                         canceller&, std::error_code&) noexcept = delete;
  /// @}
};

} // namespace v1
} // namespace filelock

#endif
