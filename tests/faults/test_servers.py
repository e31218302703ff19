"""Servers that are busy or cut their answers short: what is read is right, as if they were not."""

import http.server
import threading

import numpy as np
import pytest

import pyterra as pt

SIDE = 1500
VALUES = np.random.default_rng(1).integers(0, 255, (1, SIDE, SIDE)).astype("uint8")


@pytest.fixture
def server(tmp_path):
    """Serves the files of a folder by ranges; every third answer is 503, or ends in its middle."""
    servers = []

    def start(fault):
        told = {"answers": 0, "faults": 0}

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                path = tmp_path / self.path.lstrip("/")
                if not path.is_file():
                    self.answer(404, b"")
                    return
                content = path.read_bytes()
                asked = self.headers.get("Range")
                first, last = asked.split("=")[1].split("-") if asked else ("0", "")
                first, last = int(first), min(int(last or len(content)), len(content) - 1)
                told["answers"] += 1
                bad = self.command == "GET" and told["answers"] % 3 == 0
                told["faults"] += bad
                if bad and fault == "503":
                    self.answer(503, b"")
                    return
                part = content[first : last + 1]
                place = {"Content-Range": f"bytes {first}-{last}/{len(content)}"} if asked else {}
                self.answer(206 if asked else 200, part, cut=bad, **place)

            do_HEAD = do_GET

            def answer(self, code, body, cut=False, **headers):
                self.send_response(code)
                for name, value in {"Accept-Ranges": "bytes", "Content-Length": len(body), **headers}.items():
                    self.send_header(name, str(value))
                self.end_headers()
                if self.command == "GET":
                    self.wfile.write(body[: len(body) // 2] if cut else body)
                self.close_connection = self.close_connection or cut

            def log_message(self, *_):
                pass

        made = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        servers.append(made)
        threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return f"http://127.0.0.1:{made.server_port}", told

    yield start
    for made in servers:
        made.shutdown()
        made.server_close()


@pytest.mark.parametrize("fault", ["503", "cut short"])
def test_rasters_of_a_faulty_server_are_read_right(tmp_path, server, fault):
    pt.rast(VALUES, crs="EPSG:32631").write_raster(tmp_path / "a.tif", format="COG")
    address, told = server(fault)
    r = pt.rast(f"{address}/a.tif")
    assert np.array_equal(r.to_numpy(), VALUES)
    assert r[SIDE - 1, SIDE - 1][0] == VALUES[0, -1, -1]
    assert r.global_("sum").iloc[0, 0] == VALUES.sum()
    assert told["faults"] > 1


def test_overviews_of_a_faulty_server_are_read_right(tmp_path, server):
    pt.rast(VALUES, crs="EPSG:32631").write_raster(tmp_path / "a.tif", format="COG")
    here = pt.rast(tmp_path / "a.tif").spat_sample(5000, "regular").to_numpy()
    address, told = server("cut short")
    assert np.array_equal(pt.rast(f"{address}/a.tif").spat_sample(5000, "regular").to_numpy(), here)
    assert told["answers"] > 3
