// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: etcd_traits is for POSIX

// What etcd_traits makes of servers that are not there, are silent, talk
// nonsense or fail in each phase. No etcd is needed: the servers are threads of
// the test.

#include <filelock/filelock.hpp>
#include <filelock/remote/etcd.hpp>

#include <boost/test/unit_test.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <list>
#include <map>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>

#include "support/child_process.hpp"
#include "support/descriptors.hpp"
#include "support/free_port.hpp"
#include "support/posix_calls.hpp"

using namespace std::chrono_literals;

namespace {

std::string& endpoints_of_odd_cluster() {
  static std::string all;
  return all;
}

struct odd_cluster {
  static std::string endpoints() { return endpoints_of_odd_cluster(); }
  static std::chrono::seconds lease() { return 10s; }
  static std::chrono::milliseconds request_timeout() { return 300ms; }
};
using odd_traits = filelock::etcd_traits<odd_cluster>;
using odd_lock = filelock::basic_file_lock<odd_traits>;

std::string http(const std::string& body) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

using script = std::map<std::string, std::string>;

/// Answers each request by what a script says for its path. An empty answer:
/// none. "close": closes.
class odd_server {
public:
  explicit odd_server(script answers)
      : answers_(std::move(answers)), port_(test::free_port()) {
    socket_ = test::open_socket(AF_INET);
    const int on = 1;
    ::setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    ::sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port_));
    BOOST_TEST(::bind(socket_, reinterpret_cast<::sockaddr*>(&address),
                      sizeof address) == 0);
    ::listen(socket_, 16);
    thread_ = std::thread([this] { serve(); });
    endpoints_of_odd_cluster() = endpoint();
  }
  ~odd_server() {
    ends_ = true;
    thread_.join();
    ::close(socket_);
  }

  odd_server(const odd_server&) = delete;
  odd_server& operator=(const odd_server&) = delete;

  std::string endpoint() const { return "127.0.0.1:" + std::to_string(port_); }

  /// \returns How often the path was asked for.
  int asked(const std::string& path) {
    const std::lock_guard<std::mutex> guard(mutex_);
    return asked_[path];
  }

private:
  struct connection {
    int descriptor = -1;
    std::string input;
  };

  void serve() {
    std::list<connection> all;
    while (!ends_) {
      if (is_readable(socket_, 5))
        all.push_back({::accept(socket_, nullptr, nullptr), {}});
      for (auto each = all.begin(); each != all.end();)
        each = is_readable(each->descriptor, 0) && !answer(*each)
                   ? close(all, each)
                   : std::next(each);
    }
    for (const connection& each : all)
      ::close(each.descriptor);
  }

  static std::list<connection>::iterator
  close(std::list<connection>& all, std::list<connection>::iterator which) {
    ::close(which->descriptor);
    return all.erase(which);
  }

  static bool is_readable(int descriptor, int timeout) {
    ::pollfd request{descriptor, POLLIN, 0};
    return ::poll(&request, 1, timeout) > 0;
  }

  /// \returns Whether the connection goes on.
  bool answer(connection& from) {
    char bytes[4096];
    const ::ssize_t size = ::read(from.descriptor, bytes, sizeof bytes);
    if (size <= 0) return false;
    from.input.append(bytes, static_cast<std::size_t>(size));
    const std::size_t head = from.input.find("\r\n\r\n");
    const std::string length_field = "Content-Length: ";
    const std::size_t field = from.input.find(length_field);
    if (head == std::string::npos || field == std::string::npos) return true;
    const int length = std::atoi(&from.input[field + length_field.size()]);
    if (from.input.size() < head + 4 + static_cast<std::size_t>(length))
      return true;
    const std::size_t path = from.input.find(' ') + 1;
    const std::string asked =
        from.input.substr(path, from.input.find(' ', path) - path);
    from.input.clear();
    std::string said;
    {
      const std::lock_guard<std::mutex> guard(mutex_);
      ++asked_[asked];
      said = answers_[asked];
    }
    if (said == "close") return false;
    return ::send(from.descriptor, said.data(), said.size(), test::quietly) >=
           0;
  }

  std::mutex mutex_;
  script answers_;
  std::map<std::string, int> asked_;
  int port_;
  int socket_ = -1;
  std::atomic<bool> ends_{false};
  std::thread thread_;
};

const std::string a_lease = http(R"({"ID":"7","TTL":"10"})");
const std::string a_revoke = http(R"({"header":{}})");

