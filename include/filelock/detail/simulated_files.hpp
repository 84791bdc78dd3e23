// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Files in memory, and the locks on them.

#ifndef FILELOCK_DETAIL_SIMULATED_FILES_HPP
#define FILELOCK_DETAIL_SIMULATED_FILES_HPP

#include <filelock/backoff/wait_state.hpp>
#include <filelock/detail/callback.hpp>
#include <filelock/detail/config.hpp>
#include <filelock/lock_request.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

namespace filelock::detail {

/// No two files of a process have one number, whatever their simulations.
using simulated_handle = std::int64_t;

FILELOCK_SHARED_BY_PROCESS inline simulated_handle new_simulated_handle() {
  static std::atomic<simulated_handle> last{0};
  return ++last;
}

inline bool are_disjoint(const byte_range& a, const byte_range& b) noexcept {
  const auto is_before = [](const byte_range& x, const byte_range& y) {
    return x.length != 0 && y.offset >= x.offset &&
           y.offset - x.offset >= x.length;
  };
  return is_before(a, b) || is_before(b, a);
}

inline bool exclude_each_other(const lock_request& a,
                               const lock_request& b) noexcept {
  return (a.mode == lock_mode::exclusive || b.mode == lock_mode::exclusive) &&
         !are_disjoint(a.range, b.range);
}

class simulated_files {
public:
  /// An open file of one process.
  struct opened {
    process_id process;
    std::filesystem::path path; // by which it was opened
    std::optional<lock_request> held;
  };

  /// \returns The open file; null where there is none.
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
    const name key = name_of(path);
    if (const auto found = open_errors_.find(key); found != open_errors_.end())
      ec = found->second;
    else if (!create && names_.find(key) == names_.end())
      ec = std::make_error_code(std::errc::no_such_file_or_directory);
    if (ec) return 0;
    std::shared_ptr<file>& named = names_[key];
    if (!named) named = std::make_shared<file>();
    const simulated_handle handle = new_simulated_handle();
    handles_[handle] = {{process, path, std::nullopt}, named};
    return handle;
  }

  void set_open_error(const std::filesystem::path& path, std::error_code ec) {
    if (ec)
      open_errors_[name_of(path)] = ec;
    else
      open_errors_.erase(name_of(path));
  }

  bool exists(const std::filesystem::path& path) const {
    return names_.count(name_of(path)) != 0;
  }

  void remove(const std::filesystem::path& path) {
    const auto found = names_.find(name_of(path));
    if (found == names_.end()) return;
    found->second->is_linked = false;
    names_.erase(found);
  }

  void replace(const std::filesystem::path& path) {
    remove(path);
    names_[name_of(path)] = std::make_shared<file>();
  }

  /// \returns Whether `path` names the file that `handle` has open.
  bool names(const std::filesystem::path& path, simulated_handle handle) const {
    const auto named = names_.find(name_of(path));
    return named != names_.end() && named->second == file_of(handle);
  }

  /// \returns Whether a path names the file.
  bool is_linked(simulated_handle handle) const {
    const std::shared_ptr<file> found = file_of(handle);
    return found && found->is_linked;
  }

  // ---- Locks. Preconditions: there is such a handle. ----

  /// \returns Whether the lock was taken, or changed.
  bool try_lock(simulated_handle handle, const lock_request& request) {
    open_file& asking = handles_.at(handle);
    if (conflict(*asking.on, handle, request)) return false;
    drop_hold(handle, asking);
    asking.on->holds.push_back({handle, asking.process, request});
    asking.held = request;
    grant(*asking.on); // a conversion to shared may let others in
    return true;
  }

  /// Effects: takes the lock as soon as it is free, and calls `granted` then.
  void wait(simulated_handle handle, const lock_request& request,
            callback<> granted) {
    file& awaited = *handles_.at(handle).on;
    awaited.waiters.push_back({handle, request, std::move(granted)});
    grant(awaited);
  }

  void stop_waiting(simulated_handle handle) {
    handles_.at(handle).on->waiters.remove_if(
        [&](const waiter& each) { return each.handle == handle; });
  }

  void unlock(simulated_handle handle) {
    open_file& holding = handles_.at(handle);
    drop_hold(handle, holding);
    grant(*holding.on);
  }

  void close(simulated_handle handle) {
    stop_waiting(handle);
    unlock(handle);
    handles_.erase(handle);
  }

  /// \returns Who keeps `handle` from being granted `request`, if anybody.
  std::optional<process_id> holder(simulated_handle handle,
                                   const lock_request& request) const {
    const hold* found = conflict(*file_of(handle), handle, request);
    return found ? std::optional<process_id>(found->process) : std::nullopt;
  }

  /// \returns Who holds the file at `path`, if anybody.
  std::optional<process_id> holder(const std::filesystem::path& path) const {
    const auto found = names_.find(name_of(path));
    if (found == names_.end() || found->second->holds.empty())
      return std::nullopt;
    return found->second->holds.front().process;
  }

private:
  using name = std::filesystem::path::string_type;
  struct hold {
    simulated_handle handle;
    process_id process;
    lock_request request;
  };
  struct waiter {
    simulated_handle handle;
    lock_request request;
    callback<> granted;
  };
  struct file {
    bool is_linked = true;
    std::list<hold> holds;
    std::list<waiter> waiters;
  };
  struct open_file : opened {
    std::shared_ptr<file> on;
  };

  // As basic_file_lock makes a path absolute.
  static name name_of(const std::filesystem::path& path) {
    return std::filesystem::absolute(path).lexically_normal().native();
  }

  std::shared_ptr<file> file_of(simulated_handle handle) const {
    const auto found = handles_.find(handle);
    return found == handles_.end() ? nullptr : found->second.on;
  }

  static const hold* conflict(const file& asked, simulated_handle own,
                              const lock_request& request) {
    for (const hold& each : asked.holds)
      if (each.handle != own && exclude_each_other(each.request, request))
        return &each;
    return nullptr;
  }

  static void drop_hold(simulated_handle handle, open_file& holding) {
    holding.on->holds.remove_if(
        [&](const hold& each) { return each.handle == handle; });
    holding.held.reset();
  }

  /// \returns Whether one owner excludes all others: then no waiter has to be
  /// asked what it waits for, of which there may be thousands.
  static bool is_held_alone(const file& asked) {
    if (asked.holds.size() != 1) return false;
    const lock_request& held = asked.holds.front().request;
    return held.mode == lock_mode::exclusive && held.range.offset == 0 &&
           held.range.length == 0;
  }

  /// Effects: lets in whom nobody excludes any more, in the order in which they
  /// came.
  void grant(file& freed) {
    auto place = freed.waiters.begin();
    while (place != freed.waiters.end() && !is_held_alone(freed)) {
      if (conflict(freed, place->handle, place->request)) {
        ++place;
        continue;
      }
      const waiter next = std::move(*place);
      place = freed.waiters.erase(place);
      open_file& granted = handles_.at(next.handle);
      freed.holds.push_back({next.handle, granted.process, next.request});
      granted.held = next.request;
      next.granted();
    }
  }

  std::map<name, std::shared_ptr<file>> names_;
  std::map<simulated_handle, open_file> handles_;
  std::map<name, std::error_code> open_errors_;
};

} // namespace filelock::detail

#endif
