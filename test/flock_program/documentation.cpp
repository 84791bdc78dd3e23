// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: man(1)

// The manual page and --help of example/flock name the same options.

#include <boost/test/unit_test.hpp>

#include "support/flock_program.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

BOOST_AUTO_TEST_SUITE(flock_program_documentation)

namespace {

using test::flock_folder;

std::string manual_page() {
  return std::filesystem::absolute(std::filesystem::path(__FILE__))
             .parent_path()
             .parent_path()
             .parent_path() /
         "example" / "flock" / "flock.1";
}

/// \returns What the expression's one group matches in `text`.
std::set<std::string> find_all(const std::string& text,
                               const char* expression) {
  std::set<std::string> result;
  const std::regex regex(expression);
  for (std::sregex_iterator each(text.begin(), text.end(), regex), end;
       each != end; ++each)
    result.insert((*each)[1]);
  return result;
}

/// \returns Those of `all` that are not among `others`.
std::string missing(const std::set<std::string>& all,
                    const std::set<std::string>& others) {
  std::string result;
  for (const std::string& each : all)
    if (others.count(each) == 0) result += each + ' ';
  return result;
}

} // namespace

BOOST_AUTO_TEST_CASE(the_manual_page_has_the_options_of_the_help) {
  const flock_folder folder;
  const std::string help = folder.run({test::our_flock(), "--help"}).output;
  std::ifstream file(manual_page());
  const std::string page((std::istreambuf_iterator<char>(file)), {});
  BOOST_TEST(page.size() > 1000u);
  const auto in_help = find_all(help, "[ ,]-?-([A-Za-z][a-z-]*)[ ,\n]");
  const auto in_page = find_all(page, "F[l]? -?([A-Za-z][a-z-]*)[ ,\n]");
  BOOST_TEST(in_help.size() > 25u);
  BOOST_TEST(missing(in_help, in_page) == "");
  BOOST_TEST(missing(in_page, in_help) == "");
}

BOOST_AUTO_TEST_CASE(each_option_of_the_help_is_known) {
  const flock_folder folder;
  const std::string help = folder.run({test::our_flock(), "--help"}).output;
  for (const std::string& each : find_all(help, " --([a-z][a-z-]*)[ ,\n]")) {
    const test::ended end = folder.run({test::our_flock(), "--" + each});
    BOOST_TEST(end.errors.find("unrecognized") == std::string::npos, each);
  }
}

BOOST_AUTO_TEST_CASE(the_manual_page_is_well_formed) {
  const flock_folder folder;
  if (folder.status({"sh", "-c", "command -v groff >/dev/null"}) != 0)
    return test::skipped("the manual page", "no groff");
  const test::ended end =
      folder.run({"groff", "-mandoc", "-Tascii", "-ww", "-z", manual_page()});
  BOOST_TEST(end.status == 0);
  BOOST_TEST(end.errors == "");
}

BOOST_AUTO_TEST_SUITE_END()
