// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// With exceptions switched off, the forms with an error code all work, and the
// others call one handler, which the program may replace.

#include <filelock/filelock.hpp>

#include "support/skipped.hpp"
#include "support/temporary_folder.hpp"

#if FILELOCK_HAS_FORK
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#endif

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

#if FILELOCK_HAS_EXCEPTIONS
#error "this test is about a build without exceptions"
#endif

namespace {

using namespace std::chrono_literals;
using filelock::file_lock;
using std::filesystem::path;

int failures = 0;

void check(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "failed: %s\n", what);
  ++failures;
}

void error_code_forms_work(const path& file) {
  file_lock lock(file);
  file_lock other(file);
  std::error_code ec;

  lock.open(ec);
  check(!ec && lock.is_open(), "open(ec)");
  lock.lock(ec);
  check(!ec && lock.owns_lock(), "lock(ec)");
  check(!other.try_lock(ec) && !ec, "try_lock(ec) of a busy lock");
  check(!other.try_lock_for(1ms, ec) && !ec, "try_lock_for(ec)");
  check(!other.try_lock_until(std::chrono::system_clock::now(), ec) && !ec,
        "try_lock_until(ec)");
  check(!lock.try_lock_shared(ec) &&
            ec == std::errc::resource_deadlock_would_occur,
        "the other mode");
  lock.unlock(ec);
  check(!ec && !lock.owns_lock(), "unlock(ec)");

  lock.lock_shared(ec);
  check(!ec && lock.owns_lock_shared(), "lock_shared(ec)");
  check(other.try_lock_shared(ec) && !ec, "try_lock_shared(ec)");
  other.unlock_shared(ec);
  check(!ec, "unlock_shared(ec)");
  check(other.try_lock_shared_for(1ms, ec) && !ec, "try_lock_shared_for(ec)");
  other.close();
  check(other.try_lock_shared_until(std::chrono::steady_clock::now(), ec) &&
            !ec,
        "try_lock_shared_until(ec)");
  lock.close();
  other.close();

  const auto is_granted = [&ec](filelock::conversion result) {
    return !ec && (result == filelock::conversion::held_throughout ||
                   result == filelock::conversion::released_between);
  };
  lock.lock(ec);
  check(is_granted(lock.downgrade(ec)), "downgrade(ec)");
  check(other.try_lock_shared(ec), "the other mode, by name");
  check(!is_granted(lock.try_upgrade(ec)) && !ec, "try_upgrade(ec), refused");
  other.close();
  lock.close();
  check(!is_granted(lock.try_upgrade_for(1ms, ec)) &&
            ec == std::errc::operation_not_permitted,
        "try_upgrade_for(ec) of what is not held");
  lock.lock_shared(ec);
  check(
      is_granted(lock.try_upgrade_until(std::chrono::steady_clock::now(), ec)),
      "try_upgrade_until(ec)");
  lock.close();

#if FILELOCK_HAS_STOP_TOKEN
  std::stop_source source;
  source.request_stop();
  check(lock.lock(source.get_token(), ec) && !ec, "lock(token, ec)");
  check(!other.lock(source.get_token(), ec) && !ec,
        "a stopped lock(token, ec)");
  lock.close();
#endif

  file_lock unusable;
  unusable.lock(ec);
  check(ec == std::errc::invalid_argument, "an error of lock(ec)");
}

void forms_without_error_code_work(const path& file) {
  file_lock lock(file);
  file_lock other(file);
  lock.open();
  lock.lock();
  check(!other.try_lock(), "try_lock() of a busy lock");
  check(!other.try_lock_for(1ms), "try_lock_for() of a busy lock");
  check(lock.downgrade() != filelock::conversion::refused_released,
        "downgrade()");
  check(lock.try_upgrade() != filelock::conversion::refused_released,
        "try_upgrade()");
  lock.unlock();
  check(other.try_lock(), "try_lock() of a free lock");
}

void a_policy_that_gives_up_is_an_error(const path& file) {
  file_lock holder(file);
  filelock::basic_file_lock lock{
      file, filelock::limited(filelock::constant_backoff(1ms), 3)};
  std::error_code ec;
  holder.lock();
  lock.lock(ec);
  check(ec == std::errc::timed_out, "lock(ec) with a policy that gives up");
}

