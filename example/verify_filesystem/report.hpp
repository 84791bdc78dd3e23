// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The report for people.

#ifndef FILELOCK_EXAMPLE_VERIFY_FILESYSTEM_REPORT_HPP
#define FILELOCK_EXAMPLE_VERIFY_FILESYSTEM_REPORT_HPP

#include "file_system.hpp"
#include "findings.hpp"
#include "verdict.hpp"

#include <cstddef>
#include <functional>
#include <ostream>
#include <string>
#include <vector>

namespace verify {

/// All that a report says.
struct results {
  file_findings files;
  std::vector<model_findings> models;
  std::vector<verdict> verdicts; ///< one for each model
  std::vector<long> left;        ///< processes that could not be ended
  exit_code code = undecided;
};

inline const char* text(answer given) {
  switch (given) {
  case answer::yes:
    return "yes";
  case answer::no:
    return "no";
  case answer::none:
    return "no answer";
  case answer::not_asked:
    break;
  }
  return "-";
}

inline std::string text(const contention& tried) {
  if (tried.found.found != 0) return "no";
  if (tried.found.holds == 0) return "-";
  return text(tried.ended);
}

/// \returns "31 us, 4.0 ms": half of them, and the last.
inline std::string text(const delays& found) {
  if (found.came == answer::none) return "not in time";
  if (found.came != answer::yes) return text(found.came);
  if (found.each.size() == 1) return text(found.each.front());
  return text(found.half()) + ", " + text(found.longest());
}

class table {
public:
  explicit table(const results& all) : all_(all) {}

  void write(std::ostream& out) const {
    using findings = const model_findings&;
    row(out, "", [](findings m) { return m.short_name; });
    row(out, "processes exclude each other",
        [](findings m) { return text(m.here); });
    row(out, "  holds that were compared", [](findings m) {
      return m.here.ended == answer::not_asked
                 ? "-"
                 : std::to_string(m.here.found.holds);
    });
    if (has_two_folders()) {
      row(out, "through the two folders",
          [](findings m) { return text(m.across); });
      row(out, "  holds that were compared", [](findings m) {
        return m.across.ended == answer::not_asked
                   ? "-"
                   : std::to_string(m.across.found.holds);
      });
    }
    row(out, "two descriptors of one process",
        [](findings m) { return text(m.descriptors_exclude); });
    row(out, "a replaced file is noticed",
        [](findings m) { return text(m.replacement_is_seen); });
    row(out, "a waiter is woken: p50, max",
        [](findings m) { return text(m.hand_over); });
    row(out, "kill -9 of the owner frees it",
        [](findings m) { return text(m.after_kill); });
    row(out, "a deadline ends a wait, late by",
        [](findings m) { return text(m.after_timeout); });
    row(out, "a cancel ends a wait, after",
        [](findings m) { return text(m.after_cancel); });
  }

private:
  bool has_two_folders() const {
    for (const model_findings& each : all_.models)
      if (each.across.ended != answer::not_asked) return true;
    return false;
  }

  void
  row(std::ostream& out, const char* what,
      const std::function<std::string(const model_findings&)>& cell) const {
    std::string line;
    const auto add = [&line](const std::string& text, std::size_t column) {
      line.resize(column, ' ');
      line += text;
    };
    add(what, 0);
    std::size_t column = 32;
    for (const model_findings& each : all_.models) {
      add(' ' + cell(each), column);
      column += 17;
    }
    out << line << '\n';
  }

  const results& all_;
};

/// Effects: writes what the system says of the file system.
inline void write_file_system(std::ostream& out, const settings& set,
                              const file_findings& found) {
  for (const auto& each : set.folders)
    out << each.string() << (&each == &set.folders.back() ? ": " : ", ");
  out << (found.type.empty() ? "not known" : found.type);
  if (!found.mount_options.empty()) out << " (" << found.mount_options << ')';
  out << (found.is_nfs       ? ", NFS"
          : found.is_network ? ", a network file system"
                             : ", not NFS")
      << '\n';
}

/// Effects: writes what one run on one machine cannot show.
inline void write_notes(std::ostream& out, const results& all,
                        const settings& set) {
  const file_findings& files = all.files;
  if (has_local_locks(files))
    out << "The mount options keep locks on this machine, all of them or some "
           "kinds: no other machine sees those.\n";
  else if ((files.is_network || files.type.rfind("fuse", 0) == 0) &&
           set.folders.size() == 1)
    out << "Nothing is said of other machines. Two mounts of this file system "
           "show more: see the manual page.\n";
  if (!files.left.empty())
    out << "This folder could not be removed: " << files.left << '\n';
  if (!all.left.empty()) {
    out << "SIGKILL could not end these processes, which wait for the file "
           "system:";
    for (const long each : all.left)
      out << ' ' << each;
    out << '\n';
  }
}

inline void write_report(std::ostream& out, const results& all,
                         const settings& set) {
  write_file_system(out, set, all.files);
  if (!all.files.problem.empty()) {
    out << "cannot check: " << all.files.problem << '\n';
    return write_notes(out, all, set);
  }
  out << "inode numbers are stable: " << text(all.files.inodes_are_stable)
      << "\na deletion shows in the link count: "
      << text(all.files.link_count_tells)
      << ", in the ctime: " << text(all.files.ctime_tells)
      << (all.files.ctime_is_in_seconds ? " (in seconds)" : "")
      << ", by comparing path and file: " << text(all.files.comparison_tells)
      << "\n\n";
  table(all).write(out);
  out << '\n';
  for (std::size_t i = 0; i != all.models.size(); ++i)
    out << all.models[i].name << ": " << all.verdicts[i].sentence << '\n';
  write_notes(out, all, set);
}

} // namespace verify

#endif
