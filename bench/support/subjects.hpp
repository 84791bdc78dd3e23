// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef FILELOCK_BENCH_SUPPORT_SUBJECTS_HPP
#define FILELOCK_BENCH_SUPPORT_SUBJECTS_HPP

#include "asynchronous_lock.hpp"
#include "flock_command.hpp"
#include "interprocess_lock.hpp"
#include "lockable.hpp"
#include "python_filelock.hpp"
#include "subject.hpp"
#include "wait_form.hpp"

#include <filelock/detail/config.hpp>
#include <filelock/filelock.hpp>
#include <filelock/interprocess.hpp>
#include <filelock/platform/fifo.hpp>
#include <filelock/platform/posix_flock_traits.hpp>
#include <filelock/platform/queued.hpp>

#if FILELOCK_HAS_OFD_LOCKS
#include "raw_locks.hpp"
#endif

#include <boost/interprocess/sync/file_lock.hpp>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace bench {

/// The names that the programs ask for.
/// @{
inline constexpr const char* raw_flock_name = "raw flock";
inline constexpr const char* raw_robust_name = "raw robust mutex";
inline constexpr const char* robust_name = "robust_file_lock timed";
inline constexpr const char* interprocess_name = "interprocess timed_lock";
inline constexpr const char* file_lock_name = "file_lock timed";
inline constexpr const char* queued_name = "queued_file_lock timed";
inline constexpr const char* async_name =
    "async_lock_until of queued_file_lock";
/// @}

/// \returns The other locks that programs on POSIX use.
inline std::vector<subject> peers() {
  using std::filesystem::path;
  using boost_lock = interprocess_lock<boost::interprocess::file_lock>;
  constexpr subject::group peer = subject::group::peer;
  constexpr wait_form unbounded = wait_form::unbounded;
  constexpr wait_form timed = wait_form::timed;

  std::vector<subject> result = {
    {raw_flock_name, peer, unbounded, true,
     [](const path& file) {
       return std::make_unique<lockable<raw_flock>>(file);
     }},
#if FILELOCK_HAS_OFD_LOCKS
    {"raw OFD", peer, unbounded, true,
     [](const path& file) {
       return std::make_unique<lockable<raw_waiting_ofd>>(file);
     }},
#endif
#if FILELOCK_HAS_ROBUST_MUTEX
    {raw_robust_name, peer, unbounded, true,
     [](const path& file) {
       return std::make_unique<lockable<raw_robust_mutex>>(file);
     }},
#endif
    {"interprocess lock", peer, unbounded, true,
     [](const path& file) {
       return std::make_unique<boost_lock>(file, wait_form::unbounded);
     }},
    {interprocess_name, peer, timed, true,
     [](const path& file) {
       return std::make_unique<boost_lock>(file, wait_form::timed);
     }}
  };

  const std::string flock_name = "flock -w to the start of its command";
  if (flock_command::is_installed())
    result.push_back({flock_name, peer, unbounded, false, [](const path& file) {
                        return std::make_unique<flock_command>(file);
                      }});
  else
    std::printf("SKIPPED: %s: no flock(1)\n", flock_name.c_str());
  const std::string python_name = "python3-filelock";
  if (python_filelock::is_installed())
    result.push_back({python_name, peer, timed, false, [](const path& file) {
                        return std::make_unique<python_filelock>(file);
                      }});
  else
    std::printf("SKIPPED: %s: not installed\n", python_name.c_str());
  return result;
}

/// \returns The locks of this library: its platforms, and each of its policies
/// and adaptors.
inline std::vector<subject> locks_of_the_library() {
  using namespace std::chrono_literals;
  using namespace filelock;
  constexpr subject::group wait = subject::group::wait;
  constexpr subject::group policy = subject::group::policy;
  constexpr subject::group adaptor = subject::group::adaptor;
  constexpr wait_form unbounded = wait_form::unbounded;
  constexpr wait_form timed = wait_form::timed;

  // file_lock, with a policy.
  const auto paced = [](subject::group of, std::string name, auto pace) {
    using lock = basic_file_lock<posix_flock_traits, decltype(pace)>;
    return ours<lock>(of, std::move(name), wait_form::timed, pace);
  };
  const default_backoff pace;
  const auto silent = [](const wait_state&) {};
  constexpr std::uint64_t enough = (std::numeric_limits<std::uint64_t>::max)();

  // A policy that observes a wait in the kernel's queue is asked how long each
  // slice of it is; what is told of it cuts the one of an hour.
  notified told(constant_backoff(1h), 2s, 30s, silent);
  using told_lock =
      basic_file_lock<queued_file_lock::platform_type, decltype(told)>;

  return {
    ours<file_lock>(wait, "file_lock lock", unbounded),
        ours<file_lock>(wait, file_lock_name, timed),
        ours<basic_file_lock<polled<posix_flock_traits>>>(
            wait, "polled<posix_flock_traits> lock", unbounded),
        ours<basic_file_lock<posix_fcntl_traits>>(
            wait, "posix_fcntl_traits timed", timed),
#if FILELOCK_HAS_OFD_LOCKS
        ours<basic_file_lock<posix_ofd_traits>>(wait, "posix_ofd_traits timed",
                                                timed),
        ours<basic_file_lock<queued<posix_ofd_traits>>>(
            wait, "queued<posix_ofd_traits> timed", timed),
        ours<basic_file_lock<posix_ofd_traits>>(wait, "posix_ofd_traits lock",
                                                unbounded),
        ours<basic_file_lock<fifo<posix_ofd_traits>>>(
            wait, "fifo<posix_ofd_traits> lock", unbounded),
        ours<basic_file_lock<fifo<queued<posix_ofd_traits>>>>(
            wait, "fifo<queued<posix_ofd_traits>> timed", timed),
#endif
        ours<queued_file_lock>(wait, queued_name, timed),
        {async_name, wait, timed, true,
         [](const std::filesystem::path& file) {
           return std::make_unique<asynchronous_lock<queued_file_lock>>(file);
         }},
#if FILELOCK_HAS_ROBUST_MUTEX
        ours<robust_file_lock>(wait, "robust_file_lock lock", unbounded),
        ours<robust_file_lock>(wait, robust_name, timed),
#endif
        ours<file_mutex>(wait, "file_mutex timed", timed),
        {"filelock::interprocess timed_lock", wait, timed, true,
         [](const std::filesystem::path& file) {
           return std::make_unique<interprocess_lock<interprocess::file_lock>>(
               file, wait_form::timed);
         }},

        // proportional_backoff is default_backoff, and so is file_lock_name.
        paced(policy, "constant_backoff 1 ms", constant_backoff(1ms)),
        paced(policy, "constant_backoff 10 ms", constant_backoff(10ms)),
        paced(policy, "exponential_backoff", exponential_backoff()),
        paced(policy, "yield_backoff", yield_backoff()),

        paced(adaptor, "jittered full", jittered(pace, jitter::full)),
        paced(adaptor, "jittered equal", jittered(pace, jitter::equal)),
        paced(adaptor, "limited", limited(pace, enough)),
        paced(adaptor, "notified", notified(pace, 5ms, 5ms, silent)),
        ours<told_lock>(adaptor, "queued notified", unbounded, told),
        paced(adaptor, "then constant_backoff 10 ms after 10 ms",
              then(pace, 10ms, constant_backoff(10ms))),
  };
}

/// \returns All of both.
inline std::vector<subject> all_subjects() {
  std::vector<subject> result = peers();
  for (subject& each : locks_of_the_library())
    result.push_back(std::move(each));
  return result;
}

} // namespace bench

#endif
