// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Part of native_law_tools.hpp.

#ifndef FILELOCK_TEST_SUPPORT_POSIX_LAW_TOOLS_HPP
#define FILELOCK_TEST_SUPPORT_POSIX_LAW_TOOLS_HPP

#include <filelock/detail/config.hpp>
#include <filelock/platform/posix_file.hpp>
#include <filelock/platform/posix_robust_traits.hpp>
#include <filelock/testing/law_tools.hpp>

#include "process_owner.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <type_traits>

namespace test {

inline bool can_tell_mandatory() { return true; }

inline bool may_write(const std::filesystem::path& path) {
  const int handle = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  const bool result = handle >= 0 && ::write(handle, "x", 1) == 1;
  ::close(handle);
  return result;
}

} // namespace test

namespace filelock {

template <class P>
struct law_tools<P,
                 std::enable_if_t<std::is_base_of_v<filelock::posix_file, P>>> {
  using process_owner = test::process_owner<P>;

  static int duplicate(int handle) { return ::dup(handle); }
  static bool may_write(const std::filesystem::path& path) {
    return test::may_write(path);
  }
};

#if FILELOCK_HAS_ROBUST_MUTEX
template <class P>
struct law_tools<P,
                 std::enable_if_t<std::is_base_of_v<posix_robust_traits, P>>> {
  using process_owner = test::process_owner<P>;

  static bool may_write(const std::filesystem::path& path) {
    return test::may_write(path);
  }
};
#endif

} // namespace filelock

#endif
