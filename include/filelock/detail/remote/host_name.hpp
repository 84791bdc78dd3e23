// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// What the owner of a lock calls its machine.

#ifndef FILELOCK_DETAIL_REMOTE_HOST_NAME_HPP
#define FILELOCK_DETAIL_REMOTE_HOST_NAME_HPP

#include <unistd.h>

#include <array>
#include <string>

namespace filelock {
inline namespace v1 {
namespace detail {

/// \returns The name of this machine. Empty if it has none.
/// \throws std::bad_alloc if there is no memory.
inline std::string host_name() {
  // A longer name may be left without its end: gethostname(2).
  std::array<char, 257> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return "";
  return name.data();
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
