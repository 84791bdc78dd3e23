// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Distinguishes a process from its forked child, and makes the child close a
/// descriptor.

#ifndef FILELOCK_DETAIL_POSIX_FORK_ENTRY_HPP
#define FILELOCK_DETAIL_POSIX_FORK_ENTRY_HPP

#include <filelock/detail/posix/fork_registry.hpp>

#include <cstdint>
#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {

/// The process that something belongs to. A forked child is another process.
class process_origin {
public:
  /// The origin of no process.
  constexpr process_origin() noexcept = default;

  /// \returns This process, as the origin of something that is made now. If
  /// `ec` is set, the origin of no process. Error conditions:
  /// not_enough_memory.
  static process_origin here(std::error_code& ec) noexcept {
    process_origin result;
    result.registry_ =
        fork_handlers_error == 0 ? this_fork_registry() : nullptr;
    if (result.registry_)
      result.generation_ = result.registry_->generation();
    else
      ec = std::make_error_code(std::errc::not_enough_memory);
    return result;
  }

  /// Makes no system call: every acquire calls it.
  bool is_this_process() const noexcept {
    return registry_ && registry_->generation() == generation_;
  }

  /// \returns The registry. Preconditions: this is the origin of a process.
  fork_registry& registry() const noexcept { return *registry_; }
  std::uint32_t generation() const noexcept { return registry_->generation(); }

private:
  fork_registry* registry_ = nullptr;
  std::uint32_t generation_ = 0;
};

/// The descriptor of an open handle, as a fork registry knows it. Copied with
/// the handle.
class fork_entry {
public:
  constexpr fork_entry() noexcept = default;

  /// Makes forked children close `descriptor` from now on.
  bool add(const process_origin& origin, int descriptor,
           std::error_code& ec) noexcept {
    descriptor_ = descriptor;
    serial_ = descriptor < 0 ? 0 : origin.registry().add(descriptor);
    if (serial_ == 0 && descriptor >= 0)
      ec = std::make_error_code(std::errc::not_enough_memory);
    return !ec;
  }

  /// Makes forked children leave the descriptor alone from now on.
  void remove(const process_origin& origin) noexcept {
    if (serial_ != 0) origin.registry().remove(descriptor_, serial_);
    serial_ = 0;
  }

  /// Removes the entry after the descriptor was closed.
  void remove_closed(const process_origin& origin) noexcept {
    if (serial_ != 0) origin.registry().remove_closed(descriptor_, serial_);
    serial_ = 0;
  }

  /// \returns Whether the registry knew the number of `descriptor` at its
  /// opening.
  bool knows(const process_origin& origin, int descriptor) const noexcept {
    return descriptor == descriptor_ &&
           (descriptor < 0 || origin.registry().knows(descriptor, serial_));
  }

  /// \returns Whether no other lock has taken the number of the descriptor.
  bool is_current(const process_origin& origin) const noexcept {
    return serial_ == 0 || origin.registry().has_entry(descriptor_, serial_);
  }

  /// \returns Whether the descriptor's number is another file's, or no file's.
  bool is_strangers(const process_origin& origin) const noexcept {
    return serial_ != 0 && origin.registry().is_strangers(descriptor_, serial_);
  }

private:
  std::uint64_t serial_ = 0;
  int descriptor_ = -1;
};

/// Opens a handle by `open(ec)`, and registers its descriptor. So no forked
/// child keeps a copy of a descriptor that will be locked.
/// \param close Closes a handle. \param descriptor_of Its descriptor.
/// \param copies_matter Whether a copy in a child would keep the lock.
/// \returns The result of open(); if `ec` is set, nothing is open.
/// Error conditions: those of open(); resource_unavailable_try_again: while
/// children were forked, other threads took the number of the descriptor too
/// often.
template <class Open, class Close, class DescriptorOf>
auto open_unshared(const process_origin& origin, fork_entry& entry, Open open,
                   Close close, DescriptorOf descriptor_of, bool copies_matter,
                   std::error_code& ec) noexcept {
  fork_registry& registry = origin.registry();
  std::uint32_t before = registry.begin_opening();
  auto handle = open(ec);
  if (!ec && !entry.add(origin, descriptor_of(handle), ec)) close(handle);
  // A child may have a copy, made before the registry knew the descriptor. Such
  // a descriptor is never locked: it is closed and the file opened again. If
  // the new one has the same number, the registry knew it before it was opened.
  // It has, unless another thread takes that number meanwhile, or it is a
  // socket, and no two sockets are alike.
  bool may_be_copied = !ec && copies_matter && registry.was_copied(before);
  constexpr int most_rounds = 64;
  for (int round = 0; may_be_copied; ++round) {
    close(handle);
    registry.end_opening();
    before = registry.begin_opening();
    if (round == most_rounds)
      ec = std::make_error_code(std::errc::resource_unavailable_try_again);
    else
      handle = open(ec);
    if (!ec && entry.knows(origin, descriptor_of(handle))) break;
    entry.remove_closed(origin);
    if (!ec && !entry.add(origin, descriptor_of(handle), ec)) close(handle);
    may_be_copied = !ec && registry.was_copied(before);
  }
  registry.end_opening();
  return handle;
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
