// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A lock on a Platform that locks the names of a service: its sessions end, and
// a connect takes time.

#include <filelock/filelock.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

using namespace std::chrono_literals;

namespace {

// One service in memory, for one test at a time.
struct service {
  struct session {
    bool is_alive = true;
    bool holds = false;
    std::uint64_t token = 0;
    std::shared_ptr<filelock::cancel_source> loss =
        std::make_shared<filelock::cancel_source>();
  };

  static service& get() {
    static service one;
    return one;
  }

  int connect() {
    if (refuses) return 0;
    ++connects;
    last = std::make_unique<session>();
    return connects;
  }

  void end_session() {
    last->is_alive = false;
    last->holds = false;
    last->loss->request();
  }

  bool refuses = false;
  bool is_silent = false;
  bool gives_up_once = false;
  bool ends_each_session = false;
  bool is_busy = false;
  int connects = 0;
  int opened_with_deadline = 0;
  int tried_with_deadline = 0;
  std::uint64_t tokens = 0;
  std::string last_name;
  std::unique_ptr<session> last;
};

void be_silent_until(const std::chrono::steady_clock::time_point& deadline,
                     const filelock::canceller& stop) {
  // By winpthreads, a sleep ends up to a millisecond before its time.
  for (;;) {
    const auto now = std::chrono::steady_clock::now();
    if (now >= deadline || stop.requested()) return;
    stop.sleep_for(deadline - now);
  }
}

// Its handle is the number of the session: only the last one is in use.
struct service_traits {
  using native_handle_type = int;
  static constexpr int invalid_handle = 0;
  static constexpr auto ownership = filelock::lock_ownership::handle;
  static constexpr bool mandatory = false;
  static constexpr bool excludes_same_process = true;
  static constexpr bool atomic_conversion = true;
  static constexpr bool byte_ranges = false;
  static constexpr bool locks_names = true;

  static int open(const std::filesystem::path& name,
                  const filelock::open_options&, std::error_code& ec) noexcept {
    service::get().last_name = name.string();
    const int result = service::get().connect();
    if (!result) ec = std::make_error_code(std::errc::connection_refused);
    return result;
  }

  static int open_until(const std::filesystem::path& name,
                        const filelock::open_options& options,
                        const std::chrono::steady_clock::time_point& deadline,
                        filelock::canceller& stop,
                        std::error_code& ec) noexcept {
    ++service::get().opened_with_deadline;
    if (std::exchange(service::get().gives_up_once, false))
      return invalid_handle;
    if (!service::get().is_silent) return open(name, options, ec);
    be_silent_until(deadline, stop);
    return invalid_handle;
  }

  static void close(int) noexcept { service::get().last.reset(); }

  static bool try_lock(int, const filelock::lock_request&,
                       std::error_code& ec) noexcept {
    service& here = service::get();
    if (here.ends_each_session) here.end_session();
    if (!is_alive(ec) || here.is_busy) return false;
    here.last->holds = true;
    here.last->token = ++here.tokens;
    return true;
  }

  static bool
  attempt_until(int handle, const filelock::lock_request& request,
                const std::chrono::steady_clock::time_point& deadline,
                filelock::canceller& stop, std::error_code& ec) noexcept {
    ++service::get().tried_with_deadline;
    if (!service::get().is_silent) return try_lock(handle, request, ec);
    be_silent_until(deadline, stop);
    return false;
  }

  static void unlock(int, const filelock::lock_request&,
                     std::error_code& ec) noexcept {
    if (is_alive(ec)) service::get().last->holds = false;
  }

  static bool convert(int, const filelock::lock_request&,
                      const filelock::lock_request&,
                      std::error_code& ec) noexcept {
    return is_alive(ec);
  }

