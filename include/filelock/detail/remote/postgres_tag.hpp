// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// What the Tag of postgres_traits says, or leaves to the defaults.

#ifndef FILELOCK_DETAIL_REMOTE_POSTGRES_TAG_HPP
#define FILELOCK_DETAIL_REMOTE_POSTGRES_TAG_HPP

#include <filelock/detail/saturation.hpp>

#include <chrono>
#include <string>
#include <type_traits>

namespace filelock {
inline namespace v1 {
namespace detail {

template <class Tag, class = void>
inline constexpr bool tells_connection_v = false;
template <class Tag>
inline constexpr bool
    tells_connection_v<Tag, std::enable_if_t<std::is_constructible_v<
                                std::string, decltype(Tag::connection())>>> =
        true;

template <class Tag, class = void>
struct patience_of {
  static std::chrono::nanoseconds get() { return std::chrono::seconds(10); }
};
template <class Tag>
struct patience_of<Tag, std::void_t<decltype(Tag::patience())>> {
  static std::chrono::nanoseconds get() {
    return saturated_delay(Tag::patience());
  }
};

template <class Tag, class = void>
struct cancel_patience_of {
  static std::chrono::nanoseconds get() {
    return std::chrono::milliseconds(40);
  }
};
template <class Tag>
struct cancel_patience_of<Tag, std::void_t<decltype(Tag::cancel_patience())>> {
  static std::chrono::nanoseconds get() {
    return saturated_delay(Tag::cancel_patience());
  }
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
