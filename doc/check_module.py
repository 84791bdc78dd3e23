#!/usr/bin/env python3
# Copyright 2026 The filelock authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""check_module.py xml include-folder module

Compares what the module exports with the XML that Doxygen made from the
headers. Fails where a public name of a header that the module includes, on any
system, is not exported, and where an exported name is not public.
"""

import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree


def included(folder, text):
    """The headers that a source includes, also through a macro."""
    found = set()
    left = re.findall(r"<(filelock/[\w/]+\.hpp)>", text)
    while left:
        header = left.pop()
        if header not in found:
            found.add(header)
            left += re.findall(
                r"<(filelock/[\w/]+\.hpp)>",
                pathlib.Path(folder, header).read_text(encoding="utf-8"))
    return found


def public_names(xml):
    """Pairs of a name, with its namespace, and its header."""
    for file in sorted(pathlib.Path(xml).glob("*.xml")):
        for compound in ElementTree.parse(file).iter("compounddef"):
            name = compound.findtext("compoundname").split("<")[0].strip()
            header = compound.find("location")
            if compound.get("kind") == "namespace":
                for member in compound.iter("memberdef"):
                    yield (f"{name}::{member.findtext('name')}",
                           member.find("location").get("file"))
            elif (compound.get("kind") in ("class", "struct", "concept")
                  and "::" in name):
                yield name, header.get("file")


def main():
    xml, folder, module = sys.argv[1:]
    text = pathlib.Path(module).read_text(encoding="utf-8")
    headers = {each for each in included(folder, text) if "/detail/" not in each}
    public = {name for name, header in public_names(xml) if header in headers}
    # A nested class comes with its class.
    public = {name for name in public if name.rpartition("::")[0] not in public}
    exported = set(re.findall(r"^using ([\w:]+);$", text, flags=re.M))
    faults = [f"{name}: not exported" for name in sorted(public - exported)]
    faults += [f"{name}: exported, but not a public name of its headers"
               for name in sorted(exported - public)]
    if not public:
        faults.append(f"{xml}: no public names")
    print("\n".join(faults))
    sys.exit(len(faults) != 0)


main()
