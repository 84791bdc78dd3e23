// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: glibc: system calls that fail, by the symbols of glibc
// LABELS: process
// LONG: 1800
// ALONE

// Each system call that the library makes fails once, at its first, second and
// third time, with each error that its manual page names, in each operation of
// each platform. Then there is a clear error, or a correct result; nothing is
// held that the lock does not say, and nothing is leaked.
//
// FILELOCK_LONG=1: with all errors, in place of one of them in turn and EAGAIN.
// FILELOCK_FAILING_CALLS=FILE: writes what came out, as a table of the manual.

#define BOOST_TEST_MODULE failing_calls
#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>
#include <filelock/platform/counted.hpp>
#include <filelock/platform/fifo.hpp>
#include <filelock/platform/marked.hpp>
#include <filelock/platform/polled.hpp>
#include <filelock/platform/posix_robust_traits.hpp>
#include <filelock/platform/queued.hpp>

#include "support/child_process.hpp"
#include "support/descriptors.hpp"
#include "support/posix_models.hpp"
#include "support/sanitizer.hpp"
#include "support/scripted_platform.hpp"
#include "support/skipped.hpp"
#include "support/temporary_folder.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <system_error>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#if FILELOCK_TEST_HAS_SANITIZER

BOOST_AUTO_TEST_CASE(a_failed_call_is_told_or_made_good) {
  test::skipped("system calls that fail", "they are the sanitizer's");
}

#else

#include "support/failing_calls.hpp"

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using filelock::basic_file_lock;
using filelock::open_options;
using test::call_script;
using test::child_process;
using test::line_channel;
using test::outcome;
using test::system_call;

// ---- The platforms ----

using test::is_robust;
using test::world;

/// A process has the lock, and not a descriptor: the other one that tries must
/// be another process.
template <class World>
inline constexpr bool is_of_process =
    std::is_same_v<typename World::lock::platform_type,
                   filelock::posix_fcntl_traits>;

template <class P>
using counted = filelock::counted<P, filelock::token_survives::process_death>;
template <class P>
using synced = filelock::counted<P, filelock::token_survives::power_loss>;

using flock_traits = filelock::posix_flock_traits;
using platforms = std::tuple<
    world<flock_traits>, world<flock_traits, true>,
    world<filelock::posix_ofd_traits>, world<filelock::posix_ofd_traits, true>,
    world<filelock::posix_fcntl_traits>, world<filelock::polled<flock_traits>>,
    world<filelock::queued<flock_traits>>,
    world<filelock::queued<flock_traits>, true>,
    world<filelock::queued<filelock::posix_ofd_traits>>,
    world<filelock::marked<flock_traits>>,
    world<filelock::fifo<filelock::posix_ofd_traits>>,
    world<counted<flock_traits>>, world<synced<flock_traits>>,
    world<filelock::posix_robust_traits>>;

// ---- The operations ----

template <class Lock>
struct operation {
  const char* name;
  std::string before; ///< the state in which it begins
  std::string after;  ///< the state that it leaves where nothing fails
  bool is_contended;  ///< somebody else has the lock, and keeps it
  std::function<outcome(Lock&)> call;
};

/// \returns Whether a conversion came to its end.
bool is_held(filelock::conversion result, const std::error_code& ec) {
  return !ec && (result == filelock::conversion::held_throughout ||
                 result == filelock::conversion::released_between);
}

