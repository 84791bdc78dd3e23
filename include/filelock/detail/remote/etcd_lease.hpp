// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// A lease, and the time by which it may have ended.

#ifndef FILELOCK_DETAIL_REMOTE_ETCD_LEASE_HPP
#define FILELOCK_DETAIL_REMOTE_ETCD_LEASE_HPP

#include <filelock/canceller.hpp>
#include <filelock/detail/remote/etcd_client.hpp>
#include <filelock/detail/remote/lease_clock.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace filelock {
inline namespace v1 {
namespace detail {

/// May be used by any thread. It never comes back once it has ended.
class etcd_lease {
public:
  etcd_lease(std::shared_ptr<etcd_cluster> cluster, std::int64_t id)
      : cluster_(std::move(cluster)),
        id_(id),
        loss_(std::make_shared<cancel_source>()) {}

  etcd_cluster& cluster() const noexcept { return *cluster_; }
  std::int64_t id() const noexcept { return id_; }

  /// \returns What is requested at the end of the lease.
  canceller loss() const noexcept { return canceller(loss_); }

  /// A request that was sent at `sent` was answered: the lease lasts for
  /// `seconds` from then on, or longer.
  void renewed(lease_clock::time_point sent, std::int64_t seconds) noexcept {
    // etcd's clock may run a little faster than this one: a hundredth is far
    // more than that.
    constexpr std::int64_t longest = 1'000'000'000; // etcd's maximum is 9e9
    const std::chrono::nanoseconds length =
        std::chrono::seconds(seconds < longest ? seconds : longest);
    length_.store((length - length / 100).count());
    end_.store((sent.time_since_epoch() + length - length / 100).count());
  }

  /// \returns How long a renewal lasts.
  std::chrono::nanoseconds length() const noexcept {
    return std::chrono::nanoseconds(length_.load());
  }

  /// \returns When the lease may end, by what is known now.
  lease_clock::time_point end() const noexcept {
    return lease_clock::time_point(std::chrono::nanoseconds(end_.load()));
  }

  /// \returns Whether the lease has not ended, for sure. Once this was false it
  /// stays so: another owner may have the lock. System calls: one, which Linux
  /// answers without entering the kernel.
  bool is_alive() noexcept {
    if (has_ended_.load()) return false;
    if (lease_clock::now() < end()) return true;
    has_ended_ = true;
    return false;
  }

  /// Ends the lease, as far as this process goes.
  void end_now() noexcept { has_ended_ = true; }

  /// Reports the end of the lease, unless its handle is closed.
  void tell_loss() noexcept {
    end_now();
    if (!is_closed_.load()) loss_->request();
  }

  /// Says that the end is no loss from now on.
  void close() noexcept {
    is_closed_ = true;
    end_now();
  }

private:
  std::shared_ptr<etcd_cluster> cluster_;
  std::int64_t id_;
  std::shared_ptr<cancel_source> loss_;
  std::atomic<std::int64_t> length_{0};
  std::atomic<std::int64_t> end_{0};
  std::atomic<bool> has_ended_{false};
  std::atomic<bool> is_closed_{false};
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
