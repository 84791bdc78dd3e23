// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: linux: the program is for Linux
// LABELS: process

// The manual, the manual page and --help say what verify_filesystem does.

#include <boost/test/unit_test.hpp>

#include "support/skipped.hpp"
#include "support/verify_filesystem.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(verify_filesystem_documentation)

namespace {

namespace fs = std::filesystem;

fs::path in_tree(const char* file) {
  return fs::absolute(__FILE__).parent_path().parent_path().parent_path() /
         file;
}

constexpr const char* manual_page =
    "example/verify_filesystem/verify_filesystem.1";

std::string read(const char* file) {
  std::ifstream in(in_tree(file));
  return std::string(std::istreambuf_iterator<char>(in), {});
}

/// \returns What the one group of the expression matches.
std::set<std::string> all_of(const std::string& text, const char* expression) {
  std::set<std::string> result;
  const std::regex regex(expression);
  for (std::sregex_iterator each(text.begin(), text.end(), regex), end;
       each != end; ++each)
    result.insert((*each)[1]);
  return result;
}

std::string joined(const std::set<std::string>& all) {
  std::string result;
  for (const std::string& each : all)
    result += each + '\n';
  return result;
}

} // namespace

BOOST_AUTO_TEST_CASE(the_manual_page_has_the_options_of_the_help) {
  const std::string help = test::verify_filesystem({"--help"}).output;
  const auto options = all_of(help, "--([a-z]+)");
  BOOST_TEST(options.size() == 8u);
  BOOST_TEST(joined(options) ==
             joined(all_of(read(manual_page), "Fl -([a-z]+)[ \n][^/]")));
}

BOOST_AUTO_TEST_CASE(the_exit_codes_are_the_same_everywhere) {
  const auto codes = std::set<std::string>{"0", "1", "2", "3", "4", "5"};
  const std::string help = test::verify_filesystem({"--help"}).output;
  BOOST_TEST(joined(codes) ==
             joined(all_of(help.substr(help.find("Exit code")), "([0-9])")));
  BOOST_TEST(joined(codes) ==
             joined(all_of(read(manual_page), "\n\\.It ([0-9])\n")));
  BOOST_TEST(joined(codes) ==
             joined(all_of(read("doc/recipes/check_a_file_system.md"),
                           "\n\\| ([0-9]) \\| ")));
}

// The sample is from a run, so a row that is renamed must be renamed there.
BOOST_AUTO_TEST_CASE(the_manual_shows_the_rows_of_a_run) {
  const test::temporary_folder folder;
  const std::string said =
      test::verify_filesystem({"-mflock", folder.path().string()}).output;
  const std::string page = read("doc/recipes/check_a_file_system.md");
  const std::regex row("\n((  )?[a-z][^:\n]*[a-z0-9](: p50, max)?) {2,}");
  std::size_t rows = 0;
  for (std::sregex_iterator each(said.begin(), said.end(), row), end;
       each != end; ++each, ++rows)
    BOOST_TEST(page.find('\n' + (*each)[1].str() + "  ") != page.npos,
               (*each)[1].str());
  BOOST_TEST(rows >= 7u, said);
}

BOOST_AUTO_TEST_CASE(the_manual_page_is_well_formed) {
  test::child_process child(
      {"sh", "-c",
       "command -v groff >/dev/null || { echo none; exit; }; "
       "groff -mandoc -Tascii -ww -z \"$0\"",
       in_tree(manual_page).string()},
      test::child_process::errors::are_output);
  const std::string said = child.read_all();
  if (said == "none\n")
    test::skipped("the manual page", "no groff");
  else
    BOOST_TEST(said == "");
}

BOOST_AUTO_TEST_SUITE_END()
