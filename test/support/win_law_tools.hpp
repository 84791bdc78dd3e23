// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Part of native_law_tools.hpp.

#ifndef FILELOCK_TEST_SUPPORT_WIN_LAW_TOOLS_HPP
#define FILELOCK_TEST_SUPPORT_WIN_LAW_TOOLS_HPP

#include <filelock/platform/win_file.hpp>
#include <filelock/platform/win_mutex_traits.hpp>
#include <filelock/testing/law_tools.hpp>

#include "native_file.hpp"
#include "skipped.hpp"
#include "wine.hpp"

#include <windows.h>

#include <filesystem>
#include <type_traits>

namespace test {

/// Wine lets anyone write what is locked.
inline bool can_tell_mandatory() {
  if (is_wine()) skipped("fact: mandatory", "Wine does not enforce locks");
  return !is_wine();
}

inline bool may_write(const std::filesystem::path& path) {
  const HANDLE handle = open_native(path);
  DWORD written = 0;
  const bool result = ::WriteFile(handle, "x", 1, &written, nullptr) != 0;
  close_native(handle);
  return result;
}

} // namespace test

namespace filelock {

template <class P>
struct law_tools<P,
                 std::enable_if_t<std::is_base_of_v<filelock::win_file, P>>> {
  static void* duplicate(void* handle) {
    const HANDLE self = ::GetCurrentProcess();
    HANDLE copy = nullptr;
    ::DuplicateHandle(self, handle, self, &copy, 0, FALSE,
                      DUPLICATE_SAME_ACCESS);
    return copy;
  }
  static bool may_write(const std::filesystem::path& path) {
    return test::can_tell_mandatory() ? test::may_write(path) : !P::mandatory;
  }
  static void remove(const std::filesystem::path& path) {
    test::delete_file(path);
  }
};

template <class P>
struct law_tools<
    P, std::enable_if_t<std::is_base_of_v<win_mutex_traits, P> ||
                        std::is_base_of_v<win_local_mutex_traits, P>>> {
  static bool may_write(const std::filesystem::path& path) {
    return test::may_write(path);
  }
  static void remove(const std::filesystem::path& path) {
    test::delete_file(path);
  }
};

} // namespace filelock

#endif
