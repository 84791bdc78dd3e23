// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// posix_interprocess_traits: the Platform of interprocess::file_lock on POSIX.
/// It opens and locks the file as boost::interprocess::file_lock does.

#ifndef FILELOCK_PLATFORM_POSIX_INTERPROCESS_TRAITS_HPP
#define FILELOCK_PLATFORM_POSIX_INTERPROCESS_TRAITS_HPP

#include <filelock/detail/config.hpp>
#include <filelock/detail/posix/large_files.hpp>
#include <filelock/detail/posix/open.hpp>
#include <filelock/detail/posix/reach.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/open_options.hpp>
#if FILELOCK_HAS_OFD_LOCKS
#include <filelock/platform/posix_ofd_traits.hpp>
#else
#include <filelock/platform/posix_fcntl_traits.hpp>
#endif

#include <fcntl.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

namespace filelock {
inline namespace v1 {

namespace detail {
#if FILELOCK_HAS_OFD_LOCKS
using posix_record_traits = posix_ofd_traits;
#else
using posix_record_traits = posix_fcntl_traits;
#endif
} // namespace detail

/// The Platform that locks as boost::interprocess::file_lock does on POSIX: by
/// record locks on the whole of an existing file.
struct posix_interprocess_traits : detail::posix_record_traits {
  /// The bytes that Boost's class locks: the whole file.
  static constexpr byte_range range{};

  /// Opens a file or a device for reading and writing. Effects: waits if
  /// open(2) does: Boost's class gives no O_NONBLOCK.
  static int open(const std::filesystem::path& path,
                  const open_options& options, std::error_code& ec) noexcept {
    constexpr int flags = detail::open_large | O_RDWR | O_CLOEXEC | O_NOCTTY;
    const int opened = detail::reach(path, [](const char* name) {
      int handle;
      do
        handle = ::open(name, flags);
      while (handle < 0 && errno == EINTR);
      return handle;
    });
    const int handle =
        opened < 0 ? opened : detail::above_standard_streams(opened, options);
    if (handle < 0) ec.assign(errno, std::generic_category());
    return handle;
  }

  /// \returns The absolute path. A forked child finds the file again by it.
  /// Empty if `ec` is set to the error of open(2) for such a name.
  static std::filesystem::path path_of(const char* name, std::error_code& ec) {
    if (!name || !*name) {
      ec = std::make_error_code(name ? std::errc::no_such_file_or_directory
                                     : std::errc::bad_address);
      return {};
    }
    std::error_code ignored; // a relative path still works in this process
    std::filesystem::path result = std::filesystem::absolute(name, ignored);
    return ignored ? name : result;
  }

  /// The error of an object that has no file.
  static std::error_code no_file_error() noexcept {
    return std::make_error_code(std::errc::bad_file_descriptor);
  }

  /// The error if another file has replaced the first.
  static std::error_code other_file_error() noexcept {
    return {ESTALE, std::generic_category()};
  }

  /// \returns The errno of `ec`.
  static int native_error(const std::error_code& ec) noexcept {
    // The error of fcntl(2) if the file, or the kernel, has no such locks.
    return ec == std::errc::not_supported ? EINVAL : ec.value();
  }
};

} // namespace v1
} // namespace filelock

#endif
