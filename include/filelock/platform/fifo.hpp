// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// fifo<P>: a Platform that serves its waiters in the order of arrival, across
/// processes.

#ifndef FILELOCK_PLATFORM_FIFO_HPP
#define FILELOCK_PLATFORM_FIFO_HPP

#include <filelock/backoff/wait_state.hpp>
#include <filelock/canceller.hpp>
#include <filelock/detail/fifo/places.hpp>
#include <filelock/detail/fifo/turn.hpp>
#include <filelock/detail/platform/layer.hpp>
#include <filelock/detail/platform/platform_traits.hpp>
#include <filelock/detail/platform/taken_hold.hpp>
#include <filelock/fwd.hpp>
#include <filelock/lock_request.hpp>

#include <optional>
#include <system_error>
#include <type_traits>
#include <utility>

namespace filelock {
inline namespace v1 {
namespace detail {

template <class P>
using conflicting_range_expression = decltype(P::conflicting_range(
    std::declval<const typename P::native_handle_type&>(),
    std::declval<const lock_request&>(), std::declval<std::error_code&>()));
template <class P, class = void>
inline constexpr bool has_conflicting_range_v = false;
template <class P>
inline constexpr bool has_conflicting_range_v<
    P, std::void_t<conflicting_range_expression<P>>> =
    std::is_same_v<conflicting_range_expression<P>, std::optional<byte_range>>;

/// \returns Whether the request is for the whole file.
inline bool has_a_queue(const lock_request& request,
                        std::error_code& ec) noexcept {
  if (!request.range.is_whole_file())
    ec = std::make_error_code(std::errc::not_supported);
  return !ec;
}

// ---- The optional members ----

template <class P>
struct fifo_convert : P {
  static bool convert(handle_t<P> handle, const lock_request& from,
                      const lock_request& to, std::error_code& ec) noexcept {
    const bool is_converted =
        P::convert(handle, lock_request{from.mode, guarded_bytes},
                   lock_request{to.mode, guarded_bytes}, ec);
    // A place that is held exclusively would stop readers.
    std::error_code ignored;
    if (is_converted ? to.mode == lock_mode::shared : !P::atomic_conversion)
      P::unlock(handle, lock_request{from.mode, all_places}, ignored);
    return is_converted;
  }
};

template <class P>
struct fifo_holder : P {
  static std::optional<process_id>
  holder(handle_t<P> handle, const lock_request& request) noexcept {
    return P::holder(handle, lock_request{request.mode, guarded_bytes});
  }
};

template <class P>
struct fifo_hold : P {
  static bool is_taken_by_another(handle_t<P> handle,
                                  const lock_request& held) noexcept {
    return P::is_taken_by_another(handle,
                                  lock_request{held.mode, guarded_bytes});
  }
};

template <class P>
using fifo_optional_members =
    layer<fifo_convert, has_convert_v<P>,
          layer<fifo_holder, has_holder_v<P>,
                layer<fifo_hold, has_is_taken_by_another_v<P>, P>>>;

} // namespace detail

/// The Platform P with waiters in the order of arrival. The order holds across
/// processes. A waiter that is killed, or gives up, does not stop the others.
///
/// A waiter locks a byte far beyond the data: its place, which is above all
/// places that are taken. It waits for the last locked byte before its own. So
/// one release wakes one waiter. As the kernel keeps the queue, the file need
/// not be written, and a place ends with its process. The owner keeps its place
/// until the release. Adjacent readers hold the lock together.
///
/// P locks ranges of bytes, for an open file and not for a process, and has
/// `conflicting_range(handle, request, ec)`, as posix_ofd_traits has. For timed
/// waits in the kernel write fifo<queued<P>>. If P has no wait in the kernel
/// that ends, the waiter polls, and keeps its place meanwhile.
///
/// A lock with fifo<P> and a lock with P exclude each other. An owner that
/// locks the whole file with P waits until nobody queues, and lets waiters in
/// without order.
///
/// Error conditions, of an acquire: those of P; not_supported: a range.
template <class P>
struct fifo : detail::fifo_optional_members<P> {
  static_assert(P::byte_ranges, "fifo<P>: P must lock ranges of bytes: its "
                                "byte_ranges must be true");
  static_assert(P::ownership == lock_ownership::open_file_description ||
                    P::ownership == lock_ownership::handle,
                "fifo<P>: the owner of a lock of P must be an open file, not a "
                "process or a thread");
  static_assert(detail::has_conflicting_range_v<P> || !P::byte_ranges ||
                    P::ownership == lock_ownership::process,
                "fifo<P>: P must have std::optional<byte_range> "
                "conflicting_range(handle, request, ec)");

  /// The clock of P.
  using clock = detail::clock_t<P>;
  /// One queue serves the whole file.
  static constexpr bool byte_ranges = false;

  /// Attempts to take the lock once. Effects: does not overtake an owner that
  /// waits.
  /// \returns Whether it was taken: false with `ec` clear if another owner
  /// holds it or waits for it. Error conditions: see the class. System calls:
  /// 2, and 1 if an owner waits.
  static bool try_lock(const typename P::native_handle_type& handle,
                       const lock_request& request,
                       std::error_code& ec) noexcept {
    return detail::has_a_queue(request, ec) &&
           !detail::is_queue_taken<P>(handle, request.mode, ec) &&
           P::try_lock(handle,
                       lock_request{request.mode, detail::guarded_bytes}, ec);
  }

  /// Queues, and waits until the lock is taken. Error conditions: see the
  /// class. System calls: 2 if nobody has it; 6 or more for a wait.
  static void lock(const typename P::native_handle_type& handle,
                   const lock_request& request, std::error_code& ec) noexcept {
    if (!detail::has_a_queue(request, ec)) return;
    detail::lock_in_turn<P>(handle, request.mode, ec,
                            [&](const lock_request& awaited) noexcept {
                              return detail::lock_bytes<P>(handle, awaited, ec);
                            });
  }

  /// Queues, and waits for the lock, `end` or the cancel. Effects: leaves the
  /// queue if it does not get the lock. Error conditions: see the class.
  /// \returns Whether it was taken.
  static bool lock_until(const typename P::native_handle_type& handle,
                         const lock_request& request,
                         const typename clock::time_point& end, canceller& stop,
                         std::error_code& ec) noexcept {
    return detail::has_a_queue(request, ec) &&
           detail::lock_in_turn<P>(handle, request.mode, ec,
                                   [&](const lock_request& awaited) noexcept {
                                     return detail::lock_bytes_until<P>(
                                         handle, awaited, end, stop, ec);
                                   });
  }

  /// Releases the lock, with the place. Error conditions: those of P. System
  /// calls: 1.
  static void unlock(const typename P::native_handle_type& handle,
                     const lock_request& request,
                     std::error_code& ec) noexcept {
    P::unlock(handle, request, ec);
  }

  /// Hidden, because queued<fifo<P>> would not queue. Write fifo<queued<P>>.
  static int lock_cancellably(const typename P::native_handle_type&,
                              const lock_request&) = delete;
};

} // namespace v1
} // namespace filelock

#endif
