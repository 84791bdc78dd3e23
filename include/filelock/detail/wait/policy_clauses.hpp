// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The requirements on a BackoffPolicy, and the compiler's messages for them.

#ifndef FILELOCK_DETAIL_WAIT_POLICY_CLAUSES_HPP
#define FILELOCK_DETAIL_WAIT_POLICY_CLAUSES_HPP

#include <filelock/detail/clause.hpp>
#include <filelock/detail/wait/policy_traits.hpp>

#include <type_traits>

namespace filelock {
inline namespace v1 {
namespace detail {

/// Whether B is an object type whose traits can be queried.
template <class B>
inline constexpr bool is_complete_object_v =
    std::is_object_v<B>&& is_complete_v<B>;

template <class B>
constexpr bool is_policy_object() {
  if constexpr (is_complete_object_v<B>)
    return std::is_copy_constructible_v<B> && std::is_nothrow_destructible_v<B>;
  else
    return std::is_object_v<B>; // another clause has a message for the rest
}

template <class B, class = void>
inline constexpr bool observes_wait_is_bool_v = true;
template <class B>
inline constexpr bool
    observes_wait_is_bool_v<B, std::void_t<decltype(B::observes_wait)>> =
        std::is_same_v<decltype(B::observes_wait), const bool>;

// FILELOCK_WORDS is explained in clause.hpp.

struct complete_clause {
  template <class B>
  static constexpr bool is_met = !std::is_object_v<B> || is_complete_v<B>;
#define FILELOCK_WORDS                                                         \
  "BackoffPolicy: must be complete: include the header that defines it"
  static constexpr const char* words = FILELOCK_WORDS;
  template <class B>
  struct demand {
    static_assert(is_met<B>, FILELOCK_WORDS);
  };
#undef FILELOCK_WORDS
};

struct object_clause {
  template <class B>
  static constexpr bool is_met = is_policy_object<B>();
#define FILELOCK_WORDS                                                         \
  "BackoffPolicy: must be a copy-constructible object type whose destructor "  \
  "does not throw"
  static constexpr const char* words = FILELOCK_WORDS;
  template <class B>
  struct demand {
    static_assert(is_met<B>, FILELOCK_WORDS);
  };
#undef FILELOCK_WORDS
};

struct call_clause {
  template <class B>
  static constexpr bool is_met =
      !is_complete_object_v<B> || is_callable_policy<B>::value;
#define FILELOCK_WORDS "BackoffPolicy: must be callable with const wait_state&"
  static constexpr const char* words = FILELOCK_WORDS;
  template <class B>
  struct demand {
    static_assert(is_met<B>, FILELOCK_WORDS);
  };
#undef FILELOCK_WORDS
};

struct answer_clause {
  template <class B>
  static constexpr bool is_met =
      !is_callable_policy<B>::value || answers_duration<B>::value;
#define FILELOCK_WORDS                                                         \
  "BackoffPolicy: must return a duration, or std::optional of one"
  static constexpr const char* words = FILELOCK_WORDS;
  template <class B>
  struct demand {
    static_assert(is_met<B>, FILELOCK_WORDS);
  };
#undef FILELOCK_WORDS
};

struct observes_wait_clause {
  template <class B>
  static constexpr bool is_met = observes_wait_is_bool_v<B>;
#define FILELOCK_WORDS                                                         \
  "BackoffPolicy: observes_wait must be static constexpr bool"
  static constexpr const char* words = FILELOCK_WORDS;
  template <class B>
  struct demand {
    static_assert(is_met<B>, FILELOCK_WORDS);
  };
#undef FILELOCK_WORDS
};

/// All clauses, each once, in the order in which they are checked.
struct policy_clauses {
  using clauses = clause_list<complete_clause, object_clause, call_clause,
                              answer_clause, observes_wait_clause>;
  template <class B>
  struct more_demands {};
};

template <class B>
constexpr const char* why_no_backoff_policy() {
  return first_unmet_v<B, policy_clauses>;
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
