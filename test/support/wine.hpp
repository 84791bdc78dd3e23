// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Whether this is Wine, and what only a program of the system below can do.

#ifndef FILELOCK_TEST_SUPPORT_WINE_HPP
#define FILELOCK_TEST_SUPPORT_WINE_HPP

#include <windows.h>

#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <thread>

namespace test {

/// \returns A function that only Wine has; null on Windows.
template <class Function>
Function wine_function(const wchar_t* library, const char* name) {
  const HMODULE module = ::GetModuleHandleW(library);
  // By way of a function without parameters, which converts to any other.
  return reinterpret_cast<Function>(
      reinterpret_cast<void (*)()>(::GetProcAddress(module, name)));
}

inline bool is_wine() {
  using function = const char* (*)();
  return wine_function<function>(L"ntdll.dll", "wine_get_version") != nullptr;
}

/// \returns The path as the system below Wine names it.
inline std::wstring path_below_wine(const std::filesystem::path& path) {
  using function = char*(__cdecl*)(const wchar_t*);
  const auto convert =
      wine_function<function>(L"kernel32.dll", "wine_get_unix_file_name");
  char* const name = convert ? convert(path.c_str()) : nullptr;
  if (!name) throw std::runtime_error("wine_get_unix_file_name");
  const std::wstring result(name, name + std::char_traits<char>::length(name));
  ::HeapFree(::GetProcessHeap(), 0, name);
  return result;
}

/// Effects: runs a program of the system below Wine, until `is_done()`: Wine
/// cannot wait for such a program.
template <class Condition>
void run_below_wine(std::wstring command, Condition is_done) {
  STARTUPINFOW start{};
  start.cb = sizeof start;
  PROCESS_INFORMATION process{};
  if (!::CreateProcessW(nullptr, command.data(), nullptr, nullptr, FALSE, 0,
                        nullptr, nullptr, &start, &process))
    throw std::runtime_error("CreateProcess");
  ::CloseHandle(process.hThread);
  ::CloseHandle(process.hProcess);
  const auto deadline =
      std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!is_done()) {
    if (std::chrono::steady_clock::now() > deadline)
      throw std::runtime_error("no effect of a program below Wine");
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

} // namespace test

#endif
