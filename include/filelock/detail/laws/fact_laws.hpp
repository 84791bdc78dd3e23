// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The laws that hold the facts of a Platform to what it does.

#ifndef FILELOCK_DETAIL_LAWS_FACT_LAWS_HPP
#define FILELOCK_DETAIL_LAWS_FACT_LAWS_HPP

#include <filelock/detail/laws/law_book.hpp>
#include <filelock/detail/platform/platform_traits.hpp>
#include <filelock/lock_request.hpp>

#include <filesystem>
#include <system_error>
#include <thread>

namespace filelock {
inline namespace v1 {
namespace detail {

template <class P>
void fact_excludes_same_process(law_book<P>& book) {
  const std::filesystem::path path = book.new_path();
  law_file<P> first(path);
  law_file<P> second(path);
  first.try_lock(exclusive_request);
  book.expect("fact: excludes_same_process",
              second.try_lock(exclusive_request) != P::excludes_same_process);
}

/// \returns Whether no other thread can release.
template <class P>
bool a_thread_is_the_owner(law_book<P>& book, const char* law) {
  const std::filesystem::path path = book.new_path();
  law_file<P> holder(path);
  law_file<P> other(path);
  holder.try_lock(exclusive_request);
  std::error_code ec;
  std::thread([&] {
    P::unlock(holder.handle(), exclusive_request, ec);
  }).join();
  if (ec != std::errc::operation_not_permitted) return false;
  book.expect(law, !other.try_lock(exclusive_request),
              "a refused release by another thread releases");
  holder.unlock(exclusive_request);
  book.expect(law, !holder.ec && other.try_lock(exclusive_request),
              "after a refused release the owner cannot release");
  other.unlock(exclusive_request);
  std::thread([&] { other.try_lock(exclusive_request); }).join();
  book.expect(law, holder.try_lock(exclusive_request),
              "the end of the owner does not release");
  return true;
}

template <class P>
void fact_ownership(law_book<P>& book) {
  const char* law = "fact: ownership";
  if constexpr (!has_virtual_time_v<P>)
    book.expect(law,
                a_thread_is_the_owner(book, law) ==
                    (P::ownership == lock_ownership::thread),
                "a thread is one, or is none");
  if constexpr (P::ownership == lock_ownership::thread) {
    // A copy of the handle, and another process, are no owners then.
  } else if constexpr (!has_duplicate_tool_v<P>) {
    book.is_untried(law, "law_tools has no duplicate()");
  } else {
    const std::filesystem::path path = book.new_path();
    law_file<P> holder(path);
    law_file<P> other(path);
    law_file<P> copy(law_tools<P>::duplicate(holder.handle()));
    holder.try_lock(exclusive_request);
    const bool shared_by_copy = copy.try_lock(exclusive_request);
    const bool shared_by_process = other.try_lock(exclusive_request);
    const lock_ownership found = shared_by_process ? lock_ownership::process
                                 : shared_by_copy
                                     ? lock_ownership::open_file_description
                                     : lock_ownership::handle;
    book.expect(law, found == P::ownership, "another owner");
    if constexpr (has_process_owner_v<P>) {
      typename law_tools<P>::process_owner outsider(path);
      book.expect(law, !outsider.try_lock(exclusive_request),
                  "another process is one too");
      if (found == lock_ownership::process) {
        // POSIX, close(): "All outstanding record locks owned by the process on
        // the file [...] shall be removed".
        copy.close();
        book.expect(law, outsider.try_lock(exclusive_request),
                    "a close releases nothing");
      }
    }
    if (found == lock_ownership::open_file_description) {
      // To close one of two handles on a description releases nothing.
      copy.close();
      book.expect(law, !other.try_lock(exclusive_request),
                  "the close of a copy releases");
    }
  }
}

template <class Owner, class P>
void fact_mandatory(law_book<P>& book) {
  const char* law = "fact: mandatory";
  if constexpr (has_may_write_tool_v<P>) {
    const std::filesystem::path path = book.new_path();
    Owner holder(path);
    holder.try_lock(exclusive_request);
    book.expect(law, law_tools<P>::may_write(path) != P::mandatory);
  } else {
    book.is_untried(law, "law_tools has no may_write()");
  }
}

template <class Owner, class P>
void conversion_laws(law_book<P>& book) {
  if constexpr (has_convert_v<P> && has_shared_locks_v<P>) {
    const char* law = "convert changes the mode";
    const std::filesystem::path path = book.new_path();
    law_file<P> holder(path);
    Owner other(path);
    const auto converts = [&](const lock_request& from,
                              const lock_request& to) {
      return holder.convert(from, to) && !holder.ec;
    };
    holder.try_lock(shared_request);
    book.expect(law, converts(shared_request, exclusive_request),
                "no upgrade without another");
    book.expect(law, !other.try_lock(shared_request),
                "the upgraded lock is shared");
    book.expect(law, converts(exclusive_request, shared_request),
                "no downgrade");
    book.expect(law, !other.try_lock(exclusive_request),
                "the downgraded lock is none");
    book.expect(law, other.try_lock(shared_request),
                "the downgraded lock is exclusive");
    law = "a refused conversion is false with ec clear";
    book.expect(law, !converts(shared_request, exclusive_request),
                "exclusive beside shared");
    book.expect(law, !holder.ec, "an error");
    book.expect(law,
                !P::convert(P::invalid_handle, shared_request,
                            exclusive_request, holder.ec),
                "of no file");
    book.expect(law, static_cast<bool>(holder.ec), "no error");
  }
}

template <class P>
bool upgrade_by(law_file<P>& upgrader) {
  if constexpr (has_convert_v<P>) {
    return upgrader.convert(shared_request, exclusive_request);
  } else if constexpr (has_upgrade_tool_v<P>) {
    return law_tools<P>::upgrade(upgrader.handle(), upgrader.ec);
  } else { // as a lock does it
    upgrader.unlock(shared_request);
    return upgrader.try_lock(exclusive_request);
  }
}

template <class Owner, class P>
void fact_atomic_conversion(law_book<P>& book) {
  if constexpr (has_shared_locks_v<P>) {
    const char* law = "fact: atomic_conversion";
    const std::filesystem::path path = book.new_path();
    law_file<P> upgrader(path);
    Owner other(path);
    Owner third(path);
    upgrader.try_lock(shared_request);
    other.try_lock(shared_request);
    book.expect(law, !upgrade_by(upgrader), "exclusive beside shared");
    other.unlock(shared_request);
    const bool kept = !third.try_lock(exclusive_request);
    book.expect(law, kept == P::atomic_conversion,
                kept ? "a refused upgrade keeps the shared lock"
                     : "a refused upgrade loses the shared lock");
  }
}

template <class Owner, class P>
void ranges_exclude_where_they_meet(law_book<P>& book, const char* law) {
  constexpr lock_request low{lock_mode::exclusive, {0, 1}};
  constexpr lock_request high{lock_mode::exclusive, {1, 1}};
  constexpr lock_request both{lock_mode::exclusive, {0, 2}};
  constexpr lock_request to_the_end{lock_mode::exclusive, {2, 0}};
  constexpr lock_request distant{lock_mode::exclusive, {1'000'000, 1}};
  const std::filesystem::path path = book.new_path();
  law_file<P> first(path);
  Owner second(path);
  book.expect(law, first.try_lock(low) && second.try_lock(high),
              "disjoint ranges exclude each other");
  Owner third(path);
  book.expect(law, !third.try_lock(high), "equal ranges do not");
  book.expect(law, !third.try_lock(both), "overlapping ranges do not");
  book.expect(law, third.try_lock(to_the_end), "nothing is left");
  second.unlock(high);
  book.expect(law, second.try_lock(high), "a release frees nothing");
  second.unlock(high);
  book.expect(law, !second.try_lock(distant), "a range to the end is not one");
  book.expect(law, !first.ec && !second.ec && !third.ec, "an error");
}

template <class Owner, class P>
void ranges_are_refused(law_book<P>& book, const char* law) {
  constexpr lock_request part{lock_mode::exclusive, {1, 1}};
  const std::filesystem::path path = book.new_path();
  law_file<P> first(path);
  Owner second(path);
  book.expect(law,
              !first.try_lock(part) && first.ec == std::errc::not_supported,
              "a range is not refused");
  book.expect(law, second.try_lock(exclusive_request),
              "a refused range is held");
}

template <class Owner, class P>
void fact_byte_ranges(law_book<P>& book) {
  const char* law = "fact: byte_ranges";
  if constexpr (P::byte_ranges)
    ranges_exclude_where_they_meet<Owner>(book, law);
  else
    ranges_are_refused<Owner>(book, law);
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
