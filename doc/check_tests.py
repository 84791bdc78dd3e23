#!/usr/bin/env python3
# Copyright 2026 The filelock authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""check_tests.py test-folder page...

Fails where a page names a test that is not there, as `posix.fork` or as
`posix.fork/a_case_of_it`.
"""

import pathlib
import re
import sys


def named_tests(folder):
    """The pattern of a test's name, in the rooms that the build has."""
    text = pathlib.Path(folder, "CMakeLists.txt").read_text(encoding="utf-8")
    rooms = re.search(r"set\(rooms ([^)]+)\)", text).group(1).split()
    rooms = "|".join([*rooms, "drop_in", "embedding"])
    return re.compile(rf"`((?:{rooms})\.(?!hpp)\w+(?:/\w+)?)`")


def is_there(folder, test):
    source, _, case = test.partition("/")
    path = pathlib.Path(folder, source.replace(".", "/") + ".cpp")
    if not path.is_file():
        return False
    text = path.read_text(encoding="utf-8")
    return re.search(r"TEST_CASE\w*\(\s*" + case + r"\b", text) is not None


def main():
    pattern = named_tests(sys.argv[1])
    found = 0
    named = 0
    for page in sys.argv[2:]:
        text = pathlib.Path(page).read_text(encoding="utf-8")
        for test in pattern.findall(text):
            named += 1
            if not is_there(sys.argv[1], test):
                print(f"{page}: no such test: {test}")
                found += 1
    sys.exit(found != 0 or named == 0)


main()
