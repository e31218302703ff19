"""Maps that R looks at, each served by a process of its own: threads of Python stand still while R waits for its user.

The process gets the map by a pipe, tells its address, and ends when the pipe does: with R, or when it is closed.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from dataclasses import replace
from typing import Any

from pyterra.errors import PyterraError
from pyterra.maps.explore import on_one_map
from pyterra.maps.web import WebMap

_served: list[subprocess.Popen[bytes]] = []
PATIENCE = 10
"""Seconds until a process that does not end is made to."""


def explored(title: str, things: tuple[Any, ...]) -> str:
    """Serve a map of things, or close all maps where there are none; gives the address."""
    if not things:
        close_all()
        return ""
    # what the process computes is computed there; here the preview is read, and whatever is wrong is told
    shown = pickle.dumps(replace(on_one_map(things), title=title))
    process = subprocess.Popen(
        [sys.executable, "-m", "pyterra.rbridge.host_served"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    _served.append(process)
    process.stdin.write(len(shown).to_bytes(8, "little") + shown)
    process.stdin.flush()
    address = process.stdout.readline().decode().strip()
    if not address:
        raise PyterraError("explore: the process that serves the map ended before it did")
    return address


def close_all() -> None:
    """End all maps that are served."""
    while _served:
        process = _served.pop()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def main() -> None:
    """Serve the map that comes by standard input until that ends."""
    size = int.from_bytes(sys.stdin.buffer.read(8), "little")
    shown: WebMap = pickle.loads(sys.stdin.buffer.read(size))
    with shown.serve() as served:
        print(served.url, flush=True)
        sys.stdin.buffer.read()


if __name__ == "__main__":
    main()
