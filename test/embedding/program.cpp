// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: loader: dlopen and fork

#define BOOST_TEST_MODULE embedding
#include <boost/test/unit_test.hpp>

#include "support/built_file.hpp"
#include "support/child_process.hpp"
#include "support/descriptors.hpp"
#include "support/skipped.hpp"
#include "support/temporary_folder.hpp"

#include <dlfcn.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

// A program that does not know the lock loads two shared libraries that have
// it built in, each with its own policy. They are built with
// -fvisibility=hidden.
//
// Each library may have a registry of open locks of its own, as the compiler
// and the loader have it. What is promised of fork holds either way.

using test::child_process;
using test::failure_in_child;
using test::line_channel;

namespace {

// g++ makes a variable that libraries share unique in the process
// (STB_GNU_UNIQUE), and a library that has one stays in memory.
#if defined(__GLIBC__) && !defined(__clang__)
constexpr bool makes_symbols_unique = true;
#else
constexpr bool makes_symbols_unique = false;
#endif

class library {
public:
  explicit library(const char* name, int flags = RTLD_LOCAL)
      : path_(test::built_file(name)),
        handle_(::dlopen(path_.c_str(), RTLD_NOW | flags)) {
    if (!handle_) throw std::runtime_error(::dlerror());
    find(create, "library_create");
    find(destroy, "library_destroy");
    find(lock, "library_lock_it");
    find(try_lock, "library_try_lock");
    find(try_lock_for, "library_try_lock_for");
    find(unlock, "library_unlock");
    find(close, "library_close");
    find(is_open, "library_is_open");
    find(wait_in_queue, "library_wait_in_queue");
    find(registry, "library_registry");
    find(error_handler, "library_error_handler");
    find(times_asked, "library_times_asked");
  }
  ~library() { unload(); }
  library(const library&) = delete;
  library& operator=(const library&) = delete;

  void unload() {
    if (handle_) ::dlclose(handle_);
    handle_ = nullptr;
  }

  /// \returns Whether the library is in memory. One with symbols that are
  /// unique in the process stays there.
  bool is_loaded() const {
    void* const handle = ::dlopen(path_.c_str(), RTLD_NOW | RTLD_NOLOAD);
    if (handle) ::dlclose(handle);
    return handle != nullptr;
  }

  void* (*create)(const char*) = nullptr;
  void (*destroy)(void*) = nullptr;
  void (*lock)(void*) = nullptr;
  bool (*try_lock)(void*) = nullptr;
  bool (*try_lock_for)(void*, int) = nullptr;
  void (*unlock)(void*) = nullptr;
  void (*close)(void*) = nullptr;
  bool (*is_open)(void*) = nullptr;
  bool (*wait_in_queue)(const char*) = nullptr;
  const void* (*registry)() = nullptr;
  const void* (*error_handler)() = nullptr;
  int (*times_asked)() = nullptr;

private:
  template <class Function>
  void find(Function*& function, const char* name) {
    function = reinterpret_cast<Function*>(::dlsym(handle_, name));
    if (!function) throw std::runtime_error(name + std::string(" is missing"));
  }

  std::string path_;
  void* handle_;
};

constexpr const char* first_library = "first_library";
constexpr const char* second_library = "second_library";
constexpr const char* other_version = "other_version";

/// A lock of a library.
class embedded_lock {
public:
  embedded_lock(const library& from, const std::string& path)
      : from_(from), lock_(from.create(path.c_str())) {}
  ~embedded_lock() { from_.destroy(lock_); }
  embedded_lock(const embedded_lock&) = delete;
  embedded_lock& operator=(const embedded_lock&) = delete;

  void lock() { from_.lock(lock_); }
  bool try_lock() { return from_.try_lock(lock_); }
  bool try_lock_for(int milliseconds) {
    return from_.try_lock_for(lock_, milliseconds);
  }
  void unlock() { from_.unlock(lock_); }
  void close() { from_.close(lock_); }
  bool is_open() const { return from_.is_open(lock_); }

private:
  const library& from_;
  void* lock_;
};

struct lock_file {
  test::temporary_folder folder;
  std::string path = folder / "a.lock";
  std::string other = folder / "b.lock";
};

/// \returns How a lock that is held fails to be closed in a forked child, or
/// to be kept by its owner, whatever the child does.
std::string failure_of_fork(embedded_lock& held, const library& contender,
                            const std::string& path) {
  std::string failed = failure_in_child([&]() -> std::string {
    std::string open;
    if (held.is_open()) open += "is open in the child; ";
    if (test::count_descriptors_of(path.c_str()) != 0)
      open += "has a descriptor in the child; ";
    held.unlock();
    held.close();
    return open;
  });
  if (!held.is_open()) failed += "is closed in the parent; ";
  if (embedded_lock(contender, path).try_lock())
    failed += "is released by the child; ";
  return failed;
}

/// \returns How the death of an owner, whose child lives, fails to free.
std::string failure_of_death(const char* name, const std::string& path) {
  child_process owner =
      child_process::forked([&](line_channel& test) -> std::string {
        const library from(name);
        embedded_lock lock(from, path);
        lock.lock();
        if (::fork() == 0) {
          test.write_line("the child lives");
          test.read_line();
          ::_exit(0);
        }
        for (;;)
          ::pause();
      });
  std::string failed;
  if (owner.read_line() != "the child lives") failed += "no child; ";
  const library from(name);
  embedded_lock lock(from, path);
  if (lock.try_lock()) failed += "is not held by the owner; ";
  owner.kill_and_wait();
  if (!lock.try_lock()) failed += "is held by the child; ";
  return failed;
}

} // namespace

