// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// A std::stop_token as the canceller that a Platform sees.

#ifndef FILELOCK_DETAIL_WAIT_STOP_TOKEN_HPP
#define FILELOCK_DETAIL_WAIT_STOP_TOKEN_HPP

#include <filelock/canceller.hpp>
#include <filelock/detail/config.hpp>

#if FILELOCK_HAS_STOP_TOKEN

#include <stop_token>

namespace filelock::detail {

/// \returns What `function(stop)` returns, where `stop` is requested as `token`
/// is; a token that never can be gives a canceller that never can be.
template <class Function>
auto with_canceller(const std::stop_token& token, Function function) {
  cancel_source source;
  const std::stop_callback on_stop(token, [&source] { source.request(); });
  return function(token.stop_possible() ? canceller(source) : canceller());
}

} // namespace filelock::detail

#endif

#endif
