// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: linux: /proc/locks shows whether a thread waits
// LABELS: process
// TIMEOUT: 600

// A process ends while threads of it wait, by each way to end and in each kind
// of wait. Static objects of the program and of the library are destroyed
// beside the threads, which may get the lock meanwhile.

#include <boost/test/unit_test.hpp>

#include <filelock/file_mutex.hpp>

#include "support/child_process.hpp"
#include "support/kinds_of_wait.hpp"
#include "support/temporary_folder.hpp"

#include <cstddef>
#include <cstdlib>
#include <initializer_list>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(asio_exit_during_waits)

namespace {

using namespace std::chrono_literals;
using test::child_process;
using test::kind_of_wait;
using test::line_channel;

constexpr const char* variable = "FILELOCK_TEST_EXIT";
constexpr int code = 7;

struct way_to_end {
  const char* name;
  bool main_waits;
  int code;
  void (*run)();
};

const way_to_end ways[] = {
    {"return from main", false, 0, [] {}},
    {"exit()", false, code, [] { std::exit(code); }},
    {"exit() by another thread", true, code, [] { std::exit(code); }},
    {"quick_exit()", false, code, [] { std::quick_exit(code); }},
};

/// Destroyed last: exit() takes as long as it does in a program with much to
/// destroy, and the threads go on meanwhile.
struct slow_end {
  bool is_slow = false;
  ~slow_end() {
    if (is_slow) std::this_thread::sleep_for(20ms);
  }
} end_of_program;

/// Destroyed by exit(): what it holds is released beside the threads that wait.
std::shared_ptr<void> held_until_exit;

/// As kinds_of_wait(), and a mutex that is destroyed although threads wait.
std::vector<kind_of_wait> all_kinds() {
  std::vector<kind_of_wait> kinds = test::kinds_of_wait();
  using pause = test::watched_pause<4>;
  kind_of_wait with_static = kinds.front();
  with_static.name = "static mutex";
  with_static.wait = [](const std::string& path, std::chrono::nanoseconds) {
    static filelock::basic_file_mutex<
        filelock::polled<filelock::posix_flock_traits>, pause>
        mutex{path};
    const auto wait = [] {
      mutex.lock();
      mutex.unlock();
    };
    std::thread second(wait);
    wait();
    second.join();
    return true;
  };
  with_static.is_awaited = [](const std::string&) {
    return pause::pauses != 0;
  };
  kinds.push_back(std::move(with_static));
  return kinds;
}

/// What the process does that ends: see how_it_ends().
void wait_and_end(std::size_t kind_number, std::size_t way_number,
                  const std::string& held, const std::string& awaited) {
  // Never destroyed: the threads use it.
  static const kind_of_wait& kind =
      *new kind_of_wait(all_kinds().at(kind_number));
  end_of_program.is_slow = true;
  const way_to_end& way = ways[way_number];
  if (!held.empty()) held_until_exit = kind.try_hold(held);
  const auto wait = [](const std::string& path) { kind.wait(path, 1h); };
  const auto end = [awaited, way] {
    if (!test::wait_until_seen([&] { return kind.is_awaited(awaited); }))
      std::quick_exit(99);
    way.run();
  };
  if (way.main_waits) {
    std::thread(end).detach();
    wait(awaited);
    for (;;)
      std::this_thread::sleep_for(1h);
  }
  std::thread(wait, awaited).detach();
  end();
}

/// \returns How a process ends that holds `held`, has a thread that waits for
/// `awaited`, and ends.
std::string how_it_ends(std::size_t kind, std::size_t way,
                        const std::string& held, const std::string& awaited) {
  ::setenv(variable,
           (std::to_string(kind) + ' ' + std::to_string(way) + ' ' + held +
            ' ' + awaited)
               .c_str(),
           1);
  child_process process({"/proc/self/exe",
                         "--run_test=asio_exit_during_waits/waits_and_ends",
                         "--log_level=nothing", "--report_level=no"},
                        child_process::errors::are_output);
  ::unsetenv(variable);
  const std::string said = process.read_all();
  const int status = process.wait();
  if (status == ways[way].code) return "";
  return "ended with " + std::to_string(status) + ": " + said;
}

/// Another process that holds the lock of `path`.
child_process stranger(const kind_of_wait& kind, const std::string& path) {
  child_process process =
      child_process::forked([&](line_channel& parent) -> std::string {
        const std::shared_ptr<void> held = kind.try_hold(path);
        parent.write_line(held ? "holds" : "does not hold");
        parent.read_line();
        return "";
      });
  BOOST_TEST(process.read_line() == "holds");
  return process;
}

/// Two ways each, as with AddressSanitizer the end of a process takes long.
template <class Body>
void for_each_kind(std::initializer_list<std::size_t> some_ways, Body body) {
  const std::vector<kind_of_wait> kinds = all_kinds();
  for (std::size_t kind = 0; kind != kinds.size(); ++kind)
    for (const std::size_t way : some_ways)
      BOOST_TEST_CONTEXT(kinds[kind].name << ", " << ways[way].name)
  body(kinds[kind], kind, way);
}

} // namespace

// Not a test of its own: what the tests below run in another process.
BOOST_AUTO_TEST_CASE(waits_and_ends, *boost::unit_test::disabled()) {
  const char* const told = std::getenv(variable);
  if (!told) return; // the suite was named, which enables all of its cases
  std::istringstream words(told);
  std::size_t kind = 0;
  std::size_t way = 0;
  std::string paths[2];
  words >> kind >> way >> paths[0] >> paths[1];
  if (paths[0] == "-") paths[0].clear();
  wait_and_end(kind, way, paths[0], paths[1]);
}

BOOST_AUTO_TEST_CASE(a_process_ends_while_a_stranger_holds) {
  for_each_kind({0, 2}, [](const kind_of_wait& kind, std::size_t number,
                           std::size_t way) {
    const test::temporary_folder folder;
    const std::string path = folder / "a.lock";
    child_process holder = stranger(kind, path);
    BOOST_TEST(how_it_ends(number, way, folder / "own.lock", path) == "");
    BOOST_TEST(kind.try_hold(folder / "own.lock") != nullptr);
    BOOST_TEST(kind.try_hold(path) == nullptr);
    holder.kill_and_wait();
    BOOST_TEST(kind.try_hold(path) != nullptr);
  });
}

BOOST_AUTO_TEST_CASE(a_process_ends_while_a_static_object_of_it_holds) {
  for_each_kind({0, 2}, [](const kind_of_wait& kind, std::size_t number,
                           std::size_t way) {
    const test::temporary_folder folder;
    const std::string path = folder / "a.lock";
    BOOST_TEST(how_it_ends(number, way, path, path) == "");
    BOOST_TEST(kind.try_hold(path) != nullptr);
  });
}

BOOST_AUTO_TEST_SUITE_END()
