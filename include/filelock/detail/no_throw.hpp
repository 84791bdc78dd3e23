// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Turns exceptions into error codes: the one place with try and catch.

#ifndef FILELOCK_DETAIL_NO_THROW_HPP
#define FILELOCK_DETAIL_NO_THROW_HPP

#include <filelock/detail/config.hpp>

#include <new>
#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {

/// \returns The result of `function`. If it throws, a value-initialised one,
/// and `ec` is set for the exception.
template <class Function>
auto without_exceptions(std::error_code& ec, Function function) noexcept
    -> decltype(function()) {
#if FILELOCK_HAS_EXCEPTIONS
  try {
    return function();
  } catch (const std::bad_alloc&) {
    ec = std::make_error_code(std::errc::not_enough_memory);
  } catch (const std::system_error& error) {
    ec = error.code();
    if (!ec) ec = std::make_error_code(std::errc::operation_canceled);
  } catch (...) {
    ec = std::make_error_code(std::errc::operation_canceled);
  }
  return decltype(function())();
#else
  (void)ec;
  return function();
#endif
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
