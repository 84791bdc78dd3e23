// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The class of Boost and ours, for tests that are run on both.

#ifndef FILELOCK_TEST_SUPPORT_INTERPROCESS_LOCKS_HPP
#define FILELOCK_TEST_SUPPORT_INTERPROCESS_LOCKS_HPP

#include <filelock/interprocess.hpp>

#include "temporary_folder.hpp"

#include <boost/interprocess/sync/file_lock.hpp>

#include <fstream>
#include <string>
#include <tuple>
#include <type_traits>

namespace test {

using boost_lock = boost::interprocess::file_lock;
using our_lock = filelock::interprocess::file_lock;
using both_locks = std::tuple<boost_lock, our_lock>;

template <class Lock>
inline constexpr bool is_ours = std::is_same_v<Lock, our_lock>;

/// A file that is there, as neither class creates it.
struct existing_file {
  existing_file() { std::ofstream(path).flush(); }

  temporary_folder folder;
  std::string path = (folder / "a.lock").string();
};

/// Sees how others hold the lock, of this process too: what it asks for
/// conflicts with the locks of both classes.
class observer {
public:
  explicit observer(const std::string& path) : lock_(path.c_str()) {}

  bool sees_exclusive() { return !takes_shared(); }
  bool sees_shared() { return !takes_exclusive() && takes_shared(); }
  bool sees_free() { return takes_exclusive(); }

private:
  bool takes_exclusive() {
    const bool result = lock_.try_lock();
    lock_.unlock();
    return result;
  }
  bool takes_shared() {
    const bool result = lock_.try_lock_sharable();
    lock_.unlock();
    return result;
  }

  our_lock lock_;
};

} // namespace test

#endif
