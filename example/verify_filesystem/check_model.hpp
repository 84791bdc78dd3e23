// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// All that is asked of one model of a lock.

#ifndef FILELOCK_EXAMPLE_VERIFY_FILESYSTEM_CHECK_MODEL_HPP
#define FILELOCK_EXAMPLE_VERIFY_FILESYSTEM_CHECK_MODEL_HPP

#include "file_checks.hpp"
#include "findings.hpp"
#include "helpers.hpp"
#include "lock_checks.hpp"
#include "models.hpp"
#include "wait_checks.hpp"

#include <chrono>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace verify {

/// Asks until an answer makes the others meaningless.
template <class P>
class model_check {
public:
  /// \param contention How long processes contend in one folder, or in two.
  model_check(helpers& run, const places& where, const settings& set,
              nanoseconds contention)
      : run_(run), set_(set), patience_(set.patience), contention_(contention) {
    name(found_, P());
    found_.should_exclude_itself = P::excludes_same_process;
    found_.has_cancel = has_cancel<P>;
    paths_ = where.of(found_.short_name);
  }

  model_findings run() {
    const bool is_complete = ask_all();
    found_.is_interrupted = !is_complete || run_.is_over();
    return std::move(found_);
  }

private:
  /// \returns Whether the bound left the time to ask for what matters.
  bool ask_all() {
    const fs::path& first = paths_.front();
    const fs::path& last = paths_.back();
    if (!begin("one attempt")) return false;
    check_support<P>(run_, first, patience_, found_);
    if (found_.answers != answer::yes || !found_.refused.empty() || is_wrong())
      return true;
    if (!begin("contention")) return false;
    found_.here = check_contention<P>(run_, {first}, set_, contention_, found_);
    if (is_wrong(found_.here)) return true;
    if (paths_.size() > 1) {
      if (!begin("contention through two folders")) return false;
      found_.across =
          check_contention<P>(run_, paths_, set_, contention_, found_);
      if (is_wrong(found_.across)) return true;
    }
    if (!begin("two descriptors of one process")) return false;
    check_descriptors<P>(run_, first, patience_, found_);
    if (is_wrong()) return true;
    if (!begin("a replaced file")) return false;
    check_replacement<P>(run_, first, last, patience_, found_);
    if (is_wrong()) return true;
    if (!begin("hand-over")) return false;
    check_hand_over<P>(run_, first, last, patience_, found_);
    if (is_wrong() || found_.hand_over.came != answer::yes) return true;
    if (!begin("kill -9 of the owner")) return false;
    check_kill<P>(run_, first, last, patience_, found_);
    // The next owner would find the lock held.
    if (is_wrong() || found_.after_kill.came != answer::yes) return true;
    if (!begin("a wait with a deadline")) return false;
    check_timeout<P>(run_, first, patience_, found_);
    if (is_wrong()) return true;
    if constexpr (has_cancel<P>) {
      if (!begin("a cancelled wait")) return false;
      check_cancel<P>(run_, first, patience_, found_);
    }
    return true;
  }

  bool begin(const char* what) {
    run_.say(std::string(found_.name) + ": " + what);
    return !run_.is_over();
  }

  bool is_wrong() const { return !found_.failed.empty(); }
  bool is_wrong(const contention& tried) const {
    return is_wrong() || tried.ended != answer::yes || tried.found.found != 0;
  }

  helpers& run_;
  const settings& set_;
  nanoseconds patience_;
  nanoseconds contention_;
  std::vector<fs::path> paths_;
  model_findings found_;
};

/// A model that a user may choose.
struct model {
  const char* short_name;
  model_findings (*check)(helpers&, const places&, const settings&,
                          nanoseconds contention);
};

template <class P>
model model_for(const char* short_name) {
  return {short_name, [](helpers& run, const places& where, const settings& set,
                         nanoseconds contention) {
            return model_check<P>(run, where, set, contention).run();
          }};
}

inline std::vector<model> all_models() {
  return {model_for<filelock::posix_flock_traits>("flock"),
          model_for<filelock::posix_ofd_traits>("ofd"),
          model_for<filelock::posix_fcntl_traits>("fcntl"),
          model_for<filelock::posix_robust_traits>("robust")};
}

} // namespace verify

#endif
