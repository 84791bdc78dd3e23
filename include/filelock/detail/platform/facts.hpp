// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The facts of a Platform, and the compiler's messages if one is missing or
/// has the wrong type. To add one, write a class here and add it to the list at
/// the end.

#ifndef FILELOCK_DETAIL_PLATFORM_FACTS_HPP
#define FILELOCK_DETAIL_PLATFORM_FACTS_HPP

#include <filelock/detail/clause.hpp>
#include <filelock/detail/platform/platform_types.hpp>
#include <filelock/lock_request.hpp>

#include <type_traits>

namespace filelock {
inline namespace v1 {
namespace detail {

template <auto>
struct constant;

/// Undefined at the end, as FILELOCK_WORDS is.
#define FILELOCK_FACT(name)                                                    \
  template <class P>                                                           \
  using address = decltype(&P::name);                                          \
  template <class P>                                                           \
  using value = constant<P::name>

/// Whether P has the fact, as a constant of type T. If the member is not
/// static, GCC takes the value all the same, and reports an error.
template <class Fact, class T, class P>
constexpr bool is_said() {
  if constexpr (is_valid<Fact::template address, P>::value)
    if constexpr (std::is_same_v<typename Fact::template address<P>, const T*>)
      return is_valid<Fact::template value, P>::value;
  return false;
}

// A type without a handle type is no Platform at all, so it gets no message
// here.
template <class Fact, class T>
struct required_fact {
  template <class P>
  static constexpr bool is_met = !has_handle_type_v<P> || is_said<Fact, T, P>();
};
template <class Fact, class T>
struct optional_fact {
  template <class P>
  static constexpr bool is_met =
      !has_handle_type_v<P> || !is_valid<Fact::template address, P>::value ||
      is_said<Fact, T, P>();
};

struct ownership_fact : required_fact<ownership_fact, lock_ownership> {
  FILELOCK_FACT(ownership);
#define FILELOCK_WORDS                                                         \
  "Platform: ownership must be static constexpr lock_ownership"
  static constexpr const char* words = FILELOCK_WORDS;
  template <class P>
  struct demand {
    static_assert(is_met<P>, FILELOCK_WORDS);
  };
#undef FILELOCK_WORDS
};

struct mandatory_fact : required_fact<mandatory_fact, bool> {
  FILELOCK_FACT(mandatory);
#define FILELOCK_WORDS "Platform: mandatory must be static constexpr bool"
  static constexpr const char* words = FILELOCK_WORDS;
  template <class P>
  struct demand {
    static_assert(is_met<P>, FILELOCK_WORDS);
  };
#undef FILELOCK_WORDS
};

struct excludes_same_process_fact
    : required_fact<excludes_same_process_fact, bool> {
  FILELOCK_FACT(excludes_same_process);
#define FILELOCK_WORDS                                                         \
  "Platform: excludes_same_process must be static constexpr bool"
  static constexpr const char* words = FILELOCK_WORDS;
  template <class P>
  struct demand {
    static_assert(is_met<P>, FILELOCK_WORDS);
  };
#undef FILELOCK_WORDS
};

struct atomic_conversion_fact : required_fact<atomic_conversion_fact, bool> {
  FILELOCK_FACT(atomic_conversion);
#define FILELOCK_WORDS                                                         \
  "Platform: atomic_conversion must be static constexpr bool"
  static constexpr const char* words = FILELOCK_WORDS;
  template <class P>
  struct demand {
    static_assert(is_met<P>, FILELOCK_WORDS);
  };
#undef FILELOCK_WORDS
};

struct byte_ranges_fact : required_fact<byte_ranges_fact, bool> {
  FILELOCK_FACT(byte_ranges);
#define FILELOCK_WORDS "Platform: byte_ranges must be static constexpr bool"
  static constexpr const char* words = FILELOCK_WORDS;
  template <class P>
  struct demand {
    static_assert(is_met<P>, FILELOCK_WORDS);
  };
#undef FILELOCK_WORDS
};

struct shared_locks_fact : optional_fact<shared_locks_fact, bool> {
  FILELOCK_FACT(shared_locks);
#define FILELOCK_WORDS                                                         \
  "Platform: shared_locks, where it is there, must be static constexpr bool"
  static constexpr const char* words = FILELOCK_WORDS;
  template <class P>
  struct demand {
    static_assert(is_met<P>, FILELOCK_WORDS);
  };
#undef FILELOCK_WORDS
};

struct locks_names_fact : optional_fact<locks_names_fact, bool> {
  FILELOCK_FACT(locks_names);
#define FILELOCK_WORDS                                                         \
  "Platform: locks_names, where it is there, must be static constexpr bool"
  static constexpr const char* words = FILELOCK_WORDS;
  template <class P>
  struct demand {
    static_assert(is_met<P>, FILELOCK_WORDS);
  };
#undef FILELOCK_WORDS
};

/// Whether a path is a name of a service, not of a file; false unless P says
/// so.
template <class P, class = void>
inline constexpr bool locks_names_v = false;
template <class P>
inline constexpr bool
    locks_names_v<P, std::enable_if_t<is_said<locks_names_fact, bool, P>()>> =
        P::locks_names;

/// Whether several readers may lock P at a time; true unless P says no.
template <class P, class = void>
inline constexpr bool has_shared_locks_v = true;
template <class P>
inline constexpr bool has_shared_locks_v<
    P, std::enable_if_t<is_said<shared_locks_fact, bool, P>()>> =
    P::shared_locks;

/// \returns `mode`. Does not compile if P has no shared locks: only a lock that
/// can be shared has the shared members and the conversions.
template <class P>
constexpr lock_mode of_shared_locks(lock_mode mode) noexcept {
  static_assert(has_shared_locks_v<P>,
                "this Platform locks exclusively only (its shared_locks is "
                "false): there is no lock_shared(), no std::shared_lock and no "
                "conversion");
  return mode;
}

#undef FILELOCK_FACT

/// All facts, each once, in the order in which they are checked.
using facts =
    clause_list<ownership_fact, mandatory_fact, excludes_same_process_fact,
                atomic_conversion_fact, byte_ranges_fact, shared_locks_fact,
                locks_names_fact>;

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
