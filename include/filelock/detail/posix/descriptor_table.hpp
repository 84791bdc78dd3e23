// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// A table with an entry for each file descriptor, which a forked child can
/// read at any moment.

#ifndef FILELOCK_DETAIL_POSIX_DESCRIPTOR_TABLE_HPP
#define FILELOCK_DETAIL_POSIX_DESCRIPTOR_TABLE_HPP

#include <sys/mman.h>

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace filelock {
inline namespace v1 {
namespace detail {

/// \returns Memory that is filled with zeros. Null if there is none. Not from
/// the heap: a child that is forked while another thread asks for it sees
/// either nothing or zeros.
inline void* map_zeros(std::size_t size) noexcept {
  void* const result = ::mmap(nullptr, size, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return result == MAP_FAILED ? nullptr : result;
}

/// The table. Lock-free, as a thread that forks must not wait for a thread that
/// writes. It never shrinks, and an entry never moves. An entry lies in one
/// page: a child copies the memory page by page, and must read a consistent
/// entry.
class descriptor_table {
public:
  /// The record of a descriptor. A serial number of zero: no record.
  struct alignas(16) entry {
    std::atomic<std::uint64_t> serial{0};
    std::atomic<std::uint64_t> identity{0};
  };

  /// \returns The entry; null if it was never made.
  entry* find(int descriptor) noexcept {
    const place at = place_of(descriptor);
    entry* const chunk = chunks_[at.chunk].load(std::memory_order_acquire);
    return chunk ? chunk + at.index : nullptr;
  }

  /// \returns The entry; null if there is no memory for it.
  entry* make(int descriptor) noexcept {
    const place at = place_of(descriptor);
    std::atomic<entry*>& chunk = chunks_[at.chunk];
    entry* found = chunk.load(std::memory_order_acquire);
    if (!found) {
      const std::size_t size = size_of(at.chunk) * sizeof(entry);
      // All zeros is the initial value of the entries.
      entry* const made = static_cast<entry*>(map_zeros(size));
      if (!made) return nullptr;
      if (chunk.compare_exchange_strong(found, made, std::memory_order_acq_rel))
        found = made;
      else
        ::munmap(made, size);
    }
    return found + at.index;
  }

  /// Calls `visit(descriptor, entry)` for each entry that was ever made.
  template <class Visit>
  void for_each(Visit visit) noexcept {
    for (std::size_t i = 0; i != chunk_count; ++i)
      if (entry* const chunk = chunks_[i].load(std::memory_order_acquire))
        for (std::size_t index = 0; index != size_of(i); ++index)
          visit(static_cast<int>(begin_of(i) + index), chunk[index]);
  }

private:
  // Each chunk is twice as long as its predecessor.
  static constexpr std::size_t first_size = 256;
  static constexpr std::size_t chunk_count = 24;

  struct place {
    std::size_t chunk;
    std::size_t index;
  };

  static constexpr std::size_t size_of(std::size_t chunk) noexcept {
    return first_size << chunk;
  }
  static constexpr std::size_t begin_of(std::size_t chunk) noexcept {
    return size_of(chunk) - first_size;
  }
  static place place_of(int descriptor) noexcept {
    const auto number = static_cast<std::size_t>(descriptor);
    std::size_t chunk = 0;
    while (number >= begin_of(chunk + 1))
      ++chunk;
    return {chunk, number - begin_of(chunk)};
  }

  std::atomic<entry*> chunks_[chunk_count]{};
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
