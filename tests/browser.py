"""A real browser for the tests of pages: Chromium without a window, driven through its own debugging pipe."""

import base64
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--remote-debugging-pipe", "--mute-audio",
)  # fmt: skip

BEGIN = """
import fcntl, os, sys
ends = [fcntl.fcntl(int(fd), fcntl.F_DUPFD, 10) for fd in sys.argv[1:3]]
for place, fd in zip((3, 4), ends):
    os.dup2(fd, place)
os.execv(sys.argv[3], sys.argv[3:])
"""
"""Puts the pipes where Chromium expects them, and becomes Chromium."""


def program():
    """The browser, None where there is none."""
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


class Browser:
    """One tab. What it asks the network for is kept in `requests`, what goes wrong in a page in `problems`."""

    def __init__(self, patience=60):
        self.folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.patience = patience
        inward, self.outward = os.pipe()
        self.inward, outward = os.pipe()
        words = [program(), *FLAGS, f"--user-data-dir={self.folder.name}", "about:blank"]
        self.process = subprocess.Popen(
            [sys.executable, "-ISc", BEGIN, str(inward), str(outward), *words],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            pass_fds=(inward, outward),
        )  # fmt: skip
        for fd in (inward, outward):
            os.close(fd)
        self.rest, self.count, self.session = b"", 0, None
        self.requests, self.problems = [], []
        target = next(t for t in self("Target.getTargets")["targetInfos"] if t["type"] == "page")["targetId"]
        self.session = self("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self(f"{domain}.enable")

    def __call__(self, method, **arguments):
        """Ask the browser something, and wait for its answer."""
        self.count += 1
        message = {"id": self.count, "method": method, "params": arguments}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.outward, json.dumps(message).encode() + b"\0")
        end = time.monotonic() + self.patience
        while True:
            found = self._message(end)
            if found.get("id") == self.count:
                if "error" in found:
                    raise RuntimeError(f"{method}: {found['error']['message']}")
                return found["result"]

    def _message(self, end):
        while b"\0" not in self.rest:
            ready, _, _ = select.select([self.inward], [], [], max(0, end - time.monotonic()))
            piece = os.read(self.inward, 1 << 20) if ready else b""
            if not piece:
                raise TimeoutError("the browser does not answer")
            self.rest += piece
        text, self.rest = self.rest.split(b"\0", 1)
        found = json.loads(text)
        if found.get("method") == "Network.requestWillBeSent":
            self.requests.append(found["params"]["request"]["url"])
        elif found.get("method") == "Runtime.exceptionThrown":
            self.problems.append(
                found["params"]["exceptionDetails"].get("exception", {}).get("description", "?")
            )
        elif found.get("method") == "Log.entryAdded" and found["params"]["entry"]["level"] == "error":
            self.problems.append(found["params"]["entry"]["text"])
        return found

    def run(self, code):
        """The value of an expression in the page; a promise is waited for."""
        found = self("Runtime.evaluate", expression=code, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in found:
            raise RuntimeError(found["exceptionDetails"].get("exception", {}).get("description", code))
        return found["result"].get("value")

    def wait(self, code):
        """Wait until an expression is true."""
        end = time.monotonic() + self.patience
        while not self.run(code):
            if time.monotonic() > end:
                raise TimeoutError(f"not so within {self.patience} s: {code}")
            time.sleep(0.02)

    def open(self, address):
        """Open a map and wait until all of it is there."""
        self.requests.clear()
        self.problems.clear()
        self("Page.navigate", url=str(address))
        self.wait(f"location.href === {json.dumps(str(address))} && document.body?.dataset.ready === 'yes'")

    def window(self, width, height, *, dark=False):
        """The size of the window, and whether the user likes it dark."""
        self(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        look = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self("Emulation.setEmulatedMedia", features=look)

    def move(self, x, y):
        self("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)

    def click(self, x, y):
        for kind in ("mousePressed", "mouseReleased"):
            self("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def press(self, key, text=""):
        self("Input.dispatchKeyEvent", type="keyDown", key=key, text=text)
        self("Input.dispatchKeyEvent", type="keyUp", key=key)

    def settle(self):
        """Wait until what changed is drawn."""
        self.run(
            "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"
        )

    def picture(self, path=None):
        """What is seen, as bytes of a PNG."""
        self.settle()
        found = base64.b64decode(self("Page.captureScreenshot")["data"])
        if path is not None:
            Path(path).write_bytes(found)
        return found

    def close(self):
        try:
            self("Browser.close")
        except (OSError, TimeoutError, RuntimeError):
            self.process.kill()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for fd in (self.inward, self.outward):
            os.close(fd)
        self.folder.cleanup()
