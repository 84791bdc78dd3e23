// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// What a lock and an unlock cost that nobody else asks for, beside the bare
// system calls and Boost.Interprocess; and what an attempt costs that finds
// the lock busy.
//
// uncontended [--csv FILE] [--smoke] [--benchmark_...]
//     --smoke: too short for figures, shows that it works
//
// Prints the medians of the CPU time and whether the goals are met; they
// depend on the machine, so the program ends with 0 whether they are or not.
//
// To measure one more lock, add a line to add_benchmarks() for each measure,
// and perhaps one to `goals`.

#include <filelock/backoff/constant_backoff.hpp>
#include <filelock/backoff/exponential_backoff.hpp>
#include <filelock/backoff/jittered.hpp>
#include <filelock/backoff/then.hpp>
#include <filelock/backoff/yield_backoff.hpp>
#include <filelock/file_lock.hpp>
#include <filelock/file_mutex.hpp>
#include <filelock/interprocess.hpp>
#include <filelock/platform/counted.hpp>
#include <filelock/platform/polled.hpp>
#include <filelock/platform/posix_fcntl_traits.hpp>
#include <filelock/platform/posix_ofd_traits.hpp>
#include <filelock/testing/faulty.hpp>
#include <filelock/testing/simulation.hpp>

#include <benchmark/benchmark.h>
#include <boost/interprocess/sync/file_lock.hpp>

#include <array>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "../test/support/temporary_folder.hpp"
#include "support/command_line.hpp"
#include "support/keeping_reporter.hpp"
#include "support/lock_file_descriptor.hpp"
#include "support/mutex_and_file_lock.hpp"
#include "support/optional_figures_file.hpp"
#include "support/raw_locks.hpp"
#include "support/run_program.hpp"

namespace {

using namespace std::chrono_literals;
using filelock::basic_file_lock;
using filelock::file_lock;
using filelock::file_mutex;
using filelock::open_options;
using filelock::queued_file_lock;
#if FILELOCK_HAS_ROBUST_MUTEX
using filelock::robust_file_lock;
#endif
using std::filesystem::path;

constexpr const char* pair = "uncontended pair";
constexpr const char* shared_pair = "uncontended shared pair";
constexpr const char* whole_life = "open-lock-unlock-close";
constexpr const char* busy_attempt = "try_lock of a busy lock";

struct goal {
  const char* measure;
  const char* subject;
  const char* setting;
  const char* peer;
  double at_most;
};
constexpr goal goals[] = {
    {pair, "file_lock", "verify_path = false", "flock", 1.05},
    {pair, "file_lock", "", "interprocess::file_lock", 1.25},
    {pair, "file_mutex", "", "std::mutex and file_lock", 1.05},
    {pair, "filelock::interprocess::file_lock", "", "interprocess::file_lock",
     1.05},
    {pair, "robust_file_lock", "", "robust mutex", 3},
    {pair, "robust_file_lock", "", "interprocess::file_lock", 0.05},
};

// ---- The locks that have another form than the rest ----

template <class Lock>
struct opened_by_name : Lock {
  explicit opened_by_name(const path& file) : Lock(file.c_str()) {}
};
using interprocess_lock = opened_by_name<boost::interprocess::file_lock>;
using drop_in_lock = opened_by_name<filelock::interprocess::file_lock>;

/// In a world of its own, where no system call is made.
struct simulated_lock : filelock::simulation,
                        basic_file_lock<filelock::simulated_traits> {
  explicit simulated_lock(const std::filesystem::path& file)
      : basic_file_lock(file) {}
};

struct policy_of_1_KiB : filelock::constant_backoff {
  policy_of_1_KiB() : constant_backoff(1ms) {}
  std::array<char, 1024 - sizeof(constant_backoff)> unused{};
};

// ---- What is measured ----

struct benchmarked {
  std::string measure;
  std::string subject;
  std::string setting;

  std::string name() const {
    return measure + ": " + subject +
           (setting.empty() ? "" : " (" + setting + ")");
  }
};

class benchmarks {
public:
  explicit benchmarks(path folder) : folder_(std::move(folder)) {}

