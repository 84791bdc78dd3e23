// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// How the throwing members report an error.

#ifndef FILELOCK_ERROR_HPP
#define FILELOCK_ERROR_HPP

#include <filelock/detail/config.hpp>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace filelock {
inline namespace v1 {

/// The error handler of programs without exceptions. The throwing members call
/// it. Its arguments are those of a std::filesystem::filesystem_error. It must
/// not return; the process is aborted if it does.
using error_handler = void (*)(const char* what,
                               const std::filesystem::path& path,
                               std::error_code code);

/// The default handler: prints its arguments on the standard error stream.
inline void print_error(const char* what, const std::filesystem::path& path,
                        std::error_code code) {
  std::fprintf(stderr, "%s: %s [%s]\n", what, code.message().c_str(),
               path.string().c_str());
}

namespace detail {
FILELOCK_SHARED_BY_PROCESS inline std::atomic<error_handler>
    current_error_handler{&print_error};
} // namespace detail

/// Replaces the error handler of programs without exceptions.
/// \returns The previous handler. \param handler is not null.
inline error_handler set_error_handler(error_handler handler) noexcept {
  return detail::current_error_handler.exchange(handler);
}

namespace detail {

[[noreturn]] inline void throw_error(const char* words,
                                     const std::filesystem::path& path,
                                     std::error_code code) {
#if FILELOCK_HAS_EXCEPTIONS
  throw std::filesystem::filesystem_error(words, path, code);
#else
  current_error_handler.load()(words, path, code);
  std::abort();
#endif
}

} // namespace detail

} // namespace v1
} // namespace filelock

#endif
