// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The file of a robust lock: a header, and a mutex that all processes map. The
/// format is documented in doc/concepts/robust_file.md, and never changes
/// without the version.

#ifndef FILELOCK_DETAIL_POSIX_ROBUST_FORMAT_HPP
#define FILELOCK_DETAIL_POSIX_ROBUST_FORMAT_HPP

#include <filelock/detail/posix/process_identity.hpp>

#include <pthread.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace filelock {
inline namespace v1 {
namespace detail {

/// What programs must have in common to use one mutex.
struct robust_abi {
  std::uint8_t pointer_size = sizeof(void*);
  std::uint8_t mutex_size = sizeof(::pthread_mutex_t);
#if defined(__GLIBC__)
  std::uint8_t c_library = 1;
#else
  std::uint8_t c_library = 2; // musl has no macro of its own
#endif
  std::uint8_t reserved = 0;
};

/// The first 64 bytes of the file.
struct robust_header {
  static constexpr char text[17] = "filelock robust\n";
  static constexpr std::uint32_t this_version = 1;
  enum state : std::uint32_t { being_made, ready };

  char magic[16];
  std::uint32_t version = this_version;
  robust_abi abi;
  std::atomic<std::uint32_t> progress{being_made}; ///< a state, set last
  /// How often an owner has begun to remove a name of the file.
  std::atomic<std::uint32_t> removals{0};
  /// Where the mutex was made. After the next start of the machine it means
  /// nothing.
  boot_identity boot;
  /// How often the lock was acquired; changed by its owner.
  std::atomic<std::uint32_t> acquires{0};
  // Of the owner, for holder(): hints.
  std::atomic<std::uint32_t> owner_namespace{0};
  std::atomic<std::uint32_t> owner{0};
  /// Whether an owner has died that the kernel does not report: with the
  /// machine, or reported to an owner that gave the lock back. Valid until the
  /// next acquire.
  std::atomic<std::uint32_t> death_is_untold{0};

  robust_header() noexcept { std::memcpy(magic, text, sizeof magic); }
};

static_assert(std::is_standard_layout_v<robust_header> &&
                  sizeof(robust_header) == 64,
              "the layout is that of the file");
static_assert(std::atomic<std::uint32_t>::is_always_lock_free,
              "processes share it");

/// What the file is mapped as.
struct robust_page {
  robust_header header;
  ::pthread_mutex_t mutex;
};

inline constexpr std::size_t robust_file_size = 128;
static_assert(sizeof(robust_page) <= robust_file_size &&
                  offsetof(robust_page, mutex) == sizeof(robust_header),
              "the layout is that of the file");

/// What a file is, by its first bytes.
enum class robust_content {
  empty,       ///< to be made
  unfinished,  ///< its maker was killed: to be made
  left,        ///< from before the last start of the machine: to be made
  ready,       ///< to be mapped
  foreign,     ///< not the file of a robust lock, or a damaged one
  incompatible ///< of another version, or another ABI
};

/// \param bytes The first bytes of the file, \param count their number: all of
/// the file if that is less than a header. \param size The size of the file.
inline robust_content content_of(const void* bytes, std::size_t count,
                                 std::uint64_t size,
                                 const boot_identity& boot) noexcept {
  if (size == 0) return robust_content::empty;
  const robust_header expected;
  const auto has = [&](std::size_t offset, std::size_t length) {
    return std::memcmp(static_cast<const char*>(bytes) + offset,
                       reinterpret_cast<const char*>(&expected) + offset,
                       length) == 0;
  };
  constexpr std::size_t magic_size = sizeof expected.magic;
  if (count < magic_size || !has(0, magic_size)) return robust_content::foreign;
  if (count < sizeof expected) // its maker was killed on a full disk
    return has(0, count) ? robust_content::unfinished : robust_content::foreign;
  if (!has(offsetof(robust_header, version),
           sizeof expected.version + sizeof expected.abi))
    return robust_content::incompatible;
  if (size > robust_file_size) return robust_content::foreign;
  std::uint32_t progress;
  std::memcpy(&progress,
              static_cast<const char*>(bytes) +
                  offsetof(robust_header, progress),
              sizeof progress);
  if (progress == robust_header::being_made) return robust_content::unfinished;
  if (progress != robust_header::ready || size != robust_file_size)
    return robust_content::foreign;
  boot_identity made;
  std::memcpy(made.bytes,
              static_cast<const char*>(bytes) + offsetof(robust_header, boot),
              sizeof made.bytes);
  return made == boot ? robust_content::ready : robust_content::left;
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