// Each case runs in a child, so that each loads the libraries anew.

BOOST_AUTO_TEST_CASE(two_libraries_exclude_each_other) {
  BOOST_TEST(failure_in_child([]() -> std::string {
               const lock_file file;
               const library first(first_library);
               const library second(second_library);
               embedded_lock a(first, file.path);
               embedded_lock b(second, file.path);
               std::string failed;
               for (const auto& [holder, contender] :
                    {std::pair(&a, &b), std::pair(&b, &a)}) {
                 holder->lock();
                 if (contender->try_lock()) failed += "not excluded; ";
                 if (contender->try_lock_for(5)) failed += "not by waiting; ";
                 holder->unlock();
                 if (!contender->try_lock()) failed += "not released; ";
                 contender->unlock();
               }
               return failed;
             }) == "");
}

BOOST_AUTO_TEST_CASE(each_library_waits_by_its_own_policy) {
  BOOST_TEST(failure_in_child([]() -> std::string {
               const lock_file file;
               const library first(first_library);
               const library second(second_library);
               embedded_lock a(first, file.path);
               embedded_lock b(second, file.path);
               a.lock();
               (void)b.try_lock_for(5);
               if (first.times_asked() != 0) return "the first was asked";
               if (second.times_asked() == 0) return "the second was not";
               a.unlock();
               b.lock();
               (void)a.try_lock_for(5);
               return first.times_asked() == 0 ? "the first was not" : "";
             }) == "");
}

BOOST_AUTO_TEST_CASE(each_library_has_a_registry_of_its_own) {
  BOOST_TEST(failure_in_child([]() -> std::string {
               const library first(first_library, RTLD_LOCAL);
               const library second(second_library, RTLD_LOCAL);
               return first.registry() != second.registry() ? "" : "shared";
             }) == "");
}

BOOST_AUTO_TEST_CASE(libraries_share_the_handler_of_errors_where_they_can) {
  BOOST_TEST(failure_in_child([]() -> std::string {
               const library first(first_library, RTLD_GLOBAL);
               const library second(second_library, RTLD_GLOBAL);
               return first.error_handler() == second.error_handler()
                          ? ""
                          : "not shared";
             }) == "");
}

// The state of another version may have another layout.
BOOST_AUTO_TEST_CASE(libraries_of_two_versions_share_locks_and_no_state) {
  BOOST_TEST(failure_in_child([]() -> std::string {
               const lock_file file;
               const library first(first_library, RTLD_GLOBAL);
               const library other(other_version, RTLD_GLOBAL);
               std::string failed;
               if (first.error_handler() == other.error_handler())
                 failed += "one handler of errors; ";
               if (first.registry() == other.registry())
                 failed += "one registry; ";
               embedded_lock a(first, file.path);
               embedded_lock b(other, file.path);
               embedded_lock c(other, file.other);
               a.lock();
               if (b.try_lock()) failed += "not excluded; ";
               if (b.try_lock_for(5)) failed += "not by waiting; ";
               c.lock();
               failed += failure_of_fork(a, other, file.path) +
                         failure_of_fork(c, first, file.other);
               a.unlock();
               if (!b.try_lock()) failed += "not released; ";
               if (a.try_lock()) failed += "not excluded by the other; ";
               b.unlock();
               if (!other.wait_in_queue(file.path.c_str()))
                 failed += "no wait in the queue; ";
               return failed;
             }) == "");
}

