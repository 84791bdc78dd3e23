// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: fuse: needs libfuse3-dev
// LABELS: process

// queued<> on a FUSE file system whose server does not answer the request to
// interrupt a wait.

#include <boost/test/unit_test.hpp>

#include <filelock/file_lock.hpp>
#include <filelock/platform/posix_ofd_traits.hpp>
#include <filelock/platform/queued.hpp>

#include "support/built_file.hpp"
#include "support/child_process.hpp"
#include "support/skipped.hpp"
#include "support/verify_filesystem.hpp"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <string>
#include <thread>

BOOST_AUTO_TEST_SUITE(platform_queued_on_fuse)

namespace {

using namespace std::chrono_literals;

/// A lock that one object holds, and another one waits for.
/// \returns What was wrong.
template <class P>
std::string wait_of(const std::filesystem::path& path) {
  using lock_type = filelock::basic_file_lock<filelock::queued<P>>;
  lock_type holder(path);
  lock_type waiter(path);
  holder.lock();
  // So that a wait that cannot be ended does not hang the test.
  std::atomic<bool> is_over{false};
  std::atomic<bool> was_released{false};
  std::thread releases([&] {
    for (int i = 0; i != 1000 && !is_over; ++i)
      std::this_thread::sleep_for(10ms);
    was_released = !is_over;
    holder.unlock();
  });
  const bool is_held = waiter.try_lock_for(100ms);
  is_over = true;
  releases.join();
  if (is_held || was_released) return "the wait did not end at its deadline";
  return waiter.try_lock_for(1h) ? "" : "the wait did not end by the release";
}

std::string waits_on_deaf_server() {
  return test::on_mount(
      "true", [](const std::filesystem::path& point) -> std::string {
        test::child_process server(
            {test::built_file("odd_file_system"), "deaf", point.string()},
            test::child_process::errors::are_output);
        if (server.read_line() != "mounted") return "cannot be mounted here";
        return wait_of<filelock::posix_flock_traits>(point / "a.lock") +
               wait_of<filelock::posix_ofd_traits>(point / "b.lock");
      });
}

} // namespace

BOOST_AUTO_TEST_CASE(a_deadline_is_kept_where_no_signal_ends_a_wait) {
  const std::string wrong = waits_on_deaf_server();
  if (wrong == "cannot be mounted here")
    test::skipped("a FUSE file system", wrong.c_str());
  else
    BOOST_TEST(wrong == "");
}

BOOST_AUTO_TEST_SUITE_END()
