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

namespace lock_properties {

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

[[maybe_unused]] const auto lambda = [number = 1](const filelock::wait_state&) {
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
static_assert(
    !std::is_constructible_v<lock_with<filelock::constant_backoff>,
                             const char*> &&
        !std::is_constructible_v<lock_with<filelock::constant_backoff>,
                                 const char*, filelock::open_options>,
    "where the policy has no default constructor, a lock is given one");
static_assert(std::is_nothrow_move_constructible_v<lambda_lock> &&
                  std::is_nothrow_move_assignable_v<lambda_lock>,
              "a lock with a lambda moves");

static_assert(sizeof(file_lock) ==
                  sizeof(filelock::detail::counted_lock<
                         native_traits, filelock::default_backoff>),
              "what a lock inherits takes no space");

// ---- Types ----

static_assert(std::is_same_v<file_lock, filelock::basic_file_lock<>>, "alias");
static_assert(
    std::is_same_v<file_lock,
                   filelock::basic_file_lock<filelock::native_traits,
                                             filelock::default_backoff>>,
    "the default arguments");
static_assert(
    std::is_same_v<filelock::file_lock_with<filelock::default_backoff>,
                   file_lock> &&
        std::is_same_v<filelock::file_lock_with<filelock::yield_backoff>,
                       lock_with<filelock::yield_backoff>>,
    "an alias with another policy");
static_assert(
    std::is_same_v<filelock::queued_file_lock_with<filelock::default_backoff>,
                   filelock::queued_file_lock> &&
        std::is_same_v<
            filelock::queued_file_lock_with<filelock::yield_backoff>,
            filelock::basic_file_lock<filelock::queued_file_lock::platform_type,
                                      filelock::yield_backoff>>,
    "and that of the lock that waits in the kernel's queue");
static_assert(std::is_same_v<file_lock::platform_type, native_traits> &&
                  std::is_same_v<file_lock::backoff_policy_type,
                                 filelock::default_backoff> &&
                  std::is_same_v<file_lock::native_handle_type,
                                 native_traits::native_handle_type> &&
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

extern file_lock lock;
extern std::error_code ec;
extern std::chrono::duration<double> length;
extern std::chrono::system_clock::time_point end;

static_assert(noexcept(lock.open(ec)), "an error code");
static_assert(noexcept(lock.lock(ec)), "an error code");
static_assert(noexcept(lock.try_lock(ec)), "an error code");
static_assert(noexcept(lock.unlock(ec)), "an error code");
static_assert(noexcept(lock.try_lock_for(length, ec)), "an error code");
static_assert(noexcept(lock.try_lock_until(end, ec)), "an error code");
static_assert(noexcept(lock.lock_shared(ec)), "an error code");
static_assert(noexcept(lock.try_lock_shared(ec)), "an error code");
static_assert(noexcept(lock.unlock_shared(ec)), "an error code");
static_assert(noexcept(lock.try_lock_shared_for(length, ec)), "an error code");
static_assert(noexcept(lock.try_lock_shared_until(end, ec)), "an error code");

static_assert(noexcept(lock.downgrade(ec)), "an error code");
static_assert(noexcept(lock.try_upgrade(ec)), "an error code");
static_assert(noexcept(lock.try_upgrade_for(length, ec)), "an error code");
static_assert(noexcept(lock.try_upgrade_until(end, ec)), "an error code");

static_assert(noexcept(lock.holder()), "it cannot fail");
static_assert(noexcept(lock.close()), "it cannot fail");
static_assert(noexcept(lock.path()), "it cannot fail");
static_assert(noexcept(lock.native_handle()), "it cannot fail");
static_assert(noexcept(lock.release()), "it cannot fail");
static_assert(noexcept(lock.owns_lock()), "it cannot fail");
static_assert(noexcept(lock.owns_lock_shared()), "it cannot fail");
static_assert(noexcept(lock.is_open()), "it cannot fail");

static_assert(!noexcept(lock.open()), "it throws");
static_assert(!noexcept(lock.lock()), "it throws");
static_assert(!noexcept(lock.try_lock()), "it throws");
static_assert(!noexcept(lock.try_lock_for(length)), "it throws");
static_assert(!noexcept(lock.try_lock_until(end)), "it throws");
static_assert(noexcept(lock.unlock()), "a guard's destructor calls it");
static_assert(!noexcept(lock.lock_shared()), "it throws");
static_assert(!noexcept(lock.try_lock_shared()), "it throws");
static_assert(!noexcept(lock.try_lock_shared_for(length)), "it throws");
static_assert(!noexcept(lock.try_lock_shared_until(end)), "it throws");
static_assert(noexcept(lock.unlock_shared()), "a guard's destructor calls it");
static_assert(!noexcept(lock.downgrade()), "it throws");
static_assert(!noexcept(lock.try_upgrade()), "it throws");
static_assert(!noexcept(lock.try_upgrade_for(length)), "it throws");
static_assert(!noexcept(lock.try_upgrade_until(end)), "it throws");

// ---- Results ----

static_assert(
    std::is_void_v<decltype(declval<file_lock&>().lock())> &&
        std::is_same_v<decltype(declval<file_lock&>().try_lock()), bool> &&
        std::is_same_v<decltype(declval<const file_lock&>().path()),
                       const std::filesystem::path&>,
    "results");

#if FILELOCK_HAS_STOP_TOKEN
static_assert(
    std::is_same_v<
        decltype(declval<file_lock&>().lock(declval<std::stop_token>())), bool>,
    "a wait that can be stopped says whether it was");
static_assert(std::is_same_v<decltype(declval<file_lock&>().lock_shared(
                                 declval<std::stop_token>())),
                             bool>,
              "a shared wait that can be stopped says whether it was");
extern std::stop_token token;
static_assert(noexcept(lock.try_upgrade_for(length, token, ec)),
              "an error code");
static_assert(noexcept(lock.try_upgrade_until(end, token, ec)),
              "an error code");
static_assert(noexcept(lock.lock(token, ec)), "an error code");
static_assert(noexcept(lock.try_lock_for(length, token, ec)), "an error code");
static_assert(noexcept(lock.try_lock_until(end, token, ec)), "an error code");
static_assert(noexcept(lock.lock_shared(token, ec)), "an error code");
static_assert(noexcept(lock.try_lock_shared_for(length, token, ec)),
              "an error code");
static_assert(noexcept(lock.try_lock_shared_until(end, token, ec)),
              "an error code");
#endif

} // namespace lock_properties
