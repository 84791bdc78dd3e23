// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Takes the lock that the options ask for.

#ifndef FILELOCK_EXAMPLE_FLOCK_LOCKING_HPP
#define FILELOCK_EXAMPLE_FLOCK_LOCKING_HPP

#include "messages.hpp"
#include "options.hpp"

#include <filelock/basic_file_lock.hpp>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <type_traits>
#include <utility>

namespace flock_program {

template <class P>
using death_expression = decltype(P::previous_owner_died(
    std::declval<const typename P::native_handle_type&>(),
    std::declval<const filelock::lock_request&>()));
template <class P, class = void>
inline constexpr bool tells_death_v = false;
template <class P>
inline constexpr bool tells_death_v<P, std::void_t<death_expression<P>>> = true;

/// The lock, from its acquire to the end of the command.
template <class Platform>
class command_lock {
public:
  using lock_type = filelock::basic_file_lock<Platform>;
  using handle_type = typename lock_type::native_handle_type;

  explicit command_lock(const options& given) : given_(given) {}

  /// Effects: acquires, or releases for --unlock, and says so for --verbose.
  /// \throws failure
  void acquire() {
    const auto begin = std::chrono::steady_clock::now();
    std::error_code ec;
    if (!given_.file) {
      use_descriptor(ec);
    } else {
      use_file(must_write(), ec);
      // NFS locks for writing only what is open for writing.
      if (ec == std::errc::permission_denied && !must_write() &&
          given_.mode == filelock::lock_mode::exclusive)
        use_file(true, ec);
    }
    if (ec)
      throw failure(is_lack_of_resources(ec) ? exit_os_error : exit_data_error,
                    name() + ": " + words_for(ec));
    if (given_.verbose) tell_wait(std::chrono::steady_clock::now() - begin);
  }

  /// \returns Whether the last owner died with the lock.
  bool has_dead_owner() const {
    if constexpr (tells_death_v<Platform>) return lock_.previous_owner_died();
    return false;
  }

  /// Effects: gives up the handle, open and locked, so that a forked child has
  /// it too. \returns The handle.
  handle_type hand_over() { return handle_ = lock_.release(); }

  /// Effects: says that the owner came to an orderly end, in the file where the
  /// Platform marks it. Without this call the next owner sees a death.
  void finish() {
    if constexpr (tells_death_v<Platform>) {
      std::error_code ec;
      lock_type lock(filelock::adopt_handle, handle_, given_.mode);
      lock.unlock(ec);
      if (ec) warn(name() + ": " + ec.message());
    }
  }

  /// \returns What is locked, for messages.
  std::string name() const {
    return given_.file ? *given_.file : std::to_string(given_.descriptor);
  }

private:
  std::string words_for(const std::error_code& ec) const {
    // So marked<> says it.
    if (given_.robust_owner && ec == std::errc::invalid_argument)
      return "it has other content; for --robust-owner it must be empty at "
             "first";
    return ec.message();
  }

  bool must_write() const {
    // The mark is written; and fcntl locks for writing only what is open for
    // writing: fcntl(2). Otherwise not, so that the command may be the file.
    return given_.robust_owner ||
           ((given_.record_lock || given_.fifo) &&
            given_.mode == filelock::lock_mode::exclusive);
  }

  filelock::open_options how_to_open(bool writes) const {
    namespace fs = std::filesystem;
    filelock::open_options result;
    result.create_parents = false;
    result.follow_symlink = true;
    result.inheritable = true;
    result.read_only = !writes;
    result.range = given_.range;
    std::error_code ignored;
    const fs::path path = *given_.file;
    const fs::file_status file = fs::status(path, ignored);
    result.directory = fs::is_directory(file) || !path.has_filename();
    result.device = fs::is_character_file(file) || fs::is_block_file(file);
    return result;
  }

  void use_file(bool writes, std::error_code& ec) {
    ec.clear();
    lock_ = lock_type(*given_.file, how_to_open(writes));
    lock_.open(ec);
    if (given_.file->empty()) // as open(2) says it
      ec = std::make_error_code(std::errc::no_such_file_or_directory);
    if (ec) throw not_opened(ec);
    if (given_.mode != filelock::lock_mode::unlocked) acquire(ec);
  }

