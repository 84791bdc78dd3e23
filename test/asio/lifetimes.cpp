// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Operations that are destroyed, and the allocator, executor and exceptions of
// their handlers.

#include <boost/test/unit_test.hpp>

#include <filelock/asio.hpp>
#include <filelock/file_mutex.hpp>

#include "support/asio_waits.hpp"
#include "support/temporary_folder.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/system_executor.hpp>
#include <boost/asio/thread_pool.hpp>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <future>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <thread>
#include <vector>

#if !defined(_WIN32)
#include "support/descriptors.hpp"
#endif

BOOST_AUTO_TEST_SUITE(asio_lifetimes)

namespace {

using namespace std::chrono_literals;
using test::ending;
using test::is_free;
using test::often;
using test::polling_lock;
using test::polling_mutex;
using test::run_all;
namespace net = boost::asio;

/// \returns How many descriptors are open; zero where nothing counts them.
int open_descriptors() {
#if defined(_WIN32)
  return 0;
#else
  return test::count_descriptors();
#endif
}

/// Counts its memory, and refuses more than `budget` allocations.
struct memory {
  std::size_t allocated = 0;
  std::size_t freed = 0;
  std::size_t budget = static_cast<std::size_t>(-1);
};

template <class T>
class counting_allocator {
public:
  using value_type = T;
  explicit counting_allocator(memory& all) : all_(&all) {}
  template <class U>
  counting_allocator(const counting_allocator<U>& other) : all_(other.all()) {}

  T* allocate(std::size_t count) {
    if (all_->allocated == all_->budget) throw std::bad_alloc();
    T* const result = std::allocator<T>().allocate(count);
    ++all_->allocated;
    return result;
  }
  void deallocate(T* pointer, std::size_t count) {
    ++all_->freed;
    std::allocator<T>().deallocate(pointer, count);
  }

  memory* all() const { return all_; }
  template <class U>
  bool operator==(const counting_allocator<U>& other) const {
    return all_ == other.all();
  }
  template <class U>
  bool operator!=(const counting_allocator<U>& other) const {
    return all_ != other.all();
  }

private:
  memory* all_;
};

auto with_memory(memory& all, ending& end) {
  return net::bind_allocator(counting_allocator<char>(all), end.handler());
}

} // namespace

// ---- Destruction with the context ----

BOOST_AUTO_TEST_CASE(a_destroyed_wait_leaves_the_lock_as_it_was) {
  const test::temporary_folder folder;
  const std::filesystem::path path = folder / "busy";
  polling_lock holder{path, often};
  holder.lock();
  polling_lock lock{path, often};
  const int before = open_descriptors();
  ending end;
  {
    net::io_context context;
    filelock::async_lock(context.get_executor(), lock, end.handler());
    context.run_for(5ms);
  }
  BOOST_TEST(end.calls == 0);
  BOOST_TEST(!lock.is_open());
  BOOST_TEST(open_descriptors() == before);
  holder.unlock();
  BOOST_TEST(lock.try_lock()); // it is not reserved either
}

BOOST_AUTO_TEST_CASE(a_grant_that_nobody_was_told_of_is_given_back) {
  const test::temporary_folder folder;
  const std::filesystem::path path = folder / "granted";
  polling_lock lock{path, often};
  polling_mutex mutex{folder / "mutex", often};
  polling_mutex shared{folder / "shared", often};
  const int before = open_descriptors();
  ending end;
  {
    net::io_context context;
    filelock::async_lock(context.get_executor(), lock, end.handler());
    filelock::async_lock(context.get_executor(), mutex, end.handler());
    filelock::async_lock_shared(context.get_executor(), shared, end.handler());
    BOOST_TEST(!is_free(path));
  }
  BOOST_TEST(end.calls == 0);
  BOOST_TEST(is_free(path));
  BOOST_TEST(open_descriptors() == before);
  for (polling_mutex* each : {&mutex, &shared}) {
    BOOST_TEST(is_free(each->path()));
    BOOST_TEST(each->try_lock());
    each->unlock();
  }
}

