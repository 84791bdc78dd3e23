// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The number of this process, as the system counts.

#ifndef FILELOCK_DETAIL_THIS_PROCESS_HPP
#define FILELOCK_DETAIL_THIS_PROCESS_HPP

#include <filelock/detail/config.hpp>

#if FILELOCK_HAS_FORK
#include <unistd.h>
#else
#include <boost/winapi/get_current_process_id.hpp>
#endif

#include <cstdint>

namespace filelock {
inline namespace v1 {
namespace detail {

inline std::int64_t this_process() noexcept {
#if FILELOCK_HAS_FORK
  return ::getpid();
#else
  return boost::winapi::GetCurrentProcessId();
#endif
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
