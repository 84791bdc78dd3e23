// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The files that the owners of an explored script, and their children, have
/// open.

#ifndef FILELOCK_DETAIL_EXPLORED_OPEN_FILES_HPP
#define FILELOCK_DETAIL_EXPLORED_OPEN_FILES_HPP

#include <filelock/detail/explored/footprint.hpp>
#include <filelock/detail/simulated/files.hpp>
#include <filelock/detail/simulated/range_locks.hpp>
#include <filelock/detail/simulated/world.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <list>
#include <optional>
#include <vector>

namespace filelock {
inline namespace v1 {
namespace detail {

/// A file that an owner has opened.
struct explored_file {
  std::optional<std::size_t> owner; // none: it has closed the file
  simulated_handle handle;
  std::filesystem::path path;
  std::uint64_t number = 0;
  std::uint64_t granted_at = 0; // the step of the last grant
  std::uint64_t lost_at = 0;    // the step in which the path lost the file
  bool is_named = true;
  std::vector<std::size_t> children = {}; // that have copies
};

/// What is open. As after fork(2), a file stays open, and its lock held, until
/// the last process that has it closes it.
class explored_files {
public:
  /// \param touched Gets what is closed.
  explored_files(simulated_world& world, footprint& touched)
      : world_(world), touched_(touched) {}

  void add(const explored_file& file) { files_.push_back(file); }

  /// \returns The open file; null if there is none.
  explored_file* find(simulated_handle handle) noexcept {
    for (explored_file& each : files_)
      if (each.handle == handle) return &each;
    return nullptr;
  }

  /// \returns A file that the owner has open. Null if there is none.
  const explored_file* first_of(std::size_t owner) const noexcept {
    for (const explored_file& each : files_)
      if (each.owner == owner) return &each;
    return nullptr;
  }

  /// Closes a file of an owner.
  void close(simulated_handle handle) {
    explored_file* const file = find(handle);
    if (!file) return;
    file->owner.reset();
    if (file->children.empty()) end(*file);
  }

  /// Closes all files of the owner.
  void close_all(std::size_t owner) {
    while (const explored_file* const file = first_of(owner))
      close(file->handle);
  }

  /// Gives the owner a child, with a copy of each file.
  void fork(std::size_t owner) {
    touched_.write(shared_thing::kind::forks);
    for (explored_file& each : files_)
      if (each.owner == owner) each.children.push_back(children_.size());
    children_.push_back(true);
  }

  /// The child closes its copies, and ends.
  void end_child(std::size_t child) {
    children_[child] = false;
    for (auto each = files_.begin(); each != files_.end();) {
      explored_file& file = *each++;
      const auto copy =
          std::find(file.children.begin(), file.children.end(), child);
      if (copy == file.children.end()) continue;
      file.children.erase(copy);
      touched_.write(shared_thing::kind::lock, file.number);
      if (file.children.empty() && !file.owner) end(file);
    }
  }

  /// \returns Of each child there was, whether it lives.
  const std::vector<bool>& children() const noexcept { return children_; }

  /// Notes which paths name another file after `step`.
  void note_lost_names(std::uint64_t step) {
    for (explored_file& each : files_) {
      const bool is_named = world_.files.names(each.path, each.handle);
      if (each.is_named && !is_named) each.lost_at = step;
      each.is_named = is_named;
    }
  }

private:
  void end(const explored_file& file) {
    const simulated_handle handle = file.handle;
    touched_.write(shared_thing::kind::lock, file.number);
    touched_.write(shared_thing::kind::waiters, file.number);
    files_.remove_if(
        [&](const explored_file& each) { return each.handle == handle; });
    world_.close(handle);
  }

  simulated_world& world_;
  footprint& touched_;
  std::list<explored_file> files_;
  std::vector<bool> children_;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
