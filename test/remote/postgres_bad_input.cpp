// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: libpq: libpq-dev is not installed
// LINK: filelock_postgres

// Servers that are not there, or never answer, and words that are wrong.

#include <filelock/filelock.hpp>
#include <filelock/remote/postgres.hpp>

#include <boost/test/unit_test.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>
#include <thread>

#include "support/descriptors.hpp"
#include "support/posix_calls.hpp"
#include "support/temporary_folder.hpp"
#include "support/told_postgres.hpp"

using namespace std::chrono_literals;
using filelock::detail::address_lookup;
using filelock::detail::wait_bounds;
using filelock::detail::wait_end;
using test::refusal_of;
using test::told;
using test::told_lock;

namespace {

// Listens on the loopback interface. The kernel accepts what connects.
class listener {
public:
  listener() : socket_(test::open_socket(AF_INET)) {
    ::sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::socklen_t size = sizeof address;
    auto* const name = reinterpret_cast<::sockaddr*>(&address);
    BOOST_TEST_REQUIRE(::bind(socket_, name, size) == 0);
    BOOST_TEST_REQUIRE(::listen(socket_, 16) == 0);
    BOOST_TEST_REQUIRE(::getsockname(socket_, name, &size) == 0);
    port_ = ntohs(address.sin_port);
  }
  ~listener() { ::close(socket_); }
  listener(const listener&) = delete;
  listener& operator=(const listener&) = delete;

  std::string words() const {
    return "host=127.0.0.1 user=u dbname=d sslmode=disable port=" +
           std::to_string(port_);
  }

  /// Takes one connection, sends `text`, and closes it.
  void say_to_one(const std::string& text) const {
    const int session = ::accept(socket_, nullptr, nullptr);
    char bytes[1024];
    while (::recv(session, bytes, sizeof bytes, 0) < 0 && errno == EINTR) {
    }
    ::send(session, text.data(), text.size(), test::quietly);
    ::close(session);
  }

private:
  int socket_;
  int port_ = 0;
};

address_lookup::addresses never_answered(const std::string&) {
  filelock::canceller().sleep_for(1h);
  return {};
}

} // namespace

BOOST_AUTO_TEST_SUITE(remote_postgres_bad_input)

BOOST_AUTO_TEST_CASE(no_server) {
  const std::string port = std::to_string(test::free_port());
  const std::error_code ec = refusal_of(
      "host=127.0.0.1 dbname=locks user=u password=hush port=" + port);
  BOOST_TEST((ec == std::errc::connection_refused), ec.message());
  BOOST_TEST(ec.message() == "PostgreSQL (host=127.0.0.1 port=" + port +
                                 " dbname=locks user=u): no connection: no "
                                 "server listens there, or it refuses");
}

BOOST_AUTO_TEST_CASE(no_folder_of_a_socket) {
  const std::error_code ec = refusal_of("host=/no/such/folder dbname=locks");
  BOOST_TEST((ec == std::errc::connection_refused), ec.message());
}

// No name has 64 characters without a dot, so nobody is asked.
BOOST_AUTO_TEST_CASE(an_unknown_host) {
  const std::error_code ec = refusal_of("host=" + std::string(64, 'h'));
  BOOST_TEST((ec == std::errc::host_unreachable), ec.message());
}

// libpq would look it up by itself, and not end at a deadline.
BOOST_AUTO_TEST_CASE(an_unknown_host_of_a_service_or_of_the_environment) {
  const test::temporary_folder folder;
  std::ofstream(folder / "services")
      << "[far]\nport=1\nhost=" << std::string(64, 'h') << '\n';
  ::setenv("PGSERVICEFILE", (folder / "services").c_str(), 1);
  const std::error_code ec = refusal_of("service=far");
  BOOST_TEST((ec == std::errc::host_unreachable), ec.message());
  const std::error_code none = refusal_of("service=near");
  BOOST_TEST((none == std::errc::invalid_argument), none.message());
  ::setenv("PGHOST", std::string(64, 'h').c_str(), 1);
  const std::error_code by_default = refusal_of("dbname=locks");
  BOOST_TEST((by_default == std::errc::host_unreachable), by_default.message());
  // With an address, nobody looks for the name.
  ::setenv("PGHOSTADDR", "127.0.0.1", 1);
  const std::error_code refused =
      refusal_of("port=" + std::to_string(test::free_port()));
  BOOST_TEST((refused == std::errc::connection_refused), refused.message());
  for (const char* const each : {"PGSERVICEFILE", "PGHOST", "PGHOSTADDR"})
    ::unsetenv(each);
}

