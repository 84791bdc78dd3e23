// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// LONG: 1800

// Random sequences of the members of several locks, against a small model.
// FILELOCK_LONG=1: 10 000 000 steps in place of 100 000. FILELOCK_SEED=N: with
// that seed, such as one of a failure.

#include <boost/test/unit_test.hpp>

#include <filelock/basic_file_lock.hpp>
#include <filelock/platform/native_traits.hpp>
#include <filelock/testing/simulation.hpp>

#include "support/temporary_folder.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <system_error>
#include <utility>

BOOST_AUTO_TEST_SUITE(lock_against_model)

namespace {

using filelock::basic_file_lock;
using filelock::conversion;
using filelock::lock_mode;

constexpr std::size_t objects = 5;
constexpr std::size_t files = 2;

/// What a lock should be.
struct model {
  std::size_t file = files; // none
  bool is_open = false;
  lock_mode mode = lock_mode::unlocked;
  std::uint64_t count = 0;

  bool holds() const { return mode != lock_mode::unlocked; }
  void let_go() {
    mode = lock_mode::unlocked;
    count = 0;
  }
};

enum class answer { yes, no, error };

template <class Platform>
class comparison {
public:
  using lock_type = basic_file_lock<Platform>;

  comparison(const std::filesystem::path& folder, std::uint64_t seed)
      : random_(seed) {
    for (std::size_t file = 0; file != files; ++file)
      paths_[file] = folder / std::to_string(file);
    for (std::size_t each = 0; each != objects; ++each)
      make(each, each % files);
  }

  /// \returns What went wrong; empty: nothing.
  std::string step() {
    const std::size_t one = pick(objects);
    const std::size_t other = pick(objects);
    lock_type& lock = locks_[one];
    model& expected = models_[one];
    std::error_code ec;
    switch (pick(14)) {
    case 0:
      return compare("try_lock", acquire(one, lock_mode::exclusive),
                     got(lock.try_lock(ec), ec));
    case 1:
      return compare("try_lock_shared", acquire(one, lock_mode::shared),
                     got(lock.try_lock_shared(ec), ec));
    case 2:
      return compare("try_lock_for", acquire(one, lock_mode::exclusive),
                     got(lock.try_lock_for(std::chrono::seconds(-1), ec), ec));
    case 3:
      if (is_excluded(one, lock_mode::exclusive)) return ""; // for ever
      lock.lock(ec);
      return compare("lock", acquire(one, lock_mode::exclusive), got(!ec, ec));
    case 4:
      if (is_excluded(one, lock_mode::shared)) return "";
      lock.lock_shared(ec);
      return compare("lock_shared", acquire(one, lock_mode::shared),
                     got(!ec, ec));
    case 5:
    case 6:
      lock.unlock(ec);
      if (expected.count > 1)
        --expected.count;
      else
        expected.let_go();
      return compare("unlock", answer::yes, got(true, ec));
    case 7:
      lock.open(ec);
      if (expected.file != files) expected.is_open = true;
      return compare("open",
                     expected.file != files ? answer::yes : answer::error,
                     got(true, ec));
    case 8:
      lock.close();
      expected.is_open = false;
      expected.let_go();
      return compare("close", answer::yes, answer::yes);
    case 9:
      Platform::close(lock.release());
      expected.is_open = false;
      expected.let_go();
      return compare("release", answer::yes, answer::yes);
    case 10:
      return converted("try_upgrade", one, lock_mode::exclusive,
                       lock.try_upgrade(ec), ec);
    case 11:
      return converted("downgrade", one, lock_mode::shared, lock.downgrade(ec),
                       ec);
    case 12:
      lock.swap(locks_[other]);
      if (one != other) std::swap(expected, models_[other]);
      return compare("swap", answer::yes, answer::yes);
    default:
      if (one == other) {
        make(one, pick(files));
      } else {
        lock = std::move(locks_[other]);
        expected = std::exchange(models_[other], model());
      }
      return compare("move", answer::yes, answer::yes);
    }
  }

private:
  void make(std::size_t number, std::size_t file) {
    locks_[number] = lock_type(paths_[file]);
    models_[number] = model();
    models_[number].file = file;
  }

  std::size_t pick(std::size_t below) {
    return static_cast<std::size_t>(random_() % below);
  }

