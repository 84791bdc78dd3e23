// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// marked<P>: a Platform that knows whether the last owner died.

#ifndef FILELOCK_PLATFORM_MARKED_HPP
#define FILELOCK_PLATFORM_MARKED_HPP

#include <filelock/canceller.hpp>
#include <filelock/detail/platform/layer.hpp>
#include <filelock/detail/platform/platform_traits.hpp>
#include <filelock/detail/platform/queue_members.hpp>
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
using read_single_byte_expression = decltype(P::read_single_byte(
    std::declval<const typename P::native_handle_type&>(),
    std::declval<std::error_code&>()));
template <class P, class = void>
inline constexpr bool has_single_byte_v = false;
template <class P>
inline constexpr bool
    has_single_byte_v<P, std::void_t<read_single_byte_expression<P>>> =
        std::is_same_v<read_single_byte_expression<P>, std::optional<char>>;

enum class mark : char { released = '0', held = '1', held_after_death = '2' };

/// \returns The mark in the file. Nothing if `ec` is set.
template <class P>
std::optional<mark> read_mark(handle_t<P> handle,
                              std::error_code& ec) noexcept {
  const std::optional<char> byte = P::read_single_byte(handle, ec);
  if (ec) return std::nullopt;
  const auto found = static_cast<mark>(byte.value_or('0'));
  if (found == mark::released || found == mark::held ||
      found == mark::held_after_death)
    return found;
  ec = std::make_error_code(std::errc::invalid_argument);
  return std::nullopt;
}

/// Marks that the lock was granted as `request` says.
/// \returns Whether there was no error.
template <class P>
bool mark_found(handle_t<P> handle, const lock_request& request,
                std::error_code& ec) noexcept {
  const std::optional<mark> found = read_mark<P>(handle, ec);
  if (ec || request.mode != lock_mode::exclusive) return !ec;
  const mark next =
      *found == mark::released ? mark::held : mark::held_after_death;
  if (next != *found) P::write_single_byte(handle, static_cast<char>(next), ec);
  return !ec;
}

/// Marks the grant, and releases the lock after an error.
template <class P>
bool mark_held(handle_t<P> handle, const lock_request& request,
               std::error_code& ec) noexcept {
  if (mark_found<P>(handle, request, ec)) return true;
  std::error_code ignored;
  P::unlock(handle, request, ignored);
  return false;
}

template <class P>
void mark_released(handle_t<P> handle, std::error_code& ec) noexcept {
  P::write_single_byte(handle, static_cast<char>(mark::released), ec);
}

/// \returns Whether one mark is enough for the request.
inline bool is_markable(const lock_request& request,
                        std::error_code& ec) noexcept {
  if (!request.range.is_whole_file())
    ec = std::make_error_code(std::errc::not_supported);
  return !ec;
}

// ---- The optional members ----

template <class P>
struct marked_lock : P {
  static void lock(handle_t<P> handle, const lock_request& request,
                   std::error_code& ec) noexcept {
    if (!is_markable(request, ec)) return;
    P::lock(handle, request, ec);
    if (!ec) mark_held<P>(handle, request, ec);
  }
};

template <class P>
struct marked_lock_until : P {
  static bool lock_until(handle_t<P> handle, const lock_request& request,
                         const typename clock_t<P>::time_point& end,
                         canceller& stop, std::error_code& ec) noexcept {
    return is_markable(request, ec) &&
           P::lock_until(handle, request, end, stop, ec) &&
           mark_held<P>(handle, request, ec);
  }
};

/// The parts of marked_lock_until, of P = queued<...>. A wait begins after an
/// attempt, which has looked at the request.
template <class P>
struct marked_queue : marked_lock_until<P> {
  using waits_in_queue = marked_queue;
  template <class Wait>
  static bool end_wait(Wait* wait, handle_t<P> handle,
                       const lock_request& request,
                       std::error_code& ec) noexcept {
    return P::end_wait(wait, handle, request, ec) &&
           mark_held<P>(handle, request, ec);
  }
};

