// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The laws of a Platform, of a simulated lock service.

#include <boost/test/unit_test.hpp>

#include <filelock/testing/platform_laws.hpp>
#include <filelock/testing/simulated_service.hpp>

#include "support/simulated_law_tools.hpp"
#include "support/wrong_services.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <system_error>

BOOST_AUTO_TEST_SUITE(testing_simulated_service_laws)

namespace {

using filelock::lock_request;
using filelock::simulated_service;
using filelock::simulated_service_traits;

template <class P>
std::string broken_laws() {
  const filelock::simulation world;
  const simulated_service service(std::chrono::seconds(9));
  return filelock::broken_laws<P>("laws");
}

template <class P>
bool breaks(const std::string& law) {
  const std::string broken = broken_laws<P>();
  if (broken.find(law) != std::string::npos) return true;
  BOOST_TEST_MESSAGE("broken instead: " << broken);
  return false;
}

// ---- Platforms that are wrong in one way ----

/// As a path: up to the first null character, and without what does not count.
struct names_are_paths : simulated_service_traits {
  static std::int64_t open(const std::filesystem::path& name,
                           const filelock::open_options& options,
                           std::error_code& ec) noexcept {
    return simulated_service_traits::open(
        (name / "").lexically_normal().parent_path(), options, ec);
  }
};
struct names_end_at_null : simulated_service_traits {
  static std::int64_t open(const std::filesystem::path& name,
                           const filelock::open_options& options,
                           std::error_code& ec) noexcept {
    return simulated_service_traits::open(name.c_str(), options, ec);
  }
};
struct names_are_cut : simulated_service_traits {
  static std::int64_t open(const std::filesystem::path& name,
                           const filelock::open_options& options,
                           std::error_code& ec) noexcept {
    return simulated_service_traits::open(name.native().substr(0, 255), options,
                                          ec);
  }
};

struct has_one_token : simulated_service_traits {
  static std::uint64_t token(std::int64_t) noexcept { return 7; }
};
struct has_no_token : simulated_service_traits {
  static std::uint64_t token(std::int64_t) noexcept { return 0; }
};
struct token_is_the_sessions : simulated_service_traits {
  static std::uint64_t token(std::int64_t handle) noexcept {
    return static_cast<std::uint64_t>(handle);
  }
};
struct token_counts_questions : simulated_service_traits {
  static std::uint64_t token(std::int64_t) noexcept {
    static std::uint64_t last = 0;
    return ++last;
  }
};
struct upgrade_keeps_the_token : simulated_service_traits {
  static std::map<std::int64_t, std::uint64_t>& kept() {
    static std::map<std::int64_t, std::uint64_t> all;
    return all;
  }
  static bool convert(std::int64_t handle, const lock_request& from,
                      const lock_request& to, std::error_code& ec) noexcept {
    kept()[handle] = simulated_service_traits::token(handle);
    return simulated_service_traits::convert(handle, from, to, ec);
  }
  static std::uint64_t token(std::int64_t handle) noexcept {
    const auto found = kept().find(handle);
    return found == kept().end() ? simulated_service_traits::token(handle)
                                 : found->second;
  }
};

struct every_error_is_a_loss : simulated_service_traits {
  static bool is_loss(const std::error_code& ec) noexcept {
    return static_cast<bool>(ec);
  }
};
struct no_error_is_a_loss : simulated_service_traits {
  static bool is_loss(const std::error_code&) noexcept { return false; }
};
struct success_is_a_loss : simulated_service_traits {
  static bool is_loss(const std::error_code& ec) noexcept {
    return !ec || simulated_service_traits::is_loss(ec);
  }
};
struct holds_for_ever : simulated_service_traits {
  static bool holds(std::int64_t, const lock_request&) noexcept { return true; }
};
struct never_holds : simulated_service_traits {
  static bool holds(std::int64_t, const lock_request&) noexcept {
    return false;
  }
};
struct loss_is_never_told : simulated_service_traits {
  static filelock::canceller loss(std::int64_t) noexcept {
    return filelock::canceller(std::make_shared<filelock::cancel_source>());
  }
};
struct loss_cannot_be_told : simulated_service_traits {
  static filelock::canceller loss(std::int64_t) noexcept { return {}; }
};
struct loss_is_told_at_once : simulated_service_traits {
  static filelock::canceller loss(std::int64_t) noexcept {
    const auto source = std::make_shared<filelock::cancel_source>();
    source->request();
    return filelock::canceller(source);
  }
};
struct unlock_hides_the_loss : simulated_service_traits {
  static void unlock(std::int64_t handle, const lock_request& request,
                     std::error_code&) noexcept {
    std::error_code ignored;
    simulated_service_traits::unlock(handle, request, ignored);
  }
};
struct connects_never : simulated_service_traits {
  static std::int64_t open_until(const std::filesystem::path&,
                                 const filelock::open_options&,
                                 const filelock::virtual_clock::time_point&,
                                 filelock::canceller&,
                                 std::error_code&) noexcept {
    return invalid_handle;
  }
};
struct a_late_connect_is_an_error : simulated_service_traits {
  static std::int64_t open_until(const std::filesystem::path& name,
                                 const filelock::open_options& options,
                                 const filelock::virtual_clock::time_point& end,
                                 filelock::canceller& stop,
                                 std::error_code& ec) noexcept {
    if (stop.requested()) ec = std::make_error_code(std::errc::timed_out);
    return ec ? invalid_handle
              : simulated_service_traits::open_until(name, options, end, stop,
                                                     ec);
  }
};

struct names_itself : simulated_service_traits {
  static std::string holder_name(std::int64_t handle,
                                 const lock_request& request) noexcept {
    const std::string other =
        simulated_service_traits::holder_name(handle, request);
    return other.empty() ? "process 1" : other;
  }
};
struct falls_for_readers : simulated_service_traits {
  static inline bool is_shared = false;
  static bool try_lock(std::int64_t handle, const lock_request& request,
                       std::error_code& ec) noexcept {
    is_shared = request.mode == filelock::lock_mode::shared;
    return simulated_service_traits::try_lock(handle, request, ec);
  }
  static std::uint64_t token(std::int64_t handle) noexcept {
    return is_shared ? 1 : simulated_service_traits::token(handle);
  }
};
struct names_readers_to_readers : simulated_service_traits {
  static std::string holder_name(std::int64_t handle,
                                 const lock_request&) noexcept {
    return simulated_service_traits::holder_name(
        handle, {filelock::lock_mode::exclusive, {}});
  }
};

} // namespace

