// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// downgrade() and try_upgrade() on the system's own locks: each model whose
// owners are objects, by objects and threads of one process.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/conversion_forms.hpp"
#include "support/temporary_folder.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <system_error>
#include <thread>
#include <tuple>
#include <utility>

BOOST_AUTO_TEST_SUITE(lock_conversion_models)

namespace {

using namespace std::chrono_literals;
using filelock::conversion;
using filelock::lock_request;
using test::name_of;

/// As the system's, but a conversion is a release and an attempt.
struct without_convert : filelock::native_traits {
  static bool convert(native_handle_type, const lock_request&,
                      const lock_request&, std::error_code&) noexcept = delete;
};

/// And whoever wants may come in between.
struct contended : without_convert {
  static inline std::function<void()> in_between;

  static void unlock(const native_handle_type& handle,
                     const lock_request& request,
                     std::error_code& ec) noexcept {
    without_convert::unlock(handle, request, ec);
    if (const auto run = std::exchange(in_between, nullptr)) run();
  }
};

#if FILELOCK_HAS_OFD_LOCKS
using models = std::tuple<filelock::native_traits, without_convert,
                          filelock::posix_ofd_traits>;
#elif defined(_WIN32)
using models = std::tuple<filelock::native_traits,
                          filelock::win_overlapped_traits, without_convert>;
#else
using models = std::tuple<filelock::native_traits, without_convert>;
#endif

/// Far more than any of it takes.
constexpr auto patience = 60s;

/// Objects on one file.
template <class Platform>
struct owners {
  using lock_type = filelock::basic_file_lock<Platform>;

  static constexpr bool is_in_place = Platform::atomic_conversion;
  static constexpr conversion granted =
      is_in_place ? conversion::held_throughout : conversion::released_between;
  static constexpr conversion refused = is_in_place
                                            ? conversion::refused_still_shared
                                            : conversion::refused_released;

  test::temporary_folder folder;
  std::filesystem::path path = folder / "a.lock";
  lock_type lock{path};
  lock_type other{path};