template <class Lock>
std::vector<operation<Lock>> operations() {
  using code = std::error_code;
  using test::coded;
  using traits = typename Lock::platform_type;
  constexpr bool is_shared = filelock::detail::has_shared_locks_v<traits>;
  constexpr bool converts = filelock::detail::has_convert_v<traits>;
  std::vector<operation<Lock>> result = {
      {"open", "closed", "unlocked", false,
       [](Lock& l) {
         return coded([&](code& ec) { return l.open(ec), !ec; });
       }},
      {"try_lock", "closed", "exclusive", false,
       [](Lock& l) { return coded([&](code& ec) { return l.try_lock(ec); }); }},
      {"lock", "closed", "exclusive", false,
       [](Lock& l) {
         return coded([&](code& ec) { return l.lock(ec), !ec; });
       }},
      {"lock", "unlocked", "exclusive", false,
       [](Lock& l) {
         return coded([&](code& ec) { return l.lock(ec), !ec; });
       }},
      {"try_lock_for", "unlocked", "exclusive", true,
       [](Lock& l) {
         return coded([&](code& ec) { return l.try_lock_for(2ms, ec); });
       }},
      {"unlock", "exclusive", "unlocked", false,
       [](Lock& l) {
         return coded([&](code& ec) { return l.unlock(ec), !ec; });
       }},
      {"close", "exclusive", "closed", false,
       [](Lock& l) { return l.close(), outcome{true}; }},
  };
  if constexpr (is_shared) {
    result.push_back({"lock_shared", "closed", "shared", false, [](Lock& l) {
                        return coded(
                            [&](code& ec) { return l.lock_shared(ec), !ec; });
                      }});
    result.push_back(
        {"unlock_shared", "shared", "unlocked", false, [](Lock& l) {
           return coded([&](code& ec) { return l.unlock_shared(ec), !ec; });
         }});
  }
  if constexpr (converts) {
    result.push_back({"try_upgrade", "shared", "exclusive", false, [](Lock& l) {
                        return coded([&](code& ec) {
                          return is_held(l.try_upgrade(ec), ec);
                        });
                      }});
    result.push_back(
        {"downgrade", "exclusive", "shared", false, [](Lock& l) {
           return coded([&](code& ec) { return is_held(l.downgrade(ec), ec); });
         }});
  }
  return result;
}

// ---- One failure ----

/// \returns Whether `ec` may be told of a call that failed with `error`.
bool may_tell(const std::error_code& ec, bool needs_proc, system_call call,
              int error) {
  using filelock::detail::posix_error;
  using filelock::detail::posix_open_error;
  using errc = std::errc;
  switch (call) {
  case system_call::open:
    // A robust lock needs /proc to know the boot.
    return ec == posix_open_error(error) || ec == posix_error(error) ||
           (needs_proc && ec == errc::not_supported);
  case system_call::mmap: // of a table of descriptors, for any reason
    return ec == posix_error(error) || ec == errc::not_enough_memory ||
           (error == EAGAIN && ec == errc::no_lock_available);
  case system_call::init_mutex:
    return ec == posix_error(error == EAGAIN ? ENOLCK : error);
  default:
    return ec == posix_error(error);
  }
}

/// \returns Whether `error` says that another owner has the lock.
bool is_busy(system_call call, int error) {
  return (call == system_call::flock && error == EWOULDBLOCK) ||
         (call == system_call::fcntl && (error == EAGAIN || error == EACCES)) ||
         (call == system_call::try_mutex && error == EBUSY) ||
         // A lease on the file is being called back: fcntl(2).
         (call == system_call::open && error == EWOULDBLOCK);
}

template <class World>
class trial {
public:
  using lock = typename World::lock;

  trial(const fs::path& path, const operation<lock>& what)
      : path_(path), what_(what) {
    options_.remove_on_release = World::removes;
  }

  /// \returns How often the operation makes each call, at its first time in a
  /// process.
  std::vector<int> calls() const {
    std::vector<int> times(test::call_count);
    child_process child =
        child_process::forked([&](line_channel& parent) -> std::string {
          scene at(*this);
          call_script::count();
          what_.call(at.own);
          call_script::end();
          std::string counts;
          for (std::size_t each = 0; each != test::call_count; ++each)
            counts += std::to_string(
                          call_script::calls(static_cast<system_call>(each))) +
                      " ";
          parent.write_line(counts);
          return "";
        });
    std::istringstream counts(child.read_line());
    for (int& each : times)
      counts >> each;
    BOOST_TEST(child.failure() == "");
    fs::remove_all(path_.parent_path());
    return times;
  }

