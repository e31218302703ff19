"""A map served to a browser on this machine: its page, tiles of large rasters, and values of their cells."""

from __future__ import annotations

import html
import json
import math
import re
import secrets
import shutil
import socket
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qs, urlsplit

from pyterra.errors import ArgumentError, PyterraError
from pyterra.maps import webpage
from pyterra.maps.packed import png
from pyterra.maps.weblayers import Cells
from pyterra.options import options

if TYPE_CHECKING:
    from pyterra.maps.web import WebMap

LOOPBACK = "127.0.0.1"
KEPT_BYTES = 64_000_000
"""Of tiles that are kept."""
AT_ONCE = 4
"""Requests that read cells at a time."""
IDLE = 60
"""Seconds after which a connection on which nothing is asked is closed."""
_TILE = re.compile(r"tile/(\d{1,5})/(\d{1,2})/(\d{1,7})/(\d{1,7})\.png")
Answer = tuple[int, str, bytes]
"""Status, type and content."""


class Content:
    """What is answered to a path; knows nothing of the network."""

    def __init__(self, x: WebMap) -> None:
        self.page = webpage.page(x, served=True).encode()
        self._layers = {
            i: layer.full
            for i, layer in enumerate(x.layers)
            if isinstance(layer, Cells) and layer.full is not None
        }
        self._tiles: OrderedDict[str, bytes] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()
        self._turns = threading.Semaphore(AT_ONCE)

    def answer(self, path: str, query: str) -> Answer:
        """What lies at a path below the address of the map."""
        if path == "":
            return 200, "text/html; charset=utf-8", self.page
        try:
            if found := _TILE.fullmatch(path):
                return 200, "image/png", self._tile(path, *map(int, found.groups()))
            if path == "at":
                return 200, "application/json", self._values(query)
        except (ArgumentError, KeyError, ValueError):
            return 404, "text/plain", b"there is nothing here\n"
        except (PyterraError, OSError, MemoryError):
            return 500, "text/plain", b"this could not be read\n"  # why may name files
        return 404, "text/plain", b"there is nothing here\n"

    def _tile(self, key: str, number: int, level: int, row: int, col: int) -> bytes:
        with self._lock:
            if key in self._tiles:
                self._tiles.move_to_end(key)
                return self._tiles[key]
        pyramid = self._layers[number]
        with self._turns, options(progress=False):
            made = png(pyramid.tile(level, row, col))
        with self._lock:
            if key not in self._tiles:
                self._tiles[key] = made
                self._size += len(made)
            while self._size > KEPT_BYTES:
                self._size -= len(self._tiles.popitem(last=False)[1])
        return made

    def _values(self, query: str) -> bytes:
        asked = parse_qs(query, strict_parsing=True, max_num_fields=3)
        x, y = float(asked["x"][0]), float(asked["y"][0])
        numbers = [int(text) for text in asked["layers"][0].split(",")][: len(self._layers)]
        with self._turns, options(progress=False):
            found = {str(i): [_plain(v) for v in self._layers[i].value(x, y)] for i in numbers}
        return json.dumps(found).encode()


def _plain(value: float) -> float | None:
    return value if math.isfinite(value) else None


class Serving:
    """A map that is served to browsers on this machine, until it is closed. Made by `explore` and `WebMap.serve`.

    A ``with`` block closes it at its end; `wait` goes on until Ctrl-C. A notebook shows a page, and the address.
    """

    def __init__(self, x: WebMap, *, port: int = 0, browser: bool = False) -> None:
        self.map = x
        self._folder: str | None = None
        token = secrets.token_urlsafe(24)
        content = Content(x)
        try:
            self._server = _Server((LOOPBACK, port), _handler(content, token, lambda: self.port))
        except OSError as error:
            raise ArgumentError(
                f"serve: port must be free, got {port} ({error.strerror}); give another one, or 0 for any"
            ) from None
        self.port: int = self._server.server_address[1]
        self.url = f"http://{LOOPBACK}:{self.port}/{token}/"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True, name="pyterra map")
        self._thread.start()
        if browser:
            self._open()

    def _open(self) -> None:
        """Open a browser by a file that only its owner can read: other users see what programs are called with."""
        import webbrowser

        self._folder = tempfile.mkdtemp(prefix="pyterra-map-")
        page = Path(self._folder, "map.html")
        page.write_text(f'<meta http-equiv="refresh" content="0;url={html.escape(self.url)}">', "utf-8")
        webbrowser.open(page.as_uri())

    @property
    def open(self) -> bool:
        """Whether it is still served."""
        return self._thread.is_alive()

    def wait(self) -> None:
        """Go on serving until Ctrl-C, and close."""
        try:
            while self.open:
                self._thread.join(0.5)
        except KeyboardInterrupt:
            pass
        finally:
            self.close()

    def close(self) -> None:
        """Serve no longer."""
        if self.open:
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()
        self._server.hang_up()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        names = [one["name"] for one in webpage.entries_of(self.map)]
        return f"Serving of {names}" + (f" at {self.url}" if self.open else ", closed")

    def _repr_html_(self) -> str:
        address = html.escape(self.url)
        return (
            f"{self.map._repr_html_()}<div>All cells: <a href='{address}' target='_blank'>{address}</a></div>"
        )


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = False
    block_on_close = False

    def __init__(self, *args: Any) -> None:
        self._connections: set[socket.socket] = set()
        super().__init__(*args)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._connections.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """End the connections that browsers keep open."""
        for one in list(self._connections):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that goes away is no error."""


def _handler(content: Content, token: str, port: Callable[[], int]) -> type[BaseHTTPRequestHandler]:
    """How requests are answered: those that know the token and came to this address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version = "pyterra"
        sys_version = ""
        timeout = IDLE

        def do_GET(self) -> None:
            self._send(self._answer())

        def do_HEAD(self) -> None:
            self._send(self._answer(), body=False)

        def _answer(self) -> Answer:
            # another name for this machine would be a page elsewhere that reads what is served here
            if self.headers.get_all("Host") not in ([f"{LOOPBACK}:{port()}"], [f"localhost:{port()}"]):
                return 403, "text/plain", b"not for this address\n"
            parts = urlsplit(self.path)
            given, slash, path = parts.path.removeprefix("/").partition("/")
            if not slash or not secrets.compare_digest(given.encode(), token.encode()):
                return 403, "text/plain", b"the address lacks its token\n"
            return content.answer(path, parts.query)

        def _send(self, answer: Answer, *, body: bool = True) -> None:
            status, kind, data = answer
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.send_header("Cache-Control", "private, max-age=3600" if kind == "image/png" else "no-store")
            self.send_header("X-Content-Type-Options", "nosniff")
            self.send_header("Referrer-Policy", "no-referrer")
            self.send_header("Cross-Origin-Resource-Policy", "same-origin")
            if kind.startswith("text/html"):
                self.send_header("Content-Security-Policy", webpage.policy(served=True))
            self.end_headers()
            if body:
                self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing is written of what is asked for: it has the token in it."""

    return Handler
