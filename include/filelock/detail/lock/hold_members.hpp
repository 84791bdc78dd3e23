// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// What some Platforms tell of a hold: these members of basic_file_lock compile
/// only with a Platform that can.

#ifndef FILELOCK_DETAIL_LOCK_HOLD_MEMBERS_HPP
#define FILELOCK_DETAIL_LOCK_HOLD_MEMBERS_HPP

#include <filelock/canceller.hpp>
#include <filelock/lock_request.hpp>

#include <cstdint>
#include <string>

namespace filelock {
inline namespace v1 {
namespace detail {

/// \tparam Lock derives from this class.
template <class Lock>
class hold_members {
public:
  /// \returns The number of this hold. 0 if the lock is not held. It is greater
  /// than the number of every earlier hold of the name, by any owner. What the
  /// lock guards can refuse a lesser number, so an owner that lost its hold
  /// without noticing does no harm. A shared hold by counted<P> has the number
  /// of the last exclusive one. Needs a Platform that numbers its holds. System
  /// calls: those of Platform::token.
  std::uint64_t token() const noexcept { return core().token_of_hold(); }

  /// \returns A canceller that is requested when the hold is lost. Its session
  /// or its lease has ended then, and another owner may have the lock. The
  /// canceller may outlive this object. A closed object returns one that is
  /// never requested. Needs a Platform whose holds can be lost.
  canceller loss() const noexcept { return core().loss_of_hold(); }

  /// \returns Words that name the owner, on any machine. Empty if nobody holds
  /// the lock, or if the owner is not known. Use it in messages, not in
  /// decisions. Needs a Platform that has such names.
  /// Throws: std::bad_alloc.
  std::string holder_name() const {
    return core().name_of_holder(lock_mode::exclusive);
  }

private:
  auto& core() const noexcept {
    return static_cast<const typename Lock::core&>(
        static_cast<const Lock&>(*this));
  }
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
