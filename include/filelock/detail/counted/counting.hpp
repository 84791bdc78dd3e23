// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// A handle that remembers the number of its hold, and how it gets one.

#ifndef FILELOCK_DETAIL_COUNTED_COUNTING_HPP
#define FILELOCK_DETAIL_COUNTED_COUNTING_HPP

#include <filelock/detail/counted/counter.hpp>
#include <filelock/lock_request.hpp>

#include <cstdint>
#include <memory>
#include <system_error>
#include <type_traits>
#include <utility>

namespace filelock {
inline namespace v1 {
namespace detail {

/// A handle of P, and the number of its hold. The number is kept here, because
/// an owner that lost its lock, on a network file system, would read the number
/// of the next owner in the file.
template <class P>
class counted_handle {
public:
  using native_type = typename P::native_handle_type;

  /// The handle without a number, as one that is adopted.
  template <class Handle, class = std::enable_if_t<
                              std::is_convertible_v<Handle, native_type>>>
  counted_handle(const Handle& handle) noexcept : native_(handle) {}
  counted_handle(native_type handle, std::shared_ptr<std::uint64_t> number)
      : native_(handle), number_(std::move(number)) {}

  operator native_type() const noexcept { return native_; }

  std::uint64_t number() const noexcept { return number_ ? *number_ : 0; }
  void set_number(std::uint64_t number) const noexcept {
    if (number_) *number_ = number;
  }

private:
  native_type native_;
  std::shared_ptr<std::uint64_t> number_; // shared by the copies
};

/// Numbers the owners of P.
template <class P, bool is_synced>
struct counting {
  using handle_type = counted_handle<P>;

  /// \returns Whether one number is enough for the request.
  static bool is_possible(const lock_request& request,
                          std::error_code& ec) noexcept {
    if (!request.range.is_whole_file())
      ec = std::make_error_code(std::errc::not_supported);
    return !ec;
  }

  /// Gives the owner its number. Preconditions: locked as `request` says.
  /// \returns Whether there was no error.
  static bool number(const handle_type& handle, const lock_request& request,
                     std::error_code& ec) noexcept {
    const typename P::native_handle_type native = handle;
    std::uint64_t result = 0;
    if (request.mode == lock_mode::exclusive) {
      result = next_number<P, is_synced>(native, ec);
    } else {
      result = read_counter<P>(native, ec).newest;
      // Its owner may have died before the number was on the disk.
      if constexpr (is_synced)
        if (!ec) P::sync_content(native, ec);
    }
    if (!ec) handle.set_number(result);
    return !ec;
  }

  /// Gives the hold a number, and releases it after an error.
  static bool number_or_unlock(const handle_type& handle,
                               const lock_request& request,
                               std::error_code& ec) noexcept {
    if (number(handle, request, ec)) return true;
    std::error_code ignored;
    P::unlock(handle, request, ignored);
    return false;
  }
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
