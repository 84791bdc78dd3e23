#!/usr/bin/env bash
# Copyright 2026 The filelock authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# test/scripts/mutants.sh folder
#
# That test/mutants/equivalent.txt is up to date, and that scripts/mutate --check
# says so if it is not, in a small tree in the folder.

set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
"$root/scripts/mutate" --check

rm -rf "$1" && mkdir -p "$1/scripts" "$1/include/filelock" "$1/test/mutants"
cd "$1"
cp "$root/scripts/mutate" scripts
echo 'bool f(int a, int b) { return a == b; }' >include/filelock/f.hpp

# wanted_status line...: the answer to an equivalent.txt of these lines
check() {
  local status=0
  printf '%s\n' "${@:2}" >test/mutants/equivalent.txt
  scripts/mutate --check >output 2>&1 || status=$?
  if [[ $status -ne $1 ]]; then
    cat output test/mutants/equivalent.txt
    echo "Exit status $status of: scripts/mutate --check" >&2
    exit 1
  fi
}

old='    - bool f(int a, int b) { return a == b; }'
new='    + bool f(int a, int b) { return a != b; }'
check 0
check 0 'f.hpp' "$old" "$new" '    = nobody calls it'
# Without a reason, of another line, of another header, and no such mistake.
check 1 'f.hpp' "$old" "$new"
check 1 'f.hpp' "${old/b;/c;/}" "$new" '    = nobody calls it'
check 1 'g.hpp' "$old" "$new" '    = nobody calls it'
check 1 'f.hpp' "$old" "${new/!=/>}" '    = nobody calls it'
