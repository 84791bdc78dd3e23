// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Part of native_law_tools.hpp.

#ifndef FILELOCK_TEST_SUPPORT_WIN_LAW_TOOLS_HPP
#define FILELOCK_TEST_SUPPORT_WIN_LAW_TOOLS_HPP

#include <filelock/platform/win_file.hpp>
#include <filelock/testing/law_tools.hpp>

#include "native_file.hpp"
#include "skipped.hpp"
#include "wine.hpp"

#include <windows.h>

#include <filesystem>
#include <system_error>
#include <type_traits>

namespace test {

/// Wine lets anyone write what is locked.
inline bool can_tell_mandatory() {
  if (is_wine()) skipped("fact: mandatory", "Wine does not enforce locks");
  return !is_wine();
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
  /// The system has no conversion: it is a release and an attempt.
  static bool upgrade(void* handle, std::error_code& ec) {
    P::unlock(handle, {filelock::lock_mode::shared, {}}, ec);
    return P::try_lock(handle, {filelock::lock_mode::exclusive, {}}, ec);
  }
  static bool may_write(const std::filesystem::path& path) {
    if (!test::can_tell_mandatory()) return !P::mandatory;
    const HANDLE handle = test::open_native(path);
    DWORD written = 0;
    const bool result = ::WriteFile(handle, "x", 1, &written, nullptr) != 0;
    test::close_native(handle);
    return result;
  }
  static void remove(const std::filesystem::path& path) {
    test::delete_file(path);
  }
};

} // namespace filelock

#endif
