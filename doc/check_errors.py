#!/usr/bin/env python3
# Copyright 2026 The filelock authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""check_errors.py folder-of-headers page

Fails where the page does not have a message of the headers, or has one that
they do not have.
"""

import pathlib
import re
import sys

LITERALS = re.compile(r'(?:"(?:[^"\\]|\\.)*"\s*)+')


def messages(folder):
    for header in pathlib.Path(folder).rglob("*.hpp"):
        for found in LITERALS.finditer(header.read_text(encoding="utf-8")):
            words = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', found[0]))
            if words.startswith("filelock: "):
                yield words.removeprefix("filelock: ")


def main():
    page = pathlib.Path(sys.argv[2]).read_text(encoding="utf-8")
    explained = {re.sub(r"\s+", " ", words)
                 for words in re.findall(r"^- `([^`]*)`$", page, re.M)}
    known = set(messages(sys.argv[1]))
    faults = [f"not explained: {words}" for words in sorted(known - explained)]
    faults += [f"no such message: {words}"
               for words in sorted(explained - known)]
    print("\n".join(faults))
    sys.exit(len(faults) != 0 or not known)


main()
