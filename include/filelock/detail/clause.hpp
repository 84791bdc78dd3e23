// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// A concept as a list of clauses, each with a message for a type that does not
/// meet it: for a static_assert, and for a predicate that says why.

#ifndef FILELOCK_DETAIL_CLAUSE_HPP
#define FILELOCK_DETAIL_CLAUSE_HPP

#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

namespace filelock {
inline namespace v1 {
namespace detail {

// A clause is a class with three members:
//
//   template <class T> static constexpr bool is_met;
//   static constexpr const char* words;
//   template <class T> struct demand; // a static_assert of is_met<T>
//
// A static_assert takes a literal, so `words` and `demand` share a macro that
// lives for these two lines. A macro with the static_assert itself would add
// its expansion to every message.
//
// The requirements on a type are a class. In a message its name stands for all
// clauses:
//
//   using clauses = clause_list<...>;
//   template <class T> using more_demands; // a base: further demands on T

/// Not a std::tuple, which an overload resolution would instantiate.
template <class... Clauses>
struct clause_list {
  template <std::size_t Index>
  using at = std::tuple_element_t<Index, std::tuple<Clauses...>>;

  template <class... Others>
  static clause_list<Clauses..., Others...> with(clause_list<Others...>);
  using indices = std::index_sequence_for<Clauses...>;
};

template <class List, class OtherList>
using joined_t = decltype(List::with(OtherList()));

/// \returns The words of the first clause that T does not meet. Null if T meets
/// all. Not a std::string_view: making one of a literal costs the compiler more
/// than all the rest.
template <class T, class... Clauses>
constexpr const char* first_unmet(clause_list<Clauses...>) {
  const char* words = nullptr;
  static_cast<void>(
      (... || (!Clauses::template is_met<T> && (words = Clauses::words))));
  return words;
}

template <class T, class Concept>
inline constexpr const char*
    first_unmet_v = first_unmet<T>(typename Concept::clauses());

/// Derives from every `demand` of a list. Uses their indices, because a message
/// shows the arguments of this template.
template <class T, class Concept, std::size_t... Indices>
struct demands : Concept::clauses::template at<Indices>::template demand<T>...,
                 Concept::template more_demands<T> {};

template <class T, class Concept, std::size_t... Indices>
demands<T, Concept, Indices...> demands_of(std::index_sequence<Indices...>);

/// A class that cannot be instantiated if T does not meet a clause.
template <class T, class Concept>
using all_demands =
    decltype(demands_of<T, Concept>(typename Concept::clauses::indices()));

/// Whether T is complete, not only declared.
template <class T, class = void>
inline constexpr bool is_complete_v = false;
template <class T>
inline constexpr bool is_complete_v<T, std::void_t<decltype(sizeof(T))>> = true;

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
