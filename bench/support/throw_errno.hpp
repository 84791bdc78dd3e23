// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef FILELOCK_BENCH_SUPPORT_THROW_ERRNO_HPP
#define FILELOCK_BENCH_SUPPORT_THROW_ERRNO_HPP

#include <cerrno>
#include <string>
#include <system_error>

namespace bench {

/// Throws what errno says of the call that has just failed.
[[noreturn]] inline void throw_errno(const std::string& call) {
  throw std::system_error(errno, std::generic_category(), call);
}

} // namespace bench

#endif
