#!/usr/bin/env python3
# Copyright 2026 The filelock authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""check_samples.py [--write] page...

Fails where a page differs from what it shows, or has a sample in C++ that no
program has. With --write it refreshes the pages. A page shows by

    <!-- sample: FILE TAG -->       the tagged lines of a program, in the fence
                                    below; more than one by "FILE TAG; FILE TAG"
    <!-- synopsis -->               a synopsis, which check_reference.py checks
    <!-- table: NAME -->            doc/figures/NAME.md, up to <!-- end -->
    2.5<!-- value: NAME -->         the value of doc/figures/values.md
"""

import argparse
import pathlib
import re
import sys
import textwrap

ROOT = pathlib.Path(__file__).resolve().parent.parent
FIGURES = ROOT / "doc" / "figures"

FENCE = re.compile(
    r"(?:^<!-- (?P<marker>(?:sample|synopsis)[^\n]*?) -->\n\n)?"
    r"^ *```(?P<kind>\w*)\n(?P<body>.*?)^ *```$", re.S | re.M)
TABLE = re.compile(r"(?P<head>^<!-- table: (?P<name>\S+) -->\n\n)"
                   r"(?P<body>.*?)(?P<foot>\n<!-- end -->$)", re.S | re.M)
VALUE = re.compile(r"(?P<body>[^\s(]*)(?P<foot><!-- value: (?P<name>\S+) -->)")
MARKER = re.compile(r"<!-- (?:sample|table|value|synopsis)\b")

# Of these nothing is compiled.
OTHER_KINDS = {"cmake", "console", "sh", "text"}


class Fault(Exception):
    pass


def read(path):
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise Fault(f"no such file: {path.name}") from error


def tagged(file, tag):
    """The lines between each tag::TAG[] and end::TAG[], without other tags."""
    parts = re.findall(rf"^[^\n]*\btag::{tag}\[\][^\n]*\n(.*?)"
                       rf"^[^\n]*\bend::{tag}\[\]", read(ROOT / file),
                       flags=re.S | re.M)
    if not parts:
        raise Fault(f"tag '{tag}' not found in {file}")
    lines = [line for line in "".join(parts).splitlines()
             if not re.search(r"\b(tag|end)::\w+\[\]", line)]
    return textwrap.dedent("\n".join(lines)).strip("\n") + "\n"


def sample(marker):
    parts = marker.removeprefix("sample:").split(";")
    return "\n".join(tagged(*part.split()) for part in parts)


def values():
    return dict(re.findall(r"^- (\S+): (\S+)$", table("values"), re.M))


def table(name):
    """Without the comment at the head."""
    return read(FIGURES / f"{name}.md").partition("-->\n\n")[2]


class Page:
    def __init__(self, path):
        self.path = path
        self.text = path.read_text(encoding="utf-8")
        self.faults = []

    def line(self, match):
        return self.text.count("\n", 0, match.start("body")) + 1

    def fault(self, match, words):
        self.faults.append(f"{self.path}:{self.line(match)}: {words}")

    def shown(self, match, what, of):
        """What is to stand there; what stands there, after a fault."""
        try:
            return of(what)
        except (Fault, KeyError) as error:
            words = (str(error) if isinstance(error, Fault)
                     else f"no such value: {what}")
            self.fault(match, words)
            return match["body"]

    def fence(self, match):
        marker = match["marker"] or ""
        if marker.startswith("sample:"):
            body = self.shown(match, marker, sample)
            begin, end = (edge - match.start() for edge in match.span("body"))
            return match[0][:begin] + body + match[0][end:]
        if match["kind"] == "cpp" and marker != "synopsis":
            self.fault(match, "a sample written by hand")
        elif match["kind"] != "cpp" and match["kind"] not in OTHER_KINDS:
            self.fault(match, f"no known kind of listing: '{match['kind']}'")
        return match[0]

    def refreshed(self):
        """What the page is to be."""
        known = 0

        def counted(replacement):
            def count(match):
                nonlocal known
                known += bool(MARKER.search(match[0]))
                return replacement(match)
            return count

        text = FENCE.sub(counted(self.fence), self.text)
        text = TABLE.sub(counted(
            lambda match: match["head"] + self.shown(match, match["name"], table)
            + match["foot"]), text)
        known_values = values()
        text = VALUE.sub(counted(
            lambda match: self.shown(match, match["name"],
                                     known_values.__getitem__)
            + match["foot"]), text)
        if known != len(MARKER.findall(self.text)):
            self.faults.append(f"{self.path}: a marker that marks nothing")
        return text


def differences(page, text):
    old, new = page.text.splitlines(), text.splitlines()
    for number, (was, is_now) in enumerate(zip(old, new), 1):
        if was != is_now:
            yield (f"{page.path}:{number}: not what it shows, by "
                   f"check_samples.py --write: {is_now}")
            return
    yield f"{page.path}: not what it shows, by check_samples.py --write"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    parser.add_argument("pages", nargs="+", type=pathlib.Path)
    arguments = parser.parse_args()
    faults = []
    for path in arguments.pages:
        page = Page(path)
        text = page.refreshed()
        faults += page.faults
        if text != page.text:
            if arguments.write:
                path.write_text(text, encoding="utf-8")
            else:
                faults += differences(page, text)
    print("\n".join(faults))
    sys.exit(len(faults) != 0)


main()
