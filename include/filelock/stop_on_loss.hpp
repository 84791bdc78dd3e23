// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// stop_on_loss: stops work by a std::stop_token when a hold is lost. Empty
/// where the standard library has no std::stop_token.

#ifndef FILELOCK_STOP_ON_LOSS_HPP
#define FILELOCK_STOP_ON_LOSS_HPP

#include <filelock/canceller.hpp>
#include <filelock/detail/config.hpp>

#if FILELOCK_HAS_STOP_TOKEN

#include <stop_token>
#include <utility>

namespace filelock {
inline namespace v1 {

/// Turns the loss of a hold into a request to stop. Works while it lives. It is
/// not copied or moved.
class stop_on_loss {
public:
  /// Begins to pass the loss on as a request to stop. Effects: requests
  /// `source` to stop when `loss` is requested, or at once if it was.
  /// Preconditions: the stop callbacks, which run on the thread that learns of
  /// the loss, are short, and do not use `loss`, the lock or this object.
  /// Throws: std::bad_alloc, by the default argument.
  /// \param loss What basic_file_lock::loss() returns: of a lock that is held.
  explicit stop_on_loss(const canceller& loss, std::stop_source source = {})
      : source_(std::move(source)), on_loss_(loss, &request_stop, &source_) {}

  stop_on_loss(const stop_on_loss&) = delete;
  stop_on_loss& operator=(const stop_on_loss&) = delete;

  /// \returns A token of the source. It may outlive this object, but no loss
  /// requests a stop then.
  std::stop_token token() const noexcept { return source_.get_token(); }

private:
  static void request_stop(void* source) noexcept {
    static_cast<std::stop_source*>(source)->request_stop();
  }

  std::stop_source source_;
  canceller::wake_up on_loss_; // last, as it may call at once
};

} // namespace v1
} // namespace filelock

#endif

#endif
