// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// How a program that locks files is tested against what may go wrong.

#include "support/example.hpp"

#include <filelock/file_lock.hpp>
#include <filelock/platform/native_traits.hpp>
#include <filelock/testing/faulty.hpp>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>
#include <utility>

namespace {

using namespace std::chrono_literals;
using example::check;

// tag::program[]
enum class result { saved, in_use, failed };

/// A file of settings that several programs save. The Platform is a parameter
/// for the tests' sake.
template <class Platform = filelock::native_traits>
class settings {
public:
  explicit settings(std::filesystem::path path)
      : lock_(path.string() + ".lock"), path_(std::move(path)) {}

  result save(const std::string& text) {
    std::error_code ec;
    if (!lock_.try_lock_for(50ms, ec))
      return ec ? result::failed : result::in_use;
    std::ofstream(path_) << text;
    lock_.unlock(ec);
    return ec ? result::failed : result::saved;
  }

private:
  filelock::basic_file_lock<Platform> lock_;
  std::filesystem::path path_;
};
// end::program[]

using faulty_settings = settings<filelock::faulty<filelock::native_traits>>;

// tag::error[]
void a_server_without_locks_is_a_failure(const std::filesystem::path& path) {
  filelock::fault_script script;
  script.fail(filelock::platform_call::try_lock, std::errc::no_lock_available);
  const filelock::fault_scope scope(script); // for this thread, to the end

  check(faulty_settings(path).save("colour=red") == result::failed, "reported");
  check(!std::filesystem::exists(path), "nothing was written");
  check(script.is_exhausted(), "what was asked for has happened");
}
// end::error[]

// tag::busy[]
void a_busy_attempt_is_waited_for(const std::filesystem::path& path) {
  using filelock::platform_call;
  filelock::fault_script script;
  script.busy(platform_call::try_lock, filelock::nth_call(1));
  script.delay(platform_call::try_lock, 1ms, filelock::nth_call(2));
  script.fail(platform_call::unlock, std::errc::interrupted); // a signal
  const filelock::fault_scope scope(script);

  check(faulty_settings(path).save("colour=red") == result::saved,
        "in the end");
  check(script.count(platform_call::try_lock) == 2, "the second attempt");
  check(script.count(platform_call::unlock) == 2, "the signal did no harm");
  check(script.is_exhausted(), "what was asked for has happened");
}
// end::busy[]

// tag::always[]
void who_is_kept_out_writes_nothing(const std::filesystem::path& path) {
  filelock::fault_script script;
  script.busy(filelock::platform_call::try_lock, filelock::every_call());
  const filelock::fault_scope scope(script);

  check(faulty_settings(path).save("colour=blue") == result::in_use, "in use");
  check(!std::filesystem::exists(path), "nothing was written");
}
// end::always[]

void use(const example::temporary_folder& folder) {
  a_server_without_locks_is_a_failure(folder / "first");
  a_busy_attempt_is_waited_for(folder / "second");
  who_is_kept_out_writes_nothing(folder / "third");
  check(settings<>(folder / "fourth").save("") == result::saved, "as shipped");
}

} // namespace

int main() { return example::run(use); }