BOOST_AUTO_TEST_CASE(words_that_libpq_does_not_understand) {
  for (const char* const words :
       {"nonsense", "host", "no_such_word=1", "port=none", "sslmode=perhaps",
        "postgresql://[", "host='"}) {
    const std::error_code ec = refusal_of(words);
    BOOST_TEST((ec == std::errc::invalid_argument),
               words << ": " << ec.message());
  }
}

BOOST_AUTO_TEST_CASE(an_option_for_files) {
  told::words = "host=127.0.0.1";
  filelock::open_options options;
  options.remove_on_release = true;
  told_lock lock("name", options);
  std::error_code ec;
  BOOST_TEST(!lock.try_lock(ec));
  BOOST_TEST((ec == std::errc::not_supported));
}

BOOST_AUTO_TEST_CASE(a_server_that_never_answers) {
  const listener silent;
  told::words = silent.words();
  told_lock lock("silent");
  const auto start = std::chrono::steady_clock::now();
  std::error_code ec;
  BOOST_TEST(!lock.try_lock_for(50ms, ec));
  BOOST_TEST(!ec, ec.message());
  told::patient_for = 50ms;
  BOOST_TEST(!lock.try_lock(ec));
  BOOST_TEST((ec == std::errc::timed_out), ec.message());
  lock.lock(ec);
  BOOST_TEST((ec == std::errc::timed_out), ec.message());
  told::patient_for = 10s;
  BOOST_TEST((std::chrono::steady_clock::now() - start >= 150ms));
  BOOST_TEST((std::chrono::steady_clock::now() - start < 8s));
  BOOST_TEST(!lock.is_open());
}

BOOST_AUTO_TEST_CASE(a_server_of_another_protocol) {
  for (const char* const text : {"", "HTTP/1.0 400 Bad Request\r\n\r\n", "R"}) {
    const listener other;
    std::thread answer([&] { other.say_to_one(text); });
    const std::error_code ec = refusal_of(other.words());
    answer.join();
    BOOST_TEST((ec == std::errc::connection_refused), ec.message());
  }
}

BOOST_AUTO_TEST_CASE(a_resolver_that_never_answers) {
  using clock = std::chrono::steady_clock;
  address_lookup::addresses found;
  BOOST_TEST((address_lookup::find("host", {clock::now() + 20ms}, found,
                                   &never_answered) == wait_end::timed_out));
  std::error_code ec;
  filelock::detail::wake_descriptor stop;
  BOOST_TEST_REQUIRE(stop.open(ec));
  stop.wake();
  BOOST_TEST(
      (address_lookup::find("host", {(clock::time_point::max)(), stop.get()},
                            found, &never_answered) == wait_end::stopped));
  BOOST_TEST((address_lookup::find("localhost", {clock::now() + 20s}, found) ==
              wait_end::ready));
  BOOST_TEST(!found.empty());
}

// A user's handler runs on a thread of the user's.
BOOST_AUTO_TEST_CASE(a_thread_that_looks_up_takes_no_signal) {
  using clock = std::chrono::steady_clock;
  const auto mask_of_thread = [](const std::string&) {
    ::sigset_t mask;
    ::pthread_sigmask(SIG_SETMASK, nullptr, &mask);
    const bool is_blocked = sigismember(&mask, SIGUSR1) == 1;
    return address_lookup::addresses{is_blocked ? "blocked" : "open"};
  };
  address_lookup::addresses found;
  BOOST_TEST((address_lookup::find("host", {clock::now() + 20s}, found,
                                   mask_of_thread) == wait_end::ready));
  BOOST_TEST(found == address_lookup::addresses{"blocked"},
             boost::test_tools::per_element());
  ::sigset_t mask;
  ::pthread_sigmask(SIG_SETMASK, nullptr, &mask);
  BOOST_TEST(sigismember(&mask, SIGUSR1) == 0); // of the caller
}

// A thread that looks up a host may just be closing a descriptor of its own.
BOOST_AUTO_TEST_CASE(a_failed_connect_leaks_no_descriptor) {
  constexpr int rounds = 20;
  const std::string nobody =
      "host=127.0.0.1 port=" + std::to_string(test::free_port());
  const listener silent;
  const int before = test::count_descriptors();
  for (int i = 0; i != rounds; ++i) {
    refusal_of(nobody);
    told::words = silent.words();
    told_lock lock("silent");
    BOOST_TEST(!lock.try_lock_for(1ms));
  }
  BOOST_TEST(test::count_descriptors() < before + rounds);
}

BOOST_AUTO_TEST_SUITE_END()
