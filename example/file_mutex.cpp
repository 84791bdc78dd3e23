// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Threads that share one file_mutex, which excludes other processes too.

#include "support/example.hpp"

#include <filelock/file_lock.hpp>
#include <filelock/file_mutex.hpp>

#include <chrono>
#include <filesystem>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace std::chrono_literals;
using example::check;

// tag::cache[]
class cache {
public:
  explicit cache(const std::filesystem::path& path) : mutex_(path) {}

  std::string find(const std::string& key) {
    const std::shared_lock guard{mutex_}; // beside other readers
    const auto found = values_.find(key);
    return found == values_.end() ? "" : found->second;
  }

  bool store(const std::string& key, const std::string& value) {
    const std::unique_lock guard{mutex_, 5s}; // for threads and for the file
    if (!guard) return false;
    values_[key] = value;
    return true;
  }

private:
  filelock::file_mutex mutex_; // one, for all threads of this process
  std::map<std::string, std::string> values_;
};
// end::cache[]

void use(const example::temporary_folder& folder) {
  const std::filesystem::path path = folder / "cache.lock";
  cache shared(path);
  std::vector<std::thread> threads;
  for (int i = 0; i != 4; ++i)
    threads.emplace_back([&shared, i] {
      for (int k = 0; k != 50; ++k) {
        check(shared.store(std::to_string(i), std::to_string(k)), "stored");
        check(shared.find(std::to_string(i)) == std::to_string(k),
              "a thread finds what it has stored");
      }
    });
  for (std::thread& each : threads)
    each.join();

  filelock::file_mutex mutex{path};
  filelock::file_lock lock{path}; // as in another process
  std::shared_lock first{mutex};
  check(lock.try_lock_shared(), "other readers of the file share");
  lock.unlock();
  check(!lock.try_lock(), "a writer is excluded, of the file or a thread");
  std::thread([&] { check(!mutex.try_lock(), "a writer"); }).join();
  first.unlock();
  check(lock.try_lock(), "the last reader has given the file back");
}

} // namespace

int main() { return example::run(use); }
