// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// What every Platform has to do, and that its facts are what it does.

#ifndef FILELOCK_TEST_SUPPORT_PLATFORM_LAWS_HPP
#define FILELOCK_TEST_SUPPORT_PLATFORM_LAWS_HPP

#include <filelock/canceller.hpp>
#include <filelock/concepts.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/open_options.hpp>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

namespace test {

/// What the laws need and a Platform does not have. Specialised for each
/// family of platforms:
///   handle duplicate(handle)     as dup(2) does
///   bool upgrade(handle, ec)     asks a shared holder's handle for exclusive,
///                                without waiting, as convert() would
///   bool may_write(path)         whether who owns no lock may write
///   remove(path)                 deletes the file
template <class P, class = void>
struct law_tools;

template <class P>
class platform_laws {
public:
  using handle_type = typename P::native_handle_type;
  using tools = law_tools<P>;

  /// \param folder Where the laws may create files.
  explicit platform_laws(std::filesystem::path folder)
      : folder_(std::move(folder)) {}

  /// \returns Each law that P breaks, and how, one a line.
  std::string broken() {
    check("is a Platform", filelock::is_platform_v<P>, "");
    nothing_throws();
    opening();
    if constexpr (P::excludes_same_process) {
      exclusive_excludes_both();
      shared_stands_beside_shared();
      busy_is_false_without_an_error();
      unlock_lets_another_in();
      close_lets_another_in();
      a_busy_attempt_changes_nothing();
      a_lock_can_be_taken_again();
      if (broken_.empty()) { // else these might wait for ever
        waiting_in_the_kernel();
        waiting_in_the_kernel_until();
      }
      conversion();
      fact_atomic_conversion();
    }
    an_error_is_no_hold();
    fact_excludes_same_process();
    fact_ownership();
    fact_mandatory();
    fact_byte_ranges();
    names_and_links();
    return broken_;
  }

private:
  static constexpr filelock::lock_request exclusive{
      filelock::lock_mode::exclusive, {}};
  static constexpr filelock::lock_request shared{filelock::lock_mode::shared,
                                                 {}};

  /// A handle of the law's own, closed at its end.
  class file {
  public:
    explicit file(handle_type handle) : handle_(handle) {}
    explicit file(const std::filesystem::path& path) {
      handle_ = P::open(path, {}, ec);
    }
    ~file() { close(); }
    file(const file&) = delete;
    file& operator=(const file&) = delete;

    void close() {
      if (!(handle_ == P::invalid_handle)) P::close(handle_);
      handle_ = P::invalid_handle;
    }
    handle_type handle() const { return handle_; }

    bool try_lock(const filelock::lock_request& request) {
      return P::try_lock(handle_, request, ec);
    }
    void unlock(const filelock::lock_request& request) {
      P::unlock(handle_, request, ec);
    }

    std::error_code ec; ///< of the last calls

  private:
    handle_type handle_ = P::invalid_handle;
  };

  void check(const char* law, bool holds, const char* how) {
    if (!holds) broken_ += std::string(law) + (*how ? ": " : "") + how + "\n";
  }

  std::filesystem::path new_path() {
    return folder_ / ("law" + std::to_string(++files_));
  }

  void nothing_throws() {
    const char* law = "nothing throws";
    using request = const filelock::lock_request&;
    using error = std::error_code&;
    using handle = const handle_type&;
    using path = const std::filesystem::path&;
    using std::declval;
    check(law,
          noexcept(P::open(declval<path>(),
                           declval<const filelock::open_options&>(),
                           declval<error>())),
          "open");
    check(law, noexcept(P::close(declval<handle>())), "close");
    check(law,
          noexcept(P::try_lock(declval<handle>(), declval<request>(),
                               declval<error>())),
          "try_lock");
    check(law,
          noexcept(P::unlock(declval<handle>(), declval<request>(),
                             declval<error>())),
          "unlock");
    if constexpr (filelock::detail::has_lock_v<P>)
      check(law,
            noexcept(P::lock(declval<handle>(), declval<request>(),
                             declval<error>())),
            "lock");
    if constexpr (filelock::detail::has_names_v<P>)
      check(law, noexcept(P::names(declval<path>(), declval<handle>())),
            "names");
    if constexpr (filelock::detail::has_is_linked_v<P>)
      check(law, noexcept(P::is_linked(declval<handle>())), "is_linked");
  }

