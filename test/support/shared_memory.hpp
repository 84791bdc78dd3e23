// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef FILELOCK_TEST_SUPPORT_SHARED_MEMORY_HPP
#define FILELOCK_TEST_SUPPORT_SHARED_MEMORY_HPP

#include <sys/mman.h>

#include <new>
#include <stdexcept>

namespace test {

/// A T that this process shares with its later children.
template <class T>
class shared_memory {
public:
  shared_memory()
      : memory_(::mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE,
                       MAP_SHARED | MAP_ANONYMOUS, -1, 0)) {
    if (memory_ == MAP_FAILED) throw std::runtime_error("mmap");
    value_ = new (memory_) T();
  }
  ~shared_memory() { ::munmap(memory_, sizeof(T)); }
  shared_memory(const shared_memory&) = delete;
  shared_memory& operator=(const shared_memory&) = delete;

  T& operator*() const { return *value_; }
  T* operator->() const { return value_; }

private:
  void* memory_;
  T* value_;
};

} // namespace test

#endif
