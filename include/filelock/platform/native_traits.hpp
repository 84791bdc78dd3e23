// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// native_traits: the platform of the system that is compiled for, as chosen in
/// detail/config.hpp.

#ifndef FILELOCK_PLATFORM_NATIVE_TRAITS_HPP
#define FILELOCK_PLATFORM_NATIVE_TRAITS_HPP

#include <filelock/detail/config.hpp>
#include <filelock/fwd.hpp>

#include FILELOCK_NATIVE_TRAITS_HEADER

#endif
