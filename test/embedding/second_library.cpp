// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#include <filelock/backoff/wait_state.hpp>

#include <chrono>

namespace {

int times_asked = 0;

// Of the same name as the other library's, and of another size and type.
struct own_pause {
  std::chrono::microseconds next{100};

  std::chrono::microseconds operator()(const filelock::wait_state&) {
    ++times_asked;
    return next *= 2;
  }
};

} // namespace

#include "library.hpp"
