// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef FILELOCK_TEST_SUPPORT_NOTHING_LEAKS_HPP
#define FILELOCK_TEST_SUPPORT_NOTHING_LEAKS_HPP

#include <boost/test/unit_test.hpp>

#include "descriptors.hpp"
#include "left_threads.hpp"

#include <thread>

namespace test {

/// No thread but the main one, and as many descriptors, at its end as at its
/// begin. Linux.
class nothing_leaks {
public:
  nothing_leaks() {
    // With the first thread of a program, ThreadSanitizer makes one of its own.
    std::thread([] {}).join();
    BOOST_TEST(no_thread_is_left());
  }
  ~nothing_leaks() {
    BOOST_TEST(no_thread_is_left());
    BOOST_TEST(count_descriptors() == descriptors_);
  }
  nothing_leaks(const nothing_leaks&) = delete;
  nothing_leaks& operator=(const nothing_leaks&) = delete;

private:
  int descriptors_ = count_descriptors();
};

} // namespace test

#endif
