// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Renews all leases of the process, by one thread.

#ifndef FILELOCK_DETAIL_REMOTE_LEASE_KEEPER_HPP
#define FILELOCK_DETAIL_REMOTE_LEASE_KEEPER_HPP

#include <filelock/detail/config.hpp>
#include <filelock/detail/integer_cast.hpp>
#include <filelock/detail/lesser.hpp>
#include <filelock/detail/no_throw.hpp>
#include <filelock/detail/posix/blocked_signals.hpp>
#include <filelock/detail/posix/fork_entry.hpp>
#include <filelock/detail/remote/etcd_lease.hpp>
#include <filelock/detail/remote/kept_lease.hpp>
#include <filelock/detail/remote/lease_clock.hpp>
#include <filelock/detail/remote/wait_for_descriptor.hpp>

#include <poll.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <new>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace filelock {
inline namespace v1 {
namespace detail {

/// Its thread runs while there are leases.
class lease_keeper {
public:
  /// \returns The keeper of this module in this process. A forked child has its
  /// own: it has neither the thread of its parent, nor a use for its leases.
  /// Null where `ec` is set.
  static lease_keeper* get(std::error_code& ec) noexcept;

  /// Renews `lease` from now on, until it has ended.
  void keep(const std::shared_ptr<etcd_lease>& lease,
            std::error_code& ec) noexcept {
    add(lease, false, ec);
  }

  /// Renews it no longer. After the last lease the thread ends.
  void forget(const std::shared_ptr<etcd_lease>& lease) noexcept {
    lease->close();
    std::unique_lock<std::mutex> guard(mutex_);
    --users_;
    wake_up_.wake();
    if (users_ != 0 || revoking_ != 0) return;
    changed_.wait(guard, [this] { return !is_running_ || users_ != 0; });
    join(guard);
  }

  /// Revokes it in the background, until the answer comes, or until it has
  /// ended by itself.
  void revoke(const std::shared_ptr<etcd_lease>& lease) noexcept {
    lease->end_now();
    std::error_code ignored; // then it ends by itself
    add(lease, true, ignored);
  }

  /// Ends the thread. What it has not revoked ends by itself.
  void stop() noexcept {
    std::unique_lock<std::mutex> guard(mutex_);
    is_stopping_ = true;
    wake_up_.wake();
    changed_.wait(guard, [this] { return !is_running_; });
    join(guard);
    is_stopping_ = false;
  }

  bool is_of_this_process() const noexcept { return origin_.is_this_process(); }

private:
  using list = std::list<kept_lease>;

  explicit lease_keeper(const process_origin& origin) noexcept
      : origin_(origin) {}

  void add(const std::shared_ptr<etcd_lease>& lease, bool is_to_be_revoked,
           std::error_code& ec) noexcept {
    std::unique_lock<std::mutex> guard(mutex_);
    if (wake_up_.get() < 0) wake_up_.open(ec);
    list added;
    if (!ec)
      without_exceptions(ec,
                         [&] { added.emplace_back(lease, is_to_be_revoked); });
    if (!ec && !is_running_) {
      join(guard);
      without_exceptions(ec, [this] {
        const blocked_signals none_here;
        thread_ = std::thread([this] { run(); });
      });
      is_running_ = !ec;
    }
    if (ec) return;
    ++(is_to_be_revoked ? revoking_ : users_);
    added_.splice(added_.end(), added);
    wake_up_.wake();
  }

  // The thread has ended, or is about to.
  void join(std::unique_lock<std::mutex>& guard) noexcept {
    if (is_running_ || !thread_.joinable()) return;
    std::thread ended = std::move(thread_);
    guard.unlock();
    ended.join();
    guard.lock();
  }

  void run() noexcept {
    list mine;
    while (takes_more(mine)) {
      std::error_code ec;
      without_exceptions(ec, [&] { turn(mine); });
      // Without memory: the leases may end, but nobody spins.
      if (ec) ::poll(nullptr, 0, 100);
    }
  }

  bool takes_more(list& mine) noexcept {
    const std::lock_guard<std::mutex> guard(mutex_);
    mine.splice(mine.end(), added_);
    if (is_stopping_) mine.clear();
    if (!mine.empty()) return true;
    if (is_stopping_) revoking_ = 0;
    is_running_ = false;
    changed_.notify_all();
    return false;
  }

  void turn(list& mine) {
    std::vector<::pollfd> watched;
    watched.push_back({wake_up_.get(), POLLIN, 0});
    lease_clock::time_point now = lease_clock::now();
    // After a suspend, poll(2) goes on with what was left of its timeout.
    lease_clock::time_point next = now + std::chrono::seconds(1);
    for (const kept_lease& each : mine) {
      watched.push_back({each.descriptor(), each.events(), 0});
      next = lesser(next, each.next());
    }
    // Rounded up: a wait that ends too early would only be made again.
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(next - now);
    ::poll(watched.data(), integer_cast<::nfds_t>(watched.size()),
           left.count() < 0 ? 0 : static_cast<int>(left.count()));
    if (watched.front().revents != 0) wake_up_.clear();
    now = lease_clock::now();
    std::size_t index = 0;
    for (auto each = mine.begin(); each != mine.end();) {
      ++index;
      if (each->step(now, watched[index].revents != 0)) {
        ++each;
        continue;
      }
      if (each->revokes()) {
        const std::lock_guard<std::mutex> guard(mutex_);
        if (revoking_ != 0) --revoking_;
      }
      each = mine.erase(each);
    }
  }

  process_origin origin_;
  std::mutex mutex_;
  std::condition_variable changed_;
  wake_descriptor wake_up_;
  list added_;
  std::size_t users_ = 0;    // leases that nobody has forgotten
  std::size_t revoking_ = 0; // in the background
  bool is_running_ = false;
  bool is_stopping_ = false;
  std::thread thread_;
};

/// The keeper, which is never destroyed: a lock may outlive all static objects.
FILELOCK_OWN_OF_LIBRARY inline std::atomic<lease_keeper*> keeper_of_library{
    nullptr};

inline lease_keeper* lease_keeper::get(std::error_code& ec) noexcept {
  lease_keeper* found = keeper_of_library.load(std::memory_order_acquire);
  while (!found || !found->is_of_this_process()) {
    const process_origin here = process_origin::here(ec);
    if (ec) return nullptr;
    auto* const made = new (std::nothrow) lease_keeper(here);
    if (!made) {
      ec = std::make_error_code(std::errc::not_enough_memory);
      return nullptr;
    }
    // What a child has of its parent's stays as it is: its mutex may be locked.
    if (keeper_of_library.compare_exchange_strong(found, made)) return made;
    delete made;
  }
  return found;
}

/// Ends the thread before the module that has its code is unloaded.
struct end_of_keeper {
  constexpr end_of_keeper() noexcept = default;
  ~end_of_keeper() {
    lease_keeper* const keeper = keeper_of_library.load();
    if (keeper && keeper->is_of_this_process()) keeper->stop();
  }
  end_of_keeper(const end_of_keeper&) = delete;
  end_of_keeper& operator=(const end_of_keeper&) = delete;
};
FILELOCK_OWN_OF_LIBRARY inline end_of_keeper end_of_keeper_of_library;

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