  static bool holds(int, const filelock::lock_request&) noexcept {
    return service::get().last->holds;
  }
  static bool is_loss(const std::error_code& ec) noexcept {
    return ec == std::errc::connection_reset;
  }
  static filelock::canceller loss(int) noexcept {
    return filelock::canceller(service::get().last->loss);
  }
  static std::uint64_t token(int) noexcept {
    return service::get().last->token;
  }
  static std::string holder_name(int, const filelock::lock_request&) noexcept {
    return "process 1 of host a";
  }

private:
  static bool is_alive(std::error_code& ec) noexcept {
    if (!service::get().last->is_alive)
      ec = std::make_error_code(std::errc::connection_reset);
    return !ec;
  }
};

static_assert(filelock::is_platform_v<service_traits>);

using service_lock = filelock::basic_file_lock<service_traits>;

struct new_service {
  new_service() {
    all.refuses = all.is_silent = all.gives_up_once = all.ends_each_session =
        all.is_busy = false;
    all.connects = all.opened_with_deadline = all.tried_with_deadline = 0;
    all.last.reset();
  }
  service& all = service::get();
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(lock_service, new_service)

BOOST_AUTO_TEST_CASE(a_name_is_kept_as_it_is) {
  service_lock lock{"jobs/../a name/"};
  lock.lock();
  BOOST_TEST(lock.path().string() == "jobs/../a name/");
  BOOST_TEST(all.last_name == "jobs/../a name/");
}

BOOST_AUTO_TEST_CASE(a_null_character_belongs_to_the_name) {
  const std::string name("a\0b", 3);
  service_lock lock{std::filesystem::path(name)};
  lock.lock();
  BOOST_TEST((all.last_name == name));
}

BOOST_AUTO_TEST_CASE(an_empty_name_is_refused) {
  service_lock lock{std::filesystem::path()};
  std::error_code ec;
  lock.lock(ec);
  BOOST_TEST((ec == std::errc::invalid_argument));
  BOOST_TEST(all.connects == 0);
}

BOOST_AUTO_TEST_CASE(each_option_for_a_file_is_refused) {
  const auto is_refused = [this](auto set) {
    filelock::open_options options;
    set(options);
    service_lock lock{"name", options};
    std::error_code ec;
    lock.lock(ec);
    return ec == std::errc::not_supported && all.connects == 0;
  };
  using options = filelock::open_options;
  BOOST_TEST(is_refused([](options& o) { o.create = false; }));
  BOOST_TEST(is_refused([](options& o) { o.create_parents = false; }));
  BOOST_TEST(is_refused(
      [](options& o) { o.permissions = std::filesystem::perms::none; }));
  BOOST_TEST(is_refused([](options& o) { o.follow_symlink = true; }));
  BOOST_TEST(is_refused([](options& o) { o.verify_path = false; }));
  BOOST_TEST(is_refused([](options& o) { o.remove_on_release = true; }));
  BOOST_TEST(is_refused([](options& o) { o.directory = true; }));
  BOOST_TEST(is_refused([](options& o) { o.inheritable = true; }));
  BOOST_TEST(is_refused([](options& o) { o.compare_always = true; }));
  BOOST_TEST(is_refused([](options& o) { o.read_only = true; }));
  BOOST_TEST(is_refused([](options& o) { o.device = true; }));
  BOOST_TEST(is_refused([](options& o) { o.range = {0, 1}; }));
}

BOOST_AUTO_TEST_CASE(a_busy_try_lock_leaves_the_session_open) {
  all.is_busy = true;
  service_lock lock{"name"};
  BOOST_TEST(!lock.try_lock());
  BOOST_TEST(lock.is_open());
  BOOST_TEST(!lock.try_lock());
  BOOST_TEST(all.connects == 1);
}

BOOST_AUTO_TEST_CASE(only_a_wait_connects_under_its_deadline) {
  service_lock lock{"name"};
  BOOST_TEST(lock.try_lock());
  BOOST_TEST(all.opened_with_deadline == 0);
  lock.close();
  BOOST_TEST(lock.try_lock_for(0s));
  BOOST_TEST(all.opened_with_deadline == 0);
  lock.close();
  BOOST_TEST(lock.try_lock_for(1h));
  BOOST_TEST(all.opened_with_deadline == 1);
  lock.close();
  lock.lock();
  BOOST_TEST(all.opened_with_deadline == 2);
}

BOOST_AUTO_TEST_CASE(a_silent_service_is_left_at_the_deadline) {
  all.is_silent = true;
  service_lock lock{"name"};
  const auto start = std::chrono::steady_clock::now();
  std::error_code ec;
  BOOST_TEST(!lock.try_lock_for(20ms, ec));
  BOOST_TEST(!ec);
  BOOST_TEST((std::chrono::steady_clock::now() - start >= 20ms));
  BOOST_TEST(all.opened_with_deadline == 1);
  BOOST_TEST(!lock.is_open());
}

BOOST_AUTO_TEST_CASE(only_a_wait_attempts_under_its_deadline) {
  service_lock lock{"name"};
  lock.open();
  BOOST_TEST(lock.try_lock());
  BOOST_TEST(all.tried_with_deadline == 0);
  lock.unlock();
  all.is_silent = true;
  const auto start = std::chrono::steady_clock::now();
  std::error_code ec;
  BOOST_TEST(!lock.try_lock_for(20ms, ec));
  BOOST_TEST(!ec);
  BOOST_TEST((std::chrono::steady_clock::now() - start >= 20ms));
  BOOST_TEST(all.tried_with_deadline == 1);
}

BOOST_AUTO_TEST_CASE(a_connect_that_ends_early_is_made_again) {
  all.gives_up_once = true;
  service_lock lock{"name"};
  BOOST_TEST(lock.try_lock_for(1h));
  BOOST_TEST(all.opened_with_deadline == 2);
}

BOOST_AUTO_TEST_CASE(a_refused_connect_is_an_error_at_once) {
  all.refuses = true;
  service_lock lock{"name"};
  std::error_code ec;
  BOOST_TEST(!lock.try_lock_for(1h, ec));
  BOOST_TEST((ec == std::errc::connection_refused));
  BOOST_TEST(!lock.is_open());
}

BOOST_AUTO_TEST_CASE(an_idle_session_that_ended_is_begun_anew) {
  service_lock lock{"name"};
  lock.open();
  all.end_session();
  BOOST_TEST(lock.try_lock());
  BOOST_TEST(all.connects == 2);
  BOOST_TEST(lock.still_valid());
}

BOOST_AUTO_TEST_CASE(a_service_that_ends_each_session_is_an_error) {
  all.ends_each_session = true;
  service_lock lock{"name"};
  std::error_code ec;
  BOOST_TEST(!lock.try_lock(ec));
  BOOST_TEST((ec == std::errc::connection_reset));
  BOOST_TEST(!lock.is_open());
  BOOST_TEST(all.connects == 4);
}

BOOST_AUTO_TEST_CASE(each_hold_has_a_greater_token) {
  service_lock lock{"name"};
  BOOST_TEST(lock.token() == 0u);
  lock.lock();
  const std::uint64_t first = lock.token();
  lock.unlock();
  lock.lock();
  BOOST_TEST(lock.token() > first);
}

BOOST_AUTO_TEST_CASE(a_lost_hold_is_told) {
  service_lock lock{"name"};
  BOOST_TEST(!lock.loss().can_be_requested());
  lock.lock();
  const filelock::canceller loss = lock.loss();
  BOOST_TEST(!loss.requested());
  BOOST_TEST(lock.still_valid());
  all.end_session();
  BOOST_TEST(loss.requested());
  BOOST_TEST(!lock.still_valid());

  std::error_code ec;
  lock.unlock(ec);
  BOOST_TEST((ec == std::errc::connection_reset));
  BOOST_TEST(!lock.is_open());
  BOOST_TEST(loss.requested()); // it outlives the session
}

BOOST_AUTO_TEST_CASE(a_lost_hold_is_not_acquired_again) {
  service_lock lock{"name"};
  lock.lock();
  lock.lock();
  all.end_session();
  std::error_code ec;
  lock.lock(ec);
  BOOST_TEST((ec == std::errc::connection_aborted));
  lock.close();
  lock.lock();
  BOOST_TEST(lock.still_valid());
}

BOOST_AUTO_TEST_CASE(a_conversion_of_a_lost_hold_closes) {
  service_lock lock{"name"};
  lock.lock_shared();
  all.end_session();
  std::error_code ec;
  const filelock::conversion result = lock.try_upgrade(ec);
  BOOST_TEST((ec == std::errc::connection_reset));
  BOOST_TEST((result == filelock::conversion::refused_released));
  BOOST_TEST(!lock.is_open());
}

BOOST_AUTO_TEST_CASE(the_holder_has_a_name) {
  service_lock lock{"name"};
  BOOST_TEST(lock.holder_name() == "process 1 of host a");
}

BOOST_AUTO_TEST_SUITE_END()
