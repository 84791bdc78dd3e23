// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef FILELOCK_BENCH_SUPPORT_SHARED_ARRAY_HPP
#define FILELOCK_BENCH_SUPPORT_SHARED_ARRAY_HPP

#include "throw_errno.hpp"

#include <sys/mman.h>

#include <cstddef>
#include <memory>
#include <type_traits>

namespace bench {

/// Objects that this process shares with those that it forks.
template <class T>
class shared_array {
  static_assert(std::is_trivially_destructible_v<T>);

public:
  explicit shared_array(std::size_t size) : size_(size) {
    void* const address =
        ::mmap(nullptr, size * sizeof(T), PROT_READ | PROT_WRITE,
               MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (address == MAP_FAILED) throw_errno("mmap");
    first_ = static_cast<T*>(address);
    std::uninitialized_value_construct_n(first_, size);
  }
  ~shared_array() { ::munmap(first_, size_ * sizeof(T)); }
  shared_array(const shared_array&) = delete;
  shared_array& operator=(const shared_array&) = delete;

  T& operator[](std::size_t index) const { return first_[index]; }
  T* begin() const { return first_; }
  T* end() const { return first_ + size_; }

private:
  std::size_t size_;
  T* first_;
};

} // namespace bench

#endif
