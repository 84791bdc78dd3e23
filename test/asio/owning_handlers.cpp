// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Handlers that own the lock, as sessions own their sockets: an operation that
// is destroyed ends before its handler, and so before the lock.

#include <boost/test/unit_test.hpp>

#include <filelock/asio.hpp>
#include <filelock/file_mutex.hpp>
#include <filelock/filelock.hpp>

#include "support/asio_waits.hpp"
#include "support/temporary_folder.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>

#include <chrono>
#include <filesystem>
#include <memory>
#include <system_error>
#include <tuple>
#include <utility>

BOOST_AUTO_TEST_SUITE(asio_owning_handlers)

namespace {

using namespace std::chrono_literals;
using test::is_free;
namespace net = boost::asio;

/// What became of a lock.
struct fate {
  int handled = 0;
  int destroyed = 0;
  int without_operation = 0; // when it was destroyed
};

/// A lock whose destructor looks whether an operation still has it: the lock is
/// reserved then, or a turn of the mutex is taken.
template <class Lock>
class owned_lock : public Lock {
public:
  owned_lock(const std::filesystem::path& path, fate& what)
      : Lock(path), fate_(&what) {}
  ~owned_lock() {
    std::error_code ec;
    ++fate_->destroyed;
    if (!this->try_lock(ec)) return;
    ++fate_->without_operation;
    this->unlock();
  }
  owned_lock(const owned_lock&) = delete;
  owned_lock& operator=(const owned_lock&) = delete;

private:
  fate* fate_;
};

template <class Lock>
struct session : std::enable_shared_from_this<session<Lock>> {
  session(const std::filesystem::path& path, fate& what)
      : lock(path, what), what_(what) {}

  template <class Executor>
  void start(const Executor& executor) {
    filelock::async_lock(
        executor, lock,
        [self = this->shared_from_this()](auto) { ++self->what_.handled; });
  }

  owned_lock<Lock> lock;
  fate& what_;
};

/// Effects: begins an operation for each way to own a lock.
/// \returns How many.
template <class Lock, class Executor>
int start_all(const Executor& executor, const test::temporary_folder& folder,
              fate& what) {
  auto unique = std::make_unique<owned_lock<Lock>>(folder / "unique", what);
  owned_lock<Lock>& first = *unique;
  filelock::async_lock(executor, first, [own = std::move(unique), &what](auto) {
    ++what.handled;
  });
  const auto shared =
      std::make_shared<owned_lock<Lock>>(folder / "shared", what);
  filelock::async_lock_for(
      executor, *shared, 1h,
      [own = shared, &what](auto, bool) { ++what.handled; });
  std::make_shared<session<Lock>>(folder / "session", what)->start(executor);
  return 3;
}

/// Destroys the context while the operations wait, or after they have ended but
/// before their handlers run.
template <class Lock, class Context, class Run>
void destroy(bool is_busy, Run run) {
  const test::temporary_folder folder;
  fate what;
  int started = 0;
  {
    filelock::file_lock holders[]{filelock::file_lock{folder / "unique"},
                                  filelock::file_lock{folder / "shared"},
                                  filelock::file_lock{folder / "session"}};
    for (filelock::file_lock& each : holders)
      if (is_busy) each.lock();
    Context context{1};
    run(context, is_busy, [&] {
      started = start_all<Lock>(context.get_executor(), folder, what);
    });
    for (filelock::file_lock& each : holders)
      if (is_busy) each.unlock();
  }
  BOOST_TEST(what.handled == 0);
  BOOST_TEST(what.destroyed == started);
  BOOST_TEST(what.without_operation == started);
  for (const char* const each : {"unique", "shared", "session"})
    BOOST_TEST(is_free(folder / each));
}

using locks = std::tuple<filelock::file_lock, filelock::queued_file_lock,
                         filelock::file_mutex>;

} // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(an_io_context_destroys_the_wait_first, Lock,
                              locks) {
  for (const bool is_busy : {false, true})
    destroy<Lock, net::io_context>(
        is_busy, [](net::io_context& context, bool runs, auto start) {
          start();
          if (runs) context.run_for(3ms);
        });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_thread_pool_destroys_the_wait_first, Lock,
                              locks) {
  for (const bool is_busy : {false, true})
    destroy<Lock, net::thread_pool>(
        is_busy, [](net::thread_pool& pool, bool, auto start) {
          // Stopped at once: no thread may run a handler.
          pool.stop();
          pool.join();
          start();
        });
}

BOOST_AUTO_TEST_SUITE_END()
