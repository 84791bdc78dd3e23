// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: loader: dlopen and fork
// LABELS: process

// A program with locks gives them to a plugin that has its own copy of the
// library: the plugin is loaded RTLD_LOCAL, is built with -fvisibility=hidden,
// and the program exports no symbols (embedding.host) or all of them
// (embedding.host_with_exports).

#define BOOST_TEST_MODULE embedding_host
#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/built_file.hpp"
#include "support/child_process.hpp"
#include "support/descriptors.hpp"
#include "support/temporary_folder.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using filelock::file_lock;
using filelock::file_mutex;
using test::child_process;
using test::failure_in_child;
using test::line_channel;

namespace {

class plugin {
public:
  explicit plugin(const std::string& path = test::built_file("plugin"))
      : handle_(::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)) {
    if (!handle_) throw std::runtime_error(::dlerror());
    find(unlock, "plugin_unlock");
    find(close, "plugin_close");
    find(try_lock, "plugin_try_lock");
    find(owns, "plugin_owns");
    find(release, "plugin_release");
    find(move, "plugin_move");
    find(lock_path, "plugin_lock_path");
    find(try_mutex, "plugin_try_mutex");
    find(unlock_mutex, "plugin_unlock_mutex");
    find(use_queued, "plugin_use_queued");
  }
  ~plugin() { ::dlclose(handle_); }
  plugin(const plugin&) = delete;
  plugin& operator=(const plugin&) = delete;

  void (*unlock)(file_lock*) = nullptr;
  void (*close)(file_lock*) = nullptr;
  bool (*try_lock)(file_lock*) = nullptr;
  bool (*owns)(const file_lock*) = nullptr;
  int (*release)(file_lock*) = nullptr;
  void (*move)(file_lock* from, file_lock* to) = nullptr;
  void (*lock_path)(const char* path, file_lock* to) = nullptr;
  bool (*try_mutex)(file_mutex*) = nullptr;
  void (*unlock_mutex)(file_mutex*) = nullptr;
  bool (*use_queued)(const char* path, void (*use)()) = nullptr;

private:
  template <class Function>
  void find(Function*& function, const char* name) {
    function = reinterpret_cast<Function*>(::dlsym(handle_, name));
    if (!function) throw std::runtime_error(name + std::string(" is missing"));
  }

  void* handle_;
};

struct lock_file {
  test::temporary_folder folder;
  std::string path = folder / "a.lock";

  std::string other_tries() const { return test::other_process_tries(path); }
};

/// \returns What is wrong with a lock that both the program and the plugin use.
std::string wrong_use(const plugin& other, const lock_file& file) {
  std::string wrong;
  file_lock lock{file.path};
  lock.lock();
  if (!other.owns(&lock)) wrong += "the plugin sees no hold; ";
  other.unlock(&lock);
  if (file.other_tries() != "locked") wrong += "not released by the plugin; ";
  if (!other.try_lock(&lock)) wrong += "not locked by the plugin; ";
  if (file.other_tries() != "busy") wrong += "not held for the plugin; ";
  file_lock moved;
  other.move(&lock, &moved);
  if (!moved.owns_lock()) wrong += "not moved by the plugin; ";
  moved.unlock();
  if (file.other_tries() != "locked") wrong += "not released by the program; ";
  other.close(&moved);
  if (moved.is_open()) wrong += "not closed by the plugin; ";
  if (test::count_descriptors_of(file.path.c_str()) != 0)
    wrong += "a descriptor is left; ";
  return wrong;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_plugin_uses_locks_of_the_program) {
  const lock_file file;
  const plugin other;
  BOOST_TEST(wrong_use(other, file) == "");
}

BOOST_AUTO_TEST_CASE(a_plugin_that_is_loaded_after_a_fork_uses_them_too) {
  const lock_file file;
  file_lock before{file.path};
  before.open();
  // The child is one fork away from its parent, the plugin in it is not.
  BOOST_TEST(failure_in_child([&] {
               const plugin other;
               return wrong_use(other, file);
             }) == "");
  BOOST_TEST(failure_in_child([&] {
               return failure_in_child([&] {
                 const plugin other;
                 return wrong_use(other, file);
               });
             }) == "");
}

BOOST_AUTO_TEST_CASE(a_child_leaves_a_number_alone_that_a_plugin_closed) {
  const lock_file file;
  const plugin other;
  file_lock lock{file.path};
  lock.lock();
  const int number = lock.native_handle();
  other.unlock(&lock);
  other.close(&lock);
  int ends[2];
  BOOST_TEST_REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
  BOOST_TEST((ends[0] == number || ends[1] == number));
  BOOST_TEST(failure_in_child([&]() -> std::string {
               return ::fcntl(number, F_GETFD) == -1 ? "it is closed" : "";
             }) == "");
  ::close(ends[0]);
  ::close(ends[1]);
}

