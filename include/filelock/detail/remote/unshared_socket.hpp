// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The socket of a library that connects by itself: a forked child closes it.

#ifndef FILELOCK_DETAIL_REMOTE_UNSHARED_SOCKET_HPP
#define FILELOCK_DETAIL_REMOTE_UNSHARED_SOCKET_HPP

#include <filelock/detail/posix/fork_entry.hpp>

#include <cstdint>
#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {

/// A socket that a forked child closes. A child that kept a copy would hide the
/// death of its parent from the server. So the socket is known to the registry
/// as soon as it is there: a connect may take long, and no fork waits for its
/// end.
class unshared_socket {
public:
  /// Calls `call()`, which may close the socket and open another one, and makes
  /// forked children close what `socket()` returns then; -1 for none.
  /// Error conditions: not_enough_memory.
  template <class Call, class Socket>
  void follow(Call call, Socket socket, std::error_code& ec) noexcept {
    origin_ = process_origin::here(ec);
    if (ec) return;
    fork_registry& registry = origin_.registry();
    const std::uint32_t before = registry.begin_opening();
    call();
    const int made = socket();
    if (!entry_.knows(origin_, made)) {
      entry_.remove_closed(origin_);
      entry_.add(origin_, made, ec);
      may_be_copied_ = made >= 0 && registry.was_copied(before);
    }
    registry.end_opening();
  }

  /// \returns Whether a child may have a copy: the socket must not be used.
  bool may_be_copied() const noexcept { return may_be_copied_; }

  /// Makes forked children leave its number alone, as it was closed.
  void remove_closed() noexcept {
    if (origin_.is_this_process()) entry_.remove_closed(origin_);
    may_be_copied_ = false;
  }

private:
  process_origin origin_;
  fork_entry entry_;
  bool may_be_copied_ = false;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
