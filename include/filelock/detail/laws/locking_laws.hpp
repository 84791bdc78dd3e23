// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The laws of a Platform's required members: what a lock is.

#ifndef FILELOCK_DETAIL_LAWS_LOCKING_LAWS_HPP
#define FILELOCK_DETAIL_LAWS_LOCKING_LAWS_HPP

#include <filelock/detail/laws/law_book.hpp>
#include <filelock/detail/platform/platform_traits.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/open_options.hpp>

#include <filesystem>
#include <memory>
#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {

/// \returns Whether there is a handle at all, which the other laws need.
template <class P>
bool opening(law_book<P>& book) {
  const char* law = "open gives a handle or an error";
  std::error_code ec;
  const law_file<P> good(P::open(book.new_path(), {}, ec));
  const bool is_open = !ec && !(good.handle() == P::invalid_handle);
  book.expect(law, is_open, "no handle");
  if constexpr (!locks_names_v<P>) { // a name is never missing
    open_options options;
    options.create = false;
    ec.clear();
    const law_file<P> bad(P::open(book.new_path(), options, ec));
    book.expect(
        law, ec && bad.handle() == P::invalid_handle,
        "open_options::create is false, and a missing file is no error");
  }
  return is_open;
}

template <class Owner, class P>
void exclusive_excludes_both(law_book<P>& book) {
  const char* law = "exclusive excludes both";
  const std::filesystem::path path = book.new_path();
  law_file<P> holder(path);
  Owner other(path);
  book.expect(law, holder.try_lock(exclusive_request),
              "not granted on a free file");
  book.expect(law, !holder.ec, "granted with an error");
  book.expect(law, !other.try_lock(exclusive_request),
              "exclusive beside exclusive");
  if constexpr (has_shared_locks_v<P>) {
    book.expect(law, !other.try_lock(shared_request),
                "shared beside exclusive");
    holder.unlock(exclusive_request);
    book.expect(law, holder.try_lock(shared_request), "shared is not granted");
    book.expect(law, !other.try_lock(exclusive_request),
                "exclusive beside shared");
  }
  law_file<P> unrelated(book.new_path());
  book.expect(law, unrelated.try_lock(exclusive_request), "another file");
}

template <class Owner, class P>
void shared_stands_beside_shared(law_book<P>& book) {
  const char* law = "shared stands beside shared";
  const std::filesystem::path path = book.new_path();
  law_file<P> first(path);
  Owner second(path);
  Owner third(path);
  book.expect(law, first.try_lock(shared_request) &&
                       second.try_lock(shared_request));
  first.unlock(shared_request);
  book.expect(law, !third.try_lock(exclusive_request),
              "one release ended two holds");
  second.unlock(shared_request);
  book.expect(law, third.try_lock(exclusive_request),
              "still held after both releases");
}

template <class P>
void fact_shared_locks(law_book<P>& book) {
  const char* law = "fact: shared_locks";
  if constexpr (!has_shared_locks_v<P>) {
    const std::filesystem::path path = book.new_path();
    law_file<P> asker(path);
    law_file<P> other(path);
    book.expect(law,
                !asker.try_lock(shared_request) &&
                    asker.ec == std::errc::not_supported,
                "a shared lock is not refused");
    book.expect(law, other.try_lock(exclusive_request),
                "a refused shared lock is held");
  }
}

template <class Owner, class P>
void busy_is_false_without_an_error(law_book<P>& book) {
  const char* law = "busy is false with ec clear";
  const std::filesystem::path path = book.new_path();
  law_file<P> holder(path);
  Owner other(path);
  holder.try_lock(exclusive_request);
  book.expect(law, !other.try_lock(exclusive_request) && !other.ec,
              "exclusive");
  if constexpr (has_shared_locks_v<P>)
    book.expect(law, !other.try_lock(shared_request) && !other.ec, "shared");
  book.expect(law, !holder.ec, "an error of the holder");
}

template <class Owner, class P>
void unlock_lets_another_in(law_book<P>& book) {
  const char* law = "unlock lets another in";
  for (const lock_request& request : {exclusive_request, shared_request}) {
    if (request.mode == lock_mode::shared && !has_shared_locks_v<P>) continue;
    const std::filesystem::path path = book.new_path();
    law_file<P> holder(path);
    Owner other(path);
    holder.try_lock(request);
    holder.unlock(request);
    book.expect(law, !holder.ec, "an error");
    book.expect(law, other.try_lock(exclusive_request), "it does not");
  }
}

template <class Owner, class P>
void close_lets_another_in(law_book<P>& book) {
  const std::filesystem::path path = book.new_path();
  law_file<P> holder(path);
  Owner other(path);
  holder.try_lock(exclusive_request);
  holder.close();
  book.expect("close lets another in", other.try_lock(exclusive_request));
}

template <class Owner, class P>
void a_busy_attempt_changes_nothing(law_book<P>& book) {
  const char* law = "a failed attempt changes nothing";
  const std::filesystem::path path = book.new_path();
  law_file<P> holder(path);
  Owner other(path);
  Owner third(path);
  holder.try_lock(exclusive_request);
  other.try_lock(exclusive_request);
  if constexpr (has_shared_locks_v<P>) other.try_lock(shared_request);
  book.expect(law, !third.try_lock(exclusive_request),
              "the holder has lost its lock");
  holder.unlock(exclusive_request);
  book.expect(law, third.try_lock(exclusive_request),
              "the failed contender holds something");
  third.unlock(exclusive_request);
  book.expect(law, other.try_lock(exclusive_request),
              "the failed contender cannot try again");
}

template <class Owner, class P>
void a_lock_can_be_taken_again(law_book<P>& book) {
  const char* law = "a lock can be taken again";
  const std::filesystem::path path = book.new_path();
  law_file<P> holder(path);
  Owner other(path);
  for (const lock_request& request :
       {exclusive_request, shared_request, exclusive_request}) {
    if (request.mode == lock_mode::shared && !has_shared_locks_v<P>) continue;
    book.expect(law, holder.try_lock(request), "by its last owner");
    holder.unlock(request);
  }
  book.expect(law, other.try_lock(exclusive_request), "by another");
}

template <class P>
void an_error_is_no_hold(law_book<P>& book) {
  const char* law = "an error is neither busy nor a hold";
  std::error_code ec;
  book.expect(law, !P::try_lock(P::invalid_handle, exclusive_request, ec) && ec,
              "try_lock");
  ec.clear();
  P::unlock(P::invalid_handle, exclusive_request, ec);
  book.expect(law, static_cast<bool>(ec), "unlock");
  if constexpr (has_lock_v<P>) {
    const auto error = std::make_shared<std::error_code>();
    const bool returns = returns_in_time(book, [error] {
      P::lock(P::invalid_handle, exclusive_request, *error);
    });
    book.expect(law, returns && *error, "lock");
  }
}

/// What one owner means to others. This process, or a file in it, is one; an
/// Owner is another.
template <class Owner, class P>
void locking_laws(law_book<P>& book) {
  exclusive_excludes_both<Owner>(book);
  if constexpr (has_shared_locks_v<P>) shared_stands_beside_shared<Owner>(book);
  busy_is_false_without_an_error<Owner>(book);
  unlock_lets_another_in<Owner>(book);
  close_lets_another_in<Owner>(book);
  a_busy_attempt_changes_nothing<Owner>(book);
  a_lock_can_be_taken_again<Owner>(book);
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
