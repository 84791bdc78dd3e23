// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Turns a std::stop_token into the canceller that a Platform sees.

#ifndef FILELOCK_DETAIL_WAIT_STOP_TOKEN_HPP
#define FILELOCK_DETAIL_WAIT_STOP_TOKEN_HPP

#include <filelock/canceller.hpp>
#include <filelock/detail/config.hpp>

#if FILELOCK_HAS_STOP_TOKEN
#include <stop_token>
#endif

namespace filelock {
inline namespace v1 {
namespace detail {

/// The canceller of a wait without a token: it is never requested.
class stop_listener {
public:
  filelock::canceller canceller() const noexcept { return {}; }
};

#if FILELOCK_HAS_STOP_TOKEN
/// The canceller of a wait with a token. A stop request requests it.
class token_listener {
public:
  explicit token_listener(const std::stop_token& token)
      : can_be_requested_(token.stop_possible()),
        on_stop_(token, request_to(&source_)) {}

  filelock::canceller canceller() noexcept {
    return can_be_requested_ ? filelock::canceller(source_)
                             : filelock::canceller();
  }

private:
  struct request_to {
    explicit request_to(cancel_source* to) noexcept : source(to) {}
    void operator()() const noexcept { source->request(); }
    cancel_source* source;
  };

  bool can_be_requested_;
  cancel_source source_;
  std::stop_callback<request_to> on_stop_; // last, as it may call at once
};
#endif

/// \returns An object that cancels the wait at a stop request, while it lives.
/// @{
inline stop_listener listen_for_stop() noexcept { return {}; }
#if FILELOCK_HAS_STOP_TOKEN
inline token_listener listen_for_stop(const std::stop_token& token) {
  return token_listener(token);
}
#endif
/// @}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
