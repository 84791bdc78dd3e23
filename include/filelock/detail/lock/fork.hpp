// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Distinguishes a process from its forked child, where processes can fork.

#ifndef FILELOCK_DETAIL_LOCK_FORK_HPP
#define FILELOCK_DETAIL_LOCK_FORK_HPP

#include <filelock/detail/config.hpp>

#if FILELOCK_HAS_FORK
#include <filelock/detail/posix/fork_entry.hpp>
#else

#include <cstdint>
#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {

/// The same interface as on POSIX; here a process is never forked.
class process_origin {
public:
  constexpr process_origin() noexcept = default;

  static process_origin here(std::error_code&) noexcept {
    process_origin result;
    result.is_set_ = true;
    return result;
  }

  bool is_this_process() const noexcept { return is_set_; }
  std::uint32_t generation() const noexcept { return 0; }

private:
  bool is_set_ = false;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif

#endif
