// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Which backoff policy the timed waits should have: for each candidate, how
// long after a release the waiter returns, and how much CPU time it spends
// while it waits. The baseline is timed_lock of Boost.Interprocess.
//
// backoff_sweep [--rounds N] [--quick]    --quick: fewer candidates and rounds
//
// One process holds the lock for 2 to 60 ms and releases it to another one,
// which began to wait while it was held. A round runs each candidate once, in
// random order and with the same hold, so that whatever else the machine does
// meets all candidates alike.

#include <filelock/backoff/constant_backoff.hpp>
#include <filelock/backoff/default_backoff.hpp>
#include <filelock/backoff/exponential_backoff.hpp>
#include <filelock/backoff/jittered.hpp>
#include <filelock/backoff/proportional_backoff.hpp>
#include <filelock/basic_file_lock.hpp>
#include <filelock/platform/posix_flock_traits.hpp>

#include <boost/interprocess/sync/file_lock.hpp>

#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <functional>
#include <initializer_list>
#include <memory>
#include <new>
#include <numeric>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "../test/support/temporary_folder.hpp"

namespace {

using test::temporary_folder;

using namespace std::chrono_literals;
using std::chrono::nanoseconds;
using std::chrono::steady_clock;

/// A candidate never meets it: it is there to end a wait that went wrong.
constexpr std::chrono::minutes deadline_of_hand_over(1);

[[noreturn]] void throw_system_error(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

/// A lock, with a way to wait for it, as both processes use it.
class candidate {
public:
  virtual ~candidate() = default;
  virtual void lock() = 0;
  virtual void unlock() = 0;
  virtual bool try_lock_until(steady_clock::time_point deadline) = 0;
};

template <class BackoffPolicy>
class polled_flock final : public candidate {
public:
  polled_flock(const std::filesystem::path& folder, BackoffPolicy policy)
      : lock_(folder / "flock", std::move(policy)) {
    lock_.open();
  }

  void lock() override { lock_.lock(); }
  void unlock() override { lock_.unlock(); }
  bool try_lock_until(steady_clock::time_point deadline) override {
    return lock_.try_lock_for(deadline - steady_clock::now());
  }

private:
  filelock::basic_file_lock<filelock::posix_flock_traits, BackoffPolicy> lock_;
};

class interprocess_lock final : public candidate {
public:
  explicit interprocess_lock(const std::filesystem::path& folder) {
    const std::filesystem::path path = folder / "interprocess";
    std::ofstream(path, std::ios::app).flush();
    boost::interprocess::file_lock(path.c_str()).swap(lock_);
  }

  void lock() override { lock_.lock(); }
  void unlock() override { lock_.unlock(); }
  bool try_lock_until(steady_clock::time_point deadline) override {
    return lock_.timed_lock(deadline);
  }

private:
  boost::interprocess::file_lock lock_;
};

struct named_candidate {
  std::string name;
  // Called in each of the two processes.
  std::function<std::unique_ptr<candidate>(const std::filesystem::path&)> make;
};

template <class BackoffPolicy>
named_candidate polled(std::string name, BackoffPolicy policy) {
  return {std::move(name), [policy](const std::filesystem::path& folder) {
            return std::make_unique<polled_flock<BackoffPolicy>>(folder,
                                                                 policy);
          }};
}

std::string in_milliseconds(nanoseconds time) {
  char text[32];
  std::snprintf(text, sizeof text, "%gms",
                std::chrono::duration<double, std::milli>(time).count());
  return text;
}

constexpr std::size_t baseline = 0;
constexpr std::size_t library_default = 1;

/// \returns All candidates; the baseline and the library's default come first.
std::vector<named_candidate> all_candidates(bool quick) {
  using filelock::constant_backoff;
  using filelock::exponential_backoff;
  using filelock::jitter;
  using filelock::jittered;
  using filelock::proportional_backoff;

  std::vector<named_candidate> result;
  result.push_back({"interprocess timed_lock", [](const auto& folder) {
                      return std::make_unique<interprocess_lock>(folder);
                    }});
  result.push_back(polled("default_backoff", filelock::default_backoff()));
  result.push_back(polled("exponential 10ms x2 500ms", exponential_backoff()));
  for (const nanoseconds delay : {1ms, 2ms, 5ms, 10ms})
    result.push_back(
        polled("constant " + in_milliseconds(delay), constant_backoff(delay)));

  const std::vector<nanoseconds> caps =
      quick ? std::vector<nanoseconds>{1500us, 2ms}
            : std::vector<nanoseconds>{1ms, 1500us, 2ms, 3ms, 5ms};
  const std::vector<nanoseconds> floors =
      quick ? std::vector<nanoseconds>{50us}
            : std::vector<nanoseconds>{20us, 50us, 100us};
  const std::pair<const char*, double> fractions[] = {
      {"1/8", 0.125}, {"1/4", 0.25}, {"1/2", 0.5}, {"1", 1.0}};
  for (const nanoseconds cap : caps) {
    const std::string up_to = " up to " + in_milliseconds(cap);
    const exponential_backoff doubled(50us, 2.0, cap);
    result.push_back(polled("exponential 0.05ms x2" + up_to, doubled));
    for (const auto& [name, fraction] : fractions) {
      for (const nanoseconds floor : floors)
        result.push_back(polled(std::string("proportional ") + name + " from " +
                                    in_milliseconds(floor) + up_to,
                                proportional_backoff(fraction, floor, cap)));
    }
    const proportional_backoff quarter(0.25, 50us, cap);
    for (const auto& [name, kind] :
         {std::pair("full", jitter::full), std::pair("equal", jitter::equal)})
      result.push_back(polled(std::string("jittered ") + name +
                                  ", proportional 1/4 from 0.05ms" + up_to,
                              jittered(quarter, kind)));
  }
  return result;
}

/// What one wait was like, as the waiter saw it.
struct measurement {
  nanoseconds waited{};
  nanoseconds late{}; ///< after the release, or after the deadline
  nanoseconds cpu{};
};

/// What the two processes share.
struct shared_page {
  steady_clock::time_point released;
  measurement result;
};

/// What the waiter has to do.
struct order {
  std::size_t candidate = 0;
  nanoseconds timeout{};
};

template <class Message>
class channel {
  static_assert(std::is_trivially_copyable_v<Message>);

public:
  channel() {
    if (::pipe(ends_) != 0) throw_system_error("pipe");
  }
  ~channel() {
    close_sender();
    ::close(ends_[0]);
  }
  channel(const channel&) = delete;
  channel& operator=(const channel&) = delete;

  void send(const Message& message) {
    if (::write(ends_[1], &message, sizeof message) < 0)
      throw_system_error("write");
  }
  /// \returns Nothing once the sender has ended.
  std::optional<Message> receive() {
    Message message{};
    ::ssize_t size;
    do
      size = ::read(ends_[0], &message, sizeof message);
    while (size < 0 && errno == EINTR);
    if (size < 0) throw_system_error("read");
    if (size == 0) return std::nullopt;
    return message;
  }
  void close_sender() {
    if (ends_[1] >= 0) ::close(std::exchange(ends_[1], -1));
  }

private:
  int ends_[2];
};

using open_candidates = std::vector<std::unique_ptr<candidate>>;

open_candidates open_all(const std::vector<named_candidate>& candidates,
                         const std::filesystem::path& folder) {
  open_candidates result;
  for (const named_candidate& each : candidates)
    result.push_back(each.make(folder));
  return result;
}

nanoseconds cpu_time() {
  struct ::timespec time;
  if (::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) != 0)
    throw_system_error("clock_gettime");
  return std::chrono::seconds(time.tv_sec) + nanoseconds(time.tv_nsec);
}

/// The two processes: this one holds, its child waits.
class measuring {
public:
  explicit measuring(const std::vector<named_candidate>& candidates) {
    void* const address =
        ::mmap(nullptr, sizeof(shared_page), PROT_READ | PROT_WRITE,
               MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (address == MAP_FAILED) throw_system_error("mmap");
    page_ = new (address) shared_page();
    waiter_ = ::fork();
    if (waiter_ < 0) throw_system_error("fork");
    if (waiter_ == 0) run_waiter(candidates);
    begun_.close_sender();
    ended_.close_sender();
    holders_ = open_all(candidates, folder_.path());
  }

  ~measuring() {
    orders_.close_sender();
    ::kill(waiter_, SIGKILL);
    ::waitpid(waiter_, nullptr, 0);
    ::munmap(page_, sizeof *page_);
  }
  measuring(const measuring&) = delete;
  measuring& operator=(const measuring&) = delete;

  /// \returns What the wait for a lock that is released after `hold` was like.
  measurement hand_over(std::size_t index, nanoseconds hold) {
    candidate& lock = *holders_[index];
    lock.lock();
    orders_.send({index, deadline_of_hand_over});
    expect(begun_);
    std::this_thread::sleep_for(hold);
    page_->released = steady_clock::now();
    lock.unlock();
    expect(ended_);
    return page_->result;
  }

  /// \returns What a wait that ends by its deadline was like.
  measurement time_out(std::size_t index, nanoseconds timeout) {
    candidate& lock = *holders_[index];
    lock.lock();
    orders_.send({index, timeout});
    expect(begun_);
    expect(ended_);
    lock.unlock();
    return page_->result;
  }

private:
  static void expect(channel<char>& reports) {
    if (!reports.receive()) throw std::runtime_error("the waiter has ended");
  }

  [[noreturn]] void run_waiter(const std::vector<named_candidate>& candidates) {
    try {
      orders_.close_sender();
      const open_candidates waiters = open_all(candidates, folder_.path());
      while (const std::optional<order> next = orders_.receive())
        wait(*waiters[next->candidate], next->timeout);
      ::_exit(EXIT_SUCCESS);
    } catch (const std::exception& error) {
      std::fprintf(stderr, "waiter: %s\n", error.what());
      ::_exit(EXIT_FAILURE);
    }
  }

  void wait(candidate& lock, nanoseconds timeout) {
    begun_.send({});
    const nanoseconds cpu_before = cpu_time();
    const steady_clock::time_point start = steady_clock::now();
    const steady_clock::time_point deadline = start + timeout;
    const bool is_acquired = lock.try_lock_until(deadline);
    const steady_clock::time_point end = steady_clock::now();
    const nanoseconds cpu = cpu_time() - cpu_before;
    // What this thread has seen of the page is as new as the lock.
    page_->result = {end - start,
                     end - (is_acquired ? page_->released : deadline), cpu};
    if (is_acquired != (timeout == deadline_of_hand_over))
      throw std::runtime_error("the wait ended in the wrong way");
    if (is_acquired) lock.unlock();
    ended_.send({});
  }

  temporary_folder folder_;
  channel<order> orders_;
  channel<char> begun_;
  channel<char> ended_;
  shared_page* page_;
  ::pid_t waiter_;
  open_candidates holders_;
};

struct summary {
  nanoseconds p50{};
  nanoseconds p90{};
  nanoseconds p99{};
  double cpu_share = 0; ///< of the time waited
};

summary summarise(const std::vector<measurement>& measurements) {
  std::vector<nanoseconds> late;
  nanoseconds waited{};
  nanoseconds cpu{};
  for (const measurement& each : measurements) {
    late.push_back(each.late);
    waited += each.waited;
    cpu += each.cpu;
  }
  std::sort(late.begin(), late.end());
  const auto percentile = [&](std::size_t percent) {
    return late[(late.size() - 1) * percent / 100];
  };
  return {percentile(50), percentile(90), percentile(99),
          static_cast<double>(cpu.count()) /
              static_cast<double>(waited.count())};
}

double ratio(nanoseconds value, nanoseconds of) {
  return static_cast<double>(value.count()) / static_cast<double>(of.count());
}

double in_microseconds(nanoseconds time) {
  return std::chrono::duration<double, std::micro>(time).count();
}

/// Random holds, the same in every run.
std::vector<nanoseconds> random_holds(std::size_t count) {
  std::mt19937 generator(20260101);
  std::uniform_int_distribution<int> microseconds(2000, 60000);
  std::vector<nanoseconds> result;
  while (result.size() != count)
    result.push_back(std::chrono::microseconds(microseconds(generator)));
  return result;
}

void print_hand_overs(const std::vector<named_candidate>& candidates,
                      const std::vector<summary>& summaries) {
  const summary& base = summaries[baseline];
  std::vector<std::size_t> by_cpu(candidates.size());
  std::iota(by_cpu.begin(), by_cpu.end(), std::size_t{0});
  std::sort(by_cpu.begin(), by_cpu.end(), [&](std::size_t a, std::size_t b) {
    return summaries[a].cpu_share < summaries[b].cpu_share;
  });

  std::printf("\nFrom the release to the return of the waiter; ratios to "
              "interprocess timed_lock.\n"
              "++: p50 at most 0.5x and CPU at most 0.1x; +: 0.6x and 0.2x.\n");
  std::printf("%-56s, %8s, %8s, %8s, %7s, %6s, %6s\n", "policy", "p50 us",
              "p90 us", "p99 us", "CPU %", "p50 x", "CPU x");
  std::optional<std::size_t> best;
  for (const std::size_t index : by_cpu) {
    const summary& each = summaries[index];
    const double late = ratio(each.p50, base.p50);
    const double cpu = each.cpu_share / base.cpu_share;
    const bool is_good = late <= 0.5 && cpu <= 0.1;
    const bool is_enough = late <= 0.6 && cpu <= 0.2;
    if (is_good && !best) best = index;
    std::printf("%-56s, %8.0f, %8.0f, %8.0f, %7.3f, %6.2f, %6.3f, %s\n",
                candidates[index].name.c_str(), in_microseconds(each.p50),
                in_microseconds(each.p90), in_microseconds(each.p99),
                each.cpu_share * 100, late, cpu,
                is_good     ? "++"
                : is_enough ? "+"
                            : "");
  }
  if (best)
    std::printf("\nLeast CPU among ++: %s\n", candidates[*best].name.c_str());
  const summary& chosen = summaries[library_default];
  const double late = ratio(chosen.p50, base.p50);
  const double cpu = chosen.cpu_share / base.cpu_share;
  std::printf("default_backoff: p50 %.2fx (goal 0.6x: %s), CPU %.3fx "
              "(goal 0.2x: %s)\n",
              late, late <= 0.6 ? "met" : "MISSED", cpu,
              cpu <= 0.2 ? "met" : "MISSED");
}

void print_time_out(const char* name, const summary& each) {
  std::printf("%-56s, %8.0f, %8.0f, %8.0f, %7.3f\n", name,
              in_microseconds(each.p50), in_microseconds(each.p90),
              in_microseconds(each.p99), each.cpu_share * 100);
}

void run(std::size_t rounds, bool quick) {
  const std::vector<named_candidate> candidates = all_candidates(quick);
  const std::vector<nanoseconds> holds = random_holds(rounds);
  measuring processes(candidates);

  std::mt19937 shuffling(1);
  std::vector<std::size_t> turns(candidates.size());
  std::iota(turns.begin(), turns.end(), std::size_t{0});
  std::vector<std::vector<measurement>> hand_overs(candidates.size());
  std::vector<measurement> time_outs[2]; // baseline, library_default
  for (std::size_t round = 0; round != rounds; ++round) {
    std::shuffle(turns.begin(), turns.end(), shuffling);
    for (const std::size_t index : turns)
      hand_overs[index].push_back(processes.hand_over(index, holds[round]));
    for (const std::size_t index : {baseline, library_default})
      time_outs[index].push_back(processes.time_out(index, holds[round]));
    std::fprintf(stderr, "\rround %zu of %zu", round + 1, rounds);
  }
  std::fprintf(stderr, "\n");

  std::vector<summary> summaries;
  for (const std::vector<measurement>& each : hand_overs)
    summaries.push_back(summarise(each));
  std::printf("%zu rounds, holds of 2 to 60 ms\n", rounds);
  print_hand_overs(candidates, summaries);

  std::printf("\nFrom the deadline to the return of a waiter that was not let "
              "in.\n%-56s, %8s, %8s, %8s, %7s\n",
              "policy", "p50 us", "p90 us", "p99 us", "CPU %");
  print_time_out(candidates[baseline].name.c_str(),
                 summarise(time_outs[baseline]));
  print_time_out(candidates[library_default].name.c_str(),
                 summarise(time_outs[library_default]));
}

} // namespace

int main(int argc, char** argv) {
  std::optional<std::size_t> rounds;
  bool quick = false;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--quick") {
      quick = true;
    } else if (argument == "--rounds" && i + 1 < argc &&
               std::atoi(argv[i + 1]) > 0) {
      rounds = static_cast<std::size_t>(std::atoi(argv[++i]));
    } else {
      std::fprintf(stderr, "usage: %s [--quick] [--rounds N]\n", argv[0]);
      return 2;
    }
  }
  try {
    run(rounds.value_or(quick ? 20 : 100), quick);
    return EXIT_SUCCESS;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return EXIT_FAILURE;
  }
}
