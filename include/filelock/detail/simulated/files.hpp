// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Files in memory, and the locks on them.

#ifndef FILELOCK_DETAIL_SIMULATED_FILES_HPP
#define FILELOCK_DETAIL_SIMULATED_FILES_HPP

#include <filelock/backoff/wait_state.hpp>
#include <filelock/detail/simulated/callback.hpp>
#include <filelock/detail/simulated/range_locks.hpp>
#include <filelock/lock_request.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

namespace filelock {
inline namespace v1 {
namespace detail {

class simulated_files {
public:
  /// An open file of one process.
  struct opened {
    process_id process;
    std::filesystem::path path;       // the name by which it was opened
    std::optional<lock_request> held; // the last one of several ranges
  };

  /// \returns The open file; null if there is none.
  const opened* find(simulated_handle handle) const noexcept {
    const auto found = handles_.find(handle);
    return found == handles_.end() ? nullptr : &found->second;
  }

  std::size_t count_opened_by(process_id process) const {
    std::size_t result = 0;
    for (const auto& each : handles_)
      result += each.second.process == process;
    return result;
  }

  // ---- Names ----

  simulated_handle open(const std::filesystem::path& path, bool create,
                        process_id process, std::error_code& ec) {
    place& named = names_[name_of(path)];
    ec = named.open_error;
    if (!ec && !named.is && !create)
      ec = std::make_error_code(std::errc::no_such_file_or_directory);
    if (ec) return 0;
    if (!named.is) named.is = new_file();
    const simulated_handle handle = new_simulated_handle();
    handles_.emplace(handle,
                     open_file{{process, path, std::nullopt}, named.is, false});
    return handle;
  }

  void set_open_error(const std::filesystem::path& path, std::error_code ec) {
    names_[name_of(path)].open_error = ec;
  }

  bool exists(const std::filesystem::path& path) const {
    return file_at(path) != nullptr;
  }

  void remove(const std::filesystem::path& path) { put(path, nullptr); }

  void replace(const std::filesystem::path& path) { put(path, new_file()); }

  /// Renames a file as rename(2) does. Does nothing if there is no file at
  /// `from`.
  void rename(const std::filesystem::path& from,
              const std::filesystem::path& to) {
    if (link(from, to)) remove(from);
  }

  /// Gives the file at `from` one more name.
  /// \returns Whether there is such a file, by another name.
  bool link(const std::filesystem::path& from,
            const std::filesystem::path& to) {
    const std::shared_ptr<file> linked = names_[name_of(from)].is;
    if (!linked || linked.get() == file_at(to)) return false;
    put(to, linked);
    return true;
  }

  /// \returns Whether `path` names the file that `handle` has open.
  bool names(const std::filesystem::path& path, simulated_handle handle) const {
    const file* const named = file_at(path);
    return named && named == file_of(handle);
  }

  /// \returns The number of the open file, in the order in which the files were
  /// made. Preconditions: there is such a handle.
  std::uint64_t number_of(simulated_handle handle) const {
    return file_of(handle)->number;
  }

  /// The bytes of the file. Preconditions: there is such a handle.
  std::string& content(simulated_handle handle) {
    return open_of(handle).on->content;
  }

  /// \returns Whether an owner waits for the lock of the file.
  bool is_awaited(simulated_handle handle) const {
    const file* const found = file_of(handle);
    return found && !found->waiters.empty();
  }

  // ---- Locks. Preconditions: the handle is open. ----

  /// \returns Whether the lock was taken, or converted.
  bool try_lock(simulated_handle handle, const lock_request& request) {
    open_file& asking = open_of(handle);
    if (asking.on->locks.conflict(handle, request)) return false;
    hold_range(handle, asking, request);
    grant(*asking.on, handle); // a conversion to shared may let others in
    return true;
  }

  /// Queues for the lock, and calls `granted` when it is taken.
  void wait(simulated_handle handle, const lock_request& request,
            callback<> granted) {
    open_file& waiting = open_of(handle);
    waiting.is_waiting = true;
    file& awaited = *waiting.on;
    awaited.waiters.push_back({handle, request, handle, std::move(granted)});
    grant(awaited, handle);
  }

  void stop_waiting(simulated_handle handle) {
    open_file& waiting = open_of(handle);
    if (!waiting.is_waiting) return;
    waiting.is_waiting = false;
    waiting.on->waiters.remove_if(
        [&](const waiter& each) { return each.handle == handle; });
  }

  /// Releases what the handle holds of the bytes in `range`.
  void unlock(simulated_handle handle, const byte_range& range) {
    open_file& holding = open_of(handle);
    holding.on->locks.release(handle, range);
    holding.held = holding.on->locks.last_of(handle);
    grant(*holding.on, handle);
  }

  void close(simulated_handle handle) {
    stop_waiting(handle);
    unlock(handle, {});
    handles_.erase(handles_.find(handle));
  }

  /// \returns The process whose lock is in conflict with `request`, if any.
  std::optional<process_id> holder(simulated_handle handle,
                                   const lock_request& request) const {
    const range_lock* found = conflict(handle, request);
    return found ? std::optional<process_id>(found->process) : std::nullopt;
  }

  /// \returns The bytes of a lock in conflict with `request`, if any.
  std::optional<byte_range>
  conflicting_range(simulated_handle handle,
                    const lock_request& request) const {
    const range_lock* found = conflict(handle, request);
    return found ? std::optional<byte_range>(found->request.range)
                 : std::nullopt;
  }

  /// \returns The process that holds the file at `path`, if any.
  std::optional<process_id> holder(const std::filesystem::path& path) const {
    const file* const named = file_at(path);
    return named ? named->locks.first_process() : std::nullopt;
  }

private:
  using name = std::filesystem::path::string_type;
  struct waiter {
    simulated_handle handle;
    lock_request request;
    simulated_handle blocker; // one that excludes it; its own if not yet known
    callback<> granted;
  };
  struct file {
    std::uint64_t number = 0;
    std::string content;
    range_locks locks;
    std::list<waiter> waiters;
    bool has_old_blockers = false; // of which some no longer exclude
  };
  struct open_file : opened {
    std::shared_ptr<file> on;
    bool is_waiting = false;
  };
  struct place {
    std::shared_ptr<file> is; // null if no file is there
    std::error_code open_error;
  };

  std::shared_ptr<file> new_file() {
    auto result = std::make_shared<file>();
    result->number = ++made_;
    return result;
  }

  // As basic_file_lock makes a path absolute.
  static name name_of(const std::filesystem::path& path) {
    return std::filesystem::absolute(path).lexically_normal().native();
  }

  const file* file_at(const std::filesystem::path& path) const {
    const auto found = names_.find(name_of(path));
    return found == names_.end() ? nullptr : found->second.is.get();
  }

  void put(const std::filesystem::path& path, std::shared_ptr<file> other) {
    names_[name_of(path)].is = std::move(other);
  }

  const file* file_of(simulated_handle handle) const {
    const auto found = handles_.find(handle);
    return found == handles_.end() ? nullptr : found->second.on.get();
  }

  /// \returns The open file. Preconditions: the handle is open.
  open_file& open_of(simulated_handle handle) {
    return handles_.find(handle)->second;
  }

  const range_lock* conflict(simulated_handle handle,
                             const lock_request& request) const {
    return file_of(handle)->locks.conflict(handle, request);
  }

  static void hold_range(simulated_handle handle, open_file& holding,
                         const lock_request& request) {
    holding.on->locks.hold({handle, holding.process, request});
    holding.held = request;
  }

  /// Lets in every waiter that no owner excludes any more, in the order of
  /// arrival. \param changed The owner that excludes less than before. Only
  /// waiters that it blocked are checked: there may be thousands.
  void grant(file& freed, simulated_handle changed) {
    const bool checks_all = std::exchange(freed.has_old_blockers, false);
    auto each = freed.waiters.begin();
    for (; each != freed.waiters.end() && !freed.locks.are_of_one_owner();) {
      if (!checks_all && each->blocker != changed) {
        ++each;
        continue;
      }
      if (const range_lock* found =
              freed.locks.conflict(each->handle, each->request)) {
        each->blocker = found->handle;
        ++each;
        continue;
      }
      const waiter next = std::move(*each);
      each = freed.waiters.erase(each);
      open_file& granted = open_of(next.handle);
      hold_range(next.handle, granted, next.request);
      granted.is_waiting = false;
      next.granted();
    }
    if (each != freed.waiters.end()) freed.has_old_blockers = true;
  }

  // Few kinds of map, and few of their functions: each is instantiated wherever
  // the simulation is included, see bench/compile_cost.py.
  std::map<name, place> names_;
  std::map<simulated_handle, open_file> handles_;
  std::uint64_t made_ = 0;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
