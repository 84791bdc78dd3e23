// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Keeps account of the laws that a Platform breaks, for the rooms' laws.

#ifndef FILELOCK_DETAIL_LAWS_LAW_BOOK_HPP
#define FILELOCK_DETAIL_LAWS_LAW_BOOK_HPP

#include <filelock/lock_request.hpp>
#include <filelock/open_options.hpp>
#include <filelock/testing/law_tools.hpp>

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>
#include <type_traits>
#include <utility>

namespace filelock {
inline namespace v1 {
namespace detail {

inline constexpr lock_request exclusive_request{lock_mode::exclusive, {}};
inline constexpr lock_request shared_request{lock_mode::shared, {}};

struct law_file_errors {
  std::error_code ec; ///< of the last calls
};

/// A handle that is closed at its end: an owner, where the process is none.
template <class P>
class law_file : public law_file_errors {
public:
  using handle_type = typename P::native_handle_type;

  explicit law_file(handle_type handle) : handle_(handle) { add(); }
  explicit law_file(const std::filesystem::path& path) {
    handle_ = P::open(path, {}, ec);
    add();
  }
  ~law_file() { close(); }
  law_file(const law_file&) = delete;
  law_file& operator=(const law_file&) = delete;

  void close() {
    if (!(handle_ == P::invalid_handle)) P::close(handle_);
    handle_ = P::invalid_handle;
    files().remove(this);
  }

  /// Effects: closes what a forked child has from its parent, as a lock does.
  static void close_all() {
    while (!files().empty())
      files().front()->close();
  }
  handle_type handle() const { return handle_; }

  bool try_lock(const lock_request& request) {
    return P::try_lock(handle_, request, ec);
  }
  void unlock(const lock_request& request) { P::unlock(handle_, request, ec); }

private:
  static std::list<law_file*>& files() {
    static std::list<law_file*> all;
    return all;
  }
  void add() { files().push_back(this); }

  handle_type handle_ = P::invalid_handle;
};

// ---- Which tools there are ----

template <class P, class = void>
inline constexpr bool has_duplicate_tool_v = false;
template <class P>
inline constexpr bool
    has_duplicate_tool_v<P, std::void_t<decltype(&law_tools<P>::duplicate)>> =
        true;

template <class P, class = void>
inline constexpr bool has_upgrade_tool_v = false;
template <class P>
inline constexpr bool
    has_upgrade_tool_v<P, std::void_t<decltype(&law_tools<P>::upgrade)>> = true;

template <class P, class = void>
inline constexpr bool has_may_write_tool_v = false;
template <class P>
inline constexpr bool
    has_may_write_tool_v<P, std::void_t<decltype(&law_tools<P>::may_write)>> =
        true;

template <class P, class = void>
inline constexpr bool has_remove_tool_v = false;
template <class P>
inline constexpr bool
    has_remove_tool_v<P, std::void_t<decltype(&law_tools<P>::remove)>> = true;

template <class P, class = void>
inline constexpr bool has_process_owner_v = false;
template <class P>
inline constexpr bool
    has_process_owner_v<P, std::void_t<typename law_tools<P>::process_owner>> =
        true;

template <class P, class = void>
inline constexpr bool has_virtual_time_v = false;
template <class P>
inline constexpr bool
    has_virtual_time_v<P, std::void_t<decltype(&law_tools<P>::in_a_while)>> =
        true;

// ---- The account ----

template <class P>
class law_book {
public:
  law_book(std::filesystem::path folder, std::chrono::nanoseconds patience)
      : folder_(std::move(folder)), patience_(patience) {}

  /// How long a wait that ought to be over may take.
  std::chrono::nanoseconds patience() const { return patience_; }

  /// \returns A path that names no file yet.
  std::filesystem::path new_path() {
    return folder_ / ("law" + std::to_string(++files_));
  }

  void check(const char* law, bool holds, const char* how = "") {
    if (!holds)
      broken_ += std::string(between_) + law + (*how ? ": " : "") + how + "\n";
  }

  void is_untried(const char* law, const char* why) {
    untried_ += std::string(between_) + law + ": " + why + "\n";
  }

  /// What follows is about owners of that kind.
  void set_between(const char* owners) { between_ = owners; }

  bool is_clean() const { return broken_.empty(); }
  const std::string& broken() const { return broken_; }
  const std::string& untried() const { return untried_; }

private:
  std::filesystem::path folder_;
  std::chrono::nanoseconds patience_;
  std::string broken_;
  std::string untried_;
  const char* between_ = "";
  int files_ = 0;
};

/// Runs a function that may never return, on a Platform that is wrong: in a
/// thread of its own, which is left behind then. So the function uses nothing
/// that may end before it.
class abandonable_call {
public:
  template <class Function>
  explicit abandonable_call(Function function) {
    std::thread([state = state_, function = std::move(function)]() mutable {
      {
        // What it holds is let go before the test goes on.
        const Function called = std::move(function);
        called();
      }
      const std::lock_guard<std::mutex> guard(state->mutex);
      state->has_returned = true;
      state->changed.notify_all();
    }).detach();
  }

  /// \returns Whether the function returns within `patience`.
  bool returns(std::chrono::nanoseconds patience) {
    std::unique_lock<std::mutex> guard(state_->mutex);
    return state_->changed.wait_for(guard, patience,
                                    [&] { return state_->has_returned; });
  }

private:
  struct shared_state {
    std::mutex mutex;
    std::condition_variable changed;
    bool has_returned = false;
  };
  std::shared_ptr<shared_state> state_ = std::make_shared<shared_state>();
};

/// \returns Whether `function()` has returned in time.
template <class P, class Function>
bool returns_in_time(const law_book<P>& book, Function function) {
  if constexpr (has_virtual_time_v<P>) { // which ends by itself
    static_cast<void>(book);
    function();
    return true;
  } else {
    return abandonable_call(std::move(function)).returns(book.patience());
  }
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
