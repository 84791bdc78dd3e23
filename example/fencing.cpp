// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A store that refuses an owner whose lock was lost meanwhile.

#include "support/example.hpp"

// tag::store[]
#include <filelock/basic_file_lock.hpp>
#include <filelock/platform/counted.hpp>

#include <cstdint>
#include <mutex>
#include <string>
#include <utility>

/// What the lock guards, such as a server with a file of its own. It checks the
/// number and writes in one step, and keeps the greatest number with the data.
class store {
public:
  /// \returns Whether the value was written: not by an owner whose number is
  /// less than one that has written.
  bool write(std::uint64_t token, std::string value) {
    const std::lock_guard guard(mutex_);
    if (token < greatest_) return false;
    greatest_ = token;
    value_ = std::move(value);
    return true;
  }

  std::string value() const {
    const std::lock_guard guard(mutex_);
    return value_;
  }

private:
  mutable std::mutex mutex_;
  std::uint64_t greatest_ = 1; // 0 is no number of an owner
  std::string value_;
};
// end::store[]

// tag::owner[]
using numbered_lock =
    filelock::basic_file_lock<filelock::counted<filelock::native_traits>>;

bool update(numbered_lock& lock, store& shared, const std::string& value) {
  const std::lock_guard guard(lock);
  return shared.write(lock.token(), value);
}
// end::owner[]

namespace {

using example::check;

void use(const example::temporary_folder& folder) {
  store shared;
  numbered_lock lock{folder / "store.lock"};
  check(update(lock, shared, "first"), "an owner writes");

  // tag::late[]
  std::unique_lock<numbered_lock> sleeper(lock);
  const std::uint64_t token = lock.token();
  // The machine sleeps here, and loses the lock; another owner takes it.
  sleeper.unlock();
  numbered_lock other{lock.path()};
  check(update(other, shared, "second"), "the next owner writes");
  // The first one wakes, and believes that it still holds the lock.
  check(!shared.write(token, "late"), "its number is refused");
  // end::late[]
  check(shared.value() == "second", "nothing is lost");
  check(update(lock, shared, "third"), "it may write again with a new hold");
}

} // namespace

int main() { return example::run(use); }
