// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// left_out <test> <package> ...: says of each pair that b2 leaves out the test,
// which needs the package.

#include "skipped.hpp"

#include <string>

int main(int argc, char** argv) {
  if (argc < 3 || argc % 2 == 0) return 1;
  for (int i = 1; i != argc; i += 2)
    test::skipped(argv[i], (std::string("needs ") + argv[i + 1]).c_str());
}
