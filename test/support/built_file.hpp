// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef FILELOCK_TEST_SUPPORT_BUILT_FILE_HPP
#define FILELOCK_TEST_SUPPORT_BUILT_FILE_HPP

#ifdef BOOST_TEST_NO_OLD_TOOLS // as all tests with Boost.Test are compiled
#include <boost/test/unit_test.hpp>
#endif

#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace test {

/// \returns The path of the program or shared library `name` that was built
/// for this test. CTest says it in FILELOCK_<NAME>; b2, which sets no
/// variables, in an argument after `--`.
inline std::string built_file(const std::string& name) {
  std::string variable = "FILELOCK_" + name;
  for (char& c : variable)
    c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  if (const char* const path = std::getenv(variable.c_str())) return path;
#ifdef BOOST_TEST_NO_OLD_TOOLS
  const auto& program = boost::unit_test::framework::master_test_suite();
  for (int i = 1; i < program.argc; ++i) {
    const std::filesystem::path path = program.argv[i];
    if (path.filename().string().find(name) != std::string::npos)
      return std::filesystem::absolute(path).string();
  }
#endif
  throw std::runtime_error(variable + " is not set, and no argument is " +
                           name);
}

} // namespace test

#endif
