// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: etcd_traits is for POSIX

// The parts of etcd_traits that need no server: keys, endpoints, errors, and a
// lease's time.

#include <filelock/detail/remote/etcd_client.hpp>
#include <filelock/detail/remote/etcd_error.hpp>
#include <filelock/detail/remote/etcd_lease.hpp>
#include <filelock/detail/remote/etcd_requests.hpp>
#include <filelock/detail/remote/etcd_servers.hpp>
#include <filelock/detail/remote/etcd_watch.hpp>
#include <filelock/detail/remote/json.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

using namespace std::chrono_literals;
namespace detail = filelock::detail;
using filelock::etcd_errc;
using filelock::lock_mode;

namespace {

const detail::etcd_error_category& errors() {
  static const detail::etcd_error_category category("host:1");
  return category;
}

detail::json_value answer_of(const std::string& text) {
  detail::json_value result;
  BOOST_TEST(detail::json_value::parse(text, result), text);
  return result;
}

std::error_code error_of(unsigned status, const std::string& answer) {
  return detail::etcd_answer_error(errors(), status, answer_of(answer));
}

std::string key_value(const std::string& key, const std::string& value) {
  return "{\"key\":\"" + detail::to_base64(key) +
         "\",\"create_revision\":\"1\",\"value\":\"" +
         detail::to_base64(value) + "\"}";
}

} // namespace

BOOST_AUTO_TEST_SUITE(remote_etcd_parts)

BOOST_AUTO_TEST_CASE(a_name_has_keys_of_its_own) {
  const detail::etcd_keys keys("jobs/build");
  BOOST_TEST(keys.prefix() == "filelock/jobs%2Fbuild/");
  BOOST_TEST(keys.all().begin == "filelock/jobs%2Fbuild/");
  BOOST_TEST(keys.all().end == "filelock/jobs%2Fbuild0");
  BOOST_TEST(keys.own(lock_mode::exclusive, 0x694d, 3) ==
             "filelock/jobs%2Fbuild/write/000000000000694d-3");
  BOOST_TEST(keys.own(lock_mode::shared, -1, 1) ==
             "filelock/jobs%2Fbuild/read/ffffffffffffffff-1");
  const std::string any("\0\xff\n %", 5);
  BOOST_TEST(detail::etcd_keys(any).prefix() == "filelock/%00%FF%0A%20%25/");
}

BOOST_AUTO_TEST_CASE(no_names_keys_stand_among_those_of_another) {
  const std::vector<std::string> names = {"a", "a/", "a/b", "b",    "a/write",
                                          "",  "a0", "A",   "a%2Fb"};
  for (const std::string& one : names)
    for (const std::string& other : names) {
      const std::string key =
          detail::etcd_keys(other).own(lock_mode::exclusive, 1, 1);
      const detail::etcd_range all = detail::etcd_keys(one).all();
      BOOST_TEST((key >= all.begin && key < all.end) == (one == other),
                 one << " and " << other);
    }
}

BOOST_AUTO_TEST_CASE(a_reader_waits_for_all_but_readers) {
  const detail::etcd_keys keys("a");
  const auto conflicts = [&](lock_mode mode, const std::string& key) {
    int count = 0;
    for (const detail::etcd_range& each : keys.conflicting(mode))
      count += key >= each.begin && key < each.end;
    BOOST_TEST(count <= 1);
    return count == 1;
  };
  const std::string reader = keys.own(lock_mode::shared, 5, 1);
  const std::string writer = keys.own(lock_mode::exclusive, 5, 1);
  const std::string mutex = keys.prefix() + "694d"; // concurrency.Mutex
  const std::string last = keys.prefix() + "zzz";
  for (const std::string& each : {reader, writer, mutex, last}) {
    BOOST_TEST(conflicts(lock_mode::exclusive, each));
    BOOST_TEST(conflicts(lock_mode::shared, each) == (each != reader));
  }
}