  failure not_opened(const std::error_code& ec) const {
    const std::string words = ec == std::errc::invalid_argument
                                  ? "neither a file, a directory nor a device"
                                  : ec.message();
    int code = exit_no_input;
    if (is_lack_of_resources(ec))
      code = exit_os_error;
    else if (ec == std::errc::read_only_file_system ||
             ec == std::errc::no_space_on_device)
      code = exit_cannot_create;
    return failure(code,
                   "cannot open lock file " + *given_.file + ": " + words);
  }

  void use_descriptor(std::error_code& ec) {
#if defined(_WIN32)
    ec = std::make_error_code(std::errc::not_supported); // see check_options()
#else
    using filelock::lock_mode;
    const bool unlocks = given_.mode == lock_mode::unlocked;
    filelock::open_options range;
    range.range = given_.range;
    try {
      lock_ = lock_type(filelock::adopt_handle, given_.descriptor,
                        unlocks ? lock_mode::exclusive : lock_mode::unlocked,
                        {}, range);
    } catch (const std::system_error& error) {
      ec = error.code();
      return;
    }
    if (unlocks)
      lock_.unlock(ec);
    else
      acquire(ec);
#endif
  }

  /// \throws failure where the lock is busy.
  void acquire(std::error_code& ec) {
    if (attempt(ec) || ec) return;
    const bool waits =
        given_.waits && (!given_.timeout || given_.timeout->count() != 0);
    was_busy_ = true;
    holder_ = lock_.holder();
    if (waits) {
      if (!given_.wait_message.empty()) warn(with_holder(given_.wait_message));
      if (wait(ec) || ec) return;
    }
    if (given_.verbose) {
      warn(waits ? "timeout while waiting to get lock" : "failed to get lock");
      warn("the lock is held by " + holder());
    }
    throw failure(given_.conflict_exit_code, "");
  }

  bool is_shared() const { return given_.mode == filelock::lock_mode::shared; }

  bool attempt(std::error_code& ec) {
    return is_shared() ? lock_.try_lock_shared(ec) : lock_.try_lock(ec);
  }

  bool wait(std::error_code& ec) {
    if (given_.timeout)
      return is_shared() ? lock_.try_lock_shared_for(*given_.timeout, ec)
                         : lock_.try_lock_for(*given_.timeout, ec);
    if (is_shared())
      lock_.lock_shared(ec);
    else
      lock_.lock(ec);
    return !ec;
  }

  std::string holder() const {
    return holder_ ? "process " + std::to_string(*holder_)
                   : "a process that the system does not name";
  }

  /// \returns `text`, where %p stands for the owner, %f for the file, and %%
  /// for a percent sign.
  std::string with_holder(const std::string& text) const {
    std::string result;
    for (std::size_t i = 0; i != text.size(); ++i) {
      const char next =
          text[i] == '%' && i + 1 != text.size() ? text[i + 1] : 0;
      if (next == 'p')
        result += holder();
      else if (next == 'f')
        result += name();
      else if (next == '%')
        result += '%';
      else {
        result += text[i];
        continue;
      }
      ++i;
    }
    return result;
  }

  void tell_wait(std::chrono::steady_clock::duration time) const {
    using std::chrono::microseconds;
    const auto all = std::chrono::duration_cast<microseconds>(time).count();
    char seconds[64];
    std::snprintf(seconds, sizeof seconds, "%lld.%06lld",
                  static_cast<long long>(all / 1'000'000),
                  static_cast<long long>(all % 1'000'000));
    tell("getting lock took " + std::string(seconds) + " seconds");
    if (was_busy_) tell("the lock was held by " + holder());
  }

  const options& given_;
  lock_type lock_;
  handle_type handle_ = Platform::invalid_handle;
  bool was_busy_ = false;
  std::optional<filelock::process_id> holder_;
};

} // namespace flock_program

#endif
