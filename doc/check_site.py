#!/usr/bin/env python3
# Copyright 2026 The filelock authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""check_site.py folder

Reads the pages of the built site. Fails on a link to a file or an anchor that
is not there, an image without a text, a stilted phrase, a page longer than a
reader bears, and a page that lacks the version or the date.
"""

import pathlib
import re
import sys
import urllib.parse
from html.parser import HTMLParser

# In each of these a reader stops and reads again.
STILTED = re.compile(
    r"\b(as new|of which|for who|whoever|has them not|(?:what )?is told|"
    r"the one before|in the way of|that of|so is|by now|other than by|"
    r"has to be asked|is to be|no more is claimed|in silence|"
    r"of its own kind)\b|(?:^|[.;] )Nor\b", re.I)

# Without the listings.
MOST_WORDS = 1600
# The changelog, and lists to look things up in.
LONG_PAGES = {"history.html", "genindex.html", "search.html"}


class Page(HTMLParser):
    def __init__(self, path):
        super().__init__()
        self.links = []
        self.anchors = {""}
        self.without_text = []
        self.prose = []
        self.words = 0
        self.text = path.read_text(encoding="utf-8")
        self.inside = {"article": 0, "pre": 0, "code": 0, "script": 0,
                       "style": 0}
        self.feed(self.text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag in self.inside:
            self.inside[tag] += 1
        if tag == "img" and not attributes.get("alt", "").strip():
            self.without_text.append(attributes.get("src", "?"))
        for name in ("id", "name"):
            if name in attributes:
                self.anchors.add(attributes[name])
        for name in ("href", "src"):
            if attributes.get(name):
                self.links.append(attributes[name])
        if tag in ("p", "li", "td", "th", "h1", "h2", "h3", "h4"):
            self.prose.append("\n")

    def handle_endtag(self, tag):
        if tag in self.inside:
            self.inside[tag] -= 1

    def handle_data(self, data):
        inside = self.inside
        if not inside["article"] or inside["script"] or inside["style"]:
            return
        if not inside["pre"]:
            self.words += len(data.split())
            self.prose.append("`code`" if inside["code"] else data)

    def stilted(self):
        text = "".join(self.prose)
        for line in text.split("\n"):
            line = re.sub(r"\s+", " ", line)
            for found in STILTED.finditer(line):
                begin = max(0, found.start() - 40)
                yield found[0], line[begin : found.end() + 40]


def dead_links(path, page, pages):
    for link in sorted(set(page.links)):
        parts = urllib.parse.urlsplit(link)
        if parts.scheme or parts.netloc:
            continue
        name = urllib.parse.unquote(parts.path)
        target = (path.parent / name).resolve() if name else path
        if not target.exists():
            yield f"no such file: {link}"
        elif target in pages and parts.fragment:
            anchor = urllib.parse.unquote(parts.fragment)
            if anchor not in pages[target].anchors:
                yield f"no such anchor: {link}"


def faults(folder):
    pages = {path.resolve(): Page(path)
             for path in sorted(folder.rglob("*.html"))
             if "_static" not in path.parts}
    if not pages:
        yield f"{folder}: no pages"
    for path, page in pages.items():
        name = str(path.relative_to(folder.resolve()))
        for fault in dead_links(path, page, pages):
            yield f"{name}: {fault}"
        for image in page.without_text:
            yield f"{name}: an image without a text: {image}"
        for phrase, context in page.stilted():
            yield f"{name}: stilted: '{phrase}' in: {context}"
        if page.words > MOST_WORDS and name not in LONG_PAGES:
            yield f"{name}: {page.words} words; split it"
        if not re.search(r"filelock \d+\.\d+", page.text):
            yield f"{name}: names no version"
        if not re.search(r"updated on 20\d\d-\d\d-\d\d", page.text):
            yield f"{name}: names no date"
    # A browser reads this from a folder, without a server.
    search = folder / "search.html"
    if search.exists() and '"searchindex.js"' not in search.read_text():
        yield "search.html: does not read searchindex.js as a script"


def main():
    found = list(faults(pathlib.Path(sys.argv[1])))
    print("\n".join(found))
    sys.exit(len(found) != 0)


main()