BOOST_AUTO_TEST_CASE(the_owner_is_the_first_contender_and_who_shares_with_it) {
  const detail::etcd_keys keys("a");
  const std::string mine = keys.own(lock_mode::shared, 1, 1);
  const auto owner = [&](lock_mode mode, const std::string& contenders) {
    return keys.owner_but(mine, mode,
                          answer_of('[' + contenders + ']').elements());
  };
  const std::string me = key_value(mine, "me");
  const std::string reader =
      key_value(keys.own(lock_mode::shared, 2, 1), "a reader");
  const std::string writer =
      key_value(keys.own(lock_mode::exclusive, 2, 1), "a writer");
  const std::string nameless = key_value("filelock/a/77", "");
  for (const lock_mode mode : {lock_mode::shared, lock_mode::exclusive}) {
    BOOST_TEST(owner(mode, "") == "");
    BOOST_TEST(owner(mode, writer) == "a writer");
    BOOST_TEST(owner(mode, me + ',' + writer) == ""); // the writer waits
    BOOST_TEST(owner(mode, reader + ',' + writer) ==
               (mode == lock_mode::shared ? "" : "a reader"));
    BOOST_TEST(owner(mode, nameless) == "the owner of the key filelock/a/77");
    BOOST_TEST(owner(mode, "{\"key\":7}") == "");
  }
  BOOST_TEST(owner(lock_mode::exclusive, me + ',' + reader) == "a reader");
  BOOST_TEST(owner(lock_mode::shared, me + ',' + reader) == "");
}

BOOST_AUTO_TEST_CASE(endpoints_are_read) {
  const auto one = [](const char* text) -> std::string {
    const auto read = detail::etcd_endpoint::parse(text);
    return read ? read->host + ' ' + read->port : "none";
  };
  BOOST_TEST(one("host:2379") == "host 2379");
  BOOST_TEST(one("http://host:2379/") == "host 2379");
  BOOST_TEST(one("[::1]:2379") == "::1 2379");
  for (const char* each :
       {"", "host", ":1", "host:", "host:x", "https://host:1", "a/b:1", "::1:2",
        "[]:1", "user@host:1", "http://", "[::1]"})
    BOOST_TEST(one(each) == "none", each);

  const auto count = [](const char* list) {
    return detail::etcd_endpoint::parse_list(list).size();
  };
  BOOST_TEST(count("a:1,b:2 http://c:3, ") == 3u);
  BOOST_TEST(count("") == 0u);
  BOOST_TEST(count("a:1,https://b:2") == 0u); // not just the one that is right
}

