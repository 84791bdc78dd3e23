// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The system calls of the library, each of which can be told to fail. For one
// program: it defines the functions of the C library, and calls the real ones.

#ifndef FILELOCK_TEST_SUPPORT_FAILING_CALLS_HPP
#define FILELOCK_TEST_SUPPORT_FAILING_CALLS_HPP

#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/vfs.h>
#include <time.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstddef>
#include <vector>

namespace test {

/// The calls, in the order of their names below.
enum class system_call {
  open,
  openat,
  close,
  flock,
  fcntl,
  fstat,
  stat,
  lstat,
  fstatfs,
  unlink,
  pread,
  pwrite,
  ftruncate,
  fdatasync,
  fsync,
  fallocate,
  mmap,
  create_thread,
  init_mutex,
  share_mutex,
  make_mutex_robust,
  try_mutex,
  time_mutex,
  count
};

inline constexpr std::size_t call_count =
    static_cast<std::size_t>(system_call::count);

struct call_errors {
  const char* name;
  /// Of its manual page, and of file servers. EBADF is left out: it says that
  /// a stranger closed the descriptor, which is nobody's any more.
  std::vector<int> errors;
};

inline const std::array<call_errors, call_count>& all_calls() {
  static const std::array<call_errors, call_count> calls = {{
      {"open",
       {EINTR,  EACCES, EROFS,  EPERM,  ETXTBSY,      ENOENT,     ENOTDIR,
        EISDIR, ELOOP,  EMFILE, ENFILE, ENOMEM,       ENOSPC,     EDQUOT,
        EIO,    ESTALE, ENXIO,  ENODEV, ENAMETOOLONG, EWOULDBLOCK}},
      {"openat", {EINTR, EACCES, EMFILE, ENOMEM, EIO, ESTALE}},
      {"close", {EINTR, EIO, ENOSPC, EDQUOT}},
      {"flock",
       {EINTR, EWOULDBLOCK, ENOLCK, EIO, EOPNOTSUPP, ENOSYS, EINVAL, EACCES,
        ESTALE}},
      {"fcntl",
       {EINTR, EAGAIN, EACCES, EDEADLK, ENOLCK, EIO, EOPNOTSUPP, ENOSYS, EINVAL,
        EMFILE, ESTALE}},
      {"fstat", {EIO, ENOMEM, ESTALE, EOVERFLOW}},
      {"stat", {ENOENT, EACCES, EIO, ELOOP, ENOMEM, ESTALE, ENOTDIR}},
      {"lstat", {ENOENT, EACCES, EIO, ELOOP, ENOMEM, ESTALE, ENOTDIR}},
      {"fstatfs", {EINTR, EIO, ENOSYS, ENOMEM, ESTALE}},
      {"unlink", {ENOENT, EACCES, EPERM, EBUSY, EROFS, EIO, ESTALE, EISDIR}},
      {"pread", {EINTR, EIO, ESTALE, EISDIR}},
      {"pwrite", {EINTR, EIO, ENOSPC, EDQUOT, EFBIG, ESTALE}},
      {"ftruncate", {EINTR, EIO, EFBIG, EPERM, EROFS}},
      {"fdatasync", {EINTR, EIO, ENOSPC, EDQUOT, EROFS, EINVAL}},
      {"fsync", {EINTR, EIO, ENOSPC, EDQUOT, EROFS, EINVAL}},
      {"posix_fallocate", {EINTR, EIO, ENOSPC, EFBIG, ENODEV, EOPNOTSUPP}},
      {"mmap", {ENOMEM, EACCES, EAGAIN, ENODEV, EPERM, ENFILE}},
      {"pthread_create", {EAGAIN, EPERM}},
      {"pthread_mutex_init", {ENOMEM, EAGAIN, EPERM}},
      {"pthread_mutexattr_setpshared", {ENOTSUP, EINVAL}},
      {"pthread_mutexattr_setrobust", {ENOTSUP, EINVAL}},
      {"pthread_mutex_trylock", {EBUSY, EAGAIN, EINVAL, ENOTRECOVERABLE}},
      {"pthread_mutex_timedlock",
       {ETIMEDOUT, EAGAIN, EINVAL, EDEADLK, ENOTRECOVERABLE}},
  }};
  return calls;
}

/// Says which call fails. Constant-initialised: the functions are called before
/// main(), and by other threads.
class call_script {
public:
  /// Effects: counts the calls from now on.
  static void count() noexcept { begin(system_call::count, 0, 0); }

