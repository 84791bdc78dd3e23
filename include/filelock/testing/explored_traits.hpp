// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// explored: a Platform on which explore() chooses, at each call, the
/// owner that goes on.

#ifndef FILELOCK_TESTING_EXPLORED_TRAITS_HPP
#define FILELOCK_TESTING_EXPLORED_TRAITS_HPP

#include <filelock/backoff/wait_state.hpp>
#include <filelock/canceller.hpp>
#include <filelock/detail/explored/call.hpp>
#include <filelock/detail/explored/footprint.hpp>
#include <filelock/detail/explored/gate.hpp>
#include <filelock/detail/explored/owner.hpp>
#include <filelock/detail/explored/run.hpp>
#include <filelock/detail/lesser.hpp>
#include <filelock/detail/simulated/world.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/open_options.hpp>
#include <filelock/testing/simulated_traits.hpp>
#include <filelock/testing/virtual_clock.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <system_error>

namespace filelock {
inline namespace v1 {

/// The clock of explored<P>: the one of the simulation. It moves when a pause
/// ends, and no pause is too long to end before the next call of another owner.
struct explored_clock {
  /// The members of a Clock.
  /// @{
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<explored_clock>;
  static constexpr bool is_steady = true;
  /// @}

  /// \returns The time of the calling thread's simulation.
  static time_point now() noexcept {
    if (detail::explored_run* const run = detail::explored_run::current().run)
      run->touched().read(detail::shared_thing::kind::clock);
    return time_point(virtual_clock::now().time_since_epoch());
  }
};

/// The simulated Platform P for the owners of explore(): each call is a step,
/// before which the other owners may make theirs. A wait in the kernel goes on
/// when no other owner excludes it, and any of several waiters may be first. A
/// pause goes on whenever explore() likes.
template <class P>
struct explored : P {
  /// The clock of the simulation.
  using clock = explored_clock;

  /// Does what P does, once it is the owner's turn. Returns: as P. Error
  /// conditions: those of P; std::errc::owner_dead: the owner was killed, and
  /// the call did nothing.
  /// @{
  static std::int64_t open(const std::filesystem::path& path,
                           const open_options& options,
                           std::error_code& ec) noexcept {
    const detail::explored_call call("open");
    if (!call.begin(ec)) return P::invalid_handle;
    if (!call.run()) return P::open(path, options, ec);
    auto& world = call.run()->world();
    const detail::simulated_world::acting acting(world,
                                                 call.run()->my_process());
    const bool creates = options.create && !world.files.exists(path);
    const std::int64_t handle = P::open(path, options, ec);
    call.touch_name(path, creates && !ec);
    if (!ec)
      call.run()->files().add({detail::explored_run::current().number, handle,
                               path, world.files.number_of(handle)});
    call.end(handle, ec ? "error" : creates ? "created" : "");
    return handle;
  }

  static void close(std::int64_t handle) noexcept {
    const detail::explored_call call("close");
    if (!call.begin()) return;
    call.touch(kind::lock, handle, true);
    call.end(handle, "");
    if (call.run())
      call.run()->files().close(handle);
    else
      P::close(handle);
  }

  static bool try_lock(std::int64_t handle, const lock_request& request,
                       std::error_code& ec) noexcept {
    const detail::explored_call call("try_lock");
    return call.begin(ec) &&
           granted(call, handle, P::try_lock(handle, request, ec), ec);
  }

  static void lock(std::int64_t handle, const lock_request& request,
                   std::error_code& ec) noexcept {
    const detail::explored_call call("lock");
    if (!call.run()) return P::lock(handle, request, ec);
    const queue_place place(call, handle);
    const bool is_alive = call.begin([&call, handle, &request] {
      return !call.run()->world().files.conflicting_range(handle, request);
    });
    if (!is_alive)
      ec = std::make_error_code(std::errc::owner_dead);
    else
      granted(call, handle, P::try_lock(handle, request, ec), ec);
  }

  static bool convert(std::int64_t handle, const lock_request& from,
                      const lock_request& to, std::error_code& ec) noexcept {
    const detail::explored_call call("convert");
    if (!call.begin(ec)) return false;
    call.touch(kind::lock, handle, true);
    return granted(call, handle, P::convert(handle, from, to, ec), ec);
  }

  static void unlock(std::int64_t handle, const lock_request& request,
                     std::error_code& ec) noexcept {
    const detail::explored_call call("unlock");
    if (!call.begin(ec)) return;
    call.touch(kind::lock, handle, true);
    P::unlock(handle, request, ec);
    call.end(handle, "");
  }

  static void wait_for(std::int64_t handle, std::chrono::nanoseconds length,
                       canceller& stop) noexcept {
    const detail::explored_call call("wait_for");
    if (!call.run()) return P::wait_for(handle, length, stop);
    const auto least =
        detail::greater(length, detail::simulated_world::yield_time);
    call.pause([&stop] { return stop.requested(); }, &least);
  }

  static bool is_awaited(std::int64_t handle) noexcept {
    const detail::explored_call call("is_awaited");
    if (!call.run()) return P::is_awaited(handle);
    if (!call.begin()) return false;
    call.touch(kind::waiters, handle, false);
    const std::uint64_t file = call.run()->world().files.number_of(handle);
    bool result = false;
    for (const detail::explored_owner& each : call.run()->owners())
      if (each.awaited_file == file) result = true;
    call.end(handle, result ? "yes" : "no");
    return result;
  }

  static bool names(const std::filesystem::path& path,
                    std::int64_t handle) noexcept {
    const detail::explored_call call("names");
    if (!call.begin()) return false;
    call.touch_name(path, false);
    const bool result = P::names(path, handle);
    call.end(handle, result ? "yes" : "no");
    return result;
  }

  static void remove(const std::filesystem::path& path, std::int64_t handle,
                     std::error_code& ec) noexcept {
    const detail::explored_call call("remove");
    if (!call.begin(ec)) return;
    call.touch_name(path, true);
    P::remove(path, handle, ec);
    call.end(handle, "");
  }

  static std::optional<process_id>
  holder(std::int64_t handle, const lock_request& request) noexcept {
    const detail::explored_call call("holder");
    if (!call.begin()) return std::nullopt;
    call.touch(kind::lock, handle, false);
    return P::holder(handle, request);
  }

  static std::optional<byte_range>
  conflicting_range(std::int64_t handle, const lock_request& request,
                    std::error_code& ec) noexcept {
    const detail::explored_call call("conflicting_range");
    if (!call.begin(ec)) return std::nullopt;
    call.touch(kind::lock, handle, false);
    const auto result = P::conflicting_range(handle, request, ec);
    call.end(handle, result ? "found" : "none");
    return result;
  }

  static std::optional<char> read_single_byte(std::int64_t handle,
                                              std::error_code& ec) noexcept {
    const detail::explored_call call("read_single_byte");
    if (!call.begin(ec)) return std::nullopt;
    call.touch(kind::content, handle, false);
    const auto result = P::read_single_byte(handle, ec);
    const char text[] = {result.value_or('-'), '\0'};
    call.end(handle, text);
    return result;
  }

  static void write_single_byte(std::int64_t handle, char byte,
                                std::error_code& ec) noexcept {
    const detail::explored_call call("write_single_byte");
    if (!call.begin(ec)) return;
    call.touch(kind::content, handle, true);
    P::write_single_byte(handle, byte, ec);
    const char text[] = {byte, '\0'};
    call.end(handle, text);
  }

  static std::size_t read_bytes(std::int64_t handle, std::uint64_t offset,
                                char* bytes, std::size_t size,
                                std::error_code& ec) noexcept {
    const detail::explored_call call("read_bytes");
    if (!call.begin(ec)) return 0;
    call.touch(kind::content, handle, false);
    return P::read_bytes(handle, offset, bytes, size, ec);
  }

  static void write_bytes(std::int64_t handle, std::uint64_t offset,
                          const char* bytes, std::size_t size,
                          std::error_code& ec) noexcept {
    const detail::explored_call call("write_bytes");
    if (!call.begin(ec)) return;
    call.touch(kind::content, handle, true);
    P::write_bytes(handle, offset, bytes, size, ec);
  }

  static void resize(std::int64_t handle, std::uint64_t size,
                     std::error_code& ec) noexcept {
    const detail::explored_call call("resize");
    if (!call.begin(ec)) return;
    call.touch(kind::content, handle, true);
    P::resize(handle, size, ec);
  }
  /// @}

private:
  using kind = detail::shared_thing::kind;

  /// Shows the others that the owner waits for the lock.
  class queue_place {
  public:
    queue_place(const detail::explored_call& call, std::int64_t handle)
        : call_(call), handle_(handle) {
      // A ghost has closed its files.
      if (!call.run()->world().files.find(handle)) return;
      call.touch(kind::waiters, handle, true);
      call.run()->me().awaited_file =
          call.run()->world().files.number_of(handle);
    }
    ~queue_place() {
      call_.touch(kind::waiters, handle_, true);
      call_.run()->me().awaited_file.reset();
    }
    queue_place(const queue_place&) = delete;
    queue_place& operator=(const queue_place&) = delete;

  private:
    const detail::explored_call& call_;
    std::int64_t handle_;
  };

  static bool granted(const detail::explored_call& call, std::int64_t handle,
                      bool is_granted, const std::error_code& ec) {
    call.touch(kind::lock, handle, is_granted);
    if (is_granted) call.grant(handle);
    call.end(handle, ec ? "error" : is_granted ? "granted" : "busy");
    return is_granted;
  }
};

/// The Platforms of the simulation, explored.
/// @{
using explored_traits = explored<simulated_traits>;
using atomic_explored_traits = explored<atomic_simulated_traits>;
/// @}

} // namespace v1
} // namespace filelock

#endif