BOOST_AUTO_TEST_CASE(each_error_maps_to_the_standard_ones) {
  const auto is = [](etcd_errc error, std::errc condition) {
    return errors().code(error) == condition;
  };
  BOOST_TEST(is(etcd_errc::lease_ended, std::errc::connection_aborted));
  BOOST_TEST(is(etcd_errc::no_answer, std::errc::timed_out));
  BOOST_TEST(is(etcd_errc::bad_answer, std::errc::protocol_error));
  BOOST_TEST(is(etcd_errc::unavailable, std::errc::host_unreachable));
  BOOST_TEST(is(etcd_errc::unknown_host, std::errc::address_not_available));
  BOOST_TEST(is(etcd_errc::bad_endpoint, std::errc::invalid_argument));
  BOOST_TEST(is(etcd_errc::no_permission, std::errc::permission_denied));
  BOOST_TEST(is(etcd_errc::too_large, std::errc::message_size));
  BOOST_TEST(is(etcd_errc::no_space, std::errc::no_space_on_device));
  BOOST_TEST(is(etcd_errc::refused, std::errc::operation_not_permitted));
  const std::error_code refused =
      errors().code(std::make_error_code(std::errc::connection_refused));
  BOOST_TEST((refused == std::errc::connection_refused));
  for (const std::error_code& each :
       {refused, errors().code(etcd_errc::no_answer)}) {
    BOOST_TEST(each.category().name() == "filelock.etcd");
    BOOST_TEST(each.message().find("host:1") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(what_etcd_says_is_an_error_of_ours) {
  BOOST_TEST(!error_of(200, "{}"));
  const auto is = [](etcd_errc error, unsigned status, const char* answer) {
    return errors().is(error_of(status, answer), error);
  };
  // 3.4, later versions, and lines of a stream
  BOOST_TEST(is(etcd_errc::lease_ended, 404,
                R"({"error":"x","message":"x","code":5})"));
  BOOST_TEST(is(etcd_errc::unavailable, 503,
                R"({"code":14,"message":"no leader","details":[]})"));
  BOOST_TEST(is(etcd_errc::unavailable, 200,
                R"({"error":{"grpc_code":14,"http_code":503,"message":"x"}})"));
  BOOST_TEST(is(etcd_errc::no_permission, 401, R"({"error":"x","code":16})"));
  BOOST_TEST(is(etcd_errc::no_permission, 403, R"({"error":"x","code":7})"));
  BOOST_TEST(is(etcd_errc::too_large, 400,
                R"({"message":"request is too large","code":3})"));
  BOOST_TEST(is(etcd_errc::refused, 400, R"({"message":"x","code":3})"));
  BOOST_TEST(is(etcd_errc::no_space, 429,
                R"({"message":"mvcc: database space exceeded","code":8})"));
  BOOST_TEST(is(etcd_errc::bad_answer, 404, "{}"));
  BOOST_TEST(is(etcd_errc::bad_answer, 200, R"({"error":[]})"));
}

BOOST_AUTO_TEST_CASE(a_blocker_is_the_last_key_before) {
  const auto blocker = [](const std::string& responses, std::error_code& ec) {
    return detail::etcd_blocker::read(
        answer_of("{\"header\":{\"revision\":\"9\"},\"succeeded\":true,"
                  "\"responses\":[" +
                  responses + "]}"),
        errors(), ec);
  };
  std::error_code ec;
  auto found = blocker(R"({"response_range":{}},{"response_range":{}})", ec);
  BOOST_TEST((found && found->key.empty() && !ec));
  found = blocker(
      R"({"response_range":{"kvs":[{"key":"YQ==","create_revision":"4"}]}},)"
      R"({"response_range":{"kvs":[{"key":"Yg==","create_revision":"6"},)"
      R"({"key":"Yw==","create_revision":"5"}]}})",
      ec);
  BOOST_TEST((found && found->key == "b" && !found->is_the_only_one));
  BOOST_TEST(found->revision == 9);
  found = blocker(
      R"({"response_range":{"kvs":[{"key":"YQ==","create_revision":"4"}]}})",
      ec);
  BOOST_TEST((found && found->key == "a" && found->is_the_only_one));
  found = blocker(R"({"response_range":{"kvs":[{"key":"YQ=="}]}})", ec);
  BOOST_TEST((!found && errors().is(ec, etcd_errc::bad_answer)));
  ec.clear();
  found = detail::etcd_blocker::read(
      answer_of(R"({"header":{"revision":"9"}})"), errors(), ec);
  BOOST_TEST((!found && errors().is(ec, etcd_errc::lease_ended)));
}

BOOST_AUTO_TEST_CASE(a_lease_ends_by_when_its_renewal_was_sent) {
  detail::etcd_lease lease(std::make_shared<detail::etcd_cluster>(), 7);
  BOOST_TEST(!lease.is_alive()); // it was never renewed
  detail::etcd_lease other(std::make_shared<detail::etcd_cluster>(), 7);
  const auto now = detail::lease_clock::now();
  other.renewed(now - 5s, 10);
  BOOST_TEST(other.is_alive());
  BOOST_TEST((other.end() < now + 5s));
  BOOST_TEST((other.end() > now + 4s));
  other.renewed(now - 11s, 10);
  BOOST_TEST(!other.is_alive());
  other.renewed(now, 10); // too late: another owner may have the lock
  BOOST_TEST(!other.is_alive());
}

BOOST_AUTO_TEST_CASE(only_an_end_that_was_not_asked_for_is_a_loss) {
  detail::etcd_lease lost(std::make_shared<detail::etcd_cluster>(), 7);
  lost.renewed(detail::lease_clock::now(), 10);
  const filelock::canceller loss = lost.loss();
  BOOST_TEST(!loss.requested());
  lost.tell_loss();
  BOOST_TEST(loss.requested());
  BOOST_TEST(!lost.is_alive());
  detail::etcd_lease closed(std::make_shared<detail::etcd_cluster>(), 7);
  closed.close();
  closed.tell_loss();
  BOOST_TEST(!closed.loss().requested());
}

BOOST_AUTO_TEST_SUITE_END()
