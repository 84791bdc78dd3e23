// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Several locks in one process, and a small model of each. Whoever chooses the
// steps, random numbers or a fuzzer, finds where the two differ.

#ifndef FILELOCK_TEST_SUPPORT_LOCK_MODEL_HPP
#define FILELOCK_TEST_SUPPORT_LOCK_MODEL_HPP

#include <filelock/basic_file_lock.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

namespace test {

/// What a lock should be.
struct lock_model {
  static constexpr std::size_t no_file = 2;

  std::size_t file = no_file;
  bool has_path = false; // one that adopted its handle has none
  bool is_open = false;
  filelock::lock_mode mode = filelock::lock_mode::unlocked;
  std::uint64_t count = 0;

  bool holds() const { return mode != filelock::lock_mode::unlocked; }
  void let_go() {
    mode = filelock::lock_mode::unlocked;
    count = 0;
  }
};

/// Choices are called with a number, and return a smaller one.
template <class Platform, class Choices>
class locks_and_models {
public:
  using lock_type = filelock::basic_file_lock<Platform>;

  locks_and_models(const std::filesystem::path& folder, Choices choices)
      : choices_(std::move(choices)) {
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
    lock_model& expected = models_[one];
    std::error_code ec;
    switch (pick(20)) {
    case 0:
      return compare("try_lock", acquire(one, lock_mode::exclusive),
                     got(lock.try_lock(ec), ec));
    case 1:
      return compare("try_lock_shared", acquire(one, lock_mode::shared),
                     got(lock.try_lock_shared(ec), ec));
    case 2:
      return compare("try_lock_for", acquire(one, lock_mode::exclusive),
                     got(lock.try_lock_for(past, ec), ec));
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
      if (expected.has_path) expected.is_open = true;
      return compare("open", expected.is_open ? answer::yes : answer::error,
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
      return compare("try_lock_shared_for", acquire(one, lock_mode::shared),
                     got(lock.try_lock_shared_for(past, ec), ec));
    case 13:
      return compare("try_lock_until", acquire(one, lock_mode::exclusive),
                     got(lock.try_lock_until(lock_type::clock::now(), ec), ec));
    case 14:
      return converted("try_upgrade_for", one, lock_mode::exclusive,
                       lock.try_upgrade_for(past, ec), ec);
    case 15:
      // Nobody removes the files.
      return compare("still_valid", expected.holds() ? answer::yes : answer::no,
                     got(lock.still_valid(), ec));
    case 16:
      if (!lock.is_open() || one == other) return "";
      adopt(one, other);
      return compare("adoption", answer::yes, answer::yes);
    case 17: {
      lock_type moved(std::move(lock));
      lock = std::move(moved);
      return compare("move construction", answer::yes, answer::yes);
    }
    case 18:
      lock.swap(locks_[other]);
      if (one != other) std::swap(expected, models_[other]);
      return compare("swap", answer::yes, answer::yes);
    default:
      if (one == other) {
        make(one, pick(files));
      } else {
        lock = std::move(locks_[other]);
        expected = std::exchange(models_[other], lock_model());
      }
      return compare("move", answer::yes, answer::yes);
    }
  }

private:
  using lock_mode = filelock::lock_mode;
  using conversion = filelock::conversion;
  enum class answer { yes, no, error };

  static constexpr std::chrono::seconds past{-1};
  static constexpr std::size_t objects = 5;
  static constexpr std::size_t files = lock_model::no_file;

  void make(std::size_t number, std::size_t file) {
    locks_[number] = lock_type(paths_[file]);
    models_[number] = lock_model();
    models_[number].file = file;
    models_[number].has_path = true;
  }

  /// Gives the handle of one lock to another, with the hold and without the
  /// path.
  void adopt(std::size_t from, std::size_t to) {
    const lock_mode mode = models_[from].mode;
    locks_[to] =
        lock_type(filelock::adopt_handle, locks_[from].release(), mode);
    models_[to] = models_[from];
    models_[to].has_path = false;
    models_[to].count = mode == lock_mode::unlocked ? 0 : 1;
    models_[from].is_open = false;
    models_[from].let_go();
  }

  std::size_t pick(std::size_t below) { return choices_(below); }

  static answer got(bool is_yes, const std::error_code& ec) {
    return ec ? answer::error : is_yes ? answer::yes : answer::no;
  }

  /// \returns Whether another lock excludes this one.
  bool is_excluded(std::size_t asking, lock_mode mode) const {
    const lock_model& of = models_[asking];
    for (std::size_t each = 0; each != objects; ++each)
      if (each != asking && models_[each].file == of.file &&
          models_[each].holds() &&
          (mode == lock_mode::exclusive ||
           models_[each].mode == lock_mode::exclusive))
        return true;
    return false;
  }

  answer acquire(std::size_t asking, lock_mode mode) {
    lock_model& of = models_[asking];
    if (!of.is_open && !of.has_path) return answer::error;
    if (of.holds() && of.mode != mode) return answer::error;
    if (!of.holds() && is_excluded(asking, mode)) return answer::no;
    of.is_open = true;
    of.mode = mode;
    ++of.count;
    return answer::yes;
  }

  std::string converted(const char* call, std::size_t asking, lock_mode to,
                        conversion result, const std::error_code& ec) {
    lock_model& of = models_[asking];
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
      const lock_model& of = models_[each];
      if (lock.owns_lock() != (of.mode == lock_mode::exclusive) ||
          lock.owns_lock_shared() != (of.mode == lock_mode::shared) ||
          lock.is_open() != of.is_open ||
          // Windows adds its drive.
          lock.path().filename() !=
              (of.has_path ? paths_[of.file].filename() : ""))
        return std::string(call) + ": the state of object " +
               std::to_string(each) + " differs";
    }
    return "";
  }

  Choices choices_;
  std::array<std::filesystem::path, files> paths_;
  std::array<lock_type, objects> locks_;
  std::array<lock_model, objects> models_;
};

} // namespace test

#endif
