// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// etcd_traits: locks of many machines, kept by a cluster of etcd.

#ifndef FILELOCK_REMOTE_ETCD_HPP
#define FILELOCK_REMOTE_ETCD_HPP

#include <filelock/canceller.hpp>
#include <filelock/detail/clause.hpp>
#include <filelock/detail/lock/supported_options.hpp>
#include <filelock/detail/no_throw.hpp>
#include <filelock/detail/remote/etcd_client.hpp>
#include <filelock/detail/remote/etcd_error.hpp>
#include <filelock/detail/remote/etcd_servers.hpp>
#include <filelock/detail/remote/etcd_session.hpp>
#include <filelock/detail/remote/wait_limit.hpp>
#include <filelock/detail/saturation.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/open_options.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>

namespace filelock {
inline namespace v1 {

/// The Platform that locks names of an etcd cluster. etcd is version 3.4 or
/// later.
/// \tparam Tag names a cluster, by static functions:
/// - `endpoints()`: its servers, as "host:port,host:port"; without TLS
/// - `lease()`: for how many std::chrono::seconds an owner that is silent keeps
///   its locks
/// - `request_timeout()`: how long a request takes at most, as a duration. It
///   bounds each call without a deadline: try_lock(), unlock(), close().
///
/// A handle is a lease, which one thread of the process renews, and at most one
/// key in the queue of the name.
template <class Tag>
struct etcd_traits {
  /// A lease, and a place in the queue of a name.
  using native_handle_type = detail::etcd_session*;
  /// No handle.
  static constexpr detail::etcd_session* invalid_handle = nullptr;

  /// The facts. The tests hold them to the service: see platform_laws.
  /// @{
  static constexpr lock_ownership ownership = lock_ownership::handle;
  static constexpr bool mandatory = false;
  static constexpr bool excludes_same_process = true;
  static constexpr bool atomic_conversion = false;
  static constexpr bool byte_ranges = false;
  static constexpr bool locks_names = true;
  /// @}

  /// \returns The category of the errors, which names the endpoints. Its
  /// numbers are those of etcd_errc, and errno's.
  static const std::error_category& category() noexcept { return errors(); }

  /// Gets a lease, by one request. \returns The session; invalid_handle if `ec`
  /// is set.
  /// Error conditions: std::errc::not_supported: an option that is one of
  /// files; std::errc::message_size: the name has more than 128 KiB, where each
  /// byte but letters, digits and "-._~" counts three times; those of
  /// etcd_errc; the errors of connect(2).
  static native_handle_type open(const std::filesystem::path& name,
                                 const open_options& options,
                                 std::error_code& ec) noexcept {
    detail::wait_limit limit = for_a_request();
    detail::etcd_session* const result = begin(name, options, limit, ec);
    if (!result && !ec) ec = errors().code(etcd_errc::no_answer);
    return result;
  }

  /// Gets a lease as part of a wait: until `deadline` or `stop`. Returns
  /// invalid_handle then, with `ec` clear. Error conditions: as open().
  static native_handle_type
  open_until(const std::filesystem::path& name, const open_options& options,
             const std::chrono::steady_clock::time_point& deadline,
             canceller& stop, std::error_code& ec) noexcept {
    return detail::without_exceptions(ec, [&]() -> native_handle_type {
      detail::wait_limit limit(deadline, stop, ec);
      return ec ? invalid_handle : begin(name, options, limit, ec);
    });
  }

  /// Revokes the lease, which releases. Effects: if no server answers in time,
  /// that goes on in the background; after the lease's time it has ended.
  static void close(native_handle_type handle) noexcept {
    std::error_code ignored;
    detail::without_exceptions(ignored, [handle] { delete handle; });
  }

  /// Attempts to take the lock, by one request. Effects: changes nothing if
  /// there is another contender, even one that waits. \returns Whether it was
  /// taken: false with `ec` clear if there is another contender.
  /// Error conditions: those of etcd_errc; the errors of connect(2). After an
  /// error that does not say whether the request was done, the lease is given
  /// up.
  static bool try_lock(native_handle_type handle, const lock_request& request,
                       std::error_code& ec) noexcept {
    if (!is_usable(handle, request, ec)) return false;
    detail::wait_limit limit = for_a_request();
    const bool result = detail::without_exceptions(
        ec, [&] { return handle->try_lock(request.mode, limit, ec); });
    if (!result && !ec && limit.is_over() && !handle->is_alive())
      ec = errors().code(etcd_errc::no_answer);
    return result;
  }

  /// Attempts as part of a wait: until `deadline` or `stop`. Returns, error
  /// conditions: as try_lock().
  static bool
  attempt_until(native_handle_type handle, const lock_request& request,
                const std::chrono::steady_clock::time_point& deadline,
                canceller& stop, std::error_code& ec) noexcept {
    if (!is_usable(handle, request, ec)) return false;
    return detail::without_exceptions(ec, [&] {
      detail::wait_limit limit(deadline, stop, ec);
      return !ec && handle->try_lock(request.mode, limit, ec);
    });
  }

  /// Joins the queue of the name, and waits its turn. Effects: waits for the
  /// contender before it, by a watch, without polling. Leaves the queue if it
  /// does not get the lock. \returns Whether the lock was taken.
  /// Error conditions: as try_lock. A server that fails is no error for as long
  /// as the lease lasts.
  static bool lock_until(native_handle_type handle, const lock_request& request,
                         const std::chrono::steady_clock::time_point& deadline,
                         canceller& stop, std::error_code& ec) noexcept {
    if (!is_usable(handle, request, ec)) return false;
    return detail::without_exceptions(ec, [&] {
      detail::wait_limit limit(deadline, stop, ec);
      return !ec && handle->lock_until(request.mode, limit, ec);
    });
  }

  /// Removes the key from the queue.
  /// Error conditions: std::errc::connection_aborted: the lock was lost, as the
  /// lease has ended, or somebody else removed the key; as try_lock.
  static void unlock(native_handle_type handle, const lock_request&,
                     std::error_code& ec) noexcept {
    if (!is_usable(handle, {}, ec)) return;
    detail::without_exceptions(ec, [&] { handle->unlock(ec); });
  }

  /// \returns Whether the lease lasts, by the clock of this machine. It is
  /// counted from when the last request was sent that was answered, so no other
  /// owner can have the lock. System calls: none that enters the kernel.
  static bool holds(native_handle_type handle, const lock_request&) noexcept {
    return handle->holds();
  }

  /// \returns Whether the error says that the lease has ended.
  static bool is_loss(const std::error_code& ec) noexcept {
    return errors().is(ec, etcd_errc::lease_ended);
  }

  /// \returns A canceller that is requested when the lease ends. The clock is
  /// the one of holds().
  static canceller loss(native_handle_type handle) noexcept {
    return handle->loss();
  }

  /// \returns The revision that made the key of the hold.
  static std::uint64_t token(native_handle_type handle) noexcept {
    return handle->token();
  }

  /// \returns The host and the process of an owner. Empty if there is none, or
  /// no answer. One request.
  static std::string holder_name(native_handle_type handle,
                                 const lock_request& request) noexcept {
    std::error_code ec;
    if (!is_usable(handle, request, ec)) return {};
    return detail::without_exceptions(
        ec, [&] { return handle->holder_name(request.mode); });
  }

  /// \returns A number of the name. For tools.
  static std::uint64_t identity(native_handle_type handle) noexcept {
    return std::hash<std::string>()(handle->keys().prefix());
  }

private:
  // A request has the key three times, and etcd takes 1.5 MiB:
  // https://etcd.io/docs/v3.5/dev-guide/limit/
  static constexpr std::size_t longest_key = std::size_t{128} * 1024;

  template <class T>
  using clauses =
      decltype(std::string(T::endpoints()), std::chrono::seconds(T::lease()),
               detail::saturated_delay(T::request_timeout()));
  static_assert(detail::is_valid<clauses, Tag>::value,
                "etcd_traits: its Tag needs static functions: endpoints(), "
                "lease() and request_timeout()");

  static const detail::etcd_error_category& errors() noexcept {
    // Never destroyed: an error code may outlive all static objects.
    static const auto& category =
        // NOLINTNEXTLINE(bugprone-unhandled-exception-at-new): it cannot fail
        *new detail::etcd_error_category(Tag::endpoints());
    return category;
  }

  static std::chrono::nanoseconds request_timeout() noexcept {
    const std::chrono::nanoseconds length =
        detail::saturated_delay(Tag::request_timeout());
    constexpr std::chrono::nanoseconds least = std::chrono::milliseconds(1);
    return length < least ? least : length;
  }

  static detail::wait_limit for_a_request() noexcept {
    return detail::wait_limit(detail::wait_limit::after(request_timeout()));
  }

  static bool is_usable(native_handle_type handle, const lock_request& request,
                        std::error_code& ec) noexcept {
    if (handle == invalid_handle || !handle->is_of_this_process())
      ec = std::make_error_code(std::errc::bad_file_descriptor);
    else if (!request.range.is_whole_file())
      ec = std::make_error_code(std::errc::not_supported);
    return !ec;
  }

  static native_handle_type begin(const std::filesystem::path& name,
                                  const open_options& options,
                                  detail::wait_limit& limit,
                                  std::error_code& ec) noexcept {
    if (!detail::are_for_names(options))
      ec = std::make_error_code(std::errc::not_supported);
    if (ec) return invalid_handle;
    return detail::without_exceptions(ec, [&]() -> native_handle_type {
      const std::shared_ptr<detail::etcd_cluster> cluster = find(limit, ec);
      std::unique_ptr<detail::etcd_session> made;
      if (cluster)
        made = std::make_unique<detail::etcd_session>(cluster, name.native());
      if (made && made->keys().prefix().size() > longest_key)
        ec = errors().code(etcd_errc::too_large);
      if (ec) return invalid_handle;
      if (made && !made->begin(lease(), limit, ec)) made.reset();
      return made.release();
    });
  }

  static std::chrono::seconds lease() noexcept {
    const auto length = std::chrono::duration_cast<std::chrono::seconds>(
        detail::saturated_delay(Tag::lease()));
    return length.count() < 1 ? std::chrono::seconds(1) : length;
  }

  /// \returns The cluster, with the addresses of its servers. Null where `ec`
  /// is set, or the limit came first.
  static std::shared_ptr<detail::etcd_cluster> find(detail::wait_limit& limit,
                                                    std::error_code& ec) {
    const auto endpoints =
        detail::etcd_endpoint::parse_list(std::string(Tag::endpoints()));
    if (endpoints.empty()) ec = errors().code(etcd_errc::bad_endpoint);
    const auto cluster = std::make_shared<detail::etcd_cluster>();
    cluster->errors = &errors();
    cluster->request_timeout = request_timeout();
    const auto share = request_timeout() / (endpoints.size() + 1);
    for (const detail::etcd_endpoint& each : endpoints)
      if (!ec)
        detail::append_servers(each, limit.bounds(share), cluster->servers);
    if (ec || !cluster->servers.empty()) return ec ? nullptr : cluster;
    if (!limit.is_over()) ec = errors().code(etcd_errc::unknown_host);
    return nullptr;
  }
};

} // namespace v1
} // namespace filelock

#endif
