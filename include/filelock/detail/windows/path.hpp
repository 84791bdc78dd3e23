// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Converts paths to the form that Windows needs, and makes folders.

#ifndef FILELOCK_DETAIL_WINDOWS_PATH_HPP
#define FILELOCK_DETAIL_WINDOWS_PATH_HPP

#include <filelock/detail/windows/api.hpp>
#include <filelock/detail/windows/error.hpp>

#include <cstddef>
#include <filesystem>
#include <string>
#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {

/// \returns `path` from its root, without "/" or "..". Not by
/// std::filesystem::absolute: GNU's library for MinGW-w64 takes a UNC path for
/// one of the current drive.
inline std::wstring win_full_path(const std::filesystem::path& path,
                                  std::error_code& ec) {
  std::wstring full(path.native().size() + 1, L'\0');
  for (;;) {
    const winapi::DWORD_ size = ::GetFullPathNameW(
        path.c_str(), static_cast<winapi::DWORD_>(full.size()), full.data(),
        nullptr);
    const bool fits = size < full.size();
    full.resize(size); // if it does not fit, that is the size it needs
    if (size == 0) ec = win_last_error();
    if (fits) return full;
  }
}

/// \returns `path` in the form whose length is not limited to MAX_PATH, if it
/// is that long: "Maximum Path Length Limitation". A shorter path is not
/// changed, because that form has no names of devices.
inline std::wstring win_long_path(const std::filesystem::path& path,
                                  std::error_code& ec) {
  constexpr std::size_t longest_of_folder = 247;
  const std::wstring full = win_full_path(path, ec);
  const auto begins_with = [&](const wchar_t* start) {
    return full.rfind(start, 0) == 0;
  };
  if (ec || full.size() <= longest_of_folder || begins_with(LR"(\\?\)") ||
      begins_with(LR"(\\.\)"))
    return path.native();
  // The system takes that form literally, so it must be a full path.
  if (begins_with(LR"(\\)")) return LR"(\\?\UNC)" + full.substr(1);
  return LR"(\\?\)" + full;
}

/// \returns `name` without its last part. Empty if it has only one part.
inline std::wstring win_parent(const std::wstring& name) {
  const std::size_t end = name.find_last_of(LR"(\/)");
  return end == name.npos ? std::wstring() : name.substr(0, end);
}

/// Creates the folders above the file `name`.
/// Error conditions: not_a_directory: a file stands where a folder should; the
/// errors of CreateDirectory.
inline void win_make_parents(const std::wstring& name, std::error_code& ec) {
  std::wstring existing = win_parent(name);
  winapi::DWORD_ attributes = winapi::INVALID_FILE_ATTRIBUTES_;
  while (!existing.empty()) {
    // "C:" alone would mean the working directory of that drive.
    const bool is_drive = existing.back() == L':';
    attributes = winapi::GetFileAttributesW(
        (is_drive ? existing + L'\\' : existing).c_str());
    if (attributes != winapi::INVALID_FILE_ATTRIBUTES_) break;
    existing = win_parent(existing);
  }
  if (existing.empty()) {
    ec = std::make_error_code(std::errc::no_such_file_or_directory);
    return;
  }
  if (!(attributes & winapi::FILE_ATTRIBUTE_DIRECTORY_)) {
    ec = std::make_error_code(std::errc::not_a_directory);
    return;
  }
  std::size_t end = existing.size();
  while ((end = name.find_first_of(LR"(\/)", end + 1)) != name.npos) {
    if (winapi::CreateDirectoryW(name.substr(0, end).c_str(), nullptr))
      continue;
    const winapi::DWORD_ error = winapi::GetLastError();
    if (error == winapi::ERROR_ALREADY_EXISTS_) continue; // another made it
    ec = win_error(error);
    return;
  }
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
