// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The usual line about a wait, as text and on the standard error stream, which
// this program closes.

#include <boost/test/unit_test.hpp>

#include <filelock/backoff/constant_backoff.hpp>
#include <filelock/backoff/notified.hpp>
#include <filelock/backoff/wait_message.hpp>
#include <filelock/backoff/wait_state.hpp>
#include <filelock/detail/wait/virtual_driver.hpp>

#include <support/temporary_folder.hpp>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

BOOST_AUTO_TEST_SUITE(backoff_wait_message)

namespace {

using namespace std::chrono_literals;
using filelock::wait_state;

class subject final : public filelock::wait_subject {
public:
  subject(std::filesystem::path path,
          std::optional<filelock::process_id> holder)
      : path_(std::move(path)), holder_(holder) {}
  const std::filesystem::path& path() const override { return path_; }
  std::optional<filelock::process_id> holder() const override {
    return holder_;
  }

private:
  std::filesystem::path path_;
  std::optional<filelock::process_id> holder_;
};

std::string message_for(const std::filesystem::path& path,
                        std::optional<filelock::process_id> holder) {
  const subject waited_for(path, holder);
  wait_state state;
  state.subject = &waited_for;
  return filelock::wait_message(state);
}

} // namespace

BOOST_AUTO_TEST_CASE(the_message_names_the_path_and_the_holder) {
  BOOST_TEST(message_for("/x/y.lock", 1234) ==
             "waiting for /x/y.lock, held by process 1234");
  BOOST_TEST(message_for("/x/y.lock", std::nullopt) == "waiting for /x/y.lock");
  BOOST_TEST(message_for("", 7) ==
             "waiting for a file lock, held by process 7");
  BOOST_TEST(filelock::wait_message(wait_state()) == "waiting for a file lock");
}

BOOST_AUTO_TEST_CASE(the_path_is_in_utf_8) {
  const std::filesystem::path path(u"/\u00E9\u4E2D");
  BOOST_TEST(message_for(path, 7) ==
             "waiting for /\xC3\xA9\xE4\xB8\xAD, held by process 7");
}

BOOST_AUTO_TEST_CASE(each_call_prints_the_message_as_a_line) {
  using filelock::constant_backoff;
  const test::temporary_folder folder;
  const std::string file = (folder / "errors").string();
  BOOST_TEST_REQUIRE((std::freopen(file.c_str(), "w", stderr) != nullptr));
  const filelock::notified policy(constant_backoff(1h), 5s, 30s,
                                  filelock::print_wait_message);
  filelock::detail::virtual_driver<std::decay_t<decltype(policy)>> driver(
      policy, 40s);
  for (std::optional<std::chrono::nanoseconds> next = 0s; next;)
    next = driver.resume(*next, [] { return false; });
  std::fclose(stderr);
  std::ifstream errors(file);
  const std::string text{std::istreambuf_iterator<char>(errors), {}};
  BOOST_TEST(text == "waiting for a file lock\nwaiting for a file lock\n");
}

BOOST_AUTO_TEST_SUITE_END()
