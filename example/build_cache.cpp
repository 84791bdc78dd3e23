// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A cache of build results that processes share. Each result is built once.
// A process that has to wait for another one says so after a second.

#include "support/example.hpp"

// tag::cache[]
#include <filelock/filelock.hpp>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <system_error>
#include <utility>

class build_cache {
public:
  using message = std::function<void(const filelock::wait_state&)>;

  explicit build_cache(
      std::filesystem::path folder, message tell = filelock::print_wait_message,
      std::chrono::milliseconds after = std::chrono::seconds(1))
      : folder_(std::move(folder)),
        policy_(filelock::default_backoff(), after, std::move(tell)) {}

  /// \returns The result of `build()`, which is called if no process has built
  /// `key` yet.
  template <class Build>
  std::string get(const std::string& key, Build build) {
    const std::filesystem::path file = folder_ / key;
    filelock::basic_file_lock lock{folder_ / (key + ".lock"), policy_};
    { // readers hold it together
      const std::shared_lock reading(lock);
      if (std::filesystem::exists(file)) return read(file);
    }
    const std::lock_guard building(lock); // but a writer holds it alone
    if (std::filesystem::exists(file)) return read(file); // built meanwhile
    std::string result = build();
    const std::filesystem::path next = folder_ / (key + ".new");
    if (std::ofstream(next, std::ios::binary) << result << std::flush)
      std::filesystem::rename(next, file); // whole; not at all on a full disk
    return result;
  }

private:
  static std::string read(const std::filesystem::path& file) {
    std::string text(std::filesystem::file_size(file), '\0'); // it is locked
    std::ifstream stream(file, std::ios::binary);
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!stream) // an error is not an empty result
      throw std::filesystem::filesystem_error(
          "read", file, std::make_error_code(std::errc::io_error));
    return text;
  }

  std::filesystem::path folder_;
  filelock::notified<filelock::default_backoff, message> policy_;
};
// end::cache[]

#ifndef _WIN32
#include "support/child.hpp"
#endif

#include <atomic>
#include <thread>
#include <vector>

namespace {

using example::check;

void builds_once(const std::filesystem::path& folder) {
  std::atomic<int> builds{0};
  std::vector<std::thread> threads; // with a cache each, as processes have
  for (int i = 0; i != 4; ++i)
    threads.emplace_back([&] {
      build_cache cache{folder};
      for (const char* key : {"lexer.o", "parser.o", "lexer.o"})
        cache.get(key, [&] {
          std::this_thread::sleep_for(std::chrono::milliseconds(2));
          return std::to_string(++builds);
        });
    });
  for (std::thread& each : threads)
    each.join();
  check(builds == 2, "each result is built once");
}

void says_that_it_waits(const std::filesystem::path& folder) {
  filelock::file_lock other{folder / "slow.o.lock"}; // looks for it, too
  other.lock_shared();
  std::string said;
  build_cache cache{folder,
                    [&](const filelock::wait_state& wait) {
                      said = filelock::wait_message(wait);
                      std::ofstream(folder / "slow.o") << "its result";
                      other.unlock();
                    },
                    std::chrono::milliseconds(20)};
  const std::string got = cache.get("slow.o", [] { return "not built here"; });
  check(got == "its result", "the other one has built it");
  check(said.find("waiting for ") == 0 && said.find("slow.o.lock") != said.npos,
        "it said what it waited for");
}

bool is_error(build_cache& cache, const std::string& key) {
  try {
    cache.get(key, [] { return "built"; });
    return false;
  } catch (const std::filesystem::filesystem_error&) {
    return true;
  }
}

void an_empty_result_is_one(const std::filesystem::path& folder) {
  build_cache cache{folder};
  check(cache.get("empty.o", [] { return ""; }).empty(), "an empty result");
  check(cache.get("empty.o", [] { return "built"; }).empty(), "it is kept");
  std::filesystem::create_directory(folder / "folder.o");
  check(is_error(cache, "folder.o"), "a folder is no empty result");
}

#ifndef _WIN32
void an_unreadable_result_is_an_error() {
  build_cache cache{"."};
  check(!is_error(cache, "main.o"), "it is built");
  std::filesystem::permissions("main.o", std::filesystem::perms::owner_write);
  check(is_error(cache, "main.o"), "its user may not read it any more");
}
#endif

void use(const example::temporary_folder& folder) {
  const std::filesystem::path cache = folder / "cache";
  std::filesystem::create_directory(cache);
  builds_once(cache);
  says_that_it_waits(cache);
  an_empty_result_is_one(cache);
#ifndef _WIN32
  example::run_as_user(folder / "user", an_unreadable_result_is_an_error);
#endif
}

} // namespace

int main() { return example::run(use); }
