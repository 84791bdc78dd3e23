#!/usr/bin/env python3
# Copyright 2026 The filelock authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at
# https://www.boost.org/LICENSE_1_0.txt)

"""draw_figures.py folder [--check]

Reads figures.json of a folder and writes beside it what the manual shows:
tables and values (.md) and plots (.svg, by gnuplot). With --check it
writes nothing, and fails where a file there is not what it would write.

doc/check_samples.py --write puts the tables and values into the pages.
"""

import argparse
import json
import math
import pathlib
import subprocess
import sys
import tempfile

HEAD = """\
<!-- Copyright 2026 The filelock authors
Distributed under the Boost Software License, Version 1.0.
(See accompanying file LICENSE_1_0.txt or copy at
https://www.boost.org/LICENSE_1_0.txt)

Made by scripts/bench. Do not edit. -->

"""

FLOCK = "raw flock"
TIMED_LOCK = "interprocess timed_lock"
LOCK = "file_lock lock"
DEFAULT = "file_lock timed"
QUEUED = "queued_file_lock timed"
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

    def late(self, subject, statistic="p50", setting=SHORT):
        return self.get("hand-over", subject, setting, statistic)

    def cpu(self, subject, setting=SHORT):
        return self.get("CPU while waiting", subject, setting, "mean")

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


def shown_beside(value, goal):
    """As shown(), but what is just above a goal is not rounded down to it."""
    text = shown(value)
    is_hidden = value is not None and value > goal and float(text) <= goal
    return f"{value:.4g}" if is_hidden else text


def p99_of(value, count):
    """None where so few are measured that it is the maximum."""
    return value if count is not None and count >= 100 else None


def ratio(value, reference):
    return value / reference if value is not None and reference else None


# ---- Tables ----

def table(columns, rows):
    """A table in Markdown; the first column is text. Without the columns for
    which this run has nothing."""
    kept = [number for number in range(len(columns))
            if any(row[number] != "-" for row in rows)]
    columns = [columns[number] for number in kept]
    rows = [[row[number] for number in kept] for row in rows]
    lines = [row_of(columns), row_of(["---"] + ["---:"] * (len(columns) - 1))]
    lines += [row_of(row) for row in rows]
    return "\n".join(lines) + "\n"


def row_of(cells):
    return "| " + " | ".join(cells) + " |"


# ---- Plots ----

# Of Okabe and Ito: readers who see few colours can tell them apart.
COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"]


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
                     f"set rmargin at screen {begin + width - 0.05:.3f}\n"
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


MOST_LINES = 6  # in a panel


def line_plot(path, x_label, x_values, panels):
    """A panel is (title, is y logarithmic, {name: [y for each x]}). Names that
    are too many for one panel go on in a row of panels below it."""
    names = list(dict.fromkeys(name for _, _, lines in panels for name in lines))
    groups = math.ceil(len(names) / MOST_LINES)
    size = math.ceil(len(names) / groups)
    rows = [names[i : i + size] for i in range(0, len(names), size)]
    ranges = [shared_range(lines, is_logarithmic)
              for _, is_logarithmic, lines in panels]
    height_of_row = 370
    commands = ""
    for number, (_, _, lines) in enumerate(panels):
        commands += block(f"data{number}", [
            " ".join([str(x)] + [str(lines[name][index])
                                 if lines.get(name, [None] * len(x_values))
                                 [index] is not None else "NaN"
                                 for name in names])
            for index, x in enumerate(x_values)])
    commands += ("set logscale x\nset format x '%g'\nunset key\n"
                 f'set xlabel "{x_label}"\n'
                 f"set xtics ({', '.join(str(x) for x in x_values)})\n"
                 f"set xrange [{x_values[0] * 0.8}:{x_values[-1] * 1.25}]\n"
                 "set multiplot\n")
    for number, row in enumerate(rows):
        top = 1 - number / len(rows)
        share = 1 / len(rows)
        # One key for all panels of a row, which gnuplot has none for.
        for place, name in enumerate(row):
            commands += (
                f'set label {place + 1} "-- {name}" at screen '
                f"{0.05 + place % 3 * 0.33:.2f}, screen "
                f"{top - share * (0.91 + 0.05 * (place // 3)):.3f} "
                f'font ",11" textcolor rgb "{COLOURS[place]}"\n')
        commands += (f"set tmargin at screen {top - share * 0.1:.3f}\n"
                     f"set bmargin at screen {top - share * 0.74:.3f}\n")
        for panel, (title, _, _) in enumerate(panels):
            begin = 0.08 + panel * 0.31
            commands += (f"set lmargin at screen {begin:.3f}\n"
                         f"set rmargin at screen {begin + 0.24:.3f}\n"
                         f'set title "{title}" offset 0,-0.5\n')
            is_linear = ranges[panel].startswith("0:")
            commands += "unset logscale y\n" if is_linear else \
                "set logscale y\n"
            commands += f"set yrange [{ranges[panel]}]\n"
            curves = [f"$data{panel} using 1:{names.index(name) + 2} "
                      "with linespoints pt 7 ps 0.5 lw 1.5 "
                      f'lc rgb "{COLOURS[place]}"'
                      for place, name in enumerate(row)]
            commands += "plot " + ", \\\n".join(curves) + "\nunset label\n"
    gnuplot(path, 900, height_of_row * len(rows), commands + "unset multiplot\n")