BOOST_AUTO_TEST_CASE(a_mutex_passed_on_to_nobody_is_released) {
  const test::temporary_folder folder;
  polling_mutex mutex{folder / "mutex", often};
  ending end;
  for (const bool is_woken : {false, true}) {
    mutex.lock();
    {
      net::io_context context;
      filelock::async_lock(context.get_executor(), mutex, end.handler());
      filelock::async_lock_shared(context.get_executor(), mutex, end.handler());
      context.run_for(2ms);
      if (is_woken) mutex.unlock();
    }
    if (!is_woken) mutex.unlock();
    BOOST_TEST(end.calls == 0);
    BOOST_TEST(is_free(mutex.path()));
    BOOST_TEST(mutex.try_lock());
    mutex.unlock();
  }
}

BOOST_AUTO_TEST_CASE(a_reader_that_joined_leaves_if_nobody_was_told) {
  const test::temporary_folder folder;
  polling_mutex mutex{folder / "mutex", often};
  mutex.lock_shared();
  ending end;
  {
    net::io_context context;
    filelock::async_lock_shared(context.get_executor(), mutex, end.handler());
  }
  mutex.unlock_shared();
  BOOST_TEST(end.calls == 0);
  BOOST_TEST(is_free(mutex.path()));
}

BOOST_AUTO_TEST_CASE(the_handler_may_destroy_the_lock) {
  const test::temporary_folder folder;
  net::io_context context;
  auto lock = std::make_unique<polling_lock>(folder / "lock", often);
  auto mutex = std::make_unique<polling_mutex>(folder / "mutex", often);
  filelock::async_lock(context.get_executor(), *lock,
                       [&](auto) { lock.reset(); });
  filelock::async_lock(context.get_executor(), *mutex, [&](auto) {
    mutex->unlock();
    mutex.reset();
  });
  run_all(context);
  BOOST_TEST(!lock);
  BOOST_TEST(!mutex);
  BOOST_TEST(is_free(folder / "lock"));
}

// ---- Allocators ----

BOOST_AUTO_TEST_CASE(the_allocator_of_the_handler_is_used_and_all_is_freed) {
  const test::temporary_folder folder;
  const std::filesystem::path path = folder / "busy";
  polling_lock holder{path, often};
  holder.lock();
  polling_lock lock{path, often};
  polling_mutex mutex{folder / "mutex", often};
  mutex.lock();
  memory all;
  ending ends[3];
  {
    net::io_context context;
    const auto executor = context.get_executor();
    filelock::async_lock(executor, lock, with_memory(all, ends[0]));
    filelock::async_lock_for(executor, mutex, 1h, with_memory(all, ends[1]));
    BOOST_TEST(all.allocated > all.freed);
    context.run_for(5ms);
    holder.unlock();
    mutex.unlock();
    run_all(context);
    BOOST_TEST(ends[0].is_success(), ends[0]);
    BOOST_TEST(ends[1].is_success(), ends[1]);
    BOOST_TEST(all.allocated == all.freed);
    // And of one that is destroyed.
    filelock::async_lock(executor, mutex, with_memory(all, ends[2]));
  }
  BOOST_TEST(ends[2].calls == 0);
  BOOST_TEST(all.allocated == all.freed);
  BOOST_TEST(all.allocated > 5);
  mutex.unlock();
}

