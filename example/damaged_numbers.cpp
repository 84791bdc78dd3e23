// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Repairs a lock file of counted<P> whose two numbers are damaged: a program
// for the administrator, which needs nothing of the library.

#include "support/example.hpp"

// tag::repair[]
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

/// Effects: makes the numbers of the file go on after `number`. The file stays,
/// so that whoever has it open goes on with it. \throws std::runtime_error.
void go_on_after(const std::filesystem::path& file, std::uint64_t number) {
  const std::string digits = std::to_string(number);
  std::string slot = "filelock token 1 ";
  slot += std::string(20 - digits.size(), '0') + digits + ' ';
  std::uint64_t checksum = 0xcbf29ce484222325; // FNV-1a
  for (const char each : slot)
    checksum = (checksum ^ static_cast<unsigned char>(each)) * 0x100000001b3;
  char text[17];
  std::snprintf(text, sizeof text, "%016llx",
                static_cast<unsigned long long>(checksum));
  slot += text;
  slot += '\n';
  std::ofstream written(file, std::ios::binary | std::ios::trunc);
  written.seekp(number % 2 == 1 ? 0 : 4096);
  if (!(written << slot).flush())
    throw std::runtime_error("cannot write to the lock file");
}
// end::repair[]

#include <filelock/basic_file_lock.hpp>
#include <filelock/platform/counted.hpp>

#include <system_error>

namespace {

using numbered_lock =
    filelock::basic_file_lock<filelock::counted<filelock::native_traits>>;

void use(const example::temporary_folder& folder) {
  for (const std::uint64_t number : {1000U, 1001U}) {
    const std::filesystem::path file = folder / "damaged.lock";
    std::ofstream(file, std::ios::trunc) << std::string(8192, 'x');
    numbered_lock lock{file};
    std::error_code ec;
    lock.lock(ec);
    example::check(ec == std::errc::invalid_argument, "it is refused");
    go_on_after(file, number);
    lock.lock();
    const std::uint64_t first = lock.token();
    example::check(first > number, "the numbers go on");
    lock.unlock();
    lock.lock();
    example::check(lock.token() > first, "and rise");
  }
}

} // namespace

int main() { return example::run(use); }
