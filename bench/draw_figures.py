#!/usr/bin/env python3
# Copyright 2026 The filelock authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

"""draw_figures.py folder [--into FOLDER]

Reads figures.json of a folder and writes beside it, or into FOLDER, what the
manual includes: tables and values (.adoc) and plots (.svg, by gnuplot).
"""

import argparse
import json
import pathlib
import subprocess

HEAD = """\
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Made by scripts/bench. Do not edit.

"""

FLOCK = "raw flock"
TIMED_LOCK = "interprocess timed_lock"
SHORT = "2 to 60 ms"


class Figures:
    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            whole = json.load(file)
        self.made_on = whole["made on"]
        self.rows = whole["figures"]
        self.values = {
            (row["measure"], row["subject"], row["setting"],
             row["statistic"]): row["value"] for row in self.rows}

    def get(self, measure, subject, setting, statistic):
        """The value; None where it was not measured."""
        return self.values.get((measure, subject, setting, statistic))

    def subjects(self, measure, setting=None):
        return list(dict.fromkeys(
            row["subject"] for row in self.rows if row["measure"] == measure
            and setting in (None, row["setting"])))

    def settings(self, measure):
        return list(dict.fromkeys(row["setting"] for row in self.rows
                                  if row["measure"] == measure))


# ---- Numbers ----

def shown(value, factor=1.0):
    """To two or three digits."""
    if value is None:
        return "-"
    value *= factor
    if value == 0:
        return "0"
    if abs(value) >= 100:
        return f"{value:.0f}"
    if abs(value) >= 10:
        return f"{value:.1f}"
    if abs(value) >= 1:
        return f"{value:.2f}"
    return f"{value:.2g}" if abs(value) >= 0.001 else f"{value:.1e}"


def ratio(value, reference):
    return value / reference if value is not None and reference else None


# ---- Tables ----

def table(columns, rows):
    """An AsciiDoc table; the first column is text."""
    lines = [f'[cols="4{",>2" * (len(columns) - 1)}",options="header"]', "|==="]
    lines.append("".join(f"| {column} " for column in columns).rstrip())
    lines.append("")
    for first, *rest in rows:
        lines.append("| " + first)
        lines.append("".join(f"| {cell} " for cell in rest).rstrip())
    lines.append("|===")
    return "\n".join(lines) + "\n"


# ---- Plots ----

COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9",
           "#000000", "#999999", "#8c564b", "#7f7f00"]


def gnuplot(path, width, height, commands):
    script = (f'set terminal svg size {width},{height} noenhanced '
              'font "sans-serif,12" background "white"\n'
              f'set output "{path}"\n'
              'set grid lc rgb "#dddddd"\nset border 3 lc rgb "#888888"\n'
              'set tics nomirror\n' + commands)
    subprocess.run(["gnuplot"], input=script, text=True, check=True)


def block(name, lines):
    return f"${name} << EOD\n" + "\n".join(lines) + "\nEOD\n"


def dot_plot(path, rows, panels):
    """Rows of (label, [a list of values for each panel]), the first on top.

    A panel is (title, [names of its values], upper limit or None, mark at).
    """
    rows = list(reversed(rows))
    commands = block("data", [
        " ".join([f'"{label}"', str(place)]
                 + [str(value) if value else "NaN"
                    for values in lists for value in values])
        for place, (label, lists) in enumerate(rows)])
    left = 0.36
    width = (0.97 - left) / len(panels)
    commands += ("set multiplot\nset logscale x\nset format x '%g'\n"
                 "set tmargin at screen 0.90\nset bmargin at screen 0.10\n"
                 f"set yrange [-0.6:{len(rows) - 0.4}]\n"
                 "set key above horizontal font ',11'\n")
    column = 3
    for number, (title, names, mark) in enumerate(panels):
        begin = left + number * width
        commands += (f"set lmargin at screen {begin:.3f}\n"
                     f"set rmargin at screen {begin + width - 0.03:.3f}\n"
                     f'set xlabel "{title}"\n')
        if mark:
            commands += (f"set arrow 1 from {mark}, graph 0 to {mark}, graph 1 "
                         "nohead lc rgb '#d55e00' dt 2\n")
        curves = []
        for offset, name in enumerate(names):
            labels = ":ytic(1)" if number == 0 else ""
            curves.append(f"$data using {column + offset}:2{labels} with points "
                          f"pt {[7, 6, 2, 1][offset]} ps 0.7 "
                          f'lc rgb "{COLOURS[offset]}" title "{name}"')
        commands += "plot " + ", \\\n".join(curves) + "\n"
        if mark:
            commands += "unset arrow 1\n"
        commands += "set format y ''\nset ytics ('' 0)\n"
        column += len(names)
    gnuplot(path, 900, 90 + 22 * len(rows), commands + "unset multiplot\n")


