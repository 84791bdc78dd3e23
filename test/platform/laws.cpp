// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// ALONE

// The laws of a Platform, run against every model; and models that break one
// law each, so that it is known that the laws notice.

#define BOOST_TEST_MODULE platform_laws
#include <boost/test/unit_test.hpp>

#include <filelock/platform/native_traits.hpp>
#include <filelock/testing/platform_laws.hpp>

#include "support/native_law_tools.hpp"
#include "support/temporary_folder.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>
#include <type_traits>
#include <utility>

namespace {

using filelock::lock_mode;
using filelock::lock_ownership;
using filelock::lock_request;

// ---- A file system in memory ----

class memory {
public:
  int open(const std::string& path, bool create, std::error_code& ec) {
    const std::lock_guard guard(mutex_);
    auto& file = files_[path];
    if (!file && create) file = std::make_shared<int>();
    if (!file) {
      ec = std::make_error_code(std::errc::no_such_file_or_directory);
      return -1;
    }
    handles_[++last_] = std::make_shared<description>(file);
    return last_;
  }

  int duplicate(int handle) {
    const std::lock_guard guard(mutex_);
    handles_[++last_] = handles_.at(handle);
    return last_;
  }

  void close(int handle) {
    const std::lock_guard guard(mutex_);
    handles_.erase(handle);
    changed_.notify_all();
  }

  /// \returns Whether `request` was granted by `end`.
  bool acquire(int handle, const lock_request& request, bool per_handle,
               bool keeps_refused, std::chrono::steady_clock::time_point end,
               const filelock::canceller& stop, std::error_code& ec) {
    std::unique_lock guard(mutex_);
    const auto found = handles_.find(handle);
    if (found == handles_.end()) {
      ec = std::make_error_code(std::errc::bad_file_descriptor);
      return false;
    }
    const std::shared_ptr<description> own = found->second;
    if (!keeps_refused && (!per_handle || own->holder == handle))
      own->held.mode = lock_mode::unlocked;
    while (conflicts(*own, request, per_handle ? handle : 0)) {
      if (stop.requested() || std::chrono::steady_clock::now() >= end)
        return false;
      changed_.wait_until(guard, (std::min)(end, soon()));
    }
    own->held = request;
    own->holder = handle;
    return true;
  }

  void unlock(int handle, std::error_code& ec) {
    const std::lock_guard guard(mutex_);
    const auto found = handles_.find(handle);
    if (found == handles_.end()) {
      ec = std::make_error_code(std::errc::bad_file_descriptor);
      return;
    }
    found->second->held.mode = lock_mode::unlocked;
    changed_.notify_all();
  }

  void remove(const std::string& path) {
    const std::lock_guard guard(mutex_);
    files_.erase(path);
  }

  bool names(const std::string& path, int handle) {
    const std::lock_guard guard(mutex_);
    const auto found = files_.find(path);
    return found != files_.end() && found->second == handles_.at(handle)->file;
  }

  bool is_locked(const std::string& path) {
    const std::lock_guard guard(mutex_);
    for (const auto& each : handles_)
      if (each.second->file == files_[path] &&
          each.second->held.mode != lock_mode::unlocked)
        return true;
    return false;
  }

private:
  struct description {
    explicit description(std::shared_ptr<int> opened)
        : file(std::move(opened)) {}

    std::shared_ptr<int> file;
    lock_request held{lock_mode::unlocked, {}};
    int holder = 0;
  };

  static std::chrono::steady_clock::time_point soon() {
    return std::chrono::steady_clock::now() + std::chrono::seconds(1);
  }

  static bool overlap(const filelock::byte_range& a,
                      const filelock::byte_range& b) {
    const auto is_before = [](const auto& x, const auto& y) {
      return x.length != 0 && x.offset + x.length <= y.offset;
    };
    return !is_before(a, b) && !is_before(b, a);
  }

