// EXPECT: could not convert|no (viable|matching)|conversion from
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A path does not become a lock by itself.

#include <filelock/filelock.hpp>

void use(filelock::file_lock);
void convert() { use(std::filesystem::path("file")); }
