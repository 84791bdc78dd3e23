# Copyright 2026 The filelock authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""How Sphinx makes the site from the pages.

The pages are Markdown that also reads well on GitHub. So the contents list of
the site is made from the links of a page below its line "<!-- contents -->",
and an anchor is what GitHub makes of the heading.
"""

import os
import pathlib
import re
import subprocess

from docutils import nodes
from sphinx.transforms import SphinxTransform

ROOT = pathlib.Path(__file__).resolve().parent.parent


def version_of_headers():
    text = (ROOT / "include/filelock/version.hpp").read_text(encoding="utf-8")
    return ".".join(re.search(rf"#define FILELOCK_VERSION_{part} (\d+)", text)[1]
                    for part in ("MAJOR", "MINOR", "PATCH"))


def date_of_sources():
    """Of the last commit, in seconds; None without git."""
    try:
        return subprocess.run(
            ["git", "-C", str(ROOT), "log", "-1", "--format=%ct"], check=True,
            capture_output=True, text=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None


if date := date_of_sources():
    os.environ.setdefault("SOURCE_DATE_EPOCH", date)

project = "filelock"
author = "The filelock authors"
copyright = "2026 The filelock authors"
version = release = version_of_headers()

extensions = ["myst_parser", "sphinx_copybutton"]
root_doc = "index"
exclude_patterns = ["figures", "test", "build"]
myst_heading_anchors = 4
myst_enable_extensions = []
highlight_language = "cpp"
pygments_style = "friendly"
pygments_dark_style = "monokai"

copybutton_prompt_text = "$ "

html_theme = "furo"
html_title = f"filelock {release}"
html_last_updated_fmt = "%Y-%m-%d"
html_static_path = ["static"]
html_css_files = ["filelock.css"]
html_copy_source = False
html_show_sourcelink = False

# ---- What Markdown has no word for ----

LINK = re.compile(r"^ *- \[[^\]]*\]\((\S+)\.md\)", re.M)


def add_contents(app, docname, source):
    """Makes the contents list of the site from the links of a page."""
    _, marker, contents = source[0].partition("<!-- contents -->\n")
    if not marker:
        return
    # [what stands before, name, links, name, links...]
    groups = re.split(r"^#+ (.*)$", contents, flags=re.M)
    toctrees = []
    for name, links in zip(groups[1::2], groups[2::2]):
        toctrees.append("\n".join(["```{toctree}", ":hidden:", f":caption: {name}",
                                   "", *LINK.findall(links), "```"]))
    source[0] += "\n" + "\n\n".join(toctrees) + "\n"


def add_history(app, docname, source):
    """The page of the history ends with the changelog."""
    if docname == "history":
        changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
        _, _, changes = changes.partition("\n## ")
        source[0] = (source[0].replace("[CHANGELOG.md](../CHANGELOG.md)",
                                       "The list below")
                     + "\n## " + changes.replace("](doc/", "]("))


class Anchors(SphinxTransform):
    """Anchors as on GitHub: #try_lock_for, not #try-lock-for."""

    default_priority = 600  # before the domains look at the sections

    def apply(self, **kwargs):
        domain = self.env.get_domain("std")
        for section in self.document.findall(nodes.section):
            label = section.get("myst-anchor")
            if not label:
                continue
            docname, _, title = domain.labels[label]
            anchor = label.partition("#")[2]
            for old in section["ids"]:
                self.document.ids.pop(old, None)
            section["ids"] = [anchor]
            self.document.ids[anchor] = section
            domain.labels[label] = docname, anchor, title
            domain.anonlabels[label] = docname, anchor


class Figures(SphinxTransform):
    """A paragraph that is one image may scroll in itself."""

    default_priority = 601

    def apply(self, **kwargs):
        for image in self.document.findall(nodes.image):
            if len(image.parent) == 1 and isinstance(image.parent,
                                                     nodes.paragraph):
                image.parent["classes"].append("plot")


def setup(app):
    app.connect("source-read", add_contents)
    app.connect("source-read", add_history)
    app.add_transform(Anchors)
    app.add_transform(Figures)
