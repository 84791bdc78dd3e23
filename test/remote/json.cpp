// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// What the answers of etcd are read by: JSON and base64.

#include <filelock/detail/remote/base64.hpp>
#include <filelock/detail/remote/json.hpp>

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <optional>
#include <string>

using filelock::detail::from_base64;
using filelock::detail::json_value;
using filelock::detail::to_base64;

namespace {

json_value parsed(const std::string& text) {
  json_value result;
  BOOST_TEST(json_value::parse(text, result), text);
  return result;
}

bool is_json(const std::string& text) {
  json_value ignored;
  return json_value::parse(text, ignored);
}

} // namespace

BOOST_AUTO_TEST_SUITE(remote_json)

BOOST_AUTO_TEST_CASE(members_and_elements_are_found) {
  const json_value value = parsed(
      R"( {"a" : {"b":[1, "2" ,true,null,{}]}, "c":"x", "d":-7, "e":[]} )");
  BOOST_TEST(value.is_object());
  BOOST_TEST(value["a"]["b"].elements().size() == 5u);
  BOOST_TEST(value["a"]["b"].front().integer() == 1);
  BOOST_TEST(value["a"]["b"].elements()[1].integer() == 2);
  BOOST_TEST(value["a"]["b"].elements()[2].is_true());
  BOOST_TEST(value["a"]["b"].elements()[3].is_null());
  BOOST_TEST(value["c"].text() == "x");
  BOOST_TEST(value["d"].integer() == -7);
  BOOST_TEST(value["e"].elements().empty());
}

BOOST_AUTO_TEST_CASE(what_is_missing_is_null_and_zero) {
  const json_value value = parsed(R"({"a":"x","b":1.5})");
  BOOST_TEST(value["z"].is_null());
  BOOST_TEST(value["z"]["y"].integer() == 0);
  BOOST_TEST(value["z"].front().text() == "");
  BOOST_TEST(value["z"].elements().empty());
  BOOST_TEST(value["a"].integer() == 0);
  BOOST_TEST(value["b"].integer() == 0);
  BOOST_TEST(!value["a"].is_true());
}

BOOST_AUTO_TEST_CASE(a_number_of_64_bits_is_exact) {
  const json_value value = parsed(
      R"(["9223372036854775807", 9223372036854775807, "9223372036854775808"])");
  BOOST_TEST(value.elements()[0].integer() == INT64_MAX);
  BOOST_TEST(value.elements()[1].integer() == INT64_MAX);
  BOOST_TEST(value.elements()[2].integer() == 0); // no such number
}

BOOST_AUTO_TEST_CASE(escapes_are_resolved) {
  BOOST_TEST(parsed(R"("\"\\\/\b\f\n\r\t")").text() == "\"\\/\b\f\n\r\t");
  BOOST_TEST(parsed("\"\\u0041\\u00e4\\u20ac\"").text() ==
             "A\xc3\xa4\xe2\x82\xac");
}

BOOST_AUTO_TEST_CASE(garbage_is_refused) {
  for (const char* each : {"",          " ",
                           "{",         "}",
                           "[",         "{\"a\"}",
                           "{\"a\":}",  "{\"a\":1,}",
                           "{1:2}",     "[1,]",
                           "[1 2]",     "\"",
                           "\"\\",      "\"\\x\"",
                           "\"\\u12\"", "\"\\u12g4\"",
                           "tru",       "truee",
                           "nul",       "-",
                           "--1",       "1-x",
                           "{} {}",     "\"a\nb\"",
                           "<html>",    "HTTP/1.1 200 OK"})
    BOOST_TEST(!is_json(each), each);
  BOOST_TEST(!is_json(std::string(100'000, '[')));
  BOOST_TEST(!is_json(std::string("\0", 1)));
}

BOOST_AUTO_TEST_CASE(each_cut_of_an_answer_is_refused) {
  const std::string answer =
      R"({"header":{"revision":"2"},"kvs":[{"key":"YS93","lease":"23"}]})";
  for (std::size_t size = 0; size != answer.size(); ++size)
    BOOST_TEST(!is_json(answer.substr(0, size)), size);
  BOOST_TEST(is_json(answer));
}

BOOST_AUTO_TEST_CASE(a_refused_text_leaves_the_value_alone) {
  json_value value = parsed("7");
  BOOST_TEST(!json_value::parse("{\"a\":", value));
  BOOST_TEST(value.integer() == 7);
}

// RFC 4648, section 10.
BOOST_AUTO_TEST_CASE(base64_is_that_of_the_rfc) {
  const char* const vectors[][2] = {{"", ""},
                                    {"f", "Zg=="},
                                    {"fo", "Zm8="},
                                    {"foo", "Zm9v"},
                                    {"foob", "Zm9vYg=="},
                                    {"fooba", "Zm9vYmE="},
                                    {"foobar", "Zm9vYmFy"}};
  for (const auto& each : vectors) {
    BOOST_TEST(to_base64(each[0]) == each[1]);
    BOOST_TEST((from_base64(each[1]) == std::string(each[0])));
  }
}

BOOST_AUTO_TEST_CASE(base64_carries_any_bytes) {
  std::string all;
  for (int i = 0; i != 256; ++i) {
    all += static_cast<char>(i);
    BOOST_TEST((from_base64(to_base64(all)) == all), i);
  }
}

BOOST_AUTO_TEST_CASE(what_is_not_base64_is_refused) {
  for (const char* each : {"Z", "Zg", "Zg=", "Z===", "Zm9v=", "Zm 9", "Zm9-"})
    BOOST_TEST(!from_base64(each).has_value(), each);
}

BOOST_AUTO_TEST_SUITE_END()
