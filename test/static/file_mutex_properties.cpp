// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// What can be said of the type of a mutex without running it.

#include <filelock/filelock.hpp>

#include <chrono>
#include <filesystem>
#include <string>
#include <system_error>
#include <type_traits>

#if FILELOCK_HAS_STOP_TOKEN
#include <stop_token>
#endif

namespace file_mutex_properties {

using filelock::basic_file_mutex;
using filelock::file_mutex;
using filelock::native_traits;

// ---- Construction, copies, moves ----

static_assert(!std::is_default_constructible_v<file_mutex>, "it has a path");
static_assert(!std::is_copy_constructible_v<file_mutex> &&
                  !std::is_copy_assignable_v<file_mutex> &&
                  !std::is_move_constructible_v<file_mutex> &&
                  !std::is_move_assignable_v<file_mutex>,
              "threads know its address");
static_assert(std::is_nothrow_destructible_v<file_mutex>, "it closes");
static_assert(!std::is_convertible_v<std::filesystem::path, file_mutex> &&
                  !std::is_convertible_v<const char*, file_mutex>,
              "a path is no mutex");
static_assert(std::is_constructible_v<file_mutex, const char*> &&
                  std::is_constructible_v<file_mutex, std::string> &&
                  std::is_constructible_v<file_mutex, std::filesystem::path,
                                          filelock::open_options> &&
                  std::is_constructible_v<file_mutex, std::filesystem::path,
                                          filelock::default_backoff,
                                          filelock::open_options>,
              "it has a path");
static_assert(!std::is_constructible_v<file_mutex, int> &&
                  !std::is_constructible_v<file_mutex, const char*, int>,
              "a number is neither a path nor a policy");
static_assert(
    !std::is_constructible_v<
        basic_file_mutex<native_traits, filelock::constant_backoff>,
        const char*>,
    "where the policy has no default constructor, a mutex is given one");
static_assert(!std::is_polymorphic_v<file_mutex>, "nothing is virtual");

// ---- Types ----

static_assert(std::is_same_v<file_mutex, basic_file_mutex<>>,
              "the default arguments");
static_assert(
    std::is_same_v<file_mutex, basic_file_mutex<filelock::native_traits,
                                                filelock::default_backoff>>,
    "the default arguments");
static_assert(std::is_same_v<file_mutex::platform_type, native_traits> &&
                  std::is_same_v<file_mutex::backoff_policy_type,
                                 filelock::default_backoff> &&
                  std::is_same_v<file_mutex::clock, std::chrono::steady_clock>,
              "member types");
static_assert(file_mutex::joining_time == std::chrono::milliseconds(20) &&
                  file_mutex::yielding_time == std::chrono::milliseconds(2),
              "the times that are promised");

// ---- noexcept ----

extern file_mutex mutex;
extern std::error_code ec;
extern std::chrono::duration<double> length;
extern std::chrono::system_clock::time_point end;

static_assert(noexcept(mutex.lock(ec)), "an error code");
static_assert(noexcept(mutex.try_lock(ec)), "an error code");
static_assert(noexcept(mutex.try_lock_for(length, ec)), "an error code");
static_assert(noexcept(mutex.try_lock_until(end, ec)), "an error code");
static_assert(noexcept(mutex.unlock(ec)), "an error code");
static_assert(noexcept(mutex.lock_shared(ec)), "an error code");
static_assert(noexcept(mutex.try_lock_shared(ec)), "an error code");
static_assert(noexcept(mutex.try_lock_shared_for(length, ec)), "an error code");
static_assert(noexcept(mutex.try_lock_shared_until(end, ec)), "an error code");
static_assert(noexcept(mutex.unlock_shared(ec)), "an error code");
static_assert(noexcept(mutex.path()), "it cannot fail");

static_assert(!noexcept(mutex.lock()), "it throws");
static_assert(!noexcept(mutex.try_lock()), "it throws");
static_assert(noexcept(mutex.unlock()), "a guard's destructor calls it");
static_assert(!noexcept(mutex.lock_shared()), "it throws");
static_assert(!noexcept(mutex.try_lock_shared()), "it throws");
static_assert(noexcept(mutex.unlock_shared()), "a guard's destructor calls it");
static_assert(noexcept(mutex.holder()), "it cannot fail");
static_assert(noexcept(mutex.still_valid()), "it cannot fail");

// ---- Results ----

static_assert(std::is_void_v<decltype(mutex.lock())>, "no result");
static_assert(std::is_void_v<decltype(mutex.lock_shared())>, "no result");
static_assert(std::is_void_v<decltype(mutex.unlock())>, "no result");
static_assert(std::is_same_v<decltype(mutex.try_lock()), bool>,
              "whether it is held");
static_assert(std::is_same_v<decltype(mutex.try_lock_shared()), bool>,
              "whether it is held");
static_assert(
    std::is_same_v<decltype(mutex.path()), const std::filesystem::path&>,
    "the path itself");

#if FILELOCK_HAS_STOP_TOKEN
extern std::stop_token token;
static_assert(std::is_same_v<decltype(mutex.lock(token)), bool>,
              "a wait that can be stopped says whether it was");
static_assert(std::is_same_v<decltype(mutex.lock_shared(token)), bool>,
              "a wait that can be stopped says whether it was");
static_assert(
    noexcept(mutex.lock(token, ec)) && noexcept(mutex.lock_shared(
        token,
        ec)) && noexcept(mutex
                             .try_lock_for(
                                 length, token,
                                 ec)) && noexcept(mutex
                                                      .try_lock_shared_until(
                                                          end, token, ec)),
    "an error code");
#endif

} // namespace file_mutex_properties
