#!/usr/bin/env python3
# Copyright 2026 The filelock authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""check_links.py page...

Fails where a page in HTML links to a file that is not there, or to none.
"""

import os
import re
import sys

LINK = re.compile(r'<a [^>]*href="(?!#|\w+:)([^"#]+)')


def main():
    faults = 0
    for page in sys.argv[1:]:
        with open(page, encoding="utf-8") as file:
            links = set(LINK.findall(file.read()))
        missing = [
            link
            for link in sorted(links)
            if not os.path.exists(os.path.join(os.path.dirname(page), link))
        ]
        for link in missing:
            print(f"{page}: no such file: {link}")
        if not links:
            print(f"{page}: no link to a file")
        faults += len(missing) + (not links)
    sys.exit(faults != 0 or len(sys.argv) == 1)


main()
