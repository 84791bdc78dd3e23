// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The reason why a lock failed: an error code and a message.

#ifndef FILELOCK_DETAIL_LOCK_FAILURE_HPP
#define FILELOCK_DETAIL_LOCK_FAILURE_HPP

#include <filelock/detail/config.hpp>

#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {

/// The call of a Platform that failed, or the lock's own check before it.
enum class refused_call { open, lock, convert, adopt, own_check };

/// The error of one member of a lock. The message is chosen when it is needed.
class failure {
public:
  /// The error code; clear if there is no error. A Platform sets it.
  /// @{
  std::error_code& code() noexcept { return code_; }
  const std::error_code& code() const noexcept { return code_; }
  /// @}

  explicit operator bool() const noexcept { return static_cast<bool>(code_); }

  /// Notes which call set the code.
  void in(refused_call call) noexcept { call_ = call; }

  /// Fails without a call of the Platform. `words` is a string literal.
  FILELOCK_NOINLINE void set(std::errc error, const char* words) noexcept {
    code_ = std::make_error_code(error);
    words_ = words;
    call_ = refused_call::own_check;
  }

  /// \returns What was refused and, if that is known, what would work instead.
  const char* words() const noexcept {
    switch (call_) {
    case refused_call::open:
      return open_words();
    case refused_call::lock:
      return lock_words();
    case refused_call::convert:
      return "filelock: the conversion was refused";
    case refused_call::adopt:
      return "filelock: the handle was refused";
    case refused_call::own_check:
    default:
      return words_;
    }
  }

private:
  // The other categories are those of services, whose messages say more.
  bool is_about_files() const noexcept {
    return code_.category() == std::generic_category() ||
           code_.category() == std::system_category();
  }

  const char* open_words() const noexcept {
    if (!is_about_files()) return "filelock: open was refused";
    if (code_ == std::errc::too_many_symbolic_link_levels)
      return "filelock: open was refused: the path is a symbolic link (see "
             "open_options::follow_symlink), or has too many of them";
    if (code_ == std::errc::invalid_argument)
      return "filelock: open was refused: the file is not a regular file (a "
             "device needs open_options::device), or not a lock file of this "
             "Platform";
    if (code_ == std::errc::is_a_directory)
      return "filelock: open was refused: the path is a folder, which needs "
             "open_options::directory";
    if (code_ == std::errc::not_a_directory)
      return "filelock: open was refused: the path, or a part of it, is not "
             "a folder";
    if (code_ == std::errc::not_supported)
      return "filelock: open was refused: a program of another version "
             "or another C library made the file, or another Platform is "
             "needed";
    return "filelock: open was refused";
  }

  const char* lock_words() const noexcept {
    if (!is_about_files()) return "filelock: lock was refused";
    if (code_ == std::errc::resource_deadlock_would_occur)
      return "filelock: lock was refused: the wait would never end";
    if (code_ == std::errc::permission_denied)
      return "filelock: lock was refused: the file may not be written, or a "
             "security module forbids the lock";
    if (code_ == std::errc::not_supported)
      return "filelock: lock was refused: the file system has no such locks, "
             "or another Platform is needed";
    if (code_ == std::errc::state_not_recoverable)
      return "filelock: lock was refused: a program has left the mutex in the "
             "file so that nobody can lock it: remove the file";
    return "filelock: lock was refused";
  }

  std::error_code code_;
  refused_call call_ = refused_call::own_check;
  const char* words_ = "filelock: refused";
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
