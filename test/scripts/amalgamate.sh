#!/usr/bin/env bash
# Copyright 2026 The filelock authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# test/scripts/amalgamate.sh folder
#
# That scripts/amalgamate makes one header, the same each time, with which alone a
# program is built, on Windows too.

set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
rm -rf "$1" && mkdir -p "$1"
cd "$1"

fail() {
  echo "$1" >&2
  exit 1
}

"$root/scripts/amalgamate" -o filelock.hpp
"$root/scripts/amalgamate" -o again/filelock.hpp
cmp filelock.hpp again/filelock.hpp
if grep -n '#include.*filelock' filelock.hpp; then
  fail "The header includes another one of the library."
fi
[[ $(grep -c 'Copyright 2026 The filelock authors' filelock.hpp) == 1 ]] ||
  fail "The copyright does not stand in it once."
grep -q 'Boost Software License - Version 1.0' filelock.hpp ||
  fail "The text of the licence is not in it."
if grep -q '^// ---- filelock/interprocess.hpp' filelock.hpp; then
  fail "It has a header that nobody asked for."
fi
"$root/scripts/amalgamate" -o more.hpp filelock/interprocess.hpp
grep -q '^// ---- filelock/interprocess.hpp ----' more.hpp ||
  fail "A header that was asked for is missing."

status=0
said=$("$root/scripts/amalgamate" -o none.hpp filelock/none.hpp 2>&1) || status=$?
[[ $status -ne 0 && $said == "no such header: filelock/none.hpp" && ! -e none.hpp ]] ||
  fail "A header that is missing: $said"

cat >program.cpp <<'CPP'
#include "filelock.hpp"
// Another file of the program may have it too.
#include "again/filelock.hpp"

#include <mutex>

int main() {
  filelock::file_lock lock{"amalgamated.lock"};
  filelock::file_lock other{"amalgamated.lock"};
  std::unique_lock guard{lock, std::try_to_lock};
  return guard && !other.try_lock() ? 0 : 1;
}
CPP
warnings=(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror)
c++ -std=c++17 "${warnings[@]}" program.cpp -o program -pthread
./program || fail "The lock does not exclude."

windows=x86_64-w64-mingw32-g++-posix
if ! command -v "$windows" >/dev/null || [[ ! -d /usr/include/boost/winapi ]]; then
  echo "SKIPPED: scripts.amalgamate: for Windows it needs $windows and Boost.WinAPI"
  exit
fi
# The headers of Boost, and no others of this system.
mkdir -p boost_alone && ln -sfn /usr/include/boost boost_alone/boost
"$windows" -std=c++17 -fsyntax-only "${warnings[@]}" -isystem boost_alone program.cpp
