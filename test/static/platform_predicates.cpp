// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// is_platform_v, its concept, and the detection of optional members: true where
// it has to be, and false where it has to be; and why_no_platform_v, which has
// the words of the compiler's message.

#include <filelock/backoff/yield_backoff.hpp>
#include <filelock/canceller.hpp>
#include <filelock/concepts.hpp>
#include <filelock/name_memory.hpp>
#include <filelock/platform/native_traits.hpp>

#include "support/scripted_platform.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>

namespace {

using namespace filelock::detail;
using filelock::canceller;
using filelock::is_platform_v;
using filelock::lock_ownership;
using filelock::lock_request;
using filelock::name_memory;
using filelock::open_options;
using filelock::why_no_platform_v;
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

/// Whether P is no Platform, for that reason.
template <class P>
constexpr bool is_refused(std::string_view why) {
  return !is_platform_v<P> && why_no_platform_v<P> == why;
}

static_assert(is_platform_v<least>, "the least platform");
static_assert(why_no_platform_v<least>.empty(), "nothing is wrong with it");
static_assert(is_platform_v<filelock::native_traits>, "the native one");
static_assert(is_platform_v<test::scripted_full>, "all optional members");
static_assert(is_platform_v<test::scripted_blocking>, "lock_until is hidden");
static_assert(is_platform_v<test::scripted_bounded>, "lock is hidden");
static_assert(is_platform_v<test::scripted_polled>, "both are hidden");
static_assert(is_platform_v<test::without_names<test::scripted_full>>,
              "names is hidden");
static_assert(is_platform_v<test::without_still_names<test::scripted_full>>,
              "still_names is hidden");

static_assert(is_refused<int>("Platform: must be a class, and complete: "
                              "include the header that defines it"),
              "not a class");
static_assert(is_refused<void>("Platform: must be a class, and complete: "
                               "include the header that defines it"),
              "not an object");
static_assert(is_refused<std::string>("Platform: native_handle_type must be a "
                                      "type that copies without throwing"),
              "a class of another kind");
struct declared;
static_assert(is_refused<declared>("Platform: must be a class, and complete: "
                                   "include the header that defines it"),
              "not complete");
static_assert(is_refused<filelock::yield_backoff>(
                  "Platform: this is a BackoffPolicy, the second template "
                  "argument of a lock"),
              "a policy");
struct nothing {};
static_assert(is_refused<nothing>("Platform: native_handle_type must be a type "
                                  "that copies without throwing"),
              "an empty class");

// ---- One clause broken at a time ----

struct no_handle_type : least {
private:
  using least::native_handle_type;
};
static_assert(is_refused<no_handle_type>("Platform: native_handle_type must be "
                                         "a type that copies without throwing"),
              "the handle type is private");

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
static_assert(is_refused<handle_throws>("Platform: native_handle_type must be "
                                        "a type that copies without throwing"),
              "the handle's copy may throw");

struct no_invalid_handle : least {
private:
  using least::invalid_handle;
};
static_assert(
    is_refused<no_invalid_handle>("Platform: invalid_handle must be a "
                                  "native_handle_type that compares with =="),
    "no invalid_handle");

struct wrong_invalid_handle : least {
  static constexpr const char* invalid_handle = nullptr;
};
static_assert(is_refused<wrong_invalid_handle>(
                  "Platform: invalid_handle must be a native_handle_type that "
                  "compares with =="),
              "not a handle");

struct open_throws : least {
  static int open(const path&, const open_options&, std::error_code&);
};
static_assert(
    is_refused<open_throws>("Platform: open(path, options, ec) must be static, "
                            "noexcept and return a native_handle_type"),
    "open may throw");

struct open_returns_nothing : least {
  static void open(const path&, const open_options&, std::error_code&) noexcept;
};
static_assert(is_refused<open_returns_nothing>(
                  "Platform: open(path, options, ec) must be static, noexcept "
                  "and return a native_handle_type"),
              "open returns no handle");

struct open_is_not_static : least {
  int open(const path&, const open_options&, std::error_code&) noexcept;
};
static_assert(is_refused<open_is_not_static>(
                  "Platform: open(path, options, ec) must be static, noexcept "
                  "and return a native_handle_type"),
              "open is not static");

struct close_throws : least {
  static void close(int);
};
static_assert(is_refused<close_throws>(
                  "Platform: close(handle) must be static and noexcept"),
              "close may throw");

struct try_lock_throws : least {
  static bool try_lock(int, const lock_request&, std::error_code&);
};
static_assert(
    is_refused<try_lock_throws>("Platform: try_lock(handle, request, ec) must "
                                "be static, noexcept and return bool"),
    "try_lock may throw");

struct try_lock_returns_int : least {
  static int try_lock(int, const lock_request&, std::error_code&) noexcept;
};
static_assert(is_refused<try_lock_returns_int>(
                  "Platform: try_lock(handle, request, ec) must be static, "
                  "noexcept and return bool"),
              "try_lock returns int");

struct try_lock_without_error : least {
  static bool try_lock(int, const lock_request&) noexcept;
};
static_assert(is_refused<try_lock_without_error>(
                  "Platform: try_lock(handle, request, ec) must be static, "
                  "noexcept and return bool"),
              "try_lock has no ec");

struct unlock_throws : least {
  static void unlock(int, const lock_request&, std::error_code&);
};
static_assert(
    is_refused<unlock_throws>(
        "Platform: unlock(handle, request, ec) must be static and noexcept"),
    "unlock may throw");

struct unlock_is_deleted : least {
  static void unlock(int, const lock_request&,
                     std::error_code&) noexcept = delete;
};
static_assert(
    is_refused<unlock_is_deleted>(
        "Platform: unlock(handle, request, ec) must be static and noexcept"),
    "unlock is deleted");

struct fact_is_int : least {
  static constexpr int mandatory = 0;
};
static_assert(is_refused<fact_is_int>(
                  "Platform: mandatory must be static constexpr bool"),
              "a fact is not bool");

struct fact_is_variable : least {
  [[maybe_unused]] static inline bool byte_ranges = false;
};
static_assert(is_refused<fact_is_variable>(
                  "Platform: byte_ranges must be static constexpr bool"),
              "a fact is not constant");

template <class P>
struct lacks_ownership : P {
private:
  using P::ownership;
};
template <class P>
struct lacks_mandatory : P {
private:
  using P::mandatory;
};
template <class P>
struct lacks_excludes_same_process : P {
private:
  using P::excludes_same_process;
};
template <class P>
struct lacks_atomic_conversion : P {
private:
  using P::atomic_conversion;
};
template <class P>
struct lacks_byte_ranges : P {
private:
  using P::byte_ranges;
};
static_assert(
    is_refused<lacks_ownership<least>>(
        "Platform: ownership must be static constexpr lock_ownership"),
    "a fact is missing");
static_assert(is_refused<lacks_mandatory<least>>(
                  "Platform: mandatory must be static constexpr bool"),
              "a fact is missing");
static_assert(
    is_refused<lacks_excludes_same_process<least>>(
        "Platform: excludes_same_process must be static constexpr bool"),
    "a fact is missing");
static_assert(is_refused<lacks_atomic_conversion<least>>(
                  "Platform: atomic_conversion must be static constexpr bool"),
              "a fact is missing");
static_assert(is_refused<lacks_byte_ranges<least>>(
                  "Platform: byte_ranges must be static constexpr bool"),
              "a fact is missing");
static_assert(is_refused<lacks_mandatory<lacks_byte_ranges<open_throws>>>(
                  "Platform: open(path, options, ec) must be static, noexcept "
                  "and return a native_handle_type"),
              "the first of three reasons");
static_assert(is_refused<lacks_byte_ranges<lacks_mandatory<least>>>(
                  "Platform: mandatory must be static constexpr bool"),
              "the first of two, in the order of the manual");

struct fact_is_defined_later : least {
  static const bool byte_ranges;
};
static_assert(is_refused<fact_is_defined_later>(
                  "Platform: byte_ranges must be static constexpr bool"),
              "a fact is not known here");
const bool fact_is_defined_later::byte_ranges = false;

struct mandatory_is_not_static : least {
  const bool mandatory = false;
};
static_assert(is_refused<mandatory_is_not_static>(
                  "Platform: mandatory must be static constexpr bool"),
              "a fact is not static");

struct without_shared_locks : least {
  static constexpr bool shared_locks = false;
};
struct says_that_it_shares : least {
  static constexpr bool shared_locks = true;
};
struct shared_locks_is_int : least {
  static constexpr int shared_locks = 0;
};
struct shared_locks_is_a_function : least {
  static constexpr bool shared_locks();
};
struct shared_locks_is_private : without_shared_locks {
private:
  using without_shared_locks::shared_locks;
};
static_assert(is_platform_v<without_shared_locks> &&
                  !has_shared_locks_v<without_shared_locks>,
              "a Platform may say that it has none");
static_assert(is_platform_v<says_that_it_shares> &&
                  has_shared_locks_v<says_that_it_shares> &&
                  has_shared_locks_v<least> &&
                  has_shared_locks_v<shared_locks_is_private>,
              "one that says nothing has them");
static_assert(is_refused<shared_locks_is_int>(
                  "Platform: shared_locks, where it is there, must be static "
                  "constexpr bool") &&
                  is_refused<shared_locks_is_a_function>(
                      "Platform: shared_locks, where it is there, must be "
                      "static constexpr bool"),
              "an optional fact is of its type");

struct owned_by_a_thread : least {
  static constexpr lock_ownership ownership = lock_ownership::thread;
};
static_assert(is_platform_v<owned_by_a_thread>, "a thread may be the owner");

struct ownership_is_int : least {
  static constexpr int ownership = 0;
};
static_assert(
    is_refused<ownership_is_int>(
        "Platform: ownership must be static constexpr lock_ownership"),
    "ownership is not its type");

struct clock_without_pause : least {
  using clock = test::scripted_clock;
};
static_assert(is_refused<clock_without_pause>(
                  "Platform: a clock other than std::chrono::steady_clock "
                  "needs wait_for(handle, duration, canceller)"),
              "nothing moves its clock");

struct clock_with_pause : clock_without_pause {
  static void wait_for(int, std::chrono::nanoseconds, canceller&) noexcept;
};
static_assert(is_platform_v<clock_with_pause>, "wait_for moves its clock");

struct clock_with_wrong_pause : clock_without_pause {
  static void wait_for(int, std::chrono::nanoseconds) noexcept;
};
static_assert(
    is_refused<clock_with_wrong_pause>(
        "Platform: wait_for(handle, duration, canceller) must be static, "
        "noexcept and return void"),
    "it has a wait_for, so the clock is not what is wrong");

// ---- Optional members ----

struct lock_returns_bool : least {
  static bool lock(int, const lock_request&, std::error_code&) noexcept;
};
static_assert(
    is_refused<lock_returns_bool>("Platform: lock(handle, request, ec) must be "
                                  "static, noexcept and return void"),
    "lock returns bool");

struct lock_throws : least {
  static void lock(int, const lock_request&, std::error_code&);
};
static_assert(
    is_refused<lock_throws>("Platform: lock(handle, request, ec) must be "
                            "static, noexcept and return void"),
    "lock may throw");

struct lock_without_error : least {
  static void lock(int, const lock_request&) noexcept;
};
static_assert(
    is_refused<lock_without_error>("Platform: lock(handle, request, ec) must "
                                   "be static, noexcept and return void"),
    "lock has no ec");

struct lock_is_not_static : least {
  void lock(int, const lock_request&, std::error_code&) noexcept;
};
static_assert(
    is_refused<lock_is_not_static>("Platform: lock(handle, request, ec) must "
                                   "be static, noexcept and return void"),
    "lock is not static");

struct lock_until_without_canceller : least {
  static bool lock_until(int, const lock_request&,
                         std::chrono::steady_clock::time_point,
                         std::error_code&) noexcept;
};
static_assert(is_refused<lock_until_without_canceller>(
                  "Platform: lock_until(handle, request, deadline, canceller, "
                  "ec) must be static, noexcept and return bool"),
              "lock_until cannot be cancelled");

struct lock_until_of_another_clock : least {
  static bool lock_until(int, const lock_request&,
                         std::chrono::system_clock::time_point, canceller&,
                         std::error_code&) noexcept;
};
static_assert(is_refused<lock_until_of_another_clock>(
                  "Platform: lock_until(handle, request, deadline, canceller, "
                  "ec) must be static, noexcept and return bool"),
              "lock_until has another clock");

struct wait_for_returns : least {
  static bool wait_for(int, std::chrono::nanoseconds, canceller&) noexcept;
};
static_assert(is_refused<wait_for_returns>(
                  "Platform: wait_for(handle, duration, canceller) must be "
                  "static, noexcept and return void"),
              "wait_for returns");

struct wait_for_throws : least {
  static void wait_for(int, std::chrono::nanoseconds, canceller&);
};
static_assert(is_refused<wait_for_throws>(
                  "Platform: wait_for(handle, duration, canceller) must be "
                  "static, noexcept and return void"),
              "wait_for may throw");

struct convert_returns_nothing : least {
  static void convert(int, const lock_request&, const lock_request&,
                      std::error_code&) noexcept;
};
static_assert(is_refused<convert_returns_nothing>(
                  "Platform: convert(handle, from, to, ec) must be static, "
                  "noexcept and return bool"),
              "convert returns nothing");

struct convert_from_nothing : least {
  static bool convert(int, const lock_request&, std::error_code&) noexcept;
};
static_assert(is_refused<convert_from_nothing>(
                  "Platform: convert(handle, from, to, ec) must be static, "
                  "noexcept and return bool"),
              "convert has no `from`");

struct convert_throws : least {
  static bool convert(int, const lock_request&, const lock_request&,
                      std::error_code&);
};
static_assert(
    is_refused<convert_throws>("Platform: convert(handle, from, to, ec) must "
                               "be static, noexcept and return bool"),
    "convert may throw");

struct lock_until_twice : least {
  static bool lock_until(int, const lock_request&,
                         std::chrono::steady_clock::time_point, canceller&,
                         std::error_code&) noexcept;
  static bool lock_until(int) noexcept;
};
static_assert(is_refused<lock_until_twice>(
                  "Platform: lock_until(handle, request, deadline, canceller, "
                  "ec) must be static, noexcept and return bool"),
              "it is overloaded");

struct still_names_by_value : least {
  static int still_names(const path&, int, name_memory) noexcept;
};
static_assert(is_refused<still_names_by_value>(
                  "Platform: still_names(path, handle, memory) must be static, "
                  "noexcept and return bool"),
              "still_names returns int");

struct identity_is_signed : least {
  static std::int64_t identity(int) noexcept;
};
static_assert(is_refused<identity_is_signed>(
                  "Platform: identity(handle) must be static, noexcept and "
                  "return std::uint64_t"),
              "identity is signed");

struct descriptor_throws : least {
  static int descriptor(int);
};
static_assert(is_refused<descriptor_throws>(
                  "Platform: descriptor(handle) must be static, noexcept and "
                  "return int"),
              "descriptor may throw");

struct names_in_reverse : least {
  static bool names(int, const path&) noexcept;
};
static_assert(
    is_refused<names_in_reverse>("Platform: names(path, handle) must be "
                                 "static, noexcept and return bool"),
    "names has another order");

struct remove_without_error : least {
  static void remove(const path&, int) noexcept;
};
static_assert(
    is_refused<remove_without_error>("Platform: remove(path, handle, ec) must "
                                     "be static, noexcept and return void"),
    "remove has no ec");

struct holder_returns_int : least {
  static int holder(int, const lock_request&) noexcept;
};
static_assert(is_refused<holder_returns_int>(
                  "Platform: holder(handle, request) must be static, noexcept "
                  "and return std::optional<process_id>"),
              "holder returns int");

struct adopt_returns_nothing : least {
  static void adopt(int, std::error_code&) noexcept;
};
static_assert(
    is_refused<adopt_returns_nothing>(
        "Platform: adopt(handle, ec) must be static, noexcept and return bool"),
    "adopt returns nothing");

struct release_returns : least {
  static int release(int) noexcept;
};
static_assert(
    is_refused<release_returns>(
        "Platform: release(handle) must be static, noexcept and return void"),
    "release returns");

struct everything : least {
  static bool convert(int, const lock_request&, const lock_request&,
                      std::error_code&) noexcept;
  static void lock(int, const lock_request&, std::error_code&) noexcept;
  static bool lock_until(int, const lock_request&,
                         std::chrono::steady_clock::time_point, canceller&,
                         std::error_code&) noexcept;
  static void wait_for(int, std::chrono::nanoseconds, canceller&) noexcept;
  static bool names(const path&, int) noexcept;
  static bool still_names(const path&, int, name_memory&) noexcept;
  static void remove(const path&, int, std::error_code&) noexcept;
  static std::optional<filelock::process_id>
  holder(int, const lock_request&) noexcept;
  static bool adopt(int, std::error_code&) noexcept;
  static void release(int) noexcept;
  static std::uint64_t identity(int) noexcept;
  static int descriptor(int) noexcept;
};
static_assert(is_platform_v<everything>, "every optional member");

// ---- Detection ----

static_assert(has_lock_v<everything> && !has_lock_v<least>, "lock");
static_assert(has_lock_until_v<everything> && !has_lock_until_v<least>,
              "lock_until");
static_assert(has_wait_for_v<everything> && !has_wait_for_v<least>, "wait_for");
static_assert(has_convert_v<everything> && !has_convert_v<least>, "convert");
static_assert(has_names_v<everything> && !has_names_v<least>, "names");
static_assert(has_remove_v<everything> && !has_remove_v<least>, "remove");
static_assert(has_holder_v<everything> && !has_holder_v<least>, "holder");
static_assert(has_adopt_v<everything> && !has_adopt_v<least>, "adopt");
static_assert(has_release_v<everything> && !has_release_v<least>, "release");
static_assert(has_still_names_v<everything> && !has_still_names_v<least>,
              "still_names");
static_assert(has_identity_v<everything> && !has_identity_v<least>, "identity");
static_assert(has_descriptor_v<everything> && !has_descriptor_v<least>,
              "descriptor");

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
  static bool names(const path&, int) noexcept = delete;
  static bool still_names(const path&, int, name_memory&) noexcept = delete;
  static void remove(const path&, int, std::error_code&) noexcept = delete;
  static std::optional<filelock::process_id>
  holder(int, const lock_request&) noexcept = delete;
  static bool adopt(int, std::error_code&) noexcept = delete;
  static void release(int) noexcept = delete;
  static std::uint64_t identity(int) noexcept = delete;
  static int descriptor(int) noexcept = delete;
};
static_assert(is_platform_v<hidden>, "what is hidden is not there");
static_assert(!has_lock_v<hidden> && !has_lock_until_v<hidden> &&
                  !has_wait_for_v<hidden> && !has_convert_v<hidden> &&
                  !has_names_v<hidden> && !has_still_names_v<hidden> &&
                  !has_identity_v<hidden> && !has_descriptor_v<hidden> &&
                  !has_remove_v<hidden> && !has_holder_v<hidden> &&
                  !has_adopt_v<hidden> && !has_release_v<hidden>,
              "what is hidden is not found");

static_assert(has_names_v<filelock::native_traits>, "files can be compared");

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