  /// Effects: counts them, and lets the `nth` of `call` fail, from 1 on.
  static void fail(system_call call, int nth, int error) noexcept {
    begin(call, nth, error);
  }

  /// \returns Whether the call was made that was to fail.
  static bool end() noexcept {
    is_on = false;
    return has_failed;
  }

  static int calls(system_call call) noexcept { return count_of(call); }

  /// \returns The error of this call; 0: it is to be made.
  static int error_of(system_call call) noexcept {
    if (!is_on) return 0;
    const int at = ++count_of(call);
    if (call != which || at != nth_) return 0;
    has_failed = true;
    return error_;
  }

private:
  static void begin(system_call call, int nth, int error) noexcept {
    for (auto& each : counts)
      each = 0;
    has_failed = false;
    which = call;
    nth_ = nth;
    error_ = error;
    is_on = true;
  }

  static std::atomic<int>& count_of(system_call call) noexcept {
    return counts[static_cast<std::size_t>(call)];
  }

  static inline std::atomic<bool> is_on{false};
  static inline std::atomic<bool> has_failed{false};
  static inline std::atomic<system_call> which{system_call::count};
  static inline std::atomic<int> nth_{0};
  static inline std::atomic<int> error_{0};
  static inline std::array<std::atomic<int>, call_count> counts{};
};

/// \returns The function of the C library.
template <class Function>
Function* real(const char* name) noexcept {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

/// \returns Whether the call fails; then errno is set.
inline bool fails(system_call call) noexcept {
  const int error = call_script::error_of(call);
  if (error != 0) errno = error;
  return error != 0;
}

} // namespace test

// A function of the C library, by its symbol: its C++ name has been declared by
// system headers, with other attributes on each system. This one sets errno.
#define FILELOCK_TEST_CALL(call, symbol, result, failure, parameters,          \
                           arguments)                                          \
  extern "C" result filelock_test_##symbol parameters __asm__(#symbol);        \
  extern "C" result filelock_test_##symbol parameters {                        \
    static const auto next = test::real<result parameters>(#symbol);           \
    if (test::fails(test::system_call::call)) return failure;                  \
    return next arguments;                                                     \
  }

// This one returns its error.
#define FILELOCK_TEST_CODE(call, symbol, parameters, arguments)                \
  extern "C" int filelock_test_##symbol parameters __asm__(#symbol);           \
  extern "C" int filelock_test_##symbol parameters {                           \
    static const auto next = test::real<int parameters>(#symbol);              \
    const int error = test::call_script::error_of(test::system_call::call);    \
    return error != 0 ? error : next arguments;                                \
  }

using filelock_test_time = const struct ::timespec*;
using filelock_test_thread_main = void* (*)(void*);
using filelock_test_attributes = const ::pthread_attr_t*;
using filelock_test_mutex_attributes = const ::pthread_mutexattr_t*;

FILELOCK_TEST_CALL(flock, flock, int, -1, (int file, int operation),
                   (file, operation))
FILELOCK_TEST_CALL(fstat, fstat64, int, -1, (int file, struct ::stat64* to),
                   (file, to))
FILELOCK_TEST_CALL(stat, stat64, int, -1,
                   (const char* path, struct ::stat64* to), (path, to))
FILELOCK_TEST_CALL(lstat, lstat64, int, -1,
                   (const char* path, struct ::stat64* to), (path, to))
FILELOCK_TEST_CALL(fstatfs, fstatfs64, int, -1,
                   (int file, struct ::statfs64* to), (file, to))
FILELOCK_TEST_CALL(unlink, unlink, int, -1, (const char* path), (path))
FILELOCK_TEST_CALL(pread, pread64, ::ssize_t, -1,
                   (int file, void* to, std::size_t size, ::off64_t offset),
                   (file, to, size, offset))