  /// \returns How the file is held, as another sees it.
  std::string held() const {
    lock_type third{path};
    if (third.try_lock()) return "not";
    return third.try_lock_shared() ? "shared" : "exclusive";
  }
};

} // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(an_only_owner_converts, Platform, models) {
  owners<Platform> file;
  file.lock.lock();
  BOOST_TEST((file.lock.downgrade() == file.granted));
  BOOST_TEST(file.held() == "shared");
  BOOST_TEST(file.lock.owns_lock_shared());
  BOOST_TEST((file.lock.try_upgrade() == file.granted));
  BOOST_TEST(file.held() == "exclusive");
  BOOST_TEST(file.lock.owns_lock());
  BOOST_TEST((file.lock.downgrade() == file.granted));
  BOOST_TEST((file.lock.try_upgrade_for(patience) == file.granted));
  file.lock.unlock();
  BOOST_TEST(file.held() == "not");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(beside_another_owner_an_upgrade_is_refused,
                              Platform, models) {
  for (const auto time : {0ms, 5ms}) {
    owners<Platform> file;
    file.lock.lock_shared();
    file.other.lock_shared();
    const conversion result =
        time == 0ms ? file.lock.try_upgrade() : file.lock.try_upgrade_for(time);
    BOOST_TEST(name_of(result) == name_of(file.refused));
    BOOST_TEST(file.lock.owns_lock_shared() == file.is_in_place);
    BOOST_TEST(!file.lock.owns_lock());
    BOOST_TEST(file.held() == "shared");
    file.other.unlock();
    // What is claimed is so.
    BOOST_TEST(file.held() == (file.is_in_place ? "shared" : "not"));
    file.lock.unlock();
    BOOST_TEST(file.held() == "not");
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_downgrade_lets_others_in, Platform, models) {
  owners<Platform> file;
  file.lock.lock();
  std::thread reader([&] { file.other.lock_shared(); });
  const conversion result = file.lock.downgrade();
  reader.join();
  BOOST_TEST(name_of(result) == name_of(file.granted));
  BOOST_TEST(file.other.owns_lock_shared());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_upgrade_waits_for_the_others, Platform,
                              models) {
  owners<Platform> file;
  file.lock.lock_shared();
  file.other.lock_shared();
  std::atomic<bool> is_released{false};
  std::atomic<int> pauses{0};
  const auto pause = [&pauses](const filelock::wait_state&) {
    ++pauses;
    return 100us;
  };
  bool came_after = false;
  conversion result{};
  // polled: or the system would wait, and the policy not be asked.
  filelock::basic_file_lock<filelock::polled<Platform>, decltype(pause)>
      upgrader(file.path, pause);
  upgrader.lock_shared();
  std::thread thread([&] {
    result = upgrader.try_upgrade_for(patience);
    came_after = is_released;
  });
  while (pauses == 0)
    std::this_thread::yield();
  file.lock.unlock();
  is_released = true;
  file.other.unlock();
  thread.join();
  BOOST_TEST(name_of(result) == name_of(file.granted));
  BOOST_TEST(came_after);
  BOOST_TEST(upgrader.owns_lock());
  BOOST_TEST(file.held() == "exclusive");
}

// Each waits for the other's release. One has less time.
BOOST_AUTO_TEST_CASE_TEMPLATE(one_of_two_upgraders_is_refused, Platform,
                              models) {
  owners<Platform> file;
  file.lock.lock_shared();
  file.other.lock_shared();
  std::atomic<int> exclusive{0};
  std::atomic<bool> overlapped{false};
  const auto upgrade = [&](auto& lock, auto time) {
    const conversion result = lock.try_upgrade_for(time);
    if (lock.owns_lock() && ++exclusive != 1) overlapped = true;
    if (lock.owns_lock()) --exclusive;
    lock.unlock();
    return result;
  };
  conversion first{};
  conversion second{};
  std::thread thread([&] { first = upgrade(file.lock, patience); });
  second = upgrade(file.other, 10ms);
  thread.join();
  BOOST_TEST(!overlapped);
  BOOST_TEST(name_of(first) == name_of(file.granted));
  if (file.is_in_place)
    BOOST_TEST(name_of(second) == "refused_still_shared");
  else // the other had lost its lock, so this one may have been granted
    BOOST_TEST((second == conversion::released_between ||
                second == conversion::refused_released));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(two_upgraders_without_a_deadline_both_end,
                              Platform, models) {
  owners<Platform> file;
  file.lock.lock_shared();
  file.other.lock_shared();
  const auto upgrade = [](auto& lock) {
    const conversion result = lock.try_upgrade_for((std::chrono::hours::max)());
    lock.unlock();
    return result;
  };
  conversion first{};
  std::thread thread([&] { first = upgrade(file.lock); });
  const conversion second = upgrade(file.other);
  thread.join();
  const auto is_granted = [](conversion each) {
    return each == conversion::released_between ||
           each == conversion::held_throughout;
  };
  BOOST_TEST((is_granted(first) && is_granted(second)));
}

// What the two threads know of each other they know by the lock: relaxed
// operations synchronize nothing, and both files are open before.
BOOST_AUTO_TEST_CASE_TEMPLATE(readers_see_what_was_written_before_a_downgrade,
                              Platform, models) {
  constexpr auto relaxed = std::memory_order_relaxed;
  owners<Platform> file;
  file.lock.open();
  file.other.open();
  int data = 0;
  int seen = 0;
  std::atomic<int> step{0};
  const auto wait_for = [&](int wanted) {
    while (step.load(relaxed) != wanted)
      std::this_thread::yield();
  };
  std::thread reader([&] {
    wait_for(1);
    file.other.lock_shared();
    seen = data;
    step.store(2, relaxed);
  });
  file.lock.lock();
  data = 1;
  BOOST_TEST((file.lock.downgrade() == file.granted));
  step.store(1, relaxed);
  wait_for(2);
  file.lock.unlock();
  reader.join();
  BOOST_TEST(seen == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    an_upgrade_orders_a_write_after_the_reads_of_others, Platform, models) {
  constexpr auto relaxed = std::memory_order_relaxed;
  owners<Platform> file;
  file.lock.open();
  file.other.open();
  int data = 1;
  int seen = 0;
  std::atomic<int> step{0};
  std::thread reader([&] {
    while (step.load(relaxed) != 1)
      std::this_thread::yield();
    file.other.lock_shared();
    seen = data;
    step.store(2, relaxed);
    file.other.unlock();
  });
  file.lock.lock_shared();
  step.store(1, relaxed);
  while (step.load(relaxed) != 2)
    std::this_thread::yield();
  // What the reader did is known by this alone.
  BOOST_TEST((file.lock.try_upgrade_for(patience) == file.granted));
  data = 2;
  reader.join();
  BOOST_TEST(seen == 1);
}

// Plain memory, so that ThreadSanitizer shows what it is told of a conversion.
BOOST_AUTO_TEST_CASE_TEMPLATE(
    nothing_changes_during_an_upgrade_that_holds_throughout, Platform, models) {
  constexpr int threads = 4;
#if FILELOCK_HAS_FORK
  constexpr int times = 50;
#else
  constexpr int times = 15; // the locks of Wine are slow
#endif
  const owners<Platform> file;
  int counter = 0;
  std::atomic<int> wrong{0};
  std::array<std::thread, threads> running;
  for (std::thread& each : running)
    each = std::thread([&] {
      typename owners<Platform>::lock_type lock(file.path);
      for (int done = 0; done != times; ++done) {
        lock.lock_shared();
        const int seen = counter;
        const conversion result = lock.try_upgrade_for(1ms);
        if (result == conversion::held_throughout && counter != seen) ++wrong;
        if (!lock.owns_lock()) {
          // To ask again would keep the others from their turn.
          lock.unlock();
          lock.lock();
        }
        const int before = counter;
        counter = before + 1;
        // Readable for others, and nobody writes.
        const conversion back = lock.downgrade();
        if (back == conversion::held_throughout && counter != before + 1)
          ++wrong;
        lock.unlock();
      }
    });
  for (std::thread& each : running)
    each.join();
  BOOST_TEST(wrong == 0);
  BOOST_TEST(counter == threads * times);
}

BOOST_AUTO_TEST_CASE(another_owner_may_come_in_during_a_conversion_by_release) {
  owners<contended> file;
  const auto other_locks = [&] { file.other.lock(); };
  file.lock.lock();
  contended::in_between = other_locks;
  BOOST_TEST(name_of(file.lock.downgrade()) == "refused_released");
  BOOST_TEST(file.other.owns_lock());
  BOOST_TEST(!file.lock.owns_lock());
  BOOST_TEST(!file.lock.owns_lock_shared());
  file.other.unlock();

  file.lock.lock_shared();
  contended::in_between = other_locks;
  BOOST_TEST(name_of(file.lock.try_upgrade_for(2ms)) == "refused_released");
  BOOST_TEST(!file.lock.owns_lock_shared());
  file.other.unlock();
  BOOST_TEST(file.held() == "not");
}

BOOST_AUTO_TEST_CASE(a_file_replaced_in_between_is_not_the_one_that_is_held) {
  owners<contended> file;
  file.lock.lock_shared();
  contended::in_between = [&] {
    std::filesystem::rename(file.path, file.folder / "moved");
  };
  BOOST_TEST(name_of(file.lock.try_upgrade()) == "released_between");
  BOOST_TEST(std::filesystem::exists(file.path));
  BOOST_TEST(file.held() == "exclusive");
}

BOOST_AUTO_TEST_SUITE_END()
