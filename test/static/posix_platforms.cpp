// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: they are not there

// What the platforms of POSIX are.

#include <filelock/concepts.hpp>
#include <filelock/detail/config.hpp>
#include <filelock/platform/native_traits.hpp>
#include <filelock/platform/posix_fcntl_traits.hpp>
#include <filelock/platform/posix_flock_traits.hpp>
#include <filelock/platform/posix_ofd_traits.hpp>

#include <type_traits>

namespace {

using filelock::posix_fcntl_traits;
using filelock::posix_flock_traits;
namespace detail = filelock::detail;

static_assert(filelock::is_platform_v<posix_flock_traits>, "flock");
static_assert(std::is_same_v<filelock::native_traits, posix_flock_traits>,
              "the default");
static_assert(detail::has_lock_v<posix_flock_traits>, "flock(2) waits");
static_assert(!detail::has_lock_until_v<posix_flock_traits>,
              "flock(2) knows no deadline");
static_assert(detail::has_convert_v<posix_flock_traits> &&
                  !posix_flock_traits::atomic_conversion,
              "flock(2), \"Converting a lock\"");
static_assert(detail::has_identity_v<filelock::posix_file>, "identity");
static_assert(posix_flock_traits::ownership ==
                  filelock::lock_ownership::open_file_description,
              "flock(2): \"associated with an open file description\"");

static_assert(filelock::is_platform_v<posix_fcntl_traits>, "fcntl");
static_assert(detail::has_lock_v<posix_fcntl_traits> &&
                  detail::has_convert_v<posix_fcntl_traits> &&
                  detail::has_holder_v<posix_fcntl_traits>,
              "F_SETLKW, F_SETLK, F_GETLK");
static_assert(!detail::has_lock_until_v<posix_fcntl_traits>,
              "fcntl(2) knows no deadline");

#if FILELOCK_HAS_OFD_LOCKS
using filelock::posix_ofd_traits;
static_assert(filelock::is_platform_v<posix_ofd_traits>, "OFD");
static_assert(detail::has_lock_v<posix_ofd_traits> &&
                  detail::has_convert_v<posix_ofd_traits> &&
                  detail::has_holder_v<posix_ofd_traits>,
              "F_OFD_SETLKW, F_OFD_SETLK, F_OFD_GETLK");
static_assert(!detail::has_lock_until_v<posix_ofd_traits>,
              "fcntl(2) knows no deadline");
#elif defined(__linux__)
#error "Linux has locks of open file descriptions"
#endif

} // namespace
