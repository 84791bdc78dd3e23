// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The queue of fifo<P> on one file, and processes that wait in it.

#ifndef FILELOCK_TEST_SUPPORT_FIFO_QUEUE_HPP
#define FILELOCK_TEST_SUPPORT_FIFO_QUEUE_HPP

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>
#include <filelock/platform/queued.hpp>

#include "child_process.hpp"
#include "temporary_folder.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <system_error>
#include <vector>

namespace test {

using filelock::fifo;
using filelock::posix_ofd_traits;
using filelock::queued;
using fifo_lock = filelock::basic_file_lock<fifo<posix_ofd_traits>>;
using queued_fifo_lock =
    filelock::basic_file_lock<fifo<queued<posix_ofd_traits>>>;
using plain_lock = filelock::basic_file_lock<posix_ofd_traits>;

// The ways to wait.

struct in_kernel {
  using lock_type = fifo_lock;
  static void acquire(lock_type& lock) { lock.lock(); }
};
struct in_kernel_until {
  using lock_type = queued_fifo_lock;
  static void acquire(lock_type& lock) {
    if (!lock.try_lock_for(patience)) lock.close();
  }
};
struct by_polling {
  using lock_type = fifo_lock;
  static void acquire(lock_type& lock) {
    if (!lock.try_lock_for(patience)) lock.close();
  }
};
struct shared_in_kernel {
  using lock_type = fifo_lock;
  static void acquire(lock_type& lock) { lock.lock_shared(); }
};

/// Counts the places of the queue, as another owner of the file.
class place_counter {
public:
  explicit place_counter(const std::string& path)
      : handle_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)) {
    BOOST_REQUIRE(handle_ >= 0);
  }
  ~place_counter() { ::close(handle_); }
  place_counter(const place_counter&) = delete;
  place_counter& operator=(const place_counter&) = delete;

  /// \returns How many owners have a place.
  std::size_t count() const { return count_between(first, last); }

private:
  static constexpr std::uint64_t first = std::uint64_t(1) << 62;
  static constexpr std::uint64_t last = first * 2 - 1;

  std::size_t count_between(std::uint64_t begin, std::uint64_t end) const {
    if (begin >= end) return 0;
    std::error_code ec;
    const auto found = posix_ofd_traits::conflicting_range(
        handle_, {filelock::lock_mode::exclusive, {begin, end - begin}}, ec);
    BOOST_REQUIRE(!ec);
    if (!found) return 0;
    return (found->length == 1) + count_between(begin, found->offset) +
           count_between(found->offset + found->length, end);
  }

  int handle_;
};

struct queue_file {
  temporary_folder folder;
  std::string path = folder / "a.lock";
  place_counter places{path};

  /// Effects: waits until so many have a place. The owner has none if it did
  /// not wait.
  void wait_for_places(std::size_t count) const {
    BOOST_REQUIRE(wait_until_seen([&] { return places.count() == count; }));
  }

  /// \returns A process that waits in the queue, behind those before. It
  /// answers "locked", and releases when it is told so.
  template <class Way>
  child_process waiter(std::size_t places_then) const {
    child_process child =
        child_process::forked([&](line_channel& parent) -> std::string {
          typename Way::lock_type lock{path};
          Way::acquire(lock);
          parent.write_line(lock.owns_lock() || lock.owns_lock_shared()
                                ? "locked"
                                : "timed out");
          parent.read_line();
          lock.unlock();
          parent.write_line("unlocked");
          parent.read_line();
          return "";
        });
    wait_for_places(places_then);
    return child;
  }
};

/// Effects: checks that each has its turn, one after the other.
inline void check_turns(std::vector<child_process>& waiters) {
  for (std::size_t i = 0; i != waiters.size(); ++i) {
    BOOST_TEST(waiters[i].read_line() == "locked");
    for (std::size_t k = i + 1; k != waiters.size(); ++k)
      BOOST_TEST(!waiters[k].has_line());
    BOOST_TEST(waiters[i].ask("unlock") == "unlocked");
  }
}

} // namespace test

#endif
