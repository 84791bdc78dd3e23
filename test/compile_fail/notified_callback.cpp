// EXPECT: the callback must take const wait_state& or const wait_result&
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A callback that could never be called.

#include <filelock/filelock.hpp>

struct callback {
  void operator()(int) const;
};

filelock::notified<filelock::yield_backoff, callback>* pointer = nullptr;
auto size = sizeof(*pointer);
