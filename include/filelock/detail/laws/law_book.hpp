// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Keeps account of the laws that a Platform breaks, for the rooms' laws.

#ifndef FILELOCK_DETAIL_LAWS_LAW_BOOK_HPP
#define FILELOCK_DETAIL_LAWS_LAW_BOOK_HPP

#include <filelock/detail/lock/passing_error.hpp>
#include <filelock/detail/platform/platform_types.hpp>
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
    do
      handle_ = P::open(path, {}, ec);
    while (was_interrupted(ec));
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

  /// Closes what a forked child has from its parent, as a lock does.
  static void close_all() {
    while (!files().empty())
      files().front()->close();
  }
  handle_type handle() const { return handle_; }

  bool try_lock(const lock_request& request) {
    for (;;) {
      const bool result = P::try_lock(handle_, request, ec);
      if (!was_interrupted(ec)) return result;
    }
  }
  void unlock(const lock_request& request) {
    do
      P::unlock(handle_, request, ec);
    while (was_interrupted(ec));
  }

  /// Converts the lock. Preconditions: P::convert is offered.
  bool convert(const lock_request& from, const lock_request& to) {
    for (;;) {
      const bool result = P::convert(handle_, from, to, ec);
      if (!was_interrupted(ec)) return result;
    }
  }

private:
  static std::list<law_file*>& files() {
    static std::list<law_file*> all;
    return all;
  }
  void add() { files().push_back(this); }

  handle_type handle_ = P::invalid_handle;
};

// ---- Which tools there are ----

template <class P>
using duplicate_tool = decltype(&law_tools<P>::duplicate);
template <class P>
inline constexpr bool has_duplicate_tool_v = is_valid<duplicate_tool, P>::value;

template <class P>
using upgrade_tool = decltype(&law_tools<P>::upgrade);
template <class P>
inline constexpr bool has_upgrade_tool_v = is_valid<upgrade_tool, P>::value;

template <class P>
using may_write_tool = decltype(&law_tools<P>::may_write);
template <class P>
inline constexpr bool has_may_write_tool_v = is_valid<may_write_tool, P>::value;

template <class P>
using remove_tool = decltype(&law_tools<P>::remove);
template <class P>
inline constexpr bool has_remove_tool_v = is_valid<remove_tool, P>::value;

template <class P>
using process_owner_tool = typename law_tools<P>::process_owner;
template <class P>
inline constexpr bool has_process_owner_v =
    is_valid<process_owner_tool, P>::value;

template <class P>
using in_a_while_tool = decltype(&law_tools<P>::in_a_while);
template <class P>
inline constexpr bool has_virtual_time_v = is_valid<in_a_while_tool, P>::value;

template <class P>
using end_session_tool = decltype(&law_tools<P>::end_session);
template <class P>
inline constexpr bool has_end_session_tool_v =
    is_valid<end_session_tool, P>::value;

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

  void expect(const char* law, bool holds, const char* how = "") {
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

/// Runs a function that may return late or never, on a Platform that is wrong:
/// in a thread of its own. At the end of this object, the thread is left behind
/// unless the function has returned. It then keeps what the function holds,
/// even if it returns later: the list of law_file is for the test's thread
/// alone. So the test holds all of that too, and the function uses nothing
/// else.
class abandonable_call {
public:
  template <class Function>
  explicit abandonable_call(Function function) {
    // By a pointer: a lambda that holds something const is copied by a move.
    auto called = std::make_unique<Function>(std::move(function));
    thread_ =
        std::thread([state = state_, called = std::move(called)]() mutable {
          (*called)();
          std::unique_lock<std::mutex> guard(state->mutex);
          while (state->is_abandoned)
            state->changed.wait(guard); // for ever
          called.reset();               // before the test goes on
          state->has_returned = true;
          state->changed.notify_all();
        });
  }
  // A thread that ends is joined: of many short threads that are detached,
  // winpthreads 10 under Wine 8 never starts one or the other.
  ~abandonable_call() {
    std::unique_lock<std::mutex> guard(state_->mutex);
    if (!state_->has_returned) {
      state_->is_abandoned = true;
      thread_.detach();
      return;
    }
    guard.unlock();
    thread_.join();
  }
  abandonable_call(const abandonable_call&) = delete;
  abandonable_call& operator=(const abandonable_call&) = delete;

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
    bool is_abandoned = false;
  };
  std::shared_ptr<shared_state> state_ = std::make_shared<shared_state>();
  std::thread thread_;
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
