#!/usr/bin/env python3
# Copyright 2026 The filelock authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

# What it costs to include each public header of the library, beside
# <filesystem>, which nearly all of them need, and the header of
# boost::interprocess::file_lock.
#
# compile_cost.py [--csv FILE] [--smoke] [--compiler g++] [--repetitions N]
#                 [--standard 17]...                         --smoke: few, once
#
# For a source file that has the one #include, in each standard:
#   compile  CPU time in user mode of `-c -O0`, median of the repetitions, in
#            each of which all headers take their turn in random order;
#   lines    of what `-E -P` prints, so without blank and line-marker lines;
#   all lines  of what `-E` prints.
# Both ratios are to <filesystem> alone. The goal is at most 1.5.

import argparse
import csv
import os
import pathlib
import random
import re
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
INCLUDE = ROOT / "include"
REFERENCE = "filesystem"
PEERS = [REFERENCE, "boost/interprocess/sync/file_lock.hpp"]
GOAL = 1.5


def public_headers():
    folder = INCLUDE / "filelock"
    for header in sorted(folder.rglob("*.hpp")):
        name = header.relative_to(INCLUDE).as_posix()
        if "/detail/" in name or "/win_" in name:
            continue
        yield name


class Compiler:
    def __init__(self, program):
        self.program = program
        # Not a cache of compiled files in place of a compiler.
        self.environment = {**os.environ, "CCACHE_DISABLE": "1"}

    def command(self, standard, *arguments):
        return [self.program, f"-std=c++{standard}", f"-I{INCLUDE}", *arguments]

    def seconds(self, standard, source, output):
        """CPU time in user mode of the compiler and what it has started."""
        command = self.command(standard, "-O0", "-c", source, "-o", output)
        process = subprocess.Popen(command, env=self.environment)
        # With the descendants that it has waited for: the compiler proper.
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            sys.exit(f"failed: {' '.join(map(str, command))}")
        return usage.ru_utime

    def lines(self, standard, source, *options):
        command = self.command(standard, "-E", *options, source)
        return subprocess.run(command, env=self.environment, check=True,
                              capture_output=True).stdout.count(b"\n")


class Figures:
    def __init__(self, path):
        self.file = open(path, "w", newline="") if path else None
        self.writer = csv.writer(self.file, lineterminator="\n") \
            if path else None
        self.add("measure", "subject", "setting", "statistic", "value", "unit")

    def add(self, *row):
        if self.writer:
            self.writer.writerow(row)
            self.file.flush()


def measure_times(compiler, standard, headers, repetitions, folder):
    times = {header: [] for header in headers}
    for repetition in range(repetitions):
        print(f"compile_cost: c++{standard}, {repetition + 1} of {repetitions}",
              file=sys.stderr)
        turn = list(headers)
        random.shuffle(turn)
        for header in turn:
            times[header].append(compiler.seconds(
                standard, source_of(header, folder), folder / "out.o"))
    return {header: statistics.median(of) for header, of in times.items()}


def source_of(header, folder):
    source = folder / (re.sub(r"\W", "_", header) + ".cpp")
    if not source.exists():
        source.write_text(f"#include <{header}>\n")
    return source


def verdict(value, reference):
    ratio = value / reference
    return f"{ratio:5.2f} {'met' if ratio <= GOAL else 'MISSED':6}"


def measure(compiler, standard, headers, repetitions, folder, figures):
    times = measure_times(compiler, standard, headers, repetitions, folder)
    setting = f"c++{standard}"
    print(f"\n{setting}: ratios to <{REFERENCE}>; goal: at most {GOAL}\n"
          f"{'':40} {'seconds':>7} {'ratio':12} {'lines':>7} {'ratio':12}"
          f" {'all lines':>9}")
    lines = {header: compiler.lines(standard, source_of(header, folder), "-P")
             for header in headers}
    missed = 0
    for header in headers:
        seconds = times[header]
        all_lines = compiler.lines(standard, source_of(header, folder))
        figures.add("compile", header, setting, "median CPU time",
                    f"{seconds:.6g}", "s")
        figures.add("compile", header, setting, "ratio to <filesystem>",
                    f"{seconds / times[REFERENCE]:.6g}", "1")
        figures.add("preprocess", header, setting, "all lines", all_lines, "1")
        # One that has only macros is empty then.
        if lines[header]:
            figures.add("preprocess", header, setting, "lines", lines[header],
                        "1")
            figures.add("preprocess", header, setting, "ratio to <filesystem>",
                        f"{lines[header] / lines[REFERENCE]:.6g}", "1")
        print(f"{header:40} {seconds:7.3f} {verdict(seconds, times[REFERENCE])}"
              f" {lines[header]:7} {verdict(lines[header], lines[REFERENCE])}"
              f" {all_lines:9}")
        if header not in PEERS and (
                seconds > GOAL * times[REFERENCE]
                or lines[header] > GOAL * lines[REFERENCE]):
            missed += 1
    print(f"{setting}: {missed} of {len(headers) - len(PEERS)} headers miss "
          "the goal")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--csv")
    parser.add_argument("--smoke", action="store_true")
    parser.add_argument("--compiler", default="g++")
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--standard", action="append", choices=["17", "20"])
    options = parser.parse_args()

    headers = [*PEERS, *public_headers()]
    standards = options.standard or ["17", "20"]
    repetitions = options.repetitions
    if options.smoke:
        headers = [*PEERS, "filelock/file_lock.hpp"]
        standards = ["17"]
        repetitions = 1
    figures = Figures(options.csv)
    compiler = Compiler(options.compiler)
    with tempfile.TemporaryDirectory() as folder:
        for standard in standards:
            measure(compiler, standard, headers, repetitions,
                    pathlib.Path(folder), figures)


if __name__ == "__main__":
    main()
