// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A process that locks on command by boost::interprocess::file_lock:
//
//   interprocess_child <path> 0
//
// Commands come from the standard input, one a line; each is answered by one.
//
//   try, try_shared                     locked | busy
//   lock, shared                        locked
//   unlock                              unlocked

#include <boost/interprocess/sync/file_lock.hpp>

#include <exception>
#include <iostream>
#include <string>

namespace {

std::string obey(boost::interprocess::file_lock& lock,
                 const std::string& command) {
  if (command == "try") return lock.try_lock() ? "locked" : "busy";
  if (command == "try_shared")
    return lock.try_lock_sharable() ? "locked" : "busy";
  if (command == "lock") return lock.lock(), "locked";
  if (command == "shared") return lock.lock_sharable(), "locked";
  if (command == "unlock") return lock.unlock(), "unlocked";
  return "unknown: " + command;
}

} // namespace

// The path is in hexadecimal digits, as that of win_lock_child.
int main(int count, char** arguments) {
  try {
    if (count < 2) return 2;
    const std::string digits = arguments[1];
    std::string path;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
      path += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
    boost::interprocess::file_lock lock(path.c_str());
    for (std::string line; std::getline(std::cin, line);)
      std::cout << obey(lock, line) << std::endl;
    return 0;
  } catch (const std::exception& error) {
    std::cout << "error " << error.what() << std::endl;
    return 1;
  }
}
