// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The bare system calls that locks stand on, in the form of a lock.

#ifndef FILELOCK_BENCH_SUPPORT_RAW_LOCKS_HPP
#define FILELOCK_BENCH_SUPPORT_RAW_LOCKS_HPP

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

namespace bench {

class open_file {
public:
  explicit open_file(const std::filesystem::path& path)
      : descriptor_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    if (descriptor_ < 0)
      throw std::system_error(errno, std::generic_category(), path.string());
  }
  ~open_file() { ::close(descriptor_); }
  open_file(const open_file&) = delete;
  open_file& operator=(const open_file&) = delete;

  int descriptor() const { return descriptor_; }

private:
  int descriptor_;
};

class raw_flock : open_file {
public:
  using open_file::open_file;

  void lock() { call(LOCK_EX); }
  void lock_shared() { call(LOCK_SH); }
  void unlock() { call(LOCK_UN); }
  void unlock_shared() { call(LOCK_UN); }
  bool try_lock() {
    if (::flock(descriptor(), LOCK_EX | LOCK_NB) == 0) return true;
    if (errno == EWOULDBLOCK) return false;
    throw std::system_error(errno, std::generic_category(), "flock");
  }

private:
  void call(int operation) {
    if (::flock(descriptor(), operation) != 0)
      throw std::system_error(errno, std::generic_category(), "flock");
  }
};

/// \tparam command F_SETLK or F_OFD_SETLK: no wait is measured here.
template <int command>
class raw_record_lock : open_file {
public:
  using open_file::open_file;

  void lock() { must_succeed(F_WRLCK); }
  void lock_shared() { must_succeed(F_RDLCK); }
  void unlock() { must_succeed(F_UNLCK); }
  void unlock_shared() { must_succeed(F_UNLCK); }
  bool try_lock() {
    if (call(F_WRLCK)) return true;
    if (errno == EAGAIN || errno == EACCES) return false;
    throw std::system_error(errno, std::generic_category(), "fcntl");
  }

private:
  bool call(short type) {
    struct ::flock request = {};
    request.l_type = type;
    request.l_whence = SEEK_SET;
    return ::fcntl(descriptor(), command, &request) == 0;
  }
  void must_succeed(short type) {
    if (!call(type))
      throw std::system_error(errno, std::generic_category(), "fcntl");
  }
};

using raw_ofd = raw_record_lock<F_OFD_SETLK>;
using raw_fcntl = raw_record_lock<F_SETLK>;

} // namespace bench

#endif
