// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Simulated contenders: each waits for the lock, holds it, rests, and starts
/// again.

#ifndef FILELOCK_DETAIL_SIMULATED_CONTENDER_HPP
#define FILELOCK_DETAIL_SIMULATED_CONTENDER_HPP

#include <filelock/backoff/wait_result.hpp>
#include <filelock/backoff/wait_state.hpp>
#include <filelock/detail/lesser.hpp>
#include <filelock/detail/lock/attempts_on_file.hpp>
#include <filelock/detail/lock/failure.hpp>
#include <filelock/detail/lock/lock_core.hpp>
#include <filelock/detail/saturation.hpp>
#include <filelock/detail/simulated/files.hpp>
#include <filelock/detail/simulated/world.hpp>
#include <filelock/detail/wait/virtual_driver.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/open_options.hpp>
#include <filelock/testing/contention.hpp>
#include <filelock/testing/simulation_event.hpp>

#include <chrono>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

namespace filelock {
inline namespace v1 {
namespace detail {

/// A contender with a lock_core, like a program under test. A derived class
/// implements the wait.
template <class Platform, class BackoffPolicy>
class cyclic_contender : public simulated_contender {
public:
  using core = lock_core<Platform, BackoffPolicy>;

  cyclic_contender(simulated_world& world, process_id process,
                   std::filesystem::path path, BackoffPolicy policy,
                   const contention& plan)
      : world_(world),
        process_(process),
        plan_(plan),
        core_(std::move(path), std::move(policy), open_options()) {}

  bool proceed() final {
    const simulated_world::acting acting(world_, process_);
    switch (next_) {
    case stage::arrive:
      if (plan_.times == 0) return false;
      // Without a delay it arrives as soon as the simulation knows it.
      if (const auto delay = world_.random_duration(plan_.start);
          delay > delay.zero())
        return go_on(stage::wait, delay);
      next_ = stage::wait;
      [[fallthrough]];
    case stage::wait:
      if (!ask()) return true;
      if (holds())
        return go_on(stage::leave, world_.random_duration(plan_.hold));
      world_.tell(process_, simulated_action::gave_up, plan_.mode, path());
      [[fallthrough]];
    case stage::leave:
    default:
      std::error_code ignored;
      if (holds()) core_.unlock(ignored);
      if (--plan_.times != 0)
        return go_on(stage::wait, world_.random_duration(plan_.rest));
      core_.close();
      return false;
    }
  }

  simulated_handle handle() const final { return core_.file().native(); }
  const std::filesystem::path& path() const final { return core_.path(); }

protected:
  /// Asks for the lock, or checks whether an earlier request was granted.
  /// \returns Whether the wait is over; if not, proceed() will be called again.
  virtual bool ask() = 0;

  bool holds() const { return core_.file().mode() != lock_mode::unlocked; }

  void proceed_at(std::chrono::nanoseconds time) {
    world_.proceed_at(process_, time);
  }

  simulated_world& world() noexcept { return world_; }
  const contention& plan() const noexcept { return plan_; }
  core& lock() noexcept { return core_; }

private:
  enum class stage { arrive, wait, leave };

  bool go_on(stage next, std::chrono::nanoseconds delay) {
    next_ = next;
    if (delay != unbounded) world_.proceed_after(process_, delay);
    return true;
  }

  simulated_world& world_;
  process_id process_;
  contention plan_;
  stage next_ = stage::arrive;
  core core_;
};

/// The policy of a contender that does not poll.
struct no_backoff {
  std::chrono::nanoseconds operator()(const wait_state&) const noexcept {
    return {};
  }
};

/// A contender that waits in the queue of the kernel.
template <class Platform>
class blocking_contender final : public cyclic_contender<Platform, no_backoff> {
public:
  using base = cyclic_contender<Platform, no_backoff>;

  blocking_contender(simulated_world& world, process_id process,
                     std::filesystem::path path, const contention& plan)
      : base(world, process, std::move(path), no_backoff(), plan) {}

private:
  bool ask() override {
    auto& lock = this->lock();
    auto& file = lock.file();
    if (is_granted()) file.set_mode(this->plan().mode);
    // A file that has lost its name is not given back its name here.
    if (file.is_open() && !file.is_named_by(lock.path())) lock.close();
    if (this->holds()) return true;
    failure failed;
    if (!file.is_open() && !lock.open_file(failed)) return true;
    this->world().wait(file.native(), {this->plan().mode, {}},
                       [this] { this->proceed_at(this->world().now()); });
    return false;
  }

  bool is_granted() {
    const auto* const opened = this->world().files.find(this->handle());
    return opened && opened->held;
  }
};

/// A contender that polls by a backoff policy.
template <class Platform, class BackoffPolicy>
class polling_contender final
    : public cyclic_contender<Platform, BackoffPolicy> {
public:
  using base = cyclic_contender<Platform, BackoffPolicy>;
  using base::base;

private:
  /// The state of one acquire.
  struct acquire_under_way {
    explicit acquire_under_way(polling_contender& of)
        : attempts(of.lock(), of.plan().mode, failed),
          driver(*of.lock().backoff_policy(), of.plan().timeout, &attempts) {}

    failure failed;
    attempts_on_file<typename base::core> attempts;
    virtual_driver<BackoffPolicy> driver;
  };

  bool ask() override {
    const std::chrono::nanoseconds now = this->world().now();
    if (!acquire_) {
      acquire_.emplace(*this);
      deadline_ = now + lesser(this->plan().timeout, unbounded - now);
    }
    const std::optional<std::chrono::nanoseconds> next =
        acquire_->driver.resume(
            now, [this] { return acquire_->attempts.attempt(); });
    if (next) {
      this->proceed_at(
          *next != now ? *next
                       : lesser(now + simulated_world::yield_time, deadline_));
      return false;
    }
    if (acquire_->driver.outcome() == wait_outcome::acquired)
      acquire_->attempts.keep();
    acquire_.reset();
    return true;
  }

  std::optional<acquire_under_way> acquire_;
  std::chrono::nanoseconds deadline_{};
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
