// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The Asio that is used: Boost's, or the standalone one where
/// FILELOCK_STANDALONE_ASIO is defined. This is the one place that knows both.

#ifndef FILELOCK_DETAIL_ASIO_LIBRARY_HPP
#define FILELOCK_DETAIL_ASIO_LIBRARY_HPP

#if defined(FILELOCK_STANDALONE_ASIO)
#include <asio/associated_allocator.hpp>
#include <asio/associated_cancellation_slot.hpp>
#include <asio/associated_executor.hpp>
#include <asio/associator.hpp>
#include <asio/async_result.hpp>
#include <asio/basic_waitable_timer.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/cancellation_state.hpp>
#include <asio/cancellation_type.hpp>
#include <asio/error.hpp>
#include <asio/error_code.hpp>
#include <asio/execution/context.hpp>
#include <asio/execution/executor.hpp>
#include <asio/execution_context.hpp>
#include <asio/executor_work_guard.hpp>
#include <asio/is_executor.hpp>
#include <asio/post.hpp>
#include <asio/query.hpp>
#include <asio/wait_traits.hpp>
// What differs has a namespace of its own, so that sources of both kinds may
// meet in one program.
#define FILELOCK_ASIO standalone_asio
#define FILELOCK_ASIO_NAMESPACE asio
#else
#include <boost/asio/associated_allocator.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/associator.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution/executor.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/is_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/wait_traits.hpp>
#include <boost/system/error_code.hpp>
#define FILELOCK_ASIO boost_asio
#define FILELOCK_ASIO_NAMESPACE boost::asio
#endif

#include <filelock/testing/virtual_clock.hpp>

#include <chrono>
#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {
inline namespace FILELOCK_ASIO {

namespace net = ::FILELOCK_ASIO_NAMESPACE;

#if defined(FILELOCK_STANDALONE_ASIO)
using net_error = ::asio::error_code;

inline net_error to_net_error(const std::error_code& ec) noexcept { return ec; }
#else
using net_error = ::boost::system::error_code;

/// \returns The same error in Boost's categories, where there is one. Boost
/// would wrap it otherwise, and it would not equal Boost's own error.
inline net_error to_net_error(const std::error_code& ec) noexcept {
  if (ec.category() == std::generic_category())
    return {ec.value(), ::boost::system::generic_category()};
  if (ec.category() == std::system_category())
    return {ec.value(), ::boost::system::system_category()};
  return net_error(ec);
}
#endif

/// \returns The execution context of `executor`.
template <class Executor>
net::execution_context& context_of(const Executor& executor) {
  if constexpr (net::can_query<const Executor&,
                               net::execution::context_t>::value)
    return net::query(executor, net::execution::context);
  else
    return executor.context();
}

} // namespace FILELOCK_ASIO
} // namespace detail
} // namespace v1
} // namespace filelock

/// Asio's customisation of a timer. Nothing but a simulation moves this clock,
/// so the event loop must not sleep until it has moved.
template <>
struct FILELOCK_ASIO_NAMESPACE::wait_traits<filelock::virtual_clock> {
  static filelock::virtual_clock::duration
  to_wait_duration(const filelock::virtual_clock::duration&) {
    return filelock::virtual_clock::duration::zero();
  }
  static filelock::virtual_clock::duration
  to_wait_duration(const filelock::virtual_clock::time_point&) {
    return filelock::virtual_clock::duration::zero();
  }
};

#endif
