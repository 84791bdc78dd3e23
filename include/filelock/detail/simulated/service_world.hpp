// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// A simulated lock service, and what its owners do.

#ifndef FILELOCK_DETAIL_SIMULATED_SERVICE_WORLD_HPP
#define FILELOCK_DETAIL_SIMULATED_SERVICE_WORLD_HPP

#include <filelock/backoff/wait_state.hpp>
#include <filelock/canceller.hpp>
#include <filelock/detail/config.hpp>
#include <filelock/detail/lesser.hpp>
#include <filelock/detail/saturation.hpp>
#include <filelock/detail/simulated/range_locks.hpp>
#include <filelock/detail/simulated/service_sessions.hpp>
#include <filelock/lock_request.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

namespace filelock {
inline namespace v1 {
namespace detail {

class service_world : public service_sessions {
public:
  using service_sessions::service_sessions;

  /// Makes `service` the one of the calling thread while it lives.
  class scope {
  public:
    explicit scope(service_world& service) noexcept : service_(service) {
      service.outer_ = std::exchange(current(), &service);
    }
    ~scope() { current() = service_.outer_; }
    scope(const scope&) = delete;
    scope& operator=(const scope&) = delete;

  private:
    service_world& service_;
  };

  /// \returns A reference to the service of the calling thread. To null if
  /// there is none.
  FILELOCK_SHARED_BY_PROCESS static service_world*& current() noexcept {
    static thread_local service_world* service = nullptr;
    return service;
  }

  /// \returns The service that has the session. Null if there is none.
  static service_world* of(simulated_handle handle) noexcept {
    service_world* service = current();
    while (service && !service->find(handle))
      service = service->outer_;
    return service;
  }

  /// A contender without a client, whose messages take no time, waits for the
  /// lock from `from` on, and holds it for `length`.
  simulated_handle hold(const std::filesystem::path& name, nanoseconds from,
                        nanoseconds length, lock_mode mode) {
    const simulated_handle handle = new_simulated_handle();
    const process_id process = world().new_process();
    at(from, [this, handle, process, name, length, mode] {
      locks().begin(handle, process, name);
      locks().wait(handle, mode, [this, handle, length](std::uint64_t) {
        if (length != unbounded)
          at(after(length), [this, handle] { end(handle); });
      });
    });
    return handle;
  }

  // ---- What an owner does. Preconditions: `client` belongs to `handle`. ----

  /// \returns A new session. 0 where there is none by `end` or a stop, or `ec`
  /// is set.
  simulated_handle open(const std::filesystem::path& name, nanoseconds end,
                        const canceller& stop, std::error_code& ec) {
    if (network().is_refusing) {
      ec = std::make_error_code(std::errc::connection_refused);
      return 0;
    }
    const simulated_handle handle = new_simulated_handle();
    service_client& client = begin(handle);
    const auto reply = std::make_shared<service_reply>();
    if (is_next(network().requests_to_lose))
      break_connection(handle, client);
    else
      arrive(client, [this, handle, reply, name, process = client.process] {
        locks().begin(handle, process, name);
        answer(handle, reply, 0);
      });
    wait(client, lesser(end, patience_ends()), stop, *reply);
    if (reply->has_come && !is_lost(client)) return handle;
    if (is_lost(client) && !client.is_broken) set_loss(client, ec);
    close(handle, client);
    return 0;
  }

  void close(simulated_handle handle, service_client& client) {
    // A broken connection carries no farewell: the service ends the session
    // when its lease is over.
    if (!client.is_broken)
      arrive(client, [this, handle] { locks().end(handle); });
    forget(handle);
  }

  bool try_lock(simulated_handle handle, service_client& client, lock_mode mode,
                std::error_code& ec) {
    const auto reply = std::make_shared<service_reply>();
    ask(handle, client, *reply, ec, [this, handle, reply, mode] {
      answer(handle, reply, locks().try_lock(handle, mode));
    });
    return !ec && believe(client, mode, *reply);
  }

  /// Waits for the answer as long as an attempt of a wait may.
  bool attempt_until(simulated_handle handle, service_client& client,
                     lock_mode mode, nanoseconds end, const canceller& stop,
                     std::error_code& ec) {
    return wait_for_grant(handle, client, mode, end, stop, ec,
                          [this, handle, mode](const auto& reply) {
                            answer(handle, reply,
                                   locks().try_lock(handle, mode));
                          });
  }

  /// Waits in the queue of the service.
  bool lock_until(simulated_handle handle, service_client& client,
                  lock_mode mode, nanoseconds end, const canceller& stop,
                  std::error_code& ec) {
    return wait_for_grant(handle, client, mode, end, stop, ec,
                          [this, handle, mode](const auto& reply) {
                            locks().wait(
                                handle, mode,
                                [this, handle, reply](std::uint64_t token) {
                                  answer(handle, reply, token);
                                });
                          });
  }

  void unlock(simulated_handle handle, service_client& client,
              std::error_code& ec) {
    // Not when the answer comes: another owner may have the lock by then.
    client.believed = lock_mode::unlocked;
    const auto reply = std::make_shared<service_reply>();
    ask(handle, client, *reply, ec, [this, handle, reply] {
      locks().withdraw(handle);
      answer(handle, reply, 0);
    });
  }

  /// \returns Whether the lock is held in the mode `to`. Else as before.
  bool convert(simulated_handle handle, service_client& client, lock_mode to,
               std::error_code& ec) {
    // Other readers may be inside before the answer comes.
    if (to == lock_mode::shared) client.believed = to;
    return try_lock(handle, client, to, ec);
  }

private:
  template <class Serve>
  bool wait_for_grant(simulated_handle handle, service_client& client,
                      lock_mode mode, nanoseconds end, const canceller& stop,
                      std::error_code& ec, Serve serve) {
    const auto reply = std::make_shared<service_reply>();
    if (!is_lost(client))
      send(handle, client, [reply, serve] { serve(reply); });
    if (!wait(client, end, stop, *reply)) return report_endless(handle, ec);
    // A grant may have come while the owner slept over its lease.
    if (is_lost(client)) return set_loss(client, ec);
    if (reply->has_come) return believe(client, mode, *reply);
    // A grant that is under way is given back.
    send(handle, client, [this, handle] { locks().withdraw(handle); });
    return false;
  }

  /// Sends a request, and waits for its answer.
  template <class Serve>
  void ask(simulated_handle handle, service_client& client,
           const service_reply& reply, std::error_code& ec, Serve serve) {
    if (!is_lost(client)) {
      send(handle, client, serve);
      if (!wait(client, unbounded, canceller(), reply))
        report_endless(handle, ec);
    }
    if (is_lost(client) && !ec) set_loss(client, ec);
  }

  static bool believe(service_client& client, lock_mode mode,
                      const service_reply& reply) noexcept {
    if (reply.token == 0) return false;
    client.believed = mode;
    client.token = reply.token;
    return true;
  }

  static bool set_loss(service_client& client, std::error_code& ec) noexcept {
    client.believed = lock_mode::unlocked;
    ec = std::make_error_code(std::errc::connection_reset);
    return false;
  }

  /// No event is left that could end the wait, or wake the owner.
  bool report_endless(simulated_handle handle, std::error_code& ec) {
    end(handle);
    ec = std::make_error_code(std::errc::resource_deadlock_would_occur);
    return false;
  }

  service_world* outer_ = nullptr;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
