// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Finds a static member function by its name: whether it exists, and whether
/// it can be called as required.

#ifndef FILELOCK_DETAIL_PLATFORM_MEMBER_HPP
#define FILELOCK_DETAIL_PLATFORM_MEMBER_HPP

#include <filelock/detail/platform/platform_types.hpp>

#include <type_traits>

namespace filelock {
inline namespace v1 {
namespace detail {

// A Member is a class that stands for a name. It has:
//
//   template <class P> using address;            // decltype(&P::name)
//   template <class P, class... Arguments> using call;
//                                                // decltype(P::name(...))
//   template <class P> using signature;          // the required type

template <class Member, class P, class Enable, class... Arguments>
struct is_call_valid : std::false_type {};
template <class Member, class P, class... Arguments>
struct is_call_valid<
    Member, P, std::void_t<typename Member::template call<P, Arguments...>>,
    Arguments...> : std::true_type {};

/// Whether there is exactly one function of that name, without overloads.
template <class Member, class P>
inline constexpr bool has_address_v =
    is_valid<Member::template address, P>::value;

/// How to call a function of type Signature.
template <class Signature>
struct calls;
template <class Result, class... Arguments>
struct calls<Result(Arguments...)> {
  template <class Member, class P>
  static constexpr bool are_valid =
      is_call_valid<Member, P, void, Arguments...>::value;

  template <class Member, class P>
  static constexpr bool have_this_result =
      std::is_same_v<typename Member::template call<P, Arguments...>, Result>;
};

template <class Member, class P>
using calls_of = calls<typename Member::template signature<P>>;

/// Whether P has the member, can call it with these arguments, and does not
/// hide it. Used for all optional members, so an adaptor hides one by `=
/// delete`.
template <class Member, class P, class = void>
inline constexpr bool is_offered_v = false;
template <class Member, class P>
inline constexpr bool is_offered_v<
    Member, P, std::void_t<typename Member::template signature<P>>> =
    calls_of<Member, P>::template are_valid<Member, P>;

/// The properties of a function that its type shows. A function that cannot be
/// called with arguments of its own types is deleted: GCC takes the address of
/// a deleted function all the same.
template <class Function, class Member, class P>
struct function {
  static constexpr bool is_deleted = false; // not a static function
  static constexpr bool is_noexcept = false;
};
template <class Result, class... Arguments, class Member, class P>
struct function<Result (*)(Arguments...), Member, P> {
  static constexpr bool is_deleted =
      !is_call_valid<Member, P, void, Arguments...>::value;
  static constexpr bool is_noexcept = false;
};
template <class Result, class... Arguments, class Member, class P>
struct function<Result (*)(Arguments...) noexcept, Member, P>
    : function<Result (*)(Arguments...), Member, P> {
  static constexpr bool is_noexcept = true;
};
template <class Member, class P>
using function_of = function<typename Member::template address<P>, Member, P>;

/// A member that exists, but cannot be called as required, would otherwise be
/// ignored without a message.
template <class Member, class P>
constexpr bool is_absent_or_fits() {
  if constexpr (!has_handle_type_v<P>)
    return true; // no arguments to call it with
  else if constexpr (!has_address_v<Member, P>)
    return !is_offered_v<Member, P>; // overloaded, or absent
  else if constexpr (is_offered_v<Member, P>)
    return calls_of<Member, P>::template have_this_result<Member, P> &&
           function_of<Member, P>::is_noexcept;
  else
    return function_of<Member, P>::is_deleted;
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
