// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: the platforms of POSIX; see platform.laws

// The laws of a Platform, run against the models of POSIX, each fact of which
// is so: a model that says otherwise is noticed, as is one that breaks a law.

#include <boost/test/unit_test.hpp>

#include <filelock/detail/config.hpp>
#include <filelock/platform/posix_fcntl_traits.hpp>
#include <filelock/platform/posix_flock_traits.hpp>
#include <filelock/platform/posix_ofd_traits.hpp>
#include <filelock/platform/posix_robust_traits.hpp>
#include <filelock/testing/platform_laws.hpp>

#include "support/posix_law_tools.hpp"
#include "support/skipped.hpp"
#include "support/temporary_folder.hpp"

#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>

BOOST_AUTO_TEST_SUITE(platform_posix_laws)

namespace {

using filelock::lock_mode;
using filelock::lock_ownership;
using filelock::lock_request;

template <class P>
std::string broken_laws() {
  const test::temporary_folder folder;
  return filelock::broken_laws<P>(folder.path());
}

// ---- Facts that are not so ----

template <class P>
struct says_process : P {
  static constexpr lock_ownership ownership = lock_ownership::process;
};
template <class P>
struct says_description : P {
  static constexpr lock_ownership ownership =
      lock_ownership::open_file_description;
};
template <class P>
struct says_handle : P {
  static constexpr lock_ownership ownership = lock_ownership::handle;
};
template <class P>
struct says_thread : P {
  static constexpr lock_ownership ownership = lock_ownership::thread;
};
template <class P>
struct says_otherwise_of_mandatory : P {
  static constexpr bool mandatory = !P::mandatory;
};
template <class P>
struct says_otherwise_of_same_process : P {
  static constexpr bool excludes_same_process = !P::excludes_same_process;
};
template <class P>
struct says_otherwise_of_conversion : P {
  static constexpr bool atomic_conversion = !P::atomic_conversion;
};
template <class P>
struct says_otherwise_of_ranges : P {
  static constexpr bool byte_ranges = !P::byte_ranges;
};

template <class P>
struct says_shared_locks : P {
  static constexpr bool shared_locks = true;
};

// ---- Models that break one law ----

template <class P>
struct busy_is_an_error : P {
  static bool try_lock(int handle, const lock_request& request,
                       std::error_code& ec) noexcept {
    if (P::try_lock(handle, request, ec)) return true;
    if (!ec) ec.assign(EAGAIN, std::generic_category());
    return false;
  }
};

template <class P>
struct unlock_does_nothing : P {
  static void unlock(int, const lock_request&, std::error_code&) noexcept {}
};

template <class P>
struct shared_is_exclusive : P {
  static bool try_lock(int handle, const lock_request& request,
                       std::error_code& ec) noexcept {
    return P::try_lock(handle, {lock_mode::exclusive, request.range}, ec);
  }
};

template <class P>
struct ranges_are_the_whole_file : P {
  static bool try_lock(int handle, const lock_request& request,
                       std::error_code& ec) noexcept {
    return P::try_lock(handle, {request.mode, {}}, ec);
  }
};

template <class P>
struct to_the_end_is_to_the_present_one : P {
  static bool try_lock(int handle, lock_request request,
                       std::error_code& ec) noexcept {
    if (request.range.offset != 0 && request.range.length == 0)
      request.range.length = 1;
    return P::try_lock(handle, request, ec);
  }
};

template <class P>
struct lock_does_not_wait : P {
  static void lock(int handle, const lock_request& request,
                   std::error_code& ec) noexcept {
    if (!P::try_lock(handle, request, ec)) return;
  }
};

template <class P>
struct conversion_releases : P {
  static bool convert(int handle, const lock_request& from,
                      const lock_request& to, std::error_code& ec) noexcept {
    P::unlock(handle, from, ec);
    return P::try_lock(handle, to, ec);
  }
};

template <class P>
struct conversion_changes_nothing : P {
  static bool convert(int, const lock_request&, const lock_request&,
                      std::error_code&) noexcept {
    return true;
  }
};

template <class P>
struct holder_is_always_known : P {
  static std::optional<filelock::process_id>
  holder(int, const lock_request&) noexcept {
    return 1;
  }
};

template <class P>
struct holder_is_who_asks : P {
  static std::optional<filelock::process_id>
  holder(int handle, const lock_request& request) noexcept {
    const int other = ::dup(handle);
    std::error_code ec;
    const bool is_free = P::try_lock(other, request, ec);
    if (is_free) P::unlock(other, request, ec);
    ::close(other);
    if (is_free) return std::nullopt;
    return ::getpid();
  }
};

#if FILELOCK_HAS_ROBUST_MUTEX
struct robust_unlock_by_anybody : filelock::posix_robust_traits {
  static void unlock(native_handle_type handle, const lock_request& request,
                     std::error_code& ec) noexcept {
    posix_robust_traits::unlock(handle, request, ec);
    if (ec == std::errc::operation_not_permitted) ec.clear();
  }
};

struct robust_memory_of_a_removed_name : filelock::posix_robust_traits {
  static void remove(const std::filesystem::path& path,
                     native_handle_type handle, std::error_code& ec) noexcept {
    filelock::posix_file::remove(path, handle->descriptor(), ec);
  }
};

struct robust_lock_until_takes_nothing : filelock::posix_robust_traits {
  static bool lock_until(native_handle_type handle, const lock_request& request,
                         const std::chrono::steady_clock::time_point& end,
                         filelock::canceller& stop,
                         std::error_code& ec) noexcept {
    if (!posix_robust_traits::lock_until(handle, request, end, stop, ec))
      return false;
    unlock(handle, request, ec);
    return true;
  }
};
#endif

template <class P>
bool breaks(const std::string& law) {
  const std::string broken = broken_laws<P>();
  if (broken.find(law) != std::string::npos) return true;
  BOOST_TEST_MESSAGE("broken instead: " << broken);
  return false;
}

template <class P>
void check_that_wrong_facts_are_noticed() {
  BOOST_TEST(breaks<says_handle<P>>("fact: ownership"));
  BOOST_TEST(breaks<says_thread<P>>("fact: ownership"));
  BOOST_TEST(breaks<says_otherwise_of_mandatory<P>>("fact: mandatory"));
  BOOST_TEST(
      breaks<says_otherwise_of_same_process<P>>("fact: excludes_same_process"));
  BOOST_TEST(
      breaks<says_otherwise_of_conversion<P>>("fact: atomic_conversion"));
  BOOST_TEST(breaks<says_otherwise_of_ranges<P>>("fact: byte_ranges"));
}

template <class P>
void check_that_broken_laws_are_noticed() {
  BOOST_TEST(breaks<busy_is_an_error<P>>("busy is false with ec clear"));
  BOOST_TEST(breaks<unlock_does_nothing<P>>("unlock lets another in"));
  BOOST_TEST(breaks<shared_is_exclusive<P>>("shared stands beside shared"));
  BOOST_TEST(breaks<ranges_are_the_whole_file<P>>(
      "fact: byte_ranges: disjoint ranges exclude each other"));
  BOOST_TEST(breaks<to_the_end_is_to_the_present_one<P>>(
      "fact: byte_ranges: a range to the end"));
  BOOST_TEST(breaks<conversion_releases<P>>("fact: atomic_conversion"));
  BOOST_TEST(breaks<conversion_changes_nothing<P>>("convert changes the mode"));
  BOOST_TEST(breaks<holder_is_always_known<P>>("holder tells the owner"));
  BOOST_TEST(breaks<holder_is_who_asks<P>>("holder tells the owner"));
  // Only a thread that starts soon enough shows it.
  bool is_noticed = false;
  for (int i = 0; i != 100 && !is_noticed; ++i)
    is_noticed =
        breaks<lock_does_not_wait<P>>("lock waits until it is granted");
  BOOST_TEST(is_noticed);
}

} // namespace

