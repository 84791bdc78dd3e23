// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The tools of the laws of a Platform: see platform_laws.hpp.

#ifndef FILELOCK_TESTING_LAW_TOOLS_HPP
#define FILELOCK_TESTING_LAW_TOOLS_HPP

namespace filelock {
inline namespace v1 {

/// What the laws need to try P, beyond P itself. Specialise it for a P, or for
/// a family of them. Each member is optional and static. A law that needs a
/// missing one is not tried, and check_platform_laws() says so.
///
/// - `handle duplicate(handle)`: another handle for the same owner, as by
/// dup(2)
/// - `bool upgrade(handle, ec)`: asks for exclusive by the handle of a shared
///   owner, without waiting; by default it releases first
/// - `bool may_write(path)`: whether a stranger may write to the file
/// - `remove(path)`: deletes the file; by default std::filesystem::remove
/// - `process_owner`: a class like detail::law_file<P> that is an owner in
///   another process, and has `process()`, the number of that process
/// - `end_session(handle)`: ends the session of the handle, as the service does
/// - `in_a_while(function)`: calls it during a later wait of this thread, for a
///   P whose time is virtual
template <class P, class = void>
struct law_tools {};

} // namespace v1
} // namespace filelock

#endif
