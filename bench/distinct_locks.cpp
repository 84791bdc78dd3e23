// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// How the cost of a lock grows with the number of locks that one process has
// open on distinct files: 1, 10, 100, 1000, 10 000.
//
// distinct_locks [--csv FILE] [--smoke]    --smoke: up to 100, and few rounds
//
// For raw flock, Boost.Interprocess and file_lock, with so many of them open:
//   a pair             lock() and unlock() of one after another, in random
//                      order;
//   opening, closing   one more, without a lock taken;
//   a fork             from the call to its return in the parent, and to the
//                      end of a child that ends at once, elapsed time; and the
//                      CPU time of that child. A forked child closes the locks
//                      of file_lock (see detail/posix_fork_registry.hpp);
//   memory             of one object: its size, and what it has allocated. The
//                      byte or two for each descriptor that the registry keeps
//                      is not in it.
// A pair, opening and closing are CPU times of the thread. All are medians over
// batches, from rounds in which the locks take turns in random order.
//
// Ends with 1 where the limit of open files does not let it measure all.

#include <filelock/file_lock.hpp>

#include <boost/interprocess/sync/file_lock.hpp>

#include <malloc.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <new>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "../test/support/temporary_folder.hpp"
#include "support/command_line.hpp"
#include "support/lock_file_descriptor.hpp"
#include "support/median.hpp"
#include "support/optional_figures_file.hpp"
#include "support/raw_locks.hpp"
#include "support/run_program.hpp"

namespace {

using std::filesystem::path;

[[noreturn]] void throw_system_error(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

/// How much of each is measured in a round.
struct effort {
  int rounds;
  std::size_t batches;
  std::size_t pairs_of_batch;
  std::size_t openings_of_batch;
  std::size_t forks;
};
constexpr effort full{7, 10, 500, 20, 5};
constexpr effort for_smoke{2, 2, 20, 5, 2};

/// Seconds of CPU time that this thread has had.
double cpu_time() {
  timespec time;
  if (::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) != 0)
    throw_system_error("clock_gettime");
  return static_cast<double>(time.tv_sec) +
         static_cast<double>(time.tv_nsec) * 1e-9;
}

double in_seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) +
         static_cast<double>(time.tv_usec) * 1e-6;
}

double elapsed_time() {
  return bench::in_seconds(std::chrono::steady_clock::now().time_since_epoch());
}

/// Bytes that operator new has given and not got back: see the end of the file.
std::size_t allocated = 0;

// ---- What is measured: by statistic, the values of all rounds ----

using measurements = std::map<std::string, std::vector<double>>;

template <class Function>
void measure_cpu_time(std::vector<double>& times, std::size_t batches,
                      std::size_t calls, Function function) {
  for (std::size_t batch = 0; batch != batches; ++batch) {
    const double begin = cpu_time();
    for (std::size_t i = 0; i != calls; ++i)
      function();
    times.push_back((cpu_time() - begin) / static_cast<double>(calls));
  }
}

void measure_forks(measurements& seen, std::size_t forks) {
  for (std::size_t i = 0; i != forks; ++i) {
    const double begin = elapsed_time();
    const ::pid_t child = ::fork();
    if (child < 0) throw_system_error("fork");
    if (child == 0) ::_exit(0);
    const double returned = elapsed_time();
    int status = 0;
    rusage usage;
    while (::wait4(child, &status, 0, &usage) < 0)
      if (errno != EINTR) throw_system_error("wait4");
    if (status != 0) throw std::runtime_error("a child has failed");
    seen["fork"].push_back(returned - begin);
    seen["fork to end of child"].push_back(elapsed_time() - begin);
    seen["child of a fork"].push_back(in_seconds(usage.ru_utime) +
                                      in_seconds(usage.ru_stime));
  }
}

/// A lock type as it is measured.
class subject {
public:
  explicit subject(std::string name) : name_(std::move(name)) {}
  virtual ~subject() = default;
  subject(const subject&) = delete;
  subject& operator=(const subject&) = delete;

  const std::string& name() const { return name_; }

  /// Effects: measures with as many locks open as there are files, but for the
  /// last file, which is that of one more.
  virtual void measure(const std::vector<path>& files, const effort& much,
                       std::mt19937& random, measurements& seen) const = 0;

private:
  std::string name_;
};

template <class Lock, class Make>
class subject_of_type final : public subject {
public:
  subject_of_type(std::string name, Make make)
      : subject(std::move(name)), make_(std::move(make)) {}

  void measure(const std::vector<path>& files, const effort& much,
               std::mt19937& random, measurements& seen) const override {
    const std::size_t count = files.size() - 1;
    // By hand, as not every lock can be moved: its place is not counted.
    const auto places = std::make_unique<std::optional<Lock>[]>(count);
    const std::size_t before = allocated;
    for (std::size_t i = 0; i != count; ++i)
      make_(places[i], files[i]);
    seen["allocated"].push_back(static_cast<double>(allocated - before) /
                                static_cast<double>(count));
    seen["size"].push_back(static_cast<double>(sizeof(Lock)));

    std::vector<std::size_t> order(much.pairs_of_batch);
    for (std::size_t& each : order)
      each = random() % count;
    auto next = order.begin();
    measure_cpu_time(seen["lock and unlock"], much.batches, order.size(), [&] {
      Lock& lock = *places[*next];
      lock.lock();
      lock.unlock();
      if (++next == order.end()) next = order.begin();
    });
    measure_cpu_time(seen["open and close one more"], much.batches,
                     much.openings_of_batch, [&] {
                       std::optional<Lock> one_more;
                       make_(one_more, files.back());
                     });
    measure_forks(seen, much.forks);
  }

private:
  Make make_;
};

