// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: linux: the ctime with nanoseconds

// The time of a file's last change, by which a comparison of path and file is
// saved. What it saves is in posix.system_calls and linux.renamed_file.

#include <boost/test/unit_test.hpp>

#include <filelock/detail/posix/name.hpp>

#include <time.h>

#include <cstdint>

BOOST_AUTO_TEST_SUITE(linux_change_stamp)

namespace {

using filelock::detail::change_stamp;
using filelock::detail::is_settled;

std::uint64_t stamp_of(std::uint64_t links, std::uint64_t seconds,
                       std::uint64_t nanoseconds) {
  filelock::detail::file_status file;
  file.links = links;
  file.changed_seconds = seconds;
  file.changed_nanoseconds = nanoseconds;
  return change_stamp(file);
}

std::uint64_t now() {
  ::timespec time;
  BOOST_TEST_REQUIRE(::clock_gettime(CLOCK_REALTIME, &time) == 0);
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000 +
         static_cast<std::uint64_t>(time.tv_nsec);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_stamp_is_the_time_in_nanoseconds) {
  BOOST_TEST(stamp_of(1, 5, 1) == 5'000'000'001U);
  BOOST_TEST(stamp_of(2, 5, 999'999'999) == 5'999'999'999U);
  BOOST_TEST(stamp_of(1, 0, 1) == 1U);
}

BOOST_AUTO_TEST_CASE(a_file_without_a_name_has_no_stamp) {
  BOOST_TEST(stamp_of(0, 5, 1) == 0U);
}

BOOST_AUTO_TEST_CASE(a_time_in_whole_seconds_is_no_stamp) {
  BOOST_TEST(stamp_of(1, 5, 0) == 0U);
}

BOOST_AUTO_TEST_CASE(a_stamp_is_settled_when_the_clock_has_ticked_since) {
  constexpr std::uint64_t hour = 3'600'000'000'000;
  BOOST_TEST(is_settled(now() - hour));
  BOOST_TEST(is_settled(1));
}

// The clock may be set back, or be behind that of a file server.
BOOST_AUTO_TEST_CASE(a_stamp_that_is_still_to_come_is_not_settled) {
  constexpr std::uint64_t hour = 3'600'000'000'000;
  BOOST_TEST(!is_settled(now() + hour));
  BOOST_TEST(!is_settled(0));
}

BOOST_AUTO_TEST_SUITE_END()