  void opening() {
    const char* law = "open gives a handle or an error";
    std::error_code ec;
    const file good(P::open(new_path(), {}, ec));
    check(law, !ec && !(good.handle() == P::invalid_handle), "no handle");
    filelock::open_options options;
    options.create = false;
    const file bad(P::open(new_path(), options, ec));
    check(law, ec && bad.handle() == P::invalid_handle,
          "a missing file is no error");
  }

  void exclusive_excludes_both() {
    const char* law = "exclusive excludes both";
    const std::filesystem::path path = new_path();
    file holder(path);
    file other(path);
    check(law, holder.try_lock(exclusive), "not granted on a free file");
    check(law, !other.try_lock(exclusive), "exclusive beside exclusive");
    check(law, !other.try_lock(shared), "shared beside exclusive");
    holder.unlock(exclusive);
    check(law, holder.try_lock(shared), "shared is not granted");
    check(law, !other.try_lock(exclusive), "exclusive beside shared");
    file unrelated(new_path());
    check(law, unrelated.try_lock(exclusive), "another file");
  }

  void shared_stands_beside_shared() {
    const char* law = "shared stands beside shared";
    const std::filesystem::path path = new_path();
    file first(path);
    file second(path);
    file third(path);
    check(law, first.try_lock(shared) && second.try_lock(shared), "");
    first.unlock(shared);
    check(law, !third.try_lock(exclusive), "one release ended two holds");
    second.unlock(shared);
    check(law, third.try_lock(exclusive), "still held after both releases");
  }

  void busy_is_false_without_an_error() {
    const char* law = "busy is false with ec clear";
    const std::filesystem::path path = new_path();
    file holder(path);
    file other(path);
    holder.try_lock(exclusive);
    check(law, !other.try_lock(exclusive) && !other.ec, "exclusive");
    check(law, !other.try_lock(shared) && !other.ec, "shared");
    check(law, !holder.ec, "an error of the holder");
  }

  void unlock_lets_another_in() {
    const char* law = "unlock lets another in";
    for (const auto& request : {exclusive, shared}) {
      const std::filesystem::path path = new_path();
      file holder(path);
      file other(path);
      holder.try_lock(request);
      holder.unlock(request);
      check(law, !holder.ec, "an error");
      check(law, other.try_lock(exclusive), "it does not");
    }
  }

  void close_lets_another_in() {
    const std::filesystem::path path = new_path();
    file holder(path);
    file other(path);
    holder.try_lock(exclusive);
    holder.close();
    check("close lets another in", other.try_lock(exclusive), "");
  }

  void a_busy_attempt_changes_nothing() {
    const char* law = "a failed attempt changes nothing";
    const std::filesystem::path path = new_path();
    file holder(path);
    file other(path);
    file third(path);
    holder.try_lock(exclusive);
    other.try_lock(exclusive);
    other.try_lock(shared);
    check(law, !third.try_lock(shared), "the holder has lost its lock");
    holder.unlock(exclusive);
    check(law, third.try_lock(exclusive), "who failed holds something");
    third.unlock(exclusive);
    check(law, other.try_lock(exclusive), "who failed cannot try again");
  }

  void a_lock_can_be_taken_again() {
    const char* law = "a lock can be taken again";
    const std::filesystem::path path = new_path();
    file holder(path);
    file other(path);
    for (const auto& request : {exclusive, shared, exclusive}) {
      check(law, holder.try_lock(request), "by who held it");
      holder.unlock(request);
    }
    check(law, other.try_lock(exclusive), "by another");
  }

