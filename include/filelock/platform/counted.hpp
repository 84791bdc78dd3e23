// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// counted<P>: a Platform that numbers its exclusive owners, for fencing.

#ifndef FILELOCK_PLATFORM_COUNTED_HPP
#define FILELOCK_PLATFORM_COUNTED_HPP

#include <filelock/canceller.hpp>
#include <filelock/detail/counted/counting.hpp>
#include <filelock/detail/no_throw.hpp>
#include <filelock/detail/platform/layer.hpp>
#include <filelock/detail/platform/platform_traits.hpp>
#include <filelock/fwd.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/open_options.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <system_error>
#include <type_traits>
#include <utility>

namespace filelock {
inline namespace v1 {

/// The event after which no number is given again.
enum class token_survives {
  /// A loss of power, or a crash of the system. Each acquire waits for the
  /// disk. Needed on file systems that other machines mount.
  power_loss,
  /// The death of a process. After a loss of power, numbers may repeat.
  process_death
};

namespace detail {

template <class P>
using read_bytes_expression = decltype(P::read_bytes(
    std::declval<const typename P::native_handle_type&>(), std::uint64_t(),
    std::declval<char*>(), std::size_t(), std::declval<std::error_code&>()));
template <class P>
using write_bytes_at_expression = decltype(P::write_bytes(
    std::declval<const typename P::native_handle_type&>(), std::uint64_t(),
    std::declval<const char*>(), std::size_t(),
    std::declval<std::error_code&>()));
template <class P>
using sync_content_expression = decltype(P::sync_content(
    std::declval<const typename P::native_handle_type&>(),
    std::declval<std::error_code&>()));
template <class P>
using sync_names_expression =
    decltype(P::sync_names(std::declval<const std::filesystem::path&>(),
                           std::declval<std::error_code&>()));

template <class P>
inline constexpr bool can_count_v = is_valid<read_bytes_expression, P>::value&&
    is_valid<write_bytes_at_expression, P>::value;
template <class P>
inline constexpr bool can_sync_v = is_valid<sync_content_expression, P>::value;
template <class P>
inline constexpr bool has_sync_names_v =
    is_valid<sync_names_expression, P>::value;

/// P with the handles of counted<P>. The functions of P are called with the
/// handle that is in them.
template <class P, bool is_synced>
struct counted_base : P {
  using native_handle_type = counted_handle<P>;

protected:
  using counting = detail::counting<P, is_synced>;
};

// ---- The optional members ----

template <class Base>
struct counted_lock_member : Base {
  static void lock(const typename Base::native_handle_type& handle,
                   const lock_request& request, std::error_code& ec) noexcept {
    if (!Base::counting::is_possible(request, ec)) return;
    Base::lock(handle, request, ec);
    if (!ec) Base::counting::number_or_unlock(handle, request, ec);
  }
};

template <class Base>
struct counted_lock_until : Base {
  static bool lock_until(const typename Base::native_handle_type& handle,
                         const lock_request& request,
                         const typename clock_t<Base>::time_point& end,
                         canceller& stop, std::error_code& ec) noexcept {
    return Base::counting::is_possible(request, ec) &&
           Base::lock_until(handle, request, end, stop, ec) &&
           Base::counting::number_or_unlock(handle, request, ec);
  }
};

template <class Base>
struct counted_convert : Base {
  static bool convert(const typename Base::native_handle_type& handle,
                      const lock_request& from, const lock_request& to,
                      std::error_code& ec) noexcept {
    if (!Base::convert(handle, from, to, ec)) return false;
    // Nobody else can have had a number since.
    if (Base::atomic_conversion && to.mode == lock_mode::shared) return true;
    if (Base::counting::number(handle, to, ec)) return true;
    // A refused conversion leaves the lock as it was, if it is atomic.
    std::error_code ignored;
    if constexpr (Base::atomic_conversion)
      Base::convert(handle, to, from, ignored);
    else
      Base::unlock(handle, to, ignored);
    return false;
  }
};

template <class P, bool is_synced>
using counted_optional_members =
    layer<counted_lock_member, has_lock_v<P>,
          layer<counted_lock_until, has_lock_until_v<P>,
                layer<counted_convert, has_convert_v<P>,
                      counted_base<P, is_synced>>>>;

} // namespace detail

/// The Platform P with token(). It keeps a counter in the lock file, which
/// every exclusive owner raises by at least 1 before it has the lock. An
/// exclusive hold has the number that it wrote. A shared hold has the number of
/// the last exclusive owner. Two numbers are never the same, whenever a process
/// is killed, and with token_survives::power_loss whenever the power is lost.
/// The file has two numbers of 55 bytes, which are written in turn: see
/// doc/concepts/numbers.md.
///
/// A file that is removed, truncated or restored from a copy counts from there.
/// So open_options::remove_on_release is refused. A lock that adopts a handle
/// has no number for it: its token() is 0, which nobody else has.
///
/// P has read_bytes() and write_bytes(), and for power_loss sync_content(), as
/// posix_file and win_file have. It may have sync_names(path, ec), which keeps
/// the name of a new file. For timed waits in the kernel write
/// counted<queued<P>>.
///
/// Error conditions, of an acquire: invalid_argument: the file has other
/// content, or both numbers are damaged; it stays as it is. value_too_large:
/// the greatest number is used up. not_supported: a range. Those of pread(2),
/// pwrite(2) and fdatasync(2), or ReadFile, WriteFile and FlushFileBuffers: the
/// file must be open for writing. The lock is not held after an error.
///
/// System calls, of an acquire, with those of posix_file: 2 more if it is
/// shared, 3 more if it is exclusive. With power_loss another one, which waits
/// for the disk, even after a deadline.
template <class P, token_survives Event = token_survives::power_loss>
struct counted
    : detail::counted_optional_members<P, Event == token_survives::power_loss> {
  static_assert(!detail::has_token_v<P>,
                "counted<P>: P has token(handle) already");
  static_assert(detail::can_count_v<P> || detail::has_token_v<P>,
                "counted<P>: P must have read_bytes and write_bytes, as "
                "posix_file has, and no content of its own in the file, as "
                "marked<P> and posix_robust_traits have");
  static_assert(detail::can_sync_v<P> || !detail::can_count_v<P> ||
                    Event != token_survives::power_loss,
                "counted<P>: P must have sync_content(handle, ec), or use "
                "token_survives::process_death");

  /// The handle of P, and the number of its hold. Converts to the handle of P,
  /// and from it.
  using native_handle_type = detail::counted_handle<P>;

  /// One number serves the whole file.
  static constexpr bool byte_ranges = false;

  /// Opens the file. Effects: if it is empty, its name is on the disk before
  /// the first number is given. \returns As P. System calls: as P; with
  /// power_loss 1 more, and for an empty file 2 more and 5 for each folder.
  /// Error conditions: not_supported: a folder or a device; those of P.
  static native_handle_type open(const std::filesystem::path& path,
                                 const open_options& options,
                                 std::error_code& ec) noexcept {
    if (options.directory || options.device)
      ec = std::make_error_code(std::errc::not_supported);
    if (ec) return P::invalid_handle;
    const typename P::native_handle_type handle = P::open(path, options, ec);
    if (ec) return handle;
    if constexpr (Event == token_survives::power_loss &&
                  detail::has_sync_names_v<P>) {
      char first;
      const bool is_empty = P::read_bytes(handle, 0, &first, 1, ec) == 0;
      if (!ec && is_empty) P::sync_names(path, ec);
    }
    auto number = detail::without_exceptions(
        ec, [&] { return ec ? nullptr : std::make_shared<std::uint64_t>(0); });
    if (!ec) return {handle, std::move(number)};
    P::close(handle);
    return P::invalid_handle;
  }

  /// Attempts to take the lock once, and numbers the hold. Error conditions and
  /// system calls: see the class.
  /// \returns Whether it was taken: false with `ec` clear if another owner
  /// holds it.
  static bool try_lock(const native_handle_type& handle,
                       const lock_request& request,
                       std::error_code& ec) noexcept {
    return counting::is_possible(request, ec) &&
           P::try_lock(handle, request, ec) &&
           counting::number_or_unlock(handle, request, ec);
  }

  /// \returns The number of the hold. 0 if the handle was adopted.
  /// System calls: none.
  static std::uint64_t token(const native_handle_type& handle) noexcept {
    return handle.number();
  }

  /// Hidden, because a file that is removed forgets its number.
  static void remove(const std::filesystem::path&, const native_handle_type&,
                     std::error_code&) noexcept = delete;

  /// Hidden, because queued<counted<P>> would not count. Write
  /// counted<queued<P>>.
  static int lock_cancellably(const native_handle_type&,
                              const lock_request&) = delete;

  /// Hidden, because the numbers are the whole content of the file.
  /// @{
  static void write_bytes(const native_handle_type&) = delete;
  static void read_single_byte(const native_handle_type&) = delete;
  /// @}

private:
  using counting = detail::counting<P, Event == token_survives::power_loss>;
};

} // namespace v1
} // namespace filelock

#endif
