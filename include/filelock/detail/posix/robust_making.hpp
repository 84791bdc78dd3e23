// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Makes and maps the file of a robust lock.

#ifndef FILELOCK_DETAIL_POSIX_ROBUST_MAKING_HPP
#define FILELOCK_DETAIL_POSIX_ROBUST_MAKING_HPP

#include <filelock/detail/config.hpp>
#include <filelock/detail/lesser.hpp>
#include <filelock/detail/posix/error.hpp>
#include <filelock/detail/posix/file_status.hpp>
#include <filelock/detail/posix/large_files.hpp>
#include <filelock/detail/posix/process_identity.hpp>
#include <filelock/detail/posix/robust_format.hpp>
#include <filelock/detail/posix/robust_mutex.hpp>
#include <filelock/detail/sleep.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {

/// \returns The error code of a call that failed with `error`. EAGAIN of
/// mmap(2) and pthread_mutex_init(3) is a limit that is reached; a lock takes
/// resource_unavailable_try_again for another owner.
inline std::error_code robust_error(int error) noexcept {
  return posix_error(error == EAGAIN ? ENOLCK : error);
}

inline void unmap(robust_page& page) noexcept {
  ::munmap(static_cast<void*>(&page), robust_file_size);
}

/// \returns The page; null where `ec` is set. A forked child does not have it,
/// except for ThreadSanitizer, which knows a mutex by its address: the child
/// may get the same address for a page of its own.
inline robust_page* map_robust_page(int descriptor,
                                    std::error_code& ec) noexcept {
  void* const mapped = ::mmap(nullptr, robust_file_size, PROT_READ | PROT_WRITE,
                              MAP_SHARED, descriptor, 0);
  if (mapped == MAP_FAILED) {
    ec = robust_error(errno);
    return nullptr;
  }
#if !FILELOCK_THREAD_SANITIZER
  ::madvise(mapped, robust_file_size, MADV_DONTFORK);
#endif
  return static_cast<robust_page*>(mapped);
}

/// The making of one file, under an exclusive flock. A process that is killed
/// at any moment leaves a file that the next one finishes.
///
/// Each user of the file keeps a record lock of a byte far beyond its content,
/// so a file in use is never made again: the boot_id is not the same in all
/// containers of a machine, and the header may be damaged.
class robust_making {
public:
  explicit robust_making(int descriptor) noexcept : descriptor_(descriptor) {}

  /// Makes the file if need be, and notes that this process uses it.
  /// \returns The mapped page; null where `ec` is set.
  /// Error conditions: invalid_argument: a file of another kind, or a damaged
  /// one; not_supported: of another version or ABI; or the boot is not known;
  /// resource_unavailable_try_again: another process holds the flock of the
  /// file; those of the system calls.
  robust_page* run(std::error_code& ec) noexcept {
    boot_ = this_boot(ec);
    if (!ec && !boot_.is_known())
      ec = std::make_error_code(std::errc::not_supported);
    // Another process makes the file within microseconds, unless it is stopped.
    constexpr int most_rounds = 100;
    for (int round = 0; !ec && round != most_rounds; ++round) {
      if (round != 0) sleep_for(std::chrono::microseconds(100));
      const bool is_used =
          is_to_be_made(ec) ? make_or_join(ec) : try_to_use(F_RDLCK, ec);
      if (ec || !is_used) continue;
      // It may have been made anew before that lock was taken.
      if (!is_to_be_made(ec) || found_ == robust_content::left)
        return ec ? nullptr : map(ec);
      try_to_use(F_UNLCK, ec);
    }
    if (!ec)
      ec = std::make_error_code(std::errc::resource_unavailable_try_again);
    return nullptr;
  }

private:
  /// \returns Whether this process must make the file. `ec` is set if it
  /// cannot.
  bool is_to_be_made(std::error_code& ec) noexcept {
    found_ = look(ec);
    if (ec) return false;
    if (found_ == robust_content::foreign)
      ec = std::make_error_code(std::errc::invalid_argument);
    if (found_ == robust_content::incompatible)
      ec = std::make_error_code(std::errc::not_supported);
    return !ec && found_ != robust_content::ready;
  }

