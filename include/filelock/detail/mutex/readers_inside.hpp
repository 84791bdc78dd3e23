// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The readers of one shared hold, and how often they have been relieved.

#ifndef FILELOCK_DETAIL_MUTEX_READERS_INSIDE_HPP
#define FILELOCK_DETAIL_MUTEX_READERS_INSIDE_HPP

#include <algorithm>
#include <array>
#include <cstddef>

namespace filelock {
inline namespace v1 {
namespace detail {

/// The thread of an asynchronous operation: whichever has the hold may release
/// it.
inline constexpr const void* no_thread = nullptr;

/// Counts the readers, and the generations of readers: one ends when all that
/// were inside at its beginning have left while others stay. So a reader that
/// stays for long keeps its generation going, even if other readers come and
/// go.
class readers_inside {
public:
  /// How many readers are distinguished. If there are more, the generations
  /// seem shorter than they are.
  static constexpr std::size_t most_known = 32;

  /// Begins the first generation with one reader.
  /// \param thread Any address that no other thread has.
  void begin(const void* thread) noexcept {
    *this = readers_inside();
    add(thread);
    begin_generation();
  }

  void add(const void* thread) noexcept {
    ++count_;
    if (known_ != most_known) readers_[known_++] = {thread, false};
  }

  /// Removes the reader that entered last on `thread`. If there is none,
  /// removes a reader without a thread.
  /// \returns Whether nobody is left.
  bool remove(const void* thread) noexcept {
    --count_;
    if (!remove_one_of(thread)) remove_one_of(no_thread);
    if (old_ == 0 && count_ != 0) {
      ++ended_generations_;
      begin_generation();
    }
    return count_ == 0;
  }

  std::size_t ended_generations() const noexcept { return ended_generations_; }

private:
  struct reader {
    const void* thread;
    bool is_old; // inside since the generation began
  };

  bool remove_one_of(const void* thread) noexcept {
    for (std::size_t i = known_; i-- != 0;)
      if (readers_[i].thread == thread) {
        erase(i);
        return true;
      }
    return false;
  }

  void begin_generation() noexcept {
    for (std::size_t i = 0; i != known_; ++i)
      readers_[i].is_old = true;
    old_ = known_;
  }

  void erase(std::size_t i) noexcept {
    if (readers_[i].is_old) --old_;
    std::copy(readers_.data() + i + 1, readers_.data() + known_,
              readers_.data() + i);
    --known_;
  }

  std::size_t count_ = 0;
  std::size_t known_ = 0;
  std::size_t old_ = 0;
  std::size_t ended_generations_ = 0;
  std::array<reader, most_known> readers_{};
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
