// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// In place of Boost's header of this name, where this folder is searched before
// Boost's: boost::interprocess::file_lock is then filelock's. Have it checked:
//
//   static_assert(std::is_base_of_v<filelock::interprocess::file_lock,
//                                   boost::interprocess::file_lock>);

// The guard of Boost's header, which must not be read after this one.
#ifndef BOOST_INTERPROCESS_FILE_LOCK_HPP
#define BOOST_INTERPROCESS_FILE_LOCK_HPP

#include <filelock/interprocess.hpp>

// What else a program may have by way of Boost's header.
#include <boost/config.hpp>
#include <boost/interprocess/detail/os_file_functions.hpp>
#include <boost/interprocess/detail/os_thread_functions.hpp>
#include <boost/interprocess/exceptions.hpp>
#include <boost/interprocess/sync/detail/common_algorithms.hpp>
#include <boost/interprocess/sync/detail/locks.hpp>
#include <boost/move/utility_core.hpp>

namespace boost {
namespace interprocess {

// A class, no alias: programs declare `class file_lock;` themselves.
class file_lock : public ::filelock::interprocess::file_lock {
public:
  using ::filelock::interprocess::file_lock::file_lock;
};

} // namespace interprocess
} // namespace boost

#endif
