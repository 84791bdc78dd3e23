#!/usr/bin/env python3
# Copyright 2026 The filelock authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

"""check_figures.py PROGRAM FIGURES.csv [COMMAND...]

Runs the command, if there is one, which writes the figures. Fails if they are
not those that the program makes with --smoke: a row is missing or unknown, or
its value cannot be. Whether a figure is a good one is not looked at. Of the
programs in SUBJECTS any row is known, if only each subject has one.

A subject may be missing where the command has said "SKIPPED: subject: why".
"""

import csv
import math
import re
import subprocess
import sys

HEADER = ["measure", "subject", "setting", "statistic", "value", "unit"]

FLOCK_COMMAND = "flock -w to the start of its command"
UNBOUNDED_PEERS = ["raw flock", "raw OFD", "raw robust mutex",
                   "interprocess lock"]
INTERPROCESS = "interprocess timed_lock"
PYTHON = "python3-filelock"
CONTENDED_UNBOUNDED = ["file_lock lock", "posix_ofd_traits lock",
                       "fifo<posix_ofd_traits> lock", "robust_file_lock lock"]
UNBOUNDED = CONTENDED_UNBOUNDED + ["polled<posix_flock_traits> lock",
                                   "queued notified"]
CONTENDED_WAITS = [
    "file_lock timed", "posix_ofd_traits timed",
    "queued<posix_ofd_traits> timed", "fifo<queued<posix_ofd_traits>> timed",
    "queued_file_lock timed",
    "robust_file_lock timed", "file_mutex timed",
    "filelock::interprocess timed_lock"]
WAITS = CONTENDED_WAITS + ["posix_fcntl_traits timed",
                           "async_lock_until of queued_file_lock"]
POLICIES = ["constant_backoff 1 ms", "constant_backoff 10 ms",
            "exponential_backoff", "yield_backoff"]
JITTERED = ["jittered full", "jittered equal"]
ADAPTORS = JITTERED + ["limited", "notified",
                       "then constant_backoff 10 ms after 10 ms"]

TIMED_IN_PROCESS = [INTERPROCESS] + WAITS + POLICIES + ADAPTORS
ALL = (UNBOUNDED_PEERS + [FLOCK_COMMAND, PYTHON] + UNBOUNDED +
       TIMED_IN_PROCESS)
OVERSHOT = ["sleep_until alone"] + TIMED_IN_PROCESS
CONTENDED = (UNBOUNDED_PEERS + [INTERPROCESS] + CONTENDED_UNBOUNDED +
             CONTENDED_WAITS + POLICIES + JITTERED)
SWEPT = (
    [INTERPROCESS, "default_backoff", "exponential 10ms x2 500ms"] +
    [f"constant {delay}ms" for delay in (1, 2, 5, 10)] +
    [policy + f" up to {cap}ms" for cap in ("1.5", "2") for policy in
     ["exponential 0.05ms x2"] +
     [f"proportional {part} from 0.05ms" for part in
      ("1/8", "1/4", "1/2", "1")] +
     [f"jittered {kind} of proportional 1/4 from 0.05ms" for kind in
      ("full", "equal")]])

WAIT = [("p50", "s"), ("p90", "s"), ("p99", "s"), ("max", "s"), ("count", "1")]
SHARE = [("mean", "1")]

# Of each program: measure, subjects, settings, statistics with their units.
EXPECTED = {
    "hand_over": [
        ("hand-over", ALL, ["2 to 60 ms", "100 ms"], WAIT),
        ("CPU while waiting", ALL, ["2 to 60 ms", "100 ms"], SHARE)],
    "overshoot": [
        ("overshoot of a deadline", OVERSHOT + [PYTHON], ["one waiter"], WAIT),
        ("overshoot of a deadline", OVERSHOT, ["4 contenders"], WAIT)],
    "contention": [
        (measure, CONTENDED, ["2 contenders", "8 contenders"], [statistic])
        for measure, statistic in [
            ("throughput", ("mean", "1/s")),
            ("fairness", ("Jain index", "1")),
            ("longest starvation", ("max", "s"))]],
    "backoff_sweep": [
        ("sweep: hand-over", SWEPT, ["2 to 60 ms"], WAIT),
        ("sweep: CPU while waiting", SWEPT, ["2 to 60 ms"], SHARE),
        ("sweep: overshoot of a deadline", [INTERPROCESS, "default_backoff"],
         ["2 to 60 ms"], WAIT)],
}

