// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A protocol with a mistake that no ordinary test shows, and its test: every
// order of the calls of two processes.

#include "support/example.hpp"

// tag::program[]
#include <filelock/file_lock.hpp>

/// Sells the last seat once, whatever the number of programs that sell.
template <class FileLock>
bool sell(FileLock& lock, bool& is_sold) {
  if (is_sold) return false; // a mistake: it looks without the lock
  lock.lock();
  is_sold = true;
  lock.unlock();
  return true;
}
// end::program[]

template <class FileLock>
bool sell_correctly(FileLock& lock, bool& is_sold) {
  lock.lock();
  const bool is_mine = !is_sold;
  is_sold = true;
  lock.unlock();
  return is_mine;
}

// tag::include[]
#include <filelock/testing/explore.hpp>
// end::include[]

#include <string>

namespace {

using example::check;

void finds_the_mistake() {
  // tag::test[]
  using explored_lock = filelock::basic_file_lock<filelock::explored_traits>;
  const auto two_sellers = [](filelock::explored_schedule& schedule) {
    bool is_sold = false;
    int seats = 1;
    for (int seller = 0; seller != 2; ++seller)
      schedule.owner([&] {
        explored_lock lock("/seats.lock");
        schedule.step(); // it touches is_sold, which both share
        if (sell(lock, is_sold)) --seats;
      });
    schedule.run();
    schedule.require(seats >= 0, "one seat is sold twice");
  };
  const filelock::explored_result result = filelock::explore(two_sellers);
  check(!result, "it is not as it should be");
  check(result.failure == "one seat is sold twice", "so it says");
  // end::test[]

  // tag::replay[]
  filelock::explore_options again;
  again.replay =
      result.schedule; // a letter for each step, such as "ABBBBBAAAA"
  check(filelock::explore(two_sellers, again).failure == result.failure,
        "the same happens again");
  // end::replay[]
  std::cout << result.message();
}

void shows_that_it_is_mended() {
  const auto result = filelock::explore([](filelock::explored_schedule& all) {
    bool is_sold = false;
    int seats = 1;
    for (int seller = 0; seller != 2; ++seller)
      all.owner([&] {
        filelock::basic_file_lock<filelock::explored_traits> lock(
            "/seats.lock");
        if (sell_correctly(lock, is_sold)) --seats;
      });
    all.run();
    all.require(!all.has_ended() || seats == 0, "not sold once");
  });
  check(static_cast<bool>(result), "each order is as it should be");
}

void use(const example::temporary_folder&) {
  finds_the_mistake();
  shows_that_it_is_mended();
}

} // namespace

int main() { return example::run(use); }
