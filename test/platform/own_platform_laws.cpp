// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: flock(2) and fcntl(2)

// The Platform that the manual writes from system calls keeps the laws. This
// file is the pattern for a Platform of a user.

#include <boost/test/unit_test.hpp>

#include <filelock/backoff/default_backoff.hpp>
#include <filelock/basic_file_lock.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/testing/platform_laws.hpp>

#include <fcntl.h>

#include <filesystem>
#include <system_error>

// tag::laws[]
#include "../../example/support/both_traits.hpp"

#include "support/native_law_tools.hpp"
#include "support/temporary_folder.hpp"

BOOST_AUTO_TEST_SUITE(platform_own_platform_laws)

BOOST_AUTO_TEST_CASE(both_traits_keeps_the_laws) {
  const test::temporary_folder folder;
  BOOST_TEST(filelock::broken_laws<both_traits>(folder.path()) == "");
}
// end::laws[]

// The laws that the manual writes as expressions, in its order.
BOOST_AUTO_TEST_CASE(each_expression_of_the_manual_is_true) {
  using P = both_traits;
  constexpr filelock::lock_request x{filelock::lock_mode::exclusive, {}};
  constexpr filelock::lock_request s{filelock::lock_mode::shared, {}};
  const auto is_true = [](auto law) {
    const test::temporary_folder folder;
    std::error_code ec;
    int h = P::open(folder / "file", {}, ec);
    const int g = P::open(folder / "file", {}, ec);
    const bool result = law(h, g, ec);
    if (h != P::invalid_handle) P::close(h);
    P::close(g);
    return result;
  };
  BOOST_TEST(is_true([&](int h, int g, std::error_code& ec) {
    return P::try_lock(h, x, ec) && !P::try_lock(g, x, ec) &&
           !P::try_lock(g, s, ec);
  }));
  BOOST_TEST(is_true([&](int h, int g, std::error_code& ec) {
    return P::try_lock(h, s, ec) && P::try_lock(g, s, ec);
  }));
  BOOST_TEST(is_true([&](int h, int g, std::error_code& ec) {
    return P::try_lock(h, s, ec) && !P::try_lock(g, x, ec);
  }));
  BOOST_TEST(is_true([&](int h, int g, std::error_code& ec) {
    return P::try_lock(h, x, ec) && !P::try_lock(g, x, ec) && !ec;
  }));
  BOOST_TEST(is_true([&](int h, int g, std::error_code& ec) {
    return P::try_lock(h, x, ec) &&
           (P::unlock(h, x, ec), P::try_lock(g, x, ec));
  }));
  BOOST_TEST(is_true([&](int& h, int g, std::error_code& ec) {
    const bool result =
        P::try_lock(h, x, ec) && (P::close(h), P::try_lock(g, x, ec));
    h = P::invalid_handle;
    return result;
  }));
  BOOST_TEST(is_true([&](int h, int g, std::error_code& ec) {
    return P::try_lock(h, x, ec) && !P::try_lock(g, x, ec) &&
           (P::unlock(h, x, ec), P::try_lock(h, s, ec));
  }));
  BOOST_TEST(is_true([&](int, int, std::error_code& ec) {
    return !P::try_lock(P::invalid_handle, x, ec) && ec;
  }));
  BOOST_TEST(is_true([&](int h, int, std::error_code& ec) {
    return P::byte_ranges || (!P::try_lock(h, {x.mode, {1, 1}}, ec) &&
                              ec == std::errc::not_supported);
  }));
}

BOOST_AUTO_TEST_CASE(what_is_open_to_be_read_only_is_said_to_be) {
  const test::temporary_folder folder;
  const std::filesystem::path path = folder / "a.lock";
  std::error_code ec;
  both_traits::close(both_traits::open(path, {}, ec));
  const int handle = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  filelock::basic_file_lock<both_traits> lock(filelock::adopt_handle, handle,
                                              filelock::lock_mode::unlocked);
  BOOST_TEST(!lock.try_lock(ec));
  BOOST_TEST((ec == std::errc::permission_denied));
  BOOST_TEST(lock.try_lock_shared(ec));
}

BOOST_AUTO_TEST_SUITE_END()