  /// What came of one failure.
  struct result {
    std::string told;
    std::string wrong;
  };

  result fail(system_call call, int nth, int error) const {
    child_process child =
        child_process::forked([&](line_channel& parent) -> std::string {
          ::alarm(20); // whatever waits for ever
          std::string told;
          std::string wrong;
          const int descriptors = test::count_descriptors();
          {
            scene at(*this);
            call_script::fail(call, nth, error);
            const outcome came = what_.call(at.own);
            if (!call_script::end() && !what_.is_contended)
              wrong += "not called; ";
            told = came.error      ? came.error.message()
                   : came.acquired ? "done"
                                   : "busy";
            wrong += wrong_outcome(came, call, error);
            wrong += wrong_state(came, at);
            wrong += wrong_afterwards(at);
          }
          if (test::count_descriptors() != descriptors) wrong += "leaks; ";
          if (is_mapped()) wrong += "stays mapped; ";
          if (!other_gets_it(path_)) wrong += "stays held; ";
          parent.write_line(told);
          return wrong;
        });
    result came;
    came.told = child.read_line();
    came.wrong = child.failure();
    fs::remove_all(path_.parent_path());
    return came;
  }

private:
  /// The lock in the state in which the operation begins.
  struct scene {
    explicit scene(const trial& of)
        : own(of.path_, of.options_), other(of.path_, of.options_) {
      fs::create_directory(of.path_.parent_path());
      const std::string& before = of.what_.before;
      if (before == "unlocked") own.open();
      if (before == "exclusive") own.lock();
      if constexpr (filelock::detail::has_shared_locks_v<
                        typename lock::platform_type>)
        if (before == "shared") own.lock_shared();
      if (of.what_.is_contended) other.lock();
    }

    lock own;
    lock other;
  };

  std::string wrong_outcome(const outcome& came, system_call call,
                            int error) const {
    if (came.error && came.acquired) return "acquired with an error; ";
    if (came.error)
      return may_tell(came.error, is_robust<World>, call, error)
                 ? ""
                 : "another error: " + came.error.message() + "; ";
    if (came.acquired)
      return what_.is_contended ? "acquired what another owner holds; " : "";
    // flock(2): others may get the lock between the two modes.
    const bool may_be_refused = std::strncmp(what_.name, "try_", 4) == 0 ||
                                std::strcmp(what_.name, "downgrade") == 0;
    return what_.is_contended || (may_be_refused && is_busy(call, error))
               ? ""
               : "busy, though nobody has it; ";
  }

  std::string wrong_state(const outcome& came, const scene& at) const {
    const std::string state = test::state_of(at.own);
    if (came.acquired)
      return state == what_.after ? "" : "done, but " + state + "; ";
    // What fails changes nothing, or leaves nothing held.
    const bool is_well = state == what_.before || state == "closed" ||
                         (state == "unlocked" && what_.before != "closed");
    return is_well ? "" : "failed, and is " + state + "; ";
  }

  /// \returns How others see another lock than it says, and how it is of no use
  /// afterwards.
  std::string wrong_afterwards(scene& at) const {
    const std::string state = test::state_of(at.own);
    const bool is_free = state == "closed" || state == "unlocked";
    if (what_.is_contended) {
      if (other_gets_it(path_)) return "nobody holds it; ";
      at.other.unlock();
    }
    if (other_gets_it(path_) != is_free)
      return is_free ? "another owner does not get it; "
                     : "another owner gets it too; ";
    std::error_code ec;
    if (is_free && !at.own.try_lock(ec))
      return "of no use afterwards: " + ec.message() + "; ";
    return "";
  }

