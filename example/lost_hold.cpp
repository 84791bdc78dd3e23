// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A program whose lock is that of a service, and its tests: the owner sleeps
// over its lease, and answers get lost, on a virtual clock.

#include "support/example.hpp"

// tag::program[]
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

/// What the lock guards. It refuses an owner that has been overtaken.
class price_store {
public:
  /// \returns Whether the price was set.
  bool set(const std::string& item, int price, std::uint64_t token) {
    if (token < newest_) return false;
    newest_ = token;
    prices_[item] = price;
    return true;
  }

private:
  std::uint64_t newest_ = 0;
  std::map<std::string, int> prices_;
};

template <class Lock>
class price_writer {
public:
  explicit price_writer(price_store& store) : store_(store) {}

  /// \returns Whether the price was set: false if the hold was lost meanwhile.
  template <class Compute>
  bool write(const std::string& item, Compute compute) {
    const std::lock_guard guard(lock_);
    const std::uint64_t token = lock_.token();
    const int price = compute();
    // The store has the last word: the hold may be lost after this question.
    return lock_.still_valid() && store_.set(item, price, token);
  }

private:
  price_store& store_;
  Lock lock_{"prices"};
};
// end::program[]

// tag::include[]
#include <filelock/testing/simulated_service.hpp>

using tested_writer = price_writer<filelock::simulated_service_lock>;
// end::include[]

#include <chrono>

namespace {

using namespace std::chrono_literals;
using example::check;

void sleeps_over_its_lease() {
  // tag::sleeps[]
  filelock::simulation world;
  filelock::simulated_service service(9s); // the lease
  price_store store;
  tested_writer writer(store);
  tested_writer other(store);
  const bool is_set = writer.write("tea", [&] {
    service.suspend_for(10s); // the machine sleeps
    check(other.write("tea", [] { return 3; }), "another owner is let in");
    return 2;
  });
  check(!is_set, "the first one is refused");
  // end::sleeps[]
}

void is_stopped_between_question_and_write() {
  // tag::fenced[]
  price_store store;
  check(store.set("tea", 3, 2), "the owner of hold number 2");
  check(!store.set("tea", 2, 1), "an owner that sleeps before it calls set()");
  // end::fenced[]
}

void loses_messages() {
  // tag::loses[]
  filelock::simulation world;
  filelock::simulated_service service(9s);
  price_store store;
  tested_writer writer(store);
  check(writer.write("tea", [] { return 2; }), "in its first session");
  service.lose_answers(); // it is let in, and does not hear of it
  check(writer.write("tea", [] { return 3; }), "it asks again, in a new one");
  check(service.last_token() == 3, "number 2 is nobody's");
  check(world.now() == 1s, "after the patience");
  check(service.sessions() == 1, "and the first session is gone");
  // end::loses[]
}

void loses_its_session() {
  // tag::ends[]
  filelock::simulation world;
  filelock::simulated_service service; // only the connection keeps a session
  price_store store;
  tested_writer writer(store);
  const bool is_set = writer.write("tea", [&] {
    service.end_sessions(); // a restart
    return 2;
  });
  check(!is_set, "it notices");
  check(writer.write("tea", [] { return 2; }), "and connects anew");
  // end::ends[]
}

} // namespace

int main() {
  return example::run([](const example::temporary_folder&) {
    sleeps_over_its_lease();
    is_stopped_between_question_and_write();
    loses_messages();
    loses_its_session();
  });
}
