// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The mode and the bytes that a lock asks the system for.

#ifndef FILELOCK_LOCK_REQUEST_HPP
#define FILELOCK_LOCK_REQUEST_HPP

#include <cstdint>

namespace filelock {
inline namespace v1 {

/// How a lock is held.
enum class lock_mode { unlocked, shared, exclusive };

/// A range of bytes of a file. The default is the whole file, however long it
/// grows.
struct byte_range {
  std::uint64_t offset = 0; ///< of the first byte
  std::uint64_t length = 0; ///< in bytes; zero: to the end of the file

  /// \returns Whether the range is every byte, now and later.
  constexpr bool is_whole_file() const noexcept {
    return offset == 0 && length == 0;
  }
};

/// The mode and the bytes of a lock.
struct lock_request {
  lock_mode mode = lock_mode::exclusive; ///< never unlocked
  byte_range range{};                    ///< the bytes of the file
};

/// What the system regards as the owner of a lock.
enum class lock_ownership { process, open_file_description, handle, thread };

} // namespace v1
} // namespace filelock

#endif
