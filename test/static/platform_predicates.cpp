// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// is_platform_v, its concept, and the detection of optional members: true where
// it has to be, and false where it has to be.

#include <filelock/canceller.hpp>
#include <filelock/concepts.hpp>
#include <filelock/platform/native_traits.hpp>

#include "support/scripted_platform.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <type_traits>

namespace {

using namespace filelock::detail;
using filelock::canceller;
using filelock::is_platform_v;
using filelock::lock_ownership;
using filelock::lock_request;
using filelock::open_options;
using path = std::filesystem::path;

/// No more than a Platform needs.
struct least {
  using native_handle_type = int;
  static constexpr int invalid_handle = -1;
  static constexpr lock_ownership ownership = lock_ownership::handle;
  static constexpr bool mandatory = false;
  static constexpr bool excludes_same_process = true;
  static constexpr bool atomic_conversion = false;
  static constexpr bool byte_ranges = false;
  static int open(const path&, const open_options&, std::error_code&) noexcept;
  static void close(int) noexcept;
  static bool try_lock(int, const lock_request&, std::error_code&) noexcept;
  static void unlock(int, const lock_request&, std::error_code&) noexcept;
};

static_assert(is_platform_v<least>, "the least platform");
static_assert(is_platform_v<filelock::native_traits>, "the native one");
static_assert(is_platform_v<test::scripted_full>, "all optional members");
static_assert(is_platform_v<test::scripted_blocking>, "lock_until is hidden");
static_assert(is_platform_v<test::scripted_bounded>, "lock is hidden");
static_assert(is_platform_v<test::scripted_polled>, "both are hidden");
static_assert(is_platform_v<test::without_names<test::scripted_full>>,
              "names is hidden");
static_assert(is_platform_v<test::without_still_names<test::scripted_full>>,
              "still_names is hidden");

static_assert(!is_platform_v<int>, "not a class");
static_assert(!is_platform_v<void>, "not an object");
static_assert(!is_platform_v<std::string>, "a class of another kind");
struct nothing {};
static_assert(!is_platform_v<nothing>, "an empty class");

// ---- One clause broken at a time ----

struct no_handle_type : least {
private:
  using least::native_handle_type;
};
static_assert(!is_platform_v<no_handle_type>, "the handle type is private");

struct may_throw_in_copy {
  may_throw_in_copy(int = -1);
  may_throw_in_copy(const may_throw_in_copy&);
  may_throw_in_copy& operator=(const may_throw_in_copy&);
  bool operator==(const may_throw_in_copy&) const;
};
struct handle_throws : least {
  using native_handle_type = may_throw_in_copy;
  static int open(const path&, const open_options&, std::error_code&) noexcept;
  static void close(const may_throw_in_copy&) noexcept;
  static bool try_lock(const may_throw_in_copy&, const lock_request&,
                       std::error_code&) noexcept;
  static void unlock(const may_throw_in_copy&, const lock_request&,
                     std::error_code&) noexcept;
};
static_assert(!is_platform_v<handle_throws>, "the handle's copy may throw");

struct no_invalid_handle : least {
private:
  using least::invalid_handle;
};
static_assert(!is_platform_v<no_invalid_handle>, "no invalid_handle");

struct wrong_invalid_handle : least {
  static constexpr const char* invalid_handle = nullptr;
};
static_assert(!is_platform_v<wrong_invalid_handle>, "not a handle");

struct open_throws : least {
  static int open(const path&, const open_options&, std::error_code&);
};
static_assert(!is_platform_v<open_throws>, "open may throw");

struct open_returns_nothing : least {
  static void open(const path&, const open_options&, std::error_code&) noexcept;
};
static_assert(!is_platform_v<open_returns_nothing>, "open returns no handle");

struct open_is_not_static : least {
  int open(const path&, const open_options&, std::error_code&) noexcept;
};
static_assert(!is_platform_v<open_is_not_static>, "open is not static");

struct close_throws : least {
  static void close(int);
};
static_assert(!is_platform_v<close_throws>, "close may throw");

struct try_lock_throws : least {
  static bool try_lock(int, const lock_request&, std::error_code&);
};
static_assert(!is_platform_v<try_lock_throws>, "try_lock may throw");

struct try_lock_returns_int : least {
  static int try_lock(int, const lock_request&, std::error_code&) noexcept;
};
static_assert(!is_platform_v<try_lock_returns_int>, "try_lock returns int");

struct try_lock_without_error : least {
  static bool try_lock(int, const lock_request&) noexcept;
};
static_assert(!is_platform_v<try_lock_without_error>, "try_lock has no ec");

struct unlock_throws : least {
  static void unlock(int, const lock_request&, std::error_code&);
};
static_assert(!is_platform_v<unlock_throws>, "unlock may throw");

struct unlock_is_deleted : least {
  static void unlock(int, const lock_request&,
                     std::error_code&) noexcept = delete;
};
static_assert(!is_platform_v<unlock_is_deleted>, "unlock is deleted");

struct fact_is_int : least {
  static constexpr int mandatory = 0;
};
static_assert(!is_platform_v<fact_is_int>, "a fact is not bool");

struct fact_is_variable : least {
  static inline bool byte_ranges = false;
};
static_assert(!is_platform_v<fact_is_variable>, "a fact is not constant");

struct ownership_is_int : least {
  static constexpr int ownership = 0;
};
static_assert(!is_platform_v<ownership_is_int>, "ownership is not its type");

struct clock_without_pause : least {
  using clock = test::scripted_clock;
};
static_assert(!is_platform_v<clock_without_pause>, "nothing moves its clock");

struct clock_with_pause : clock_without_pause {
  static void wait_for(int, std::chrono::nanoseconds, canceller&) noexcept;
};
static_assert(is_platform_v<clock_with_pause>, "wait_for moves its clock");

// ---- Optional members ----

struct lock_returns_bool : least {
  static bool lock(int, const lock_request&, std::error_code&) noexcept;
};
static_assert(!is_platform_v<lock_returns_bool>, "lock returns bool");

struct lock_throws : least {
  static void lock(int, const lock_request&, std::error_code&);
};
static_assert(!is_platform_v<lock_throws>, "lock may throw");

struct lock_without_error : least {
  static void lock(int, const lock_request&) noexcept;
};
static_assert(!is_platform_v<lock_without_error>, "lock has no ec");

struct lock_is_not_static : least {
  void lock(int, const lock_request&, std::error_code&) noexcept;
};
static_assert(!is_platform_v<lock_is_not_static>, "lock is not static");

struct lock_until_without_canceller : least {
  static bool lock_until(int, const lock_request&,
                         std::chrono::steady_clock::time_point,
                         std::error_code&) noexcept;
};
static_assert(!is_platform_v<lock_until_without_canceller>,
              "lock_until cannot be cancelled");

struct lock_until_of_another_clock : least {
  static bool lock_until(int, const lock_request&,
                         std::chrono::system_clock::time_point, canceller&,
                         std::error_code&) noexcept;
};
static_assert(!is_platform_v<lock_until_of_another_clock>,
              "lock_until has another clock");

struct wait_for_returns : least {
  static bool wait_for(int, std::chrono::nanoseconds, canceller&) noexcept;
};
static_assert(!is_platform_v<wait_for_returns>, "wait_for returns");

struct wait_for_throws : least {
  static void wait_for(int, std::chrono::nanoseconds, canceller&);
};
static_assert(!is_platform_v<wait_for_throws>, "wait_for may throw");

struct convert_returns_nothing : least {
  static void convert(int, const lock_request&, const lock_request&,
                      std::error_code&) noexcept;
};
static_assert(!is_platform_v<convert_returns_nothing>,
              "convert returns nothing");

struct convert_from_nothing : least {
  static bool convert(int, const lock_request&, std::error_code&) noexcept;
};
static_assert(!is_platform_v<convert_from_nothing>, "convert has no `from`");

struct convert_throws : least {
  static bool convert(int, const lock_request&, const lock_request&,
                      std::error_code&);
};
static_assert(!is_platform_v<convert_throws>, "convert may throw");

struct is_linked_returns_int : least {
  static int is_linked(int) noexcept;
};
static_assert(!is_platform_v<is_linked_returns_int>, "is_linked returns int");

struct names_in_reverse : least {
  static bool names(int, const path&) noexcept;
};
static_assert(!is_platform_v<names_in_reverse>, "names has another order");

struct remove_without_error : least {
  static void remove(const path&, int) noexcept;
};
static_assert(!is_platform_v<remove_without_error>, "remove has no ec");

struct holder_returns_int : least {
  static int holder(int, const lock_request&) noexcept;
};
static_assert(!is_platform_v<holder_returns_int>, "holder returns int");

struct adopt_returns_nothing : least {
  static void adopt(int, std::error_code&) noexcept;
};
static_assert(!is_platform_v<adopt_returns_nothing>, "adopt returns nothing");

struct release_returns : least {
  static int release(int) noexcept;
};
static_assert(!is_platform_v<release_returns>, "release returns");

struct everything : least {
  static bool convert(int, const lock_request&, const lock_request&,
                      std::error_code&) noexcept;
  static void lock(int, const lock_request&, std::error_code&) noexcept;
  static bool lock_until(int, const lock_request&,
                         std::chrono::steady_clock::time_point, canceller&,
                         std::error_code&) noexcept;
  static void wait_for(int, std::chrono::nanoseconds, canceller&) noexcept;
  static bool is_linked(int) noexcept;
  static bool names(const path&, int) noexcept;
  static void remove(const path&, int, std::error_code&) noexcept;
  static std::optional<filelock::process_id>
  holder(int, const lock_request&) noexcept;
  static bool adopt(int, std::error_code&) noexcept;
  static void release(int) noexcept;
};
static_assert(is_platform_v<everything>, "every optional member");

// ---- Detection ----

static_assert(has_lock_v<everything> && !has_lock_v<least>, "lock");
static_assert(has_lock_until_v<everything> && !has_lock_until_v<least>,
              "lock_until");
static_assert(has_wait_for_v<everything> && !has_wait_for_v<least>, "wait_for");
static_assert(has_convert_v<everything> && !has_convert_v<least>, "convert");
static_assert(has_is_linked_v<everything> && !has_is_linked_v<least>,
              "is_linked");
static_assert(has_names_v<everything> && !has_names_v<least>, "names");
static_assert(has_remove_v<everything> && !has_remove_v<least>, "remove");
static_assert(has_holder_v<everything> && !has_holder_v<least>, "holder");
static_assert(has_adopt_v<everything> && !has_adopt_v<least>, "adopt");
static_assert(has_release_v<everything> && !has_release_v<least>, "release");
static_assert(!has_identity_v<least>, "identity");

/// An adaptor that hides all of it.
struct hidden : everything {
  static bool convert(int, const lock_request&, const lock_request&,
                      std::error_code&) noexcept = delete;
  static void lock(int, const lock_request&,
                   std::error_code&) noexcept = delete;
  static bool lock_until(int, const lock_request&,
                         std::chrono::steady_clock::time_point, canceller&,
                         std::error_code&) noexcept = delete;
  static void wait_for(int, std::chrono::nanoseconds,
                       canceller&) noexcept = delete;
  static bool is_linked(int) noexcept = delete;
  static bool names(const path&, int) noexcept = delete;
  static void remove(const path&, int, std::error_code&) noexcept = delete;
  static std::optional<filelock::process_id>
  holder(int, const lock_request&) noexcept = delete;
  static bool adopt(int, std::error_code&) noexcept = delete;
  static void release(int) noexcept = delete;
};
static_assert(is_platform_v<hidden>, "what is hidden is not there");
static_assert(!has_lock_v<hidden> && !has_lock_until_v<hidden> &&
                  !has_wait_for_v<hidden> && !has_convert_v<hidden> &&
                  !has_is_linked_v<hidden> && !has_names_v<hidden> &&
                  !has_remove_v<hidden> && !has_holder_v<hidden> &&
                  !has_adopt_v<hidden> && !has_release_v<hidden>,
              "what is hidden is not found");

static_assert(has_names_v<filelock::native_traits> &&
                  has_still_names_v<filelock::native_traits>,
              "files can be compared");

// ---- Clocks ----

static_assert(
    std::is_same_v<filelock::detail::clock_t<least>, std::chrono::steady_clock>,
    "the default clock");
static_assert(std::is_same_v<filelock::detail::clock_t<clock_with_pause>,
                             test::scripted_clock>,
              "a clock of one's own");

static_assert(std::is_empty_v<filelock::native_traits>, "stateless");

#if defined(__cpp_concepts) && __cpp_concepts >= 201907L
static_assert(filelock::platform<least>);
static_assert(filelock::platform<filelock::native_traits>);
static_assert(!filelock::platform<int>);
static_assert(!filelock::platform<open_throws>);
static_assert(!filelock::platform<lock_returns_bool>);
#endif

} // namespace
