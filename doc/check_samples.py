#!/usr/bin/env python3
# Copyright 2026 The filelock authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""check_samples.py page...

Fails where a page has a listing in C++ that is neither included by tag from a
program nor marked as a synopsis.
"""

import re
import sys

INCLUDE = re.compile(r"|include::\S+\.[ch]pp\[tag=\w+(,indent=0)?\]")
HEADS = {
    "[source,cpp]": INCLUDE,
    "[source.synopsis,cpp]": re.compile(".*"),
    "[source,cmake]": re.compile(".*"),
    "[source,console]": re.compile(".*"),
}


def faults(page):
    with open(page, encoding="utf-8") as file:
        lines = file.read().splitlines()
    allowed = None  # in a listing: what a line may be
    for number, line in enumerate(lines, 1):
        if line == "----":
            head = lines[number - 2]
            if allowed:
                allowed = None
            elif head in HEADS:
                allowed = HEADS[head]
            else:
                yield number, "no listing of a known kind: " + head
                allowed = re.compile(".*")
        elif allowed:
            if not allowed.fullmatch(line):
                yield number, "a sample written by hand: " + line
        elif re.match(r"```|\.\.\.\.|\s", line):
            yield number, "a listing without [source]: " + line


def main():
    found = 0
    for page in sys.argv[1:]:
        for line, fault in faults(page):
            print(f"{page}:{line}: {fault}")
            found += 1
    sys.exit(found != 0 or len(sys.argv) == 1)


main()
