// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: there is no fork on Windows
// LABELS: process

// The registry of a forked child knows nothing of its parent's descriptors: the
// numbers are free for other files, which a fork must not close.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/child_process.hpp"
#include "support/temporary_folder.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(posix_fork_grandchild)

namespace {

using filelock::file_lock;
using test::failure_in_child;

struct lock_files {
  test::temporary_folder folder;
  std::string path = folder / "a.lock";
  std::string other = folder / "b.lock";
  std::string third = folder / "c.lock";
};

/// Effects: opens a file that is no lock, as the descriptor `number`.
std::string open_as(int number) {
  const int opened = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (opened < 0) return "cannot open; ";
  if (opened == number) return "";
  const bool is_there = ::dup2(opened, number) == number;
  ::close(opened);
  return is_there ? "" : "cannot duplicate; ";
}

std::string open_in_grandchild(const std::vector<int>& numbers) {
  return failure_in_child([&] {
    std::string failed;
    for (const int each : numbers)
      if (::fcntl(each, F_GETFD) < 0)
        failed += std::to_string(each) + " is closed; ";
    return failed;
  });
}

} // namespace

BOOST_FIXTURE_TEST_CASE(
    a_descriptor_number_of_the_parent_is_free_for_other_files, lock_files) {
  file_lock a{path};
  file_lock b{other};
  a.lock();
  b.lock();
  const std::vector<int> numbers = {a.native_handle(), b.native_handle()};
  BOOST_TEST(failure_in_child([&] {
               std::string failed;
               for (const int each : numbers)
                 failed += open_as(each);
               return failed + open_in_grandchild(numbers);
             }) == "");
}

BOOST_FIXTURE_TEST_CASE(a_childs_own_lock_does_not_bring_the_numbers_back,
                        lock_files) {
  file_lock a{path};
  file_lock b{other};
  a.lock();
  b.lock();
  const std::vector<int> numbers = {a.native_handle(), b.native_handle()};
  BOOST_TEST(failure_in_child([&] {
               std::string failed;
               for (const int each : numbers)
                 failed += open_as(each);
               file_lock own{third};
               own.lock();
               failed += open_in_grandchild(numbers);
               failed += failure_in_child([&] {
                 return std::string(own.is_open() ? "still open; " : "");
               });
               own.close();
               return failed + open_in_grandchild(numbers);
             }) == "");
}

BOOST_FIXTURE_TEST_CASE(a_childs_own_lock_is_closed_in_the_grandchild,
                        lock_files) {
  file_lock a{path};
  a.lock();
  const int number = a.native_handle();
  BOOST_TEST(failure_in_child([&]() -> std::string {
               file_lock own{other};
               own.lock();
               if (own.native_handle() != number)
                 return "another number than the parent's";
               return failure_in_child([&]() -> std::string {
                 if (own.is_open()) return "is_open";
                 return ::fcntl(number, F_GETFD) < 0 ? "" : "not closed";
               });
             }) == "");
}

BOOST_AUTO_TEST_SUITE_END()
