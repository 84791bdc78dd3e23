// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Platforms of a service that are wrong in a way which the laws notice, and
/// the orders of events too.

#ifndef FILELOCK_TEST_SUPPORT_WRONG_SERVICES_HPP
#define FILELOCK_TEST_SUPPORT_WRONG_SERVICES_HPP

#include <filelock/testing/simulated_service.hpp>

#include <cstdint>
#include <system_error>

namespace test {

/// The loss is not looked for after a wait.
struct a_lost_wait_is_granted : filelock::simulated_service_traits {
  static bool lock_until(std::int64_t handle,
                         const filelock::lock_request& request,
                         const filelock::virtual_clock::time_point& end,
                         filelock::canceller& stop,
                         std::error_code& ec) noexcept {
    const bool result = filelock::simulated_service_traits::lock_until(
        handle, request, end, stop, ec);
    if (!is_loss(ec)) return result;
    ec.clear();
    return true;
  }
};

/// A lost session is taken for a busy lock.
struct an_ended_session_is_busy : filelock::simulated_service_traits {
  static bool try_lock(std::int64_t handle,
                       const filelock::lock_request& request,
                       std::error_code& ec) noexcept {
    const bool result =
        filelock::simulated_service_traits::try_lock(handle, request, ec);
    if (is_loss(ec)) ec.clear();
    return result;
  }
};

} // namespace test

#endif
