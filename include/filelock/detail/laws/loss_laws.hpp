// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The laws of a Platform whose sessions end.

#ifndef FILELOCK_DETAIL_LAWS_LOSS_LAWS_HPP
#define FILELOCK_DETAIL_LAWS_LOSS_LAWS_HPP

#include <filelock/canceller.hpp>
#include <filelock/detail/laws/file_laws.hpp>
#include <filelock/detail/laws/law_book.hpp>
#include <filelock/detail/laws/waiting_laws.hpp>
#include <filelock/detail/lock/passing_error.hpp>
#include <filelock/detail/platform/platform_traits.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/testing/law_tools.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <system_error>
#include <thread>

namespace filelock {
inline namespace v1 {
namespace detail {

template <class P>
void is_loss_is_said_of_losses(law_book<P>& book) {
  if constexpr (has_is_loss_v<P>) {
    const char* law = "is_loss is said of losses alone";
    book.expect(law, !P::is_loss(std::error_code()), "of no error");
    for (const std::errc each :
         {std::errc::not_supported, std::errc::bad_file_descriptor,
          std::errc::permission_denied, std::errc::invalid_argument,
          std::errc::interrupted, std::errc::not_enough_memory,
          std::errc::resource_unavailable_try_again})
      book.expect(law, !P::is_loss(std::make_error_code(each)),
                  std::make_error_code(each).message().c_str());
  }
}

template <class P>
void a_hold_is_not_lost_by_itself(law_book<P>& book) {
  const char* law = "a hold is lost with its session alone";
  const std::filesystem::path name = book.new_path();
  law_file<P> holder(name);
  law_file<P> other(name);
  holder.try_lock(exclusive_request);
  other.try_lock(exclusive_request);
  canceller loss;
  if constexpr (has_loss_v<P>) loss = P::loss(holder.handle());
  other.close();
  if constexpr (has_holds_v<P>)
    book.expect(law, P::holds(holder.handle(), exclusive_request),
                "holds says that it is lost");
  if constexpr (has_loss_v<P>) {
    book.expect(law, loss.can_be_requested(), "loss can never be requested");
    book.expect(law, !loss.requested(), "loss is requested");
  }
}

// ---- With the tool that ends a session ----

template <class P>
void a_lost_hold_is_told(law_book<P>& book, const char* law) {
  const std::filesystem::path name = book.new_path();
  law_file<P> holder(name);
  law_file<P> other(name);
  holder.try_lock(exclusive_request);
  canceller loss;
  canceller of_other;
  if constexpr (has_loss_v<P>) {
    loss = P::loss(holder.handle());
    of_other = P::loss(other.handle());
  }
  std::uint64_t token = 0;
  if constexpr (has_token_v<P>) token = P::token(holder.handle());
  law_tools<P>::end_session(holder.handle());
  if constexpr (has_loss_v<P>) {
    book.expect(law, comes_to_be(book, [&] { return loss.requested(); }),
                "loss is not requested");
    book.expect(law, !of_other.requested(), "another session's loss is");
  }
  if constexpr (has_holds_v<P>)
    book.expect(law,
                comes_to_be(book,
                            [&] {
                              return !P::holds(holder.handle(),
                                               exclusive_request);
                            }),
                "holds says that it is held");
  book.expect(
      law, comes_to_be(book, [&] { return other.try_lock(exclusive_request); }),
      "nobody else gets the lock");
  if constexpr (has_token_v<P>)
    book.expect(law, P::token(other.handle()) > token, "token does not rise");
  holder.unlock(exclusive_request);
  book.expect(law, static_cast<bool>(holder.ec), "unlock reports no error");
  if constexpr (has_is_loss_v<P>)
    book.expect(law, P::is_loss(holder.ec), "is_loss denies unlock's error");
  holder.close();
  law_file<P> third(name);
  book.expect(law, !third.try_lock(exclusive_request),
              "the lost owner releases the next one's hold");
  if constexpr (has_loss_v<P>)
    book.expect(law, loss.requested(), "loss does not outlive the handle");
}

template <class P>
void an_idle_session_that_ended_is_an_error(law_book<P>& book,
                                            const char* law) {
  if constexpr (has_is_loss_v<P>) {
    law_file<P> idle(book.new_path());
    law_tools<P>::end_session(idle.handle());
    book.expect(law, !idle.try_lock(exclusive_request) && idle.ec,
                "an attempt in an ended session is no error");
    book.expect(law, P::is_loss(idle.ec), "is_loss denies an attempt's error");
  }
}

template <class P>
void a_wait_ends_with_its_session(law_book<P>& book, const char* law) {
  if constexpr (has_is_loss_v<P> && has_lock_until_v<P>) {
    const std::filesystem::path name = book.new_path();
    law_file<P> holder(name);
    holder.try_lock(exclusive_request);
    const auto wait = std::make_shared<law_wait<P>>(name, exclusive_request);
    const auto run = [wait] {
      canceller no_stop;
      wait->has_begun = true;
      do
        wait->has_taken = P::lock_until(wait->waiter.handle(), wait->request,
                                        (clock_t<P>::time_point::max)(),
                                        no_stop, wait->waiter.ec);
      while (was_interrupted(wait->waiter.ec));
    };
    const auto end = [&] { law_tools<P>::end_session(wait->waiter.handle()); };
    bool returns = true;
    if constexpr (has_virtual_time_v<P>) {
      law_tools<P>::in_a_while(end);
      run();
    } else {
      abandonable_call call(run);
      while (!wait->has_begun)
        std::this_thread::yield();
      end();
      returns = call.returns(book.patience());
    }
    book.expect(law, returns, "a wait does not end with its session");
    if (!returns) return;
    book.expect(law, !wait->has_taken, "a wait in an ended session is granted");
    book.expect(law, P::is_loss(wait->waiter.ec),
                "is_loss denies a wait's error");
  }
}

template <class P>
void loss_laws(law_book<P>& book) {
  is_loss_is_said_of_losses(book);
  if constexpr (has_holds_v<P> || has_loss_v<P> || has_is_loss_v<P>) {
    const char* law = "the end of a session is told";
    a_hold_is_not_lost_by_itself(book);
    if constexpr (has_end_session_tool_v<P>) {
      a_lost_hold_is_told(book, law);
      an_idle_session_that_ended_is_an_error(book, law);
      a_wait_ends_with_its_session(book, law);
    } else {
      book.is_untried(law, "law_tools has no end_session()");
    }
  }
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
