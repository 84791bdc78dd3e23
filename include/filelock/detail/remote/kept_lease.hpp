// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// One request after another on one lease, as the keeper's thread makes them.

#ifndef FILELOCK_DETAIL_REMOTE_KEPT_LEASE_HPP
#define FILELOCK_DETAIL_REMOTE_KEPT_LEASE_HPP

#include <filelock/detail/lesser.hpp>
#include <filelock/detail/remote/etcd_client.hpp>
#include <filelock/detail/remote/etcd_lease.hpp>
#include <filelock/detail/remote/http_exchange.hpp>
#include <filelock/detail/remote/json.hpp>
#include <filelock/detail/remote/lease_clock.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace filelock {
inline namespace v1 {
namespace detail {

/// A lease that is renewed, or revoked, without a call that blocks.
class kept_lease {
public:
  using time_point = lease_clock::time_point;

  kept_lease(std::shared_ptr<etcd_lease> lease, bool is_to_be_revoked)
      : lease_(std::move(lease)),
        revokes_(is_to_be_revoked),
        give_up_(lease_clock::now() + lease_->length()),
        next_(is_to_be_revoked ? time_point() : after_renewal()),
        server_(lease_->cluster().last_good.load()) {}

  bool revokes() const noexcept { return revokes_; }

  /// \returns What to poll. -1 if there is no exchange under way.
  int descriptor() const noexcept {
    return is_asking_ ? exchange_.descriptor() : -1;
  }
  short events() const noexcept { return exchange_.events(); }

  /// \returns When step() has to be called at the latest.
  time_point next() const noexcept {
    const time_point end = revokes_ ? give_up_ : lease_->end();
    return lesser(end, is_asking_ ? attempt_end_ : next_);
  }

  /// Goes on. \param is_ready Whether the descriptor is.
  /// \returns Whether there is more to do.
  bool step(time_point now, bool is_ready) {
    if (revokes_ ? now >= give_up_ : !lease_->is_alive()) {
      lease_->tell_loss();
      return false;
    }
    std::error_code ec;
    if (is_asking_ && is_ready) exchange_.advance(ec);
    if (is_asking_ && !ec && exchange_.is_done()) return answered(now);
    if (is_asking_ && (ec || now >= attempt_end_)) failed(now);
    if (!is_asking_ && now >= next_) ask(now);
    return true;
  }

private:
  time_point after_renewal() const noexcept {
    // A third: so that a second and a third try may fail.
    return lease_->end() - lease_->length() + lease_->length() / 3;
  }

  void ask(time_point now) {
    const etcd_cluster& cluster = lease_->cluster();
    std::error_code ec;
    if (!exchange_.is_open())
      exchange_.connect(cluster.servers[server_].address, ec);
    is_asking_ = true;
    attempt_end_ = now + lesser(cluster.patience(), lease_->length() / 6);
    if (ec) return failed(now);
    sent_ = now;
    exchange_.ask(
        http_request(cluster.servers[server_].name,
                     revokes_ ? std::string_view("/v3/lease/revoke")
                              : std::string_view("/v3/lease/keepalive"),
                     "{\"ID\":\"" + std::to_string(lease_->id()) + "\"}"));
  }

  /// The next server is asked, at once until each was asked.
  void failed(time_point now) noexcept {
    const std::size_t count = lease_->cluster().servers.size();
    exchange_.close();
    is_asking_ = false;
    server_ = (server_ + 1) % count;
    ++failures_;
    next_ = now;
    if (failures_ % count == 0)
      next_ += lesser<std::chrono::nanoseconds>(std::chrono::milliseconds(200),
                                                lease_->length() / 10);
  }

  bool answered(time_point now) {
    const unsigned status = exchange_.status();
    const std::string body = exchange_.take_body();
    is_asking_ = false;
    json_value answer;
    if (!json_value::parse(body, answer)) {
      failed(now);
      return true;
    }
    const etcd_error_category& errors = *lease_->cluster().errors;
    const std::error_code error = etcd_answer_error(errors, status, answer);
    const bool is_gone = errors.is(error, etcd_errc::lease_ended);
    if (error && !is_gone) {
      failed(now);
      return true;
    }
    // A lease that has ended is renewed for no seconds.
    const std::int64_t seconds = answer["result"]["TTL"].integer();
    if (revokes_ || is_gone || seconds <= 0) {
      lease_->tell_loss();
      return false;
    }
    failures_ = 0;
    lease_->cluster().last_good = server_;
    lease_->renewed(sent_, seconds);
    next_ = after_renewal();
    return true;
  }

  std::shared_ptr<etcd_lease> lease_;
  bool revokes_;
  time_point give_up_;
  time_point next_;
  std::size_t server_;
  http_exchange exchange_;
  time_point sent_{};
  time_point attempt_end_{};
  std::size_t failures_ = 0;
  bool is_asking_ = false;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
