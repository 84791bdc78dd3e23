// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#include <filelock/backoff/wait_state.hpp>

#include <chrono>

namespace {

int times_asked = 0;

struct own_pause {
  std::chrono::milliseconds operator()(const filelock::wait_state&) const {
    ++times_asked;
    return std::chrono::milliseconds(1);
  }
};

} // namespace

#include "library.hpp"