  void an_error_is_no_hold() {
    const char* law = "an error is neither busy nor a hold";
    const std::filesystem::path path = new_path();
    std::error_code ec;
    check(law, !P::try_lock(P::invalid_handle, exclusive, ec) && ec,
          "try_lock");
    ec.clear();
    P::unlock(P::invalid_handle, exclusive, ec);
    check(law, bool(ec), "unlock");
    if constexpr (filelock::detail::has_lock_v<P>) {
      ec.clear();
      P::lock(P::invalid_handle, exclusive, ec);
      check(law, bool(ec), "lock");
    }
  }

  void waiting_in_the_kernel() {
    if constexpr (filelock::detail::has_lock_v<P>) {
      const char* law = "lock waits until it is granted";
      const std::filesystem::path path = new_path();
      file holder(path);
      file waiter(path);
      holder.try_lock(exclusive);
      std::atomic<bool> released{false};
      bool came_after = false;
      std::thread thread([&] {
        P::lock(waiter.handle(), exclusive, waiter.ec);
        came_after = released;
      });
      // Time enough to return too early; too little shows nothing wrong.
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      released = true;
      holder.unlock(exclusive);
      thread.join();
      check(law, came_after, "granted while another held it");
      check(law, !waiter.ec, "an error");
      check(law, !holder.try_lock(shared), "returned without the lock");
    }
  }

  void waiting_in_the_kernel_until() {
    if constexpr (filelock::detail::has_lock_until_v<P>) {
      const char* law = "lock_until waits until a time or a cancel";
      using clock = filelock::detail::clock_t<P>;
      const std::filesystem::path path = new_path();
      file holder(path);
      file waiter(path);
      holder.try_lock(exclusive);
      filelock::canceller no_stop;
      const auto end = clock::now() + std::chrono::milliseconds(2);
      check(law,
            !P::lock_until(waiter.handle(), shared, end, no_stop, waiter.ec) &&
                !waiter.ec,
            "a time-out is not false with ec clear");
      check(law, clock::now() >= end, "too early");
      filelock::cancel_source source;
      source.request();
      filelock::canceller stop(source);
      check(law,
            !P::lock_until(waiter.handle(), exclusive,
                           (clock::time_point::max)(), stop, waiter.ec) &&
                !waiter.ec,
            "a cancel is not false with ec clear");
      holder.unlock(exclusive);
      check(law,
            P::lock_until(waiter.handle(), exclusive,
                          (clock::time_point::max)(), no_stop, waiter.ec),
            "a free lock is not granted");
      check(law, !holder.try_lock(shared), "returned without the lock");
    }
  }

  void fact_excludes_same_process() {
    const std::filesystem::path path = new_path();
    file first(path);
    file second(path);
    first.try_lock(exclusive);
    check("fact: excludes_same_process",
          second.try_lock(exclusive) != P::excludes_same_process, "");
  }

  void fact_ownership() {
    const char* law = "fact: ownership";
    const std::filesystem::path path = new_path();
    file holder(path);
    file other(path);
    file copy(tools::duplicate(holder.handle()));
    holder.try_lock(exclusive);
    const bool shared_by_copy = copy.try_lock(exclusive);
    const bool shared_by_process = other.try_lock(exclusive);
    using owner = filelock::lock_ownership;
    const owner found = shared_by_process ? owner::process
                        : shared_by_copy  ? owner::open_file_description
                                          : owner::handle;
    check(law, found == P::ownership, "another owner");
    if (found == owner::open_file_description) {
      // Whoever closes one of two handles on a description releases nothing.
      copy.close();
      check(law, !other.try_lock(exclusive), "the close of a copy releases");
    }
  }

  void fact_mandatory() {
    const std::filesystem::path path = new_path();
    file holder(path);
    holder.try_lock(exclusive);
    check("fact: mandatory", tools::may_write(path) != P::mandatory, "");
  }

