// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: flock(2) and fcntl(2)

// A Platform of one's own, from system calls: it excludes those who lock by
// flock(2) as well as those who lock by fcntl(2).

#include "support/both_traits.hpp"
#include "support/example.hpp"

#include <filelock/concepts.hpp>
#include <filelock/file_lock.hpp>
#include <filelock/platform/posix_flock_traits.hpp>
#include <filelock/platform/posix_ofd_traits.hpp>

#include <chrono>
#include <filesystem>

namespace {

using namespace std::chrono_literals;
using example::check;

// tag::lock[]
static_assert(filelock::is_platform_v<both_traits>);

using lock_of_both_kinds = filelock::basic_file_lock<both_traits>;
// end::lock[]

template <class Platform>
void exclude_each_other(const std::filesystem::path& path) {
  filelock::basic_file_lock<Platform> other{path};
  lock_of_both_kinds lock{path};
  lock.lock();
  check(!other.try_lock(), "one kind is excluded");
  lock.unlock();
  other.lock();
  check(!lock.try_lock_for(1ms), "and excludes");
  check(!lock.try_lock_shared(), "in either mode");
  other.unlock();
  check(lock.try_lock(), "until it is released");
}

void keep_neither_without_the_other(const std::filesystem::path& path) {
  filelock::basic_file_lock<filelock::posix_ofd_traits> record{path};
  filelock::basic_file_lock<filelock::posix_flock_traits> third{path};
  lock_of_both_kinds lock{path};
  record.lock();
  lock.open(); // else a failed attempt closes the file, which releases
  check(!lock.try_lock(), "one of the two is busy");
  check(third.try_lock(), "the other one is not kept");
}

void use(const example::temporary_folder& folder) {
  const std::filesystem::path path = folder / "state.lock";
  exclude_each_other<filelock::posix_flock_traits>(path);
  exclude_each_other<filelock::posix_ofd_traits>(path);
  exclude_each_other<both_traits>(path);
  keep_neither_without_the_other(path);
}

} // namespace

int main() { return example::run(use); }
