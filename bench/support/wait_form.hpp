// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef FILELOCK_BENCH_SUPPORT_WAIT_FORM_HPP
#define FILELOCK_BENCH_SUPPORT_WAIT_FORM_HPP

namespace bench {

/// The two ways to wait that most locks have.
enum class wait_form {
  unbounded, ///< lock()
  timed      ///< try_lock_until(), or what it is called there
};

} // namespace bench

#endif
