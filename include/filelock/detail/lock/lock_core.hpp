// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The implementation of basic_file_lock below its public interface: one
/// acquire for all its forms.

#ifndef FILELOCK_DETAIL_LOCK_LOCK_CORE_HPP
#define FILELOCK_DETAIL_LOCK_LOCK_CORE_HPP

#include <filelock/backoff/wait_result.hpp>
#include <filelock/backoff/wait_state.hpp>
#include <filelock/canceller.hpp>
#include <filelock/detail/config.hpp>
#include <filelock/detail/lock/attempts_on_file.hpp>
#include <filelock/detail/lock/failure.hpp>
#include <filelock/detail/lock/file_handle.hpp>
#include <filelock/detail/lock/file_removal.hpp>
#include <filelock/detail/lock/policy_holder.hpp>
#include <filelock/detail/lock/session.hpp>
#include <filelock/detail/lock/supported_options.hpp>
#include <filelock/detail/platform/platform_traits.hpp>
#include <filelock/detail/wait/acquisition.hpp>
#include <filelock/detail/wait/blocking_driver.hpp>
#include <filelock/detail/wait/deadline.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/open_options.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

namespace filelock {
inline namespace v1 {
namespace detail {

/// Lets asynchronous operations use the parts of a lock.
class asynchronous_access;

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

  // A moved-from path is unspecified, but a moved-from lock must have none.
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
  const BackoffPolicy* backoff_policy() const noexcept { return this->get(); }

  bool adopt(const native_type& handle, lock_mode held, failure& failed) {
    failed.in(refused_call::adopt);
    return file_.adopt(handle, {held, options_.range}, failed.code());
  }

  /// Opens the file. Preconditions: it is not open.
  FILELOCK_NOINLINE bool open_file(failure& failed) noexcept {
    return open_as(file_, session<Platform>(), failed);
  }

  /// Opens the file in `handle`, which is not open.
  /// \returns Whether it is open now. Otherwise `failed` is set, or the wait of
  /// `connecting` has ended.
  bool open_as(file_handle<Platform>& handle,
               const session<Platform>& connecting, failure& failed) noexcept {
    if (!this->get())
      failed.set(std::errc::invalid_argument,
                 "filelock: the lock has lost its policy: a move threw");
    if (failed || !can_be_opened<Platform>(path_, options_, failed))
      return false;
    failed.in(refused_call::open);
    return connecting.open(handle, path_, options_, failed.code());
  }

  /// Acquires the lock, or leaves everything as it was. A hold in another mode
  /// is converted, if the Platform does that atomically.
  /// \throws What the policy throws.
  template <class Deadline>
  FILELOCK_ALWAYS_INLINE wait_outcome acquire(lock_mode mode,
                                              const Deadline& deadline,
                                              canceller stop, failure& failed) {
    attempts_on_file<lock_core> file(*this, mode, failed);
    wait_outcome outcome = wait_outcome::acquired;
    if constexpr (has_open_until_v<Platform>) {
      outcome = connect_and_wait(file, deadline, stop);
    } else {
      const attempt_result first = file.attempt();
      if (first != attempt_result::acquired)
        outcome = wait_after(first, file, deadline, stop);
    }
    if (outcome == wait_outcome::acquired) file.keep();
    return outcome;
  }

  /// Continues an acquire after its first attempt. In a function of its own, so
  /// that an acquire that need not wait costs little more than its system
  /// calls.
  template <class Deadline>
  FILELOCK_NOINLINE wait_outcome wait_after(attempt_result first,
                                            attempts_on_file<lock_core>& file,
                                            const Deadline& deadline,
                                            canceller stop) {
    if (first == attempt_result::failed) return wait_outcome::failed;
    const waiting how = way_to_wait<Platform, BackoffPolicy>(
        Deadline::is_bounded, stop.can_be_requested());
    acquisition<BackoffPolicy> wait(*backoff_policy(), how,
                                    Deadline::longest_slice, &file);
    const wait_outcome outcome =
        drive<Platform>(wait, first, file, deadline, how, stop);
    return outcome == wait_outcome::timed_out ? file.timed_out() : outcome;
  }

  /// Releases the lock. Preconditions: it is held.
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
    return file_.mode() != lock_mode::unlocked && file_.is_still_held() &&
           (path_.empty() || file_.is_named_by(path_));
  }

  /// \returns Whether the last exclusive owner before this hold died with it.
  bool previous_owner_died() const noexcept {
    static_assert(
        has_previous_owner_died_v<Platform>,
        "this Platform cannot tell that an owner died: use marked<P>");
    return file_.mode() != lock_mode::unlocked && file_.previous_owner_died();
  }

  /// \returns The process that holds a conflicting lock, where the system can
  /// tell.
  std::optional<process_id> holder(lock_mode mode) const noexcept {
    return file_.is_open() ? holder_of(file_, mode) : holder_by_path(mode);
  }

  /// \returns The same, asked through a separate handle: it also sees the hold
  /// of this object. Any thread may call it.
  std::optional<process_id> holder_by_path(lock_mode mode) const noexcept {
    std::optional<process_id> result;
    with_own_handle([&](const file_handle<Platform>& file) {
      result = holder_of(file, mode);
    });
    return result;
  }

  /// \returns Whether another process can be seen to wait for the lock. Asked
  /// through a separate handle, so any thread may call it.
  bool is_awaited() const noexcept {
    bool result = false;
    if constexpr (has_is_awaited_v<Platform>)
      with_own_handle([&result](const file_handle<Platform>& file) {
        result = Platform::is_awaited(file.native());
      });
    return result;
  }

  /// \returns The same, asked by the thread that uses the file.
  bool is_awaited_by_others() const noexcept {
    if constexpr (has_is_awaited_v<Platform>)
      return Platform::is_awaited(file_.native());
    return true; // for all that is known
  }

  /// \returns The number of the hold. 0 where the lock is not held.
  std::uint64_t token_of_hold() const noexcept {
    static_assert(has_token_v<Platform>,
                  "this Platform does not number its holds: use counted<P>");
    if constexpr (has_token_v<Platform>)
      if (file_.mode() != lock_mode::unlocked)
        return Platform::token(file_.native());
    return 0;
  }

  /// \returns What is requested when the hold is lost.
  canceller loss_of_hold() const noexcept {
    static_assert(has_loss_v<Platform>,
                  "a hold of this Platform is not lost: there is no loss()");
    if constexpr (has_loss_v<Platform>)
      if (file_.is_open()) return Platform::loss(file_.native());
    return canceller();
  }

  /// \returns A name of the owner that holds a conflicting lock.
  std::string name_of_holder(lock_mode mode) const {
    static_assert(has_holder_name_v<Platform>,
                  "this Platform has no names of holders: use holder()");
    std::string result;
    const auto ask = [&](const file_handle<Platform>& file) {
      if constexpr (has_holder_name_v<Platform>)
        result = Platform::holder_name(file.native(),
                                       lock_request{mode, options_.range});
    };
    if (file_.is_open())
      ask(file_);
    else
      with_own_handle(ask);
    return result;
  }

private:
  /// The first attempt, and the rest of the acquire. What it takes to connect
  /// is a part of the wait.
  template <class Deadline>
  FILELOCK_NOINLINE wait_outcome
  connect_and_wait(attempts_on_file<lock_core>& file, const Deadline& deadline,
                   canceller& stop) {
    const auto start = clock_t<Platform>::now();
    file.connect_until(deadline, start, stop);
    const attempt_result first = file.attempt();
    if (first == attempt_result::acquired) return wait_outcome::acquired;
    const std::chrono::nanoseconds elapsed = time_between(
        start.time_since_epoch(), clock_t<Platform>::now().time_since_epoch());
    return wait_after(first, file, rest_of(deadline, elapsed), stop);
  }

  /// Calls `use(file)` if the file exists and can be opened.
  template <class Use>
  void with_own_handle(Use use) const noexcept {
    // Closing that handle would release what this process holds.
    if constexpr (Platform::ownership != lock_ownership::process) {
      open_options options = options_;
      if (!locks_names_v<Platform>) options.create = false;
      file_handle<Platform> file;
      std::error_code ignored;
      if (!path_.empty() && file.open(path_, options, ignored)) use(file);
    }
  }

  std::optional<process_id> holder_of(const file_handle<Platform>& file,
                                      lock_mode mode) const noexcept {
    if constexpr (has_holder_v<Platform>)
      return Platform::holder(file.native(),
                              lock_request{mode, options_.range});
    (void)file;
    (void)mode;
    return std::nullopt;
  }

  std::filesystem::path path_;
  open_options options_;
  file_handle<Platform> file_;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
