// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// faulty<P> has what P has, and no more.

#include <filelock/concepts.hpp>
#include <filelock/name_memory.hpp>
#include <filelock/platform/native_traits.hpp>
#include <filelock/testing/faulty.hpp>
#include <filelock/testing/simulated_service_traits.hpp>

#include "support/scripted_platform.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <type_traits>

namespace {

using namespace filelock::detail;
using filelock::canceller;
using filelock::faulty;
using filelock::is_platform_v;
using filelock::lock_request;
using path = std::filesystem::path;

/// All optional members, those that no test platform needs among them.
struct whole : test::scripted_full {
  static void remove(const path&, int, std::error_code&) noexcept;
  static std::optional<filelock::process_id>
  holder(int, const lock_request&) noexcept;
  static bool adopt(int, std::error_code&) noexcept;
  static void release(int) noexcept;
  static std::uint64_t identity(int) noexcept;
  static bool still_names(const path&, int, filelock::name_memory&) noexcept;
  static int descriptor(int) noexcept;
};

struct without_wait_for : whole {
  using clock = std::chrono::steady_clock;
  static bool lock_until(int, const lock_request&, clock::time_point,
                         canceller&, std::error_code&) noexcept;
  static void wait_for(int, std::chrono::nanoseconds,
                       canceller&) noexcept = delete;
};
struct without_remove : whole {
  static void remove(const path&, int, std::error_code&) noexcept = delete;
};
struct without_holder : whole {
  static std::optional<filelock::process_id>
  holder(int, const lock_request&) noexcept = delete;
};
struct without_adopt : whole {
  static bool adopt(int, std::error_code&) noexcept = delete;
};
struct without_release : whole {
  static void release(int) noexcept = delete;
};
struct without_still_names : whole {
  static bool still_names(const path&, int,
                          filelock::name_memory&) noexcept = delete;
};
struct without_descriptor : whole {
  static int descriptor(int) noexcept = delete;
};
struct without_identity : whole {
  static std::uint64_t identity(int) noexcept = delete;
};

/// No more than a Platform needs, and a handle that is no number.
struct least {
  struct native_handle_type {
    void* file;
    bool operator==(native_handle_type) const;
  };
  static constexpr native_handle_type invalid_handle{};
  static constexpr filelock::lock_ownership ownership =
      filelock::lock_ownership::process;
  static constexpr bool mandatory = true;
  static constexpr bool excludes_same_process = false;
  static constexpr bool atomic_conversion = true;
  static constexpr bool byte_ranges = true;
  static native_handle_type open(const path&, const filelock::open_options&,
                                 std::error_code&) noexcept;
  static void close(native_handle_type) noexcept;
  static bool try_lock(native_handle_type, const lock_request&,
                       std::error_code&) noexcept;
  static void unlock(native_handle_type, const lock_request&,
                     std::error_code&) noexcept;
};

template <class F, class P>
constexpr bool has_same_members =
    has_lock_v<F> == has_lock_v<P>&& has_lock_until_v<F> ==
    has_lock_until_v<P>&& has_wait_for_v<F> ==
    has_wait_for_v<P>&& has_convert_v<F> ==
    has_convert_v<P>&& has_is_awaited_v<F> ==
    has_is_awaited_v<P>&& has_names_v<F> == has_names_v<P>&& has_remove_v<F> ==
    has_remove_v<P>&& has_holder_v<F> == has_holder_v<P>&& has_adopt_v<F> ==
    has_adopt_v<P>&& has_release_v<F> == has_release_v<P>&& has_identity_v<F> ==
    has_identity_v<P>&& has_still_names_v<F> ==
    has_still_names_v<P>&& has_descriptor_v<F> ==
    has_descriptor_v<P>&& has_shared_locks_v<F> == has_shared_locks_v<P>;

template <class F, class P>
constexpr bool has_same_service =
    has_open_until_v<F> == has_open_until_v<P>&& has_attempt_until_v<F> ==
    has_attempt_until_v<P>&& has_holds_v<F> ==
    has_holds_v<P>&& has_is_loss_v<F> == has_is_loss_v<P>&& has_loss_v<F> ==
    has_loss_v<P>&& has_token_v<F> == has_token_v<P>&& has_holder_name_v<F> ==
    has_holder_name_v<P>&& locks_names_v<F> == locks_names_v<P>;

template <class F, class P>
constexpr bool has_same_facts =
    F::ownership == P::ownership&& F::mandatory ==
    P::mandatory&& F::excludes_same_process ==
    P::excludes_same_process&& F::atomic_conversion ==
    P::atomic_conversion&& F::byte_ranges ==
    P::byte_ranges&& std::is_same_v<typename F::native_handle_type,
                                    typename P::native_handle_type>&&
        std::is_same_v<filelock::detail::clock_t<F>,
                       filelock::detail::clock_t<P>>&& std::is_base_of_v<P, F>&&
            std::is_empty_v<F>;

template <class F, class P>
constexpr bool stands_for = is_platform_v<P>&& is_platform_v<F>&&
    has_same_members<F, P>&& has_same_service<F, P>&& has_same_facts<F, P>;

template <class P>
constexpr bool passes_on =
    stands_for<faulty<P>, P>&& stands_for<faulty<faulty<P>>, P>;

static_assert(passes_on<filelock::native_traits>, "the native one");
static_assert(passes_on<whole>, "all optional members");
static_assert(passes_on<least>, "none");
static_assert(passes_on<test::without_lock<whole>>, "lock is hidden");
static_assert(passes_on<test::without_lock_until<whole>>,
              "lock_until is hidden");
static_assert(passes_on<without_wait_for>, "wait_for is hidden");
static_assert(passes_on<test::without_convert<whole>>, "convert is hidden");
static_assert(passes_on<test::without_still_names<whole>>,
              "still_names is hidden");
static_assert(passes_on<test::without_names<whole>>, "names is hidden");
static_assert(passes_on<without_remove>, "remove is hidden");
static_assert(passes_on<without_holder>, "holder is hidden");
static_assert(passes_on<without_adopt>, "adopt is hidden");
static_assert(passes_on<without_release>, "release is hidden");
static_assert(passes_on<without_still_names>, "still_names is hidden");
static_assert(passes_on<without_descriptor>, "descriptor is hidden");
static_assert(passes_on<without_identity>, "identity is hidden");

struct without_shared_locks : whole {
  static constexpr bool shared_locks = false;
};
static_assert(passes_on<without_shared_locks>, "a fact is inherited");

using service = filelock::simulated_service_traits;
struct without_open_until : service {
  static std::int64_t open_until(const path&, const filelock::open_options&,
                                 const filelock::virtual_clock::time_point&,
                                 canceller&,
                                 std::error_code&) noexcept = delete;
};
struct without_holds : service {
  static bool holds(std::int64_t, const lock_request&) noexcept = delete;
};
struct without_loss : service {
  static canceller loss(std::int64_t) noexcept = delete;
};
struct without_token : service {
  static std::uint64_t token(std::int64_t) noexcept = delete;
};
struct without_holder_name : service {
  static std::string holder_name(std::int64_t,
                                 const lock_request&) noexcept = delete;
};
static_assert(passes_on<service>, "the members of a service");
static_assert(passes_on<without_open_until>, "open_until is hidden");
static_assert(passes_on<without_holds>, "holds is hidden");
static_assert(passes_on<without_loss>, "loss is hidden");
static_assert(passes_on<without_token>, "token is hidden");
static_assert(passes_on<without_holder_name>, "holder_name is hidden");

static_assert(is_platform_v<test::without_lock<faulty<whole>>>,
              "an adaptor over it");

} // namespace
