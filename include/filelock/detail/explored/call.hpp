// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// A call of an explored Platform: a step of an owner.

#ifndef FILELOCK_DETAIL_EXPLORED_CALL_HPP
#define FILELOCK_DETAIL_EXPLORED_CALL_HPP

#include <filelock/canceller.hpp>
#include <filelock/detail/explored/footprint.hpp>
#include <filelock/detail/explored/owner.hpp>
#include <filelock/detail/explored/run.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <system_error>
#include <utility>

namespace filelock {
inline namespace v1 {
namespace detail {

/// One call of an owner. Elsewhere than on the thread of an owner it is made at
/// once.
class explored_call {
public:
  explicit explored_call(const char* name) noexcept
      : run_(explored_run::current().run), name_(name) {}

  /// Waits until the search lets the owner go on.
  /// \returns Whether to make the call: not if the owner was killed.
  bool begin(std::function<bool()> can_go_on = nullptr,
             bool pauses = false) const {
    return !run_ || run_->point(name_, std::move(can_go_on), pauses);
  }
  bool begin(std::error_code& ec) const {
    if (begin()) return true;
    ec = std::make_error_code(std::errc::owner_dead);
    return false;
  }

  void touch(shared_thing::kind what, std::int64_t handle, bool writes) const {
    if (!run_ || !run_->world().files.find(handle)) return;
    run_->touched().touch(what, run_->world().files.number_of(handle), writes);
  }
  void touch_name(const std::filesystem::path& path, bool writes) const {
    if (run_)
      run_->touched().touch(shared_thing::kind::name, run_->number_of(path),
                            writes);
  }
  void touch_memory() const {
    if (run_) run_->touched().write(shared_thing::kind::memory);
  }
  void forbid_steps(bool forbids) const noexcept {
    if (run_) run_->forbid_steps(forbids);
  }

  /// Waits until `is_woken()`, or for `length`, if that is not null: then the
  /// clock moves.
  /// \returns Whether the owner is alive.
  bool pause(const std::function<bool()>& is_woken,
             const std::chrono::nanoseconds* length) const {
    if (!run_) return true;
    run_->touched().read(shared_thing::kind::clock);
    const auto start = run_->world().now();
    if (!begin(is_woken, length != nullptr)) return false;
    if (!length || (is_woken && is_woken())) return true;
    run_->touched().write(shared_thing::kind::clock);
    const auto rest = *length - (run_->world().now() - start);
    if (rest > rest.zero()) run_->world().pause(rest, canceller());
    end(0, "the time is over");
    return true;
  }

  /// Notes that the lock was granted in this step.
  void grant(std::int64_t handle) const {
    if (explored_file* const file = find(handle))
      file->granted_at = run_->steps();
  }

  /// Notes the end of a call.
  void end(std::int64_t handle, const char* result) const {
    if (!run_ || !run_->is_traced()) return;
    const explored_file* const file = find(handle);
    run_->note(std::string(name_) +
               (file ? " of file " + std::to_string(file->number) : "") +
               (*result ? ": " : "") + result);
  }

  explored_run* run() const noexcept { return run_; }

private:
  explored_file* find(std::int64_t handle) const {
    return run_ ? run_->files().find(handle) : nullptr;
  }

  explored_run* run_;
  const char* name_;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
