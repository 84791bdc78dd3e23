// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// What every Platform has to do, and that its facts are what it does.

#ifndef FILELOCK_TEST_SUPPORT_PLATFORM_LAWS_HPP
#define FILELOCK_TEST_SUPPORT_PLATFORM_LAWS_HPP

#include <filelock/canceller.hpp>
#include <filelock/concepts.hpp>
#include <filelock/detail/lock/file_removal.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/open_options.hpp>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <string>
#include <system_error>
#include <thread>
#include <type_traits>
#include <utility>

namespace test {

/// What the laws need and a Platform does not have. Specialised for each
/// family of platforms:
///   handle duplicate(handle)     as dup(2) does
///   bool upgrade(handle, ec)     asks a shared holder's handle for exclusive,
///                                without waiting, as convert() would
///   bool may_write(path)         whether who owns no lock may write
///   remove(path)                 deletes the file
///   process_owner                optional: a law_file in another process, that
///                                process(), which gives its number, is one of
///   in_a_while(function)         optional: calls it in a later wait of this
///                                thread, where there is but virtual time
template <class P, class = void>
struct law_tools;

/// A handle that is closed at its end: an owner, where a process is none.
template <class P>
class law_file {
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

  bool try_lock(const filelock::lock_request& request) {
    return P::try_lock(handle_, request, ec);
  }
  void unlock(const filelock::lock_request& request) {
    P::unlock(handle_, request, ec);
  }

  std::error_code ec; ///< of the last calls

private:
  static std::list<law_file*>& files() {
    static std::list<law_file*> all;
    return all;
  }
  void add() { files().push_back(this); }

  handle_type handle_ = P::invalid_handle;
};

template <class P, class = void>
inline constexpr bool has_virtual_time_v = false;
template <class P>
inline constexpr bool
    has_virtual_time_v<P, std::void_t<decltype(&law_tools<P>::in_a_while)>> =
        true;

template <class P>
class platform_laws {
public:
  using handle_type = typename P::native_handle_type;
  using tools = law_tools<P>;
  using file = law_file<P>;

  /// \param folder Where the laws may create files.
  explicit platform_laws(std::filesystem::path folder)
      : folder_(std::move(folder)) {}

  /// \returns Each law that P breaks, and how, one a line.
  std::string broken() {
    check("is a Platform", filelock::is_platform_v<P>, "");
    nothing_throws();
    opening();
    if constexpr (P::ownership != filelock::lock_ownership::process)
      laws_of_owners<file>();
    if constexpr (has_process_owner::value) {
      between_ = "between processes: ";
      laws_of_owners<typename tools::process_owner>();
      between_ = "";
    }
    an_error_is_no_hold();
    fact_excludes_same_process();
    fact_ownership();
    if constexpr (has_process_owner::value && filelock::detail::has_holder_v<P>)
      holder_tells_the_owner();
    names_and_links();
    removal();
    waiting_between_attempts();
    return broken_;
  }

private:
  template <class Tools, class = void>
  struct detect_process_owner : std::false_type {
    static_assert(P::ownership != filelock::lock_ownership::process,
                  "another process is the least that the laws need");
  };
  template <class Tools>
  struct detect_process_owner<Tools, std::void_t<typename Tools::process_owner>>
      : std::true_type {};
  using has_process_owner = detect_process_owner<tools>;

  static constexpr filelock::lock_request exclusive{
      filelock::lock_mode::exclusive, {}};
  static constexpr filelock::lock_request shared{filelock::lock_mode::shared,
                                                 {}};

  void check(const char* law, bool holds, const char* how) {
    if (!holds)
      broken_ += std::string(between_) + law + (*how ? ": " : "") + how + "\n";
  }

