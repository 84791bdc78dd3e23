#!/usr/bin/env bash
# Copyright 2026 The filelock authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# test/scripts/reports.sh folder
#
# What scripts/test and scripts/install-packages say, in a copy of scripts/ in
# the folder, where the programs that they call are played by others.

set -euo pipefail
scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../scripts" && pwd)
rm -rf "$1" && mkdir -p "$1/programs" "$1/scripts"
cd "$1"
export PATH="$PWD/programs:$PATH"

# program path: one that does what the standard input says
program() {
  { echo '#!/usr/bin/env bash' && cat; } >"$1"
  chmod +x "$1"
}

output=
# run wanted_status command...
run() {
  local status=0
  output=$("${@:2}" 2>&1) || status=$?
  if [[ $status -ne $1 ]]; then
    echo "$output"
    echo "Exit status $status of: ${*:2}" >&2
    exit 1
  fi
}
# says line...: as whole lines, the last of them at the end; without any, nothing
says() {
  local line
  if [[ $# -eq 0 && -n $output ]]; then
    echo "Not expected: $output" >&2
    exit 1
  elif [[ $# -eq 0 ]]; then
    return
  fi
  for line in "$@"; do
    if ! grep -qxF -- "$line" <<<"$output"; then
      echo "$output"
      echo "It does not say: $line" >&2
      exit 1
    fi
  done
  if [[ $(tail -n 1 <<<"$output") != "${*: -1}" ]]; then
    echo "$output"
    echo "It does not end with: ${*: -1}" >&2
    exit 1
  fi
}

# ---- scripts/test ----

cp "$scripts/test" scripts
for each in install-packages fetch-boost-1.74 compare-test-lists; do
  program "scripts/$each" </dev/null
done
# cmake --workflow --preset NAME, or what builds one program
program programs/cmake <<'END'
if [[ $1 != --workflow ]]; then
  exit "${FAILURE-0}"
fi
logs=build/$3/Testing/Temporary
mkdir -p "$logs"
case $3 in
  gcc-17) echo "SKIPPED: one: why" >"$logs/LastTest.log" ;;
  gcc-20)
    printf 'SKIPPED: two: why\nSKIPPED: three: why\n' >"$logs/LastTest.log"
    printf '12:lock.states\n3:wait.deadline\n' >"$logs/LastTestsFailed.log"
    exit 8
    ;;
  *) exit 1 ;;
esac
END
program programs/b2 <<'END'
case $* in
  *test//linux*) echo "...failed testing.capture-output" \
    "build/b2/filelock/test/linux~holder.test/gcc/linux~holder.run..." ;;
esac
exit 1
END

run 0 scripts/test gcc-17
says "SKIPPED cases: 1" "gcc-17: SKIPPED: one: why"

run 1 scripts/test gcc-17 gcc-20 clang-17
says "SKIPPED cases: 3" "gcc-17: SKIPPED: one: why" \
  "gcc-20: SKIPPED: two: why" "gcc-20: SKIPPED: three: why" \
  "FAILED: gcc-20: lock.states wait.deadline" \
  "Again: cmake --build build/gcc-20 && ctest --preset gcc-20 -R '^(lock\\.states|wait\\.deadline)\$'"

# Its logs of the run before say nothing of this one, which fails to build.
mkdir -p build/clang-17/Testing/Temporary
echo "1:old" >build/clang-17/Testing/Temporary/LastTestsFailed.log
echo "SKIPPED: old: why" >build/clang-17/Testing/Temporary/LastTest.log
run 1 scripts/test clang-17
says "SKIPPED cases: 0" "FAILED: clang-17: the build, or no test at all" \
  "Again: scripts/test clang-17"

run 1 scripts/test b2
says "FAILED: b2: test//linux.holder" \
  "Again: b2 --build-dir=build/b2 toolset=gcc debug-symbols=off test//linux.holder"

mkdir -p build/gcc-17/test
program build/gcc-17/test/test.remote <<'END'
echo "$FILELOCK_HISTORY_SECONDS s for $*"
echo "SKIPPED: etcd: why"
END
run 0 scripts/test remote 7
says "7 s for --run_test=remote_history" "SKIPPED cases: 1" \
  "remote: SKIPPED: etcd: why"
run 1 env FAILURE=1 scripts/test remote 7
says "SKIPPED cases: 0" "FAILED: remote" "Again: scripts/test remote 7"
program build/gcc-17/test/test.remote <<<'exit 1'
run 1 scripts/test remote
says "FAILED: remote" "Again: scripts/test remote 10"

program scripts/fetch-zig <<<'exit 1'
run 0 scripts/test musl
says "SKIPPED cases: 1" "musl: SKIPPED: musl: scripts/fetch-zig finds no zig"

run 2 scripts/test no-such-preset

# ---- scripts/install-packages ----

cp "$scripts/install-packages" scripts
program programs/dpkg-query <<'END'
case ${*: -1} in
  present) echo -n installed ;;
  *) exit 1 ;;
esac
END
program programs/id <<<'echo 0'
program programs/apt-get <<'END'
echo "much noise"
if [[ $* == *lost* ]]; then
  echo "E: Unable to locate package lost"
  exit 100
fi
END

run 0 scripts/install-packages present
says
run 0 scripts/install-packages present one two
says "Installed: one two"
run 1 grep "noise" <<<"$output"
run 0 grep "noise" build/install-packages.log
run 1 scripts/install-packages lost
says "E: Unable to locate package lost" \
  "Not installed: lost. The whole log: build/install-packages.log"

run 0 scripts/install-packages --optional present
says
run 0 scripts/install-packages --optional present one two
says "Installed: one two"
run 0 scripts/install-packages --optional one lost two
says "Installed: one" "SKIPPED: lost: it cannot be installed" "Installed: two"

# Without sudo.
mkdir few
for each in bash env dirname cat mkdir; do
  ln -s "$(command -v "$each")" few
done
program programs/id <<<'echo 1000'
run 0 env PATH="$PWD/programs:$PWD/few" scripts/install-packages --optional one
says "SKIPPED: one: only root can install it"
run 1 env PATH="$PWD/programs:$PWD/few" scripts/install-packages one
says "Missing: one. Install them as root, and start again."
