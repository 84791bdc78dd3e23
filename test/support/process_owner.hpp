// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef FILELOCK_TEST_SUPPORT_PROCESS_OWNER_HPP
#define FILELOCK_TEST_SUPPORT_PROCESS_OWNER_HPP

#include <filelock/detail/laws/law_book.hpp>
#include <filelock/lock_request.hpp>

#include "child_process.hpp"

#include <unistd.h>

#include <filesystem>
#include <sstream>
#include <stdexcept>
#include <string>
#include <system_error>

namespace test {

/// A law_file in a process of its own, for Platforms whose errors are of the
/// generic category.
template <class P>
class process_owner {
public:
  explicit process_owner(const std::filesystem::path& path)
      : child_(child_process::forked([&path](line_channel& parent) {
          serve(path, parent);
          return std::string();
        })) {
    if (child_.read_line() != "opened")
      throw std::runtime_error("a process that is an owner has not started");
  }

  ::pid_t process() const { return child_.id(); }

  bool try_lock(const filelock::lock_request& request) {
    return ask("try", request);
  }
  void unlock(const filelock::lock_request& request) { ask("unlock", request); }
  void close() { ask("close", {}); }

  std::error_code ec; ///< of the last calls

private:
  /// \returns What the process answers, after it has set `ec`.
  bool ask(const char* command, const filelock::lock_request& request) {
    std::ostringstream line;
    line << command << ' ' << static_cast<int>(request.mode) << ' '
         << request.range.offset << ' ' << request.range.length;
    const std::string said = child_.ask(line.str());
    std::istringstream words(said);
    bool result = false;
    int error = 0;
    if (!(words >> result >> error))
      throw std::runtime_error("a process that is an owner says " + said);
    ec.assign(error, std::generic_category());
    return result;
  }

  static void serve(const std::filesystem::path& path, line_channel& parent) {
    filelock::detail::law_file<P>::close_all();
    filelock::detail::law_file<P> file(path);
    parent.write_line("opened");
    for (;;) {
      std::istringstream words(parent.read_line());
      std::string command;
      int mode = 0;
      filelock::lock_request request;
      if (!(words >> command >> mode >> request.range.offset >>
            request.range.length))
        return;
      request.mode = static_cast<filelock::lock_mode>(mode);
      bool result = false;
      if (command == "try")
        result = file.try_lock(request);
      else if (command == "unlock")
        file.unlock(request);
      else
        file.close();
      parent.write_line(std::to_string(result) + ' ' +
                        std::to_string(file.ec.value()));
    }
  }

  child_process child_;
};

} // namespace test

#endif
