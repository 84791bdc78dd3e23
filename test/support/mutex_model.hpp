// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Several mutexes of two files in one thread, and a small model of each.
// Whoever chooses the steps finds where the two differ.

#ifndef FILELOCK_TEST_SUPPORT_MUTEX_MODEL_HPP
#define FILELOCK_TEST_SUPPORT_MUTEX_MODEL_HPP

#include <filelock/file_mutex.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

namespace test {

/// What a mutex should be: another thread would see the same.
struct mutex_model {
  std::size_t file = 0;
  bool is_exclusive = false;
  std::size_t readers = 0;

  bool holds() const { return is_exclusive || readers != 0; }
};

/// Choices are called with a number, and return a smaller one.
template <class Platform, class Choices>
class mutexes_and_models {
public:
  using mutex_type = filelock::basic_file_mutex<Platform>;

  mutexes_and_models(const std::filesystem::path& folder, Choices choices)
      : choices_(std::move(choices)) {
    for (std::size_t file = 0; file != files; ++file)
      paths_[file] = folder / std::to_string(file);
    for (std::size_t each = 0; each != objects; ++each)
      make(each, each % files);
  }

  ~mutexes_and_models() {
    for (std::size_t each = 0; each != objects; ++each)
      let_go(each);
  }
  mutexes_and_models(const mutexes_and_models&) = delete;
  mutexes_and_models& operator=(const mutexes_and_models&) = delete;

  /// \returns What went wrong; empty: nothing.
  std::string step() {
    const std::size_t one = choices_(objects);
    mutex_type& mutex = *mutexes_[one];
    mutex_model& expected = models_[one];
    std::error_code ec;
    switch (choices_(12)) {
    case 0:
      return compare("try_lock", acquire(one), mutex.try_lock(ec), ec);
    case 1:
      return compare("try_lock_for", acquire(one), mutex.try_lock_for(past, ec),
                     ec);
    case 2:
      return compare("try_lock_until", acquire(one),
                     mutex.try_lock_until(mutex_type::clock::now(), ec), ec);
    case 3:
      if (!acquire(one)) return ""; // for ever
      mutex.lock(ec);
      return compare("lock", true, true, ec);
    case 4:
      return compare("try_lock_shared", acquire_shared(one),
                     mutex.try_lock_shared(ec), ec);
    case 5:
      return compare("try_lock_shared_for", acquire_shared(one),
                     mutex.try_lock_shared_for(past, ec), ec);
    case 6:
      if (!acquire_shared(one)) return "";
      mutex.lock_shared(ec);
      return compare("lock_shared", true, true, ec);
    case 7:
    case 8:
      if (expected.is_exclusive) {
        expected.is_exclusive = false;
        mutex.unlock(ec);
      } else if (expected.readers != 0) {
        --expected.readers;
        mutex.unlock_shared(ec);
      }
      return compare("unlock", true, true, ec);
    case 9:
      if (!expected.holds()) return "";
      return compare("still_valid", true, mutex.still_valid(), ec);
    case 10:
      return compare("holder", true, holder_is_told(mutex, expected), ec);
    default:
      let_go(one);
      make(one, choices_(files));
      return compare("another mutex", true, true, ec);
    }
  }

private:
  // A system may miss an owner while others lock: /proc/locks is read in parts.
  bool holder_is_told(const mutex_type& mutex,
                      const mutex_model& expected) const {
    const bool is_expected = is_held(expected.file) && tells_holder;
    for (int looks = 0; looks != 1000; ++looks)
      if (mutex.holder().has_value() == is_expected) return true;
    return false;
  }

  static constexpr bool tells_holder = filelock::detail::has_holder_v<Platform>;
  static constexpr std::chrono::seconds past{-1};
  static constexpr std::size_t objects = 4;
  static constexpr std::size_t files = 2;

  void make(std::size_t number, std::size_t file) {
    mutexes_[number] = std::make_unique<mutex_type>(paths_[file]);
    models_[number] = mutex_model();
    models_[number].file = file;
  }

  void let_go(std::size_t number) {
    if (models_[number].is_exclusive) mutexes_[number]->unlock();
    for (; models_[number].readers != 0; --models_[number].readers)
      mutexes_[number]->unlock_shared();
    models_[number].is_exclusive = false;
  }

  bool is_held(std::size_t file) const {
    for (const mutex_model& each : models_)
      if (each.file == file && each.holds()) return true;
    return false;
  }

  bool acquire(std::size_t asking) {
    if (is_held(models_[asking].file)) return false;
    models_[asking].is_exclusive = true;
    return true;
  }

  bool acquire_shared(std::size_t asking) {
    for (const mutex_model& each : models_)
      if (each.file == models_[asking].file && each.is_exclusive) return false;
    ++models_[asking].readers;
    return true;
  }

  static std::string compare(const char* call, bool expected, bool found,
                             const std::error_code& ec) {
    if (ec) return std::string(call) + ": " + ec.message();
    if (expected == found) return "";
    return std::string(call) + (found ? ": yes" : ": no") + " is wrong";
  }

  Choices choices_;
  std::array<std::filesystem::path, files> paths_;
  std::array<std::unique_ptr<mutex_type>, objects> mutexes_;
  std::array<mutex_model, objects> models_;
};

} // namespace test

#endif
