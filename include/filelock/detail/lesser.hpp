// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Replaces std::min and std::max. Including <algorithm> would be up to a sixth
/// of the cost of compiling file_lock.hpp: see bench/compile_cost.py.

#ifndef FILELOCK_DETAIL_LESSER_HPP
#define FILELOCK_DETAIL_LESSER_HPP

namespace filelock {
inline namespace v1 {
namespace detail {

template <class T>
constexpr const T& lesser(const T& a, const T& b) {
  return b < a ? b : a;
}

template <class T>
constexpr const T& greater(const T& a, const T& b) {
  return a < b ? b : a;
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
