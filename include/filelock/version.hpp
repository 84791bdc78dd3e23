// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The version of the library, as macros so that the preprocessor can ask.
///
/// The version of its binary interface is the inline namespace that each header
/// opens. A program may load two libraries that were built with two versions of
/// the headers. Their classes and their shared state then have different names,
/// so neither calls the other's functions on its own data. Their locks still
/// exclude each other, because the kernel holds them. A change of a class's
/// layout, or of the state that a module keeps, needs a new number.

#ifndef FILELOCK_VERSION_HPP
#define FILELOCK_VERSION_HPP

/// The numbers of the version. The build reads them here.
/// @{
#define FILELOCK_VERSION_MAJOR 0
#define FILELOCK_VERSION_MINOR 1
#define FILELOCK_VERSION_PATCH 0
/// @}

#endif
