// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The laws of a Platform about files: their names, holders and descriptors.

#ifndef FILELOCK_DETAIL_LAWS_FILE_LAWS_HPP
#define FILELOCK_DETAIL_LAWS_FILE_LAWS_HPP

#include <filelock/detail/config.hpp>
#include <filelock/detail/laws/law_book.hpp>
#include <filelock/detail/lock/file_removal.hpp>
#include <filelock/detail/platform/platform_traits.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/name_memory.hpp>
#include <filelock/open_options.hpp>

#if FILELOCK_HAS_FORK
#include <fcntl.h>
#endif

#include <chrono>
#include <filesystem>
#include <system_error>
#include <thread>

namespace filelock {
inline namespace v1 {
namespace detail {

template <class P>
void holder_tells_the_owner(law_book<P>& book) {
  const char* law = "holder tells the owner or nothing";
  if constexpr (has_holder_v<P> && !has_process_owner_v<P>) {
    book.is_untried(law, "law_tools has no process_owner");
  } else if constexpr (has_holder_v<P>) {
    const std::filesystem::path path = book.new_path();
    const law_file<P> asker(path);
    typename law_tools<P>::process_owner owner(path);
    const auto holder = [&](const lock_request& request) {
      return P::holder(asker.handle(), request);
    };
    const auto is_free = [&] {
      return !holder(exclusive_request) && !holder(shared_request);
    };
    book.expect(law, is_free(), "of a free lock");
    owner.try_lock(exclusive_request);
    for (const lock_request& request : {exclusive_request, shared_request}) {
      const auto found = holder(request);
      book.expect(law, !found || *found == owner.process(), "another process");
    }
    owner.unlock(exclusive_request);
    if constexpr (has_shared_locks_v<P>) {
      owner.try_lock(shared_request);
      book.expect(law, !holder(shared_request), "of a lock that stands beside");
      const auto found = holder(exclusive_request);
      book.expect(law, !found || *found == owner.process(), "another reader");
    }
    owner.close();
    book.expect(law, is_free(), "of a lock released");
    law_file<P> self(path);
    self.try_lock(exclusive_request);
    book.expect(law, !P::holder(self.handle(), exclusive_request), "the asker");
    book.expect(law, !P::holder(P::invalid_handle, exclusive_request),
                "of no file");
  }
}

/// \returns Whether the file is removed. The system may refuse to remove one
/// that is open, or remove it once it is closed, and need not know the files
/// of P.
template <class P>
bool remove_file(law_book<P>& book, const char* law,
                 const std::filesystem::path& path) {
  if constexpr (has_remove_tool_v<P>) {
    law_tools<P>::remove(path);
    return true;
  } else {
    std::error_code ec;
    if (std::filesystem::remove(path, ec) && !std::filesystem::exists(path, ec))
      return true;
    book.is_untried(law, "a removal: law_tools has no remove(), and "
                         "std::filesystem::remove leaves the path");
    return false;
  }
}

template <class P>
void names_tells_the_file(law_book<P>& book) {
  if constexpr (has_names_v<P>) {
    const char* law = "names tells the file at the path";
    const std::filesystem::path path = book.new_path();
    law_file<P> old(path);
    book.expect(law, P::names(path, old.handle()), "the same file");
    book.expect(law, !P::names(book.new_path(), old.handle()),
                "a missing file");
    if (!remove_file(book, law, path)) return;
    book.expect(law, !P::names(path, old.handle()), "a deleted file");
    law_file<P> recreated(path);
    book.expect(law, !P::names(path, old.handle()), "a replaced file");
    book.expect(law, P::names(path, recreated.handle()), "the new file");
  }
}

/// \returns Whether `is_so()` in time. Without virtual time, P may tell of the
/// acts of a stranger late.
template <class P, class Condition>
bool comes_to_be(const law_book<P>& book, Condition is_so) {
  if constexpr (!has_virtual_time_v<P>) {
    const auto end = std::chrono::steady_clock::now() + book.patience();
    while (std::chrono::steady_clock::now() < end) {
      if (is_so()) return true; // it may have taken a lock: not twice
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }
  return is_so();
}

template <class P>
void still_names_sees_a_removal(law_book<P>& book, const char* law) {
  if constexpr (has_remove_v<P>) {
    const std::filesystem::path path = book.new_path();
    law_file<P> remembered(path);
    law_file<P> owner(path);
    name_memory memory;
    book.expect(law, P::still_names(path, remembered.handle(), memory),
                "the same file");
    owner.try_lock(exclusive_request);
    P::remove(path, owner.handle(), owner.ec);
    book.expect(law, !P::still_names(path, remembered.handle(), memory),
                "a file that an owner removed");
  }
}

template <class P>
void still_names_says_what_names_says(law_book<P>& book) {
  if constexpr (has_still_names_v<P>) {
    const char* law = "still_names says what names says";
    const std::filesystem::path path = book.new_path();
    law_file<P> remembered(path);
    name_memory memory;
    const auto still_names = [&] {
      return P::still_names(path, remembered.handle(), memory);
    };
    for (int i = 0; i != 2; ++i)
      book.expect(law, still_names(), "the same file");
    if (!remove_file(book, law, path)) return;
    book.expect(law, comes_to_be(book, [&] { return !still_names(); }),
                "a deleted file");
    law_file<P> recreated(path);
    book.expect(law, !still_names(), "a replaced file");
    still_names_sees_a_removal<P>(book, law);
  }
}

/// Asked of P: its files need not be the system's.
template <class P>
bool law_file_exists(const std::filesystem::path& path) {
  open_options options;
  options.create = false;
  std::error_code ec;
  const law_file<P> named(P::open(path, options, ec));
  return !ec;
}

template <class P>
void remove_removes_no_other(law_book<P>& book) {
  if constexpr (can_remove_v<P>) {
    const char* law = "remove removes the file, and no other";
    const std::filesystem::path path = book.new_path();
    law_file<P> old(path);
    old.try_lock(exclusive_request);
    P::remove(path, old.handle(), old.ec);
    book.expect(law, !law_file_exists<P>(path) && !old.ec, "it stays");
    P::remove(path, old.handle(), old.ec);
    book.expect(law, !old.ec, "a missing file is an error");
    law_file<P> other(path);
    P::remove(path, old.handle(), old.ec);
    book.expect(law, law_file_exists<P>(path) && !old.ec, "another is removed");
  }
}

/// Passes a handle from one lock to another, as locks do.
template <class Owner, class P>
void release_and_adopt_keep_the_lock(law_book<P>& book) {
  if constexpr (has_release_v<P> || has_adopt_v<P>) {
    const char* law = "release and adopt keep the lock";
    const std::filesystem::path path = book.new_path();
    law_file<P> holder(path);
    Owner other(path);
    holder.try_lock(exclusive_request);
    if constexpr (has_release_v<P>) {
      P::release(holder.handle());
      book.expect(law, !other.try_lock(exclusive_request), "release loses it");
    }
    if constexpr (has_adopt_v<P>) {
      book.expect(law, P::adopt(holder.handle(), holder.ec) && !holder.ec,
                  "adopt refuses an open handle");
      book.expect(law, !other.try_lock(exclusive_request), "adopt loses it");
    }
    holder.close();
    book.expect(law, other.try_lock(exclusive_request),
                "close does not release it then");
  }
}

template <class P>
void identity_is_the_files(law_book<P>& book) {
  if constexpr (has_identity_v<P>) {
    const std::filesystem::path path = book.new_path();
    const law_file<P> first(path);
    const law_file<P> second(path);
    book.expect("identity is one number for a file",
                P::identity(first.handle()) == P::identity(second.handle()));
  }
}

template <class P>
void previous_owner_died_tells_of_deaths_alone(law_book<P>& book) {
  if constexpr (has_previous_owner_died_v<P>) {
    const char* law = "previous_owner_died is false after a release";
    const std::filesystem::path path = book.new_path();
    law_file<P> first(path);
    law_file<P> second(path);
    const auto died = [](law_file<P>& owner) {
      owner.try_lock(exclusive_request);
      const bool result =
          P::previous_owner_died(owner.handle(), exclusive_request);
      owner.unlock(exclusive_request);
      return result;
    };
    book.expect(law, !died(first), "of a new file");
    book.expect(law, !died(second), "of another owner");
    book.expect(law, !died(first), "of two owners");
    book.is_untried("previous_owner_died is true after a death",
                    "no law ends an owner");
  }
}

template <class P>
void descriptor_is_the_handles(law_book<P>& book) {
  if constexpr (has_descriptor_v<P>) {
    const char* law = "descriptor is one that the handle keeps open";
    const std::filesystem::path path = book.new_path();
    const law_file<P> first(path);
    const law_file<P> second(path);
    const int descriptor = P::descriptor(first.handle());
    if (descriptor < 0) return; // it has none
    book.expect(law, descriptor != P::descriptor(second.handle()),
                "two handles have one");
#if FILELOCK_HAS_FORK
    book.expect(law, ::fcntl(descriptor, F_GETFD) != -1, "it is not open");
#endif
  }
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
