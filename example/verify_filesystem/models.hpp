// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The models of a lock that this machine has.

#ifndef FILELOCK_EXAMPLE_VERIFY_FILESYSTEM_MODELS_HPP
#define FILELOCK_EXAMPLE_VERIFY_FILESYSTEM_MODELS_HPP

#include "findings.hpp"

#include <filelock/filelock.hpp>
#include <filelock/platform/queued.hpp>

namespace verify {

/// The Platform whose waits have a deadline, for a Platform without such waits.
template <class P>
struct timed {
  using type = filelock::queued<P>;
};
// Its timed waits poll.
template <>
struct timed<filelock::posix_fcntl_traits> {
  using type = filelock::posix_fcntl_traits;
};
template <>
struct timed<filelock::posix_robust_traits> {
  using type = filelock::posix_robust_traits;
};

template <class P>
inline constexpr bool has_shared_locks = true;
template <>
inline constexpr bool has_shared_locks<filelock::posix_robust_traits> = false;

template <class P>
inline constexpr bool has_cancel = true;
template <>
inline constexpr bool has_cancel<filelock::posix_fcntl_traits> = false;

inline void name(model_findings& model, filelock::posix_flock_traits) {
  model.name = "posix_flock_traits";
  model.short_name = "flock";
}
inline void name(model_findings& model, filelock::posix_ofd_traits) {
  model.name = "posix_ofd_traits";
  model.short_name = "ofd";
}
inline void name(model_findings& model, filelock::posix_fcntl_traits) {
  model.name = "posix_fcntl_traits";
  model.short_name = "fcntl";
}
inline void name(model_findings& model, filelock::posix_robust_traits) {
  model.name = "posix_robust_traits";
  model.short_name = "robust";
  model.needs = "; it needs a file system that only this machine can mount";
}

} // namespace verify

#endif
