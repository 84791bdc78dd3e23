#!/usr/bin/env python3
# Copyright 2026 The filelock authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""check_widths.py folder

Opens each page of the built site in Chromium, as wide as a phone and as a
screen. Fails where a page scrolls sideways, or a part of it is cut off, and
where the search finds nothing.
"""

import http.server
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

WIDTHS = (390, 1280)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")

# One frame shows each page in turn, at each width. Scripts of a page do not run
# there: they do not change its width.
# The result goes to a server on the loopback.
HARNESS = """<!DOCTYPE html>
<html><body><script>
const pages = %s, widths = %s, server = %s, result = [];
const frame = document.createElement("iframe");
frame.setAttribute("sandbox", "allow-same-origin");
frame.style.cssText = "height:900px;border:0";
document.body.append(frame);

function scrollsItself(element) {
  for (; element; element = element.parentElement)
    if (/auto|scroll|hidden/.test(getComputedStyle(element).overflowX) &&
        element.tagName != "BODY" && element.tagName != "HTML")
      return true;
  return false;
}

function look(page, width) {
  const root = frame.contentDocument.documentElement;
  const all = root.querySelectorAll("article *");
  if (!all.length) result.push(`${page}: has no article`);
  if (root.scrollWidth > width)
    result.push(`${page}: scrolls sideways at ${width}: ${root.scrollWidth}`);
  for (const each of all) {
    const right = each.getBoundingClientRect().right;
    if (right > width + 1 && !scrollsItself(each)) {
      result.push(`${page}: wider than ${width}: <${each.tagName}> ` +
                  each.textContent.slice(0, 60));
      return;
    }
  }
}

function finish() {
  fetch(server, {method: "POST", mode: "no-cors", body: result.join("\\n")});
}

// As a reader does who has the folder only.
function search(attempts) {
  const text = frame.contentDocument.body.textContent;
  if (/found [1-9]\\d* page/.test(text)) return finish();
  if (attempts) return setTimeout(search, 100, attempts - 1);
  result.push("search.html: finds no page with 'deadline'");
  finish();
}

function next() {
  const page = pages.shift();
  if (!page) return finish();
  frame.onload = () => {
    for (const width of widths) {
      frame.style.width = width + "px";
      look(page, width);
    }
    if (!page.endsWith("/search.html")) return next();
    frame.onload = () => { frame.onload = null; search(600); };
    frame.removeAttribute("sandbox");
    frame.src = page + "?q=deadline";
  };
  frame.src = page;
}
next();
</script></body></html>
"""


class Answer(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        length = int(self.headers["Content-Length"])
        self.server.answer = self.rfile.read(length).decode()
        self.send_response(204)
        self.end_headers()

    def log_message(self, *arguments):
        pass


def faults(browser, folder, pages):
    # Last is the page that needs scripts.
    pages = sorted(pages, key=lambda page: page == "search.html")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place, \
            http.server.HTTPServer(("127.0.0.1", 0), Answer) as server:
        harness = pathlib.Path(place, "harness.html")
        harness.write_text(HARNESS % (
            json.dumps([(folder / page).as_uri() for page in pages]),
            json.dumps(WIDTHS),
            json.dumps(f"http://127.0.0.1:{server.server_port}/")))
        process = subprocess.Popen(
            [browser, "--headless", "--no-sandbox", "--disable-gpu",
             "--disable-dev-shm-usage", f"--user-data-dir={place}/profile",
             "--allow-file-access-from-files", "--window-size=1400,1000",
             "--hide-scrollbars", "--remote-debugging-port=0",
             harness.as_uri()],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        server.timeout = 800
        server.answer = "no answer of " + browser
        server.handle_request()
        process.terminate()
        process.wait()
        answer = server.answer
    return answer.replace(folder.as_uri() + "/", "").splitlines()


def main():
    folder = pathlib.Path(sys.argv[1]).resolve()
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not browser:
        print("SKIPPED: doc.no_page_scrolls_sideways: no Chromium")
        return
    pages = [str(path.relative_to(folder)) for path in folder.rglob("*.html")
             if "_static" not in path.parts]
    found = faults(browser, folder, pages)
    print(f"{len(pages)} pages", *found, sep="\n")
    sys.exit(not pages or len(found) != 0)


main()
