// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: libpq: libpq-dev is not installed
// LINK: filelock_postgres

// Locks of a PostgreSQL server, which exclude programs on many machines.

// tag::tag[]
#include <filelock/basic_file_lock.hpp>
#include <filelock/remote/postgres.hpp>

// end::tag[]
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string>
#include <system_error>

#include "../test/support/postgres_server.hpp"

using namespace std::chrono_literals;

namespace {

// tag::tag[]
struct build_farm {
  static std::string connection() {
    const char* const words = std::getenv("BUILD_FARM_DATABASE");
    return words ? words : "host=db dbname=locks user=builder";
  }
};
using farm_lock =
    filelock::basic_file_lock<filelock::postgres_traits<build_farm>>;
// end::tag[]

// A store that remembers the greatest token.
// tag::store[]
struct store {
  bool write(std::uint64_t token, const std::string& text) {
    if (token < greatest) return false; // an owner that has lost its hold
    greatest = token;
    content = text;
    return true;
  }
  std::uint64_t greatest = 0;
  std::string content;
};
// end::store[]

} // namespace

int main() {
  if (!test::has_postgres_server("example.postgres")) return 0;
  const test::postgres_server server;
  ::setenv("BUILD_FARM_DATABASE", server.connection().c_str(), 1);

  {
    // tag::use[]
    farm_lock lock{"images/nightly"};
    std::lock_guard guard(lock); // waits for owners on all machines
    // end::use[]
  }
  {
    // tag::timed[]
    farm_lock lock{"images/nightly"};
    std::error_code ec;
    if (lock.try_lock_for(200ms, ec)) {
      std::puts("it is mine");
    } else if (ec) {
      std::printf("no lock: %s\n", ec.message().c_str());
    } else {
      std::printf("busy: %s has it\n", lock.holder_name().c_str());
    }
    // end::timed[]
    lock.close();
  }
  store images;
  {
    // tag::fence[]
    farm_lock lock{"images/nightly"};
    lock.lock();
    const filelock::canceller lost = lock.loss();
    for (int part = 0; part != 3 && !lost.requested(); ++part)
      if (!images.write(lock.token(), "part " + std::to_string(part))) break;
    std::error_code ec;
    lock.unlock(ec); // reports a loss, and does not throw
    // end::fence[]
    if (ec) return 1;
  }
  return images.content == "part 2" && !images.write(1, "too late") ? 0 : 1;
}