BOOST_AUTO_TEST_CASE(a_child_closes_what_either_has_opened) {
  const lock_file file;
  const lock_file another;
  const plugin other;
  file_lock own{file.path};
  own.lock();
  file_lock foreign;
  other.lock_path(another.path.c_str(), &foreign);
  BOOST_TEST(failure_in_child([&]() -> std::string {
               std::string wrong;
               for (const std::string& path : {file.path, another.path})
                 if (test::count_descriptors_of(path.c_str()) != 0)
                   wrong += "a descriptor in the child; ";
               if (own.is_open() || foreign.is_open()) wrong += "open; ";
               if (other.owns(&own) || other.owns(&foreign))
                 wrong += "owned, says the plugin; ";
               other.unlock(&own);
               foreign.unlock();
               return wrong;
             }) == "");
  BOOST_TEST(file.other_tries() == "busy");
  BOOST_TEST(another.other_tries() == "busy");
}

BOOST_AUTO_TEST_CASE(a_handle_that_a_plugin_released_stays_open_in_a_child) {
  const lock_file file;
  const plugin other;
  file_lock lock{file.path};
  lock.lock();
  const int handle = other.release(&lock);
  BOOST_TEST(failure_in_child([&]() -> std::string {
               return ::fcntl(handle, F_GETFD) == -1 ? "it is closed" : "";
             }) == "");
  BOOST_TEST(file.other_tries() == "busy");
  ::close(handle);
}

BOOST_AUTO_TEST_CASE(a_plugin_uses_a_mutex_of_the_program) {
  const lock_file file;
  file_mutex mutex{file.path};
  const auto wrong = [&] {
    const plugin other;
    std::string result;
    if (!other.try_mutex(&mutex)) result += "not locked by the plugin; ";
    if (mutex.try_lock()) result += "locked twice; ";
    mutex.unlock();
    if (!mutex.try_lock()) result += "not locked by the program; ";
    if (other.try_mutex(&mutex)) result += "locked twice; ";
    other.unlock_mutex(&mutex);
    if (file.other_tries() != "locked") result += "not released; ";
    return result;
  };
  BOOST_TEST(wrong() == "");
  BOOST_TEST(failure_in_child(wrong) == "");
}

BOOST_AUTO_TEST_CASE(a_lock_outlives_the_plugin_that_opened_it) {
  const lock_file file;
  file_lock lock;
  {
    const plugin other;
    other.lock_path(file.path.c_str(), &lock);
  }
  BOOST_TEST(lock.owns_lock());
  BOOST_TEST(file.other_tries() == "busy");
  lock.unlock();
  BOOST_TEST(file.other_tries() == "locked");
  lock.close();
}

namespace {

std::atomic<bool> is_used{false};
std::atomic<int> uses{0};
std::atomic<int> overlaps{0};

/// What only an owner may do.
void use() {
  if (is_used.exchange(true)) ++overlaps;
  ++uses;
  std::this_thread::yield();
  is_used = false;
}

/// Loads and unloads a plugin, which locks and waits.
void load_often(const std::string& library, const std::string& path) {
  for (int i = 0; i != 20; ++i) {
    const plugin other(library);
    file_lock lock;
    other.lock_path(path.c_str(), &lock);
    use();
    other.unlock(&lock);
    other.close(&lock);
    if (!other.use_queued(path.c_str(), &use)) ++overlaps;
  }
}

} // namespace

BOOST_AUTO_TEST_CASE(plugins_come_and_go_while_others_lock_and_wait) {
  const lock_file file;
  // Each is a library of its own, so each is unloaded.
  const std::string libraries[] = {file.folder / "1.so", file.folder / "2.so"};
  for (const std::string& each : libraries)
    std::filesystem::copy_file(test::built_file("plugin"), each);
  child_process process =
      child_process::forked([&](line_channel&) -> std::string {
        std::atomic<int> loaders{2};
        std::vector<std::thread> threads;
        for (const std::string& library : libraries)
          threads.emplace_back([&] {
            load_often(library, file.path);
            --loaders;
          });
        threads.emplace_back([&] {
          while (loaders != 0) {
            filelock::queued_file_lock lock{file.path};
            if (!lock.try_lock_for(std::chrono::milliseconds(5))) continue;
            use();
          }
        });
        file_mutex mutex{file.path};
        for (int i = 0; i != 2; ++i)
          threads.emplace_back([&] {
            while (loaders != 0) {
              if (!mutex.try_lock_for(std::chrono::milliseconds(5))) continue;
              use();
              mutex.unlock();
            }
          });
        for (std::thread& each : threads)
          each.join();
        return overlaps == 0 ? "" : std::to_string(overlaps) + " overlaps";
      });
  BOOST_TEST(process.failure() == "");
  BOOST_TEST(file.other_tries() == "locked");
}