template <class P>
struct marked_convert : P {
  static bool convert(handle_t<P> handle, const lock_request& from,
                      const lock_request& to, std::error_code& ec) noexcept {
    std::optional<mark> before;
    if (from.mode == lock_mode::exclusive) {
      before = read_mark<P>(handle, ec);
      // Before the release lets others in.
      if (!ec) mark_released<P>(handle, ec);
    }
    if (!ec && P::convert(handle, from, to, ec) &&
        mark_converted(handle, from, to, ec))
      return true;
    std::error_code ignored;
    if (P::atomic_conversion && before)
      P::write_single_byte(handle, static_cast<char>(*before), ignored);
    return false;
  }

private:
  // A refused conversion leaves the lock as it was, if it is atomic.
  static bool mark_converted(handle_t<P> handle, const lock_request& from,
                             const lock_request& to,
                             std::error_code& ec) noexcept {
    if (mark_found<P>(handle, to, ec)) return true;
    std::error_code ignored;
    if constexpr (P::atomic_conversion)
      P::convert(handle, to, from, ignored);
    else
      P::unlock(handle, to, ignored);
    return false;
  }
};

template <class P>
using marked_optional_members = layer<
    marked_lock, has_lock_v<P>,
    layer<marked_queue, waits_in_queue_v<P>,
          layer<marked_lock_until, has_lock_until_v<P> && !waits_in_queue_v<P>,
                layer<marked_convert, has_convert_v<P>, P>>>>;

} // namespace detail

/// The Platform P with previous_owner_died(). It keeps one byte in the lock
/// file, so that the mark of a death outlives every process:
///
/// - '0', or an empty file: the last exclusive owner has released the lock
/// - '1': an exclusive owner holds the lock, or has died with it
/// - '2': the same, and that owner's predecessor has died too
///
/// An exclusive acquire writes '1' if it finds '0', otherwise '2'. A release
/// and a downgrade write '0'. A shared owner only reads the byte. An owner that
/// does not use marked<P> leaves no mark.
///
/// P has `read_single_byte(handle, ec)` and `write_single_byte(handle, byte,
/// ec)`, as posix_file and win_file have. For timed waits in the kernel write
/// marked<queued<P>>.
///
/// Error conditions, of an acquire: invalid_argument: the file has other
/// content, which stays as it is; not_supported: a range; those of pread(2) and
/// pwrite(2), or ReadFile and WriteFile: the file must be open for writing.
///
/// System calls: 2 more for an exclusive acquire, 1 more for its release.
template <class P>
struct marked : detail::marked_optional_members<P> {
  static_assert(detail::has_single_byte_v<P>,
                "marked<P>: P must have std::optional<char> "
                "read_single_byte(handle, ec), and void "
                "write_single_byte(handle, byte, ec)");

  static_assert(
      !detail::has_previous_owner_died_v<P>,
      "marked<P>: P has previous_owner_died(handle, request) already");

  /// One byte serves the whole file.
  static constexpr bool byte_ranges = false;

  /// Attempts to take the lock once, and marks the file. Error conditions and
  /// system calls: see the class.
  /// \returns Whether it was taken: false with `ec` clear if another owner
  /// holds it.
  static bool try_lock(const typename P::native_handle_type& handle,
                       const lock_request& request,
                       std::error_code& ec) noexcept {
    return detail::is_markable(request, ec) &&
           P::try_lock(handle, request, ec) &&
           detail::mark_held<P>(handle, request, ec);
  }

  /// Clears the mark, and releases the lock. Error conditions: those of P, and
  /// of writing the mark. System calls: see the class. Effects: if the file
  /// cannot be written, the next owner sees a death.
  static void unlock(const typename P::native_handle_type& handle,
                     const lock_request& request,
                     std::error_code& ec) noexcept {
    std::error_code error;
    if (request.mode == lock_mode::exclusive)
      detail::mark_released<P>(handle, error);
    P::unlock(handle, request, ec);
    if (!ec) ec = error;
  }

  /// \returns Whether the previous exclusive owner ended without a release.
  /// Also true if the file cannot be read. Preconditions: locked as `request`
  /// says.
  /// System calls: 1.
  static bool previous_owner_died(const typename P::native_handle_type& handle,
                                  const lock_request& request) noexcept {
    std::error_code ec;
    const std::optional<detail::mark> found = detail::read_mark<P>(handle, ec);
    if (ec) return true;
    return request.mode == lock_mode::exclusive
               ? *found == detail::mark::held_after_death
               : *found != detail::mark::released;
  }

  /// Hidden, because queued<marked<P>> would not mark. Write marked<queued<P>>.
  static int lock_cancellably(const typename P::native_handle_type&,
                              const lock_request&) = delete;

  /// Hidden, because the mark is the whole content of the file.
  static void write_bytes(const typename P::native_handle_type&) = delete;
};

} // namespace v1
} // namespace filelock

#endif