def line_plot(path, x_label, x_values, panels):
    """Panels of (title, is y logarithmic, {name: [y for each x]}); a name has
    the same colour in each."""
    names = list(dict.fromkeys(name for _, _, lines in panels for name in lines))
    commands = ""
    for number, (_, _, lines) in enumerate(panels):
        commands += block(f"data{number}", [
            " ".join([str(x)] + [str(lines[name][index])
                                 if lines.get(name, [None] * len(x_values))
                                 [index] is not None else "NaN"
                                 for name in names])
            for index, x in enumerate(x_values)])
    rows_of_key = (len(names) + 2) // 3
    height = 330 + 18 * rows_of_key
    commands += ("set logscale x\nset format x '%g'\n"
                 f'set xlabel "{x_label}"\n'
                 f"set multiplot layout 1,{len(panels)} margins 0.08,0.98,"
                 f"{(60 + 18 * rows_of_key) / height:.3f},0.92 spacing 0.09\n"
                 f"set xtics ({', '.join(str(x) for x in x_values)})\n")
    for number, (title, is_logarithmic, _) in enumerate(panels):
        commands += f'set title "{title}"\n'
        commands += "set logscale y\n" if is_logarithmic else \
            "unset logscale y\nset yrange [0:*]\n"
        commands += ("set key at screen 0.5, screen 0.005 center bottom "
                     "horizontal maxcols 3 samplen 2 font ',11'\n"
                     if number == 0 else "unset key\n")
        commands += "plot " + ", \\\n".join(
            f"$data{number} using 1:{column + 2} with linespoints pt 7 ps 0.5 "
            f'lw 1.5 dt {1 + column // len(COLOURS)} '
            f'lc rgb "{COLOURS[column % len(COLOURS)]}" title "{name}"'
            for column, name in enumerate(names)) + "\nset yrange [*:*]\n"
    gnuplot(path, 900, height, commands + "unset multiplot\n")


# ---- What is drawn ----

class Pages:
    """The files that the manual includes."""

    def __init__(self, figures, folder):
        self.figures = figures
        self.folder = folder
        self.values = {}

    def plot_path(self, name):
        return self.folder / f"{name}.svg"

    def write(self, name, text):
        (self.folder / f"{name}.adoc").write_text(HEAD + text,
                                                  encoding="utf-8")

    def value(self, name, value, factor=1.0):
        """A figure that prose may name: {figure-NAME}."""
        if value is not None:
            self.values["figure-" + name] = shown(value, factor)

    def write_values(self):
        lines = [f":{name}: {value}" for name, value in self.values.items()]
        self.write("values", "\n".join(lines) + "\n")


