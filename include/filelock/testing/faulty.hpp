// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// faulty: a Platform whose calls fail as a script says, for tests of programs
/// that use the library.

#ifndef FILELOCK_TESTING_FAULTY_HPP
#define FILELOCK_TESTING_FAULTY_HPP

#include <filelock/canceller.hpp>
#include <filelock/detail/faulty/faulty_call.hpp>
#include <filelock/detail/faulty/faulty_sessions.hpp>
#include <filelock/detail/platform/layer.hpp>
#include <filelock/detail/platform/platform_traits.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/name_memory.hpp>
#include <filelock/open_options.hpp>
#include <filelock/testing/fault_script.hpp>

#include <chrono>
#include <filesystem>
#include <optional>
#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {

// ---- The optional members, each a layer over a Platform that has it ----

template <class P>
struct faulty_lock : P {
  static void lock(handle_t<P> handle, const lock_request& request,
                   std::error_code& ec) noexcept {
    if (!goes_wrong<P>(platform_call::lock, handle, ec))
      P::lock(handle, request, ec);
  }
};

template <class P>
struct faulty_lock_until : P {
  static bool lock_until(handle_t<P> handle, const lock_request& request,
                         const typename clock_t<P>::time_point& end,
                         canceller& stop, std::error_code& ec) noexcept {
    return !goes_wrong<P>(platform_call::lock_until, handle, ec) &&
           P::lock_until(handle, request, end, stop, ec);
  }
};

template <class P>
struct faulty_wait_for : P {
  static void wait_for(handle_t<P> handle, std::chrono::nanoseconds length,
                       canceller& stop) noexcept {
    if (!goes_wrong<P>(platform_call::wait_for, handle))
      P::wait_for(handle, length, stop);
  }
};

template <class P>
struct faulty_convert : P {
  static bool convert(handle_t<P> handle, const lock_request& from,
                      const lock_request& to, std::error_code& ec) noexcept {
    if (!goes_wrong<P>(platform_call::convert, handle, ec))
      return P::convert(handle, from, to, ec);
    // A refused conversion has lost the hold, unless it is atomic.
    if (!ec && !P::atomic_conversion) P::unlock(handle, from, ec);
    return false;
  }
};

template <class P>
struct faulty_is_awaited : P {
  static bool is_awaited(handle_t<P> handle) noexcept {
    return !goes_wrong<P>(platform_call::is_awaited, handle) &&
           P::is_awaited(handle);
  }
};

template <class P>
struct faulty_names : P {
  static bool names(const std::filesystem::path& path,
                    handle_t<P> handle) noexcept {
    return !goes_wrong<P>(platform_call::names, handle) &&
           P::names(path, handle);
  }
};

template <class P>
struct faulty_still_names : P {
  static bool still_names(const std::filesystem::path& path, handle_t<P> handle,
                          name_memory& memory) noexcept {
    return !goes_wrong<P>(platform_call::still_names, handle) &&
           P::still_names(path, handle, memory);
  }
};

template <class P>
struct faulty_remove : P {
  static void remove(const std::filesystem::path& path, handle_t<P> handle,
                     std::error_code& ec) noexcept {
    if (!goes_wrong<P>(platform_call::remove, handle, ec))
      P::remove(path, handle, ec);
  }
};

template <class P>
struct faulty_holder : P {
  static std::optional<process_id>
  holder(handle_t<P> handle, const lock_request& request) noexcept {
    if (goes_wrong<P>(platform_call::holder, handle)) return std::nullopt;
    return P::holder(handle, request);
  }
};

template <class P>
struct faulty_adopt : P {
  static bool adopt(handle_t<P> handle, std::error_code& ec) noexcept {
    return !goes_wrong<P>(platform_call::adopt, handle, ec) &&
           P::adopt(handle, ec);
  }
};

template <class P>
struct faulty_release : P {
  static void release(handle_t<P> handle) noexcept {
    goes_wrong<P>(platform_call::release, handle);
    P::release(handle);
  }
};

template <class P>
struct faulty_descriptor : P {
  static int descriptor(handle_t<P> handle) noexcept {
    if (goes_wrong<P>(platform_call::descriptor, handle)) return -1;
    return P::descriptor(handle);
  }
};

template <class P>
using faulty_owners =
    layer<faulty_holder, has_holder_v<P>,
          layer<faulty_adopt, has_adopt_v<P>,
                layer<faulty_release, has_release_v<P>,
                      layer<faulty_descriptor, has_descriptor_v<P>, P>>>>;
template <class P>
using faulty_names_of_files =
    layer<faulty_is_awaited, has_is_awaited_v<P>,
          layer<faulty_names, has_names_v<P>,
                layer<faulty_still_names, has_still_names_v<P>,
                      layer<faulty_remove, has_remove_v<P>, P>>>>;
// wait_for comes last: no delay in another layer calls it.
template <class P>
using faulty_waits =
    layer<faulty_wait_for, has_wait_for_v<P>,
          layer<faulty_lock, has_lock_v<P>,
                layer<faulty_lock_until, has_lock_until_v<P>,
                      layer<faulty_convert, has_convert_v<P>, P>>>>;
template <class P>
using faulty_optional_members =
    faulty_waits<faulty_names_of_files<faulty_owners<faulty_sessions<P>>>>;

} // namespace detail

/// A Platform whose calls go wrong by a script. It does what P does, unless the
/// fault_script that is installed on this thread says otherwise. It has P's
/// types and facts, and the optional members that P has.
template <class P>
struct faulty : detail::faulty_optional_members<P> {
  /// Does what P does, unless the script says otherwise. Returns and error
  /// conditions: as P; the errors of the script.
  /// @{
  static typename P::native_handle_type open(const std::filesystem::path& path,
                                             const open_options& options,
                                             std::error_code& ec) noexcept {
    return detail::open_late<P>(platform_call::open, ec,
                                [&] { return P::open(path, options, ec); });
  }

  static void close(const typename P::native_handle_type& handle) noexcept {
    detail::goes_wrong<P>(platform_call::close, handle);
    P::close(handle);
  }

  static bool try_lock(const typename P::native_handle_type& handle,
                       const lock_request& request,
                       std::error_code& ec) noexcept {
    return !detail::goes_wrong<P>(platform_call::try_lock, handle, ec) &&
           P::try_lock(handle, request, ec);
  }

  static void unlock(const typename P::native_handle_type& handle,
                     const lock_request& request,
                     std::error_code& ec) noexcept {
    if (!detail::goes_wrong<P>(platform_call::unlock, handle, ec))
      P::unlock(handle, request, ec);
  }
  /// @}
};

} // namespace v1
} // namespace filelock

#endif