  void conversion() {
    if constexpr (filelock::detail::has_convert_v<P>) {
      const char* law = "convert changes the mode";
      const std::filesystem::path path = new_path();
      file holder(path);
      file other(path);
      const auto converts = [&](const auto& from, const auto& to) {
        return P::convert(holder.handle(), from, to, holder.ec) && !holder.ec;
      };
      holder.try_lock(shared);
      check(law, converts(shared, exclusive), "no upgrade without another");
      check(law, !other.try_lock(shared), "the upgraded lock is shared");
      check(law, converts(exclusive, shared), "no downgrade");
      check(law, other.try_lock(shared), "the downgraded lock is exclusive");
      law = "a refused conversion is false with ec clear";
      check(law, !converts(shared, exclusive), "exclusive beside shared");
      check(law, !holder.ec, "an error");
      check(law, !P::convert(P::invalid_handle, shared, exclusive, holder.ec),
            "of no file");
      check(law, bool(holder.ec), "no error");
    }
  }

  void fact_atomic_conversion() {
    const char* law = "fact: atomic_conversion";
    const std::filesystem::path path = new_path();
    file upgrader(path);
    file other(path);
    file third(path);
    upgrader.try_lock(shared);
    other.try_lock(shared);
    check(law, !upgrade(upgrader), "exclusive beside shared");
    other.unlock(shared);
    const bool kept = !third.try_lock(exclusive);
    check(law, kept == P::atomic_conversion,
          kept ? "a refused upgrade keeps the shared lock"
               : "a refused upgrade loses the shared lock");
  }

  static bool upgrade(file& upgrader) {
    if constexpr (filelock::detail::has_convert_v<P>)
      return P::convert(upgrader.handle(), shared, exclusive, upgrader.ec);
    else
      return tools::upgrade(upgrader.handle(), upgrader.ec);
  }

  void fact_byte_ranges() {
    const char* law = "fact: byte_ranges";
    const std::filesystem::path path = new_path();
    file first(path);
    file second(path);
    const filelock::lock_request low{filelock::lock_mode::exclusive, {0, 1}};
    const filelock::lock_request high{filelock::lock_mode::exclusive, {1, 1}};
    if constexpr (P::byte_ranges) {
      check(law, first.try_lock(low) && second.try_lock(high),
            "disjoint ranges exclude each other");
      file third(path);
      check(law, !third.try_lock(high) || !P::excludes_same_process,
            "equal ranges do not exclude each other");
    } else {
      check(law, !first.try_lock(low) && first.ec == std::errc::not_supported,
            "a range is not refused");
      first.ec.clear();
      check(law, second.try_lock(exclusive), "a refused range is held");
      if constexpr (filelock::detail::has_lock_v<P>) {
        P::lock(first.handle(), high, first.ec);
        check(law, first.ec == std::errc::not_supported,
              "a range is not refused by lock");
      }
    }
  }

  void names_and_links() {
    const std::filesystem::path path = new_path();
    file old(path);
    if constexpr (filelock::detail::has_names_v<P>) {
      const char* law = "names tells the file at the path";
      check(law, P::names(path, old.handle()), "the same file");
      check(law, !P::names(new_path(), old.handle()), "a missing file");
      tools::remove(path);
      check(law, !P::names(path, old.handle()), "a deleted file");
      file recreated(path);
      check(law, !P::names(path, old.handle()), "a replaced file");
      check(law, P::names(path, recreated.handle()), "the new file");
    }
    if constexpr (filelock::detail::has_is_linked_v<P>) {
      const char* law = "is_linked tells whether the file has a name";
      const std::filesystem::path other_path = new_path();
      file linked(other_path);
      check(law, P::is_linked(linked.handle()), "it has");
      tools::remove(other_path);
      check(law, !P::is_linked(linked.handle()), "it has not");
    }
  }

  std::filesystem::path folder_;
  std::string broken_;
  int files_ = 0;
};

/// \returns Each law that P breaks, one a line; empty for none.
template <class P>
std::string broken_laws(const std::filesystem::path& folder) {
  return platform_laws<P>(folder).broken();
}

} // namespace test

#endif
