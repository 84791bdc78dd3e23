// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Locks of services, and what is measured of them: a pair of lock and unlock,
// and how long after a release the waiter returns.

#ifndef FILELOCK_BENCH_SUPPORT_SERVICE_SUBJECTS_HPP
#define FILELOCK_BENCH_SUPPORT_SERVICE_SUBJECTS_HPP

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace bench_service {

struct lock_under_test {
  virtual ~lock_under_test() = default;
  virtual void lock() = 0;
  virtual void unlock() = 0;
};

template <class Lock>
struct by_library final : lock_under_test {
  explicit by_library(const std::filesystem::path& name) : lock_(name) {}
  void lock() override { lock_.lock(); }
  void unlock() override { lock_.unlock(); }
  Lock lock_;
};
struct subject {
  std::string name;
  std::unique_ptr<lock_under_test> holder;
  std::unique_ptr<lock_under_test> waiter;
  std::vector<double> pairs{};      // microseconds each
  std::vector<double> hand_overs{}; // microseconds
};

inline double microseconds(std::chrono::steady_clock::duration time) {
  return std::chrono::duration<double, std::micro>(time).count();
}

inline double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

inline void measure_pairs(subject& each, int count) {
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i != count; ++i) {
    each.holder->lock();
    each.holder->unlock();
  }
  each.pairs.push_back(microseconds(std::chrono::steady_clock::now() - start) /
                       count);
}

inline void measure_hand_over(subject& each) {
  each.holder->lock();
  std::chrono::steady_clock::time_point granted;
  std::thread wait([&] {
    each.waiter->lock();
    granted = std::chrono::steady_clock::now();
  });
  std::this_thread::sleep_for(
      std::chrono::milliseconds(10)); // it waits in the queue by then
  const auto released = std::chrono::steady_clock::now();
  each.holder->unlock();
  wait.join();
  each.hand_overs.push_back(microseconds(granted - released));
  each.waiter->unlock();
}

template <class Lock>
subject make(std::string name, const std::filesystem::path& path) {
  return {std::move(name), std::make_unique<by_library<Lock>>(path),
          std::make_unique<by_library<Lock>>(path)};
}

/// The subjects take turns in one run.
inline void measure(std::vector<subject>& all, bool is_smoke) {
  const int rounds = is_smoke ? 2 : 300;
  for (int round = 0; round != rounds; ++round)
    for (subject& each : all) {
      measure_pairs(each, is_smoke ? 2 : 40);
      measure_hand_over(each);
    }
  std::printf("%-32s %12s %16s\n", "medians", "pair, us", "hand-over, us");
  for (const subject& each : all)
    std::printf("%-32s %12.1f %16.1f\n", each.name.c_str(), median(each.pairs),
                median(each.hand_overs));
}

/// \param peer What `each` is compared with.
inline void print_ratio(const subject& each, const subject& peer) {
  std::printf("%s to %s: pair %.2fx (goal 1.3), hand-over %.2fx (goal 1.2)\n",
              each.name.c_str(), peer.name.c_str(),
              median(each.pairs) / median(peer.pairs),
              median(each.hand_overs) / median(peer.hand_overs));
}

} // namespace bench_service

#endif