def hand_over(pages):
    figures = pages.figures
    for setting, name in ((SHORT, "hand_over"), ("1 s", "hand_over_long")):
        def late(subject, statistic):
            return figures.get("hand-over", subject, setting, statistic)

        def cpu(subject):
            return figures.get("CPU while waiting", subject, setting, "mean")

        subjects = sorted(figures.subjects("hand-over", setting),
                          key=lambda subject: late(subject, "p50"))
        if not subjects:
            continue
        pages.write(name, table(
            ["lock", "p50, ratio", "CPU, ratio", "p50 us", "p90 us", "p99 us",
             "max us", "CPU %"],
            [[f"`{subject}`",
              shown(ratio(late(subject, "p50"), late(TIMED_LOCK, "p50"))),
              shown(ratio(cpu(subject), cpu(TIMED_LOCK)))]
             + [shown(late(subject, statistic), 1e6)
                for statistic in ("p50", "p90", "p99", "max")]
             + [shown(cpu(subject), 100)] for subject in subjects]))
        dot_plot(pages.plot_path(name), [
            (subject, [[late(subject, statistic) * 1e6
                        for statistic in ("p50", "p90", "p99", "max")],
                       [cpu(subject) * 100]]) for subject in subjects],
            [("hand-over in us", ["p50", "p90", "p99", "max"], None),
             ("CPU while waiting in % of a core", ["mean"], None)])


def overshoot(pages):
    figures = pages.figures
    measure = "overshoot of a deadline"
    settings = figures.settings(measure)

    def late(subject, setting, statistic):
        return figures.get(measure, subject, setting, statistic)

    alone = settings[0]
    subjects = sorted(figures.subjects(measure, alone),
                      key=lambda subject: late(subject, alone, "p99"))
    statistics = ("p50", "p99", "max")
    pages.write("overshoot", table(
        ["lock"] + [f"{setting}, {statistic} ms" for setting in settings
                    for statistic in statistics],
        [[f"`{subject}`"] + [shown(late(subject, setting, statistic), 1e3)
                             for setting in settings
                             for statistic in statistics]
         for subject in subjects]))
    dot_plot(pages.plot_path("overshoot"), [
        (subject, [[late(subject, alone, statistic) * 1e3
                    for statistic in statistics]]) for subject in subjects],
        [("from the deadline to the return, in ms", statistics, 1)])


def contention(pages):
    figures = pages.figures
    settings = figures.settings("throughput")
    contenders = [int(setting.split()[0]) for setting in settings]
    subjects = figures.subjects("throughput")
    parts = [("throughput", "mean", "holds per second", True),
             ("fairness", "Jain index", "Jain's index", False),
             ("longest starvation", "max", "longest starvation in s", True)]
    for measure, statistic, title, _ in parts:
        pages.write(measure.replace(" ", "_"), table(
            ["lock"] + settings,
            [[f"`{subject}`"]
             + [shown(figures.get(measure, subject, setting, statistic))
                for setting in settings] for subject in subjects]))
    line_plot(pages.plot_path("contention"), "contenders", contenders, [
        (title, is_logarithmic, {
            subject: [figures.get(measure, subject, setting, statistic)
                      for setting in settings] for subject in subjects})
        for measure, statistic, title, is_logarithmic in parts])


def sweep(pages):
    figures = pages.figures

    def late(subject, statistic):
        return figures.get("sweep: hand-over", subject, SHORT, statistic)

    def cpu(subject):
        return figures.get("sweep: CPU while waiting", subject, SHORT, "mean")

    subjects = sorted(figures.subjects("sweep: hand-over"), key=cpu)
    pages.write("sweep", table(
        ["pauses", "p50, ratio", "CPU, ratio", "p50 us", "p99 us", "CPU %"],
        [[subject, shown(ratio(late(subject, "p50"), late(TIMED_LOCK, "p50"))),
          shown(ratio(cpu(subject), cpu(TIMED_LOCK))),
          shown(late(subject, "p50"), 1e6), shown(late(subject, "p99"), 1e6),
          shown(cpu(subject), 100)] for subject in subjects]))


def made_on(pages):
    lines = ["[horizontal]"]
    lines += [f"{name}:: `{value}`"
              for name, value in pages.figures.made_on.items()]
    pages.write("made_on", "\n".join(lines) + "\n")
