// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Files and locks of the system, without the library.

#ifndef FILELOCK_TEST_SUPPORT_NATIVE_FILE_HPP
#define FILELOCK_TEST_SUPPORT_NATIVE_FILE_HPP

#include <filelock/lock_request.hpp>

#if defined(_WIN32)
#include "win_native_file.hpp"
#else
#include "posix_native_file.hpp"
#endif

namespace test {

/// A lock that the system was asked for as the seed asks for it.
class raw_lock {
public:
  explicit raw_lock(const std::filesystem::path& path)
      : descriptor_(open_descriptor(path)),
        is_held_(lock_as_the_seed(descriptor_)) {}
  ~raw_lock() { close_descriptor(descriptor_); }
  raw_lock(const raw_lock&) = delete;
  raw_lock& operator=(const raw_lock&) = delete;

  bool is_held() const { return is_held_; }

private:
  int descriptor_;
  bool is_held_;
};

} // namespace test

#endif