#if FILELOCK_HAS_FORK

/// What a handler was called with, told by the exit code of a child.
constexpr int called_as_expected = 42;
constexpr int called_otherwise = 43;

void ends_the_process(const char* what, const path& file,
                      std::error_code code) {
  const bool expected = std::string(what).find("filelock") == 0 &&
                        file == "/dev/null/file" &&
                        code == std::errc::not_a_directory;
  ::_exit(expected ? called_as_expected : called_otherwise);
}

void returns(const char*, const path&, std::error_code) {}

/// What became of a child.
struct ending {
  int status = -1;
  std::string printed; ///< on its standard error stream

  bool exited_with(int code) const {
    return WIFEXITED(status) && WEXITSTATUS(status) == code;
  }
  bool aborted() const {
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
  }
};

template <class Function>
ending end_of_child(Function function) {
  ending result;
  int ends[2];
  if (::pipe(ends) != 0) return result;
  std::fflush(nullptr);
  const pid_t child = ::fork();
  if (child == 0) {
    const rlimit no_core{0, 0};
    ::setrlimit(RLIMIT_CORE, &no_core);
    ::dup2(ends[1], STDERR_FILENO);
    ::close(ends[0]);
    ::close(ends[1]);
    function();
    ::_exit(0);
  }
  ::close(ends[1]);
  char buffer[512];
  for (;;) {
    const ssize_t size = ::read(ends[0], buffer, sizeof buffer);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) break;
    result.printed.append(buffer, static_cast<std::size_t>(size));
  }
  ::close(ends[0]);
  while (::waitpid(child, &result.status, 0) < 0 && errno == EINTR) {
  }
  return result;
}

void the_handler_is_called() {
  using filelock::set_error_handler;
  const auto fails = [](auto member) {
    return [member] {
      set_error_handler(&ends_the_process);
      file_lock lock("/dev/null/file"); // below what is no folder
      member(lock);
    };
  };
  const auto check_member = [&](const char* what, auto member) {
    check(end_of_child(fails(member)).exited_with(called_as_expected), what);
  };
  check_member("the handler of open()", [](file_lock& lock) { lock.open(); });
  check_member("the handler of lock()", [](file_lock& lock) { lock.lock(); });
  check_member("the handler of try_lock()",
               [](file_lock& lock) { (void)lock.try_lock(); });
  check_member("the handler of try_lock_for()",
               [](file_lock& lock) { (void)lock.try_lock_for(1h); });
  check_member("the handler of lock_shared()",
               [](file_lock& lock) { lock.lock_shared(); });
  check(end_of_child([] {
          set_error_handler(&ends_the_process);
          file_lock lock(filelock::adopt_handle, -1,
                         filelock::lock_mode::unlocked);
        }).exited_with(called_otherwise),
        "the handler of a constructor");
  check(end_of_child([] {
          set_error_handler(&returns);
          file_lock().lock();
        }).aborted(),
        "a handler that returns aborts");
}

void the_default_handler_prints_and_aborts() {
  const ending end = end_of_child([] { file_lock("/dev/null/file").lock(); });
  check(end.aborted(), "the default handler aborts");
  check(end.printed.find("filelock") != std::string::npos &&
            end.printed.find("/dev/null/file") != std::string::npos,
        "the default handler says what failed, and where");
  check(filelock::set_error_handler(&returns) == &filelock::print_error,
        "the default handler is known");
  check(filelock::set_error_handler(&filelock::print_error) == &returns,
        "the handler before is returned");
}

#else

void the_handler_is_called() {
  test::skipped("the handler of errors", "the test needs fork()");
}
void the_default_handler_prints_and_aborts() {}

#endif

} // namespace

int main() {
  const test::temporary_folder folder;
  error_code_forms_work(folder / "file");
  forms_without_error_code_work(folder / "file");
  a_policy_that_gives_up_is_an_error(folder / "file");
  the_handler_is_called();
  the_default_handler_prints_and_aborts();
  return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
