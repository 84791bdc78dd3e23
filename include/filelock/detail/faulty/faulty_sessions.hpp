// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The members of a service in a faulty Platform, each a layer over a Platform
/// that has it.

#ifndef FILELOCK_DETAIL_FAULTY_FAULTY_SESSIONS_HPP
#define FILELOCK_DETAIL_FAULTY_FAULTY_SESSIONS_HPP

#include <filelock/canceller.hpp>
#include <filelock/detail/faulty/faulty_call.hpp>
#include <filelock/detail/platform/layer.hpp>
#include <filelock/detail/platform/platform_traits.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/open_options.hpp>
#include <filelock/testing/fault_script.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {

template <class P>
struct faulty_open_until : P {
  static typename P::native_handle_type
  open_until(const std::filesystem::path& name, const open_options& options,
             const typename clock_t<P>::time_point& end, canceller& stop,
             std::error_code& ec) noexcept {
    return open_late<P>(platform_call::open_until, ec, [&] {
      return P::open_until(name, options, end, stop, ec);
    });
  }
};

template <class P>
struct faulty_attempt_until : P {
  static bool attempt_until(handle_t<P> handle, const lock_request& request,
                            const typename clock_t<P>::time_point& end,
                            canceller& stop, std::error_code& ec) noexcept {
    return !goes_wrong<P>(platform_call::attempt_until, handle, ec) &&
           P::attempt_until(handle, request, end, stop, ec);
  }
};

template <class P>
struct faulty_holds : P {
  static bool holds(handle_t<P> handle, const lock_request& request) noexcept {
    return !goes_wrong<P>(platform_call::holds, handle) &&
           P::holds(handle, request);
  }
};

template <class P>
struct faulty_loss : P {
  static canceller loss(handle_t<P> handle) noexcept {
    if (!goes_wrong<P>(platform_call::loss, handle)) return P::loss(handle);
    static cancel_source lost;
    lost.request();
    return canceller(lost);
  }
};

template <class P>
struct faulty_token : P {
  static std::uint64_t token(handle_t<P> handle) noexcept {
    return goes_wrong<P>(platform_call::token, handle) ? 0 : P::token(handle);
  }
};

template <class P>
struct faulty_holder_name : P {
  static std::string holder_name(handle_t<P> handle,
                                 const lock_request& request) noexcept {
    if (goes_wrong<P>(platform_call::holder_name, handle)) return {};
    return P::holder_name(handle, request);
  }
};

template <class P>
using faulty_connects =
    layer<faulty_open_until, has_open_until_v<P>,
          layer<faulty_attempt_until, has_attempt_until_v<P>, P>>;
template <class P>
using faulty_holds_of_services =
    layer<faulty_holds, has_holds_v<P>,
          layer<faulty_loss, has_loss_v<P>,
                layer<faulty_token, has_token_v<P>,
                      layer<faulty_holder_name, has_holder_name_v<P>, P>>>>;
template <class P>
using faulty_sessions = faulty_connects<faulty_holds_of_services<P>>;

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
