// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Asks a cluster: one request after another, each server in turn.

#ifndef FILELOCK_DETAIL_REMOTE_ETCD_CLIENT_HPP
#define FILELOCK_DETAIL_REMOTE_ETCD_CLIENT_HPP

#include <filelock/detail/lesser.hpp>
#include <filelock/detail/remote/etcd_error.hpp>
#include <filelock/detail/remote/etcd_servers.hpp>
#include <filelock/detail/remote/http_exchange.hpp>
#include <filelock/detail/remote/json.hpp>
#include <filelock/detail/remote/lease_clock.hpp>
#include <filelock/detail/remote/wait_limit.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace filelock {
inline namespace v1 {
namespace detail {

/// A cluster, as the handles and the keeper of the leases know it.
struct etcd_cluster {
  const etcd_error_category* errors = nullptr;
  std::vector<etcd_server> servers;
  std::chrono::nanoseconds request_timeout{};
  std::atomic<std::size_t> last_good{0}; ///< which of the servers answered last

  /// How long one server may take, so that the next one has time as well.
  std::chrono::nanoseconds patience() const noexcept {
    return request_timeout / static_cast<int>(servers.size());
  }
};

/// \returns The error of an answer. No error if there is none.
/// https://grpc.io/docs/guides/status-codes/
inline std::error_code etcd_answer_error(const etcd_error_category& errors,
                                         unsigned status,
                                         const json_value& answer) {
  if (status == 200 && answer["error"].is_null()) return {};
  // A line of a stream has its error one level deeper.
  const json_value& inner =
      answer["error"].is_object() ? answer["error"] : answer;
  const std::string_view message = inner["message"].text();
  const std::int64_t code =
      answer["error"].is_object() && inner["code"].is_null()
          ? inner["grpc_code"].integer()
          : inner["code"].integer();
  switch (code) {
  case 5:
    return errors.code(etcd_errc::lease_ended);
  case 4:
  case 14:
    return errors.code(etcd_errc::unavailable);
  case 7:
  case 16:
    return errors.code(etcd_errc::no_permission);
  case 3:
    return errors.code(message.find("too large") != std::string_view::npos
                           ? etcd_errc::too_large
                           : etcd_errc::refused);
  case 8:
    return errors.code(message.find("space") != std::string_view::npos
                           ? etcd_errc::no_space
                           : etcd_errc::too_large);
  case 0:
    return errors.code(etcd_errc::bad_answer);
  default:
    return errors.code(etcd_errc::refused);
  }
}

/// The result of a request.
enum class etcd_result {
  answered,
  ended, ///< the limit came first: it is not known whether the request did
  failed ///< with an error; if it is no_answer or of a socket: as above
};

/// Its calls are for one thread at a time.
class etcd_client {
public:
  using time_point = wait_limit::time_point;

  explicit etcd_client(std::shared_ptr<etcd_cluster> cluster)
      : cluster_(std::move(cluster)) {}

  etcd_cluster& cluster() const noexcept { return *cluster_; }
  const std::shared_ptr<etcd_cluster>& shared_cluster() const noexcept {
    return cluster_;
  }
  const etcd_error_category& errors() const noexcept {
    return *cluster_->errors;
  }

  /// \returns Whether a request was sent again, as no answer had come: it may
  /// be carried out later, whatever else is asked meanwhile.
  bool was_sent_twice() const noexcept { return was_sent_twice_; }

  /// Says that nothing depends on the requests so far.
  void begin_anew() noexcept { was_sent_twice_ = false; }

  /// \returns The server of the last answer.
  const etcd_server& server() const noexcept {
    return cluster_->servers[index_];
  }

  /// \returns When the request was sent that was answered last, by the lease's
  /// clock.
  lease_clock::time_point last_sent() const noexcept { return sent_; }

  /// Asks each server in turn until one of them answers, for as long as the
  /// cluster's request_timeout at most. `body` must be one that may be carried
  /// out twice.
  etcd_result call(std::string_view path, std::string_view body,
                   wait_limit& limit, json_value& answer, std::error_code& ec) {
    const time_point end = wait_limit::after(cluster_->request_timeout);
    index_ = cluster_->last_good.load();
    bool was_sent = false;
    for (std::size_t failures = 0;;) {
      if (was_sent) was_sent_twice_ = true;
      const bool is_used = connection_.is_open() && connected_ == index_;
      std::error_code error;
      const etcd_result result =
          attempt(path, body, end, limit, was_sent, answer, error);
      if (result == etcd_result::answered) {
        cluster_->last_good = index_;
        return result;
      }
      if (result == etcd_result::ended) return result;
      // The server may have closed a connection that was idle.
      if (is_used && is_of_socket(error)) continue;
      if (!may_serve_elsewhere(error)) {
        ec = error;
        return result;
      }
      index_ = (index_ + 1) % cluster_->servers.size();
      ++failures;
      const bool is_round = failures % cluster_->servers.size() == 0;
      const bool may_change =
          error.value() == static_cast<int>(etcd_errc::unavailable);
      if (time_point::clock::now() >= end || (is_round && !may_change)) {
        ec = error;
        return result;
      }
      // A cluster elects its leader in a second or so.
      if (is_round) limit.pause(std::chrono::milliseconds(50));
      if (is_round && limit.is_over()) return etcd_result::ended;
    }
  }

private:
  bool is_of_socket(const std::error_code& error) const noexcept {
    return error.value() < static_cast<int>(etcd_errc::lease_ended);
  }
  bool may_serve_elsewhere(const std::error_code& error) const noexcept {
    return is_of_socket(error) || errors().is(error, etcd_errc::no_answer) ||
           errors().is(error, etcd_errc::unavailable);
  }

  etcd_result attempt(std::string_view path, std::string_view body,
                      const time_point& last, wait_limit& limit, bool& was_sent,
                      json_value& answer, std::error_code& ec) {
    const time_point end =
        lesser(last, wait_limit::after(cluster_->patience()));
    std::error_code error;
    if (!connection_.is_open() || connected_ != index_)
      connection_.connect(server().address, error);
    connected_ = index_;
    if (!error) {
      connection_.ask(http_request(server().name, path, body));
      sent_ = lease_clock::now();
    }
    while (!error && !connection_.is_done()) {
      if (!limit.wait(connection_.descriptor(), connection_.events(), end)) {
        connection_.close(); // or its answer would be taken for the next one
        if (limit.is_over()) return etcd_result::ended;
        error = errors().code(etcd_errc::no_answer);
        break;
      }
      connection_.advance(error);
      was_sent = was_sent || connection_.is_sent();
    }
    if (!error) return read(answer, ec);
    ec = error == std::errc::protocol_error
             ? errors().code(etcd_errc::bad_answer)
             : errors().code(error);
    return etcd_result::failed;
  }

  etcd_result read(json_value& answer, std::error_code& ec) {
    const unsigned status = connection_.status();
    const std::string body = connection_.take_body();
    if (!json_value::parse(body, answer) || !answer.is_object()) {
      ec = errors().code(etcd_errc::bad_answer);
      connection_.close();
      return etcd_result::failed;
    }
    ec = etcd_answer_error(errors(), status, answer);
    return ec ? etcd_result::failed : etcd_result::answered;
  }

  std::shared_ptr<etcd_cluster> cluster_;
  http_exchange connection_;
  std::size_t connected_ = 0;
  std::size_t index_ = 0;
  lease_clock::time_point sent_{};
  bool was_sent_twice_ = false;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
