// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The required members of a Platform, and the compiler's messages for them.

#ifndef FILELOCK_DETAIL_PLATFORM_REQUIRED_MEMBERS_HPP
#define FILELOCK_DETAIL_PLATFORM_REQUIRED_MEMBERS_HPP

#include <filelock/detail/clause.hpp>
#include <filelock/detail/platform/optional_members.hpp>
#include <filelock/detail/platform/platform_types.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/open_options.hpp>

#include <chrono>
#include <filesystem>
#include <type_traits>
#include <utility>

namespace filelock {
inline namespace v1 {
namespace detail {

// A call that may throw is not accepted.
template <class P>
using open_expression = std::enable_if_t<
    noexcept(P::open(std::declval<const std::filesystem::path&>(),
                     std::declval<const open_options&>(),
                     std::declval<error_argument>())),
    decltype(P::open(std::declval<const std::filesystem::path&>(),
                     std::declval<const open_options&>(),
                     std::declval<error_argument>()))>;
template <class P>
using close_expression =
    std::enable_if_t<noexcept(P::close(std::declval<handle_t<P>>())),
                     decltype(P::close(std::declval<handle_t<P>>()))>;
template <class P>
using try_lock_expression =
    std::enable_if_t<noexcept(P::try_lock(std::declval<handle_t<P>>(),
                                          std::declval<const lock_request&>(),
                                          std::declval<error_argument>())),
                     decltype(P::try_lock(std::declval<handle_t<P>>(),
                                          std::declval<const lock_request&>(),
                                          std::declval<error_argument>()))>;
template <class P>
using unlock_expression =
    std::enable_if_t<noexcept(P::unlock(std::declval<handle_t<P>>(),
                                        std::declval<const lock_request&>(),
                                        std::declval<error_argument>())),
                     decltype(P::unlock(std::declval<handle_t<P>>(),
                                        std::declval<const lock_request&>(),
                                        std::declval<error_argument>()))>;

template <class P, class = void>
struct has_invalid_handle : std::false_type {};
template <class P>
struct has_invalid_handle<
    P, std::void_t<decltype(std::declval<handle_t<P>>() == P::invalid_handle)>>
    : std::is_convertible<decltype(P::invalid_handle),
                          typename P::native_handle_type> {};

template <class P, class = void>
struct has_open : std::false_type {};
template <class P>
struct has_open<P,
                std::void_t<typename P::native_handle_type, open_expression<P>>>
    : std::is_convertible<open_expression<P>, typename P::native_handle_type> {
};

template <class P, class = void>
struct has_try_lock : std::false_type {};
template <class P>
struct has_try_lock<P, std::void_t<try_lock_expression<P>>>
    : std::is_same<try_lock_expression<P>, bool> {};

// ---- The clauses; FILELOCK_WORDS is explained in clause.hpp ----

// A type without a handle type meets these clauses: for it, each of their
// messages would be misleading.

struct invalid_handle_clause {
  template <class P>
  static constexpr bool is_met =
      !has_handle_type_v<P> || has_invalid_handle<P>::value;
#define FILELOCK_WORDS                                                         \
  "Platform: invalid_handle must be a native_handle_type that compares with "  \
  "=="
  static constexpr const char* words = FILELOCK_WORDS;
  template <class P>
  struct demand {
    static_assert(is_met<P>, FILELOCK_WORDS);
  };
#undef FILELOCK_WORDS
};

struct open_clause {
  template <class P>
  static constexpr bool is_met = !has_handle_type_v<P> || has_open<P>::value;
#define FILELOCK_WORDS                                                         \
  "Platform: open(path, options, ec) must be static, noexcept and return a "   \
  "native_handle_type"
  static constexpr const char* words = FILELOCK_WORDS;
  template <class P>
  struct demand {
    static_assert(is_met<P>, FILELOCK_WORDS);
  };
#undef FILELOCK_WORDS
};

struct close_clause {
  template <class P>
  static constexpr bool is_met =
      !has_handle_type_v<P> || is_valid<close_expression, P>::value;
#define FILELOCK_WORDS "Platform: close(handle) must be static and noexcept"
  static constexpr const char* words = FILELOCK_WORDS;
  template <class P>
  struct demand {
    static_assert(is_met<P>, FILELOCK_WORDS);
  };
#undef FILELOCK_WORDS
};

struct try_lock_clause {
  template <class P>
  static constexpr bool is_met =
      !has_handle_type_v<P> || has_try_lock<P>::value;
#define FILELOCK_WORDS                                                         \
  "Platform: try_lock(handle, request, ec) must be static, noexcept and "      \
  "return bool"
  static constexpr const char* words = FILELOCK_WORDS;
  template <class P>
  struct demand {
    static_assert(is_met<P>, FILELOCK_WORDS);
  };
#undef FILELOCK_WORDS
};

struct unlock_clause {
  template <class P>
  static constexpr bool is_met =
      !has_handle_type_v<P> || is_valid<unlock_expression, P>::value;
#define FILELOCK_WORDS                                                         \
  "Platform: unlock(handle, request, ec) must be static and noexcept"
  static constexpr const char* words = FILELOCK_WORDS;
  template <class P>
  struct demand {
    static_assert(is_met<P>, FILELOCK_WORDS);
  };
#undef FILELOCK_WORDS
};

// A clock other than steady_clock has rules of its own, and only the platform
// can wait by them. A wait_for that does not fit has its own message.
struct clock_clause {
  template <class P>
  static constexpr bool is_met =
      !has_handle_type_v<P> ||
      std::is_same_v<clock_t<P>, std::chrono::steady_clock> ||
      has_wait_for_v<P> || !wait_for_member::is_met<P>;
#define FILELOCK_WORDS                                                         \
  "Platform: a clock other than std::chrono::steady_clock needs "              \
  "wait_for(handle, duration, canceller)"
  static constexpr const char* words = FILELOCK_WORDS;
  template <class P>
  struct demand {
    static_assert(is_met<P>, FILELOCK_WORDS);
  };
#undef FILELOCK_WORDS
};

/// All required members, each once, in the order in which they are checked.
using required_members =
    clause_list<invalid_handle_clause, open_clause, close_clause,
                try_lock_clause, unlock_clause, clock_clause>;

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
