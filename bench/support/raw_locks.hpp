// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The bare system calls that locks stand on, in the form of a lock.

#ifndef FILELOCK_BENCH_SUPPORT_RAW_LOCKS_HPP
#define FILELOCK_BENCH_SUPPORT_RAW_LOCKS_HPP

#include <filelock/detail/config.hpp>

#include "lock_file_descriptor.hpp"
#include "throw_errno.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>

namespace bench {

class raw_flock : lock_file_descriptor {
public:
  using lock_file_descriptor::lock_file_descriptor;

  void lock() { call(LOCK_EX); }
  void lock_shared() { call(LOCK_SH); }
  void unlock() { call(LOCK_UN); }
  void unlock_shared() { call(LOCK_UN); }
  bool try_lock() {
    if (::flock(number(), LOCK_EX | LOCK_NB) == 0) return true;
    if (errno == EWOULDBLOCK) return false;
    throw_errno("flock");
  }

private:
  void call(int operation) {
    while (::flock(number(), operation) != 0)
      if (errno != EINTR) throw_errno("flock");
  }
};

/// \tparam command F_SETLK or F_OFD_SETLK: no wait is measured here.
template <int command>
class raw_record_lock : lock_file_descriptor {
public:
  using lock_file_descriptor::lock_file_descriptor;

  void lock() { must_succeed(F_WRLCK); }
  void lock_shared() { must_succeed(F_RDLCK); }
  void unlock() { must_succeed(F_UNLCK); }
  void unlock_shared() { must_succeed(F_UNLCK); }
  bool try_lock() {
    if (call(F_WRLCK)) return true;
    if (errno == EAGAIN || errno == EACCES) return false;
    throw_errno("fcntl");
  }

private:
  bool call(short type) {
    struct ::flock request = {};
    request.l_type = type;
    request.l_whence = SEEK_SET;
    return ::fcntl(number(), command, &request) == 0;
  }
  void must_succeed(short type) {
    while (!call(type))
      if (errno != EINTR) throw_errno("fcntl");
  }
};

#if FILELOCK_HAS_ROBUST_MUTEX
/// A robust mutex in the mapped file, which the first object makes.
class raw_robust_mutex {
public:
  explicit raw_robust_mutex(const std::filesystem::path& path) {
    const lock_file_descriptor file(path);
    void* const mapped =
        ::mmap(nullptr, sizeof(::pthread_mutex_t), PROT_READ | PROT_WRITE,
               MAP_SHARED, file.number(), 0);
    if (mapped == MAP_FAILED) throw_errno("mmap");
    mutex_ = static_cast<::pthread_mutex_t*>(mapped);
    ::flock(file.number(), LOCK_EX);
    struct ::stat status;
    if (::fstat(file.number(), &status) == 0 && status.st_size == 0) {
      if (::ftruncate(file.number(), sizeof(::pthread_mutex_t)) != 0)
        throw_errno("ftruncate");
      ::pthread_mutexattr_t attributes;
      ::pthread_mutexattr_init(&attributes);
      ::pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
      ::pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
      ::pthread_mutex_init(mutex_, &attributes);
      ::pthread_mutexattr_destroy(&attributes);
    }
    ::flock(file.number(), LOCK_UN);
  }
  ~raw_robust_mutex() { ::munmap(mutex_, sizeof(::pthread_mutex_t)); }
  raw_robust_mutex(const raw_robust_mutex&) = delete;
  raw_robust_mutex& operator=(const raw_robust_mutex&) = delete;

  void lock() { ::pthread_mutex_lock(mutex_); }
  void unlock() { ::pthread_mutex_unlock(mutex_); }
  bool try_lock() { return ::pthread_mutex_trylock(mutex_) == 0; }

private:
  ::pthread_mutex_t* mutex_;
};
#endif

using raw_ofd = raw_record_lock<F_OFD_SETLK>;
using raw_waiting_ofd = raw_record_lock<F_OFD_SETLKW>;
using raw_fcntl = raw_record_lock<F_SETLK>;

} // namespace bench

#endif