  const std::vector<benchmarked>& all() const { return all_; }

  /// Effects: lock() and unlock().
  /// \param make Makes the lock of a path, in an expression of its own: the
  /// lock need not be movable.
  template <class Make>
  void add_pair(const char* subject, const char* setting, Make make) {
    add({pair, subject, setting}, [make](auto& state, const path& file) {
      auto lock = make(file);
      lock.lock(); // opens
      lock.unlock();
      for (auto _ : state) {
        lock.lock();
        lock.unlock();
      }
    });
  }

  /// Effects: lock_shared() and unlock_shared().
  template <class Make>
  void add_shared_pair(const char* subject, const char* setting, Make make) {
    add({shared_pair, subject, setting}, [make](auto& state, const path& file) {
      auto lock = make(file);
      lock.lock_shared();
      lock.unlock_shared();
      for (auto _ : state) {
        lock.lock_shared();
        lock.unlock_shared();
      }
    });
  }

  /// Effects: from the constructor to the destructor, with a pair.
  template <class Make>
  void add_whole_life(const char* subject, const char* setting, Make make) {
    add({whole_life, subject, setting}, [make](auto& state, const path& file) {
      for (auto _ : state) {
        auto lock = make(file);
        lock.lock();
        lock.unlock();
      }
    });
  }

  /// Effects: try_lock(), while another owner holds both a flock and a record
  /// lock; those of an open file description exclude those of its process.
  template <class Make>
  void add_busy_attempt(const char* subject, const char* setting, Make make) {
    add({busy_attempt, subject, setting},
        [make](auto& state, const path& file) {
          auto lock = make(file);
          lock.lock(); // opens: what is closed is closed again if it is busy
          lock.unlock();
          measure_busy_attempts(state, lock, file);
        });
  }

  /// Effects: the same, of a lock that is not open: it opens and closes.
  template <class Make>
  void add_busy_attempt_of_closed(const char* subject, Make make) {
    add({busy_attempt, subject, "not open"},
        [make](auto& state, const path& file) {
          auto lock = make(file);
          measure_busy_attempts(state, lock, file);
        });
  }

private:
  template <class Lock>
  static void measure_busy_attempts(benchmark::State& state, Lock& lock,
                                    const path& file) {
    bench::raw_flock flock_holder(file);
    bench::raw_ofd record_holder(file);
    flock_holder.lock();
    record_holder.lock();
    for (auto _ : state)
      if (lock.try_lock()) {
        state.SkipWithError("the lock was free");
        break;
      }
  }

  /// Each has a file of its own: the kernel keeps the locks of all kinds in one
  /// list for each file.
  template <class Body>
  void add(const benchmarked& what, Body body) {
    const path file = folder_ / std::to_string(all_.size());
    const bench::lock_file_descriptor created(file);
    all_.push_back(what);
    benchmark::RegisterBenchmark(
        what.name().c_str(),
        [body, file, name = what.name()](benchmark::State& state) {
          report_progress(name);
          try {
            body(state, file);
          } catch (const std::exception& error) {
            state.SkipWithError(error.what());
          }
        });
  }

  static void report_progress(const std::string& name) {
    static auto next = std::chrono::steady_clock::now();
    if (std::chrono::steady_clock::now() < next) return;
    std::fprintf(stderr, "uncontended: at %s\n", name.c_str());
    next = std::chrono::steady_clock::now() + 5s;
  }

