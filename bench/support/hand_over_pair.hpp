// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef FILELOCK_BENCH_SUPPORT_HAND_OVER_PAIR_HPP
#define FILELOCK_BENCH_SUPPORT_HAND_OVER_PAIR_HPP

#include "channel.hpp"
#include "child.hpp"
#include "lock_under_test.hpp"
#include "subject.hpp"

#include "../../test/support/temporary_folder.hpp"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace bench {

/// What one wait was like.
struct measurement {
  std::chrono::nanoseconds waited{};
  std::chrono::nanoseconds late{}; ///< after the release, or the deadline
  std::chrono::nanoseconds cpu{};  ///< of the waiter while it waited
};

/// Two processes: this one holds, its child waits.
class hand_over_pair {
public:
  /// \param subjects are kept by reference.
  explicit hand_over_pair(const std::vector<subject>& subjects)
      : subjects_(subjects), waiter_("the waiter", [this] { wait_as_told(); }) {
    begun_.ends().close_writer();
    ended_.ends().close_writer();
    holders_ = open_all();
  }

  /// \returns What the wait for a lock that is released after `hold` was like.
  measurement hand_over(std::size_t index, std::chrono::nanoseconds hold) {
    // No wait meets it: it is there to end one that went wrong.
    constexpr std::chrono::minutes timeout(1);
    lock_under_test& lock = held(index, timeout);
    begun_.receive();
    std::this_thread::sleep_for(hold);
    const auto released = std::chrono::steady_clock::now();
    lock.release();
    const wait_report report = ended_.receive();
    expect(report.is_acquired && report.end >= released, index);
    return {report.end - report.begin, report.end - released, report.cpu};
  }

  /// \returns What a wait that ends by its deadline was like.
  measurement time_out(std::size_t index, std::chrono::nanoseconds timeout) {
    lock_under_test& lock = held(index, timeout);
    begun_.receive();
    const wait_report report = ended_.receive();
    lock.release();
    expect(!report.is_acquired, index);
    return {report.end - report.begin, report.end - (report.begin + timeout),
            report.cpu};
  }

private:
  struct order {
    std::size_t subject = 0;
    std::chrono::nanoseconds timeout{};
  };
  using open_locks = std::vector<std::unique_ptr<lock_under_test>>;

  open_locks open_all() const {
    open_locks result;
    for (const subject& each : subjects_)
      result.push_back(
          each.make(folder_.path() / std::to_string(result.size())));
    return result;
  }

  /// Effects: locks, and tells the waiter to wait.
  lock_under_test& held(std::size_t index, std::chrono::nanoseconds timeout) {
    lock_under_test& lock = *holders_[index];
    // Nobody else has it.
    expect(lock.acquire(std::chrono::steady_clock::now() +
                        std::chrono::minutes(1)),
           index);
    orders_.send({index, timeout});
    return lock;
  }

  void expect(bool is_right, std::size_t index) const {
    if (!is_right)
      throw std::runtime_error(subjects_[index].name +
                               ": the wait has ended in the wrong way");
  }

  void wait_as_told() {
    orders_.ends().close_writer();
    const open_locks locks = open_all();
    while (const std::optional<order> next = orders_.receive_or_end())
      ended_.send(
          locks[next->subject]->wait(next->timeout, [&] { begun_.send('b'); }));
  }

  const std::vector<subject>& subjects_;
  test::temporary_folder folder_;
  channel<order> orders_{"the holder"};
  channel<char> begun_{"the waiter"};
  channel<wait_report> ended_{"the waiter"};
  child waiter_;
  open_locks holders_;
};

} // namespace bench

#endif
