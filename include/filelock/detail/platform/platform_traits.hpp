// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The properties of a Platform: its clock and handle, its optional members,
/// and the facts that it may omit.

#ifndef FILELOCK_DETAIL_PLATFORM_PLATFORM_TRAITS_HPP
#define FILELOCK_DETAIL_PLATFORM_PLATFORM_TRAITS_HPP

#include <filelock/detail/platform/facts.hpp>
#include <filelock/detail/platform/optional_members.hpp>
#include <filelock/detail/platform/platform_types.hpp>
#include <filelock/detail/platform/service_members.hpp>

#endif
