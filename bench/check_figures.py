#!/usr/bin/env python3
# Copyright 2026 The filelock authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

# check_figures.py FILE expected-subject...
#
# Fails where the CSV file of a benchmark lacks the header, one of the subjects,
# or has a value that is not a positive number, or a row twice.

import csv
import math
import sys

COLUMNS = ["measure", "subject", "setting", "statistic", "value", "unit"]


def problems(path, expected):
    with open(path, newline="") as file:
        rows = list(csv.reader(file))
    if not rows or rows[0] != COLUMNS:
        yield f"the first line is not {','.join(COLUMNS)}"
        return
    seen = set()
    for number, row in enumerate(rows[1:], 2):
        if len(row) != len(COLUMNS):
            yield f"line {number} has {len(row)} columns"
            continue
        if tuple(row[:4]) in seen:
            yield f"line {number} is there twice: {row[:4]}"
        seen.add(tuple(row[:4]))
        for name in ("measure", "subject", "statistic", "unit"):
            if not row[COLUMNS.index(name)]:
                yield f"line {number} has no {name}"
        try:
            value = float(row[4])
        except ValueError:
            value = math.nan
        if not (math.isfinite(value) and value > 0):
            yield f"line {number}: {row[4]!r} is not a positive number"
    subjects = {row[1] for row in seen}
    for subject in expected:
        if subject not in subjects:
            yield f"nothing of {subject!r}"


def main():
    if len(sys.argv) < 3:
        sys.exit("usage: check_figures.py FILE expected-subject...")
    found = list(problems(sys.argv[1], sys.argv[2:]))
    for problem in found:
        print(f"{sys.argv[1]}: {problem}", file=sys.stderr)
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
