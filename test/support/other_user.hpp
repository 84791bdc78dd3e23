// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A user without rights, where the test is run by root.

#ifndef FILELOCK_TEST_SUPPORT_OTHER_USER_HPP
#define FILELOCK_TEST_SUPPORT_OTHER_USER_HPP

#include "child_process.hpp"
#include "skipped.hpp"

#include <grp.h>
#include <sys/types.h>
#include <unistd.h>

namespace test {

/// Becomes a user without rights, if this is root.
/// \returns Whether this is no longer root.
inline bool give_up_root() {
  constexpr ::uid_t nobody = 65534;
  if (::geteuid() != 0) return true;
  return ::setgroups(0, nullptr) == 0 && ::setgid(nobody) == 0 &&
         ::setuid(nobody) == 0;
}

/// \returns Whether a child can give up root; if not, says so.
inline bool can_give_up_root(const char* what) {
  if (failure_in_child([] { return give_up_root() ? "" : "no"; }).empty())
    return true;
  skipped(what, "this user cannot become an ordinary one");
  return false;
}

/// \returns Whether a child can become another user; if not, says so.
inline bool has_other_user(const char* what) {
  if (::geteuid() == 0) return can_give_up_root(what);
  skipped(what, "only root can become another user");
  return false;
}

} // namespace test

#endif
