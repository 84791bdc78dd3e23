// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The whole of a simulation: the time, the files, and their users.

#ifndef FILELOCK_DETAIL_SIMULATED_WORLD_HPP
#define FILELOCK_DETAIL_SIMULATED_WORLD_HPP

#include <filelock/backoff/wait_state.hpp>
#include <filelock/canceller.hpp>
#include <filelock/detail/config.hpp>
#include <filelock/detail/saturation.hpp>
#include <filelock/detail/simulated/callback.hpp>
#include <filelock/detail/simulated/event_queue.hpp>
#include <filelock/detail/simulated/files.hpp>
#include <filelock/detail/split_mix_64.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/testing/contention.hpp>
#include <filelock/testing/simulation_event.hpp>
#include <filelock/testing/virtual_clock.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

namespace filelock {
inline namespace v1 {
namespace detail {

/// Does one thing after another, each in an event of its own.
class simulated_contender {
public:
  virtual ~simulated_contender() = default;

  /// Does what is due. \returns Whether it has more to do later.
  virtual bool proceed() = 0;
  virtual simulated_handle handle() const = 0;
  virtual const std::filesystem::path& path() const = 0;
};

/// The state of a world.
struct simulated_state {
  explicit simulated_state(std::uint64_t seed) : random(seed) {}

  event_queue events;
  simulated_files files;
  split_mix_64 random;
  callback<const simulation_event&> observer;
  std::uint64_t patience = 10'000'000;
};

/// A world that one thread makes for a scope. The thread is in it, and is the
/// program under test.
class simulated_world : public simulated_state {
public:
  static constexpr process_id this_process = 1;

  /// Makes `process` the acting process while it lives.
  class acting {
  public:
    acting(simulated_world& world, process_id process) noexcept
        : world_(world), outer_(std::exchange(world.actor_, process)) {}
    ~acting() { world_.actor_ = outer_; }

    acting(const acting&) = delete;
    acting& operator=(const acting&) = delete;

  private:
    simulated_world& world_;
    process_id outer_;
  };

  /// \returns The acting process: the one that opens files now.
  process_id actor() const noexcept { return actor_; }

  explicit simulated_world(std::uint64_t seed) : simulated_state(seed) {
    install();
  }
  ~simulated_world() {
    current() = outer_;
    virtual_time() = outer_ ? &outer_->events.now() : nullptr;
  }
  simulated_world(const simulated_world&) = delete;
  simulated_world& operator=(const simulated_world&) = delete;

  /// \returns A reference to the world of the calling thread. To null if there
  /// is none.
  FILELOCK_SHARED_BY_PROCESS static simulated_world*& current() noexcept {
    static thread_local simulated_world* world = nullptr;
    return world;
  }

  /// \returns The world in which `handle` is open. Null if there is none. A
  /// lock of an outer world must be closed in that world.
  static simulated_world* of(simulated_handle handle) noexcept {
    simulated_world* world = current();
    while (world && !world->files.find(handle))
      world = world->outer_;
    return world;
  }

  std::chrono::nanoseconds now() const noexcept { return events.now(); }

  std::chrono::nanoseconds random_duration(const duration_range& range) {
    const std::chrono::nanoseconds least = saturated_delay(range.least);
    if (range.most <= least) return least;
    // Not by std::uniform_int_distribution: it differs between libraries.
    const auto span = static_cast<std::uint64_t>((range.most - least).count());
    return least + std::chrono::nanoseconds(
                       static_cast<std::int64_t>(random() % (span + 1)));
  }

  // ---- Locks. Preconditions: the handle is open in this world. ----

  bool try_lock(simulated_handle handle, const lock_request& request,
                std::error_code& ec) {
    const bool is_taken = files.try_lock(handle, request);
    tell(handle, is_taken ? simulated_action::acquired : simulated_action::busy,
         request.mode);
    if (files.find(handle)->process != this_process) return is_taken;
    busy_in_a_row_ = is_taken ? 0 : busy_in_a_row_ + 1;
    if (busy_in_a_row_ > patience) report_endless_wait(ec);
    return is_taken;
  }

  /// Waits until the lock is taken, or until no event is left.
  void lock(simulated_handle handle, const lock_request& request,
            std::error_code& ec) {
    bool is_taken = false;
    wait(handle, request, [&is_taken] { is_taken = true; });
    for (std::uint64_t count = 0; !is_taken; ++count) {
      if (events.empty() || count == patience) {
        files.stop_waiting(handle);
        return report_endless_wait(ec);
      }
      events.run_next();
    }
  }

  /// Calls `granted` when the lock is taken.
  template <class Function>
  void wait(simulated_handle handle, const lock_request& request,
            Function granted) {
    files.wait(handle, request, [this, handle, mode = request.mode, granted] {
      tell(handle, simulated_action::acquired, mode);
      granted();
    });
  }

  void unlock(simulated_handle handle, const byte_range& range) {
    tell_released(handle);
    files.unlock(handle, range);
  }

  void close(simulated_handle handle) {
    tell_released(handle);
    files.close(handle);
  }

  /// \returns Whether the lock is held as `to` says.
  bool convert(simulated_handle handle, const lock_request& to, bool keeps,
               std::error_code& ec) {
    if (!keeps) unlock(handle, to.range);
    return try_lock(handle, to, ec);
  }

  // ---- Time ----

  /// Lets `length` pass, but stops at the cancel.
  void pause(std::chrono::nanoseconds length, const canceller& stop) {
    events.pass(length > length.zero() ? length : yield_time,
                [&stop] { return stop.requested(); });
  }

  /// The length of a pause of zero. On a real system a yield takes some time
  /// too. Here it would otherwise stop the clock.
  static constexpr std::chrono::nanoseconds yield_time =
      std::chrono::microseconds(1);

  // ---- Contenders ----

  process_id new_process() noexcept { return ++last_process_; }

  void add(process_id process, std::unique_ptr<simulated_contender> contender) {
    contenders_.emplace(process, std::move(contender));
    proceed(process);
  }

  void proceed_at(process_id process, std::chrono::nanoseconds time) {
    events.plan(time, [this, process] { proceed(process); });
  }
  void proceed_after(process_id process, std::chrono::nanoseconds delay) {
    events.plan_after(delay, [this, process] { proceed(process); });
  }

  void kill(process_id process) {
    const auto found = contenders_.find(process);
    if (found == contenders_.end()) return;
    tell(process, simulated_action::killed, lock_mode::unlocked,
         found->second->path());
    if (files.find(found->second->handle())) close(found->second->handle());
    contenders_.erase(found);
  }

  std::size_t count_contenders() const noexcept { return contenders_.size(); }

  // ---- Observers ----

  void tell(process_id process, simulated_action action, lock_mode mode,
            const std::filesystem::path& path) const {
    if (observer) observer({now(), process, action, mode, path});
  }

  void tell(simulated_handle handle, simulated_action action,
            lock_mode mode) const {
    if (!observer) return;
    const simulated_files::opened& file = *files.find(handle);
    tell(file.process, action, mode, file.path);
  }

private:
  void install() noexcept {
    outer_ = std::exchange(current(), this);
    virtual_time() = &events.now();
  }

  void proceed(process_id process) {
    const auto found = contenders_.find(process);
    if (found != contenders_.end() && !found->second->proceed())
      contenders_.erase(found);
  }

  void tell_released(simulated_handle handle) const {
    const std::optional<lock_request>& held = files.find(handle)->held;
    if (held) tell(handle, simulated_action::released, held->mode);
  }

  // The next wait starts to count again.
  void report_endless_wait(std::error_code& ec) noexcept {
    busy_in_a_row_ = 0;
    ec = std::make_error_code(std::errc::resource_deadlock_would_occur);
  }

  simulated_world* outer_ = nullptr;
  std::map<process_id, std::unique_ptr<simulated_contender>> contenders_;
  process_id last_process_ = this_process;
  process_id actor_ = this_process;
  std::uint64_t busy_in_a_row_ = 0;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
