// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// What the findings mean for a user, and the exit code.

#ifndef FILELOCK_EXAMPLE_VERIFY_FILESYSTEM_VERDICT_HPP
#define FILELOCK_EXAMPLE_VERIFY_FILESYSTEM_VERDICT_HPP

#include "failure.hpp"
#include "findings.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

namespace verify {

/// The exit codes; verify_filesystem.1 documents them.
enum exit_code {
  can_be_used = 0,
  must_not_be_used = 1,
  wrong_usage = 2,
  has_limits = 3,
  none_supported = 4,
  undecided = 5
};

struct verdict {
  exit_code code = undecided;
  std::string sentence;
};

/// \returns The duration with two digits: "340 us", "1.2 ms", "3.0 s".
inline std::string text(nanoseconds duration) {
  const double ns = static_cast<double>(duration.count());
  const auto print = [](double value, const char* unit) {
    char result[64];
    std::snprintf(result, sizeof result, value < 10 ? "%.1f %s" : "%.0f %s",
                  value, unit);
    return std::string(result);
  };
  if (ns < 1e6) return print(ns / 1e3, "us");
  if (ns < 1e9) return print(ns / 1e6, "ms");
  return print(ns / 1e9, "s");
}

/// Reads the findings of one model.
class judgement {
public:
  judgement(const model_findings& model, const file_findings& files,
            const settings& set)
      : model_(model), files_(files), patience_(text(set.patience)) {}

  verdict get() const {
    if (is_lack_of_support(model_.refused)) return not_supported();
    const std::string wrong = first_of({shown_wrong(), unanswered()});
    if (!wrong.empty()) return {must_not_be_used, "do not: " + wrong};
    for (const failure& each : {model_.refused, model_.failed})
      if (!each.empty())
        return {undecided, "undecided: it could not be tried: " + each.text};
    if (model_.is_interrupted)
      return {undecided, "undecided: the run ended before all was asked"};
    if (is_short(model_.here) || is_short(model_.across))
      return {undecided, "undecided: too few holds to compare"};
    const std::vector<std::string> all = limits();
    std::string sentence = "use this";
    if (!model_.should_exclude_itself)
      sentence += ", with one object in each process";
    for (const std::string& each : all)
      sentence += (&each == &all.front() ? ", but " : "; ") + each;
    return {all.empty() ? can_be_used : has_limits, sentence};
  }

private:
  verdict not_supported() const {
    const bool is_told =
        model_.refused.number == ENOTSUP || model_.refused.number == EOPNOTSUPP;
    return {none_supported, "not supported here: " + model_.refused.text +
                                (is_told ? model_.needs : "")};
  }

  static bool is_short(const contention& tried) {
    constexpr std::size_t fewest = 10;
    return tried.ended != answer::not_asked && tried.found.holds < fewest;
  }

  static std::string first_of(std::vector<std::string> all) {
    for (std::string& each : all)
      if (!each.empty()) return std::move(each);
    return "";
  }

  /// \returns What was seen and must not be.
  std::string shown_wrong() const {
    if (model_.here.found.found != 0)
      return "two owners held at once for " + lengths(model_.here.found);
    if (model_.across.found.found != 0)
      return "two owners, one through each folder, held at once for " +
             lengths(model_.across.found);
    if (files_.inodes_are_stable == answer::no)
      return "the inode number of a file changes, so a lock cannot tell "
             "whether its path still names the locked file";
    if (model_.hand_over.came == answer::no ||
        model_.after_kill.came == answer::no ||
        model_.after_timeout.came == answer::no ||
        model_.after_cancel.came == answer::no)
      return "a waiter got the lock while another process held it";
    if (model_.should_exclude_itself &&
        model_.descriptors_exclude == answer::no)
      return "two objects of one process held at once";
    return is_circumstance(model_.failed) ? "" : model_.failed.text;
  }

  /// \returns What did not come, if there was enough time for it.
  std::string unanswered() const {
    if (model_.is_interrupted || !model_.failed.empty()) return "";
    if (model_.answers == answer::none ||
        model_.descriptors_exclude == answer::none ||
        model_.replacement_is_seen == answer::none)
      return "a request for a lock was not answered within " + patience_;
    if (model_.here.ended == answer::none ||
        model_.across.ended == answer::none ||
        model_.hand_over.came == answer::none)
      return "a waiter was not woken within " + patience_;
    if (model_.after_kill.came == answer::none)
      return "the lock of an owner that was killed was not free within " +
             patience_;
    if (model_.after_timeout.came == answer::none && !model_.has_cancel)
      return "an attempt was not answered within " + patience_;
    return "";
  }

  static std::string lengths(const overlaps& found) {
    return text(found.longest) + " (" + std::to_string(found.found) + " of " +
           std::to_string(found.holds) + " holds)";
  }

  /// \returns What a user has to avoid.
  std::vector<std::string> limits() const {
    std::vector<std::string> result;
    if (model_.hand_over.came == answer::yes &&
        (model_.hand_over.half() > std::chrono::milliseconds(100) ||
         model_.hand_over.longest() > std::chrono::seconds(1)))
      result.push_back("waiters come up to " +
                       text(model_.hand_over.longest()) +
                       " late: wait with polled<" + model_.name + ">");
    if (model_.replacement_is_seen == answer::no)
      result.push_back("a lock does not notice that its file was removed or "
                       "replaced: let nobody do that");
    const bool has_deadline = model_.after_timeout.came != answer::none;
    const bool has_cancel = model_.after_cancel.came != answer::none;
    if (!has_deadline || !has_cancel) {
      const char* const what = has_deadline ? "a cancel did not end"
                               : has_cancel
                                   ? "a deadline did not end"
                                   : "neither a deadline nor a cancel ended";
      result.push_back(std::string(what) +
                       " a wait in the kernel's queue within " + patience_ +
                       ": do not use queued<>");
    }
    return result;
  }

  const model_findings& model_;
  const file_findings& files_;
  std::string patience_;
};

/// \returns The exit code of the run.
inline exit_code combine(const std::vector<verdict>& all) {
  const auto has = [&](exit_code code) {
    return std::any_of(all.begin(), all.end(), [code](const verdict& each) {
      return each.code == code;
    });
  };
  for (const exit_code each :
       {must_not_be_used, undecided, has_limits, can_be_used, none_supported})
    if (has(each)) return each;
  return undecided;
}

} // namespace verify

#endif