BOOST_AUTO_TEST_CASE(an_operation_that_lacks_memory_holds_nothing) {
  const test::temporary_folder folder;
  const std::filesystem::path path = folder / "lock";
  polling_mutex mutex{folder / "mutex", often};
  int thrown = 0;
  for (const bool is_busy : {false, true})
    for (std::size_t budget = 0; budget != 8; ++budget) {
      polling_lock holder{path, often};
      polling_lock lock{path, often};
      if (is_busy) {
        holder.lock();
        mutex.lock();
      }
      memory of_lock{0, 0, budget};
      memory of_mutex{0, 0, budget};
      ending ends[2];
      {
        net::io_context context;
        const auto executor = context.get_executor();
        const auto guarded = [&](auto function) {
          try {
            function();
          } catch (const std::bad_alloc&) {
            ++thrown;
          }
        };
        guarded([&] {
          filelock::async_lock(executor, lock, with_memory(of_lock, ends[0]));
        });
        guarded([&] {
          filelock::async_lock(executor, mutex, with_memory(of_mutex, ends[1]));
        });
        for (int i = 0; i != 3; ++i)
          guarded([&] { context.run_for(2ms); });
        if (is_busy) {
          holder.unlock();
          mutex.unlock();
        }
      }
      BOOST_TEST(of_lock.allocated == of_lock.freed);
      BOOST_TEST(of_mutex.allocated == of_mutex.freed);
      BOOST_TEST(lock.owns_lock() == ends[0].is_held);
      if (ends[0].is_held) lock.unlock();
      if (ends[1].is_held) mutex.unlock();
      BOOST_TEST(is_free(path));
      BOOST_TEST(is_free(mutex.path()));
      BOOST_TEST(mutex.try_lock());
      mutex.unlock();
    }
  BOOST_TEST(thrown > 4);
}

// ---- Executors ----

BOOST_AUTO_TEST_CASE(the_executor_of_the_handler_runs_it) {
  const test::temporary_folder folder;
  const std::filesystem::path path = folder / "lock";
  polling_lock holder{path, often};
  holder.lock();
  polling_lock lock{path, often};
  net::thread_pool pool(1);
  const std::thread::id pool_thread = [&] {
    std::promise<std::thread::id> id;
    net::post(pool, [&] { id.set_value(std::this_thread::get_id()); });
    return id.get_future().get();
  }();
  net::io_context context;
  ending end;
  filelock::async_lock(context.get_executor(), lock,
                       net::bind_executor(pool.get_executor(), end.handler()));
  context.run_for(5ms);
  holder.unlock();
  run_all(context);
  pool.join();
  BOOST_TEST(end.is_success(), end);
  BOOST_TEST((end.thread == pool_thread));
}

// A handler that another executor runs at once would end the only work of the
// context, which stops then, before the next operation begins on it.
BOOST_AUTO_TEST_CASE(an_operation_that_ends_at_once_keeps_its_context_at_work) {
  const test::temporary_folder folder;
  polling_lock lock{folder / "lock", often};
  net::io_context context;
  net::io_context other;
  ending end;
  filelock::async_lock(context.get_executor(), lock,
                       net::bind_executor(other.get_executor(), end.handler()));
  BOOST_TEST(other.poll() == 0U);
  BOOST_TEST(!context.stopped());
  BOOST_TEST(context.poll() == 1U);
  BOOST_TEST(end.calls == 0);
  BOOST_TEST(other.poll() == 1U);
  BOOST_TEST(end.is_success(), end);
  BOOST_TEST(context.run() == 0U);
}

BOOST_AUTO_TEST_CASE(executors_of_every_kind_serve) {
  const test::temporary_folder folder;
  polling_lock holder{folder / "lock", often};
  const auto acquires_on = [&](auto executor, auto wait_for_end) {
    holder.lock();
    polling_lock lock{folder / "lock", often};
    std::promise<bool> held;
    filelock::async_lock_for(executor, lock, 1h, [&](auto ec, bool is_held) {
      held.set_value(is_held && !ec);
    });
    holder.unlock();
    wait_for_end();
    BOOST_TEST(held.get_future().get());
  };
  net::io_context context;
  net::thread_pool pool(2);
  const auto run = [&] { run_all(context); };
  const auto nothing = [] {};
  acquires_on(net::any_io_executor(context.get_executor()), run);
  acquires_on(net::make_strand(context), run);
  acquires_on(pool.get_executor(), nothing);
  acquires_on(net::system_executor(), nothing);
}

BOOST_AUTO_TEST_CASE(what_a_handler_throws_leaves_the_loop) {
  const test::temporary_folder folder;
  polling_lock lock{folder / "lock", often};
  net::io_context context;
  filelock::async_lock(context.get_executor(), lock, [](auto) {
    throw std::runtime_error("of the handler");
  });
  BOOST_CHECK_THROW(context.run(), std::runtime_error);
  BOOST_TEST(lock.owns_lock()); // it was told, and so has to release
}

BOOST_AUTO_TEST_SUITE_END()
