"""Fingerprints pictures in a real Chromium, with the very files that the portal serves."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from playwright.sync_api import Browser, Page, Route, sync_playwright

from hashing.fingerprints.pdq_order import ORDER
from hashing.fingerprints.regional.table import VERSION
from portal.bench import browsers
from portal.core import static_headers

DIST = Path(settings.BASE_DIR) / "portal/ui/dist"
ORIGIN = "http://localhost:9"  # nothing listens: every request is answered here
LONGEST = 600_000  # milliseconds for one picture
PAGE = f"""<!doctype html><title>bench</title><input type=file><script>
const told = worker => new Promise(resolve => {{
  worker.onmessage = ({{ data }}) => {{ if (data.kind !== "progress") resolve(data); }};
}});
const begun = async () => {{
  const worker = new Worker("/device-worker.js");
  const table = await (await fetch("/regional-v{VERSION}.bin")).arrayBuffer();
  worker.postMessage({{ kind: "setup", table, variants: {json.dumps(ORDER)} }});
  return worker;
}};
window.fingerprint = async () => {{
  const worker = window.held ??= await begun();
  const started = performance.now();
  let answer = told(worker);
  worker.postMessage({{ kind: "open", file: document.querySelector("input").files[0] }});
  const opened = await answer;
  if (opened.kind !== "opened") return opened;
  answer = told(worker);
  worker.postMessage({{ kind: "fingerprint", within: null }});
  const done = await answer;
  return {{ ...done, seconds: (performance.now() - started) / 1000 }};
}};
</script>"""
# A canvas that gives back a little noise, another each time, as browsers do that hide their users.
NOISE = """
const own = OffscreenCanvasRenderingContext2D.prototype.getImageData;
OffscreenCanvasRenderingContext2D.prototype.getImageData = function (...place) {
  const found = own.apply(this, place);
  for (let n = 0; n < 8; n++) found.data[4 * Math.floor(Math.random() * found.data.length / 4)] ^= 1;
  return found;
};
"""


class Hand:
    """A page with a worker. Each answer is what the worker says: kind "done", or "refused" with its code."""

    def __init__(self, browser: Browser, page: Page) -> None:
        self._browser, self._page = browser, page

    def fingerprint(self, data: bytes, media_type: str = "image/jpeg") -> Mapping[str, Any]:
        file = {"name": "picture", "mimeType": media_type, "buffer": data}
        self._page.set_input_files("input", file)  # type: ignore[arg-type]  # its stub wants a TypedDict
        answer: Mapping[str, Any] = self._page.evaluate("fingerprint()")
        return answer

    def peak_megabytes(self) -> float:
        """The most that the process with page and worker has held at once, Chromium's own code included."""
        return max(_peak(pid) for pid in _renderers(self._browser))


@contextmanager
def hand(*, noise: bool = False) -> Iterator[Hand]:
    """A Chromium of its own, so that its memory is this work's alone."""
    with sync_playwright() as playwright:
        found = browsers.find()
        browser = playwright.chromium.launch(
            executable_path=found.path, args=browsers.options(), env={**os.environ, **found.environment}
        )
        page = browser.new_page()
        page.set_default_timeout(LONGEST)
        page.route("**/*", lambda route: _serve(route, noise=noise))
        page.goto(f"{ORIGIN}/")
        yield Hand(browser, page)
        browser.close()


def _serve(route: Route, *, noise: bool) -> None:
    name = route.request.url.removeprefix(f"{ORIGIN}/")
    if not name:
        route.fulfill(body=PAGE, content_type="text/html")
        return
    body = (DIST / name).read_bytes()
    headers: dict[str, str] = {}
    static_headers.add(headers, name, "")
    before = NOISE.encode() if noise and name.endswith(".js") else b""
    kind = "text/javascript" if name.endswith(".js") else "application/octet-stream"
    route.fulfill(body=before + body, content_type=kind, headers=headers)


def _renderers(browser: Browser) -> list[int]:
    session = browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    return [int(one["id"]) for one in processes if one["type"] == "renderer"]


def _peak(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) / 1000 for line in lines if line.startswith("VmHWM"))