  robust_content look(std::error_code& ec) noexcept {
    char bytes[sizeof(robust_header)];
    file_status before;
    file_status after;
    ::ssize_t count;
    const auto has_read = [&] {
      if (get_status(descriptor_, before) != 0) return false;
      do
        count = ::pread(descriptor_, bytes, sizeof bytes, 0);
      while (count < 0 && errno == EINTR);
      return count >= 0 && get_status(descriptor_, after) == 0;
    };
    // Another process that makes the file first lets it grow, so these bytes
    // may be older than this size. Bounded, as a stranger may write for ever.
    constexpr int most_rounds = 100;
    for (int round = 0; round != most_rounds; ++round) {
      if (!has_read()) {
        ec = posix_error(errno);
        break;
      }
      const auto length = static_cast<std::size_t>(count);
      if (before.size == after.size &&
          length == lesser<std::uint64_t>(after.size, sizeof bytes))
        return content_of(bytes, length, after.size, boot_);
    }
    return robust_content::foreign;
  }

  /// \returns The page of a file that is made.
  robust_page* map(std::error_code& ec) noexcept {
    robust_page* const page = map_robust_page(descriptor_, ec);
    const int error = page ? check_robust_mutex(page->mutex) : 0;
    if (error == 0) return page;
    unmap(*page);
    ec = robust_error(error);
    return nullptr;
  }

  /// Makes the file, if no process does so or uses it.
  /// \returns Whether others use a file of another boot_id, and now this
  /// process does too.
  bool make_or_join(std::error_code& ec) noexcept {
    if (!try_flock(ec)) return false;
    bool joins = false;
    if (try_to_use(F_WRLCK, ec)) {
      if (is_to_be_made(ec)) make(ec); // else it was made meanwhile
      std::error_code ignored;
      try_to_use(F_UNLCK, ignored);
    } else if (!ec && found_ == robust_content::left) {
      joins = try_to_use(F_RDLCK, ec);
    }
    ::flock(descriptor_, LOCK_UN);
    return joins;
  }

  /// \returns Whether this process makes the file: false with `ec` clear if
  /// another one does.
  bool try_flock(std::error_code& ec) noexcept {
    while (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
      if (errno == EINTR) continue;
      if (errno != EWOULDBLOCK) ec = posix_error(errno);
      return false;
    }
    return true;
  }

  /// Takes or releases the record lock of a user of the file.
  /// \returns False with `ec` clear if it is busy.
  bool try_to_use(short type, std::error_code& ec) noexcept {
    file_record range{};
    range.l_type = type;
    range.l_whence = SEEK_SET;
    range.l_start = (std::numeric_limits<decltype(range.l_start)>::max)() / 2;
    range.l_len = 1;
    while (large_fcntl(descriptor_, F_OFD_SETLK, &range) != 0) {
      if (errno == EINTR) continue;
      if (errno != EAGAIN && errno != EACCES) ec = posix_error(errno);
      return false;
    }
    return true;
  }

  void make(std::error_code& ec) noexcept {
    int error = 0;
    if (found_ != robust_content::left) error = write_header();
    // The blocks too: if the disk has no room for a page, its use is a SIGBUS.
    if (error == 0) do
        error = ::posix_fallocate(descriptor_, 0, robust_file_size);
      while (error == EINTR);
    if (error == 0)
      if (robust_page* const page = map_robust_page(descriptor_, ec)) {
        error = make(*page);
        unmap(*page);
      }
    if (error != 0) ec = robust_error(error);
    if (ec && found_ != robust_content::left) {
      // A file that stays unfinished is finished by the next process.
      const int ignored = large_ftruncate(descriptor_, 0);
      static_cast<void>(ignored);
    }
  }

  int write_header() noexcept {
    const robust_header header;
    ::ssize_t written;
    do
      written = ::pwrite(descriptor_, static_cast<const void*>(&header),
                         sizeof header, 0);
    while (written < 0 && errno == EINTR);
    if (written < 0) return errno;
    return written == sizeof header ? 0 : ENOSPC;
  }

  int make(robust_page& page) noexcept {
    robust_header& header = page.header;
    if (found_ == robust_content::left && was_held(page.mutex))
      header.death_is_untold.store(1);
    header.progress.store(robust_header::being_made);
    header.owner.store(0);
    header.boot = boot_;
    const int error = make_robust_mutex(page.mutex);
    if (error == 0)
      header.progress.store(robust_header::ready, std::memory_order_release);
    return error;
  }

  int descriptor_;
  boot_identity boot_;
  robust_content found_ = robust_content::empty;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