  bool other_gets_it(const fs::path& path) const {
    const auto tries = [&] {
      std::error_code ec;
      lock other(path, options_);
      return other.try_lock(ec);
    };
    if constexpr (is_of_process<World>)
      return test::failure_in_child([&]() -> std::string {
               return tries() ? "" : "not locked";
             }) == "";
    else
      return tries();
  }

  bool is_mapped() const {
    std::ifstream maps("/proc/self/maps");
    std::string line;
    while (std::getline(maps, line))
      if (line.find(path_.string()) != std::string::npos) return true;
    return false;
  }

  fs::path path_;
  const operation<lock>& what_;
  open_options options_;
};

// ---- All of them ----

/// What the operations said of each error of each call, for the table.
std::map<std::pair<std::size_t, int>,
         std::map<std::string, std::set<std::string>>>
    told;
std::size_t failures = 0;

/// \returns Those of a call that are tried this time: all, or the next one and
/// EAGAIN, which could be taken for another owner.
std::vector<int> errors_of(std::size_t call) {
  static std::size_t turn = 0;
  const std::vector<int>& all = test::all_calls()[call].errors;
  if (std::getenv("FILELOCK_LONG")) return all;
  std::vector<int> result{all[++turn % all.size()]};
  if (result[0] != EAGAIN && std::count(all.begin(), all.end(), EAGAIN) != 0)
    result.push_back(EAGAIN);
  return result;
}

/// Writes the table at the end.
struct table_writer {
  ~table_writer() {
    std::printf("%zu failures\n", failures);
    const char* const to = std::getenv("FILELOCK_FAILING_CALLS");
    if (!to) return;
    std::ofstream table(to);
    table << "<!-- Copyright 2026 The filelock authors\n"
             "Distributed under the Boost Software License, Version 1.0.\n"
             "(See accompanying file LICENSE_1_0.txt or copy at\n"
             "https://www.boost.org/LICENSE_1_0.txt)\n\n"
             "Written by FILELOCK_LONG=1 FILELOCK_FAILING_CALLS=FILE "
             "posix.failing_calls -->\n\n"
             "| Call | Error | What came of it |\n| --- | --- | --- |\n";
    for (const auto& [failure, outcomes] : told) {
      table << "| `" << test::all_calls()[failure.first].name << "` | `"
            << ::strerrorname_np(failure.second) << "` | ";
      const char* separator = "";
      for (const auto& [outcome, operations] : outcomes) {
        table << separator << outcome << ": ";
        separator = ";<br>";
        const char* comma = "";
        for (const auto& each : operations) {
          table << comma << '`' << each << '`';
          comma = ", ";
        }
      }
      table << " |\n";
    }
    table << "\nThese were " << failures << " failures.\n";
  }
};

} // namespace

BOOST_TEST_GLOBAL_FIXTURE(table_writer);

BOOST_AUTO_TEST_CASE_TEMPLATE(a_failed_call_is_told_or_made_good, World,
                              platforms) {
  using trial_type = trial<World>;
  const test::temporary_folder folder;
  const fs::path path = folder / "of/a.lock";
  constexpr int most_times = 3;
  for (const auto& what : operations<typename World::lock>()) {
    if (is_of_process<World> && what.is_contended) continue; // posix_ofd has it
    const trial_type one(path, what);
    const std::vector<int> calls = one.calls();
    for (std::size_t each = 0; each != test::call_count; ++each)
      for (int nth = 1; nth <= (std::min)(calls[each], most_times); ++nth)
        for (const int error : errors_of(each)) {
          const auto came =
              one.fail(static_cast<system_call>(each), nth, error);
          BOOST_TEST_CONTEXT(what.name << " of what is " << what.before << ", "
                                       << test::all_calls()[each].name << ' '
                                       << nth << ": " << std::strerror(error)
                                       << ", told: " << came.told)
          BOOST_TEST(came.wrong == "");
          told[{each, error}][came.told].insert(what.name);
          ++failures;
        }
  }
}

#endif
