// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The bare system calls that locks stand on, in the form of a lock.

#ifndef FILELOCK_BENCH_SUPPORT_RAW_LOCKS_HPP
#define FILELOCK_BENCH_SUPPORT_RAW_LOCKS_HPP

#include "lock_file_descriptor.hpp"
#include "throw_errno.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>

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

using raw_ofd = raw_record_lock<F_OFD_SETLK>;
using raw_waiting_ofd = raw_record_lock<F_OFD_SETLKW>;
using raw_fcntl = raw_record_lock<F_SETLK>;

} // namespace bench

#endif
