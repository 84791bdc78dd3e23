// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The laws of a Platform, for tests of your own one. Any test framework will
/// do.

#ifndef FILELOCK_TESTING_PLATFORM_LAWS_HPP
#define FILELOCK_TESTING_PLATFORM_LAWS_HPP

#include <filelock/concepts.hpp>
#include <filelock/detail/laws/fact_laws.hpp>
#include <filelock/detail/laws/file_laws.hpp>
#include <filelock/detail/laws/law_book.hpp>
#include <filelock/detail/laws/locking_laws.hpp>
#include <filelock/detail/laws/service_laws.hpp>
#include <filelock/detail/laws/waiting_laws.hpp>
#include <filelock/detail/platform/platform_traits.hpp>
#include <filelock/testing/law_tools.hpp>

#include <chrono>
#include <filesystem>
#include <string>

namespace filelock {
inline namespace v1 {
namespace detail {

template <class Owner, class P>
void laws_between_owners(law_book<P>& book) {
  locking_laws<Owner>(book);
  conversion_laws<Owner>(book);
  fact_atomic_conversion<Owner>(book);
  fact_mandatory<Owner>(book);
  fact_byte_ranges<Owner>(book);
  release_and_adopt_keep_the_lock<Owner>(book);
  if (!book.is_clean()) {
    book.is_untried("waits", "a law was broken before, so they may not end");
    return;
  }
  // A wait that has not ended would disturb the next one.
  for (const lock_request& request : {exclusive_request, shared_request})
    if (request.mode == lock_mode::exclusive || has_shared_locks_v<P>) {
      if (!waiting_in_lock<Owner>(book, request)) return;
      if (!waiting_in_lock_until<Owner>(book, request)) return;
    }
  lock_refuses_a_range(book);
}

template <class P>
void all_laws_of_owners(law_book<P>& book) {
  const char* law = "laws between owners";
  if constexpr (P::ownership != lock_ownership::process)
    laws_between_owners<law_file<P>>(book);
  else if constexpr (!has_process_owner_v<P>)
    book.is_untried(law, "law_tools has no process_owner");
  if constexpr (has_process_owner_v<P>) {
    book.set_between("between processes: ");
    laws_between_owners<typename law_tools<P>::process_owner>(book);
    book.set_between("");
  }
}

} // namespace detail

/// What check_platform_laws() has found. One a line; empty for none.
struct law_report {
  std::string broken;  ///< the laws that the Platform breaks, and how
  std::string untried; ///< the laws that could not be tried, and why
};

/// Tries P, by files that it opens in `folder`. Effects: the files stay there.
/// A wait of P that does not return within `patience` after it should is a
/// broken law. Its thread and its open file are left behind, even if it returns
/// later.
/// Preconditions: a member of P that is called as the reference allows does not
/// end the program.
/// \returns Which laws P breaks. One that is wrong may break others too.
template <class P>
law_report check_platform_laws(
    const std::filesystem::path& folder,
    std::chrono::nanoseconds patience = std::chrono::seconds(10)) {
  detail::law_book<P> book(folder, patience);
  book.expect("is a Platform", is_platform_v<P>,
              std::string(why_no_platform_v<P>).c_str());
  if (!book.is_clean()) {
    book.is_untried("all others", "it is no Platform");
  } else if (!detail::opening(book)) {
    book.is_untried("all others", "there is no handle");
  } else if (!detail::try_lock_does_not_wait(book)) {
    book.is_untried("all others", "an attempt waits");
  } else {
    detail::fact_shared_locks(book);
    detail::all_laws_of_owners(book);
    detail::fact_excludes_same_process(book);
    detail::fact_ownership(book);
    detail::holder_tells_the_owner(book);
    detail::names_tells_the_file(book);
    detail::still_names_says_what_names_says(book);
    detail::remove_removes_no_other(book);
    detail::descriptor_is_the_handles(book);
    detail::identity_is_the_files(book);
    detail::previous_owner_died_tells_of_deaths_alone(book);
    detail::is_awaited_says_so(book);
    detail::waiting_between_attempts(book);
    detail::an_error_is_no_hold(book);
    detail::service_laws(book);
  }
  return {book.broken(), book.untried()};
}

/// \returns The laws that P breaks, one a line. Empty for none.
template <class P>
std::string broken_laws(const std::filesystem::path& folder) {
  return check_platform_laws<P>(folder).broken;
}

} // namespace v1
} // namespace filelock

#endif