  path folder_;
  std::vector<benchmarked> all_;
};

// ---- The locks ----

/// Makes a lock of a path alone.
template <class Lock>
auto made() {
  return [](const path& file) { return Lock(file); };
}

template <class Lock = file_lock>
auto made_with(const open_options& options) {
  return [options](const path& file) { return Lock(file, options); };
}

template <class Platform>
using lock_on = basic_file_lock<Platform>;
template <class BackoffPolicy>
using lock_by = basic_file_lock<filelock::native_traits, BackoffPolicy>;

using lock_on_ofd = lock_on<filelock::posix_ofd_traits>;
using lock_on_fcntl = lock_on<filelock::posix_fcntl_traits>;

struct named_options {
  const char* name;
  open_options options;
};

/// Each option that a flock has, with another value than its default.
std::vector<named_options> options_of_flock() {
  std::vector<named_options> result;
  const auto add = [&](const char* name, auto change) {
    open_options options;
    change(options);
    result.push_back({name, options});
  };
  add("create = false", [](auto& options) { options.create = false; });
  add("create_parents = false",
      [](auto& options) { options.create_parents = false; });
  add("permissions = 0600", [](auto& options) {
    options.permissions = static_cast<std::filesystem::perms>(0600);
  });
  add("follow_symlink = true",
      [](auto& options) { options.follow_symlink = true; });
  add("verify_path = false",
      [](auto& options) { options.verify_path = false; });
  add("compare_always = true",
      [](auto& options) { options.compare_always = true; });
  add("remove_on_release = true",
      [](auto& options) { options.remove_on_release = true; });
  add("inheritable = true", [](auto& options) { options.inheritable = true; });
  add("read_only = true", [](auto& options) { options.read_only = true; });
  return result;
}

void add_benchmarks(benchmarks& all, const path& folder) {
  // Where this no longer compiles, there is another option to measure.
  const auto [create, create_parents, permissions, follow_symlink, verify_path,
              remove_on_release, directory, inheritable, range, compare_always,
              read_only, device] = open_options();
  (void)create, (void)create_parents, (void)permissions, (void)follow_symlink;
  (void)verify_path, (void)remove_on_release, (void)directory;
  (void)inheritable, (void)range, (void)compare_always, (void)read_only;
  (void)device; // there is none that may be locked everywhere

  open_options of_a_range;
  of_a_range.range = {0, 1};
  open_options without_verify_path;
  without_verify_path.verify_path = false;
  open_options of_a_folder;
  of_a_folder.directory = true;
  const auto folder_lock = [folder, of_a_folder](const path&) {
    return file_lock(folder, of_a_folder);
  };

  // Peers.
  all.add_pair("flock", "", made<bench::raw_flock>());
  all.add_pair("OFD lock", "", made<bench::raw_ofd>());
  all.add_pair("fcntl lock", "", made<bench::raw_fcntl>());
  all.add_pair("interprocess::file_lock", "", made<interprocess_lock>());
  all.add_pair("filelock::interprocess::file_lock", "", made<drop_in_lock>());
  // Platforms.
  all.add_pair("file_lock", "", made<file_lock>());
  all.add_pair("queued_file_lock", "", made<queued_file_lock>());
  all.add_pair("posix_ofd_traits", "", made<lock_on_ofd>());
  all.add_pair("posix_fcntl_traits", "", made<lock_on_fcntl>());
  all.add_pair("polled<posix_flock_traits>", "",
               made<lock_on<filelock::polled<filelock::posix_flock_traits>>>());
  all.add_pair("faulty<posix_flock_traits>", "",
               made<lock_on<filelock::faulty<filelock::posix_flock_traits>>>());
  using filelock::posix_flock_traits;
  using filelock::token_survives;
  all.add_pair("counted<posix_flock_traits>", "",
               made<lock_on<filelock::counted<posix_flock_traits>>>());
  all.add_pair(
      "counted<posix_flock_traits>", "process_death",
      made<lock_on<filelock::counted<posix_flock_traits,
                                     token_survives::process_death>>>());
  all.add_pair("simulated_traits", "", made<simulated_lock>());
#if FILELOCK_HAS_ROBUST_MUTEX
  all.add_pair("robust mutex", "", made<bench::raw_robust_mutex>());
  all.add_pair("robust_file_lock", "", made<robust_file_lock>());
  all.add_pair("robust_file_lock", "verify_path = false",
               made_with<robust_file_lock>(without_verify_path));
#endif
  // For threads.
  all.add_pair("file_mutex", "", made<file_mutex>());
  all.add_pair("std::mutex and file_lock", "",
               made<bench::mutex_and_file_lock>());
  // Options.
  for (const auto& [name, options] : options_of_flock())
    all.add_pair("file_lock", name, made_with(options));
  all.add_pair("file_lock", "directory = true", folder_lock);
  all.add_pair("posix_ofd_traits", "range = {0; 1}",
               made_with<lock_on_ofd>(of_a_range));
  // Policies, which an uncontended lock does not ask.
  all.add_pair("file_lock", "yield_backoff",
               made<lock_by<filelock::yield_backoff>>());
  all.add_pair("file_lock", "constant_backoff", [](const path& file) {
    return lock_by<filelock::constant_backoff>(file,
                                               filelock::constant_backoff(1ms));
  });
  all.add_pair("file_lock", "exponential_backoff",
               made<lock_by<filelock::exponential_backoff>>());
  all.add_pair(
      "file_lock", "jittered exponential_backoff",
      made<lock_by<filelock::jittered<filelock::exponential_backoff>>>());
  all.add_pair("file_lock", "a policy of 1 KiB",
               made<lock_by<policy_of_1_KiB>>());

  all.add_shared_pair("flock", "", made<bench::raw_flock>());
  all.add_shared_pair("OFD lock", "", made<bench::raw_ofd>());
  all.add_shared_pair("fcntl lock", "", made<bench::raw_fcntl>());
  all.add_shared_pair("interprocess::file_lock", "", made<interprocess_lock>());
  all.add_shared_pair("filelock::interprocess::file_lock", "",
                      made<drop_in_lock>());
  all.add_shared_pair("file_lock", "", made<file_lock>());
  all.add_shared_pair("queued_file_lock", "", made<queued_file_lock>());
  all.add_shared_pair("file_mutex", "", made<file_mutex>());
  all.add_shared_pair("posix_ofd_traits", "", made<lock_on_ofd>());
  all.add_shared_pair("posix_fcntl_traits", "", made<lock_on_fcntl>());

  all.add_whole_life("flock", "", made<bench::raw_flock>());
  all.add_whole_life("OFD lock", "", made<bench::raw_ofd>());
  all.add_whole_life("fcntl lock", "", made<bench::raw_fcntl>());
  all.add_whole_life("interprocess::file_lock", "", made<interprocess_lock>());
  all.add_whole_life("filelock::interprocess::file_lock", "",
                     made<drop_in_lock>());
  all.add_whole_life("file_lock", "", made<file_lock>());
  all.add_whole_life("queued_file_lock", "", made<queued_file_lock>());
  all.add_whole_life("file_mutex", "", made<file_mutex>());
  all.add_whole_life("posix_ofd_traits", "", made<lock_on_ofd>());
  all.add_whole_life("posix_fcntl_traits", "", made<lock_on_fcntl>());
#if FILELOCK_HAS_ROBUST_MUTEX
  all.add_whole_life("robust mutex", "", made<bench::raw_robust_mutex>());
  all.add_whole_life("robust_file_lock", "", made<robust_file_lock>());
#endif
  for (const auto& [name, options] : options_of_flock())
    all.add_whole_life("file_lock", name, made_with(options));
  all.add_whole_life("file_lock", "directory = true", folder_lock);
  all.add_whole_life("posix_ofd_traits", "range = {0; 1}",
                     made_with<lock_on_ofd>(of_a_range));

  all.add_busy_attempt("flock", "", made<bench::raw_flock>());
  all.add_busy_attempt("OFD lock", "", made<bench::raw_ofd>());
  all.add_busy_attempt("fcntl lock", "", made<bench::raw_fcntl>());
  all.add_busy_attempt("interprocess::file_lock", "",
                       made<interprocess_lock>());
  all.add_busy_attempt("filelock::interprocess::file_lock", "",
                       made<drop_in_lock>());
  all.add_busy_attempt("file_lock", "", made<file_lock>());
  all.add_busy_attempt("queued_file_lock", "", made<queued_file_lock>());
  all.add_busy_attempt("posix_ofd_traits", "", made<lock_on_ofd>());
  all.add_busy_attempt("posix_fcntl_traits", "", made<lock_on_fcntl>());
  all.add_busy_attempt_of_closed("file_lock", made<file_lock>());
}

// ---- Sizes ----

template <class Lock>
void report_size(const char* subject, const char* setting,
                 bench::optional_figures_file& csv) {
  std::printf("  %-64s %9zu bytes\n",
              (std::string(subject) + "/" + setting).c_str(), sizeof(Lock));
  csv.add({"size of one object", subject, setting, "sizeof",
           static_cast<double>(sizeof(Lock)), "B"});
}

/// What a policy adds: nothing, where it is empty.
void report_sizes(bench::optional_figures_file& csv) {
  using filelock::exponential_backoff;
  std::printf("\nSizes of one object:\n");
  report_size<interprocess_lock>("interprocess::file_lock", "", csv);
  report_size<path>("std::filesystem::path", "", csv);
  report_size<lock_by<filelock::yield_backoff>>(
      "file_lock", "yield_backoff; which is empty", csv);
  report_size<file_lock>("file_lock", "default_backoff", csv);
  report_size<lock_by<exponential_backoff>>("file_lock", "exponential_backoff",
                                            csv);
  report_size<lock_by<filelock::jittered<exponential_backoff>>>(
      "file_lock", "jittered exponential_backoff", csv);
  report_size<lock_by<policy_of_1_KiB>>("file_lock", "a policy of 1 KiB", csv);
}

// ---- The run ----

void report(const benchmarks& all, const bench::keeping_reporter& reporter,
            bench::optional_figures_file& csv) {
  std::printf("\nMedians of the CPU time:\n");
  for (const benchmarked& each : all.all()) {
    const double nanoseconds = reporter.median(each.name());
    if (nanoseconds <= 0) continue; // filtered out by the user
    std::printf("  %-64s %9.1f ns\n", each.name().c_str(), nanoseconds);
    csv.add({each.measure, each.subject, each.setting, "median CPU time",
             nanoseconds * 1e-9, "s"});
  }
  for (const goal& each : goals) {
    const benchmarked what{each.measure, each.subject, each.setting};
    const benchmarked peer{each.measure, each.peer, ""};
    const double time = reporter.median(what.name());
    const double reference = reporter.median(peer.name());
    if (time <= 0 || reference <= 0) continue;
    const double ratio = time / reference;
    std::printf("%s / %s: %.3f (goal: at most %.2f: %s)\n", what.name().c_str(),
                each.peer, ratio, each.at_most,
                ratio <= each.at_most ? "met" : "MISSED");
    csv.add({each.measure, each.subject, each.setting,
             std::string("ratio to ") + each.peer, ratio, "1"});
  }
}

void run(bench::command_line& options) {
  // Before the arguments of the user, so that those win. Interleaved, so that
  // a busy moment of the machine does not meet one benchmark alone.
  std::vector<std::string> arguments{
      "uncontended", "--benchmark_enable_random_interleaving=true"};
  if (options.take("--smoke"))
    arguments.insert(arguments.end(), {"--benchmark_repetitions=3",
                                       "--benchmark_min_time=0.001"});
  else
    arguments.insert(arguments.end(), {"--benchmark_repetitions=21",
                                       "--benchmark_min_time=0.05"});
  bench::optional_figures_file csv(options);
  for (std::string& each : options.take_rest())
    arguments.push_back(std::move(each));

  std::vector<char*> pointers;
  for (std::string& each : arguments)
    pointers.push_back(each.data());
  int count = static_cast<int>(pointers.size());
  pointers.push_back(nullptr);
  benchmark::Initialize(&count, pointers.data());
  if (benchmark::ReportUnrecognizedArguments(count, pointers.data()))
    throw std::invalid_argument("see --help");

  const test::temporary_folder folder;
  benchmarks all(folder.path());
  add_benchmarks(all, folder.path());
  bench::keeping_reporter reporter;
  benchmark::RunSpecifiedBenchmarks(&reporter);
  benchmark::Shutdown();
  report(all, reporter, csv);
  report_sizes(csv);
  if (reporter.failed()) throw std::runtime_error("a benchmark has failed");
}

} // namespace

int main(int count, char** arguments) {
  return bench::run_program(count, arguments,
                            "[--csv FILE] [--smoke] [--benchmark_...]", run);
}
