// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Casts to types that each system chooses.

#ifndef FILELOCK_DETAIL_INTEGER_CAST_HPP
#define FILELOCK_DETAIL_INTEGER_CAST_HPP

namespace filelock {
inline namespace v1 {
namespace detail {

/// Casts to a type of the system, which may be the type of `value` already:
/// GCC's -Wuseless-cast warns of that, but not in a template.
/// Preconditions: the type can hold `value`.
template <class To, class From>
constexpr To integer_cast(From value) noexcept {
  return static_cast<To>(value);
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
