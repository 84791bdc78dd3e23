// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// What a basic_file_lock does, below its public interface: one acquire, for
/// all forms of it.

#ifndef FILELOCK_DETAIL_LOCK_LOCK_CORE_HPP
#define FILELOCK_DETAIL_LOCK_LOCK_CORE_HPP

#include <filelock/backoff/wait_result.hpp>
#include <filelock/backoff/wait_state.hpp>
#include <filelock/canceller.hpp>
#include <filelock/detail/config.hpp>
#include <filelock/detail/lock/attempts_on_file.hpp>
#include <filelock/detail/lock/file_handle.hpp>
#include <filelock/detail/lock/file_removal.hpp>
#include <filelock/detail/lock/policy_holder.hpp>
#include <filelock/detail/lock/supported_options.hpp>
#include <filelock/detail/platform/platform_traits.hpp>
#include <filelock/detail/wait/acquisition.hpp>
#include <filelock/detail/wait/blocking_driver.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/open_options.hpp>

#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

namespace filelock::detail {

template <class Platform, class BackoffPolicy>
class lock_core : private policy_holder<BackoffPolicy> {
public:
  using platform_type = Platform;
  using native_type = typename Platform::native_handle_type;
  using policy_base = policy_holder<BackoffPolicy>;

  lock_core() = default;
  lock_core(std::filesystem::path&& path, BackoffPolicy&& policy,
            const open_options& options)
      : policy_base(std::move(policy)),
        path_(std::move(path)),
        options_(with_what_they_imply(options)) {}

  // A moved-from path is unspecified; a moved-from lock has none.
  lock_core(lock_core&& other) noexcept(
      std::is_nothrow_move_constructible_v<policy_base>)
      : policy_base(std::move(static_cast<policy_base&>(other))),
        path_(std::exchange(other.path_, std::filesystem::path())),
        options_(other.options_),
        file_(std::move(other.file_)) {}

  lock_core& operator=(lock_core&& other) noexcept(
      std::is_nothrow_move_assignable_v<policy_base>) {
    if (this == &other) return *this;
    close();
    path_.clear();
    policy_base::operator=(std::move(static_cast<policy_base&>(other)));
    path_.swap(other.path_);
    options_ = other.options_;
    file_ = std::move(other.file_);
    return *this;
  }

  ~lock_core() { close(); }

  file_handle<Platform>& file() noexcept { return file_; }
  const file_handle<Platform>& file() const noexcept { return file_; }
  const std::filesystem::path& path() const noexcept { return path_; }
  const open_options& options() const noexcept { return options_; }
  const BackoffPolicy* policy() const noexcept { return this->get(); }

  bool adopt(const native_type& handle, lock_mode held, std::error_code& ec) {
    return file_.adopt(handle, {held, options_.range}, ec);
  }

  FILELOCK_ALWAYS_INLINE bool open(std::error_code& ec) noexcept {
    return file_.is_open() || open_anew(ec);
  }

  /// Effects: acquires the lock in `mode` by `deadline`, or leaves everything
  /// as it was. \throws What the policy throws.
  template <class Deadline>
  wait_outcome acquire(lock_mode mode, const Deadline& deadline, canceller stop,
                       std::error_code& ec) {
    wait_outcome outcome;
    do
      outcome = acquire_once(mode, deadline, stop, ec);
    // Again where the policy has forked, and this is the child.
    while (outcome == wait_outcome::acquired && file_.mode() != mode);
    return outcome;
  }

  /// Effects: asks for the lock in `mode`, whatever is held: in another mode it
  /// is converted where the Platform does that atomically, and stays as it is
  /// where that is refused.
  template <class Deadline>
  FILELOCK_ALWAYS_INLINE wait_outcome acquire_over_any(lock_mode mode,
                                                       const Deadline& deadline,
                                                       canceller stop,
                                                       std::error_code& ec) {
    attempts_on_file<lock_core> file(*this, mode, ec);
    if (!open(ec)) return wait_outcome::failed; // before the policy is touched
    const attempt_result first = file.attempt();
    const wait_outcome outcome = first == attempt_result::acquired
                                     ? wait_outcome::acquired
                                     : wait_after(first, file, deadline, stop);
    if (outcome == wait_outcome::acquired) file.keep();
    return outcome;
  }

  /// Preconditions: the lock is held.
  FILELOCK_ALWAYS_INLINE void unlock(std::error_code& ec) noexcept {
    if (options_.remove_on_release)
      remove_and_unlock(file_, path_, options_, ec);
    else
      file_.unlock(ec);
  }

  void close() noexcept {
    std::error_code ignored;
    if (file_.mode() != lock_mode::unlocked) unlock(ignored);
    file_.close();
  }

  bool still_valid() const noexcept {
    return file_.mode() != lock_mode::unlocked && file_.is_named_by(path_);
  }

  std::optional<process_id> holder(lock_mode mode) const noexcept {
    if constexpr (has_holder_v<Platform>)
      if (file_.is_open())
        return Platform::holder(file_.native(),
                                lock_request{mode, options_.range});
    (void)mode;
    return std::nullopt;
  }

  /// The rest of an acquire whose first attempt has not taken the lock. Apart,
  /// so that one that need not wait costs little more than its system calls.
  template <class Deadline>
  wait_outcome wait_after(attempt_result first,
                          attempts_on_file<lock_core>& file,
                          const Deadline& deadline, canceller stop) {
    const waiting how = way_to_wait<Platform, BackoffPolicy>(
        Deadline::is_bounded, stop.can_be_requested());
    acquisition<BackoffPolicy> wait(*policy(), how, Deadline::longest_slice,
                                    &file);
    return drive<Platform>(wait, first, file, deadline, how, stop);
  }

private:
  bool open_anew(std::error_code& ec) noexcept {
    if (!this->get()) ec = std::make_error_code(std::errc::invalid_argument);
    return !ec && can_be_opened<Platform>(path_, options_, ec) &&
           file_.open(path_, options_, ec);
  }

  template <class Deadline>
  FILELOCK_ALWAYS_INLINE wait_outcome acquire_once(lock_mode mode,
                                                   const Deadline& deadline,
                                                   canceller stop,
                                                   std::error_code& ec) {
    if (file_.mode() == mode) return wait_outcome::acquired;
    if (file_.mode() != lock_mode::unlocked) {
      ec = std::make_error_code(std::errc::resource_deadlock_would_occur);
      return wait_outcome::failed;
    }
    return acquire_over_any(mode, deadline, stop, ec);
  }

  std::filesystem::path path_;
  open_options options_;
  file_handle<Platform> file_;
};

} // namespace filelock::detail

#endif
