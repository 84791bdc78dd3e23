// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// default_backoff: the policy of a lock that names none.

#ifndef FILELOCK_BACKOFF_DEFAULT_BACKOFF_HPP
#define FILELOCK_BACKOFF_DEFAULT_BACKOFF_HPP

#include <filelock/backoff/proportional_backoff.hpp>
#include <filelock/fwd.hpp>

#endif