FILELOCK_TEST_CALL(pwrite, pwrite64, ::ssize_t, -1,
                   (int file, const void* from, std::size_t size,
                    ::off64_t offset),
                   (file, from, size, offset))
FILELOCK_TEST_CALL(ftruncate, ftruncate64, int, -1, (int file, ::off64_t size),
                   (file, size))
FILELOCK_TEST_CALL(fdatasync, fdatasync, int, -1, (int file), (file))
FILELOCK_TEST_CALL(fsync, fsync, int, -1, (int file), (file))
FILELOCK_TEST_CALL(mmap, mmap, void*, MAP_FAILED,
                   (void* at, std::size_t size, int protection, int flags,
                    int file, ::off_t offset),
                   (at, size, protection, flags, file, offset))
FILELOCK_TEST_CODE(fallocate, posix_fallocate,
                   (int file, ::off_t offset, ::off_t size),
                   (file, offset, size))
FILELOCK_TEST_CODE(create_thread, pthread_create,
                   (::pthread_t * thread, filelock_test_attributes attributes,
                    filelock_test_thread_main main, void* argument),
                   (thread, attributes, main, argument))
FILELOCK_TEST_CODE(init_mutex, pthread_mutex_init,
                   (::pthread_mutex_t * mutex,
                    filelock_test_mutex_attributes attributes),
                   (mutex, attributes))
FILELOCK_TEST_CODE(share_mutex, pthread_mutexattr_setpshared,
                   (::pthread_mutexattr_t * attributes, int shared),
                   (attributes, shared))
FILELOCK_TEST_CODE(make_mutex_robust, pthread_mutexattr_setrobust,
                   (::pthread_mutexattr_t * attributes, int robust),
                   (attributes, robust))
FILELOCK_TEST_CODE(try_mutex, pthread_mutex_trylock,
                   (::pthread_mutex_t * mutex), (mutex))
FILELOCK_TEST_CODE(time_mutex, pthread_mutex_timedlock,
                   (::pthread_mutex_t * mutex, filelock_test_time time),
                   (mutex, time))
FILELOCK_TEST_CODE(time_mutex, pthread_mutex_clocklock,
                   (::pthread_mutex_t * mutex, ::clockid_t clock,
                    filelock_test_time time),
                   (mutex, clock, time))

// Functions of more than one kind.
extern "C" {
int filelock_test_close(int file) __asm__("close");
int filelock_test_open(const char* path, int flags, ...) __asm__("open");
int filelock_test_openat(int folder, const char* path, int flags,
                         ...) __asm__("openat");
int filelock_test_fcntl(int file, int command, ...) __asm__("fcntl64");

// The descriptor is closed all the same: close(2).
int filelock_test_close(int file) {
  static const auto next = test::real<int(int)>("close");
  const int error = test::call_script::error_of(test::system_call::close);
  const int result = next(file);
  if (error != 0) errno = error;
  return error != 0 ? -1 : result;
}

int filelock_test_open(const char* path, int flags, ...) {
  static const auto next = test::real<int(const char*, int, ...)>("open");
  va_list arguments;
  va_start(arguments, flags);
  const ::mode_t mode =
      (flags & O_CREAT) != 0 ? va_arg(arguments, ::mode_t) : 0;
  va_end(arguments);
  if (test::fails(test::system_call::open)) return -1;
  return next(path, flags, mode);
}

int filelock_test_openat(int folder, const char* path, int flags, ...) {
  static const auto next =
      test::real<int(int, const char*, int, ...)>("openat");
  if (test::fails(test::system_call::openat)) return -1;
  return next(folder, path, flags); // without O_CREAT
}

int filelock_test_fcntl(int file, int command, ...) {
  static const auto next = test::real<int(int, int, ...)>("fcntl64");
  va_list arguments;
  va_start(arguments, command);
  void* const argument = va_arg(arguments, void*); // a number has its size too
  va_end(arguments);
  if (test::fails(test::system_call::fcntl)) return -1;
  return next(file, command, argument);
}
}

#undef FILELOCK_TEST_CALL
#undef FILELOCK_TEST_CODE

#endif
