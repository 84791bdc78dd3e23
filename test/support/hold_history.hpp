// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// What many owners of one lock believed, and when; and whether that can be
/// true.

#ifndef FILELOCK_TEST_SUPPORT_HOLD_HISTORY_HPP
#define FILELOCK_TEST_SUPPORT_HOLD_HISTORY_HPP

#include <sys/mman.h>
#include <time.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string>
#include <system_error>
#include <vector>

namespace test {

/// \returns Nanoseconds on the clock of all processes of this machine.
inline std::int64_t now_for_all() {
  ::timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

/// How a hold ended.
enum class hold_end : int { killed, unlocked, lost };

/// One hold, as its owner believed in it.
struct believed_hold {
  std::uint64_t token = 0;
  std::int64_t begin = 0;
  /// The last time of which the owner learned later that it still held.
  std::int64_t end = 0;
  hold_end why = hold_end::killed;
  /// Whether the resource refused a write under its token.
  bool was_refused = false;
};

/// What a history shows.
struct history_report {
  std::vector<std::string> contradictions;
  int lost = 0;
  int overlaps = 0;
  std::int64_t longest_overlap = 0;
  int refused = 0;
};

/// Compares all holds.
/// \param may_overlap: whether a hold that was lost, or whose owner was killed,
/// may overlap the next one: the owner learns of the loss when the service has
/// let the next one in.
inline history_report check_history(std::vector<believed_hold> holds,
                                    bool may_overlap) {
  history_report result;
  const auto contradiction = [&](const char* words, const believed_hold& one,
                                 const believed_hold& other) {
    result.contradictions.push_back(std::string(words) + ": tokens " +
                                    std::to_string(one.token) + " and " +
                                    std::to_string(other.token));
  };
  std::sort(holds.begin(), holds.end(),
            [](const believed_hold& a, const believed_hold& b) {
              return a.begin < b.begin;
            });
  for (std::size_t i = 0; i != holds.size(); ++i) {
    const believed_hold& one = holds[i];
    result.lost += one.why == hold_end::lost;
    result.refused += one.was_refused;
    if (one.was_refused && one.why == hold_end::unlocked)
      contradiction("a hold that was not lost was refused", one, one);
    if (i + 1 == holds.size()) break;
    // They are many, so each is compared with those that began during it.
    for (std::size_t j = i + 1; j != holds.size(); ++j) {
      const believed_hold& next = holds[j];
      if (next.token <= one.token)
        contradiction("a number that does not rise", one, next);
      if (next.begin >= one.end) break;
      ++result.overlaps;
      result.longest_overlap = (std::max)(
          result.longest_overlap, (std::min)(one.end, next.end) - next.begin);
      if (!may_overlap || one.why == hold_end::unlocked)
        contradiction("two owners at once", one, next);
    }
  }
  return result;
}

/// A history that forked processes write together, and the resource that the
/// lock guards.
class shared_history {
public:
  static constexpr std::size_t most = 200'000;

  shared_history() {
    void* const memory =
        ::mmap(nullptr, sizeof(contents), PROT_READ | PROT_WRITE,
               MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
      throw std::system_error(errno, std::generic_category(), "mmap");
    at_ = static_cast<contents*>(memory);
  }
  ~shared_history() { ::munmap(at_, sizeof(contents)); }
  shared_history(const shared_history&) = delete;
  shared_history& operator=(const shared_history&) = delete;

  void finish() { at_->is_over = true; }
  bool is_over() const { return at_->is_over || at_->count >= most; }

  /// \returns A record for its owner to fill in.
  believed_hold& new_hold() { return at_->holds[at_->count++]; }

  /// The resource. \returns Whether it accepts a write under that token: it has
  /// accepted none under a greater one.
  bool write(std::uint64_t token) {
    std::uint64_t greatest = at_->greatest_token;
    while (token > greatest)
      if (at_->greatest_token.compare_exchange_weak(greatest, token))
        return true;
    return token == greatest;
  }

  void count_error() { ++at_->errors; }
  std::size_t errors() const { return at_->errors; }

  /// \returns The holds of which their owners were ever sure.
  std::vector<believed_hold> holds() const {
    std::vector<believed_hold> result;
    const std::size_t count = (std::min)(most, at_->count.load());
    for (std::size_t i = 0; i != count; ++i)
      if (at_->holds[i].end != 0) result.push_back(at_->holds[i]);
    return result;
  }

private:
  struct contents {
    std::atomic<bool> is_over;
    std::atomic<std::size_t> count;
    std::atomic<std::size_t> errors;
    std::atomic<std::uint64_t> greatest_token;
    believed_hold holds[most + 100]; // of more contenders than there are
  };

  contents* at_;
};

} // namespace test

#endif
