// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Finds misspelt members of a Platform. C++17 cannot list the members of a
/// class, so what is found is a fixed set of names that are plausible mistakes
/// for optional members.

#ifndef FILELOCK_DETAIL_PLATFORM_WRONG_NAMES_HPP
#define FILELOCK_DETAIL_PLATFORM_WRONG_NAMES_HPP

#include <filelock/detail/platform/member.hpp>
#include <filelock/detail/platform/optional_members.hpp>
#include <filelock/detail/platform/platform_types.hpp>
#include <filelock/detail/platform/service_members.hpp>
#include <filelock/lock_request.hpp>

#include <type_traits>
#include <utility>

namespace filelock {
inline namespace v1 {
namespace detail {

// A Platform may have functions of its own. So a name is no mistake by itself:
// the right member must be missing, and the function must look like it.

/// The type of a function, from the type of its address.
template <class Address>
struct addressed {
  using type = Address; // of what is no function
};
template <class Result, class... Arguments>
struct addressed<Result (*)(Arguments...)> {
  using type = Result(Arguments...);
};
template <class Result, class... Arguments>
struct addressed<Result (*)(Arguments...) noexcept> {
  using type = Result(Arguments...);
};
template <class P, class Result, class... Arguments>
struct addressed<Result (P::*)(Arguments...)> {
  using type = Result(Arguments...);
};
template <class P, class Result, class... Arguments>
struct addressed<Result (P::*)(Arguments...) noexcept> {
  using type = Result(Arguments...);
};
template <class P, class Result, class... Arguments>
struct addressed<Result (P::*)(Arguments...) const> {
  using type = Result(Arguments...);
};
template <class P, class Result, class... Arguments>
struct addressed<Result (P::*)(Arguments...) const noexcept> {
  using type = Result(Arguments...);
};

/// Whether a function takes a T.
template <class T, class Function>
inline constexpr bool takes_v = false;
template <class T, class Result, class... Arguments>
inline constexpr bool takes_v<T, Result(Arguments...)> =
    (std::is_same_v<std::decay_t<T>, std::decay_t<Arguments>> || ...);

/// Whether a function takes a T, and nothing else.
template <class T, class Function>
inline constexpr bool takes_only_v = false;
template <class T, class Result, class Argument>
inline constexpr bool takes_only_v<T, Result(Argument)> =
    std::is_same_v<std::decay_t<T>, std::decay_t<Argument>>;

/// Looks like a function that takes a handle, and something else of what the
/// right one takes.
struct function_likeness {
  template <class Name, class P>
  static constexpr bool is_found() {
    using right = typename Name::right_member::template signature<P>;
    using wrong = typename addressed<typename Name::template address<P>>::type;
    return takes_v<handle_t<P>, wrong> &&
           is_similar<P, wrong>(static_cast<right*>(nullptr)) &&
           !function_of<Name, P>::is_deleted;
  }

private:
  template <class P, class Wrong, class Result, class... Arguments>
  static constexpr bool is_similar(Result (*)(Arguments...)) {
    return sizeof...(Arguments) == 1 ||
           ((takes_v<Arguments, Wrong> &&
             !takes_v<Arguments, void(handle_t<P>)>) ||
            ...);
  }
};

/// Looks like a member of an earlier version, which took the handle alone, and
/// had an effect beside names() only.
struct former_likeness {
  template <class Name, class P>
  static constexpr bool is_found() {
    using wrong = typename addressed<typename Name::template address<P>>::type;
    return has_names_v<P> && takes_only_v<handle_t<P>, wrong> &&
           !function_of<Name, P>::is_deleted;
  }
};

/// Looks like a fact.
struct fact_likeness {
  template <class Name, class P>
  static constexpr bool is_found() {
    return std::is_same_v<typename Name::template address<P>, const bool*>;
  }
};

/// Ambiguous where P has the right name: even deleted, overloaded or private.
template <class P, class RightName>
struct with_right_name : P, RightName {};

template <class Name, class P>
constexpr bool has_right_name() {
  if constexpr (std::is_final_v<P>)
    return false;
  else
    return !is_valid<Name::template right_address,
                     with_right_name<P, typename Name::right_name>>::value;
}

template <class Name, class P>
constexpr bool is_misspelt() {
  if constexpr (has_handle_type_v<P> && has_address_v<Name, P>)
    if constexpr (Name::likeness::template is_found<Name, P>())
      return !has_right_name<Name, P>();
  return false;
}

/// The only required member among the right names.
struct try_lock_member {
  template <class P>
  using signature = bool(handle_t<P>, const lock_request&, error_argument);
};
struct shared_locks_member {};
struct locks_names_member {};

// ---- The names: what a mistake looks like, what it is, what is right ----

// Undefined at the end, as all macros here are. Its rows are long lists, so
// that a name stands in one place; a message shows one of them.
#define FILELOCK_WRONG_NAMES(ROW)                                              \
  ROW(function, trylock, try_lock)                                             \
  ROW(function, lock_try, try_lock)                                            \
  ROW(function, lock_wait, lock)                                               \
  ROW(function, wait_lock, lock)                                               \
  ROW(function, lock_blocking, lock)                                           \
  ROW(function, blocking_lock, lock)                                           \
  ROW(function, lock_for, lock_until)                                          \
  ROW(function, lock_util, lock_until)                                         \
  ROW(function, timed_lock, lock_until)                                        \
  ROW(function, try_lock_for, lock_until)                                      \
  ROW(function, try_lock_until, lock_until)                                    \
  ROW(function, wait, wait_for)                                                \
  ROW(function, wait_until, wait_for)                                          \
  ROW(function, sleep, wait_for)                                               \
  ROW(function, sleep_for, wait_for)                                           \
  ROW(function, pause, wait_for)                                               \
  ROW(function, pause_for, wait_for)                                           \
  ROW(function, convert_to, convert)                                           \
  ROW(function, try_convert, convert)                                          \
  ROW(function, upgrade, convert)                                              \
  ROW(function, downgrade, convert)                                            \
  ROW(function, name, names)                                                   \
  ROW(function, is_named, names)                                               \
  ROW(function, is_named_by, names)                                            \
  ROW(function, names_file, names)                                             \
  ROW(function, still_named, still_names)                                      \
  ROW(function, is_still_named, still_names)                                   \
  ROW(former, is_linked, still_names)                                          \
  ROW(function, remove_file, remove)                                           \
  ROW(function, delete_file, remove)                                           \
  ROW(function, unlink, remove)                                                \
  ROW(function, owner, holder)                                                 \
  ROW(function, get_owner, holder)                                             \
  ROW(function, get_holder, holder)                                            \
  ROW(function, lock_holder, holder)                                           \
  ROW(function, adopt_handle, adopt)                                           \
  ROW(function, release_handle, release)                                       \
  ROW(function, id, identity)                                                  \
  ROW(function, file_id, identity)                                             \
  ROW(function, get_identity, identity)                                        \
  ROW(function, file_descriptor, descriptor)                                   \
  ROW(function, get_descriptor, descriptor)                                    \
  ROW(function, lock_untill, lock_until)                                       \
  ROW(function, lock_unitl, lock_until)                                        \
  ROW(function, lock_utnil, lock_until)                                        \
  ROW(function, lock_unti, lock_until)                                         \
  ROW(function, lockuntil, lock_until)                                         \
  ROW(function, lock_unil, lock_until)                                         \
  ROW(function, wait_form, wait_for)                                           \
  ROW(function, wait_fro, wait_for)                                            \
  ROW(function, waitfor, wait_for)                                             \
  ROW(function, wait_of, wait_for)                                             \
  ROW(function, convrt, convert)                                               \
  ROW(function, covnert, convert)                                              \
  ROW(function, conver, convert)                                               \
  ROW(function, converts, convert)                                             \
  ROW(function, nmaes, names)                                                  \
  ROW(function, naems, names)                                                  \
  ROW(function, still_name, still_names)                                       \
  ROW(function, stil_names, still_names)                                       \
  ROW(function, stillnames, still_names)                                       \
  ROW(function, remov, remove)                                                 \
  ROW(function, remvoe, remove)                                                \
  ROW(function, removes, remove)                                               \
  ROW(function, rmove, remove)                                                 \
  ROW(function, holders, holder)                                               \
  ROW(function, hodler, holder)                                                \
  ROW(function, holdr, holder)                                                 \
  ROW(function, is_awaitd, is_awaited)                                         \
  ROW(function, adpot, adopt)                                                  \
  ROW(function, adop, adopt)                                                   \
  ROW(function, adopts, adopt)                                                 \
  ROW(function, relase, release)                                               \
  ROW(function, releas, release)                                               \
  ROW(function, realease, release)                                             \
  ROW(function, releases, release)                                             \
  ROW(function, identify, identity)                                            \
  ROW(function, identiy, identity)                                             \
  ROW(function, idenity, identity)                                             \
  ROW(function, descriptors, descriptor)                                       \
  ROW(function, desciptor, descriptor)                                         \
  ROW(function, descripter, descriptor)                                        \
  ROW(function, previous_owner_dead, previous_owner_died)                      \
  ROW(function, previous_owner_die, previous_owner_died)                       \
  ROW(function, last_owner_died, previous_owner_died)                          \
  ROW(function, owner_died, previous_owner_died)                               \
  ROW(function, is_held, holds)                                                \
  ROW(function, lost, loss)                                                    \
  ROW(function, get_token, token)                                              \
  ROW(function, fencing_token, token)                                          \
  ROW(function, get_holder_name, holder_name)                                  \
  ROW(fact, lock_names, locks_names)                                           \
  ROW(fact, locks_name, locks_names)                                           \
  ROW(fact, shared_lock, shared_locks)                                         \
  ROW(fact, has_shared_locks, shared_locks)                                    \
  ROW(fact, supports_shared_locks, shared_locks)

#define FILELOCK_MISSPELT(look, wrong, right)                                  \
  struct misspelt_##wrong {                                                    \
    using likeness = look##_likeness;                                          \
    using right_member = right##_member;                                       \
    struct right_name {                                                        \
      int right;                                                               \
    };                                                                         \
    template <class P>                                                         \
    using right_address = decltype(&P::right);                                 \
    template <class P>                                                         \
    using address = decltype(&P::wrong);                                       \
    template <class P, class... Arguments>                                     \
    using call = decltype(P::wrong(std::declval<Arguments>()...));             \
  };
FILELOCK_WRONG_NAMES(FILELOCK_MISSPELT)
#undef FILELOCK_MISSPELT

#define FILELOCK_WORDS(wrong, right)                                           \
  "Platform: " #wrong " is no member of a Platform; " #right " is (make a "    \
  "function of your own private)"

template <class P>
struct demand_known_names {
#define FILELOCK_MISSPELT(look, wrong, right)                                  \
  static_assert(!is_misspelt<misspelt_##wrong, P>(),                           \
                FILELOCK_WORDS(wrong, right));
  FILELOCK_WRONG_NAMES(FILELOCK_MISSPELT)
#undef FILELOCK_MISSPELT
};

/// \returns The words for the first name that is misspelt. Null for none.
template <class P>
constexpr const char* first_misspelt() {
#define FILELOCK_MISSPELT(look, wrong, right)                                  \
  if (is_misspelt<misspelt_##wrong, P>()) return FILELOCK_WORDS(wrong, right);
  FILELOCK_WRONG_NAMES(FILELOCK_MISSPELT)
#undef FILELOCK_MISSPELT
  return nullptr;
}

#undef FILELOCK_WORDS
#undef FILELOCK_WRONG_NAMES

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
