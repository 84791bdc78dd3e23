// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Simulated contenders: each waits for the lock, holds it, rests, and begins
/// anew.

#ifndef FILELOCK_DETAIL_SIMULATED_CONTENDER_HPP
#define FILELOCK_DETAIL_SIMULATED_CONTENDER_HPP

#include <filelock/backoff/wait_state.hpp>
#include <filelock/detail/lesser.hpp>
#include <filelock/detail/saturation.hpp>
#include <filelock/detail/simulated/files.hpp>
#include <filelock/detail/simulated/world.hpp>
#include <filelock/detail/wait/virtual_driver.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/testing/contention.hpp>
#include <filelock/testing/simulation_event.hpp>

#include <chrono>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

namespace filelock::detail {

/// What contenders have in common. Who derives from it says how it waits.
class cyclic_contender : public simulated_contender, public wait_subject {
public:
  cyclic_contender(simulated_world& world, process_id process,
                   std::filesystem::path path, const contention& plan)
      : world_(world), process_(process), path_(std::move(path)), plan_(plan) {}

  bool proceed() final {
    switch (next_) {
    case stage::arrive:
      if (plan_.times == 0) return false;
      // There as soon as the simulation is told of it, if it is to be.
      if (const auto delay = world_.random_duration(plan_.start);
          delay > delay.zero())
        return go_on(stage::wait, delay);
      next_ = stage::wait;
      [[fallthrough]];
    case stage::wait:
      if (!ask()) return true;
      if (holds())
        return go_on(stage::leave, world_.random_duration(plan_.hold));
      tell(simulated_action::gave_up);
      [[fallthrough]];
    default:
      if (holds()) world_.unlock(handle_);
      if (--plan_.times != 0)
        return go_on(stage::wait, world_.random_duration(plan_.rest));
      close();
      return false;
    }
  }

  simulated_handle handle() const final { return handle_; }
  const std::filesystem::path& path() const final { return path_; }
  std::optional<process_id> holder() const final {
    return world_.files.find(handle_) ? world_.files.holder(handle_, request())
                                      : std::nullopt;
  }

protected:
  /// Effects: asks for the lock, or sees what has become of the request.
  /// \returns Whether the wait is over; otherwise proceed() will be called.
  virtual bool ask() = 0;

  bool is_open() const { return world_.files.find(handle_) != nullptr; }
  bool holds() const { return is_open() && world_.files.find(handle_)->held; }

  /// A file that has lost its name does not get it back here.
  bool is_open_as_named() const {
    return is_open() && world_.files.is_linked(handle_);
  }

  bool reopen() {
    std::error_code ec;
    close();
    handle_ = world_.files.open(path_, true, process_, ec);
    return !ec;
  }

  void close() {
    if (is_open()) world_.close(handle_);
  }

  void proceed_at(std::chrono::nanoseconds time) {
    world_.proceed_at(process_, time);
  }

  lock_request request() const noexcept { return {plan_.mode, {}}; }

  simulated_world& world() noexcept { return world_; }
  const contention& plan() const noexcept { return plan_; }

private:
  enum class stage { arrive, wait, leave };

  bool go_on(stage next, std::chrono::nanoseconds delay) {
    next_ = next;
    if (delay != unbounded) world_.proceed_after(process_, delay);
    return true;
  }

  void tell(simulated_action action) const {
    world_.tell(process_, action, plan_.mode, path_);
  }

  simulated_world& world_;
  process_id process_;
  std::filesystem::path path_;
  contention plan_;
  simulated_handle handle_ = 0;
  stage next_ = stage::arrive;
};

/// Waits as the kernel's queue does.
class blocking_contender final : public cyclic_contender {
public:
  using cyclic_contender::cyclic_contender;

private:
  bool ask() override {
    if (!is_open_as_named() && !reopen()) return true;
    if (holds()) return true;
    world().wait(handle(), request(), [this] { proceed_at(world().now()); });
    return false;
  }
};

/// Waits by a backoff policy.
template <class BackoffPolicy>
class polling_contender final : public cyclic_contender {
public:
  polling_contender(simulated_world& world, process_id process,
                    std::filesystem::path path, BackoffPolicy policy,
                    const contention& plan)
      : cyclic_contender(world, process, std::move(path), plan),
        policy_(std::move(policy)) {}

private:
  bool ask() override {
    const std::chrono::nanoseconds now = world().now();
    if (!wait_) {
      wait_.emplace(policy_, plan().timeout, this);
      deadline_ = now + lesser(plan().timeout, unbounded - now);
    }
    const std::optional<std::chrono::nanoseconds> next =
        wait_->resume(now, [this] { return attempt(); });
    if (next)
      proceed_at(*next != now
                     ? *next
                     : lesser(now + simulated_world::yield_time, deadline_));
    else
      wait_.reset();
    return !next;
  }

  bool attempt() {
    std::error_code ec;
    constexpr int most_files = 16; // as a lock opens in one attempt
    for (int files = 0; files != most_files; ++files) {
      if (!is_open() && !reopen()) return false;
      if (!world().try_lock(handle(), request(), ec)) return false;
      if (is_open_as_named()) return true;
      close();
    }
    return false;
  }

  BackoffPolicy policy_;
  std::optional<virtual_driver<BackoffPolicy>> wait_;
  std::chrono::nanoseconds deadline_{};
};

} // namespace filelock::detail

#endif
