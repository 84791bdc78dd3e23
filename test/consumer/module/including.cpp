// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#include <filelock/filelock.hpp>

bool is_busy_for_header(filelock::file_lock& lock) { return !lock.try_lock(); }
