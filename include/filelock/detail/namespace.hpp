// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The version of the library's binary interface, as an inline namespace.
///
/// A program may load two libraries that were built with two versions of these
/// headers. Their classes and their shared state then have different names, so
/// neither calls the other's functions on its own data. Their locks exclude
/// each other all the same: the kernel holds them.
///
/// A change of a class's layout, or of the state that a module keeps, needs a
/// new number here and in every header.

#ifndef FILELOCK_DETAIL_NAMESPACE_HPP
#define FILELOCK_DETAIL_NAMESPACE_HPP

namespace filelock {
inline namespace v1 {}
} // namespace filelock

#endif
