// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// What a basic_file_lock does, below its public interface: one acquire, for
/// all forms of it.

#ifndef FILELOCK_DETAIL_LOCK_CORE_HPP
#define FILELOCK_DETAIL_LOCK_CORE_HPP

#include <filelock/backoff/wait_result.hpp>
#include <filelock/backoff/wait_state.hpp>
#include <filelock/canceller.hpp>
#include <filelock/detail/acquisition.hpp>
#include <filelock/detail/blocking_driver.hpp>
#include <filelock/detail/config.hpp>
#include <filelock/detail/file_handle.hpp>
#include <filelock/detail/file_removal.hpp>
#include <filelock/detail/interrupted.hpp>
#include <filelock/detail/platform_traits.hpp>
#include <filelock/detail/policy_holder.hpp>
#include <filelock/detail/supported_options.hpp>
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

  bool adopt(const native_type& handle, lock_mode held, std::error_code& ec) {
    return file_.adopt(handle, {held, options_.range}, ec);
  }

  bool open(std::error_code& ec) noexcept {
    if (file_.is_open()) return true;
    if (!this->get()) ec = std::make_error_code(std::errc::invalid_argument);
    return !ec && can_be_opened<Platform>(path_, options_, ec) &&
           file_.open(path_, options_, ec);
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

private:
  /// One acquire. Unless it is kept, its end restores what was before.
  class attempts_on_file final : public wait_subject {
  public:
    attempts_on_file(lock_core& core, lock_mode mode, std::error_code& ec)
        : core_(core), ec_(ec), mode_(mode), was_open_(core.file_.is_open()) {}

    attempts_on_file(const attempts_on_file&) = delete;
    attempts_on_file& operator=(const attempts_on_file&) = delete;

    ~attempts_on_file() {
      if (is_kept_) return;
      std::error_code ignored;
      if (take_grant()) core_.unlock(ignored);
      if (!was_open_) core_.file_.close();
    }

    void keep() {
      is_kept_ = true;
      core_.file_.set_mode(mode_);
      tell_acquired<Platform>(handle());
      tell_acquired(core_.path_);
    }

    native_type handle() const noexcept { return core_.file_.native(); }

    FILELOCK_ALWAYS_INLINE attempt_result attempt() {
      if (!is_ready()) return attempt_result::failed;
      const attempt_result result = attempt_on_open_file();
      return result == attempt_result::replaced ? attempt_on_next_files()
                                                : result;
    }

    attempt_result block() {
      if (!is_ready()) return attempt_result::failed;
      compares_ = true;
      if constexpr (has_lock_v<Platform>) {
        Platform::lock(handle(), request(), ec_);
        is_granted_ = !ec_;
      }
      return is_granted_ ? verify() : busy_or_failed();
    }

    template <class TimePoint>
    attempt_result block(const TimePoint& end, canceller& stop) {
      if (!is_ready()) return attempt_result::failed;
      compares_ = true;
      if constexpr (has_lock_until_v<Platform>)
        is_granted_ = Platform::lock_until(handle(), request(), end, stop, ec_);
      return is_granted_ ? verify() : busy_or_failed();
    }

    const std::filesystem::path& path() const override { return core_.path_; }
    std::optional<process_id> holder() const override {
      return core_.holder(mode_);
    }

  private:
    FILELOCK_ALWAYS_INLINE attempt_result attempt_on_open_file() {
      do
        is_granted_ = Platform::try_lock(handle(), request(), ec_);
      while (!is_granted_ && was_interrupted(ec_));
      if (is_granted_) return verify();
      compares_ = true; // whatever comes next comes after a wait
      return ec_ ? attempt_result::failed : attempt_result::busy;
    }

    // A wait that a signal has ended goes on, if there is time left.
    attempt_result busy_or_failed() noexcept {
      return ec_ && !was_interrupted(ec_) ? attempt_result::failed
                                          : attempt_result::busy;
    }

    // Each file that was replaced under us is another contender's doing; a
    // bound keeps one try from becoming a wait.
    attempt_result attempt_on_next_files() {
      constexpr int most_files = 16;
      for (int files = 1; files != most_files; ++files) {
        const attempt_result result = attempt_on_open_file();
        if (result != attempt_result::replaced) return result;
      }
      if (core_.options_.remove_on_release)
        remove_if_free(core_.file_, core_.path_, core_.options_, ec_);
      return attempt_result::busy;
    }

    /// Effects: opens the file anew where the policy has forked, and this is
    /// the child.
    bool is_ready() noexcept {
      return core_.file_.is_open() || core_.open(ec_);
    }

    /// \returns replaced where the path names another file by now; that file
    /// is open then, and the grant on the old one is gone.
    FILELOCK_ALWAYS_INLINE attempt_result verify() {
      return path_names_file() ? attempt_result::acquired : replace();
    }

    attempt_result replace() {
      file_handle<Platform> named;
      if (!named.open(core_.path_, core_.options_, ec_))
        return attempt_result::failed;
      take_grant();
      core_.file_ = std::move(named); // closes, and so releases
      return attempt_result::replaced;
    }

    bool path_names_file() const {
      if (!core_.options_.verify_path || core_.path_.empty()) return true;
      if constexpr (has_names_v<Platform> && has_is_linked_v<Platform>)
        if (!compares_ && Platform::is_linked(handle())) return true;
      return core_.file_.is_named_by(core_.path_);
    }

    lock_request request() const noexcept {
      return {mode_, core_.options_.range};
    }

    /// Effects: makes the grant a hold of the file, to be released as such.
    /// In a child that finished() has forked there is none.
    bool take_grant() noexcept {
      if (!is_granted_ || !core_.file_.is_open()) return false;
      is_granted_ = false;
      core_.file_.set_mode(mode_);
      return true;
    }

    lock_core& core_;
    std::error_code& ec_;
    lock_mode mode_;
    bool was_open_;
    bool compares_ = core_.options_.remove_on_release; // without a hint before
    bool is_granted_ = false;
    bool is_kept_ = false;
  };

  template <class Deadline>
  wait_outcome acquire_once(lock_mode mode, const Deadline& deadline,
                            canceller stop, std::error_code& ec) {
    if (file_.mode() == mode) return wait_outcome::acquired;
    if (file_.mode() != lock_mode::unlocked) {
      ec = std::make_error_code(std::errc::resource_deadlock_would_occur);
      return wait_outcome::failed;
    }
    attempts_on_file file(*this, mode, ec);
    if (!open(ec)) return wait_outcome::failed; // before the policy is touched
    const attempt_result first = file.attempt();
    const wait_outcome outcome = first == attempt_result::acquired
                                     ? wait_outcome::acquired
                                     : wait_after(first, file, deadline, stop);
    if (outcome == wait_outcome::acquired) file.keep();
    return outcome;
  }

  /// The rest of an acquire whose first attempt has not taken the lock. Apart,
  /// so that one that need not wait costs little more than its system calls.
  template <class Deadline>
  wait_outcome wait_after(attempt_result first, attempts_on_file& file,
                          const Deadline& deadline, canceller stop) {
    const waiting how = way_to_wait<Platform, BackoffPolicy>(
        Deadline::is_bounded, stop.can_be_requested());
    acquisition<BackoffPolicy> wait(*this->get(), how, Deadline::longest_slice,
                                    &file);
    return drive<Platform>(wait, first, file, deadline, how, stop);
  }

  std::filesystem::path path_;
  open_options options_;
  file_handle<Platform> file_;
};

} // namespace filelock::detail

#endif
