// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// One header is enough to use the class template, with its default arguments
// and without. So nothing else of the library is included here.

#include <filelock/basic_file_lock.hpp>

namespace basic_file_lock_alone {

/// Inherits the default Platform, which must be complete for that.
struct mine : filelock::native_traits {};

static_assert(filelock::is_platform_v<mine>, "a Platform");
static_assert(filelock::is_backoff_policy_v<filelock::default_backoff>,
              "a BackoffPolicy");

/// Each of these instantiates what it calls.
void use_default_arguments() {
  filelock::basic_file_lock<> lock{"file"};
  lock.lock();
  filelock::basic_file_lock deduced{"file"};
  deduced.lock_shared();
}

void use_another_platform() {
  filelock::basic_file_lock<mine> lock{"file"};
  lock.lock();
}

void use_another_policy() {
  filelock::basic_file_lock lock{"file", [](const filelock::wait_state&) {
                                   return std::chrono::seconds(1);
                                 }};
  lock.lock();
}

} // namespace basic_file_lock_alone
