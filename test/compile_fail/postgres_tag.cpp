// EXPECT: postgres_traits: Tag must have a static connection.. that returns the words of a connection
// ERRORS: 1
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: libpq: libpq-dev is not installed

// A Tag that names its server in another way.

#include <filelock/remote/postgres.hpp>

struct farm {
  static constexpr const char* server = "host=db";
};

bool is_lossy(const std::error_code& ec) {
  return filelock::postgres_traits<farm>::is_loss(ec);
}
