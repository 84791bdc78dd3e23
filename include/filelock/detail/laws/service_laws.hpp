// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The laws of a Platform of a service: its names, tokens and connects.

#ifndef FILELOCK_DETAIL_LAWS_SERVICE_LAWS_HPP
#define FILELOCK_DETAIL_LAWS_SERVICE_LAWS_HPP

#include <filelock/canceller.hpp>
#include <filelock/detail/laws/law_book.hpp>
#include <filelock/detail/laws/loss_laws.hpp>
#include <filelock/detail/platform/platform_traits.hpp>
#include <filelock/lock_request.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <list>
#include <memory>
#include <string>
#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {

template <class P>
void names_are_any_text(law_book<P>& book) {
  if constexpr (locks_names_v<P>) {
    const char* law = "a name is any text, and no path";
    const std::filesystem::path::string_type name = book.new_path().native();
    using text = std::filesystem::path::string_type;
    using character = text::value_type;
    const text long_name = name + text(5000, character('x'));
    const auto with = [&name](std::initializer_list<char> characters) {
      text result = name;
      for (const char each : characters)
        result += character(each);
      return result;
    };
    std::list<law_file<P>> holders;
    for (const text& each :
         {name, with({'/'}), with({'/', '.'}), with({'/', '.', '.'}),
          with({' '}), with({'\0'}), with({'\0', 'a'}), with({'\0', 'b'}),
          with({'%', 's'}), with({'\''}), with({'"'}), with({'\n'}), long_name,
          long_name + character('y')}) {
      holders.emplace_back(std::filesystem::path(each));
      law_file<P>& holder = holders.back();
      book.expect(law, holder.try_lock(exclusive_request),
                  "two names are one, or one is refused");
      law_file<P> other{std::filesystem::path(each)};
      book.expect(law, !other.try_lock(exclusive_request) && !other.ec,
                  "one name is two");
    }
  }
}

template <class P>
void tokens_rise(law_book<P>& book) {
  if constexpr (has_token_v<P>) {
    const char* law = "token rises with each hold";
    const std::filesystem::path name = book.new_path();
    std::uint64_t newest = 0;
    const auto rises = [&newest](const law_file<P>& owner) {
      const std::uint64_t last = newest;
      newest = P::token(owner.handle());
      return newest > last;
    };
    law_file<P> first(name);
    law_file<P> second(name);
    first.try_lock(exclusive_request);
    book.expect(law, rises(first), "0 in a hold");
    second.try_lock(exclusive_request);
    book.expect(law, P::token(first.handle()) == newest,
                "a busy attempt changes it");
    first.unlock(exclusive_request);
    first.try_lock(exclusive_request);
    book.expect(law, rises(first), "not in one session");
    first.close();
    second.try_lock(exclusive_request);
    book.expect(law, rises(second), "not between sessions");
    second.close();
    if constexpr (has_shared_locks_v<P>) {
      law_file<P> reader(name);
      reader.try_lock(shared_request);
      // A reader may have the number of the last exclusive owner.
      const std::uint64_t last_exclusive = newest;
      newest = P::token(reader.handle());
      book.expect(law, newest >= last_exclusive, "it falls for readers");
      if constexpr (has_convert_v<P>) {
        law_file<P> other(name);
        other.try_lock(shared_request);
        newest = (std::max)(newest, P::token(other.handle()));
        other.close();
        // The guarded resource may have seen the other reader's number.
        reader.convert(shared_request, exclusive_request);
        book.expect(law, rises(reader), "not by an upgrade");
      }
    }
    law_file<P> last(name);
    if (last.try_lock(exclusive_request))
      book.expect(law, rises(last), "not after all");
  }
}

template <class P>
void connecting_is_a_part_of_a_wait(law_book<P>& book) {
  if constexpr (has_open_until_v<P>) {
    const char* law = "open_until connects until a time or a cancel";
    using clock = clock_t<P>;
    for (const bool is_cancelled : {false, true}) {
      const auto source = std::make_shared<cancel_source>();
      if (is_cancelled) source->request();
      const auto ec = std::make_shared<std::error_code>();
      const auto opened = std::make_shared<std::list<law_file<P>>>();
      const auto name =
          std::make_shared<std::filesystem::path>(book.new_path());
      // A connect that is made meanwhile is no fault.
      const auto end = is_cancelled
                           ? (clock::time_point::max)()
                           : clock::now() + std::chrono::milliseconds(500);
      const bool returns = returns_in_time(book, [=] {
        canceller stop(*source);
        opened->emplace_back(P::open_until(*name, {}, end, stop, *ec));
      });
      book.expect(law, returns,
                  is_cancelled ? "it never returns after the cancel"
                               : "it never returns after the time");
      if (!returns) return;
      law_file<P>& file = opened->front();
      const bool is_open = !(file.handle() == P::invalid_handle);
      book.expect(law, !*ec, "its end is an error");
      book.expect(law, is_open || is_cancelled, "it opens nothing");
      if (is_open)
        book.expect(law, file.try_lock(exclusive_request),
                    "its handle does not lock");
    }
  }
}

template <class P>
void holder_name_names_the_owner(law_book<P>& book) {
  if constexpr (has_holder_name_v<P>) {
    const char* law = "holder_name names the owner or nobody";
    const std::filesystem::path name = book.new_path();
    law_file<P> asker(name);
    law_file<P> owner(name);
    const auto is_nobody = [](const law_file<P>& file,
                              const lock_request& request) {
      return P::holder_name(file.handle(), request).empty();
    };
    book.expect(law, is_nobody(asker, exclusive_request), "of a free lock");
    owner.try_lock(exclusive_request);
    book.expect(law, is_nobody(owner, exclusive_request), "the asker");
    owner.unlock(exclusive_request);
    if constexpr (has_shared_locks_v<P>) {
      owner.try_lock(shared_request);
      book.expect(law, is_nobody(asker, shared_request),
                  "of a lock that stands beside");
      owner.unlock(shared_request);
    }
    book.expect(law, is_nobody(asker, exclusive_request), "of a lock released");
  }
}

template <class P>
void service_laws(law_book<P>& book) {
  names_are_any_text(book);
  tokens_rise(book);
  connecting_is_a_part_of_a_wait(book);
  holder_name_names_the_owner(book);
  loss_laws(book);
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
