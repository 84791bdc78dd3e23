// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A misspelt member of a Platform is found by its name, and a function of a
// Platform's own is not taken for one.

#include <filelock/filelock.hpp>
#include <filelock/testing/simulated_traits.hpp>

#include "compile_fail/least_platform.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace wrong_names {

using filelock::canceller;
using filelock::is_platform_v;
using filelock::lock_request;
using filelock::name_memory;
using filelock::why_no_platform_v;
using path = std::filesystem::path;
using time_point = std::chrono::steady_clock::time_point;
using nanoseconds = std::chrono::nanoseconds;

// ---- Every name ----

// A Platform with the wrong name alone, and one that has the right name too.
#define CHECK_NAME(wrong, right, result, ...)                                  \
  struct with_##wrong : least {                                                \
    static result wrong(__VA_ARGS__) noexcept;                                 \
  };                                                                           \
  static_assert(why_no_platform_v<with_##wrong> ==                             \
                    "Platform: " #wrong " is no member of a Platform; " #right \
                    " is (make a function of your own private)",               \
                #wrong " is found");                                           \
  static_assert(!is_platform_v<with_##wrong>, #wrong " is no member");         \
  struct right##_and_##wrong : with_##wrong {                                  \
    static result right(__VA_ARGS__) noexcept;                                 \
  };                                                                           \
  static_assert(is_platform_v<right##_and_##wrong>,                            \
                #wrong " may stand beside " #right)

#define LOCK_PARAMETERS int, const lock_request&, std::error_code&
CHECK_NAME(lock_wait, lock, void, LOCK_PARAMETERS);
CHECK_NAME(wait_lock, lock, void, LOCK_PARAMETERS);
CHECK_NAME(lock_blocking, lock, void, LOCK_PARAMETERS);
CHECK_NAME(blocking_lock, lock, void, LOCK_PARAMETERS);

#define TIMED_PARAMETERS                                                       \
  int, const lock_request&, time_point, canceller&, std::error_code&
CHECK_NAME(lock_for, lock_until, bool, TIMED_PARAMETERS);
CHECK_NAME(lock_util, lock_until, bool, TIMED_PARAMETERS);
CHECK_NAME(timed_lock, lock_until, bool, TIMED_PARAMETERS);
CHECK_NAME(try_lock_for, lock_until, bool, TIMED_PARAMETERS);
CHECK_NAME(try_lock_until, lock_until, bool, TIMED_PARAMETERS);

CHECK_NAME(wait, wait_for, void, int, nanoseconds, canceller&);
CHECK_NAME(wait_until, wait_for, void, int, nanoseconds, canceller&);
CHECK_NAME(sleep, wait_for, void, int, nanoseconds, canceller&);
CHECK_NAME(sleep_for, wait_for, void, int, nanoseconds, canceller&);
CHECK_NAME(pause, wait_for, void, int, nanoseconds, canceller&);
CHECK_NAME(pause_for, wait_for, void, int, nanoseconds, canceller&);

#define CONVERT_PARAMETERS                                                     \
  int, const lock_request&, const lock_request&, std::error_code&
CHECK_NAME(convert_to, convert, bool, CONVERT_PARAMETERS);
CHECK_NAME(try_convert, convert, bool, CONVERT_PARAMETERS);
CHECK_NAME(upgrade, convert, bool, CONVERT_PARAMETERS);
CHECK_NAME(downgrade, convert, bool, CONVERT_PARAMETERS);

CHECK_NAME(name, names, bool, const path&, int);
CHECK_NAME(is_named, names, bool, const path&, int);
CHECK_NAME(is_named_by, names, bool, const path&, int);
CHECK_NAME(names_file, names, bool, const path&, int);
CHECK_NAME(still_named, still_names, bool, const path&, int, name_memory&);
CHECK_NAME(is_still_named, still_names, bool, const path&, int, name_memory&);

CHECK_NAME(remove_file, remove, void, const path&, int, std::error_code&);
CHECK_NAME(delete_file, remove, void, const path&, int, std::error_code&);
CHECK_NAME(unlink, remove, void, const path&, int, std::error_code&);

#define HOLDER_RESULT std::optional<filelock::process_id>
CHECK_NAME(owner, holder, HOLDER_RESULT, int, const lock_request&);
CHECK_NAME(get_owner, holder, HOLDER_RESULT, int, const lock_request&);
CHECK_NAME(get_holder, holder, HOLDER_RESULT, int, const lock_request&);
CHECK_NAME(lock_holder, holder, HOLDER_RESULT, int, const lock_request&);

CHECK_NAME(adopt_handle, adopt, bool, int, std::error_code&);
CHECK_NAME(release_handle, release, void, int);

CHECK_NAME(id, identity, std::uint64_t, int);
CHECK_NAME(file_id, identity, std::uint64_t, int);
CHECK_NAME(get_identity, identity, std::uint64_t, int);
CHECK_NAME(file_descriptor, descriptor, int, int);
CHECK_NAME(get_descriptor, descriptor, int, int);

CHECK_NAME(is_held, holds, bool, int, const lock_request&);
CHECK_NAME(lost, loss, canceller, int);
CHECK_NAME(get_token, token, std::uint64_t, int);
CHECK_NAME(fencing_token, token, std::uint64_t, int);
CHECK_NAME(get_holder_name, holder_name, std::string, int, const lock_request&);

// ---- A letter too few, too many, or in another place ----

CHECK_NAME(lock_untill, lock_until, bool, TIMED_PARAMETERS);
CHECK_NAME(lock_unitl, lock_until, bool, TIMED_PARAMETERS);
CHECK_NAME(lock_utnil, lock_until, bool, TIMED_PARAMETERS);
CHECK_NAME(lock_unti, lock_until, bool, TIMED_PARAMETERS);
CHECK_NAME(lockuntil, lock_until, bool, TIMED_PARAMETERS);
CHECK_NAME(lock_unil, lock_until, bool, TIMED_PARAMETERS);
CHECK_NAME(wait_form, wait_for, void, int, nanoseconds, canceller&);
CHECK_NAME(wait_fro, wait_for, void, int, nanoseconds, canceller&);
CHECK_NAME(waitfor, wait_for, void, int, nanoseconds, canceller&);
CHECK_NAME(wait_of, wait_for, void, int, nanoseconds, canceller&);
CHECK_NAME(convrt, convert, bool, CONVERT_PARAMETERS);
CHECK_NAME(covnert, convert, bool, CONVERT_PARAMETERS);
CHECK_NAME(conver, convert, bool, CONVERT_PARAMETERS);
CHECK_NAME(converts, convert, bool, CONVERT_PARAMETERS);
CHECK_NAME(nmaes, names, bool, const path&, int);
CHECK_NAME(naems, names, bool, const path&, int);
CHECK_NAME(still_name, still_names, bool, const path&, int, name_memory&);
CHECK_NAME(stil_names, still_names, bool, const path&, int, name_memory&);
CHECK_NAME(stillnames, still_names, bool, const path&, int, name_memory&);
CHECK_NAME(remov, remove, void, const path&, int, std::error_code&);
CHECK_NAME(remvoe, remove, void, const path&, int, std::error_code&);
CHECK_NAME(removes, remove, void, const path&, int, std::error_code&);
CHECK_NAME(rmove, remove, void, const path&, int, std::error_code&);
CHECK_NAME(holders, holder, HOLDER_RESULT, int, const lock_request&);
CHECK_NAME(hodler, holder, HOLDER_RESULT, int, const lock_request&);
CHECK_NAME(holdr, holder, HOLDER_RESULT, int, const lock_request&);
CHECK_NAME(is_awaitd, is_awaited, bool, int);
CHECK_NAME(adpot, adopt, bool, int, std::error_code&);
CHECK_NAME(adop, adopt, bool, int, std::error_code&);
CHECK_NAME(adopts, adopt, bool, int, std::error_code&);
CHECK_NAME(relase, release, void, int);
CHECK_NAME(releas, release, void, int);
CHECK_NAME(realease, release, void, int);
CHECK_NAME(releases, release, void, int);
CHECK_NAME(identify, identity, std::uint64_t, int);
CHECK_NAME(identiy, identity, std::uint64_t, int);
CHECK_NAME(idenity, identity, std::uint64_t, int);
CHECK_NAME(descriptors, descriptor, int, int);
CHECK_NAME(desciptor, descriptor, int, int);
CHECK_NAME(descripter, descriptor, int, int);
CHECK_NAME(previous_owner_dead, previous_owner_died, bool, int,
           const lock_request&);
CHECK_NAME(previous_owner_die, previous_owner_died, bool, int,
           const lock_request&);
CHECK_NAME(last_owner_died, previous_owner_died, bool, int,
           const lock_request&);
CHECK_NAME(owner_died, previous_owner_died, bool, int, const lock_request&);

#define CHECK_FACT(wrong, right)                                               \
  struct with_##wrong : least {                                                \
    static constexpr bool wrong = false;                                       \
  };                                                                           \
  static_assert(why_no_platform_v<with_##wrong> ==                             \
                    "Platform: " #wrong " is no member of a Platform; " #right \
                    " is (make a function of your own private)",               \
                #wrong " is found");                                           \
  struct right##_and_##wrong : with_##wrong {                                  \
    static constexpr bool right = false;                                       \
  };                                                                           \
  static_assert(is_platform_v<right##_and_##wrong>,                            \
                #wrong " may stand beside " #right)

CHECK_FACT(shared_lock, shared_locks);
CHECK_FACT(has_shared_locks, shared_locks);
CHECK_FACT(supports_shared_locks, shared_locks);
CHECK_FACT(lock_names, locks_names);
CHECK_FACT(locks_name, locks_names);

// ---- A member of an earlier version ----

struct with_names : least {
  static bool names(const path&, int) noexcept;
};
struct with_is_linked : with_names {
  static bool is_linked(int) noexcept;
};
static_assert(why_no_platform_v<with_is_linked> ==
                  "Platform: is_linked is no member of a Platform; still_names "
                  "is (make a function of your own private)",
              "is_linked is found");
struct still_names_and_is_linked : with_is_linked {
  static bool still_names(const path&, int, name_memory&) noexcept;
};
static_assert(is_platform_v<still_names_and_is_linked>,
              "is_linked may stand beside still_names");
struct that_hides_is_linked : with_is_linked {
  static bool is_linked(int) noexcept = delete;
};
static_assert(is_platform_v<that_hides_is_linked>, "what is deleted is absent");
struct is_linked_without_names : least {
  static bool is_linked(int) noexcept;
};
static_assert(is_platform_v<is_linked_without_names>,
              "without names() it never had an effect");
struct with_own_is_linked : with_names {
  static bool is_linked(int, int) noexcept;
};
static_assert(is_platform_v<with_own_is_linked>, "it took the handle alone");

// ---- How a mistake may look ----

struct with_other_parameters : least {
  static bool lock_for(int, const lock_request&, nanoseconds) noexcept;
};
static_assert(!is_platform_v<with_other_parameters>,
              "two parameters are those of lock_until");

struct that_throws : least {
  static bool lock_for(TIMED_PARAMETERS);
};
static_assert(!is_platform_v<that_throws>, "it need not be noexcept");

struct not_static : least {
  bool lock_for(TIMED_PARAMETERS) const noexcept;
};
static_assert(!is_platform_v<not_static>, "nor static");

// ---- What is no mistake ----

/// Names of a Platform's own that are near the names of optional members.
struct with_own_functions : least {
  static constexpr const char* name = "own";
  static void sleep(int milliseconds) noexcept;
  static void pause() noexcept;
  static bool wait(int) noexcept;
  static int get_owner(int, int) noexcept;
  static void downgrade(lock_request&) noexcept;
  static void wait_until(time_point) noexcept;
  static int owner;
  static std::uint64_t id() noexcept;
  static bool upgrade(int) noexcept;
  static int unlink(const path&) noexcept;
  static int duplicate(int) noexcept;
  template <class Duration>
  static bool lock_for(int, const lock_request&, Duration) noexcept;
  static bool shared_lock(int) noexcept;
  using timed_lock = int;
};
static_assert(is_platform_v<with_own_functions>, "functions of its own");

struct with_private_function : least {
private:
  static bool lock_for(TIMED_PARAMETERS) noexcept;
};
static_assert(is_platform_v<with_private_function>,
              "what is private is not seen");

struct that_hides : with_lock_for {
  static bool lock_for(TIMED_PARAMETERS) noexcept = delete;
};
static_assert(is_platform_v<that_hides>, "what is deleted is not there");

/// An adaptor hides the right member, and not the function that stands beside.
struct adapted : lock_until_and_lock_for {
  static bool lock_until(TIMED_PARAMETERS) noexcept = delete;
};
static_assert(is_platform_v<adapted>, "the right name is there, if deleted");
static_assert(is_platform_v<filelock::polled<lock_until_and_lock_for>>,
              "so it is for the library's adaptors");

struct least_final final : least {};
static_assert(is_platform_v<least_final>, "nothing derives from it");
struct wrong_final final : least {
  static bool lock_for(TIMED_PARAMETERS) noexcept;
};
static_assert(!is_platform_v<wrong_final>, "it is found there too");

static_assert(is_platform_v<filelock::simulated_traits>,
              "no name of the library's is taken for a mistake");

} // namespace wrong_names

#undef CHECK_NAME
#undef CHECK_FACT
#undef LOCK_PARAMETERS
#undef TIMED_PARAMETERS
#undef CONVERT_PARAMETERS
#undef HOLDER_RESULT