  static answer got(bool is_yes, const std::error_code& ec) {
    return ec ? answer::error : is_yes ? answer::yes : answer::no;
  }

  /// \returns Whether another lock excludes this one.
  bool is_excluded(std::size_t asking, lock_mode mode) const {
    const model& of = models_[asking];
    for (std::size_t each = 0; each != objects; ++each)
      if (each != asking && models_[each].file == of.file &&
          models_[each].holds() &&
          (mode == lock_mode::exclusive ||
           models_[each].mode == lock_mode::exclusive))
        return true;
    return false;
  }

  answer acquire(std::size_t asking, lock_mode mode) {
    model& of = models_[asking];
    if (of.file == files) return answer::error;
    if (of.holds() && of.mode != mode) return answer::error;
    if (!of.holds() && is_excluded(asking, mode)) return answer::no;
    of.is_open = true;
    of.mode = mode;
    ++of.count;
    return answer::yes;
  }

  std::string converted(const char* call, std::size_t asking, lock_mode to,
                        conversion result, const std::error_code& ec) {
    model& of = models_[asking];
    if (of.mode == to) {
      return compare(call, answer::yes,
                     got(result == conversion::held_throughout, ec));
    }
    if (!of.holds() || of.count > 1)
      return compare(call, answer::error, got(true, ec));
    if (!is_excluded(asking, to)) {
      of.mode = to;
      return compare(call, answer::yes,
                     got(result == conversion::held_throughout ||
                             result == conversion::released_between,
                         ec));
    }
    const conversion refused = Platform::atomic_conversion
                                   ? conversion::refused_still_shared
                                   : conversion::refused_released;
    if (!Platform::atomic_conversion) of.let_go();
    return compare(call, answer::yes, got(result == refused, ec));
  }

  std::string compare(const char* call, answer expected, answer found) const {
    if (expected != found)
      return std::string(call) + ": expected " +
             std::to_string(static_cast<int>(expected)) + ", got " +
             std::to_string(static_cast<int>(found));
    for (std::size_t each = 0; each != objects; ++each) {
      const lock_type& lock = locks_[each];
      const model& of = models_[each];
      if (lock.owns_lock() != (of.mode == lock_mode::exclusive) ||
          lock.owns_lock_shared() != (of.mode == lock_mode::shared) ||
          lock.is_open() != of.is_open ||
          // Windows adds its drive.
          lock.path().filename() !=
              (of.file == files ? "" : paths_[of.file].filename()))
        return std::string(call) + ": the state of object " +
               std::to_string(each) + " differs";
    }
    return "";
  }

  std::mt19937_64 random_;
  std::array<std::filesystem::path, files> paths_;
  std::array<lock_type, objects> locks_;
  std::array<model, objects> models_;
};

template <class Platform>
void check_against_model(const std::filesystem::path& folder, long part) {
  const char* const wanted = std::getenv("FILELOCK_SEED");
  const std::uint64_t seed =
      wanted ? std::stoull(wanted) : std::random_device()();
  const long steps =
      (std::getenv("FILELOCK_LONG") ? 10'000'000 : 100'000) / part;
  comparison<Platform> both(folder, seed);
  std::string wrong;
  long step = 0;
  for (; step != steps && wrong.empty(); ++step)
    wrong = both.step();
  BOOST_TEST(wrong.empty(),
             "step " << step << " of FILELOCK_SEED=" << seed << ": " << wrong);
  BOOST_TEST_MESSAGE(steps << " steps, FILELOCK_SEED=" << seed);
}

BOOST_AUTO_TEST_CASE(locks_of_a_simulation_are_as_the_model) {
  const filelock::simulation world;
  check_against_model<filelock::simulated_traits>("/folder", 1);
}

BOOST_AUTO_TEST_CASE(locks_that_convert_atomically_are_as_the_model) {
  const filelock::simulation world;
  check_against_model<filelock::atomic_simulated_traits>("/folder", 2);
}

BOOST_AUTO_TEST_CASE(locks_of_this_system_are_as_the_model) {
  const test::temporary_folder folder;
  check_against_model<filelock::native_traits>(folder.path(), 5);
}

} // namespace

BOOST_AUTO_TEST_SUITE_END()
