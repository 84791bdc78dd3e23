// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: libpq: libpq-dev is not installed

// What a pair of lock and unlock costs on a PostgreSQL server, and how long
// after a release the waiter returns: beside libpq with the same statements,
// and beside flock(2).
//
// postgres [--smoke]
//     --smoke: too short for figures, shows that it works
//
// Starts a server of its own. The subjects take turns in one run, in batches of
// pairs and in single hand-overs between two threads.

#include <filelock/basic_file_lock.hpp>
#include <filelock/file_lock.hpp>
#include <filelock/remote/postgres.hpp>

#include <libpq-fe.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "../test/support/postgres_server.hpp"
#include "../test/support/temporary_folder.hpp"

namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

struct bench_server {
  static std::string connection() { return words; }
  static inline std::string words;
};

struct lock_under_test {
  virtual ~lock_under_test() = default;
  virtual void lock() = 0;
  virtual void unlock() = 0;
};

template <class Lock>
struct by_library final : lock_under_test {
  explicit by_library(const std::filesystem::path& name) : lock_(name) {}
  void lock() override { lock_.lock(); }
  void unlock() override { lock_.unlock(); }
  Lock lock_;
};
using postgres_lock =
    filelock::basic_file_lock<filelock::postgres_traits<bench_server>>;

struct by_libpq final : lock_under_test {
  by_libpq()
      : session_(::PQconnectdb(bench_server::words.c_str()), &::PQfinish) {}
  void lock() override { run("select pg_advisory_lock(77)"); }
  void unlock() override { run("select pg_advisory_unlock(77)"); }

private:
  void run(const char* statement) {
    ::PGresult* const result = ::PQexec(session_.get(), statement);
    if (::PQresultStatus(result) != PGRES_TUPLES_OK)
      throw std::runtime_error(::PQerrorMessage(session_.get()));
    ::PQclear(result);
  }
  std::unique_ptr<::PGconn, void (*)(::PGconn*)> session_;
};

struct subject {
  std::string name;
  std::unique_ptr<lock_under_test> holder;
  std::unique_ptr<lock_under_test> waiter;
  std::vector<double> pairs{};      // microseconds each
  std::vector<double> hand_overs{}; // microseconds
};

double microseconds(steady_clock::duration time) {
  return std::chrono::duration<double, std::micro>(time).count();
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void measure_pairs(subject& each, int count) {
  const auto start = steady_clock::now();
  for (int i = 0; i != count; ++i) {
    each.holder->lock();
    each.holder->unlock();
  }
  each.pairs.push_back(microseconds(steady_clock::now() - start) / count);
}

void measure_hand_over(subject& each) {
  each.holder->lock();
  steady_clock::time_point granted;
  std::thread wait([&] {
    each.waiter->lock();
    granted = steady_clock::now();
  });
  std::this_thread::sleep_for(10ms); // it waits in the queue by then
  const auto released = steady_clock::now();
  each.holder->unlock();
  wait.join();
  each.hand_overs.push_back(microseconds(granted - released));
  each.waiter->unlock();
}

template <class Lock>
subject make(std::string name, const std::filesystem::path& path) {
  return {std::move(name), std::make_unique<by_library<Lock>>(path),
          std::make_unique<by_library<Lock>>(path)};
}

void add(std::vector<subject>& all, const std::string& way) {
  all.push_back({"libpq by " + way, std::make_unique<by_libpq>(),
                 std::make_unique<by_libpq>()});
  all.push_back(make<postgres_lock>("postgres_traits by " + way, "bench"));
  for (lock_under_test* const each :
       {all.back().holder.get(), all.back().waiter.get()}) {
    each->lock(); // connects by the words of now
    each->unlock();
  }
}

} // namespace

int main(int argc, char** argv) {
  const bool is_smoke = argc > 1 && std::string_view(argv[1]) == "--smoke";
  if (!test::has_postgres_server("bench.postgres")) return 0;
  const test::postgres_server server;
  const test::temporary_folder folder;

  std::vector<subject> all;
  all.push_back(
      make<filelock::queued_file_lock>("queued_file_lock", folder / "lock"));
  bench_server::words = server.connection();
  add(all, "TCP");
  bench_server::words += " host=" + server.folder().string();
  add(all, "Unix socket");

  const int rounds = is_smoke ? 2 : 100;
  for (int round = 0; round != rounds; ++round)
    for (subject& each : all) {
      measure_pairs(each, is_smoke ? 2 : 40);
      measure_hand_over(each);
    }
  std::printf("%-32s %12s %16s\n", "medians", "pair, us", "hand-over, us");
  for (const subject& each : all)
    std::printf("%-32s %12.1f %16.1f\n", each.name.c_str(), median(each.pairs),
                median(each.hand_overs));
  for (const std::size_t index : {1U, 3U})
    std::printf(
        "%s to libpq: pair %.2fx (goal 1.3), hand-over %.2fx (goal 1.2)\n",
        all[index + 1].name.c_str(),
        median(all[index + 1].pairs) / median(all[index].pairs),
        median(all[index + 1].hand_overs) / median(all[index].hand_overs));
}