BOOST_AUTO_TEST_CASE(posix_flock_traits_keeps_the_laws) {
  BOOST_TEST(broken_laws<filelock::posix_flock_traits>() == "");
}

BOOST_AUTO_TEST_CASE(a_fact_of_posix_flock_traits_that_is_not_so_is_noticed) {
  using traits = filelock::posix_flock_traits;
  BOOST_TEST(breaks<says_process<traits>>("fact: ownership"));
  check_that_wrong_facts_are_noticed<traits>();
}

BOOST_AUTO_TEST_CASE(posix_fcntl_traits_keeps_the_laws) {
  BOOST_TEST(broken_laws<filelock::posix_fcntl_traits>() == "");
}

BOOST_AUTO_TEST_CASE(a_fact_of_posix_fcntl_traits_that_is_not_so_is_noticed) {
  using traits = filelock::posix_fcntl_traits;
  BOOST_TEST(breaks<says_description<traits>>("fact: ownership"));
  check_that_wrong_facts_are_noticed<traits>();
}

BOOST_AUTO_TEST_CASE(a_law_that_is_broken_between_processes_is_noticed) {
  check_that_broken_laws_are_noticed<filelock::posix_fcntl_traits>();
}

#if FILELOCK_HAS_OFD_LOCKS

BOOST_AUTO_TEST_CASE(posix_ofd_traits_keeps_the_laws) {
  BOOST_TEST(broken_laws<filelock::posix_ofd_traits>() == "");
}

