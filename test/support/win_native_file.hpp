// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Part of native_file.hpp.

#ifndef FILELOCK_TEST_SUPPORT_WIN_NATIVE_FILE_HPP
#define FILELOCK_TEST_SUPPORT_WIN_NATIVE_FILE_HPP

#include <filelock/lock_request.hpp>

#include "wine.hpp"

#include <fcntl.h>
#include <io.h>
#include <share.h>
#include <sys/locking.h>
#include <sys/stat.h>
#include <windows.h>

#include <filesystem>

namespace test {

inline HANDLE open_native(const std::filesystem::path& path) {
  return ::CreateFileW(path.c_str(), GENERIC_READ | GENERIC_WRITE,
                       FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                       nullptr, OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, nullptr);
}

/// Wine keeps a deleted name until the last handle of the file is closed.
inline void delete_file(const std::filesystem::path& path) {
  if (is_wine())
    run_below_wine(LR"(Z:\bin\rm )" + path_below_wine(path),
                   [&] { return !std::filesystem::exists(path); });
  else
    std::filesystem::remove(path);
}

inline bool close_native(HANDLE handle) { return ::CloseHandle(handle) != 0; }

inline bool is_open_native(HANDLE handle) {
  return ::GetFileType(handle) != FILE_TYPE_UNKNOWN;
}

/// Waits for the lock.
inline bool lock_native(HANDLE handle, filelock::lock_mode mode) {
  OVERLAPPED start{};
  const bool is_shared = mode == filelock::lock_mode::shared;
  return ::LockFileEx(handle, is_shared ? 0 : LOCKFILE_EXCLUSIVE_LOCK, 0, 1, 0,
                      &start) != 0;
}

inline int open_descriptor(const std::filesystem::path& path) {
  return ::_wsopen(path.c_str(), _O_RDWR | _O_CREAT | _O_BINARY | _O_NOINHERIT,
                   _SH_DENYNO, _S_IREAD | _S_IWRITE);
}

inline void close_descriptor(int descriptor) { ::_close(descriptor); }

/// As the seed does: msvcrt.locking(fd, LK_NBLCK, 1) at offset 0.
inline bool lock_as_the_seed(int descriptor) {
  return ::_locking(descriptor, _LK_NBLCK, 1) == 0;
}

} // namespace test

#endif
