"""Maps that R looks at, served by processes of their own."""

import http.client
import os
import signal
import subprocess
import sys
from urllib.parse import urlsplit

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError
from pyterra.rbridge import host_served
from pyterra.rbridge.host_verbs import explored

pytest.importorskip("matplotlib")


@pytest.fixture
def r(tmp_path):
    return pt.rast(np.arange(12.0).reshape(3, 4), extent=(5, 9, 48, 51), crs="EPSG:4326").write_raster(
        tmp_path / "r.tif"
    )


@pytest.fixture(autouse=True)
def closed():
    yield
    host_served.close_all()


def ask(address, path=""):
    parts = urlsplit(address)
    line = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)
    line.request("GET", parts.path + path)
    answer = line.getresponse().read()
    line.close()
    return answer


def test_a_map_is_served_until_it_is_closed(r):
    v = pt.vect([[6, 50]], crs="EPSG:4326")
    address = explored("Heights", r * 2, v, pt.ext(5, 6, 49, 50))
    assert b"<title>Heights</title>" in ask(address)
    assert ask(address, "at?x=5.5&y=50.5&layers=0") == b'{"0": [0.0]}'
    assert ask(address, "at?x=8.5&y=48.5&layers=0") == b'{"0": [22.0]}'
    assert explored("Map") == ""
    with pytest.raises(OSError):
        ask(address)


def test_what_cannot_be_shown_is_told_before_a_process_begins():
    with pytest.raises(ArgumentError, match="explore: what is shown must be"):
        explored("Map", [1, 2])
    assert not host_served._served


def test_the_process_ends_with_the_one_that_began_it(r):
    code = (
        "import sys, time, pyterra as pt; from pyterra.rbridge.host_served import explored, _served;"
        f"print(explored('Map', (pt.rast({str(r.sources()[0])!r}),)), _served[0].pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as parent:
        address, pid = parent.stdout.readline().split()
        assert b"<title>Map</title>" in ask(address)
        parent.send_signal(signal.SIGKILL)
    for _ in range(400):
        try:
            ask(address)
        except OSError:
            break
    with pytest.raises(OSError):
        ask(address)
    assert int(pid) != os.getpid()
