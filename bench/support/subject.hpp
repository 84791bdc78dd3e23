// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef FILELOCK_BENCH_SUPPORT_SUBJECT_HPP
#define FILELOCK_BENCH_SUPPORT_SUBJECT_HPP

#include "lock_under_test.hpp"
#include "timed_lockable.hpp"
#include "wait_form.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace bench {

/// What is compared with others.
struct subject {
  enum class group { peer, wait, policy, adaptor };

  std::string name;
  group of;
  wait_form form;
  bool is_in_process; ///< no other program waits in its place
  /// Called in each process, with a file of this subject alone.
  std::function<std::unique_ptr<lock_under_test>(const std::filesystem::path&)>
      make;
};

/// \returns A subject: a lock of this library.
/// \param policy The BackoffPolicy, where it is not the default one.
template <class Lock, class... Policy>
subject ours(subject::group of, std::string name, wait_form form,
             Policy... policy) {
  return {std::move(name), of, form, true,
          [form, policy...](const std::filesystem::path& path) {
            return std::make_unique<timed_lockable<Lock>>(form, path,
                                                          policy...);
          }};
}

} // namespace bench

#endif