  /// The laws about what one owner means to others. This process, or a file in
  /// it, is one; an Owner is another.
  template <class Owner>
  void laws_of_owners() {
    exclusive_excludes_both<Owner>();
    shared_stands_beside_shared<Owner>();
    busy_is_false_without_an_error<Owner>();
    unlock_lets_another_in<Owner>();
    close_lets_another_in<Owner>();
    a_busy_attempt_changes_nothing<Owner>();
    a_lock_can_be_taken_again<Owner>();
    if (broken_.empty()) { // else these might wait for ever
      waiting_in_the_kernel<Owner>();
      waiting_in_the_kernel_until<Owner>();
    }
    conversion<Owner>();
    fact_atomic_conversion<Owner>();
    fact_mandatory<Owner>();
    fact_byte_ranges<Owner>();
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
    if constexpr (filelock::detail::has_convert_v<P>)
      check(law,
            noexcept(P::convert(declval<handle>(), declval<request>(),
                                declval<request>(), declval<error>())),
            "convert");
    if constexpr (filelock::detail::has_holder_v<P>)
      check(law, noexcept(P::holder(declval<handle>(), declval<request>())),
            "holder");
    if constexpr (filelock::detail::has_names_v<P>)
      check(law, noexcept(P::names(declval<path>(), declval<handle>())),
            "names");
    if constexpr (filelock::detail::has_still_names_v<P>)
      check(law,
            noexcept(P::still_names(declval<path>(), declval<handle>(),
                                    declval<filelock::name_memory&>())),
            "still_names");
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

  template <class Owner>
  void exclusive_excludes_both() {
    const char* law = "exclusive excludes both";
    const std::filesystem::path path = new_path();
    file holder(path);
    Owner other(path);
    check(law, holder.try_lock(exclusive), "not granted on a free file");
    check(law, !other.try_lock(exclusive), "exclusive beside exclusive");
    check(law, !other.try_lock(shared), "shared beside exclusive");
    holder.unlock(exclusive);
    check(law, holder.try_lock(shared), "shared is not granted");
    check(law, !other.try_lock(exclusive), "exclusive beside shared");
    file unrelated(new_path());
    check(law, unrelated.try_lock(exclusive), "another file");
  }

  template <class Owner>
  void shared_stands_beside_shared() {
    const char* law = "shared stands beside shared";
    const std::filesystem::path path = new_path();
    file first(path);
    Owner second(path);
    Owner third(path);
    check(law, first.try_lock(shared) && second.try_lock(shared), "");
    first.unlock(shared);
    check(law, !third.try_lock(exclusive), "one release ended two holds");
    second.unlock(shared);
    check(law, third.try_lock(exclusive), "still held after both releases");
  }

  template <class Owner>
  void busy_is_false_without_an_error() {
    const char* law = "busy is false with ec clear";
    const std::filesystem::path path = new_path();
    file holder(path);
    Owner other(path);
    holder.try_lock(exclusive);
    check(law, !other.try_lock(exclusive) && !other.ec, "exclusive");
    check(law, !other.try_lock(shared) && !other.ec, "shared");
    check(law, !holder.ec, "an error of the holder");
  }

  template <class Owner>
  void unlock_lets_another_in() {
    const char* law = "unlock lets another in";
    for (const auto& request : {exclusive, shared}) {
      const std::filesystem::path path = new_path();
      file holder(path);
      Owner other(path);
      holder.try_lock(request);
      holder.unlock(request);
      check(law, !holder.ec, "an error");
      check(law, other.try_lock(exclusive), "it does not");
    }
  }

  template <class Owner>
  void close_lets_another_in() {
    const std::filesystem::path path = new_path();
    file holder(path);
    Owner other(path);
    holder.try_lock(exclusive);
    holder.close();
    check("close lets another in", other.try_lock(exclusive), "");
  }

  template <class Owner>
  void a_busy_attempt_changes_nothing() {
    const char* law = "a failed attempt changes nothing";
    const std::filesystem::path path = new_path();
    file holder(path);
    Owner other(path);
    Owner third(path);
    holder.try_lock(exclusive);
    other.try_lock(exclusive);
    other.try_lock(shared);
    check(law, !third.try_lock(shared), "the holder has lost its lock");
    holder.unlock(exclusive);
    check(law, third.try_lock(exclusive), "who failed holds something");
    third.unlock(exclusive);
    check(law, other.try_lock(exclusive), "who failed cannot try again");
  }

  template <class Owner>
  void a_lock_can_be_taken_again() {
    const char* law = "a lock can be taken again";
    const std::filesystem::path path = new_path();
    file holder(path);
    Owner other(path);
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

  template <class Owner>
  void waiting_in_the_kernel() {
    if constexpr (filelock::detail::has_lock_v<P>) {
      const char* law = "lock waits until it is granted";
      const std::filesystem::path path = new_path();
      Owner holder(path);
      file waiter(path);
      holder.try_lock(exclusive);
      std::atomic<bool> released{false};
      bool came_after = false;
      const auto wait = [&] {
        P::lock(waiter.handle(), exclusive, waiter.ec);
        came_after = released;
      };
      const auto release = [&] {
        released = true;
        holder.unlock(exclusive);
      };
      if constexpr (has_virtual_time_v<P>) {
        tools::in_a_while(release);
        wait();
      } else {
        std::thread thread(wait);
        // Time enough to return too early; too little shows nothing wrong.
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        release();
        thread.join();
      }
      check(law, came_after, "granted while another held it");
      check(law, !waiter.ec, "an error");
      check(law, !holder.try_lock(shared), "returned without the lock");
    }
  }

  template <class Owner>
  void waiting_in_the_kernel_until() {
    if constexpr (filelock::detail::has_lock_until_v<P>) {
      const char* law = "lock_until waits until a time or a cancel";
      using clock = filelock::detail::clock_t<P>;
      const std::filesystem::path path = new_path();
      Owner holder(path);
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

  void waiting_between_attempts() {
    if constexpr (filelock::detail::has_wait_for_v<P>) {
      const char* law = "wait_for waits for a time or until a cancel";
      using clock = filelock::detail::clock_t<P>;
      const file waiter(new_path());
      filelock::canceller no_stop;
      const auto start = clock::now();
      P::wait_for(waiter.handle(), std::chrono::milliseconds(2), no_stop);
      check(law, clock::now() - start >= std::chrono::milliseconds(2),
            "too early");
      filelock::cancel_source source;
      filelock::canceller stop(source);
      source.request(); // else the next wait would never end
      P::wait_for(waiter.handle(), (std::chrono::nanoseconds::max)(), stop);
      check(law, clock::now() - start < std::chrono::hours(24),
            "not until the cancel");
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
    if constexpr (has_process_owner::value) {
      typename tools::process_owner outsider(path);
      check(law, !outsider.try_lock(exclusive), "another process is one too");
      if (found == owner::process) {
        // POSIX, close(): "All outstanding record locks owned by the process on
        // the file [...] shall be removed".
        copy.close();
        check(law, outsider.try_lock(exclusive), "a close releases nothing");
      }
    }
    if (found == owner::open_file_description) {
      // Whoever closes one of two handles on a description releases nothing.
      copy.close();
      check(law, !other.try_lock(exclusive), "the close of a copy releases");
    }
  }

  template <class Owner>
  void fact_mandatory() {
    const std::filesystem::path path = new_path();
    Owner holder(path);
    holder.try_lock(exclusive);
    check("fact: mandatory", tools::may_write(path) != P::mandatory, "");
  }

  template <class Owner>
  void conversion() {
    if constexpr (filelock::detail::has_convert_v<P>) {
      const char* law = "convert changes the mode";
      const std::filesystem::path path = new_path();
      file holder(path);
      Owner other(path);
      const auto converts = [&](const auto& from, const auto& to) {
        return P::convert(holder.handle(), from, to, holder.ec) && !holder.ec;
      };
      holder.try_lock(shared);
      check(law, converts(shared, exclusive), "no upgrade without another");
      check(law, !other.try_lock(shared), "the upgraded lock is shared");
      check(law, converts(exclusive, shared), "no downgrade");
      check(law, !other.try_lock(exclusive), "the downgraded lock is none");
      check(law, other.try_lock(shared), "the downgraded lock is exclusive");
      law = "a refused conversion is false with ec clear";
      check(law, !converts(shared, exclusive), "exclusive beside shared");
      check(law, !holder.ec, "an error");
      check(law, !P::convert(P::invalid_handle, shared, exclusive, holder.ec),
            "of no file");
      check(law, bool(holder.ec), "no error");
    }
  }

  template <class Owner>
  void fact_atomic_conversion() {
    const char* law = "fact: atomic_conversion";
    const std::filesystem::path path = new_path();
    file upgrader(path);
    Owner other(path);
    Owner third(path);
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

  template <class Owner>
  void fact_byte_ranges() {
    const char* law = "fact: byte_ranges";
    const std::filesystem::path path = new_path();
    file first(path);
    Owner second(path);
    const filelock::lock_request low{filelock::lock_mode::exclusive, {0, 1}};
    const filelock::lock_request high{filelock::lock_mode::exclusive, {1, 1}};
    const filelock::lock_request both{filelock::lock_mode::exclusive, {0, 2}};
    const filelock::lock_request to_the_end{filelock::lock_mode::exclusive,
                                            {2, 0}};
    const filelock::lock_request distant{filelock::lock_mode::exclusive,
                                         {1'000'000, 1}};
    if constexpr (P::byte_ranges) {
      check(law, first.try_lock(low) && second.try_lock(high),
            "disjoint ranges exclude each other");
      Owner third(path);
      check(law, !third.try_lock(high), "equal ranges do not");
      check(law, !third.try_lock(both), "nor do overlapping ones");
      check(law, third.try_lock(to_the_end), "nothing is left");
      second.unlock(high);
      check(law, second.try_lock(high), "a release frees nothing");
      second.unlock(high);
      check(law, !second.try_lock(distant), "a range to the end is not one");
      check(law, !first.ec && !second.ec && !third.ec, "an error");
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

  void holder_tells_the_owner() {
    const char* law = "holder tells the owner or nothing";
    const std::filesystem::path path = new_path();
    const file asker(path);
    typename tools::process_owner owner(path);
    const auto holder = [&](const filelock::lock_request& request) {
      return P::holder(asker.handle(), request);
    };
    check(law, !holder(exclusive) && !holder(shared), "of a free lock");
    owner.try_lock(exclusive);
    for (const auto& request : {exclusive, shared}) {
      const auto found = holder(request);
      check(law, !found || *found == owner.process(), "another process");
    }
    owner.unlock(exclusive);
    owner.try_lock(shared);
    check(law, !holder(shared), "of a lock that stands beside");
    const auto found = holder(exclusive);
    check(law, !found || *found == owner.process(), "another reader");
    owner.close();
    check(law, !holder(exclusive) && !holder(shared), "of a lock released");
    file self(path);
    self.try_lock(exclusive);
    check(law, !P::holder(self.handle(), exclusive), "the one who asks");
    check(law, !P::holder(P::invalid_handle, exclusive), "of no file");
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
    if constexpr (filelock::detail::has_still_names_v<P>) {
      const char* law = "still_names says what names says";
      const std::filesystem::path again = new_path();
      file remembered(again);
      filelock::name_memory memory;
      const auto still_names = [&] {
        return P::still_names(again, remembered.handle(), memory);
      };
      check(law, still_names() && still_names(), "the same file");
      tools::remove(again);
      check(law, !still_names(), "a deleted file");
      file recreated(again);
      check(law, !still_names(), "a replaced file");
    }
  }

  /// Asked of P: its files need not be the system's.
  static bool exists(const std::filesystem::path& path) {
    filelock::open_options options;
    options.create = false;
    std::error_code ec;
    const file named(P::open(path, options, ec));
    return !ec;
  }

  void removal() {
    if constexpr (filelock::detail::can_remove_v<P>) {
      const char* law = "remove removes the file, and no other";
      const std::filesystem::path path = new_path();
      file old(path);
      old.try_lock(exclusive);
      P::remove(path, old.handle(), old.ec);
      check(law, !exists(path) && !old.ec, "it stays");
      P::remove(path, old.handle(), old.ec);
      check(law, !old.ec, "a missing file is an error");
      file other(path);
      P::remove(path, old.handle(), old.ec);
      check(law, exists(path) && !old.ec, "another is removed");
    }
  }

  std::filesystem::path folder_;
  std::string broken_;
  const char* between_ = "";
  int files_ = 0;
};

/// \returns Each law that P breaks, one a line; empty for none.
template <class P>
std::string broken_laws(const std::filesystem::path& folder) {
  return platform_laws<P>(folder).broken();
}

} // namespace test

#endif
