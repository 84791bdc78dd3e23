// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The two forms of every member that can fail: one throws, the other never
/// does. Both call one function that takes a failure& and may throw.

#ifndef FILELOCK_DETAIL_LOCK_ERROR_FORMS_HPP
#define FILELOCK_DETAIL_LOCK_ERROR_FORMS_HPP

#include <filelock/detail/lock/failure.hpp>
#include <filelock/detail/no_throw.hpp>
#include <filelock/error.hpp>

#include <filesystem>
#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {

/// \throws filesystem_error with the path if `failed` is a failure.
inline void throw_if(const failure& failed, const std::filesystem::path& path) {
  if (failed) throw_error(failed.words(), path, failed.code());
}

/// Sets `ec` to the failure of `function(failure&)`. An exception is a failure
/// too. If there is none, clears `ec`.
/// \returns The result of `function`; a value-initialised one if it throws.
template <class Function>
auto error_code_form(std::error_code& ec, Function function) noexcept {
  struct reported_failure : failure {
    explicit reported_failure(std::error_code& to) noexcept : reported(to) {}
    ~reported_failure() { reported = code(); }
    std::error_code& reported;
  };
  reported_failure failed(ec);
  return without_exceptions(failed.code(), [&] { return function(failed); });
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
