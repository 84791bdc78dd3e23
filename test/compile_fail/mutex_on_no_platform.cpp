// EXPECT: Platform: native_handle_type must be a type
// ERRORS: 1
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A mutex asks of its Platform what a lock does.

#include <filelock/filelock.hpp>

struct no_platform {};
filelock::basic_file_mutex<no_platform> mutex("file");
