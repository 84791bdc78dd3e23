// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The report for programs.

#ifndef FILELOCK_EXAMPLE_VERIFY_FILESYSTEM_JSON_HPP
#define FILELOCK_EXAMPLE_VERIFY_FILESYSTEM_JSON_HPP

#include "file_system.hpp"
#include "findings.hpp"
#include "report.hpp"
#include "verdict.hpp"

#include <cstddef>
#include <cstdio>
#include <string>
#include <vector>

namespace verify {

inline std::string json(const std::string& value) {
  std::string result = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') {
      (result += '\\') += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char code[8];
      std::snprintf(code, sizeof code, "\\u%04x", static_cast<unsigned>(c));
      result += code;
    } else {
      result += c;
    }
  }
  return result + '"';
}

inline std::string json(bool value) { return value ? "true" : "false"; }
inline std::string json(std::size_t value) { return std::to_string(value); }

/// null of what was not asked, or was not answered.
inline std::string json(answer given) {
  if (given == answer::yes || given == answer::no)
    return json(given == answer::yes);
  return "null";
}

/// The members of an object, in the order in which they are added.
class object {
public:
  template <class Value>
  object& add(const char* name, const Value& value) {
    return add_text(name, json(value));
  }
  object& add(const char* name, const char* value) {
    return add_text(name, json(std::string(value)));
  }
  /// \param value JSON already.
  object& add_text(const char* name, const std::string& value) {
    members_ +=
        (members_.empty() ? "" : ", ") + json(std::string(name)) + ": " + value;
    return *this;
  }
  std::string get() const { return '{' + members_ + '}'; }

private:
  std::string members_;
};

inline std::string list(const std::vector<std::string>& values) {
  std::string result;
  for (const std::string& each : values)
    result += (result.empty() ? "" : ", ") + each;
  return '[' + result + ']';
}

inline std::string json(const contention& tried) {
  if (tried.ended == answer::not_asked) return "null";
  return object()
      .add("ended", tried.ended == answer::yes)
      .add("holds", tried.found.holds)
      .add("overlaps", tried.found.found)
      .add("longest_overlap_ns",
           static_cast<std::size_t>(tried.found.longest.count()))
      .get();
}

inline std::string json(const delays& found) {
  if (found.came == answer::not_asked) return "null";
  object result;
  result.add("came", found.came == answer::yes);
  if (found.came == answer::yes)
    result.add_text("p50_ns", std::to_string(found.half().count()))
        .add_text("max_ns", std::to_string(found.longest().count()));
  return result.get();
}

inline const char* name_of(exit_code code) {
  switch (code) {
  case can_be_used:
    return "use";
  case must_not_be_used:
    return "do not use";
  case has_limits:
    return "use with limits";
  case none_supported:
    return "not supported";
  case wrong_usage:
  case undecided:
    break;
  }
  return "undecided";
}

inline std::string json(const model_findings& found, const verdict& judged) {
  return object()
      .add("name", found.name)
      .add("verdict", name_of(judged.code))
      .add("sentence", judged.sentence)
      .add("contention", found.here)
      .add("contention_through_two_folders", found.across)
      .add("two_descriptors_of_one_process_exclude", found.descriptors_exclude)
      .add("replaced_file_is_noticed", found.replacement_is_seen)
      .add("hand_over", found.hand_over)
      .add("after_kill", found.after_kill)
      .add("after_deadline", found.after_timeout)
      .add("after_cancel", found.after_cancel)
      .get();
}

inline std::string json(const results& all, const settings& set) {
  std::vector<std::string> folders;
  for (const auto& each : set.folders)
    folders.push_back(json(each.string()));
  std::vector<std::string> models;
  for (std::size_t i = 0; i != all.models.size(); ++i)
    models.push_back("\n    " + json(all.models[i], all.verdicts[i]));
  std::vector<std::string> left;
  for (const long each : all.left)
    left.push_back(std::to_string(each));
  const file_findings& files = all.files;
  return "{\n  \"folders\": " + list(folders) + ",\n  \"file_system\": " +
         object()
             .add("type", files.type)
             .add("is_nfs", files.is_nfs)
             .add("is_network", files.is_network)
             .add("lock_options", files.mount_options)
             .add("has_local_locks", has_local_locks(files))
             .add("inode_numbers_are_stable", files.inodes_are_stable)
             .add("link_count_shows_deletion", files.link_count_tells)
             .add("ctime_shows_deletion", files.ctime_tells)
             .add("comparison_shows_deletion", files.comparison_tells)
             .get() +
         ",\n  \"problem\": " + json(files.problem) +
         ",\n  \"models\": " + list(models) +
         ",\n  \"processes_left\": " + list(left) +
         ",\n  \"folder_left\": " + json(files.left) +
         ",\n  \"exit_code\": " + std::to_string(all.code) + "\n}\n";
}

} // namespace verify

#endif
