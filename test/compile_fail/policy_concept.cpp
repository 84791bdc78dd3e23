// EXPECT: constraints? not satisfied
// REQUIRES: c++20
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The concept refuses what is no BackoffPolicy.

#include <filelock/filelock.hpp>

template <filelock::backoff_policy B>
void use() {}
void call() { use<int>(); }
