// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Calls that read the bodies of the templates. With -fdelayed-template-parsing
/// they would not be read otherwise.

#ifndef FILELOCK_TEST_LINT_USE_LOCKS_HPP
#define FILELOCK_TEST_LINT_USE_LOCKS_HPP

template <class Lock>
void use(Lock& lock) {
  std::error_code ec;
  lock.lock(ec);
  lock.unlock();
  (void)lock.try_lock_for(std::chrono::seconds(1), ec);
}

template <class Platform>
void use_locks() {
  filelock::basic_file_lock<Platform> lock("a.lock");
  use(lock);
  (void)lock.try_lock_shared();
  lock.close();
  filelock::basic_file_lock<filelock::counted<Platform>> counted("a.lock");
  use(counted);
  (void)counted.token();
  filelock::basic_file_lock<filelock::marked<Platform>> marked("a.lock");
  use(marked);
  (void)marked.previous_owner_died();
  filelock::queued_file_lock queued("a.lock");
  use(queued);
  filelock::file_mutex mutex("a.lock");
  use(mutex);
  filelock::interprocess::file_lock drop_in("a.lock");
  (void)drop_in.timed_lock(std::chrono::system_clock::time_point());
}

#endif
