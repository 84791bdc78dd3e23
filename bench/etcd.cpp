// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: etcd_traits is for POSIX

// What a pair of lock and unlock costs in etcd, and how long after a release
// the waiter returns: beside the same requests by HTTP without the library, and
// beside flock(2).
//
// etcd [--smoke]
//     --smoke: too short for figures, shows that it works
//
// Starts a server of its own, which does not wait for its disk.

#include <filelock/basic_file_lock.hpp>
#include <filelock/detail/remote/etcd_requests.hpp>
#include <filelock/file_lock.hpp>
#include <filelock/remote/etcd.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "../test/support/etcd_server.hpp"
#include "../test/support/temporary_folder.hpp"
#include "support/service_subjects.hpp"

namespace {

namespace http = boost::beast::http;
namespace json = filelock::detail::etcd_json;
using namespace bench_service;

std::string& endpoint() {
  static std::string one;
  return one;
}

struct bench_cluster {
  static std::string endpoints() { return endpoint(); }
  static std::chrono::seconds lease() { return std::chrono::seconds(10); }
  static std::chrono::seconds request_timeout() {
    return std::chrono::seconds(10);
  }
};
using etcd_lock =
    filelock::basic_file_lock<filelock::etcd_traits<bench_cluster>>;

/// A connection that blocks.
class connection {
public:
  connection() : socket_(context_) {
    const std::size_t colon = endpoint().find(':');
    boost::asio::ip::tcp::resolver resolver(context_);
    const auto found = resolver.resolve(endpoint().substr(0, colon),
                                        endpoint().substr(colon + 1));
    socket_.connect(*found.begin());
    socket_.set_option(boost::asio::ip::tcp::no_delay(true));
  }
  void send(const char* path, const std::string& body) {
    http::request<http::string_body> request(http::verb::post, path, 11);
    request.set(http::field::host, endpoint());
    request.body() = body;
    request.prepare_payload();
    http::write(socket_, request);
  }
  std::string ask(const char* path, const std::string& body) {
    send(path, body);
    http::response<http::string_body> answer;
    http::read(socket_, buffer_, answer);
    return answer.body();
  }
  void await(std::string_view word) {
    http::response_parser<http::string_body> parser;
    parser.body_limit(1U << 20U);
    http::read_header(socket_, buffer_, parser);
    while (parser.get().body().find(word) == std::string::npos)
      http::read_some(socket_, buffer_, parser);
  }

private:
  boost::asio::io_context context_;
  boost::asio::ip::tcp::socket socket_;
  boost::beast::flat_buffer buffer_;
};

/// The same requests, without a lease, and for two contenders only.
struct by_http final : lock_under_test {
  void lock() override {
    key_ = "filelock/http/write/" + std::to_string(++serial);
    const filelock::detail::etcd_range all{"filelock/http/", "filelock/http0"};
    const std::string put = json::put(key_, "", 0);
    std::string answer = connection_.ask(
        "/v3/kv/txn", json::transaction(json::was_made(all, 0), put, ""));
    if (answer.find("\"succeeded\":true") != std::string::npos) return;
    answer = connection_.ask(
        "/v3/kv/txn",
        json::transaction(json::was_made({key_, {}}, 0), put, ""));
    const std::int64_t revision = revision_of(answer);
    answer = connection_.ask(
        "/v3/kv/txn", json::transaction(json::was_made({key_, {}}, revision),
                                        json::last_before(all, revision), ""));
    const std::string_view mark = "\"key\":\"";
    const std::size_t begin = answer.find(mark);
    if (begin == std::string::npos) return;
    const std::size_t from = begin + mark.size();
    const auto blocker = filelock::detail::from_base64(
        answer.substr(from, answer.find('"', from) - from));
    connection watch;
    watch.send("/v3/watch",
               json::watch(blocker.value(), revision_of(answer) + 1));
    watch.await("DELETE");
  }
  void unlock() override {
    connection_.ask("/v3/kv/deleterange",
                    '{' + json::of_range({key_, {}}) + '}');
  }

private:
  static std::int64_t revision_of(const std::string& answer) {
    const std::string_view mark = "\"revision\":\"";
    return std::atoll(&answer.at(answer.find(mark) + mark.size()));
  }
  static inline int serial = 0;
  connection connection_;
  std::string key_;
};

} // namespace

int main(int argc, char** argv) {
  const bool is_smoke = argc > 1 && std::string_view(argv[1]) == "--smoke";
  if (!test::has_etcd("bench.etcd")) return 0;
  const test::etcd_servers server;
  const test::temporary_folder folder;
  endpoint() = server.endpoint(0);

  std::vector<subject> all;
  all.push_back(
      make<filelock::queued_file_lock>("queued_file_lock", folder / "lock"));
  all.push_back(
      {"HTTP", std::make_unique<by_http>(), std::make_unique<by_http>()});
  all.push_back(make<etcd_lock>("etcd_traits", "bench"));
  for (subject& each : all)
    measure_hand_over(each); // connects
  for (subject& each : all)
    each.hand_overs.clear();
  measure(all, is_smoke);
  print_ratio(all[2], all[1]);
}
