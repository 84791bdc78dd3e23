// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The sessions of a simulated lock service, as their owners know them, and the
/// messages between both sides.

#ifndef FILELOCK_DETAIL_SIMULATED_SERVICE_SESSIONS_HPP
#define FILELOCK_DETAIL_SIMULATED_SERVICE_SESSIONS_HPP

#include <filelock/backoff/wait_state.hpp>
#include <filelock/canceller.hpp>
#include <filelock/detail/lesser.hpp>
#include <filelock/detail/saturation.hpp>
#include <filelock/detail/simulated/range_locks.hpp>
#include <filelock/detail/simulated/service_locks.hpp>
#include <filelock/detail/simulated/world.hpp>
#include <filelock/lock_request.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <utility>

namespace filelock {
inline namespace v1 {
namespace detail {

/// What an owner got from the service.
struct service_reply {
  bool has_come = false;
  std::uint64_t token = 0; ///< of the hold that was granted; 0: busy
};

/// A session, as its owner knows it.
struct service_client {
  process_id process;
  std::chrono::nanoseconds begun;
  lock_mode believed = lock_mode::unlocked;
  std::uint64_t token = 0;
  bool is_suspended = false;
  bool is_broken = false; ///< no message gets through any more
  bool has_ended = false; ///< at the service
  /// When the lease ends, if it is not renewed.
  std::chrono::nanoseconds lease_end = unbounded;
  std::chrono::nanoseconds last_request{}; ///< when it arrives
  std::chrono::nanoseconds last_answer{};  ///< when it arrives
  std::shared_ptr<cancel_source> loss = std::make_shared<cancel_source>();
};

/// What a test asks of the way between an owner and the service.
struct service_network {
  std::chrono::nanoseconds latency{};
  std::uint64_t requests_to_lose = 0;
  std::uint64_t answers_to_lose = 0;
  bool is_refusing = false; ///< new connections
};

/// The planned events share the ownership of this object.
class service_sessions : public std::enable_shared_from_this<service_sessions> {
public:
  using nanoseconds = std::chrono::nanoseconds;

  service_sessions(simulated_world& world, nanoseconds lease,
                   nanoseconds patience)
      : locks_(world), world_(world), lease_(lease), patience_(patience) {}

  service_locks& locks() noexcept { return locks_; }
  const service_locks& locks() const noexcept { return locks_; }
  service_network& network() noexcept { return network_; }

  simulated_world& world() const noexcept { return world_; }

  service_client* find(simulated_handle handle) noexcept {
    const auto found = clients_.find(handle);
    return found == clients_.end() ? nullptr : &found->second;
  }

  /// \returns Whether the session has ended, as far as its owner can tell: by
  /// the connection, or by its clock.
  bool is_lost(const service_client& client) const noexcept {
    return client.has_ended || client.lease_end <= world_.now();
  }

  /// Ends the session at the service. A running owner learns of it.
  void end(simulated_handle handle) {
    // Before another owner is let in.
    if (service_client* const client = find(handle)) {
      client->has_ended = true;
      if (!client->is_suspended) client->loss->request();
    }
    locks_.end(handle);
  }

  /// Stops the owner: it does not renew its lease any more.
  void suspend(simulated_handle handle) {
    service_client* const client = find(handle);
    if (!client || client->is_suspended) return;
    client->is_suspended = true;
    if (lease_ != unbounded && client->lease_end == unbounded)
      expire_at(handle, lease_end_of(*client));
  }

  /// Lets the owner run again. It finds out whether it is too late.
  void resume(simulated_handle handle) {
    service_client* const client = find(handle);
    if (!client || !client->is_suspended) return;
    client->is_suspended = false;
    if (is_lost(*client))
      end(handle);
    else if (!client->is_broken)
      client->lease_end = unbounded;
  }

  void suspend_process(process_id process) {
    for (const auto& each : clients_)
      if (each.second.process == process) suspend(each.first);
  }
  void resume_process(process_id process) {
    for (const auto& each : clients_)
      if (each.second.process == process) resume(each.first);
  }

protected:
  service_client& begin(simulated_handle handle) {
    return clients_
        .emplace(handle, service_client{world_.actor(), world_.now()})
        .first->second;
  }

  /// The owner forgets the session.
  void forget(simulated_handle handle) {
    clients_.erase(clients_.find(handle));
  }

  nanoseconds after(nanoseconds delay) const noexcept {
    return sum(world_.now(), delay);
  }
  nanoseconds patience_ends() const noexcept { return after(patience_); }

  /// Calls `run()` at `time`; now, if it is the time.
  template <class Function>
  void at(nanoseconds time, Function run) {
    if (time <= world_.now())
      run();
    else
      world_.events.plan(time, [self = shared_from_this(), run] { run(); });
  }

  /// A message of the owner arrives, after those before.
  template <class Serve>
  void arrive(service_client& client, Serve serve) {
    client.last_request = greater(client.last_request, after(network_.latency));
    at(client.last_request, serve);
  }

  /// A message of the owner arrives, unless it is lost or comes after the end.
  template <class Serve>
  void send(simulated_handle handle, service_client& client, Serve serve) {
    if (client.is_broken || client.has_ended) return;
    if (is_next(network_.requests_to_lose))
      return break_connection(handle, client);
    arrive(client, [this, handle, serve] {
      if (locks_.find(handle)) serve();
    });
  }

  void answer(simulated_handle handle,
              const std::shared_ptr<service_reply>& reply,
              std::uint64_t token) {
    service_client* const client = find(handle);
    if (!client || client->is_broken) return;
    if (is_next(network_.answers_to_lose))
      return break_connection(handle, *client);
    client->last_answer = greater(client->last_answer, after(network_.latency));
    at(client->last_answer, [reply, token] {
      reply->has_come = true;
      reply->token = token;
    });
  }

  static bool is_next(std::uint64_t& count) noexcept {
    if (count == 0) return false;
    --count;
    return true;
  }

  /// A message was lost, and no other gets through. Both sides end the session
  /// together: when the lease is over, or the connection seems dead.
  void break_connection(simulated_handle handle, service_client& client) {
    if (std::exchange(client.is_broken, true)) return;
    nanoseconds end = lesser(client.lease_end, patience_ends());
    if (lease_ != unbounded) end = lesser(end, lease_end_of(client));
    expire_at(handle, end);
  }

  /// Lets time pass until the answer, the loss of the session, `end` or a stop.
  /// An owner that is suspended goes on when it runs again.
  /// \returns Whether there is an end; false where no event is left.
  bool wait(const service_client& client, nanoseconds end,
            const canceller& stop, const service_reply& reply) {
    const auto is_over = [&] {
      return !client.is_suspended && (reply.has_come || is_lost(client) ||
                                      stop.requested() || world_.now() >= end);
    };
    while (!is_over()) {
      const bool is_bounded = !client.is_suspended && end != unbounded;
      if (is_bounded)
        world_.events.pass(end - world_.now(),
                           [&] { return client.is_suspended || is_over(); });
      else if (world_.events.empty())
        return false;
      else
        world_.events.run_next();
    }
    return true;
  }

private:
  static nanoseconds sum(nanoseconds time, nanoseconds delay) noexcept {
    return time + lesser(delay, unbounded - time);
  }

  /// \returns When the lease ends if it is not renewed from now on. An owner
  /// that runs renews it three times in its length, and so quickly that no
  /// event is made of it.
  nanoseconds lease_end_of(const service_client& client) const noexcept {
    const nanoseconds period = greater(lease_ / 3, nanoseconds(1));
    const nanoseconds age = world_.now() - client.begun;
    return sum(client.begun + age / period * period, lease_);
  }

  void expire_at(simulated_handle handle, nanoseconds time) {
    find(handle)->lease_end = time;
    at(time, [this, handle] {
      const service_client* const client = find(handle);
      // Otherwise it was renewed.
      if (!client || client->lease_end <= world_.now()) end(handle);
    });
  }

  service_locks locks_;
  service_network network_;
  simulated_world& world_;
  nanoseconds lease_;
  nanoseconds patience_;
  std::map<simulated_handle, service_client> clients_;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
