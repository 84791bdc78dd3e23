#!/usr/bin/env bash
# Copyright 2026 The filelock authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

# test/scripts/rooms.sh folder
#
# What scripts/check-rooms says to trees of headers in the folder, of which each
# but the first has one fault.

set -euo pipefail
check=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../scripts" && pwd)/check-rooms
rm -rf "$1" && mkdir -p "$1"
cd "$1"

# header name included...
header() {
  mkdir -p "tree/$(dirname "$1")"
  printf '#include <filelock/%s>\n' "${@:2}" >"tree/$1"
}

sound_tree() {
  rm -rf tree
  mkdir -p tree/detail && : >tree/detail/config.hpp
  header lock_request.hpp detail/config.hpp
  header backoff/wait_state.hpp lock_request.hpp
  header detail/wait/poll.hpp backoff/wait_state.hpp
  header detail/wait/driver.hpp detail/wait/poll.hpp
  header detail/windows/calls.hpp detail/wait/driver.hpp
  header platform/traits.hpp detail/windows/calls.hpp
  header filelock.hpp platform/traits.hpp backoff/wait_state.hpp
}

# finds text: exactly that is wrong with the tree
finds() {
  local said status=0
  said=$("$check" tree 2>&1) || status=$?
  if [[ $said != "$1" || $status -ne $([[ -z $1 ]]; echo $?) ]]; then
    echo "Expected: $1" >&2
    echo "Said, with the exit status $status: $said" >&2
    exit 1
  fi
}

sound_tree
finds ""

header detail/windows/calls.hpp backoff/yield_backoff.hpp
header backoff/yield_backoff.hpp
: >tree/backoff/yield_backoff.hpp
finds "detail/windows/calls.hpp: includes backoff/yield_backoff.hpp, which is not below it"

sound_tree
header detail/posix/open.hpp detail/windows/calls.hpp
finds "detail/posix/open.hpp: includes detail/windows/calls.hpp, which is not below it"

sound_tree
header detail/wait/poll.hpp detail/wait/driver.hpp
finds "a circle: detail/wait/driver.hpp -> detail/wait/poll.hpp -> detail/wait/driver.hpp"

sound_tree
seq 301 >tree/detail/long.hpp
finds "detail/long.hpp: 301 lines, and 300 are the most"
seq 300 >tree/detail/long.hpp
finds ""

sound_tree
header detail/other/new.hpp detail/config.hpp
finds "detail/other/new.hpp: stands in no room of scripts/check-rooms"

sound_tree
header detail/wait/poll.hpp detail/missing.hpp
finds "detail/wait/poll.hpp: includes detail/missing.hpp, which is missing"

sound_tree
printf 'namespace filelock {\ninline namespace v2 {\n' >tree/detail/new.hpp
finds ""
printf 'namespace filelock {\nstruct lock;\n' >tree/detail/new.hpp
finds "detail/new.hpp: opens filelock, and not its inline namespace"

# In the other form, and with spaces.
sound_tree
echo ' #  include "filelock/filelock.hpp"' >tree/detail/wait/poll.hpp
finds "detail/wait/poll.hpp: includes filelock.hpp, which is not below it
a circle: detail/wait/driver.hpp -> detail/wait/poll.hpp -> filelock.hpp -> platform/traits.hpp -> detail/windows/calls.hpp -> detail/wait/driver.hpp"

# A header that has moved up.
sound_tree
header testing/faulty.hpp platform/traits.hpp
header platform/faulty.hpp testing/faulty.hpp
finds "platform/faulty.hpp: includes testing/faulty.hpp, which is not below it"
echo "/// The former place of filelock/testing/faulty.hpp." >>tree/platform/faulty.hpp
finds ""

rm -rf tree && mkdir tree
finds "tree: no headers"
