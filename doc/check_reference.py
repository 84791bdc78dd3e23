#!/usr/bin/env python3
# Copyright 2026 The filelock authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""check_reference.py xml page...

Compares the synopses of the manual with the XML that Doxygen made from the
headers. Fails where a public header, class, function, variable, type or value
is not in a synopsis, where a signature differs, where a synopsis has a function
that the headers do not have, and where a function of a synopsis is not described
on its page. What a class inherits from a base in detail/ is its own.
"""

import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree

# What stands before a parenthesis and is no function of the library.
NO_FUNCTION = {"noexcept", "operator", "static_cast", "void", "Generator",
               "seconds"}


def squeezed(text):
    """Without comments and needless spaces, and with (min)() as min()."""
    text = re.sub(r"/\*.*?\*/|//[^\n]*", "", text, flags=re.S)
    text = re.sub(r"\((\w+)\)\(\)", r" \1()", text)
    return re.sub(r"(?<!\w)\s+|\s+(?!\w)", "", re.sub(r"\s+", " ", text))


def synopses(pages):
    """All synopses, one text."""
    texts = []
    for text in pages.values():
        texts += re.findall(r"^<!-- synopsis -->\n\n```cpp\n(.*?)^```$", text,
                            flags=re.S | re.M)
    return "\n".join(texts)


def functions_of(synopsis):
    """The names of the functions in it."""
    code = re.sub(r"/\*.*?\*/|//[^\n]*", "", synopsis, flags=re.S)
    code = re.sub(r"\((\w+)\)\(\)", r" \1()", code)
    # Not the type of a conversion.
    return set(re.findall(r"(?<!operator )(?<!\w)(~?\w+)\s*\(",
                          code)) - NO_FUNCTION


def undescribed(pages):
    """The functions of a page's synopsis that no heading and no code in the
    text names: neither on this page, nor on those whose names it begins."""
    for page, text in pages.items():
        stem = pathlib.Path(page).stem
        prose = "\n".join(
            re.sub(r"^```.*?^```$", "", other, flags=re.S | re.M)
            for name, other in pages.items()
            if pathlib.Path(name).stem == stem
            or pathlib.Path(name).stem.startswith(stem + "_"))
        named = " ".join(re.findall(r"`[^`]*`|^#.*", prose, flags=re.M))
        # What is deleted or defaulted needs no words.
        written = re.sub(r"[^;{}]*= (?:delete|default);", "",
                         synopses({page: text}))
        for name in sorted(functions_of(written)):
            if not re.search(rf"(?<![\w~]){name}\b", named):
                yield f"{pathlib.Path(page).name}: does not describe {name}"


def body(text, name):
    """What is between the braces of a class; None where it is not there."""
    begin = re.search(rf"\b(class|struct) {name}\b[^;{{}}]*{{", text)
    if not begin:
        return None
    depth = 1
    end = begin.end()
    while depth:
        depth += {"{": 1, "}": -1}.get(text[end], 0)
        end += 1
    return text[begin.end() : end - 1]


def signature(member):
    """As squeezed() leaves it in a synopsis."""
    text = member.findtext("name") + member.findtext("argsstring")
    # A condition that is written out stands in a synopsis as a comment.
    return squeezed(re.sub(r"noexcept\(.*", "noexcept(", text))


def missing(members, text):
    """The members that a synopsis does not have."""
    tight = squeezed(text)
    for member in members:
        name = member.findtext("name")
        if member.get("kind") in ("function", "friend"):
            # Not as the end of a longer name.
            if not re.search(r"(?<!\w)" + re.escape(signature(member)), tight):
                yield name + member.findtext("argsstring")
        elif not re.search(rf"\b{name}\b", text):
            yield name
        for value in member.findall("enumvalue/name"):
            if not re.search(rf"\b{value.text}\b", text):
                yield value.text


def is_internal(compound):
    return "/detail/" in "/" + compound.find("location").get("file")


def public_members(compound, bases):
    for member in compound.iter("memberdef"):
        if (member.get("prot") == "public" and member.get("kind") != "define"
                and member.findtext("type") != "class"):  # a friend
            yield member
    for base in compound.iter("basecompoundref"):
        name = base.text.split("<")[0].split("::")[-1].strip()
        if base.get("prot") == "public" and name in bases:
            yield from public_members(bases[name], bases)


def compounds(folder):
    for file in sorted(pathlib.Path(folder).glob("*.xml")):
        for compound in ElementTree.parse(file).iter("compounddef"):
            if compound.get("prot") != "private":
                yield compound


def main():
    pages = {page: pathlib.Path(page).read_text(encoding="utf-8")
             for page in sys.argv[2:]}
    manual = "\n".join(pages.values())
    text = synopses(pages)
    faults = list(undescribed(pages))
    functions = set()
    classes = 0
    bases = {each.findtext("compoundname").split("::")[-1]: each
             for each in compounds(sys.argv[1])
             if each.get("kind") == "class" and is_internal(each)}
    for compound in compounds(sys.argv[1]):
        if compound.get("kind") in ("class", "file") and is_internal(compound):
            continue
        kind = compound.get("kind")
        full_name = compound.findtext("compoundname")
        name = full_name.split("::")[-1]
        if kind in ("class", "struct"):
            classes += 1
            part = body(text, name)
            if part is None:
                faults.append(f"{full_name}: has no synopsis")
                continue
            place = f"{name}: not in its synopsis: "
        elif kind == "namespace" and full_name == "filelock":
            part = text
            place = "not in a synopsis: "
        elif kind == "concept":
            if not re.search(rf"\bconcept {name}\b", text):
                faults.append(f"{full_name}: has no synopsis")
            continue
        elif kind == "file":
            header = compound.find("location").get("file")
            header = header.split("filelock/")[-1]
            if f"`{header}`" not in manual:
                faults.append(f"{header}: not in the list of headers")
            for macro in compound.iter("memberdef"):
                if (macro.find("detaileddescription/para") is not None
                        and f"#define {macro.findtext('name')} " not in text):
                    faults.append(f"{macro.findtext('name')}: has no synopsis")
            continue
        else:
            continue
        members = list(public_members(compound, bases))
        functions |= {member.findtext("name") for member in members}
        faults += [place + each for each in missing(members, part)]

    for name in sorted(functions_of(text)):
        if name not in functions:
            faults.append(f"{name}: in a synopsis, but not in the headers")
    if classes == 0:
        faults.append(f"{sys.argv[1]}: no classes")
    print("\n".join(faults))
    sys.exit(len(faults) != 0)


main()
