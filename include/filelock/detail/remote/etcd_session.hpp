// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// What a handle of etcd_traits is: a lease, and a key in the queue of a name.

#ifndef FILELOCK_DETAIL_REMOTE_ETCD_SESSION_HPP
#define FILELOCK_DETAIL_REMOTE_ETCD_SESSION_HPP

#include <filelock/canceller.hpp>
#include <filelock/detail/remote/etcd_client.hpp>
#include <filelock/detail/remote/etcd_error.hpp>
#include <filelock/detail/remote/etcd_requests.hpp>
#include <filelock/detail/remote/etcd_watch.hpp>
#include <filelock/detail/remote/json.hpp>
#include <filelock/detail/remote/leased_client.hpp>
#include <filelock/detail/remote/wait_limit.hpp>
#include <filelock/lock_request.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace filelock {
inline namespace v1 {
namespace detail {

/// Its calls are for one thread at a time. They may throw std::bad_alloc.
class etcd_session {
public:
  etcd_session(std::shared_ptr<etcd_cluster> cluster, std::string_view name)
      : client_(std::move(cluster)), keys_(name) {}

  /// Gets a lease. \returns Whether it has one; if not, and `ec` is clear, the
  /// limit came first.
  bool begin(std::chrono::seconds length, wait_limit& limit,
             std::error_code& ec) {
    return client_.begin(length, limit, ec);
  }

  bool is_of_this_process() const noexcept {
    return client_.is_of_this_process();
  }
  bool holds() const noexcept {
    return !key_.empty() && client_.lease().is_alive();
  }
  canceller loss() const noexcept { return client_.lease().loss(); }
  std::uint64_t token() const noexcept {
    return static_cast<std::uint64_t>(revision_);
  }
  const etcd_keys& keys() const noexcept { return keys_; }

  /// \returns The number of its lease. Preconditions: begin() returned true.
  std::int64_t lease() const noexcept { return client_.lease().id(); }

  bool is_alive() const noexcept { return client_.lease().is_alive(); }

  /// \returns Whether the lock was taken: false with `ec` clear if another
  /// contender is there, or at the limit.
  bool try_lock(lock_mode mode, wait_limit& limit, std::error_code& ec) {
    if (!client_.renew(limit, ec)) return false;
    const auto is_free = [](const etcd_range& each) {
      return etcd_json::was_made(each, 0);
    };
    return put(mode, joined(keys_.conflicting(mode), is_free), limit, ec) &&
           hold(ec);
  }

  /// Waits for the lock. \returns Whether it was taken: false with `ec` clear
  /// at the limit.
  bool lock_until(lock_mode mode, wait_limit& limit, std::error_code& ec) {
    if (!client_.renew(limit, ec) || !put(mode, "", limit, ec)) return false;
    while (client_.lease().is_alive()) {
      const std::optional<etcd_blocker> blocker = find_blocker(mode, limit, ec);
      if (blocker && blocker->key.empty()) return hold(ec);
      if (ec || limit.is_over()) {
        std::error_code ignored;
        remove(longest_leave, ignored);
        return false;
      }
      if (blocker &&
          watch_removal(client_.client(), *blocker,
                        client_.lease().length() / 2,
                        limit) == watch_result::removed &&
          blocker->is_the_only_one)
        return hold(ec);
    }
    return hold(ec);
  }

  /// Releases the lock.
  void unlock(std::error_code& ec) {
    if (key_.empty())
      ec = std::make_error_code(std::errc::operation_not_permitted);
    else if (client_.is_alive(ec))
      remove(client_.request_timeout(), ec);
    key_.clear();
  }

  /// \returns The words of an owner that excludes `mode`. Empty if there is
  /// none, or no answer.
  std::string holder_name(lock_mode mode) {
    wait_limit limit = client_.within(client_.request_timeout());
    json_value answer;
    std::error_code ignored;
    const etcd_result result = client_.client().call(
        "/v3/kv/range", etcd_json::first(keys_.all()), limit, answer, ignored);
    return result == etcd_result::answered
               ? keys_.owner_but(key_, mode, answer["kvs"].elements())
               : std::string();
  }

private:
  // How long a wait that is over takes at most to leave the queue. What is left
  // then is done in the background.
  static constexpr std::chrono::milliseconds longest_leave{25};

  /// \returns The requests about each of the ranges.
  template <class Request>
  static std::string joined(const std::vector<etcd_range>& ranges,
                            Request request) {
    std::string result;
    for (const etcd_range& each : ranges)
      (result += result.empty() ? "" : ",") += request(each);
    return result;
  }

  /// Puts a new key of this contender, if `condition` is so.
  /// \returns Whether it is there: false with `ec` clear if it is not so, or at
  /// the limit. Then it is not known whether it is there, so the lease ends.
  bool put(lock_mode mode, std::string condition, wait_limit& limit,
           std::error_code& ec) {
    std::string key = keys_.own(mode, client_.lease().id(), ++serial_);
    // If the answer is lost, the request is sent again.
    if (condition.empty()) condition = etcd_json::was_made({key, {}}, 0);
    json_value answer;
    const etcd_result result = client_.client().call(
        "/v3/kv/txn",
        etcd_json::transaction(
            condition,
            etcd_json::put(key, etcd_owner_words(), client_.lease().id()),
            etcd_json::get(key)),
        limit, answer, ec);
    if (result != etcd_result::answered) {
      if (!is_without_effect(ec)) client_.abandon();
      return false;
    }
    if (answer["succeeded"].is_true()) {
      revision_ = answer["header"]["revision"].integer();
    } else {
      const auto& kvs = answer["responses"].front()["response_range"]["kvs"];
      if (kvs.elements().empty()) return false;
      revision_ = kvs.front()["create_revision"].integer();
    }
    key_ = std::move(key);
    if (revision_ > 0) return true;
    ec = client_.errors().code(etcd_errc::bad_answer);
    give_up();
    return false;
  }

  /// \returns Whether the lease is there, now that the lock is granted.
  bool hold(std::error_code& ec) noexcept {
    if (!client_.is_alive(ec)) give_up();
    return !ec;
  }

  /// \returns Nothing if the caller must ask again, or if `ec` is set.
  std::optional<etcd_blocker> find_blocker(lock_mode mode, wait_limit& limit,
                                           std::error_code& ec) {
    json_value answer;
    std::error_code error;
    const etcd_result result = client_.client().call(
        "/v3/kv/txn",
        etcd_json::transaction(etcd_json::was_made({key_, {}}, revision_),
                               joined(keys_.conflicting(mode),
                                      [this](const etcd_range& each) {
                                        return etcd_json::last_before(
                                            each, revision_);
                                      }),
                               ""),
        limit, answer, error);
    if (result == etcd_result::answered)
      return etcd_blocker::read(answer, client_.errors(), ec);
    // The place in the queue stays for as long as the lease does. So a server
    // that fails is no error, if it may come back.
    if (is_without_effect(error))
      ec = error;
    else if (result == etcd_result::failed)
      limit.pause(std::chrono::milliseconds(50));
    return std::nullopt;
  }

  /// \returns Whether the server has refused the request.
  bool is_without_effect(const std::error_code& error) const noexcept {
    for (const etcd_errc each : {etcd_errc::refused, etcd_errc::no_permission,
                                 etcd_errc::too_large, etcd_errc::no_space})
      if (client_.errors().is(error, each)) return true;
    return false;
  }

  /// Removes the key. If that is not known to be done, ends the lease.
  void remove(std::chrono::nanoseconds longest, std::error_code& ec) {
    const std::string key = std::exchange(key_, std::string());
    // A put that was sent twice may yet put the key again: not without a lease.
    if (client_.client().was_sent_twice()) {
      if (!client_.revoke(longest))
        ec = client_.errors().code(etcd_errc::no_answer);
      return;
    }
    wait_limit limit = client_.within(longest);
    json_value answer;
    const etcd_result result = client_.client().call(
        "/v3/kv/deleterange", '{' + etcd_json::of_range({key, {}}) + '}', limit,
        answer, ec);
    const bool is_answered = result == etcd_result::answered;
    if (is_answered && answer["deleted"].integer() == 1) return;
    // If it was asked twice, the first request may have done it.
    if (is_answered && !client_.client().was_sent_twice())
      ec = client_.errors().code(etcd_errc::lease_ended);
    if (result == etcd_result::ended)
      ec = client_.errors().code(etcd_errc::no_answer);
    client_.abandon();
  }

  void give_up() noexcept {
    key_.clear();
    client_.abandon();
  }

  leased_client client_;
  etcd_keys keys_;
  std::uint64_t serial_ = 0;
  std::string key_; // in the queue, or of the hold
  std::int64_t revision_ = 0;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
