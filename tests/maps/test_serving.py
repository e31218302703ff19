"""Maps that are served: to this machine, to who has the address, and nothing but the map."""

import http.client
import json
import socket
import threading
import time

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, SourceError
from pyterra.maps import serving
from pyterra.maps.pyramid import Pyramid

pytest.importorskip("matplotlib")


@pytest.fixture
def r():
    values = np.random.default_rng(2).uniform(0, 9, (2, 90, 70))
    values[:, 3, 4] = np.nan
    return pt.rast(values, extent=(5, 7, 49, 50), crs="EPSG:4326", names=["a", "b"])


@pytest.fixture
def served(r):
    with r.plet(maxcell=50).serve() as found:
        yield found


def ask(served, path="", *, host=None, method="GET", token=None):
    """Status, headers and content of an answer."""
    line = http.client.HTTPConnection("127.0.0.1", served.port, timeout=20)
    base = "/" + served.url.split("/", 3)[3] if token is None else f"/{token}"
    line.putrequest(method, base + path, skip_host=True)
    for name in [f"127.0.0.1:{served.port}"] if host is None else host:
        line.putheader("Host", name)
    line.endheaders()
    answer = line.getresponse()
    found = answer.status, dict(answer.getheaders()), answer.read()
    line.close()
    return found


def test_the_page_its_tiles_and_values_are_there(served, r):
    status, headers, page = ask(served)
    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert b'"tiles"' in page
    assert "connect-src 'self'" in headers["Content-Security-Policy"]
    status, headers, tile = ask(served, "tile/1/0/0/0.png")
    assert (status, headers["Content-Type"], tile[:4]) == (200, "image/png", b"\x89PNG")
    status, _, told = ask(served, "at?x=6.41&y=49.37&layers=0,1")
    expected = r.extract([(6.41, 49.37)]).iloc[0, -2:].tolist()
    assert list(json.loads(told).values()) == [[value] for value in expected]
    assert json.loads(ask(served, "at?x=5.12&y=49.96&layers=1")[2]) == {"1": [None]}
    assert json.loads(ask(served, "at?x=50&y=0&layers=0")[2]) == {"0": [None]}


def test_heads_are_answered_without_content(served):
    status, headers, content = ask(served, method="HEAD")
    assert (status, content) == (200, b"")
    assert int(headers["Content-Length"]) > 1000


@pytest.mark.parametrize("token", ["", "x/", "../../etc/passwd", "%2e%2e/"])
def test_without_the_token_there_is_nothing(served, token):
    status, _, content = ask(served, token=token)
    assert (status, content) == (403, b"the address lacks its token\n")


@pytest.mark.parametrize("host", [["example.org"], [], ["127.0.0.1"], ["127.0.0.1:1"], "twice"])
def test_other_names_of_the_machine_are_refused(served, host):
    good = f"127.0.0.1:{served.port}"
    status, _, content = ask(served, host=[good, "example.org"] if host == "twice" else host)
    assert (status, content) == (403, b"not for this address\n")
    assert ask(served, host=[f"localhost:{served.port}"])[0] == 200


@pytest.mark.parametrize(
    "path",
    [
        "../../etc/passwd", "..%2f..%2fetc/passwd", "/etc/passwd", "file:///etc/passwd", "map.html", "tile/0/0/0/0.tif",
        "tile/9/0/0/0.png", "tile/0/60/0/0.png", "tile/0/0/99/0.png", "tile/-1/0/0/0.png", "tile/0/0/0/0.png/x",
        "at", "at?x=1", "at?x=a&y=1&layers=0", "at?x=1&y=1&layers=7", "at?x=1&y=1&layers=", "at?x=1&y=1&layers=0&z=1&w=2",
    ],
)  # fmt: skip
def test_nothing_but_the_map_is_there(served, path):
    assert ask(served, path)[::2] == (404, b"there is nothing here\n")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_nothing_can_be_sent(served, method):
    assert ask(served, method=method)[0] == 501


@pytest.mark.parametrize(
    "error", [SourceError("tile: /home/me/secret.tif"), OSError("/home/me"), MemoryError()]
)
def test_an_error_tells_no_paths(served, monkeypatch, error):
    def broken(self, *args):
        raise error

    monkeypatch.setattr(Pyramid, "tile", broken)
    assert ask(served, "tile/0/0/0/0.png")[::2] == (500, b"this could not be read\n")


def test_tiles_are_made_once_and_bounded(served, monkeypatch):
    made, plain = [], Pyramid.tile

    def counted(self, *place):
        made.append(place)
        return plain(self, *place)

    monkeypatch.setattr(Pyramid, "tile", counted)
    first = ask(served, "tile/0/0/0/0.png")[2]
    assert ask(served, "tile/0/0/0/0.png")[2] == first
    assert len(made) == 1
    monkeypatch.setattr(serving, "KEPT_BYTES", len(first) + 1)
    ask(served, "tile/0/1/0/0.png")
    ask(served, "tile/0/0/0/0.png")
    assert len(made) == 3


def test_many_ask_at_once(served, r):
    found = {}

    def worker(i):
        x, y = 5.01 + 0.06 * i, 49.9 - 0.02 * i
        found[i] = json.loads(ask(served, f"at?x={x}&y={y}&layers=0")[2])["0"][0]

    threads = [threading.Thread(target=worker, args=(i,)) for i in range(12)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    places = [(5.01 + 0.06 * i, 49.9 - 0.02 * i) for i in range(12)]
    expected = r[0].extract(places).iloc[:, -1].to_numpy()
    assert np.array_equal(
        [np.nan if found[i] is None else found[i] for i in range(12)], expected, equal_nan=True
    )


def test_it_listens_on_this_machine_alone_and_ends(r):
    served = r.plet().serve()
    assert served._server.server_address[0] == "127.0.0.1"
    assert served.open
    assert served.url in repr(served)
    with pytest.raises(ArgumentError, match=f"port must be free, got {served.port}"):
        r.plet().serve(port=served.port)
    served.close()
    served.close()
    assert not served.open
    assert repr(served) == "Serving of ['a', 'b'], closed"
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", served.port), timeout=1).close()


def test_connections_that_are_open_end_with_it(r):
    served = r.plet().serve()
    line = http.client.HTTPConnection("127.0.0.1", served.port, timeout=20)
    path = "/" + served.url.split("/", 3)[3]
    line.request("GET", path)
    line.getresponse().read()
    served.close()
    line.auto_open = False
    try:
        line.request("GET", path)
        again = line.getresponse().read()
    except (OSError, http.client.HTTPException):
        again = None
    assert again is None
    line.close()


def test_tokens_are_long_and_never_the_same(r):
    page = r.plet()
    with page.serve() as one, page.serve() as other:
        tokens = [found.url.split("/")[3] for found in (one, other)]
    assert len(set(tokens)) == 2
    assert min(map(len, tokens)) >= 32


def test_waiting_ends_when_it_is_closed(r):
    served = r.plet().serve()
    threading.Timer(0.05, served.close).start()
    begun = time.monotonic()
    served.wait()
    assert not served.open
    assert time.monotonic() - begun < 60


def test_a_notebook_shows_the_page_and_the_address(served):
    text = served._repr_html_()
    assert text.startswith("<iframe")
    assert f"href='{served.url}'" in text