  bool conflicts(const description& own, const lock_request& request,
                 int handle) const {
    for (const auto& each : handles_) {
      const description& other = *each.second;
      const bool is_own =
          &other == &own && (handle == 0 || other.holder == handle ||
                             other.held.mode == lock_mode::unlocked);
      if (is_own || other.file != own.file ||
          other.held.mode == lock_mode::unlocked ||
          !overlap(other.held.range, request.range))
        continue;
      if (other.held.mode == lock_mode::exclusive ||
          request.mode == lock_mode::exclusive)
        return true;
    }
    return false;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, std::shared_ptr<int>> files_;
  std::map<int, std::shared_ptr<description>> handles_;
  int last_ = 0;
};

// Never destroyed: the destructor of a condition variable waits for its
// waiters, and a law that has given up a wait leaves its thread there.
memory& files() {
  static memory& result = *new memory;
  return result;
}

struct in_memory {};

/// A Platform in memory, whose facts may be chosen.
template <lock_ownership Ownership, bool Mandatory, bool AtomicConversion,
          bool ByteRanges>
struct memory_platform : in_memory {
  using native_handle_type = int;
  static constexpr int invalid_handle = -1;
  static constexpr lock_ownership ownership = Ownership;
  static constexpr bool mandatory = Mandatory;
  static constexpr bool excludes_same_process = true;
  static constexpr bool atomic_conversion = AtomicConversion;
  static constexpr bool byte_ranges = ByteRanges;

