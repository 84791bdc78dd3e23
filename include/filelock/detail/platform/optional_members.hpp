// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The optional members of a Platform: how each is called and found, and the
/// compiler's message if it exists but cannot be called so. To add one, write a
/// class here and add it to the list at the end.

#ifndef FILELOCK_DETAIL_PLATFORM_OPTIONAL_MEMBERS_HPP
#define FILELOCK_DETAIL_PLATFORM_OPTIONAL_MEMBERS_HPP

#include <filelock/backoff/wait_state.hpp>
#include <filelock/canceller.hpp>
#include <filelock/detail/clause.hpp>
#include <filelock/detail/platform/member.hpp>
#include <filelock/detail/platform/platform_types.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/name_memory.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <utility>

namespace filelock {
inline namespace v1 {
namespace detail {

// The parts of a Member: see member.hpp. Undefined at the end, as
// FILELOCK_WORDS.
#define FILELOCK_MEMBER(name)                                                  \
  template <class P>                                                           \
  using address = decltype(&P::name);                                          \
  template <class P, class... Arguments>                                       \
  using call = decltype(P::name(std::declval<Arguments>()...))

template <class Member>
struct optional_member {
  template <class P>
  static constexpr bool is_met = is_absent_or_fits<Member, P>();
};

struct lock_member : optional_member<lock_member> {
  FILELOCK_MEMBER(lock);
  template <class P>
  using signature = void(handle_t<P>, const lock_request&, error_argument);
#define FILELOCK_WORDS                                                         \
  "Platform: lock(handle, request, ec) must be static, noexcept and return "   \
  "void"
  static constexpr const char* words = FILELOCK_WORDS;
  template <class P>
  struct demand {
    static_assert(is_met<P>, FILELOCK_WORDS);
  };
#undef FILELOCK_WORDS
};
template <class P>
inline constexpr bool has_lock_v = is_offered_v<lock_member, P>;

struct lock_until_member : optional_member<lock_until_member> {
  FILELOCK_MEMBER(lock_until);
  template <class P>
  using signature = bool(handle_t<P>, const lock_request&,
                         const typename clock_t<P>::time_point&, canceller&,
                         error_argument);
#define FILELOCK_WORDS                                                         \
  "Platform: lock_until(handle, request, deadline, canceller, ec) must be "    \
  "static, noexcept and return bool"
  static constexpr const char* words = FILELOCK_WORDS;
  template <class P>
  struct demand {
    static_assert(is_met<P>, FILELOCK_WORDS);
  };
#undef FILELOCK_WORDS
};
template <class P>
inline constexpr bool has_lock_until_v = is_offered_v<lock_until_member, P>;

struct wait_for_member : optional_member<wait_for_member> {
  FILELOCK_MEMBER(wait_for);
  template <class P>
  using signature = void(handle_t<P>, std::chrono::nanoseconds, canceller&);
#define FILELOCK_WORDS                                                         \
  "Platform: wait_for(handle, duration, canceller) must be static, noexcept "  \
  "and return void"
  static constexpr const char* words = FILELOCK_WORDS;
  template <class P>
  struct demand {
    static_assert(is_met<P>, FILELOCK_WORDS);
  };
#undef FILELOCK_WORDS
};
template <class P>
inline constexpr bool has_wait_for_v = is_offered_v<wait_for_member, P>;

struct convert_member : optional_member<convert_member> {
  FILELOCK_MEMBER(convert);
  template <class P>
  using signature = bool(handle_t<P>, const lock_request&, const lock_request&,
                         error_argument);
#define FILELOCK_WORDS                                                         \
  "Platform: convert(handle, from, to, ec) must be static, noexcept and "      \
  "return bool"
  static constexpr const char* words = FILELOCK_WORDS;
  template <class P>
  struct demand {
    static_assert(is_met<P>, FILELOCK_WORDS);
  };
#undef FILELOCK_WORDS
};
template <class P>
inline constexpr bool has_convert_v = is_offered_v<convert_member, P>;

struct names_member : optional_member<names_member> {
  FILELOCK_MEMBER(names);
  template <class P>
  using signature = bool(const std::filesystem::path&, handle_t<P>);
#define FILELOCK_WORDS                                                         \
  "Platform: names(path, handle) must be static, noexcept and return bool"
  static constexpr const char* words = FILELOCK_WORDS;
  template <class P>
  struct demand {
    static_assert(is_met<P>, FILELOCK_WORDS);
  };
#undef FILELOCK_WORDS
};
template <class P>
inline constexpr bool has_names_v = is_offered_v<names_member, P>;

struct still_names_member : optional_member<still_names_member> {
  FILELOCK_MEMBER(still_names);
  template <class P>
  using signature = bool(const std::filesystem::path&, handle_t<P>,
                         name_memory&);
#define FILELOCK_WORDS                                                         \
  "Platform: still_names(path, handle, memory) must be static, noexcept and "  \
  "return bool"
  static constexpr const char* words = FILELOCK_WORDS;
  template <class P>
  struct demand {
    static_assert(is_met<P>, FILELOCK_WORDS);
  };
#undef FILELOCK_WORDS
};
template <class P>
inline constexpr bool has_still_names_v = is_offered_v<still_names_member, P>;

struct remove_member : optional_member<remove_member> {
  FILELOCK_MEMBER(remove);
  template <class P>
  using signature = void(const std::filesystem::path&, handle_t<P>,
                         error_argument);
#define FILELOCK_WORDS                                                         \
  "Platform: remove(path, handle, ec) must be static, noexcept and return "    \
  "void"
  static constexpr const char* words = FILELOCK_WORDS;
  template <class P>
  struct demand {
    static_assert(is_met<P>, FILELOCK_WORDS);
  };
#undef FILELOCK_WORDS
};
template <class P>
inline constexpr bool has_remove_v = is_offered_v<remove_member, P>;

struct holder_member : optional_member<holder_member> {
  FILELOCK_MEMBER(holder);
  template <class P>
  using signature = std::optional<process_id>(handle_t<P>, const lock_request&);
#define FILELOCK_WORDS                                                         \
  "Platform: holder(handle, request) must be static, noexcept and return "     \
  "std::optional<process_id>"
  static constexpr const char* words = FILELOCK_WORDS;
  template <class P>
  struct demand {
    static_assert(is_met<P>, FILELOCK_WORDS);
  };
#undef FILELOCK_WORDS
};
template <class P>
inline constexpr bool has_holder_v = is_offered_v<holder_member, P>;

struct is_awaited_member : optional_member<is_awaited_member> {
  FILELOCK_MEMBER(is_awaited);
  template <class P>
  using signature = bool(handle_t<P>);
#define FILELOCK_WORDS                                                         \
  "Platform: is_awaited(handle) must be static, noexcept and return bool"
  static constexpr const char* words = FILELOCK_WORDS;
  template <class P>
  struct demand {
    static_assert(is_met<P>, FILELOCK_WORDS);
  };
#undef FILELOCK_WORDS
};
template <class P>
inline constexpr bool has_is_awaited_v = is_offered_v<is_awaited_member, P>;

struct adopt_member : optional_member<adopt_member> {
  FILELOCK_MEMBER(adopt);
  template <class P>
  using signature = bool(handle_t<P>, error_argument);
#define FILELOCK_WORDS                                                         \
  "Platform: adopt(handle, ec) must be static, noexcept and return bool"
  static constexpr const char* words = FILELOCK_WORDS;
  template <class P>
  struct demand {
    static_assert(is_met<P>, FILELOCK_WORDS);
  };
#undef FILELOCK_WORDS
};
template <class P>
inline constexpr bool has_adopt_v = is_offered_v<adopt_member, P>;

struct release_member : optional_member<release_member> {
  FILELOCK_MEMBER(release);
  template <class P>
  using signature = void(handle_t<P>);
#define FILELOCK_WORDS                                                         \
  "Platform: release(handle) must be static, noexcept and return void"
  static constexpr const char* words = FILELOCK_WORDS;
  template <class P>
  struct demand {
    static_assert(is_met<P>, FILELOCK_WORDS);
  };
#undef FILELOCK_WORDS
};
template <class P>
inline constexpr bool has_release_v = is_offered_v<release_member, P>;

struct identity_member : optional_member<identity_member> {
  FILELOCK_MEMBER(identity);
  template <class P>
  using signature = std::uint64_t(handle_t<P>);
#define FILELOCK_WORDS                                                         \
  "Platform: identity(handle) must be static, noexcept and return "            \
  "std::uint64_t"
  static constexpr const char* words = FILELOCK_WORDS;
  template <class P>
  struct demand {
    static_assert(is_met<P>, FILELOCK_WORDS);
  };
#undef FILELOCK_WORDS
};
template <class P>
inline constexpr bool has_identity_v = is_offered_v<identity_member, P>;

struct descriptor_member : optional_member<descriptor_member> {
  FILELOCK_MEMBER(descriptor);
  template <class P>
  using signature = int(handle_t<P>);
#define FILELOCK_WORDS                                                         \
  "Platform: descriptor(handle) must be static, noexcept and return int"
  static constexpr const char* words = FILELOCK_WORDS;
  template <class P>
  struct demand {
    static_assert(is_met<P>, FILELOCK_WORDS);
  };
#undef FILELOCK_WORDS
};
template <class P>
inline constexpr bool has_descriptor_v = is_offered_v<descriptor_member, P>;

struct previous_owner_died_member
    : optional_member<previous_owner_died_member> {
  FILELOCK_MEMBER(previous_owner_died);
  template <class P>
  using signature = bool(handle_t<P>, const lock_request&);
#define FILELOCK_WORDS                                                         \
  "Platform: previous_owner_died(handle, request) must be static, noexcept "   \
  "and return bool"
  static constexpr const char* words = FILELOCK_WORDS;
  template <class P>
  struct demand {
    static_assert(is_met<P>, FILELOCK_WORDS);
  };
#undef FILELOCK_WORDS
};
template <class P>
inline constexpr bool has_previous_owner_died_v =
    is_offered_v<previous_owner_died_member, P>;

/// Each of them once, in the order in which they are checked.
using optional_members =
    clause_list<lock_member, lock_until_member, wait_for_member, convert_member,
                names_member, still_names_member, remove_member, holder_member,
                is_awaited_member, adopt_member, release_member,
                identity_member, descriptor_member, previous_owner_died_member>;

#undef FILELOCK_MEMBER

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
