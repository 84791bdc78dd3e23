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

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../test/support/postgres_server.hpp"
#include "../test/support/temporary_folder.hpp"
#include "support/service_subjects.hpp"

namespace {

struct bench_server {
  static std::string connection() { return words; }
  static inline std::string words;
};

using namespace bench_service;
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

  measure(all, is_smoke);
  for (const std::size_t index : {1U, 3U})
    print_ratio(all[index + 1], all[index]);
}