  static int open(const std::filesystem::path& path,
                  const filelock::open_options& options,
                  std::error_code& ec) noexcept {
    return files().open(path.string(), options.create, ec);
  }
  static void close(int handle) noexcept { files().close(handle); }
  static bool try_lock(int handle, const lock_request& request,
                       std::error_code& ec) noexcept {
    return acquire(handle, request, {}, filelock::canceller(), ec);
  }
  static void lock(int handle, const lock_request& request,
                   std::error_code& ec) noexcept {
    acquire(handle, request, (std::chrono::steady_clock::time_point::max)(),
            filelock::canceller(), ec);
  }
  static bool lock_until(int handle, const lock_request& request,
                         const std::chrono::steady_clock::time_point& end,
                         filelock::canceller& stop,
                         std::error_code& ec) noexcept {
    return acquire(handle, request, end, stop, ec);
  }
  static bool convert(int handle, const lock_request&, const lock_request& to,
                      std::error_code& ec) noexcept {
    return try_lock(handle, to, ec);
  }
  static void unlock(int handle, const lock_request&,
                     std::error_code& ec) noexcept {
    files().unlock(handle, ec);
  }
  static bool still_names(const std::filesystem::path& path, int handle,
                          filelock::name_memory&) noexcept {
    return files().names(path.string(), handle);
  }
  static bool names(const std::filesystem::path& path, int handle) noexcept {
    return files().names(path.string(), handle);
  }

private:
  static bool acquire(int handle, const lock_request& request,
                      std::chrono::steady_clock::time_point end,
                      const filelock::canceller& stop,
                      std::error_code& ec) noexcept {
    if (!ByteRanges && !request.range.is_whole_file()) {
      ec = std::make_error_code(std::errc::not_supported);
      return false;
    }
    return files().acquire(handle, request, Ownership == lock_ownership::handle,
                           AtomicConversion, end, stop, ec);
  }
};

using like_flock =
    memory_platform<lock_ownership::open_file_description, false, false, false>;
using like_ofd =
    memory_platform<lock_ownership::open_file_description, false, true, true>;
struct like_windows
    : memory_platform<lock_ownership::handle, true, false, true> {
  static bool convert(int, const lock_request&, const lock_request&,
                      std::error_code&) noexcept = delete;
};

/// It has no law_tools, as a Platform of a user at first.
struct without_tools : like_flock {};

template <class P>
inline constexpr bool is_in_memory_v =
    std::is_base_of_v<in_memory, P> && !std::is_same_v<P, without_tools>;

} // namespace

namespace filelock {

template <class P>
struct law_tools<P, std::enable_if_t<is_in_memory_v<P>>> {
  static int duplicate(int handle) { return files().duplicate(handle); }
  static bool upgrade(int handle, std::error_code& ec) {
    return P::try_lock(handle, {lock_mode::exclusive, {}}, ec);
  }
  static bool may_write(const std::filesystem::path& path) {
    return !P::mandatory || !files().is_locked(path.string());
  }
  static void remove(const std::filesystem::path& path) {
    files().remove(path.string());
  }
};

} // namespace filelock

namespace {

template <class P>
std::string broken_laws() {
  const test::temporary_folder folder;
  return filelock::broken_laws<P>(folder.path());
}

// ---- Models that break one law ----

struct busy_is_an_error : like_flock {
  static bool try_lock(int handle, const lock_request& request,
                       std::error_code& ec) noexcept {
    const bool result = like_flock::try_lock(handle, request, ec);
    if (!result && !ec)
      ec = std::make_error_code(std::errc::resource_unavailable_try_again);
    return result;
  }
};

struct an_error_is_busy : like_flock {
  static bool try_lock(int handle, const lock_request& request,
                       std::error_code&) noexcept {
    std::error_code ignored;
    return like_flock::try_lock(handle, request, ignored);
  }
};

struct unlock_does_nothing : like_flock {
  static void unlock(int, const lock_request&, std::error_code&) noexcept {}
};

struct shared_is_exclusive : like_flock {
  static bool try_lock(int handle, const lock_request& request,
                       std::error_code& ec) noexcept {
    return like_flock::try_lock(handle, {lock_mode::exclusive, request.range},
                                ec);
  }
};

struct exclusive_is_shared : like_flock {
  static bool try_lock(int handle, const lock_request& request,
                       std::error_code& ec) noexcept {
    return like_flock::try_lock(handle, {lock_mode::shared, request.range}, ec);
  }
};

struct always_busy : like_flock {
  static bool try_lock(int, const lock_request&, std::error_code&) noexcept {
    return false;
  }
};

struct lock_does_not_wait : like_flock {
  static void lock(int handle, const lock_request& request,
                   std::error_code& ec) noexcept {
    if (!like_flock::try_lock(handle, request, ec)) return;
  }
};

struct shared_lock_does_not_wait : like_flock {
  static void lock(int handle, const lock_request& request,
                   std::error_code& ec) noexcept {
    if (request.mode == lock_mode::shared)
      return lock_does_not_wait::lock(handle, request, ec);
    like_flock::lock(handle, request, ec);
  }
};

struct lock_is_always_exclusive : like_flock {
  static void lock(int handle, const lock_request&,
                   std::error_code& ec) noexcept {
    like_flock::lock(handle, {lock_mode::exclusive, {}}, ec);
  }
};

struct shared_lock_until_is_early : like_flock {
  static bool lock_until(int handle, const lock_request& request,
                         const std::chrono::steady_clock::time_point& end,
                         filelock::canceller& stop,
                         std::error_code& ec) noexcept {
    return request.mode == lock_mode::shared ||
           like_flock::lock_until(handle, request, end, stop, ec);
  }
};

struct an_attempt_waits : like_flock {
  static bool try_lock(int handle, const lock_request& request,
                       std::error_code& ec) noexcept {
    like_flock::lock(handle, request, ec);
    return !ec;
  }
};

/// Every other call is interrupted, which is no fault.
struct is_interrupted : like_flock {
  static bool is_now(std::error_code& ec) noexcept {
    static std::atomic<unsigned> calls{0};
    const bool result = ++calls % 2 != 0;
    if (result) ec = std::make_error_code(std::errc::interrupted);
    return result;
  }
  static bool try_lock(int handle, const lock_request& request,
                       std::error_code& ec) noexcept {
    return !is_now(ec) && like_flock::try_lock(handle, request, ec);
  }
  static void lock(int handle, const lock_request& request,
                   std::error_code& ec) noexcept {
    if (!is_now(ec)) like_flock::lock(handle, request, ec);
  }
};

struct lock_never_returns : like_flock {
  static void lock(int, const lock_request&, std::error_code&) noexcept {
    for (;;)
      std::this_thread::sleep_for(std::chrono::hours(1));
  }
};

struct lock_until_never_returns : like_flock {
  static bool lock_until(int, const lock_request&,
                         const std::chrono::steady_clock::time_point&,
                         filelock::canceller&, std::error_code&) noexcept {
    for (;;)
      std::this_thread::sleep_for(std::chrono::hours(1));
  }
};

struct wait_for_never_returns : like_flock {
  static void wait_for(int, std::chrono::nanoseconds,
                       filelock::canceller&) noexcept {
    for (;;)
      std::this_thread::sleep_for(std::chrono::hours(1));
  }
};

/// It comes back, but after the laws have given it up.
struct lock_until_is_late : like_flock {
  static bool lock_until(int handle, const lock_request& request,
                         const std::chrono::steady_clock::time_point&,
                         filelock::canceller&, std::error_code& ec) noexcept {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    return try_lock(handle, request, ec);
  }
};

struct always_granted : like_flock {
  static bool try_lock(int, const lock_request&, std::error_code&) noexcept {
    return true;
  }
};

struct release_unlocks : like_flock {
  static void release(int handle) noexcept {
    std::error_code ignored;
    unlock(handle, {}, ignored);
  }
};

struct adopt_refuses : like_flock {
  static bool adopt(int, std::error_code& ec) noexcept {
    ec = std::make_error_code(std::errc::bad_file_descriptor);
    return false;
  }
};

struct identity_is_the_handles : like_flock {
  static std::uint64_t identity(int handle) noexcept {
    return static_cast<std::uint64_t>(handle);
  }
};

struct every_owner_has_died : like_flock {
  static bool previous_owner_died(int, const lock_request&) noexcept {
    return true;
  }
};

struct nobody_has_died : like_flock {
  static bool previous_owner_died(int, const lock_request&) noexcept {
    return false;
  }
};

struct granted_with_an_error : like_flock {
  static bool try_lock(int handle, const lock_request& request,
                       std::error_code& ec) noexcept {
    const bool result = like_flock::try_lock(handle, request, ec);
    if (result) ec = std::make_error_code(std::errc::io_error);
    return result;
  }
};

struct opens_nothing : like_flock {
  static int open(const std::filesystem::path&, const filelock::open_options&,
                  std::error_code&) noexcept {
    return invalid_handle;
  }
};

struct is_always_awaited : like_flock {
  static bool is_awaited(int) noexcept { return true; }
};

struct has_one_descriptor : like_flock {
  static int descriptor(int) noexcept { return 1000000; }
};

struct exclusive_only : like_flock {
  static constexpr bool shared_locks = false;
  static bool try_lock(int handle, const lock_request& request,
                       std::error_code& ec) noexcept {
    if (request.mode != lock_mode::exclusive)
      ec = std::make_error_code(std::errc::not_supported);
    return !ec && like_flock::try_lock(handle, request, ec);
  }
};

struct says_no_shared_locks : like_flock {
  static constexpr bool shared_locks = false;
};

struct lock_until_is_early : like_flock {
  static bool lock_until(int handle, const lock_request& request,
                         const std::chrono::steady_clock::time_point&,
                         filelock::canceller&, std::error_code& ec) noexcept {
    return like_flock::try_lock(handle, request, ec);
  }
};

struct ranges_are_ignored : like_flock {
  static bool try_lock(int handle, const lock_request& request,
                       std::error_code& ec) noexcept {
    return like_flock::try_lock(handle, {request.mode, {}}, ec);
  }
};

struct throws : like_flock {
  static void unlock(int handle, const lock_request& request,
                     std::error_code& ec) {
    like_flock::unlock(handle, request, ec);
  }
};

struct names_everything : like_flock {
  static bool names(const std::filesystem::path&, int) noexcept { return true; }
};

struct still_names_everything : like_flock {
  static bool still_names(const std::filesystem::path&, int,
                          filelock::name_memory&) noexcept {
    return true;
  }
};

struct says_handle : like_flock {
  static constexpr lock_ownership ownership = lock_ownership::handle;
};
struct says_otherwise_of_mandatory : filelock::native_traits {
  static constexpr bool mandatory = !filelock::native_traits::mandatory;
};
struct says_not_same_process : filelock::native_traits {
  static constexpr bool excludes_same_process = false;
};
struct says_atomic : filelock::native_traits {
  static constexpr bool atomic_conversion = true;
};
struct says_otherwise_of_ranges : filelock::native_traits {
  static constexpr bool byte_ranges = !filelock::native_traits::byte_ranges;
};

struct conversion_keeps : like_flock {
  static bool convert(int handle, const lock_request& from,
                      const lock_request& to, std::error_code& ec) noexcept {
    return like_flock::convert(handle, from, to, ec) ||
           (try_lock(handle, from, ec), false);
  }
};
struct conversion_loses : like_ofd {
  static bool convert(int handle, const lock_request& from,
                      const lock_request& to, std::error_code& ec) noexcept {
    return like_ofd::convert(handle, from, to, ec) ||
           (unlock(handle, from, ec), false);
  }
};
struct conversion_changes_nothing : like_ofd {
  static bool convert(int, const lock_request&, const lock_request&,
                      std::error_code&) noexcept {
    return true;
  }
};
struct refusal_is_an_error : like_ofd {
  static bool convert(int handle, const lock_request& from,
                      const lock_request& to, std::error_code& ec) noexcept {
    if (like_ofd::convert(handle, from, to, ec)) return true;
    ec = std::make_error_code(std::errc::resource_unavailable_try_again);
    return false;
  }
};

template <class P>
bool breaks(const std::string& law) {
  const std::string broken = broken_laws<P>();
  if (broken.find(law) != std::string::npos) return true;
  BOOST_TEST_MESSAGE("broken instead: " << broken);
  return false;
}

/// For what only threads show that a busy machine does not stop for too long.
template <class P>
bool breaks_sometimes(const std::string& law) {
  for (int tries = 100; tries != 0; --tries)
    if (breaks<P>(law)) return true;
  return false;
}

} // namespace

BOOST_AUTO_TEST_CASE(native_traits_keeps_the_laws) {
  BOOST_TEST(broken_laws<filelock::native_traits>() == "");
}

BOOST_AUTO_TEST_CASE(models_in_memory_keep_the_laws) {
  BOOST_TEST(broken_laws<like_flock>() == "");
  BOOST_TEST(broken_laws<like_ofd>() == "");
  BOOST_TEST(broken_laws<like_windows>() == "");
}

BOOST_AUTO_TEST_CASE(a_model_that_breaks_a_law_is_noticed) {
  BOOST_TEST(breaks<busy_is_an_error>("busy is false with ec clear"));
  BOOST_TEST(breaks<an_error_is_busy>("an error is neither busy nor a hold"));
  BOOST_TEST(breaks<unlock_does_nothing>("unlock lets another in"));
  BOOST_TEST(breaks<shared_is_exclusive>("shared stands beside shared"));
  BOOST_TEST(breaks<exclusive_is_shared>("exclusive excludes both"));
  BOOST_TEST(breaks<always_busy>("exclusive excludes both: not granted"));
  BOOST_TEST(
      breaks_sometimes<lock_does_not_wait>("lock waits until it is granted"));
  BOOST_TEST(breaks<lock_until_is_early>("lock_until waits until"));
  BOOST_TEST(breaks<ranges_are_ignored>("fact: byte_ranges"));
  BOOST_TEST(breaks<conversion_keeps>("fact: atomic_conversion"));
  BOOST_TEST(breaks<conversion_loses>("fact: atomic_conversion"));
  BOOST_TEST(breaks<conversion_changes_nothing>("convert changes the mode"));
  BOOST_TEST(breaks<refusal_is_an_error>("a refused conversion"));
  BOOST_TEST(breaks<throws>("is a Platform: Platform: unlock("));
  BOOST_TEST(breaks<granted_with_an_error>("granted with an error"));
  BOOST_TEST(breaks<always_granted>("exclusive excludes both: exclusive"));
  BOOST_TEST(breaks<release_unlocks>("keep the lock: release loses it"));
  BOOST_TEST(breaks<adopt_refuses>("keep the lock: adopt refuses"));
  BOOST_TEST(breaks<identity_is_the_handles>("identity is one number"));
  BOOST_TEST(breaks<every_owner_has_died>("previous_owner_died is false"));
  BOOST_TEST(breaks<is_always_awaited>("is_awaited says whether"));
  BOOST_TEST(breaks<has_one_descriptor>("descriptor is one that"));
  BOOST_TEST(breaks<names_everything>("names tells the file at the path"));
  BOOST_TEST(breaks<still_names_everything>("still_names says what names"));
}

BOOST_AUTO_TEST_CASE(a_wait_that_is_wrong_for_readers_is_noticed) {
  BOOST_TEST(
      breaks<shared_lock_does_not_wait>("lock waits until it is granted"));
  BOOST_TEST(
      breaks<lock_is_always_exclusive>("lock waits until it is granted"));
  BOOST_TEST(breaks<shared_lock_until_is_early>("lock_until waits until"));
}

BOOST_AUTO_TEST_CASE(an_attempt_that_waits_ends_the_laws) {
  const test::temporary_folder folder;
  const filelock::law_report report =
      filelock::check_platform_laws<an_attempt_waits>(
          folder.path(), std::chrono::milliseconds(50));
  BOOST_TEST(report.broken == "try_lock does not wait: it never returns\n");
  BOOST_TEST(report.untried.find("all others") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_platform_may_be_interrupted) {
  BOOST_TEST(broken_laws<is_interrupted>() == "");
}

BOOST_AUTO_TEST_CASE(a_wait_that_never_returns_is_noticed) {
  const test::temporary_folder folder;
  const std::chrono::milliseconds patience(50);
  const auto broken = [&](auto platform) {
    return filelock::check_platform_laws<decltype(platform)>(folder.path(),
                                                             patience)
        .broken;
  };
  BOOST_TEST(broken(lock_never_returns()).find("lock waits until it is") !=
             std::string::npos);
  BOOST_TEST(
      broken(lock_until_never_returns()).find("lock_until waits until") !=
      std::string::npos);
  BOOST_TEST(broken(wait_for_never_returns()).find("wait_for waits for") !=
             std::string::npos);
}

// Many times, for ThreadSanitizer: the wait ends while other laws are tried.
BOOST_AUTO_TEST_CASE(a_wait_that_comes_late_disturbs_no_other_law) {
  const test::temporary_folder folder;
  for (int i = 0; i != 20; ++i) {
    const filelock::law_report report =
        filelock::check_platform_laws<lock_until_is_late>(
            folder.path(), std::chrono::milliseconds(1));
    // Of which law, depends on what else has to wait for the machine.
    BOOST_TEST(report.broken.find("it never returns") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(a_death_is_said_to_be_untried) {
  const test::temporary_folder folder;
  const filelock::law_report report =
      filelock::check_platform_laws<nobody_has_died>(folder.path());
  BOOST_TEST(report.broken == "");
  BOOST_TEST(report.untried.find("after a death: no law ends an owner") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_platform_that_opens_nothing_ends_the_laws) {
  const test::temporary_folder folder;
  const filelock::law_report report =
      filelock::check_platform_laws<opens_nothing>(folder.path());
  BOOST_TEST(report.broken.find("open gives a handle") != std::string::npos);
  BOOST_TEST(report.untried == "all others: there is no handle\n");
}

BOOST_AUTO_TEST_CASE(a_platform_without_shared_locks_keeps_the_laws) {
  BOOST_TEST(broken_laws<exclusive_only>() == "");
  BOOST_TEST(breaks<says_no_shared_locks>("fact: shared_locks"));
}

BOOST_AUTO_TEST_CASE(a_law_that_needs_a_missing_tool_is_said_to_be_untried) {
  const test::temporary_folder folder;
  const filelock::law_report report =
      filelock::check_platform_laws<without_tools>(folder.path());
  BOOST_TEST(report.broken == "");
  const std::string no_removal = ": a removal: law_tools has no remove(), and "
                                 "std::filesystem::remove leaves the path\n";
  BOOST_TEST(report.untried ==
             "fact: mandatory: law_tools has no may_write()\n"
             "fact: ownership: law_tools has no duplicate()\n"
             "names tells the file at the path" +
                 no_removal + "still_names says what names says" + no_removal);
}

BOOST_AUTO_TEST_CASE(a_fact_that_is_not_so_is_noticed) {
  BOOST_TEST(breaks<says_handle>("fact: ownership"));
  if (test::can_tell_mandatory())
    BOOST_TEST(breaks<says_otherwise_of_mandatory>("fact: mandatory"));
  BOOST_TEST(breaks<says_not_same_process>("fact: excludes_same_process"));
  BOOST_TEST(breaks<says_atomic>("fact: atomic_conversion"));
  BOOST_TEST(breaks<says_otherwise_of_ranges>("fact: byte_ranges"));
}
