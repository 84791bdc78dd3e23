// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The stack size of a small thread. The thread_local variables of the whole
/// program take their space from it.

#ifndef FILELOCK_DETAIL_POSIX_THREAD_STACK_HPP
#define FILELOCK_DETAIL_POSIX_THREAD_STACK_HPP

#include <filelock/detail/config.hpp>

#include <pthread.h>

#if __has_include(<link.h>)
#include <link.h>
#endif

#include <cstddef>

namespace filelock {
inline namespace v1 {
namespace detail {

#if __has_include(<link.h>)
// dl_iterate_phdr(3)
extern "C" FILELOCK_OWN_OF_LIBRARY inline int
filelock_v1_add_thread_local_size(::dl_phdr_info* object, std::size_t,
                                  void* sum) {
  for (int i = 0; i != object->dlpi_phnum; ++i)
    if (object->dlpi_phdr[i].p_type == PT_TLS)
      *static_cast<std::size_t*>(sum) +=
          object->dlpi_phdr[i].p_memsz + object->dlpi_phdr[i].p_align;
  return 0;
}
#endif

/// Makes the stack of the thread that is created with `how` as small as
/// possible for a system call and an unwinder. If it is not known what else
/// needs space on it, the size stays as it is.
inline void make_stack_small([[maybe_unused]] ::pthread_attr_t& how) noexcept {
#if __has_include(<link.h>)
  // glibc keeps the thread_local variables on the stack, and starts a thread
  // even if its stack is too small for more:
  // https://sourceware.org/bugzilla/show_bug.cgi?id=11787
  std::size_t size = std::size_t{64} * 1024;
  ::dl_iterate_phdr(&filelock_v1_add_thread_local_size, &size);
  // If the system requires more, it refuses, and the size stays as it is.
  ::pthread_attr_setstacksize(&how, size);
#endif
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
