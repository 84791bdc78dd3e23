// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Waits for the removal of the key just before one's own.

#ifndef FILELOCK_DETAIL_REMOTE_ETCD_WATCH_HPP
#define FILELOCK_DETAIL_REMOTE_ETCD_WATCH_HPP

#include <filelock/detail/remote/etcd_client.hpp>
#include <filelock/detail/remote/etcd_error.hpp>
#include <filelock/detail/remote/etcd_requests.hpp>
#include <filelock/detail/remote/http_exchange.hpp>
#include <filelock/detail/remote/json.hpp>
#include <filelock/detail/remote/wait_limit.hpp>
#include <filelock/detail/saturation.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {

/// The key that a contender waits for.
struct etcd_blocker {
  std::string key; ///< empty if there is none: the lock is free
  bool is_the_only_one = false;
  std::int64_t revision = 0; ///< of the answer that tells of it

  /// \returns Nothing if `ec` is set: the own key is gone, say.
  static std::optional<etcd_blocker> read(const json_value& answer,
                                          const etcd_error_category& errors,
                                          std::error_code& ec) {
    etcd_blocker result;
    result.revision = answer["header"]["revision"].integer();
    std::int64_t last = 0;
    std::size_t count = 0;
    if (result.revision <= 0) ec = errors.code(etcd_errc::bad_answer);
    if (!answer["succeeded"].is_true())
      ec = errors.code(etcd_errc::lease_ended);
    for (const json_value& part : answer["responses"].elements())
      for (const json_value& each : part["response_range"]["kvs"].elements()) {
        const std::optional<etcd_key> found = etcd_key::read(each);
        if (!found) {
          ec = errors.code(etcd_errc::bad_answer);
          return std::nullopt;
        }
        ++count;
        if (found->revision <= last) continue;
        last = found->revision;
        result.key = found->key;
      }
    result.is_the_only_one = count == 1;
    if (ec) return std::nullopt;
    return result;
  }
};

enum class watch_result { removed, unknown };

/// Waits until the key is removed, at most for `longest`. A server that has
/// lost its cluster may be silent.
inline watch_result watch_removal(const etcd_client& client,
                                  const etcd_blocker& blocker,
                                  std::chrono::nanoseconds longest,
                                  wait_limit& limit) {
  using clock = wait_limit::time_point::clock;
  const auto end = saturated_sum(clock::now(), longest);
  const etcd_server& server = client.server();
  http_exchange stream;
  std::error_code error;
  stream.connect(server.address, error);
  stream.ask(http_request(server.name, "/v3/watch",
                          etcd_json::watch(blocker.key, blocker.revision + 1)),
             http_exchange::form::lines);
  while (!error && !stream.is_done()) {
    if (!limit.wait(stream.descriptor(), stream.events(), end))
      return watch_result::unknown;
    stream.advance(error);
    while (const std::optional<std::string> line =
               error ? std::nullopt : stream.take_line()) {
      json_value told;
      if (!json_value::parse(*line, told) || told["result"].is_null() ||
          told["result"]["canceled"].is_true()) {
        error = std::make_error_code(std::errc::protocol_error);
        break;
      }
      // The server reports removals alone: NOPUT.
      if (!told["result"]["events"].elements().empty())
        return watch_result::removed;
    }
  }
  // The server may be stopping. Nobody asks it in a loop without a pause.
  limit.pause(std::chrono::milliseconds(50));
  return watch_result::unknown;
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
