// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef FILELOCK_BENCH_SUPPORT_OPTIONAL_FIGURES_FILE_HPP
#define FILELOCK_BENCH_SUPPORT_OPTIONAL_FIGURES_FILE_HPP

#include "command_line.hpp"
#include "figures.hpp"
#include "wait_summary.hpp"

#include <memory>
#include <optional>
#include <string>

namespace bench {

/// The file that --csv names; without that option, none.
class optional_figures_file {
public:
  explicit optional_figures_file(command_line& options) {
    if (const std::optional<std::string> path = options.take_text("--csv"))
      file_ = std::make_unique<figures_file>(*path);
  }

  void add(const figure& row) {
    if (file_) file_->add(row);
  }

  /// Effects: adds p50, p90, p99, max and the number of the waits.
  void add(const std::string& measure, const std::string& subject,
           const std::string& setting, const wait_summary& waits) {
    add({measure, subject, setting, "p50", in_seconds(waits.p50), "s"});
    add({measure, subject, setting, "p90", in_seconds(waits.p90), "s"});
    add({measure, subject, setting, "p99", in_seconds(waits.p99), "s"});
    add({measure, subject, setting, "max", in_seconds(waits.max), "s"});
    add({measure, subject, setting, "count", static_cast<double>(waits.count),
         "1"});
  }

private:
  // Not a std::optional: GCC 12 with -O2 warns that it may be uninitialized.
  std::unique_ptr<figures_file> file_;
};

} // namespace bench

#endif
