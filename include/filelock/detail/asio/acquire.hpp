// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Begins an asynchronous acquire of a lock of either kind.

#ifndef FILELOCK_DETAIL_ASIO_ACQUIRE_HPP
#define FILELOCK_DETAIL_ASIO_ACQUIRE_HPP

#include <filelock/basic_file_lock.hpp>
#include <filelock/detail/asio/file_wait.hpp>
#include <filelock/detail/asio/library.hpp>
#include <filelock/detail/asio/mutex_wait.hpp>
#include <filelock/detail/asio/operation.hpp>
#include <filelock/detail/platform/facts.hpp>
#include <filelock/detail/wait/deadline.hpp>
#include <filelock/file_mutex.hpp>
#include <filelock/lock_request.hpp>

#include <type_traits>

namespace filelock {
inline namespace v1 {
namespace detail {
inline namespace FILELOCK_ASIO {

/// How an operation waits for a lock of the type of `lock`, or of a base of it.
/// @{
template <class Lock, template <class, class> class Wait>
struct way_to_acquire {
  using lock_type = Lock;
  template <class Deadline>
  using wait = Wait<Lock, Deadline>;
};
template <class P, class B>
way_to_acquire<basic_file_lock<P, B>, lock_wait>
way_of(basic_file_lock<P, B>* lock);
template <class P, class B>
way_to_acquire<basic_file_mutex<P, B>, mutex_wait>
way_of(basic_file_mutex<P, B>* lock);
/// @}

template <class Lock, class = void>
inline constexpr bool has_way_v = false;
template <class Lock>
inline constexpr bool has_way_v<
    Lock, std::void_t<decltype(way_of(static_cast<Lock*>(nullptr)))>> = true;

template <class Executor>
inline constexpr bool is_any_executor_v =
    net::execution::is_executor<Executor>::value ||
    net::is_executor<Executor>::value;

template <bool IsTimed>
struct completion {
  using signature = void(net_error, bool);
};
template <>
struct completion<false> {
  using signature = void(net_error);
};

/// \param limit no_deadline, a duration or a time point.
template <bool IsShared, bool IsTimed, class Executor, class Lock, class Limit,
          class Token>
auto async_acquire(const Executor& executor, Lock& lock, const Limit& limit,
                   Token&& token) {
  static_assert(is_any_executor_v<Executor>,
                "filelock::async_lock: the first argument must be an executor, "
                "such as context.get_executor()");
  static_assert(has_way_v<Lock>,
                "filelock::async_lock: the lock must be a basic_file_lock or a "
                "basic_file_mutex");
  if constexpr (is_any_executor_v<Executor> && has_way_v<Lock>) {
    using way = decltype(way_of(static_cast<Lock*>(nullptr)));
    using lock_type = typename way::lock_type;
    using platform = typename lock_type::platform_type;
    using clock = typename lock_type::clock;
    static_assert(platform::ownership != lock_ownership::thread,
                  "filelock::async_lock: the owner of a lock of this Platform "
                  "is a thread, and a handler may run on another one");
    lock_mode mode = lock_mode::exclusive;
    if constexpr (IsShared) mode = of_shared_locks<platform>(lock_mode::shared);
    using deadline = decltype(deadline_of<clock>(limit));
    using initiation =
        lock_initiation<IsTimed, typename way::template wait<deadline>,
                        lock_type, deadline, Executor>;
    return net::async_initiate<Token, typename completion<IsTimed>::signature>(
        initiation(lock, mode, deadline_of<clock>(limit), executor), token);
  }
}

} // namespace FILELOCK_ASIO
} // namespace detail
} // namespace v1
} // namespace filelock

#endif