/// \returns The error of lock(), which has to come long before `patience`.
std::error_code error_of_lock() {
  const auto start = std::chrono::steady_clock::now();
  odd_lock lock("odd");
  std::error_code ec;
  lock.lock(ec);
  BOOST_TEST(!lock.still_valid());
  BOOST_TEST((std::chrono::steady_clock::now() - start < 5s));
  return ec;
}

bool is_error_of_lock(filelock::etcd_errc expected) {
  const std::error_code ec = error_of_lock();
  BOOST_TEST(ec.category().name() == "filelock.etcd", ec.message());
  BOOST_TEST(ec.value() == static_cast<int>(expected), ec.message());
  BOOST_TEST(ec.message().find("(etcd at ") != std::string::npos);
  return ec.value() == static_cast<int>(expected);
}

/// No test leaves a descriptor open.
struct leaves_no_descriptor {
  int before = test::count_descriptors();
  ~leaves_no_descriptor() {
    // The keeper's thread opens its own for good. A look-up that is left behind
    // closes its own when it ends.
    BOOST_TEST(test::wait_until_seen(
        [this] { return test::count_descriptors() <= before + 1; }));
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(remote_etcd_bad_input, leaves_no_descriptor)

BOOST_AUTO_TEST_CASE(no_server_is_an_error_at_once) {
  endpoints_of_odd_cluster() = "127.0.0.1:" + std::to_string(test::free_port());
  const std::error_code ec = error_of_lock();
  BOOST_TEST((ec == std::errc::connection_refused), ec.message());
  BOOST_TEST(ec.category().name() == "filelock.etcd");
}

BOOST_AUTO_TEST_CASE(an_unknown_host_is_an_error_in_the_time_of_a_request) {
  endpoints_of_odd_cluster() = "nothing.invalid:2379"; // RFC 2606
  BOOST_TEST(is_error_of_lock(filelock::etcd_errc::unknown_host));
  odd_lock lock("odd");
  const auto start = std::chrono::steady_clock::now();
  std::error_code ec;
  BOOST_TEST(!lock.try_lock_for(10ms, ec)); // the time, or that error
  BOOST_TEST((std::chrono::steady_clock::now() - start < 5s));
}

BOOST_AUTO_TEST_CASE(what_is_no_endpoint_is_an_error_at_once) {
  for (const char* each :
       {"", "host", "https://127.0.0.1:1", "127.0.0.1:port"}) {
    endpoints_of_odd_cluster() = each;
    BOOST_TEST((error_of_lock() == std::errc::invalid_argument), each);
  }
}

BOOST_AUTO_TEST_CASE(a_server_that_never_answers_is_left_in_time) {
  odd_server silent(script{});
  BOOST_TEST(is_error_of_lock(filelock::etcd_errc::no_answer));
  odd_lock lock("odd");
  std::error_code ec;
  auto start = std::chrono::steady_clock::now();
  BOOST_TEST(!lock.try_lock(ec));
  BOOST_TEST((ec == std::errc::timed_out));
  ec.clear();
  start = std::chrono::steady_clock::now();
  BOOST_TEST(!lock.try_lock_for(20ms, ec)); // shorter than a request
  BOOST_TEST(!ec);
  const auto length = std::chrono::steady_clock::now() - start;
  BOOST_TEST((length >= 20ms && length < 5s));
}

BOOST_AUTO_TEST_CASE(a_server_that_closes_is_an_error) {
  odd_server closing(script{{"/v3/lease/grant", "close"}});
  BOOST_TEST((error_of_lock() == std::errc::connection_reset));
}

BOOST_AUTO_TEST_CASE(garbage_is_an_error) {
  for (const std::string& garbage :
       {std::string("garbage\r\n\r\n"), std::string("SSH-2.0-OpenSSH\r\n"),
        std::string(20'000, 'x'), std::string("\0\0\0\xff\xff\r\n\r\n", 9),
        http("<html>"), http(""), http("[]"), http("7"), http("{}"),
        http(R"({"ID":"x","TTL":"5"})"), http(R"({"ID":"5"})"),
        http(R"({"ID":"-5","TTL":"5"})"), http(R"({"ID":"5","TTL":"-5"})"),
        std::string("HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\n\r\nNot "
                    "Found"),
        std::string("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"),
        std::string("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n")}) {
    odd_server odd(script{{"/v3/lease/grant", garbage}});
    BOOST_TEST(is_error_of_lock(filelock::etcd_errc::bad_answer), garbage);
  }
}

BOOST_AUTO_TEST_CASE(an_answer_that_breaks_off_is_left_in_time) {
  odd_server odd(script{{"/v3/lease/grant", "HTTP/1.1 200 OK\r\nContent-Len"}});
  BOOST_TEST(is_error_of_lock(filelock::etcd_errc::no_answer));
}

BOOST_AUTO_TEST_CASE(a_refused_user_is_an_error) {
  odd_server odd(
      script{{"/v3/lease/grant",
              "HTTP/1.1 401 Unauthorized\r\nContent-Length: 36\r\n\r\n"
              R"({"error":"x","message":"","code":16})"}});
  BOOST_TEST(is_error_of_lock(filelock::etcd_errc::no_permission));
}

BOOST_AUTO_TEST_CASE(a_connection_that_is_lost_in_an_attempt_ends_the_lease) {
  odd_server odd(script{{"/v3/lease/grant", a_lease},
                        {"/v3/kv/txn", "close"},
                        {"/v3/lease/revoke", a_revoke}});
  std::error_code ec;
  odd_lock lock("odd");
  BOOST_TEST(!lock.try_lock(ec));
  BOOST_TEST((ec == std::errc::connection_reset), ec.message());
  // It may have the key, which the end of the lease removes.
  while (odd.asked("/v3/lease/revoke") == 0)
    std::this_thread::sleep_for(1ms);
}

BOOST_AUTO_TEST_CASE(a_silent_attempt_ends_the_lease) {
  odd_server odd(
      script{{"/v3/lease/grant", a_lease}, {"/v3/lease/revoke", a_revoke}});
  std::error_code ec;
  odd_lock lock("odd");
  BOOST_TEST(!lock.try_lock(ec));
  BOOST_TEST((ec == std::errc::timed_out), ec.message());
  while (odd.asked("/v3/lease/revoke") == 0)
    std::this_thread::sleep_for(1ms);
}

BOOST_AUTO_TEST_CASE(garbage_in_an_attempt_is_an_error) {
  for (const std::string& garbage :
       {http("{}x"), http(R"({"succeeded":true})"),
        http(R"({"responses":[{"response_range":{"kvs":[{}]}}]})")}) {
    odd_server odd(script{{"/v3/lease/grant", a_lease},
                          {"/v3/kv/txn", garbage},
                          {"/v3/lease/revoke", a_revoke}});
    BOOST_TEST(is_error_of_lock(filelock::etcd_errc::bad_answer), garbage);
  }
}

BOOST_AUTO_TEST_CASE(a_release_without_an_answer_is_told) {
  const std::string granted =
      http(R"({"header":{"revision":"5"},"succeeded":true})");
  for (const std::string& answer :
       {std::string(), std::string("close"), http("{}"), http("garbage")}) {
    odd_server odd(script{{"/v3/lease/grant", a_lease},
                          {"/v3/kv/txn", granted},
                          {"/v3/kv/deleterange", answer},
                          {"/v3/lease/revoke", a_revoke}});
    odd_lock lock("odd");
    BOOST_TEST(lock.try_lock());
    BOOST_TEST(lock.token() == 5u);
    const filelock::canceller loss = lock.loss();
    std::error_code ec;
    lock.unlock(ec);
    BOOST_TEST(ec, answer);
    BOOST_TEST(!lock.is_open());
    while (odd.asked("/v3/lease/revoke") == 0) // so it is released all the same
      std::this_thread::sleep_for(1ms);
  }
}

BOOST_AUTO_TEST_CASE(the_next_server_is_asked_where_one_fails) {
  const std::string granted =
      http(R"({"header":{"revision":"5"},"succeeded":true})");
  odd_server good(script{{"/v3/lease/grant", a_lease},
                         {"/v3/kv/txn", granted},
                         {"/v3/lease/revoke", a_revoke}});
  odd_server silent(script{});
  endpoints_of_odd_cluster() =
      "127.0.0.1:" + std::to_string(test::free_port()) + ',' +
      silent.endpoint() + ',' + good.endpoint();
  odd_lock lock("odd");
  BOOST_TEST(lock.try_lock());
  BOOST_TEST(silent.asked("/v3/lease/grant") == 1);
  BOOST_TEST(silent.asked("/v3/kv/txn") == 0); // that it fails is remembered
}

BOOST_AUTO_TEST_SUITE_END()
