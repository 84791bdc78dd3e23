// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// What can be said of the type of a lock without running it.

#include <filelock/filelock.hpp>

#include <chrono>
#include <filesystem>
#include <string>
#include <system_error>
#include <type_traits>
#include <utility>

namespace {

using filelock::file_lock;
using filelock::native_traits;
using std::declval;

// ---- Construction, copies, moves ----

static_assert(std::is_nothrow_default_constructible_v<file_lock>,
              "the default constructor does nothing");
static_assert(!std::is_copy_constructible_v<file_lock> &&
                  !std::is_copy_assignable_v<file_lock>,
              "one owner at a time");
static_assert(std::is_nothrow_move_constructible_v<file_lock> &&
                  std::is_nothrow_move_assignable_v<file_lock> &&
                  std::is_nothrow_swappable_v<file_lock> &&
                  std::is_nothrow_destructible_v<file_lock>,
              "it moves");
static_assert(!std::is_convertible_v<std::filesystem::path, file_lock> &&
                  !std::is_convertible_v<const char*, file_lock>,
              "a path is no lock");
static_assert(std::is_constructible_v<file_lock, const char*> &&
                  std::is_constructible_v<file_lock, std::string> &&
                  std::is_constructible_v<file_lock, std::filesystem::path,
                                          filelock::open_options>,
              "a lock has a path");
static_assert(!std::is_constructible_v<file_lock, int> &&
                  !std::is_constructible_v<file_lock, const char*, int>,
              "a number is neither a path nor a policy");
static_assert(!std::is_final_v<file_lock> && !std::is_polymorphic_v<file_lock>,
              "nothing is virtual");

template <class Policy>
using lock_with = filelock::basic_file_lock<native_traits, Policy>;

const auto lambda = [number = 1](const filelock::wait_state&) {
  return std::chrono::nanoseconds(number);
};
using lambda_lock = lock_with<std::remove_const_t<decltype(lambda)>>;
static_assert(!std::is_default_constructible_v<lambda_lock>,
              "a policy without default constructor has no default lock");
static_assert(
    !std::is_default_constructible_v<lock_with<filelock::constant_backoff>>,
    "a policy without default constructor has no default lock");
static_assert(
    std::is_default_constructible_v<lock_with<filelock::yield_backoff>> &&
        std::is_default_constructible_v<
            lock_with<filelock::exponential_backoff>>,
    "a policy with one has");
static_assert(std::is_nothrow_move_constructible_v<lambda_lock> &&
                  std::is_nothrow_move_assignable_v<lambda_lock>,
              "a lock with a lambda moves");

// ---- Types ----

static_assert(std::is_same_v<file_lock, filelock::basic_file_lock<>>, "alias");
static_assert(
    std::is_same_v<file_lock,
                   filelock::basic_file_lock<filelock::native_traits,
                                             filelock::default_backoff>>,
    "the default arguments");
static_assert(std::is_same_v<file_lock::platform_type, native_traits> &&
                  std::is_same_v<file_lock::backoff_policy_type,
                                 filelock::default_backoff> &&
                  std::is_same_v<file_lock::native_handle_type, int> &&
                  std::is_same_v<file_lock::clock, std::chrono::steady_clock>,
              "member types");
static_assert(std::is_aggregate_v<filelock::open_options>, "an aggregate");

constexpr filelock::open_options defaults{};
static_assert(defaults.create && defaults.create_parents &&
                  !defaults.follow_symlink && defaults.verify_path &&
                  !defaults.remove_on_release && !defaults.directory &&
                  !defaults.inheritable && defaults.range.is_whole_file() &&
                  defaults.permissions ==
                      static_cast<std::filesystem::perms>(0666),
              "the defaults that are promised");

// ---- noexcept: the forms with an error code, and those without a system call

using time_point = std::chrono::system_clock::time_point;
using duration = std::chrono::duration<double>;
using error = std::error_code&;

static_assert(noexcept(declval<file_lock&>().open(declval<error>())) &&
                  noexcept(declval<file_lock&>().lock(declval<error>())) &&
                  noexcept(declval<file_lock&>().try_lock(declval<error>())) &&
                  noexcept(declval<file_lock&>().unlock(declval<error>())) &&
                  noexcept(declval<file_lock&>().try_lock_for(
                      declval<duration>(), declval<error>())) &&
                  noexcept(declval<file_lock&>().try_lock_until(
                      declval<time_point>(), declval<error>())),
              "the exclusive forms with an error code");
static_assert(
    noexcept(declval<file_lock&>().lock_shared(declval<error>())) &&
        noexcept(declval<file_lock&>().try_lock_shared(declval<error>())) &&
        noexcept(declval<file_lock&>().unlock_shared(declval<error>())) &&
        noexcept(declval<file_lock&>().try_lock_shared_for(declval<duration>(),
                                                           declval<error>())) &&
        noexcept(declval<file_lock&>().try_lock_shared_until(
            declval<time_point>(), declval<error>())),
    "the shared forms with an error code");
static_assert(noexcept(declval<file_lock&>().close()) &&
                  noexcept(declval<const file_lock&>().path()) &&
                  noexcept(declval<const file_lock&>().native_handle()) &&
                  noexcept(declval<file_lock&>().release()) &&
                  noexcept(declval<const file_lock&>().owns_lock()) &&
                  noexcept(declval<const file_lock&>().owns_lock_shared()) &&
                  noexcept(declval<const file_lock&>().is_open()),
              "what makes no system call that can fail");
static_assert(!noexcept(declval<file_lock&>().open()) &&
                  !noexcept(declval<file_lock&>().lock()) &&
                  !noexcept(declval<file_lock&>().try_lock()) &&
                  !noexcept(declval<file_lock&>().unlock()) &&
                  !noexcept(declval<file_lock&>().lock_shared()) &&
                  !noexcept(declval<file_lock&>().try_lock_shared()) &&
                  !noexcept(declval<file_lock&>().unlock_shared()),
              "the forms that throw");

// ---- Results ----

static_assert(std::is_void_v<decltype(declval<file_lock&>().lock())> &&
                  std::is_same_v<decltype(declval<file_lock&>().try_lock()),
                                 bool> &&
                  std::is_same_v<decltype(declval<const file_lock&>().path()),
                                 const std::filesystem::path&>,
              "results");

#if FILELOCK_HAS_STOP_TOKEN
using token = std::stop_token;
static_assert(
    std::is_same_v<decltype(declval<file_lock&>().lock(declval<token>())),
                   bool> &&
        std::is_same_v<
            decltype(declval<file_lock&>().lock_shared(declval<token>())),
            bool>,
    "a wait that can be stopped says whether it was");
static_assert(
    noexcept(declval<file_lock&>().lock(declval<token>(), declval<error>())) &&
        noexcept(declval<file_lock&>().try_lock_for(
            declval<duration>(), declval<token>(), declval<error>())) &&
        noexcept(declval<file_lock&>().try_lock_until(
            declval<time_point>(), declval<token>(), declval<error>())) &&
        noexcept(declval<file_lock&>().lock_shared(declval<token>(),
                                                   declval<error>())) &&
        noexcept(declval<file_lock&>().try_lock_shared_for(
            declval<duration>(), declval<token>(), declval<error>())) &&
        noexcept(declval<file_lock&>().try_lock_shared_until(
            declval<time_point>(), declval<token>(), declval<error>())),
    "the stoppable forms with an error code");
#endif

} // namespace
