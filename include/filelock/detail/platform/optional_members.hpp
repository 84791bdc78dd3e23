// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Checks the optional members of a Platform: one that is there, but cannot be
/// called as it has to be, would be passed over in silence.

#ifndef FILELOCK_DETAIL_PLATFORM_OPTIONAL_MEMBERS_HPP
#define FILELOCK_DETAIL_PLATFORM_OPTIONAL_MEMBERS_HPP

#include <filelock/backoff/wait_state.hpp>
#include <filelock/detail/platform/platform_traits.hpp>

#include <cstdint>
#include <optional>
#include <type_traits>
#include <utility>

namespace filelock::detail {

/// A member by its name alone, and a call of it with arguments of any type.
template <class P>
using lock_name = decltype(&P::lock);
template <class P, class... Arguments>
using lock_call = decltype(P::lock(std::declval<Arguments>()...));
template <class P>
using lock_until_name = decltype(&P::lock_until);
template <class P, class... Arguments>
using lock_until_call = decltype(P::lock_until(std::declval<Arguments>()...));
template <class P>
using wait_for_name = decltype(&P::wait_for);
template <class P, class... Arguments>
using wait_for_call = decltype(P::wait_for(std::declval<Arguments>()...));
template <class P>
using convert_name = decltype(&P::convert);
template <class P, class... Arguments>
using convert_call = decltype(P::convert(std::declval<Arguments>()...));
template <class P>
using is_linked_name = decltype(&P::is_linked);
template <class P, class... Arguments>
using is_linked_call = decltype(P::is_linked(std::declval<Arguments>()...));
template <class P>
using names_name = decltype(&P::names);
template <class P, class... Arguments>
using names_call = decltype(P::names(std::declval<Arguments>()...));
template <class P>
using remove_name = decltype(&P::remove);
template <class P, class... Arguments>
using remove_call = decltype(P::remove(std::declval<Arguments>()...));
template <class P>
using holder_name = decltype(&P::holder);
template <class P, class... Arguments>
using holder_call = decltype(P::holder(std::declval<Arguments>()...));
template <class P>
using adopt_name = decltype(&P::adopt);
template <class P, class... Arguments>
using adopt_call = decltype(P::adopt(std::declval<Arguments>()...));
template <class P>
using release_name = decltype(&P::release);
template <class P, class... Arguments>
using release_call = decltype(P::release(std::declval<Arguments>()...));

template <class P>
using identity_name = decltype(&P::identity);
template <class P, class... Arguments>
using identity_call = decltype(P::identity(std::declval<Arguments>()...));

template <template <class, class...> class Call, class P, class Enable,
          class... Arguments>
struct is_call_valid : std::false_type {};
template <template <class, class...> class Call, class P, class... Arguments>
struct is_call_valid<Call, P, std::void_t<Call<P, Arguments...>>, Arguments...>
    : std::true_type {};

/// What is known of a member from its type. One that cannot be called with
/// arguments of its own types is deleted: GCC takes its address all the same.
template <class Function, class P, template <class, class...> class Call>
struct member {
  static constexpr bool is_deleted = false; // not a static function
  static constexpr bool is_noexcept = false;
};
template <class Result, class... Arguments, class P,
          template <class, class...> class Call>
struct member<Result (*)(Arguments...), P, Call> {
  static constexpr bool is_deleted =
      !is_call_valid<Call, P, void, Arguments...>::value;
  static constexpr bool is_noexcept = false;
};
template <class Result, class... Arguments, class P,
          template <class, class...> class Call>
struct member<Result (*)(Arguments...) noexcept, P, Call>
    : member<Result (*)(Arguments...), P, Call> {
  static constexpr bool is_noexcept = true;
};

template <template <class> class Name, template <class, class...> class Call,
          template <class> class Expression, class Result, class P>
constexpr bool is_absent_or_fits() {
  if constexpr (!is_valid<Name, P>::value) {
    return !is_valid<Expression, P>::value; // overloaded, or not there
  } else if constexpr (is_valid<Expression, P>::value) {
    return std::is_same_v<Expression<P>, Result> &&
           member<Name<P>, P, Call>::is_noexcept;
  } else {
    return member<Name<P>, P, Call>::is_deleted;
  }
}

template <class P>
inline constexpr bool optional_members_fit_v =
    is_absent_or_fits<lock_name, lock_call, lock_expression, void, P>() &&
    is_absent_or_fits<lock_until_name, lock_until_call, lock_until_expression,
                      bool, P>() &&
    is_absent_or_fits<wait_for_name, wait_for_call, wait_for_expression, void,
                      P>() &&
    is_absent_or_fits<convert_name, convert_call, convert_expression, bool,
                      P>() &&
    is_absent_or_fits<is_linked_name, is_linked_call, is_linked_expression,
                      bool, P>() &&
    is_absent_or_fits<names_name, names_call, names_expression, bool, P>() &&
    is_absent_or_fits<remove_name, remove_call, remove_expression, void, P>() &&
    is_absent_or_fits<holder_name, holder_call, holder_expression,
                      std::optional<process_id>, P>() &&
    is_absent_or_fits<adopt_name, adopt_call, adopt_expression, bool, P>() &&
    is_absent_or_fits<release_name, release_call, release_expression, void,
                      P>() &&
    is_absent_or_fits<identity_name, identity_call, identity_expression,
                      std::uint64_t, P>();

} // namespace filelock::detail

#endif
