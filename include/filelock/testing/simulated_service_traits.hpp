// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// simulated_service_traits: the Platform of a simulated lock service, whose
/// sessions end, for tests of programs that use such locks. Needs a
/// simulated_service.

#ifndef FILELOCK_TESTING_SIMULATED_SERVICE_TRAITS_HPP
#define FILELOCK_TESTING_SIMULATED_SERVICE_TRAITS_HPP

#include <filelock/backoff/default_backoff.hpp>
#include <filelock/basic_file_lock.hpp>
#include <filelock/canceller.hpp>
#include <filelock/detail/no_throw.hpp>
#include <filelock/detail/saturation.hpp>
#include <filelock/detail/simulated/service_world.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/open_options.hpp>
#include <filelock/testing/virtual_clock.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <system_error>

namespace filelock {
inline namespace v1 {

/// The Platform of a simulated_service: the one of the calling thread. Its
/// locks have names, not files. A wait stands in the queue of the service, and
/// a conversion is atomic. It makes no system call.
///
/// Error conditions, of every call that asks the service: connection_reset: the
/// session is lost; bad_file_descriptor: there is no such session of this
/// thread; resource_deadlock_would_occur: no event is left, so the wait would
/// never end. Other bytes than the whole are not_supported.
struct simulated_service_traits {
  /// The number of a session, unique in the process.
  using native_handle_type = std::int64_t;
  /// The number of no session.
  static constexpr std::int64_t invalid_handle = 0;
  /// The clock that only the waits of the simulation move.
  using clock = virtual_clock;

  /// The facts.
  /// @{
  static constexpr lock_ownership ownership = lock_ownership::handle;
  static constexpr bool mandatory = false;
  static constexpr bool excludes_same_process = true;
  static constexpr bool atomic_conversion = true;
  static constexpr bool byte_ranges = false;
  static constexpr bool locks_names = true;
  /// @}

  /// Begins a session. \returns The handle; invalid_handle where `ec` is set.
  /// Error conditions: not_supported: the thread is in no simulated_service;
  /// connection_refused; timed_out: no answer came in time.
  static std::int64_t open(const std::filesystem::path& name,
                           const open_options&, std::error_code& ec) noexcept {
    const std::int64_t handle =
        open_by(name, detail::unbounded, canceller(), ec);
    if (handle == invalid_handle && !ec)
      ec = std::make_error_code(std::errc::timed_out);
    return handle;
  }

  /// Begins a session as part of a wait: until `end` or cancel.
  /// \returns The handle; invalid_handle with `ec` clear where the wait ended
  /// or no answer came.
  static std::int64_t open_until(const std::filesystem::path& name,
                                 const open_options&,
                                 const virtual_clock::time_point& end,
                                 canceller& stop,
                                 std::error_code& ec) noexcept {
    return open_by(name, end.time_since_epoch(), stop, ec);
  }

  /// Ends the session, and so releases its lock.
  static void close(std::int64_t handle) noexcept {
    std::error_code ignored;
    in_service(handle, ignored, [&](service& found, client& own) {
      found.close(handle, own);
      return true;
    });
  }

  /// Asks for the lock once.
  /// \returns Whether it was taken: false with `ec` clear where another owner
  /// holds it.
  static bool try_lock(std::int64_t handle, const lock_request& request,
                       std::error_code& ec) noexcept {
    return of_the_whole(request, ec) &&
           in_service(handle, ec, [&](service& found, client& own) {
             return found.try_lock(handle, own, request.mode, ec);
           });
  }

  /// Asks for the lock as part of a wait. Effects: waits for the answer until
  /// `end` or the cancel. \returns Whether the lock was taken.
  static bool attempt_until(std::int64_t handle, const lock_request& request,
                            const virtual_clock::time_point& end,
                            canceller& stop, std::error_code& ec) noexcept {
    return of_the_whole(request, ec) &&
           in_service(handle, ec, [&](service& found, client& own) {
             return found.attempt_until(handle, own, request.mode,
                                        end.time_since_epoch(), stop, ec);
           });
  }

  /// Waits in the queue, until `end` or the cancel.
  /// \returns Whether the lock was taken: false with `ec` clear where the wait
  /// ended.
  static bool lock_until(std::int64_t handle, const lock_request& request,
                         const virtual_clock::time_point& end, canceller& stop,
                         std::error_code& ec) noexcept {
    return of_the_whole(request, ec) &&
           in_service(handle, ec, [&](service& found, client& own) {
             return found.lock_until(handle, own, request.mode,
                                     end.time_since_epoch(), stop, ec);
           });
  }

  /// Changes the mode of a held lock, without waiting.
  /// \returns Whether the lock is held as `to` says, under a new token. If this
  /// is false with `ec` clear, it is held as before.
  static bool convert(std::int64_t handle, const lock_request&,
                      const lock_request& to, std::error_code& ec) noexcept {
    return in_service(handle, ec, [&](service& found, client& own) {
      return found.convert(handle, own, to.mode, ec);
    });
  }

  /// Releases the lock.
  static void unlock(std::int64_t handle, const lock_request&,
                     std::error_code& ec) noexcept {
    in_service(handle, ec, [&](service& found, client& own) {
      found.unlock(handle, own, ec);
      return true;
    });
  }

  /// Lets `length` pass, but stops at the cancel. Effects: the events that are
  /// planned for it happen. A length of zero is a microsecond.
  static void wait_for(std::int64_t, std::chrono::nanoseconds length,
                       canceller& stop) noexcept {
    if (service* const current = service::current())
      current->world().pause(length, stop);
  }

  /// \returns Whether the hold lasts, as far as is known: by the owner's
  /// connection, and by its clock.
  static bool holds(std::int64_t handle, const lock_request& request) noexcept {
    std::error_code ignored;
    return in_service(handle, ignored, [&](service& found, client& own) {
      const bool is_held =
          own.believed == request.mode || own.believed == lock_mode::exclusive;
      return is_held && !found.is_lost(own);
    });
  }

  /// \returns Whether the error means that the session has ended.
  static bool is_loss(const std::error_code& ec) noexcept {
    return ec == std::errc::connection_reset;
  }

  /// \returns A canceller that is requested when the session ends. Also when
  /// its lease ends.
  static canceller loss(std::int64_t handle) noexcept {
    canceller result;
    std::error_code ignored;
    in_service(handle, ignored, [&](service&, client& own) {
      result = canceller(own.loss);
      return true;
    });
    return result;
  }

  /// \returns The number of the hold: the service counts its holds, of all
  /// names.
  static std::uint64_t token(std::int64_t handle) noexcept {
    std::uint64_t result = 0;
    std::error_code ignored;
    in_service(handle, ignored, [&](service&, client& own) {
      result = own.token;
      return true;
    });
    return result;
  }

  /// \returns "process N" for the owner of a conflicting lock. Empty if there
  /// is none.
  static std::string holder_name(std::int64_t handle,
                                 const lock_request& request) noexcept {
    std::string result;
    std::error_code ignored;
    in_service(handle, ignored, [&](service& found, client&) {
      const auto* const own = found.locks().find(handle);
      const std::int64_t other =
          own ? found.locks().find_conflict(handle, own->name, request.mode)
              : 0;
      if (other != 0)
        result =
            "process " + std::to_string(found.locks().find(other)->process);
      return true;
    });
    return result;
  }

private:
  using service = detail::service_world;
  using client = detail::service_client;

  static std::int64_t open_by(const std::filesystem::path& name,
                              std::chrono::nanoseconds end,
                              const canceller& stop,
                              std::error_code& ec) noexcept {
    service* const current = service::current();
    if (!current) ec = std::make_error_code(std::errc::not_supported);
    if (ec) return invalid_handle;
    return detail::without_exceptions(
        ec, [&] { return current->open(name, end, stop, ec); });
  }

  static bool of_the_whole(const lock_request& request,
                           std::error_code& ec) noexcept {
    if (!request.range.is_whole_file())
      ec = std::make_error_code(std::errc::not_supported);
    return !ec;
  }

  /// \returns What `function(service, client)` returns.
  template <class Function>
  static bool in_service(std::int64_t handle, std::error_code& ec,
                         Function function) noexcept {
    service* const found = service::of(handle);
    if (!found) {
      ec = std::make_error_code(std::errc::bad_file_descriptor);
      return false;
    }
    return detail::without_exceptions(
        ec, [&] { return function(*found, *found->find(handle)); });
  }
};

/// The lock of a simulated service.
using simulated_service_lock = basic_file_lock<simulated_service_traits>;

} // namespace v1
} // namespace filelock

#endif