BOOST_AUTO_TEST_CASE(a_fact_of_posix_ofd_traits_that_is_not_so_is_noticed) {
  using traits = filelock::posix_ofd_traits;
  BOOST_TEST(breaks<says_process<traits>>("fact: ownership"));
  check_that_wrong_facts_are_noticed<traits>();
}

BOOST_AUTO_TEST_CASE(a_law_that_is_broken_between_descriptions_is_noticed) {
  check_that_broken_laws_are_noticed<filelock::posix_ofd_traits>();
}

#else

BOOST_AUTO_TEST_CASE(posix_ofd_traits_keeps_the_laws) {
  test::skipped("posix_ofd_traits", "this system has no such locks");
}

#endif

#if FILELOCK_HAS_ROBUST_MUTEX

BOOST_AUTO_TEST_CASE(posix_robust_traits_keeps_the_laws) {
  BOOST_TEST(broken_laws<filelock::posix_robust_traits>() == "");
}

BOOST_AUTO_TEST_CASE(a_fact_of_posix_robust_traits_that_is_not_so_is_noticed) {
  using traits = filelock::posix_robust_traits;
  BOOST_TEST(breaks<says_process<traits>>("fact: ownership"));
  BOOST_TEST(breaks<says_description<traits>>("fact: ownership"));
  BOOST_TEST(breaks<says_otherwise_of_mandatory<traits>>("fact: mandatory"));
  BOOST_TEST(breaks<says_otherwise_of_same_process<traits>>(
      "fact: excludes_same_process"));
  BOOST_TEST(breaks<says_otherwise_of_ranges<traits>>("fact: byte_ranges"));
  BOOST_TEST(breaks<says_shared_locks<traits>>("shared is not granted"));
}

BOOST_AUTO_TEST_CASE(a_law_that_a_robust_mutex_breaks_is_noticed) {
  BOOST_TEST(breaks<robust_unlock_by_anybody>("fact: ownership"));
  BOOST_TEST(
      breaks<robust_memory_of_a_removed_name>("a file that an owner removed"));
  BOOST_TEST(
      breaks<robust_lock_until_takes_nothing>("returned without the lock"));
}

#else

BOOST_AUTO_TEST_CASE(posix_robust_traits_keeps_the_laws) {
  test::skipped("posix_robust_traits", "this system has no such mutexes");
}

#endif

BOOST_AUTO_TEST_SUITE_END()