template <class Lock, class Make>
void add(std::list<std::unique_ptr<subject>>& all, const char* name,
         Make make) {
  all.push_back(std::make_unique<subject_of_type<Lock, Make>>(name, make));
}

std::list<std::unique_ptr<subject>> subjects() {
  std::list<std::unique_ptr<subject>> result;
  add<bench::raw_flock>(result, "flock", [](auto& place, const path& file) {
    place.emplace(file);
  });
  using boost::interprocess::file_lock;
  add<file_lock>(
      result, "interprocess::file_lock",
      [](auto& place, const path& file) { place.emplace(file.c_str()); });
  add<filelock::file_lock>(result, "file_lock",
                           [](auto& place, const path& file) {
                             place.emplace(file);
                             place->open();
                           });
  return result;
}

// ---- The limit of open files ----

/// Effects: raises the limit as far as it goes. \returns It.
::rlim_t raise_limit() {
  rlimit limit;
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) throw_system_error("getrlimit");
  limit.rlim_cur = limit.rlim_max;
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) throw_system_error("setrlimit");
  return limit.rlim_cur;
}

// ---- The run ----

void measure(std::size_t count, const path& folder, const effort& much,
             bench::optional_figures_file& csv) {
  std::vector<path> files;
  for (std::size_t i = 0; i != count + 1; ++i) {
    files.push_back(folder / std::to_string(i));
    const bench::lock_file_descriptor created(files.back());
  }
  const auto all = subjects();
  std::map<std::string, measurements> seen;
  std::mt19937 random(20260101);
  for (int round = 0; round != much.rounds; ++round) {
    std::vector<const subject*> turn;
    for (const auto& each : all)
      turn.push_back(each.get());
    std::shuffle(turn.begin(), turn.end(), random);
    for (const subject* each : turn) {
      std::fprintf(stderr, "distinct_locks: %zu locks, round %d, %s\n", count,
                   round + 1, each->name().c_str());
      each->measure(files, much, random, seen[each->name()]);
    }
  }

  const std::string setting =
      std::to_string(count) + (count == 1 ? " lock" : " locks");
  for (const auto& each : all) {
    const measurements& of = seen[each->name()];
    const auto median = [&](const char* what) {
      return bench::median(of.at(what));
    };
    std::printf("%6zu  %-24s %9.0f %9.0f %11.1f %11.1f %11.1f %8.0f %8.0f\n",
                count, each->name().c_str(), median("lock and unlock") * 1e9,
                median("open and close one more") * 1e9, median("fork") * 1e6,
                median("fork to end of child") * 1e6,
                median("child of a fork") * 1e6, median("size"),
                median("allocated"));
    const auto write = [&](const char* what, const char* statistic,
                           const char* unit) {
      csv.add({std::string("distinct locks: ") + what, each->name(), setting,
               statistic, median(what), unit});
    };
    write("lock and unlock", "median CPU time", "s");
    write("open and close one more", "median CPU time", "s");
    write("fork", "median", "s");
    write("fork to end of child", "median", "s");
    write("child of a fork", "median CPU time", "s");
    write("size", "of one object", "B");
    if (median("allocated") > 0) write("allocated", "for one object", "B");
  }
}

/// Effects: measures what the limit of open files allows, and says what it does
/// not: the rest of a long run is not lost for it.
void run(bench::command_line& options) {
  const bool smoke = options.take("--smoke");
  bench::optional_figures_file csv(options);
  options.expect_no_more();
  const ::rlim_t limit = raise_limit();
  constexpr ::rlim_t for_all_else = 32;
  std::printf("%6s  %-24s %9s %9s %11s %11s %11s %8s %8s\n", "open", "",
              "pair ns", "open ns", "fork us", "+ child us", "its CPU us",
              "size B", "more B");
  for (const std::size_t count : {1U, 10U, 100U, 1000U, 10'000U}) {
    if (smoke && count > 100) break;
    if (count + for_all_else > limit) {
      for (std::FILE* const stream : {stdout, stderr})
        std::fprintf(stream,
                     "%6zu  NOT MEASURED: the hard limit of open files is "
                     "%llu (ulimit -Hn)\n",
                     count, static_cast<unsigned long long>(limit));
      continue;
    }
    const test::temporary_folder folder;
    measure(count, folder.path(), smoke ? for_smoke : full, csv);
  }
}

} // namespace

// The other forms call these two. Not inlined: g++ would take malloc for the
// wrong partner of delete.

[[gnu::noinline]] void* operator new(std::size_t size) {
  void* const result = std::malloc(size);
  if (!result) throw std::bad_alloc();
  allocated += ::malloc_usable_size(result);
  return result;
}

[[gnu::noinline]] void operator delete(void* memory) noexcept {
  allocated -= ::malloc_usable_size(memory);
  std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept {
  operator delete(memory);
}

int main(int count, char** arguments) {
  return bench::run_program(count, arguments, "[--csv FILE] [--smoke]", run);
}