SUBJECTS = {
    "uncontended": [
        "flock", "OFD lock", "fcntl lock", "interprocess::file_lock",
        "file_lock", "queued_file_lock", "posix_ofd_traits",
        "posix_fcntl_traits", "polled<posix_flock_traits>",
        "faulty<posix_flock_traits>", "simulated_traits", "robust mutex",
        "robust_file_lock", "file_mutex",
        "std::mutex and file_lock", "filelock::interprocess::file_lock"],
    "distinct_locks": ["flock", "interprocess::file_lock", "file_lock"],
    "cancellation": ["queued_file_lock", "file_lock"],
    "passing": ["file_mutex", "std::mutex and file_lock", "file_lock"],
    "compile_cost": ["filesystem", "boost/interprocess/sync/file_lock.hpp",
                     "filelock/file_lock.hpp"],
    "simulated_contention": [
        "kernel queue", "default_backoff", "jittered default_backoff (full)",
        "exponential_backoff", "jittered exponential_backoff (equal)",
        "constant_backoff (1 ms)", "yield_backoff",
        "default_backoff for 10 ms then exponential_backoff",
        "limited exponential_backoff (20 attempts)"],
}

MEASURES = {"uncontended": ["size of one object"]}

# What no value is above. No program waits for longer than two minutes; a
# contender works for 20 us in each hold, and may begin the last one late; a
# waiter has one helper thread, and flock(1) is short of time to wait in.
MOST = {"p50": 120, "p90": 120, "p99": 120, "max": 120, "count": 1e6,
        "Jain index": 1 + 1e-9}
MOST_MEAN = {"1/s": 51000, "1": 10}


def expected_rows(program):
    """The key of each row, and its unit."""
    return {(measure, subject, setting, statistic): unit
            for measure, subjects, settings, statistics in EXPECTED[program]
            for subject in subjects
            for setting in settings
            for statistic, unit in statistics}


def most(key, unit):
    statistic = key[3]
    return MOST_MEAN[unit] if statistic == "mean" else MOST[statistic]


def problem_of_value(key, text, unit, is_exact):
    try:
        value = float(text)
    except ValueError:
        return "not a number"
    if not math.isfinite(value) or value <= 0:
        return "not a positive number"
    if is_exact and value > most(key, unit):
        return "too much"
    if key[3] == "count" and value != int(value):
        return "not a whole number"
    return None


def problems(program, lines, skipped):
    rows = list(csv.reader(lines))
    if not rows or rows[0] != HEADER:
        yield "the first line is not " + ",".join(HEADER)
        return
    is_exact = program in EXPECTED
    expected = expected_rows(program) if is_exact else {}
    values = {}
    for number, row in enumerate(rows[1:], 2):
        if len(row) != len(HEADER):
            yield f"line {number}: {len(row)} columns"
            continue
        key, text, unit = tuple(row[:4]), row[4], row[5]
        if is_exact and key not in expected:
            yield f"line {number}: unknown: {', '.join(key)}"
        elif key in values:
            yield f"line {number}: twice: {', '.join(key)}"
        elif is_exact and unit != expected[key]:
            yield f"line {number}: the unit is not {expected[key]}"
        else:
            problem = problem_of_value(key, text, unit, is_exact)
            if problem:
                yield f"line {number}: {problem}: {', '.join(key)}: {text}"
            values[key] = text if problem else float(text)
    for key in expected:
        if key not in values and key[1] not in skipped:
            yield f"no row: {', '.join(key)}"
    for subject in SUBJECTS.get(program, []):
        if not any(key[1] == subject for key in values):
            yield f"no row: {subject}"
    for measure in MEASURES.get(program, []):
        if not any(key[0] == measure for key in values):
            yield f"no row: {measure}"
    for key in values:
        ranks = [values.get(key[:3] + (statistic,))
                 for statistic in ("p50", "p90", "p99", "max")]
        if (key[3] == "p50" and all(isinstance(rank, float) for rank in ranks)
                and ranks != sorted(ranks)):
            yield f"the percentiles descend: {', '.join(key[:3])}"


def main():
    if len(sys.argv) < 3 or sys.argv[1] not in {
            *EXPECTED, *SUBJECTS}:
        sys.exit(__doc__)
    program, figures, command = sys.argv[1], sys.argv[2], sys.argv[3:]
    skipped = set()
    if command:
        result = subprocess.run(command, stdout=subprocess.PIPE, text=True)
        print(result.stdout)
        if result.returncode != 0:
            sys.exit(f"{command[0]} fails: {result.returncode}")
        skipped = set(re.findall(r"^SKIPPED: (.*?): ", result.stdout, re.M))
    with open(figures, newline="") as lines:
        found = list(problems(program, lines, skipped))
    for problem in found:
        print(f"{figures}: {problem}")
    if found:
        sys.exit(1)


main()
