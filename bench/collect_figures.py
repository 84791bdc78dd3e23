#!/usr/bin/env python3
# Copyright 2026 The filelock authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

"""collect_figures.py --form F --build FOLDER --load L --output FOLDER part.csv...

Puts the figures of one run together: figures.csv, and figures.json, which says
also what they were made on.
"""

import argparse
import csv
import datetime
import json
import os
import pathlib
import platform
import re
import subprocess
import tempfile

COLUMNS = ["measure", "subject", "setting", "statistic", "value", "unit"]


def said_by(*command):
    return subprocess.run(command, check=True, capture_output=True,
                          text=True).stdout.strip()


def processor():
    text = pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8")
    found = re.search(r"^model name\s*:\s*(.*)$", text, flags=re.M)
    return found.group(1) if found else platform.machine()


def flags(build):
    """What the benchmarks are compiled with, as CMake has it in its cache."""
    cache = pathlib.Path(build, "CMakeCache.txt").read_text(encoding="utf-8")

    def value(name):
        return re.search(rf"^{name}:\w+=(.*)$", cache, flags=re.M).group(1)

    return (f"-std=c++{value('CMAKE_CXX_STANDARD')} "
            f"{value('CMAKE_CXX_FLAGS_RELEASE')}"), value("CMAKE_CXX_COMPILER")


def rows_of(part):
    with open(part, encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if reader.fieldnames != COLUMNS:
            raise SystemExit(f"{part}: not the columns {','.join(COLUMNS)}")
        rows = list(reader)
    if not rows:
        raise SystemExit(f"{part}: no figures")
    return rows


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--form", required=True)
    parser.add_argument("--build", required=True)
    parser.add_argument("--load", required=True)
    parser.add_argument("--commit", required=True)
    parser.add_argument("--took", required=True)
    parser.add_argument("--output", required=True)
    parser.add_argument("parts", nargs="+")
    arguments = parser.parse_args()

    rows = [row for part in arguments.parts for row in rows_of(part)]
    compiler_flags, compiler = flags(arguments.build)
    made_on = {
        "command": f"./scripts/bench --{arguments.form}",
        "date": datetime.date.today().isoformat(),
        "commit": arguments.commit,
        "processor": processor(),
        "cores": os.cpu_count(),
        "kernel": f"{platform.system()} {platform.release()}",
        "file system": said_by("findmnt", "--noheadings", "--output", "FSTYPE",
                               "--target", tempfile.gettempdir()),
        "compiler": said_by(compiler, "--version").splitlines()[0],
        "flags": compiler_flags,
        "load average before": float(arguments.load),
        "took": arguments.took,
    }

    output = pathlib.Path(arguments.output)
    output.mkdir(parents=True, exist_ok=True)
    with open(output / "figures.csv", "w", encoding="utf-8",
              newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    for row in rows:
        row["value"] = float(row["value"])
    with open(output / "figures.json", "w", encoding="utf-8") as file:
        json.dump({"made on": made_on, "figures": rows}, file, indent=1)
        file.write("\n")


main()
