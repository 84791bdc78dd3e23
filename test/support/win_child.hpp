// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A second process, spoken to by pipes, line by line.

#ifndef FILELOCK_TEST_SUPPORT_WIN_CHILD_HPP
#define FILELOCK_TEST_SUPPORT_WIN_CHILD_HPP

#include <windows.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace test {

/// Runs test/support/windows_helper/win_lock_child.cpp, or
/// interprocess_child.cpp, which say what they understand.
class win_child {
public:
  enum class kind { locking, overlapped, mutex, boost };

  explicit win_child(const std::filesystem::path& path,
                     kind platform = kind::locking, std::uint64_t offset = 0) {
    const char* const variable = platform == kind::boost
                                     ? "FILELOCK_INTERPROCESS_CHILD"
                                     : "FILELOCK_WIN_LOCK_CHILD";
    const char* const program = std::getenv(variable);
    if (!program) throw std::runtime_error(variable);
    SECURITY_ATTRIBUTES inherited{sizeof inherited, nullptr, TRUE};
    STARTUPINFOA start{};
    start.cb = sizeof start;
    start.dwFlags = STARTF_USESTDHANDLES;
    start.hStdError = ::GetStdHandle(STD_ERROR_HANDLE);
    require(::CreatePipe(&start.hStdInput, &to_child_, &inherited, 0));
    require(::CreatePipe(&from_child_, &start.hStdOutput, &inherited, 0));
    require(::SetHandleInformation(to_child_, HANDLE_FLAG_INHERIT, 0));
    require(::SetHandleInformation(from_child_, HANDLE_FLAG_INHERIT, 0));
    std::string command = '"' + std::string(program) + "\" " + digits(path) +
                          ' ' + std::to_string(offset);
    if (platform == kind::overlapped) command += " overlapped";
    if (platform == kind::mutex) command += " mutex";
    PROCESS_INFORMATION process{};
    require(::CreateProcessA(nullptr, command.data(), nullptr, nullptr, TRUE, 0,
                             nullptr, nullptr, &start, &process));
    ::CloseHandle(process.hThread);
    ::CloseHandle(start.hStdInput);
    ::CloseHandle(start.hStdOutput);
    process_ = process.hProcess;
  }

  ~win_child() {
    kill_and_wait();
    for (const HANDLE each : {process_, to_child_, from_child_})
      ::CloseHandle(each);
  }
  win_child(const win_child&) = delete;
  win_child& operator=(const win_child&) = delete;

  void write_line(std::string line) {
    line += '\n';
    DWORD written = 0;
    require(::WriteFile(to_child_, line.data(), static_cast<DWORD>(line.size()),
                        &written, nullptr));
  }

  std::string read_line() {
    std::string line;
    char character = 0;
    DWORD count = 0;
    while (::ReadFile(from_child_, &character, 1, &count, nullptr) &&
           count == 1 && character != '\n')
      if (character != '\r') line += character;
    return line;
  }

  std::string ask(const std::string& line) {
    write_line(line);
    return read_line();
  }

  void kill_and_wait() {
    ::TerminateProcess(process_, 9);
    ::WaitForSingleObject(process_, INFINITE);
  }

private:
  static void require(BOOL done) {
    if (!done)
      throw std::runtime_error("win_child: " +
                               std::to_string(::GetLastError()));
  }

  static std::string digits(const std::filesystem::path& path) {
    const char* const all = "0123456789abcdef";
    std::string result;
    for (const auto each : path.u8string()) { // char; char8_t as of C++20
      const auto byte = static_cast<unsigned char>(each);
      result += all[byte >> 4];
      result += all[byte & 15];
    }
    return result;
  }

  HANDLE process_ = nullptr;
  HANDLE to_child_ = nullptr;
  HANDLE from_child_ = nullptr;
};

} // namespace test

#endif