BOOST_AUTO_TEST_CASE(a_forked_child_owns_and_frees_no_lock_of_any_library) {
  for (const int flags : {RTLD_LOCAL, RTLD_GLOBAL})
    BOOST_TEST(failure_in_child([flags]() -> std::string {
                 const lock_file file;
                 const library first(first_library, flags);
                 const library second(second_library, flags);
                 embedded_lock a(first, file.path);
                 embedded_lock b(second, file.other);
                 a.lock();
                 b.lock();
                 // Twice: a fork must leave the registry in order.
                 return failure_of_fork(a, second, file.path) +
                        failure_of_fork(b, first, file.other) +
                        failure_of_fork(a, second, file.path) +
                        failure_of_fork(b, first, file.other);
               }) == "");
}

BOOST_AUTO_TEST_CASE(the_death_of_an_owner_frees_the_locks_of_libraries) {
  const lock_file file;
  BOOST_TEST(failure_of_death(first_library, file.path) == "");
  BOOST_TEST(failure_of_death(second_library, file.path) == "");
}

BOOST_AUTO_TEST_CASE(a_child_of_a_program_with_two_libraries_locks_again) {
  BOOST_TEST(failure_in_child([]() -> std::string {
               const lock_file file;
               const library first(first_library);
               const library second(second_library);
               embedded_lock a(first, file.path);
               embedded_lock b(second, file.path);
               a.lock();
               b.close();
               return failure_in_child([&]() -> std::string {
                 embedded_lock c(second, file.other);
                 if (a.try_lock() || b.try_lock()) return "locked with parent";
                 if (!c.try_lock()) return "cannot lock";
                 if (!c.is_open()) return "not open";
                 return failure_of_fork(c, first, file.other);
               });
             }) == "");
}

BOOST_AUTO_TEST_CASE(unloading_one_library_leaves_the_locks_of_the_other) {
  for (const bool unload_first : {true, false})
    BOOST_TEST(failure_in_child([unload_first]() -> std::string {
                 const lock_file file;
                 library gone(unload_first ? first_library : second_library);
                 library kept(unload_first ? second_library : first_library);
                 embedded_lock held(kept, file.path);
                 held.lock();
                 {
                   embedded_lock used(gone, file.other);
                   used.lock();
                 }
                 gone.unload();
                 std::string failed = failure_of_fork(held, kept, file.path);
                 // A lock that is taken after that is known as well.
                 embedded_lock later(kept, file.other);
                 later.lock();
                 failed += failure_of_fork(later, kept, file.other);
                 return failed;
               }) == "");
}

BOOST_AUTO_TEST_CASE(unloading_one_library_in_the_order_of_loading) {
  BOOST_TEST(failure_in_child([]() -> std::string {
               const lock_file file;
               library first(first_library);
               library second(second_library);
               {
                 embedded_lock used(second, file.other);
                 used.lock();
               }
               second.unload();
               embedded_lock held(first, file.path);
               held.lock();
               return failure_of_fork(held, first, file.path);
             }) == "");
}

BOOST_AUTO_TEST_CASE(a_fork_after_all_libraries_are_unloaded_does_no_harm) {
  BOOST_TEST(failure_in_child([]() -> std::string {
               const lock_file file;
               library first(first_library);
               library second(second_library);
               {
                 embedded_lock a(first, file.path);
                 embedded_lock b(second, file.other);
                 a.lock();
                 b.lock();
               }
               first.unload();
               second.unload();
               if (!makes_symbols_unique &&
                   (first.is_loaded() || second.is_loaded()))
                 return "still loaded";
               return failure_in_child([] { return ""; });
             }) == "");
}

// The helper thread of such a wait runs the library's code, and may not have
// ended when the wait returns.
BOOST_AUTO_TEST_CASE(a_library_may_be_unloaded_right_after_a_queued_wait) {
  BOOST_TEST(failure_in_child([]() -> std::string {
               const lock_file file;
               const library other(first_library);
               embedded_lock holder(other, file.path);
               for (int i = 0; i != 20; ++i) {
                 library waiting(second_library);
                 holder.lock();
                 std::thread thread([&] {
                   // For the wait to begin before, in most rounds.
                   std::this_thread::sleep_for(std::chrono::milliseconds(3));
                   holder.unlock();
                 });
                 const bool is_held = waiting.wait_in_queue(file.path.c_str());
                 waiting.unload();
                 thread.join();
                 if (!is_held) return "not held";
               }
               return "";
             }) == "");
}

BOOST_AUTO_TEST_CASE(a_library_works_again_when_it_is_loaded_again) {
  BOOST_TEST(failure_in_child([]() -> std::string {
               const lock_file file;
               const library other(first_library);
               std::string failed;
               for (int i = 0; i != 3; ++i) {
                 const library again(second_library);
                 embedded_lock held(again, file.path);
                 held.lock();
                 failed += failure_of_fork(held, other, file.path);
               }
               return failed;
             }) == "");
}
