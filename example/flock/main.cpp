// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// flock(1): locks a file while a command runs. As util-linux's, with some more.

#include "command.hpp"
#include "locking.hpp"
#include "messages.hpp"
#include "options.hpp"
#include "system.hpp"
#include "usage.hpp"

#include <filelock/file_lock.hpp>
#include <filelock/platform/marked.hpp>
#if FLOCK_HAS_RECORD_LOCKS
#include <filelock/platform/fifo.hpp>
#include <filelock/platform/posix_ofd_traits.hpp>
#include <filelock/platform/queued.hpp>
#endif

#include <cstdio>
#include <exception>
#include <new>

namespace {

using namespace flock_program;

// Their timed waits stand in the queue of the kernel too.
using plain = filelock::queued_file_lock::platform_type;
#if FLOCK_HAS_RECORD_LOCKS
using record = filelock::queued<filelock::posix_ofd_traits>;
using in_order = filelock::fifo<record>;
#endif

template <class Platform>
int lock_and_run(const options& given) {
  command_lock<Platform> lock(given);
  lock.acquire();
  if (lock.has_dead_owner() && !given.repair) {
    lock.hand_over(); // not released in order: the next one sees the death too
    throw failure(exit_owner_died,
                  lock.name() + ": the last owner died with the lock");
  }
  const bool is_repair = lock.has_dead_owner();
  const auto handle = lock.hand_over();
  if (given.command.empty()) return exit_ok;
  if (given.verbose) tell("executing " + given.command.front());
  const command_end end = run_command(given, handle);
  if (end.is_orderly && (!is_repair || end.code == exit_ok)) lock.finish();
  return end.code;
}

template <class Platform>
int lock_with(const options& given) {
  return given.robust_owner ? lock_and_run<filelock::marked<Platform>>(given)
                            : lock_and_run<Platform>(given);
}

int run(const options& given) {
  if (given.asks_for_help) {
    print_usage();
    return exit_ok;
  }
  if (given.asks_for_version) {
    print_version();
    return exit_ok;
  }
#if FLOCK_HAS_RECORD_LOCKS
  if (given.fifo) return lock_with<in_order>(given);
  if (given.record_lock) return lock_with<record>(given);
#endif
  return lock_with<plain>(given);
}

int run(int argc, char** argv) {
  try {
    return run(parse_options(argc, argv));
  } catch (const unknown_usage& error) {
    warn(error.what());
    std::fprintf(stderr, "Try '%s --help' for more information.\n",
                 program_name().c_str());
    return error.code();
  } catch (const failure& error) {
    if (*error.what()) warn(error.what());
    return error.code();
  } catch (const std::bad_alloc& error) {
    warn(error.what());
    return exit_os_error;
  } catch (const std::exception& error) {
    warn(error.what());
    return exit_data_error;
  }
}

} // namespace

int main(int argc, char** argv) {
  if (argc > 0) set_program_name(argv[0]);
  const int code = run(argc, argv);
  if (flush_output()) return code;
  warn("write error: " + words_of(write_error()));
  return code == exit_ok ? int(exit_failure) : code;
}