def shared_range(lines, is_logarithmic):
    """The same in each row, so that rows can be compared. From 0 where a
    logarithmic scale would have no label."""
    values = [value for line in lines.values() for value in line
              if value is not None]
    if is_logarithmic:
        least = min(value for value in values if value > 0)
        if max(values) > 10 * least:
            return f"{least / 1.3:g}:{max(values) * 1.3:g}"
    return f"0:{max(values) * 1.05:g}"


# ---- What is drawn ----

class Pages:
    """The files that the manual shows."""

    def __init__(self, figures, folder):
        self.figures = figures
        self.folder = folder
        self.values = {}

    def plot_path(self, name):
        return self.folder / f"{name}.svg"

    def write(self, name, text):
        (self.folder / f"{name}.md").write_text(HEAD + text, encoding="utf-8")

    def value(self, name, value, factor=1.0):
        """A figure that prose may name."""
        if value is not None:
            self.values[name] = shown(value, factor)

    def count(self, name, value):
        if value is not None:
            self.values[name] = f"{value:g}"

    def write_values(self):
        lines = [f"- {name}: {value}" for name, value in self.values.items()]
        self.write("values", "\n".join(lines) + "\n")


def hand_over(pages):
    figures = pages.figures
    for setting, name in zip(figures.settings("hand-over"),
                             ("hand_over", "hand_over_long")):
        def late(subject, statistic):
            return figures.late(subject, statistic, setting)

        def cpu(subject):
            return figures.cpu(subject, setting)

        def shown_late(subject, statistic):
            value = late(subject, statistic)
            if statistic == "p99":
                value = p99_of(value, late(subject, "count"))
            return shown(value, 1e6)

        subjects = sorted(figures.subjects("hand-over", setting),
                          key=lambda subject: late(subject, "p50"))
        pages.count(name.replace("_", "-") + "-count",
                    max(late(subject, "count") for subject in subjects))
        pages.write(name, table(
            ["lock", "p50, ratio", "CPU, ratio", "p50, \u00b5s", "p90, \u00b5s", "p99, \u00b5s",
             "max, \u00b5s", "CPU, %"],
            [[f"`{subject}`",
              shown(ratio(late(subject, "p50"), late(TIMED_LOCK, "p50"))),
              shown(ratio(cpu(subject), cpu(TIMED_LOCK)))]
             + [shown_late(subject, statistic)
                for statistic in ("p50", "p90", "p99", "max")]
             + [shown(cpu(subject), 100)] for subject in subjects]))
        dot_plot(pages.plot_path(name), [
            (subject, [[late(subject, statistic) * 1e6
                        for statistic in ("p50", "p90", "p99", "max")],
                       [cpu(subject) * 100]]) for subject in subjects],
            [("hand-over in \u00b5s", ["p50", "p90", "p99", "max"], None),
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
    pages.count("overshoot-count",
                max(late(subject, alone, "count") for subject in subjects))
    pages.write("overshoot", table(
        ["lock"] + [f"{setting}, {statistic}, ms" for setting in settings
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
    pages.count("sweep-count", late(TIMED_LOCK, "count"))
    pages.write("sweep", table(
        ["pauses", "p50, ratio", "CPU, ratio", "p50, \u00b5s", "p99, \u00b5s", "CPU, %"],
        [[subject, shown(ratio(late(subject, "p50"), late(TIMED_LOCK, "p50"))),
          shown(ratio(cpu(subject), cpu(TIMED_LOCK))),
          shown(late(subject, "p50"), 1e6),
          shown(p99_of(late(subject, "p99"), late(subject, "count")), 1e6),
          shown(cpu(subject), 100)] for subject in subjects]))


def pairs(pages):
    figures = pages.figures
    measures = ["uncontended pair", "uncontended shared pair",
                "open-lock-unlock-close", "try_lock of a busy lock"]
    rows = list(dict.fromkeys(
        (row["subject"], row["setting"]) for row in figures.rows
        if row["measure"] in measures))

    def time(measure, subject, setting=""):
        return figures.get(measure, subject, setting, "median CPU time")

    pages.write("pairs", table(
        ["lock", "pair, ratio to `flock`"] + [
            measure.replace("uncontended ", "") + ", \u00b5s" for measure in measures],
        [[f"`{subject}`" + (f", `{setting}`" if setting else ""),
          shown(ratio(time(measures[0], subject, setting),
                      time(measures[0], "flock")))]
         + [shown(time(measure, subject, setting), 1e6)
            for measure in measures] for subject, setting in rows]))


def cancellation(pages):
    figures = pages.figures
    pages.write("cancellation", table(
        ["lock", "p50, \u00b5s", "p99, \u00b5s", "max, \u00b5s"],
        [[f"`{subject}`"] + [
            shown(figures.get("a stopped wait", subject, "", statistic), 1e6)
            for statistic in ("p50", "p99", "max")]
         for subject in figures.subjects("a stopped wait")]))


def distinct_locks(pages):
    figures = pages.figures
    parts = [("lock and unlock", "median CPU time", "a pair"),
             ("open and close one more", "median CPU time", "one more"),
             ("fork to end of child", "median", "fork to the end of the child")]
    measure = "distinct locks: "
    settings = figures.settings(measure + parts[0][0])
    subjects = figures.subjects(measure + parts[0][0])

    def value(part, subject, setting, statistic):
        return figures.get(measure + part, subject, setting, statistic)

    pages.write("distinct_locks", table(
        ["lock"] + settings,
        [[f"`{subject}`, {words}, \u00b5s"] + [
            shown(value(part, subject, setting, statistic), 1e6)
            for setting in settings]
         for part, statistic, words in parts for subject in subjects]))
    line_plot(pages.plot_path("distinct_locks"), "open locks",
              [int(setting.split()[0]) for setting in settings], [
        (words + ", \u00b5s", True, {
            subject: [scaled(value(part, subject, setting, statistic), 1e6)
                      for setting in settings] for subject in subjects})
        for part, statistic, words in parts])


def scaled(value, factor):
    return None if value is None else value * factor


def simulated_contention(pages):
    figures = pages.figures
    measure = "simulated contention"
    holds = list(dict.fromkeys(setting.split("; ")[1]
                               for setting in figures.settings(measure)))
    contenders = list(dict.fromkeys(int(setting.split()[0])
                                    for setting in figures.settings(measure)))
    subjects = figures.subjects(measure)
    parts = [("attempts per acquire", True),
             ("time to drain / sum of holds", True), ("fairness", False)]
    for number, kind in enumerate(holds):
        name = "simulated_" + ["short", "long"][number]

        def values(subject, statistic):
            return [figures.get(measure, subject, f"{count} contenders; {kind}",
                                statistic) for count in contenders]

        pages.write(name, table(
            ["policy"] + [f"{count}: {title}" for title in
                          ("attempts", "drain", "fairness")
                          for count in contenders],
            [[subject] + [shown(value) for statistic, _ in parts
                          for value in values(subject, statistic)]
             for subject in subjects]))
        line_plot(pages.plot_path(name), "contenders", contenders, [
            (statistic, is_logarithmic,
             {subject: values(subject, statistic) for subject in subjects})
            for statistic, is_logarithmic in parts])


def compile_cost(pages):
    figures = pages.figures
    standards = figures.settings("compile")
    reference = "filesystem"
    headers = [header for header in figures.subjects("compile")
               if header != reference]

    def costs(header, standard):
        return [figures.get("compile", header, standard,
                            "ratio to <filesystem>"),
                figures.get("preprocess", header, standard,
                            "ratio to <filesystem>")]

    costly = [f"`{header}` ({shown(costs(header, standard)[0])} in "
              f"{standard.replace('c++', 'C++')})"
              for standard in standards for header in headers
              if costs(header, standard)[0] > 1.5]
    pages.write("compile_missed",
                "These headers miss the goal by their compile time: "
                + ", ".join(costly) + ".\n" if costly else
                "All headers meet the goal by their compile time too.\n")
    pages.write("compile_cost", table(
        ["header"] + [f"{standard}, {what}" for standard in standards
                      for what in ("time", "lines")],
        [[f"`<{header}>`"] + [shown(cost) for standard in standards
                              for cost in costs(header, standard)]
         for header in headers]))
    dot_plot(pages.plot_path("compile_cost"), [
        (header, [costs(header, standards[0])]) for header in sorted(
            headers, key=lambda header: costs(header, standards[0])[0])],
        [(f"ratio to <filesystem>, {standards[0]}", ["time", "lines"], 1.5)])


def goals(pages):
    """What was aimed at, and what this run has measured."""
    figures = pages.figures

    def pair(subject, setting=""):
        return figures.get("uncontended pair", subject, setting,
                           "median CPU time")

    overshoots = [
        row["value"] for row in figures.rows
        if row["measure"] == "overshoot of a deadline"
        and row["setting"] == "one waiter" and row["statistic"] == "p99"
        and row["subject"] not in (TIMED_LOCK, "python3-filelock",
                                   "sleep_until alone")]
    costs = {
        kind: max(row["value"] for row in figures.rows
                  if row["measure"] == kind and "filelock/" in row["subject"]
                  and row["statistic"] == "ratio to <filesystem>")
        for kind in ("compile", "preprocess")}
    rows = [
        ("`queued_file_lock`: hand-over p50, ratio to raw "
         "`flock` (a stretch; required: 6)",
         ratio(figures.late(QUEUED), figures.late(FLOCK)), 3),
        ("`queued_file_lock`: hand-over p50, ratio "
         "to `timed_lock` of `interprocess`",
         ratio(figures.late(QUEUED), figures.late(TIMED_LOCK)), 0.05),
        ("`queued_file_lock`: CPU while waiting, % of a core",
         scaled(figures.cpu(QUEUED), 100), 0.5),
        ("`file_lock`, timed: hand-over p50, ratio "
         "to `timed_lock` of `interprocess`",
         ratio(figures.late(DEFAULT), figures.late(TIMED_LOCK)), 0.5),
        ("`file_lock`, timed: CPU while "
         "waiting, ratio to `timed_lock` of `interprocess`",
         ratio(figures.cpu(DEFAULT), figures.cpu(TIMED_LOCK)), 0.1),
        ("overshoot of a deadline: the worst p99 of any lock of "
         "the library, ms", max(overshoots) * 1e3, 1),
        ("an uncontended pair without `verify_path`, ratio "
         "to raw `flock`",
         ratio(pair("file_lock", "verify_path = false"), pair("flock")), 1.05),
        ("an uncontended pair of `file_lock`, ratio to "
         "`interprocess::file_lock`",
         ratio(pair("file_lock"), pair("interprocess::file_lock")), 1.25),
        ("an uncontended pair of `file_mutex`, ratio to "
         "`std::mutex` and `file_lock`",
         ratio(pair("file_mutex"), pair("std::mutex and file_lock")), 1.05),
        ("an uncontended pair of the drop-in, ratio to "
         "`interprocess::file_lock`",
         ratio(pair("filelock::interprocess::file_lock"),
               pair("interprocess::file_lock")), 1.05),
        ("compile time of the costliest public header, ratio "
         "to `<filesystem>`", costs["compile"], 1.5),
        ("preprocessed lines of the costliest public header, "
         "ratio to `<filesystem>`", costs["preprocess"], 1.5),
    ]
    pages.write("goals", table(
        ["figure", "measured", "at most", ""],
        [[words, shown_beside(value, goal), f"{goal:g}",
          "-" if value is None else "met" if value <= goal else "**missed**"]
         for words, value, goal in rows]))


def figures_of_prose(pages):
    """What a sentence of the manual names."""
    figures = pages.figures

    def value_of_each(what, value, subjects, factor=1.0):
        for name, subject in subjects.items():
            pages.value(f"{name}-{what}", value(subject), factor)

    def of_crowd(measure, statistic):
        setting = figures.settings(measure)[-1]
        return lambda subject: figures.get(measure, subject, setting, statistic)

    waits = {"queued": QUEUED, "default": DEFAULT}
    pages.value("queued-of-flock",
                ratio(figures.late(QUEUED), figures.late(FLOCK)))
    pages.value("lock-of-flock", ratio(figures.late(LOCK), figures.late(FLOCK)))
    pages.value("default-of-interprocess",
                ratio(figures.late(DEFAULT), figures.late(TIMED_LOCK)))
    pages.value("default-cpu-of-interprocess",
                ratio(figures.cpu(DEFAULT), figures.cpu(TIMED_LOCK)))
    value_of_each("p50", figures.late, {
        "flock": FLOCK, "lock": LOCK, "notified": "queued notified", **waits},
        1e6)
    value_of_each("cpu", figures.cpu,
                  {"notified": "queued notified", **waits}, 100)
    value_of_each("starvation", of_crowd("longest starvation", "max"), {
        "lock": LOCK, "default": DEFAULT, "jittered": "jittered full"})
    value_of_each("overshoot-of-many",
                  of_crowd("overshoot of a deadline", "p99"), waits, 1e3)
    pages.value("queued-p99", figures.late(QUEUED, "p99"), 1e6)
    pages.value("queued-overshoot", figures.get(
        "overshoot of a deadline", QUEUED, "one waiter", "p99"), 1e3)
    pages.value("stop-p99", figures.get("a stopped wait", "queued_file_lock",
                                        "", "p99"), 1e3)


def made_on(pages):
    lines = [f"- {name}: `{value}`"
             for name, value in pages.figures.made_on.items()]
    pages.write("made_on", "\n".join(lines) + "\n")


def draw_all(folder, into):
    pages = Pages(Figures(folder / "figures.json"), into)
    for draw in (hand_over, overshoot, contention, sweep, pairs, cancellation,
                 distinct_locks, simulated_contention, compile_cost, goals,
                 figures_of_prose, made_on):
        draw(pages)
    pages.write_values()


def differences(drawn, found):
    for path in sorted(drawn.iterdir()):
        other = found / path.name
        if not other.exists() or path.read_bytes() != other.read_bytes():
            yield f"{other}: not what figures.json says; see draw_figures.py"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    if not arguments.check:
        draw_all(arguments.folder, arguments.folder)
        return
    with tempfile.TemporaryDirectory() as folder:
        drawn = pathlib.Path(folder)
        draw_all(arguments.folder, drawn)
        found = list(differences(drawn, arguments.folder))
    print("\n".join(found))
    sys.exit(1 if found else 0)


main()
