// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The two forms of every member that can fail: one throws, the other never
/// does. Both stand on one function that sets an error code and may throw.

#ifndef FILELOCK_DETAIL_LOCK_ERROR_FORMS_HPP
#define FILELOCK_DETAIL_LOCK_ERROR_FORMS_HPP

#include <filelock/detail/no_throw.hpp>
#include <filelock/error.hpp>

#include <system_error>
#include <type_traits>

namespace filelock::detail {

/// \returns What `function(ec)` returns. \throws filesystem_error with the path
/// of `lock` where that sets the code, and what it throws.
template <class Lock, class Function>
auto throwing_form(const Lock& lock, Function function) {
  std::error_code ec;
  if constexpr (std::is_void_v<decltype(function(ec))>) {
    function(ec);
    if (ec) throw_error(lock.path(), ec);
  } else {
    const auto result = function(ec);
    if (ec) throw_error(lock.path(), ec);
    return result;
  }
}

/// \returns What `function()` returns, which may set `ec`; a value-initialised
/// result where it throws, and the exception in `ec`.
template <class Function>
auto error_code_form(std::error_code& ec, Function function) noexcept
    -> decltype(function()) {
  ec.clear();
  return without_exceptions(ec, function);
}

} // namespace filelock::detail

#endif
