// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The laws need no test framework, and no tools.

#include <filelock/testing/platform_laws.hpp>

#include <filelock/platform/native_traits.hpp>

#include <filesystem>
#include <string>

std::string laws_that_native_traits_breaks(const std::filesystem::path& folder);

std::string
laws_that_native_traits_breaks(const std::filesystem::path& folder) {
  return filelock::broken_laws<filelock::native_traits>(folder);
}
