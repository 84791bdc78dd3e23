// EXPECT: write_owner: the Platform must have read_bytes, write_bytes
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The mark is the whole content of the file.

#include <filelock/owner_record.hpp>
#include <filelock/platform/marked.hpp>

using marked_lock =
    filelock::basic_file_lock<filelock::marked<filelock::native_traits>>;

void name(const marked_lock& lock) { filelock::write_owner(lock); }
