// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The laws of a Platform that waits.

#ifndef FILELOCK_DETAIL_LAWS_WAITING_LAWS_HPP
#define FILELOCK_DETAIL_LAWS_WAITING_LAWS_HPP

#include <filelock/canceller.hpp>
#include <filelock/detail/laws/law_book.hpp>
#include <filelock/detail/lock/passing_error.hpp>
#include <filelock/detail/platform/platform_traits.hpp>
#include <filelock/lock_request.hpp>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <system_error>
#include <thread>

namespace filelock {
inline namespace v1 {
namespace detail {

/// What a wait and its test share. It outlives a wait that never returns.
template <class P>
struct law_wait {
  law_wait(const std::filesystem::path& path, const lock_request& asked_for)
      : request(asked_for), waiter(path), asker(path) {}

  /// Where the owner is a thread, says whether this thread holds the lock, and
  /// releases it: the lock is gone when the thread ends.
  void end_in_its_thread() {
    if constexpr (P::ownership == lock_ownership::thread) {
      is_held_at_end = !asker.try_lock(exclusive_request);
      waiter.unlock(request);
    }
  }

  /// \returns Whether `other` sees the lock that the wait took.
  template <class Owner>
  bool is_seen_to_hold(Owner& other) {
    if constexpr (P::ownership == lock_ownership::thread) return is_held_at_end;
    if (other.try_lock(exclusive_request)) return false;
    return request.mode == lock_mode::exclusive || other.try_lock(request);
  }

  const lock_request request;
  law_file<P> waiter;
  law_file<P> asker;
  std::atomic<bool> has_begun{false};
  bool is_held_at_end = false;
  std::atomic<bool> is_released{false};
  std::atomic<bool> came_after{false};
  bool has_taken = false;
  typename clock_t<P>::duration lasted{};
};

/// The first law: the others attempt too. \returns Whether it holds.
template <class P>
bool try_lock_does_not_wait(law_book<P>& book) {
  const auto wait =
      std::make_shared<law_wait<P>>(book.new_path(), exclusive_request);
  wait->asker.try_lock(exclusive_request);
  const bool returns = returns_in_time(
      book, [wait] { wait->waiter.try_lock(exclusive_request); });
  book.expect("try_lock does not wait", returns, "it never returns");
  return returns;
}

/// \returns Whether P::lock() came back after `release()`.
template <class P, class Release>
bool waits_in_lock(const law_book<P>& book,
                   const std::shared_ptr<law_wait<P>>& wait, Release release) {
  const auto run = [wait] {
    wait->has_begun = true;
    do
      P::lock(wait->waiter.handle(), wait->request, wait->waiter.ec);
    while (was_interrupted(wait->waiter.ec));
    wait->came_after = wait->is_released.load();
    wait->end_in_its_thread();
  };
  if constexpr (has_virtual_time_v<P>) {
    static_cast<void>(book);
    law_tools<P>::in_a_while(release);
    run();
    return true;
  } else {
    abandonable_call call(run);
    while (!wait->has_begun)
      std::this_thread::yield();
    // Time enough to return too early; too little shows nothing wrong.
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    release();
    return call.returns(book.patience());
  }
}

/// \returns Whether the wait came to its end.
template <class Owner, class P>
bool waiting_in_lock(law_book<P>& book, const lock_request& request) {
  bool returns = true;
  if constexpr (has_lock_v<P>) {
    const char* law = "lock waits until it is granted";
    const std::filesystem::path path = book.new_path();
    Owner holder(path);
    const auto wait = std::make_shared<law_wait<P>>(path, request);
    holder.try_lock(exclusive_request);
    returns = waits_in_lock(book, wait, [&] {
      wait->is_released = true;
      holder.unlock(exclusive_request);
    });
    book.expect(law, returns, "it never returns");
    if (!returns) return false;
    book.expect(law, wait->came_after, "granted while another held it");
    book.expect(law, !wait->waiter.ec, "an error");
    book.expect(law, wait->is_seen_to_hold(holder),
                "returned without the lock");
  }
  return returns;
}

/// \param length How long P::lock_until() waits at most; without end, if zero.
/// \returns Whether it has returned; what it returned is in `wait`.
template <class P>
bool waits_in_lock_until(const law_book<P>& book,
                         const std::shared_ptr<law_wait<P>>& wait,
                         std::chrono::milliseconds length,
                         bool is_cancelled = false) {
  using clock = clock_t<P>;
  const auto source = std::make_shared<cancel_source>();
  if (is_cancelled) source->request();
  return returns_in_time(book, [wait, source, length] {
    canceller stop(*source);
    // By the clock of this thread: it may start long after the test's.
    const auto start = clock::now();
    const auto end =
        length == length.zero() ? (clock::time_point::max)() : start + length;
    do
      wait->has_taken = P::lock_until(wait->waiter.handle(), wait->request, end,
                                      stop, wait->waiter.ec);
    while (was_interrupted(wait->waiter.ec));
    wait->lasted = clock::now() - start;
    if (wait->has_taken) wait->end_in_its_thread();
  });
}

/// \returns Whether each wait came to its end.
template <class Owner, class P>
bool waiting_in_lock_until(law_book<P>& book, const lock_request& request) {
  if constexpr (has_lock_until_v<P>) {
    const char* law = "lock_until waits until a time or a cancel";
    constexpr std::chrono::milliseconds without_end(0);
    constexpr std::chrono::milliseconds length(2);
    const std::filesystem::path path = book.new_path();
    Owner holder(path);
    const auto wait = std::make_shared<law_wait<P>>(path, request);
    holder.try_lock(exclusive_request);
    bool returns = waits_in_lock_until(book, wait, length);
    book.expect(law, returns, "it never returns after the time");
    if (!returns) return false;
    book.expect(law, !wait->has_taken && !wait->waiter.ec,
                "a time-out is not false with ec clear");
    book.expect(law, wait->lasted >= length, "too early");
    returns = waits_in_lock_until(book, wait, without_end, true);
    book.expect(law, returns, "it never returns after the cancel");
    if (!returns) return false;
    book.expect(law, !wait->has_taken && !wait->waiter.ec,
                "a cancel is not false with ec clear");
    holder.unlock(exclusive_request);
    returns = waits_in_lock_until(book, wait, without_end);
    book.expect(law, returns && wait->has_taken, "a free lock is not granted");
    if (!returns) return false;
    book.expect(law, wait->is_seen_to_hold(holder),
                "returned without the lock");
  }
  return true;
}

/// After the others: a lock() that never returns is found by them.
template <class P>
void lock_refuses_a_range(law_book<P>& book) {
  if constexpr (has_lock_v<P> && !P::byte_ranges) {
    const auto wait =
        std::make_shared<law_wait<P>>(book.new_path(), exclusive_request);
    const bool returns = returns_in_time(book, [wait] {
      do
        P::lock(wait->waiter.handle(), {lock_mode::exclusive, {1, 1}},
                wait->waiter.ec);
      while (was_interrupted(wait->waiter.ec));
    });
    book.expect("fact: byte_ranges",
                returns && wait->waiter.ec == std::errc::not_supported,
                "a range is not refused by lock");
  }
}

template <class P>
void waiting_between_attempts(law_book<P>& book) {
  if constexpr (has_wait_for_v<P>) {
    const char* law = "wait_for waits for a time or until a cancel";
    using clock = clock_t<P>;
    const auto waiter = std::make_shared<law_file<P>>(book.new_path());
    const auto source = std::make_shared<cancel_source>();
    const auto stop = std::make_shared<canceller>();
    const auto start = clock::now();
    bool returns = returns_in_time(book, [waiter, stop] {
      P::wait_for(waiter->handle(), std::chrono::milliseconds(2), *stop);
    });
    book.expect(law, returns, "it never returns");
    if (!returns) return;
    book.expect(law, clock::now() - start >= std::chrono::milliseconds(2),
                "too early");
    *stop = canceller(*source);
    source->request(); // else the next wait would never end
    returns = returns_in_time(book, [waiter, source, stop] {
      P::wait_for(waiter->handle(), (std::chrono::nanoseconds::max)(), *stop);
    });
    book.expect(law, returns && clock::now() - start < std::chrono::hours(24),
                "not until the cancel");
  }
}

template <class P>
void is_awaited_says_so(law_book<P>& book) {
  if constexpr (has_is_awaited_v<P>) {
    const char* law = "is_awaited says whether an owner waits";
    const std::filesystem::path path = book.new_path();
    law_file<P> holder(path);
    book.expect(law, !P::is_awaited(holder.handle()), "of a free lock");
    holder.try_lock(exclusive_request);
    book.expect(law, !P::is_awaited(holder.handle()), "nobody waits");
    book.expect(law, !P::is_awaited(P::invalid_handle), "of no file");
  }
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
