// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// simulated_service: a lock service for the tests of a program whose holds can
/// be lost. Not a part of filelock.hpp.

#ifndef FILELOCK_TESTING_SIMULATED_SERVICE_HPP
#define FILELOCK_TESTING_SIMULATED_SERVICE_HPP

#include <filelock/backoff/wait_state.hpp>
#include <filelock/detail/saturation.hpp>
#include <filelock/detail/simulated/service_world.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/testing/simulated_service_traits.hpp>
#include <filelock/testing/simulation.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>

namespace filelock {
inline namespace v1 {

/// A lock service in memory. From its construction on, each
/// simulated_service_lock of the calling thread is a lock of it.
///
/// An owner renews its lease as long as it runs. It believes in its hold until
/// its session has ended, or its lease has by its own clock. A message that is
/// lost breaks the connection of its session: no other gets through, and both
/// sides end the session when its lease is over, or after the patience.
///
/// Preconditions: made and destroyed as a local object, in a simulation that
/// outlives it. Services of one thread nest, as simulations do.
///
/// Throws: std::bad_alloc. Units: virtual time.
class simulated_service {
public:
  /// The default patience: how long a lost message is waited for.
  static constexpr std::chrono::nanoseconds default_patience =
      std::chrono::seconds(1);

  /// Begins a service without sessions.
  /// \param lease How long a session lives that its owner does not renew; the
  /// greatest value: for ever, as where a connection alone keeps it.
  /// \param patience How long both sides wait for a message, before they take
  /// the connection for dead.
  explicit simulated_service(
      std::chrono::nanoseconds lease = simulation::for_ever,
      std::chrono::nanoseconds patience = default_patience)
      : service_(std::make_shared<detail::service_world>(
            *detail::simulated_world::current(), lease, patience)),
        scope_(*service_) {}
  simulated_service(const simulated_service&) = delete;
  simulated_service& operator=(const simulated_service&) = delete;

  // ---- The network ----

  /// Sets how long a message takes. Effects: a request and its answer then take
  /// twice `length`.
  void set_latency(std::chrono::nanoseconds length) noexcept {
    service_->network().latency = detail::saturated_delay(length);
  }

  /// Makes each connect fail while it is set. Error conditions, of a connect:
  /// connection_refused.
  void set_refusing(bool is_refusing) noexcept {
    service_->network().is_refusing = is_refusing;
  }

  /// Loses the next requests of any session, or connects. Effects: they never
  /// arrive.
  void lose_requests(std::uint64_t count = 1) noexcept {
    service_->network().requests_to_lose = count;
  }

  /// Loses the answers to the next requests or connects. Effects: those of any
  /// session are done, but their answers never arrive. A grant from the queue
  /// is an answer too.
  void lose_answers(std::uint64_t count = 1) noexcept {
    service_->network().answers_to_lose = count;
  }

  // ---- Sessions ----

  /// Ends the session, as an administrator does. Effects: does nothing if there
  /// is none.
  void end_session(std::int64_t session) { service_->end(session); }

  /// Ends all sessions, as a restart of the service does. Effects: the tokens
  /// go on.
  void end_sessions() {
    for (const std::int64_t each : service_->locks().all_sessions())
      service_->end(each);
  }

  /// Stops the owner of the session, as by SIGSTOP. Effects: until resume() it
  /// does not renew its lease, and learns nothing. A call that is under way
  /// returns after resume().
  void suspend(std::int64_t session) { service_->suspend(session); }
  /// Lets the owner go on.
  void resume(std::int64_t session) { service_->resume(session); }

  /// Stops the program under test for `length`. Effects: its sessions stop too,
  /// as on a laptop that is shut.
  void suspend_for(std::chrono::nanoseconds length);

  // ---- Contenders ----

  /// Adds a contender that holds the lock for `length`. Effects: it waits for
  /// the lock from `from` on.
  /// \returns Its session.
  std::int64_t hold(const std::filesystem::path& name,
                    std::chrono::nanoseconds from = {},
                    std::chrono::nanoseconds length = simulation::for_ever,
                    lock_mode mode = lock_mode::exclusive) {
    return service_->hold(name, from, length, mode);
  }

  // ---- Questions ----

  /// \returns The number of sessions that the service keeps. This includes
  /// those whose owner has gone.
  std::size_t sessions() const noexcept {
    return service_->locks().count_sessions();
  }

  /// \returns The process for which the service keeps the lock. The first of
  /// several.
  std::optional<process_id> holder(const std::filesystem::path& name) const {
    const std::int64_t found =
        service_->locks().find_conflict(0, name, lock_mode::exclusive);
    if (found == 0) return std::nullopt;
    return service_->locks().find(found)->process;
  }

  /// \returns The token of the last hold. 0 before the first.
  std::uint64_t last_token() const noexcept {
    return service_->locks().last_token();
  }

private:
  std::shared_ptr<detail::service_world> service_;
  detail::service_world::scope scope_;
};

inline void simulated_service::suspend_for(std::chrono::nanoseconds length) {
  service_->suspend_process(simulation::this_process);
  service_->world().events.pass(length, [] { return false; });
  service_->resume_process(simulation::this_process);
}

} // namespace v1
} // namespace filelock

#endif
