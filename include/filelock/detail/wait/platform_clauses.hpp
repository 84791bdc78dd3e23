// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The requirements on a Platform, in the order in which they are checked. They
/// are in this room because they distinguish a BackoffPolicy from a Platform.

#ifndef FILELOCK_DETAIL_WAIT_PLATFORM_CLAUSES_HPP
#define FILELOCK_DETAIL_WAIT_PLATFORM_CLAUSES_HPP

#include <filelock/detail/clause.hpp>
#include <filelock/detail/platform/facts.hpp>
#include <filelock/detail/platform/optional_members.hpp>
#include <filelock/detail/platform/platform_types.hpp>
#include <filelock/detail/platform/required_members.hpp>
#include <filelock/detail/platform/service_members.hpp>
#include <filelock/detail/platform/wrong_names.hpp>
#include <filelock/detail/wait/policy_clauses.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/open_options.hpp>

#include <filesystem>
#include <system_error>
#include <type_traits>

namespace filelock {
inline namespace v1 {
namespace detail {

// The first clauses of a Platform. If a type fails one of them, the later ones
// are not checked.

struct class_clause {
  template <class P>
  static constexpr bool is_met = std::is_class_v<P>&& is_complete_v<P>;
#define FILELOCK_WORDS                                                         \
  "Platform: must be a class, and complete: include the header that defines "  \
  "it"
  static constexpr const char* words = FILELOCK_WORDS;
  template <class P>
  struct demand {
    static_assert(is_met<P>, FILELOCK_WORDS);
  };
#undef FILELOCK_WORDS
};

/// For a lock whose first argument is a policy.
struct argument_clause {
  template <class P>
  static constexpr bool is_met =
      !class_clause::is_met<P> || has_handle_type_v<P> ||
      first_unmet_v<P, policy_clauses> != nullptr;
#define FILELOCK_WORDS                                                         \
  "Platform: this is a BackoffPolicy, the second template argument of a lock"
  static constexpr const char* words = FILELOCK_WORDS;
  template <class P>
  struct demand {
    static_assert(is_met<P>, FILELOCK_WORDS);
  };
#undef FILELOCK_WORDS
};

struct handle_type_clause {
  template <class P>
  static constexpr bool is_met =
      !class_clause::is_met<P> || !argument_clause::is_met<P> ||
      has_handle_type_v<P>;
#define FILELOCK_WORDS                                                         \
  "Platform: native_handle_type must be a type that copies without throwing"
  static constexpr const char* words = FILELOCK_WORDS;
  template <class P>
  struct demand {
    static_assert(is_met<P>, FILELOCK_WORDS);
  };
#undef FILELOCK_WORDS
};

struct platform_clauses {
  using clauses = joined_t<
      clause_list<class_clause, argument_clause, handle_type_clause>,
      joined_t<required_members,
               joined_t<facts, joined_t<optional_members, service_members>>>>;
  template <class P>
  using more_demands = demand_known_names<P>;
};

template <class P>
constexpr const char* why_no_platform() {
  const char* const words = first_unmet_v<P, platform_clauses>;
  return words ? words : first_misspelt<P>();
}

/// Replaces a type that is no Platform, so that no other error follows the
/// message that says so.
struct refused_platform {
  using native_handle_type = int;
  static constexpr int invalid_handle = -1;
  static constexpr lock_ownership ownership = lock_ownership::handle;
  static constexpr bool mandatory = false;
  static constexpr bool excludes_same_process = true;
  static constexpr bool atomic_conversion = false;
  static constexpr bool byte_ranges = false;
  static int open(const std::filesystem::path&, const open_options&,
                  std::error_code&) noexcept;
  static void close(int) noexcept;
  static bool try_lock(int, const lock_request&, std::error_code&) noexcept;
  static void unlock(int, const lock_request&, std::error_code&) noexcept;
};

template <class P>
using checked_platform_t =
    std::conditional_t<why_no_platform<P>() == nullptr, P, refused_platform>;

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
