// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// One call of a faulty Platform: whether and how it goes wrong.

#ifndef FILELOCK_DETAIL_FAULTY_FAULTY_CALL_HPP
#define FILELOCK_DETAIL_FAULTY_FAULTY_CALL_HPP

#include <filelock/canceller.hpp>
#include <filelock/detail/platform/platform_traits.hpp>
#include <filelock/detail/wait/blocking_driver.hpp>
#include <filelock/testing/fault_script.hpp>

#include <chrono>
#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {

/// Lets time pass, as P does it.
template <class P>
void let_pass(handle_t<P> handle, std::chrono::nanoseconds length) noexcept {
  canceller no_stop;
  if (length > length.zero()) pause<P>(handle, length, no_stop);
}

/// Counts a call and lets its delay pass.
/// \returns Whether the call is not to be made. If `ec` is clear, it is busy.
template <class P>
bool goes_wrong(platform_call function, handle_t<P> handle,
                std::error_code& ec) noexcept {
  const fault met = next_fault(function);
  let_pass<P>(handle, met.delay);
  ec = met.error;
  return met.error || met.is_busy;
}

/// Does the same for a call that reports no error.
template <class P>
bool goes_wrong(platform_call function, handle_t<P> handle) noexcept {
  std::error_code ignored;
  return goes_wrong<P>(function, handle, ignored);
}

/// An open ends late, as it has no handle to wait with before.
template <class P, class Open>
typename P::native_handle_type
open_late(platform_call function, std::error_code& ec, Open open) noexcept {
  const fault met = next_fault(function);
  ec = met.error;
  if (met.error || met.is_busy) return P::invalid_handle;
  const typename P::native_handle_type handle = open();
  if (!(handle == P::invalid_handle)) let_pass<P>(handle, met.delay);
  return handle;
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
