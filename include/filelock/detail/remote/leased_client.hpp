// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// A client of etcd with a lease, which the keeper renews.

#ifndef FILELOCK_DETAIL_REMOTE_LEASED_CLIENT_HPP
#define FILELOCK_DETAIL_REMOTE_LEASED_CLIENT_HPP

#include <filelock/detail/no_throw.hpp>
#include <filelock/detail/posix/fork_entry.hpp>
#include <filelock/detail/remote/etcd_client.hpp>
#include <filelock/detail/remote/etcd_error.hpp>
#include <filelock/detail/remote/etcd_lease.hpp>
#include <filelock/detail/remote/json.hpp>
#include <filelock/detail/remote/lease_keeper.hpp>
#include <filelock/detail/remote/wait_limit.hpp>
#include <filelock/detail/saturation.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

namespace filelock {
inline namespace v1 {
namespace detail {

/// Its calls are for one thread at a time. They may throw std::bad_alloc.
class leased_client {
public:
  explicit leased_client(std::shared_ptr<etcd_cluster> cluster)
      : client_(std::move(cluster)) {}
  leased_client(const leased_client&) = delete;
  leased_client& operator=(const leased_client&) = delete;

  /// Revokes the lease, within the time of a request.
  ~leased_client() {
    // A forked child leaves its parent's lease alone.
    if (!keeper_ || !origin_.is_this_process()) return;
    std::error_code ec;
    if (lease_->is_alive())
      without_exceptions(ec, [this] { revoke(request_timeout()); });
    if (ec) keeper_->revoke(lease_);
    keeper_->forget(lease_);
  }

  /// Gets a lease. \returns Whether it has one; if not, and `ec` is clear, the
  /// limit came first.
  bool begin(std::chrono::seconds length, wait_limit& limit,
             std::error_code& ec) {
    origin_ = process_origin::here(ec);
    lease_keeper* const keeper = ec ? nullptr : lease_keeper::get(ec);
    if (ec) return false;
    length_ = length;
    client_.begin_anew();
    json_value answer;
    const std::string body =
        "{\"TTL\":\"" + std::to_string(length.count()) + "\"}";
    if (client_.call("/v3/lease/grant", body, limit, answer, ec) !=
        etcd_result::answered)
      return false;
    const std::int64_t id = answer["ID"].integer();
    const std::int64_t seconds = answer["TTL"].integer();
    if (id <= 0 || seconds <= 0) {
      ec = errors().code(etcd_errc::bad_answer);
      return false;
    }
    lease_ = std::make_shared<etcd_lease>(client_.shared_cluster(), id);
    lease_->renewed(client_.last_sent(), seconds);
    keeper->keep(lease_, ec);
    if (!ec) keeper_ = keeper;
    return !ec;
  }

  /// Gets another lease if the last one has ended. Preconditions: no key
  /// depends on it. \returns As begin().
  bool renew(wait_limit& limit, std::error_code& ec) {
    if (lease_->is_alive()) return true;
    if (keeper_) keeper_->forget(lease_);
    keeper_ = nullptr;
    return begin(length_, limit, ec);
  }

  bool is_of_this_process() const noexcept { return origin_.is_this_process(); }

  const etcd_error_category& errors() const noexcept {
    return client_.errors();
  }
  std::chrono::nanoseconds request_timeout() const noexcept {
    return client_.cluster().request_timeout;
  }
  etcd_client& client() noexcept { return client_; }

  /// Preconditions of all that follow: begin() has returned true.
  etcd_lease& lease() const noexcept { return *lease_; }

  /// \returns Whether the lease has not ended. If it has, `ec` says so.
  bool is_alive(std::error_code& ec) noexcept {
    if (!lease_->is_alive()) ec = errors().code(etcd_errc::lease_ended);
    return !ec;
  }

  /// Ends the lease, and with it the keys. What `longest` is too short for is
  /// done in the background.
  /// \returns Whether the server has answered.
  bool revoke(std::chrono::nanoseconds longest) {
    wait_limit limit = within(longest);
    json_value answer;
    std::error_code ignored;
    const bool is_answered =
        client_.call("/v3/lease/revoke",
                     "{\"ID\":\"" + std::to_string(lease_->id()) + "\"}", limit,
                     answer, ignored) == etcd_result::answered;
    if (is_answered)
      lease_->end_now();
    else
      abandon();
    return is_answered;
  }

  /// Ends the lease, and with it the keys, in the background.
  void abandon() noexcept { keeper_->revoke(lease_); }

  static wait_limit within(std::chrono::nanoseconds length) noexcept {
    return wait_limit(
        saturated_sum(wait_limit::time_point::clock::now(), length));
  }

private:
  etcd_client client_;
  std::chrono::seconds length_{};
  process_origin origin_;
  lease_keeper* keeper_ = nullptr; // of the lease, once there is one
  std::shared_ptr<etcd_lease> lease_;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