BOOST_AUTO_TEST_CASE(simulated_service_traits_keeps_the_laws) {
  const filelock::simulation world;
  const simulated_service service;
  const filelock::law_report report =
      filelock::check_platform_laws<simulated_service_traits>("laws");
  BOOST_TEST(report.broken == "");
  BOOST_TEST(report.untried == "");
}

BOOST_AUTO_TEST_CASE(a_lease_and_slow_messages_change_no_law) {
  const filelock::simulation world;
  simulated_service service(std::chrono::seconds(9));
  service.set_latency(std::chrono::microseconds(10));
  BOOST_TEST(filelock::broken_laws<simulated_service_traits>("laws") == "");
}

BOOST_AUTO_TEST_CASE(nothing_is_left_at_the_service_by_the_laws) {
  const filelock::simulation world;
  const simulated_service service;
  BOOST_TEST(filelock::broken_laws<simulated_service_traits>("laws") == "");
  BOOST_TEST(service.sessions() == 0U);
}

BOOST_AUTO_TEST_CASE(a_name_that_is_no_text_is_noticed) {
  BOOST_TEST(breaks<names_are_paths>("a name is any text"));
  BOOST_TEST(breaks<names_end_at_null>("a name is any text"));
  BOOST_TEST(breaks<names_are_cut>("a name is any text"));
}

BOOST_AUTO_TEST_CASE(a_token_that_does_not_rise_is_noticed) {
  const std::string law = "token rises with each hold: ";
  BOOST_TEST(breaks<has_no_token>(law + "0 in a hold"));
  BOOST_TEST(breaks<has_one_token>(law + "not in one session"));
  BOOST_TEST(breaks<token_is_the_sessions>(law + "not in one session"));
  BOOST_TEST(breaks<token_counts_questions>(law + "a busy attempt changes it"));
  BOOST_TEST(breaks<falls_for_readers>(law + "it falls for readers"));
  BOOST_TEST(breaks<upgrade_keeps_the_token>(law + "not by an upgrade"));
}

BOOST_AUTO_TEST_CASE(a_loss_that_is_none_is_noticed) {
  BOOST_TEST(breaks<every_error_is_a_loss>("is_loss is said of losses alone"));
  BOOST_TEST(breaks<success_is_a_loss>("is_loss is said of losses alone"));
  const std::string law = "a hold is lost with its session alone: ";
  BOOST_TEST(breaks<never_holds>(law + "holds says that it is lost"));
  BOOST_TEST(breaks<loss_is_told_at_once>(law + "loss is requested"));
  BOOST_TEST(breaks<loss_cannot_be_told>(law + "loss can never be requested"));
}

BOOST_AUTO_TEST_CASE(a_loss_that_is_not_told_is_noticed) {
  const std::string law = "the end of a session is told: ";
  BOOST_TEST(breaks<no_error_is_a_loss>(law + "is_loss denies"));
  BOOST_TEST(breaks<holds_for_ever>(law + "holds says that it is held"));
  BOOST_TEST(breaks<loss_is_never_told>(law + "loss is not requested"));
  BOOST_TEST(breaks<unlock_hides_the_loss>(law + "unlock reports no error"));
  BOOST_TEST(breaks<test::a_lost_wait_is_granted>(law + "a wait in an ended"));
  BOOST_TEST(
      breaks<test::an_ended_session_is_busy>(law + "an attempt in an ended"));
}

BOOST_AUTO_TEST_CASE(a_connect_that_is_no_part_of_a_wait_is_noticed) {
  const std::string law = "open_until connects until a time or a cancel: ";
  BOOST_TEST(breaks<connects_never>(law + "it opens nothing"));
  BOOST_TEST(breaks<a_late_connect_is_an_error>(law + "its end is an error"));
}

BOOST_AUTO_TEST_CASE(a_wrong_name_of_the_owner_is_noticed) {
  const std::string law = "holder_name names the owner or nobody: ";
  BOOST_TEST(breaks<names_itself>(law + "the asker"));
  BOOST_TEST(breaks<names_readers_to_readers>(law + "of a lock that stands"));
}

BOOST_AUTO_TEST_SUITE_END()
