// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// ThreadSanitizer does not see a file lock. These functions tell it that a
/// release happens before the acquire that it lets in. The key is the file, so
/// a race on data under unrelated locks is still reported.
/// https://github.com/llvm/llvm-project/blob/main/compiler-rt/lib/tsan/rtl/tsan_interface.h

#ifndef FILELOCK_DETAIL_LOCK_THREAD_SANITIZER_HPP
#define FILELOCK_DETAIL_LOCK_THREAD_SANITIZER_HPP

#include <filelock/detail/config.hpp>
#include <filelock/detail/platform/platform_traits.hpp>

#include <filesystem>

#if FILELOCK_THREAD_SANITIZER

#include <cstddef>
#include <cstdint>

extern "C" void __tsan_acquire(void* address);
extern "C" void __tsan_release(void* address);

namespace filelock {
inline namespace v1 {
namespace detail {

/// Addresses that stand for files. Nothing is stored there. Two files share an
/// address with a chance of one in a million, and then hide each other's races.
struct alignas(8) file_address {
  char bytes[8];
};
inline constexpr std::size_t file_addresses = std::size_t{1} << 20;
FILELOCK_SHARED_BY_PROCESS inline file_address address_of_file[file_addresses];

inline void* tsan_address(std::uint64_t number) {
  const std::uint64_t mixed = number * 0x9E3779B97F4A7C15u;
  return &address_of_file[(mixed >> 32) % file_addresses];
}

template <class Platform>
void* tsan_address(const typename Platform::native_handle_type& handle) {
  if constexpr (has_identity_v<Platform>) {
    return tsan_address(Platform::identity(handle));
  } else {
    return nullptr;
  }
}

template <class Platform>
void tell_acquired(const typename Platform::native_handle_type& handle) {
  if (void* address = tsan_address<Platform>(handle)) __tsan_acquire(address);
}

template <class Platform>
void tell_released(const typename Platform::native_handle_type& handle) {
  if (void* address = tsan_address<Platform>(handle)) __tsan_release(address);
}

// The removal of a file lets in an acquire of another file on the same path.
inline void tell_acquired(const std::filesystem::path& path) {
  __tsan_acquire(tsan_address(std::filesystem::hash_value(path)));
}

inline void tell_released(const std::filesystem::path& path) {
  __tsan_release(tsan_address(std::filesystem::hash_value(path)));
}

} // namespace detail
} // namespace v1
} // namespace filelock

#else

namespace filelock {
inline namespace v1 {
namespace detail {

template <class Platform>
void tell_acquired(const typename Platform::native_handle_type&) noexcept {}
template <class Platform>
void tell_released(const typename Platform::native_handle_type&) noexcept {}
inline void tell_acquired(const std::filesystem::path&) noexcept {}
inline void tell_released(const std::filesystem::path&) noexcept {}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif

#endif
