// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Every kind of wait that the library has, for tests of what may happen to a
// process while its threads wait. Linux.

#ifndef FILELOCK_TEST_SUPPORT_KINDS_OF_WAIT_HPP
#define FILELOCK_TEST_SUPPORT_KINDS_OF_WAIT_HPP

#include <filelock/asio.hpp>
#include <filelock/filelock.hpp>
#include <filelock/platform/fifo.hpp>
#include <filelock/platform/polled.hpp>
#include <filelock/platform/posix_flock_traits.hpp>
#include <filelock/platform/posix_ofd_traits.hpp>
#include <filelock/platform/queued.hpp>

#include "child_process.hpp"
#include "robust_locks.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/system/error_code.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#if FILELOCK_HAS_STOP_TOKEN
#include <stop_token>
#endif

namespace test {

/// A policy that counts the pauses of one kind of wait.
template <int kind>
struct watched_pause {
  static inline std::atomic<int> pauses{0};
  std::chrono::milliseconds operator()(const filelock::wait_state&) const {
    ++pauses;
    return std::chrono::milliseconds(1);
  }
};

/// A request to stop, where the standard library has them.
class stop_request {
public:
#if FILELOCK_HAS_STOP_TOKEN
  void send() { source_.request_stop(); }
  std::stop_token token() const { return source_.get_token(); }

private:
  std::stop_source source_;
#else
  void send() {}
#endif
};

struct kind_of_wait {
  const char* name;
  /// Attempts to take the lock of a path. \returns It; null if it is busy.
  std::function<std::shared_ptr<void>(const std::string&)> try_hold;
  /// Waits for it on this thread, for some time at most, and releases it.
  /// \returns Whether it was held.
  std::function<bool(const std::string&, std::chrono::nanoseconds)> wait;
  /// \returns Whether it was seen that a thread waits.
  std::function<bool(const std::string&)> is_awaited;
  /// Ends the waits, those of later as well.
  std::function<void()> stop = [] {};
};

template <class Lock>
std::shared_ptr<void> try_hold_as(const std::string& path) {
  const auto lock = std::make_shared<Lock>(path);
  return lock->try_lock() ? lock : nullptr;
}

template <class Lock>
bool wait_as(const std::string& path, std::chrono::nanoseconds longest) {
  Lock lock(path);
  const bool is_held = lock.try_lock_for(longest);
  if (is_held) lock.unlock();
  return is_held;
}

/// On an event loop that this thread runs.
template <class Lock>
bool wait_in_loop(const std::string& path, std::chrono::nanoseconds longest) {
  boost::asio::io_context context(1);
  Lock lock(path);
  bool is_held = false;
  filelock::async_lock_for(context.get_executor(), lock, longest,
                           [&](boost::system::error_code ec, bool is_taken) {
                             is_held = !ec && is_taken;
                           });
  context.run();
  if (is_held) lock.unlock();
  return is_held;
}

/// \returns Every kind, in a few words.
inline std::vector<kind_of_wait> kinds_of_wait() {
  using flock_traits = filelock::posix_flock_traits;
  using queued_flock = filelock::queued<flock_traits>;
  using flock_lock = filelock::basic_file_lock<flock_traits>;
  using queued_lock = filelock::basic_file_lock<queued_flock>;
  const auto try_flock = &try_hold_as<flock_lock>;
  // ThreadSanitizer cannot cancel a thread in flock(2): there it polls.
  const auto is_queued = [](const std::string& path) {
    return FILELOCK_THREAD_SANITIZER || is_blocked_on(path);
  };
  std::vector<kind_of_wait> kinds;

  using polled = watched_pause<0>;
  kinds.push_back(
      {"polls", try_flock,
       &wait_as<
           filelock::basic_file_lock<filelock::polled<flock_traits>, polled>>,
       [](const std::string&) { return polled::pauses != 0; }});

  kinds.push_back(
      {"in the kernel", try_flock,
       [](const std::string& path, std::chrono::nanoseconds) {
         flock_lock lock(path);
         lock.lock();
         lock.unlock();
         return true;
       },
       [](const std::string& path) { return is_blocked_on(path); }});

  kinds.push_back({"queued", try_flock, &wait_as<queued_lock>, is_queued});

  using fifo_lock = filelock::basic_file_lock<
      filelock::fifo<filelock::queued<filelock::posix_ofd_traits>>>;
  kinds.push_back(
      {"fifo", &try_hold_as<fifo_lock>, &wait_as<fifo_lock>,
       [](const std::string& path) { return is_blocked_on(path); }});

#if FILELOCK_HAS_ROBUST_LOCK
  kinds.push_back({"robust", &try_hold_as<robust_file_lock>,
                   &wait_as<robust_file_lock>, [](const std::string& path) {
                     return (robust_word(path) & 0x80000000u) != 0;
                   }});
#endif

  using in_mutex = watched_pause<1>;
  using mutex =
      filelock::basic_file_mutex<filelock::polled<flock_traits>, in_mutex>;
  // One for all its threads. The first waits for the file, and others for it.
  const auto shared = std::make_shared<std::unique_ptr<mutex>>();
  const auto once = std::make_shared<std::once_flag>();
  kinds.push_back({"mutex", try_flock,
                   [shared, once](const std::string& path,
                                  std::chrono::nanoseconds longest) {
                     std::call_once(*once, [&] {
                       *shared = std::make_unique<mutex>(path);
                     });
                     std::atomic<int> held{0};
                     const auto wait = [&] {
                       if (!(*shared)->try_lock_for(longest)) return;
                       ++held;
                       (*shared)->unlock();
                     };
                     std::thread second(wait);
                     wait();
                     second.join();
                     return held == 2;
                   },
                   [](const std::string&) { return in_mutex::pauses != 0; }});

  using in_loop = watched_pause<2>;
  kinds.push_back(
      {"polls, asio", try_flock,
       &wait_in_loop<
           filelock::basic_file_lock<filelock::polled<flock_traits>, in_loop>>,
       [](const std::string&) { return in_loop::pauses != 0; }});
  kinds.push_back(
      {"queued, asio", try_flock, &wait_in_loop<queued_lock>, is_queued});
  using mutex_in_loop = watched_pause<3>;
  kinds.push_back(
      {"mutex, asio", try_flock,
       &wait_in_loop<filelock::basic_file_mutex<filelock::polled<flock_traits>,
                                                mutex_in_loop>>,
       [](const std::string&) { return mutex_in_loop::pauses != 0; }});

#if FILELOCK_HAS_STOP_TOKEN
  const auto request = std::make_shared<stop_request>();
  kinds.push_back(
      {"stop token", try_flock,
       [request](const std::string& path, std::chrono::nanoseconds longest) {
         queued_lock lock(path);
         const bool is_held = lock.try_lock_for(longest, request->token());
         if (is_held) lock.unlock();
         return is_held;
       },
       is_queued, [request] { request->send(); }});
#endif
  return kinds;
}

} // namespace test

#endif
