// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: windows

// Whether two handles have one file open: by an id of 128 bits, and by an index
// of 64.

#include <boost/test/unit_test.hpp>

#include <filelock/detail/windows/file_identity.hpp>
#include <filelock/filelock.hpp>
#include <filelock/platform/win_interprocess_traits.hpp>

#include "support/temporary_folder.hpp"

#include <windows.h>

#include <cstdint>
#include <string>

BOOST_AUTO_TEST_SUITE(windows_file_identity)

namespace {

using filelock::detail::file_identity;
namespace detail = filelock::detail;

/// Two handles of one file, and one of another beside it.
struct three_handles {
  three_handles() {
    for (filelock::file_lock* each : {&one, &same, &other})
      each->open();
  }

  test::temporary_folder folder;
  filelock::file_lock one{folder / "one"};
  filelock::file_lock same{folder / "one"};
  filelock::file_lock other{folder / "other"};

  /// \returns What tells the files apart no better than it should; empty where
  /// all is well.
  template <class Function>
  std::string failure(Function identify) {
    file_identity first;
    file_identity second;
    file_identity third;
    if (!identify(one.native_handle(), first) ||
        !identify(same.native_handle(), second) ||
        !identify(other.native_handle(), third))
      return "a file has none";
    if (!(first == second)) return "two handles of a file have two";
    if (first == third) return "two files have one";
    if (first.hash() != second.hash() || first.hash() == third.hash())
      return "the hash";
    if (first.digits() != second.digits() || first.digits() == third.digits())
      return "the digits";
    return first.volume == third.volume ? "" : "the volume differs";
  }
};

} // namespace

BOOST_FIXTURE_TEST_CASE(the_id_tells_files_apart, three_handles) {
  BOOST_TEST(failure(detail::identify_by_id) == "");
}

BOOST_FIXTURE_TEST_CASE(the_index_tells_files_apart, three_handles) {
  BOOST_TEST(failure(detail::identify_by_index) == "");
}

BOOST_FIXTURE_TEST_CASE(a_platform_compares_the_identity, three_handles) {
  using filelock::win_file;
  using filelock::win_interprocess_traits;
  BOOST_TEST(win_file::names(folder / "one", same.native_handle()));
  BOOST_TEST(!win_file::names(folder / "other", same.native_handle()));
  const auto identity = [](filelock::file_lock& lock) {
    return win_interprocess_traits::identity(lock.native_handle());
  };
  BOOST_TEST(identity(one) == identity(same));
  BOOST_TEST(identity(one) != identity(other));
}

BOOST_AUTO_TEST_CASE(all_of_the_identity_counts) {
  const file_identity whole{1, 2, 3};
  for (const file_identity& other :
       {file_identity{9, 2, 3}, {1, 9, 3}, {1, 2, 9}}) {
    BOOST_TEST(!(whole == other));
    BOOST_TEST(whole.hash() != other.hash());
  }
  BOOST_TEST((file_identity{1, 2, 3}.digits() == L"3-2"));
  BOOST_TEST((file_identity{1, 2, 0}.digits() == L"2"));
}

BOOST_AUTO_TEST_CASE(an_invalid_handle_is_not_the_same_file_as_itself) {
  file_identity none;
  BOOST_TEST(!detail::identify(INVALID_HANDLE_VALUE, none));
  BOOST_TEST(!detail::is_same_file(INVALID_HANDLE_VALUE, INVALID_HANDLE_VALUE));
}

BOOST_AUTO_TEST_SUITE_END()
