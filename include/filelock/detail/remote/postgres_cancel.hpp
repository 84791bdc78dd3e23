// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Asks the server of PostgreSQL to end a statement.

#ifndef FILELOCK_DETAIL_REMOTE_POSTGRES_CANCEL_HPP
#define FILELOCK_DETAIL_REMOTE_POSTGRES_CANCEL_HPP

#include <filelock/detail/posix/blocked_signals.hpp>
#include <filelock/detail/remote/wait_for_descriptor.hpp>

#include <libpq-fe.h>
#include <poll.h>

#include <array>
#include <memory>
#include <system_error>
#include <thread>

namespace filelock {
inline namespace v1 {
namespace detail {

/// PQcancel connects and waits for as long as the server likes, for ever if it
/// is stopped. So a thread of its own calls it, and is left behind where the
/// caller cannot wait for it.
class postgres_cancel {
public:
  /// \throws std::bad_alloc, std::system_error: no thread, no descriptor.
  explicit postgres_cancel(::PGconn* session)
      : request_(std::make_shared<shared>(session)) {
    std::error_code ec;
    if (!request_->is_done.open(ec)) throw std::system_error(ec);
    const blocked_signals guard;
    std::thread([request = request_]() noexcept {
      std::array<char, 256> words{};
      ::PQcancel(request->cancel.get(), words.data(),
                 static_cast<int>(words.size()));
      request->is_done.wake();
    }).detach();
  }

  /// \returns Whether the server has passed the request on. Only then no later
  /// statement of the session can be cancelled in place of this one.
  bool is_over(const wait_bounds& bounds) const noexcept {
    return wait_for_descriptor(request_->is_done.get(), POLLIN, bounds) ==
           wait_end::ready;
  }

private:
  struct shared {
    explicit shared(::PGconn* session)
        : cancel(::PQgetCancel(session), &::PQfreeCancel) {}

    std::unique_ptr<::PGcancel, void (*)(::PGcancel*)> cancel;
    wake_descriptor is_done;
  };

  std::shared_ptr<shared> request_;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
