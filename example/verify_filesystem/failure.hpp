// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// What an error says of a file system, and what it does not say.

#ifndef FILELOCK_EXAMPLE_VERIFY_FILESYSTEM_FAILURE_HPP
#define FILELOCK_EXAMPLE_VERIFY_FILESYSTEM_FAILURE_HPP

#include <algorithm>
#include <cerrno>
#include <exception>
#include <filesystem>
#include <initializer_list>
#include <string>
#include <system_error>

namespace verify {

/// Why something could not be done.
struct failure {
  std::string text;
  int number = 0; ///< as errno; zero if it is no error of the system

  bool empty() const { return text.empty(); }
};

inline failure failure_of(const std::error_code& ec) {
  return {ec.message(), ec.default_error_condition().value()};
}

/// \returns What `error` says, without the words of the standard library for
/// its own functions.
inline failure failure_of(const std::exception& error) {
  namespace fs = std::filesystem;
  failure result{error.what()};
  if (const auto* of_system = dynamic_cast<const std::system_error*>(&error))
    result.number = failure_of(of_system->code()).number;
  if (const auto* of_path = dynamic_cast<const fs::filesystem_error*>(&error))
    result.text = of_path->path1().string() + ": " + of_path->code().message();
  return result;
}

inline bool is_among(int number, std::initializer_list<int> all) {
  return std::find(all.begin(), all.end(), number) != all.end();
}

/// \returns Whether the file system says that it lacks the operation. A missing
/// lock manager is "no locks": nfs(5). What cannot be mapped is "no device":
/// mmap(2).
inline bool is_lack_of_support(const failure& why) {
  return is_among(why.number,
                  {ENOTSUP, EOPNOTSUPP, ENOSYS, EINVAL, ENODEV, ENOLCK});
}

/// \returns Whether room, memory, descriptors, processes or rights are missing.
/// That says nothing of the locks.
inline bool is_circumstance(const failure& why) {
  return is_among(why.number, {ENOSPC, EDQUOT, EMFILE, ENFILE, ENOMEM, EAGAIN,
                               EROFS, EACCES, EPERM});
}

} // namespace verify

#endif
