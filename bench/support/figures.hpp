// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// What a benchmark has measured, as rows of a CSV file. All benchmarks write
/// the same six columns, so that scripts/bench can put their files together.

#ifndef FILELOCK_BENCH_SUPPORT_FIGURES_HPP
#define FILELOCK_BENCH_SUPPORT_FIGURES_HPP

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <system_error>

namespace bench {

/// One figure. No text in it has a comma or a quote.
struct figure {
  std::string measure;   ///< what is measured: "hand-over"
  std::string subject;   ///< of what: "file_lock"
  std::string setting;   ///< under which condition: "2 to 60 ms"; may be empty
  std::string statistic; ///< "p50", "max", "mean"
  double value;
  std::string unit; ///< "s"; "1" for a ratio, a share or a count
};

class figures_file {
public:
  explicit figures_file(const std::string& path)
      : file_(std::fopen(path.c_str(), "w")) {
    if (!file_) throw std::system_error(errno, std::generic_category(), path);
    std::fputs("measure,subject,setting,statistic,value,unit\n", file_);
  }
  ~figures_file() { std::fclose(file_); }
  figures_file(const figures_file&) = delete;
  figures_file& operator=(const figures_file&) = delete;

  void add(const figure& row) {
    for (const std::string* text :
         {&row.measure, &row.subject, &row.setting, &row.statistic, &row.unit})
      if (text->find_first_of(",\"\n") != std::string::npos)
        throw std::invalid_argument("not for a CSV file: " + *text);
    std::fprintf(file_, "%s,%s,%s,%s,%.9g,%s\n", row.measure.c_str(),
                 row.subject.c_str(), row.setting.c_str(),
                 row.statistic.c_str(), row.value, row.unit.c_str());
    std::fflush(file_); // what was measured is kept if a later part fails
  }

private:
  std::FILE* file_;
};

inline double in_seconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

} // namespace bench

#endif
