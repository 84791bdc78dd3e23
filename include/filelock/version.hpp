// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The version of the library, as macros so that the preprocessor can ask.

#ifndef FILELOCK_VERSION_HPP
#define FILELOCK_VERSION_HPP

/// A number of the version. The build reads it here.
/// @{
#define FILELOCK_VERSION_MAJOR 0
#define FILELOCK_VERSION_MINOR 1
#define FILELOCK_VERSION_PATCH 0
/// @}

#endif
