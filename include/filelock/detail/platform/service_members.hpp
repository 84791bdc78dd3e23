// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The optional members of a Platform whose locks are those of a service: its
/// sessions can end, and it numbers its holds.

#ifndef FILELOCK_DETAIL_PLATFORM_SERVICE_MEMBERS_HPP
#define FILELOCK_DETAIL_PLATFORM_SERVICE_MEMBERS_HPP

#include <filelock/canceller.hpp>
#include <filelock/detail/clause.hpp>
#include <filelock/detail/platform/member.hpp>
#include <filelock/detail/platform/optional_members.hpp>
#include <filelock/detail/platform/platform_types.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/open_options.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <system_error>
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

struct open_until_member : optional_member<open_until_member> {
  FILELOCK_MEMBER(open_until);
  template <class P>
  using signature = typename P::native_handle_type(
      const std::filesystem::path&, const open_options&,
      const typename clock_t<P>::time_point&, canceller&, error_argument);
#define FILELOCK_WORDS                                                         \
  "Platform: open_until(name, options, deadline, canceller, ec) must "         \
  "be static, noexcept and return native_handle_type"
  static constexpr const char* words = FILELOCK_WORDS;
  template <class P>
  struct demand {
    static_assert(is_met<P>, FILELOCK_WORDS);
  };
#undef FILELOCK_WORDS
};
template <class P>
inline constexpr bool has_open_until_v = is_offered_v<open_until_member, P>;

struct attempt_until_member : optional_member<attempt_until_member> {
  FILELOCK_MEMBER(attempt_until);
  template <class P>
  using signature = bool(handle_t<P>, const lock_request&,
                         const typename clock_t<P>::time_point&, canceller&,
                         error_argument);
#define FILELOCK_WORDS                                                         \
  "Platform: attempt_until(handle, request, deadline, canceller, ec) must "    \
  "be static, noexcept and return bool"
  static constexpr const char* words = FILELOCK_WORDS;
  template <class P>
  struct demand {
    static_assert(is_met<P>, FILELOCK_WORDS);
  };
#undef FILELOCK_WORDS
};
template <class P>
inline constexpr bool has_attempt_until_v =
    is_offered_v<attempt_until_member, P>;

struct holds_member : optional_member<holds_member> {
  FILELOCK_MEMBER(holds);
  template <class P>
  using signature = bool(handle_t<P>, const lock_request&);
#define FILELOCK_WORDS                                                         \
  "Platform: holds(handle, request) must be static, noexcept and "             \
  "return bool"
  static constexpr const char* words = FILELOCK_WORDS;
  template <class P>
  struct demand {
    static_assert(is_met<P>, FILELOCK_WORDS);
  };
#undef FILELOCK_WORDS
};
template <class P>
inline constexpr bool has_holds_v = is_offered_v<holds_member, P>;

struct is_loss_member : optional_member<is_loss_member> {
  FILELOCK_MEMBER(is_loss);
  template <class P>
  using signature = bool(const std::error_code&);
#define FILELOCK_WORDS                                                         \
  "Platform: is_loss(ec) must be static, noexcept and return bool"
  static constexpr const char* words = FILELOCK_WORDS;
  template <class P>
  struct demand {
    static_assert(is_met<P>, FILELOCK_WORDS);
  };
#undef FILELOCK_WORDS
};
template <class P>
inline constexpr bool has_is_loss_v = is_offered_v<is_loss_member, P>;

struct loss_member : optional_member<loss_member> {
  FILELOCK_MEMBER(loss);
  template <class P>
  using signature = canceller(handle_t<P>);
#define FILELOCK_WORDS                                                         \
  "Platform: loss(handle) must be static, noexcept and return "                \
  "canceller"
  static constexpr const char* words = FILELOCK_WORDS;
  template <class P>
  struct demand {
    static_assert(is_met<P>, FILELOCK_WORDS);
  };
#undef FILELOCK_WORDS
};
template <class P>
inline constexpr bool has_loss_v = is_offered_v<loss_member, P>;

struct token_member : optional_member<token_member> {
  FILELOCK_MEMBER(token);
  template <class P>
  using signature = std::uint64_t(handle_t<P>);
#define FILELOCK_WORDS                                                         \
  "Platform: token(handle) must be static, noexcept and return "               \
  "std::uint64_t"
  static constexpr const char* words = FILELOCK_WORDS;
  template <class P>
  struct demand {
    static_assert(is_met<P>, FILELOCK_WORDS);
  };
#undef FILELOCK_WORDS
};
template <class P>
inline constexpr bool has_token_v = is_offered_v<token_member, P>;

struct holder_name_member : optional_member<holder_name_member> {
  FILELOCK_MEMBER(holder_name);
  template <class P>
  using signature = std::string(handle_t<P>, const lock_request&);
#define FILELOCK_WORDS                                                         \
  "Platform: holder_name(handle, request) must be static, noexcept "           \
  "and return std::string"
  static constexpr const char* words = FILELOCK_WORDS;
  template <class P>
  struct demand {
    static_assert(is_met<P>, FILELOCK_WORDS);
  };
#undef FILELOCK_WORDS
};
template <class P>
inline constexpr bool has_holder_name_v = is_offered_v<holder_name_member, P>;

/// Whether `ec` means that the session or the lease of a handle has ended.
template <class P>
bool is_loss(const std::error_code& ec) noexcept {
  if constexpr (has_is_loss_v<P>)
    return ec && P::is_loss(ec);
  else
    return false;
}

/// Each of them once, in the order in which they are checked.
using service_members =
    clause_list<open_until_member, attempt_until_member, holds_member,
                is_loss_member, loss_member, token_member, holder_name_member>;

#undef FILELOCK_MEMBER

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
