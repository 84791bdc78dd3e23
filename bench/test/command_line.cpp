// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#define BOOST_TEST_MODULE command_line
#include <boost/test/unit_test.hpp>

#include "../support/command_line.hpp"

#include <cstddef>
#include <string>
#include <vector>

using bench::command_line;

namespace {

/// A command line that owns its text.
struct given {
  std::vector<std::string> texts;

  command_line parse() {
    std::vector<char*> pointers = {texts[0].data()};
    for (std::size_t index = 1; index != texts.size(); ++index)
      pointers.push_back(texts[index].data());
    return command_line(static_cast<int>(pointers.size()), pointers.data());
  }
};

} // namespace

BOOST_AUTO_TEST_CASE(options_are_taken_in_any_order) {
  given line{{"program", "--csv", "a.csv", "--smoke", "--holds", "7",
              "--seconds", "0.5"}};
  command_line options = line.parse();
  BOOST_TEST(options.take("--smoke"));
  BOOST_TEST(options.take_number("--seconds", 1.0) == 0.5);
  BOOST_TEST(options.take_number<std::size_t>("--holds", 300) == 7u);
  BOOST_TEST(options.take_text("--csv").value() == "a.csv");
  BOOST_CHECK_NO_THROW(options.expect_no_more());
}

BOOST_AUTO_TEST_CASE(what_is_not_there_has_its_default) {
  given line{{"program"}};
  command_line options = line.parse();
  BOOST_TEST(!options.take("--smoke"));
  BOOST_TEST(options.take_number<std::size_t>("--holds", 300) == 300u);
  BOOST_TEST(!options.take_text("--csv"));
  BOOST_CHECK_NO_THROW(options.expect_no_more());
}

BOOST_AUTO_TEST_CASE(what_is_left_is_for_another_reader) {
  given line{{"program", "--benchmark_a", "--smoke", "--b"}};
  command_line options = line.parse();
  BOOST_TEST(options.take("--smoke"));
  const std::vector<std::string> expected{"--benchmark_a", "--b"};
  BOOST_TEST(options.take_rest() == expected, boost::test_tools::per_element());
  BOOST_CHECK_NO_THROW(options.expect_no_more());
}

BOOST_AUTO_TEST_CASE(what_is_unknown_is_refused) {
  given line{{"program", "--smoke", "--somke"}};
  command_line options = line.parse();
  BOOST_TEST(options.take("--smoke"));
  BOOST_CHECK_THROW(options.expect_no_more(), command_line::wrong);
}

BOOST_AUTO_TEST_CASE(a_value_that_is_missing_or_no_number_is_refused) {
  for (const char* value : {"", "x", "7x", "-1", "1.5", " 7"}) {
    given line{{"program", "--holds", value}};
    command_line options = line.parse();
    BOOST_CHECK_THROW(options.take_number<std::size_t>("--holds", 1),
                      command_line::wrong);
  }
  for (const char* value : {"", "x", "-0.5", "nan"}) {
    given line{{"program", "--seconds", value}};
    command_line options = line.parse();
    BOOST_CHECK_THROW(options.take_number("--seconds", 1.0),
                      command_line::wrong);
  }
  given line{{"program", "--csv"}};
  command_line options = line.parse();
  BOOST_CHECK_THROW(options.take_text("--csv"), command_line::wrong);
}
