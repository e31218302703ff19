"""Files on a server and elsewhere, read one after the other."""

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError
from pyterra.grid import Window
from pyterra.io.raster.many import looked_at, within


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def address(tmp_path):
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_files_of_a_server_are_read_and_those_it_lacks_are_missing(tmp_path, address):
    paths = [tmp_path / f"{i}.tif" for i in range(2)]
    for i, path in enumerate(paths):
        pt.rast(np.arange(12.0).reshape(3, 4) + i).write_raster(path, datatype="int16", nodata=99)
    urls = [f"{address}/0.tif", f"{address}/no.tif", f"{address}/1.tif"]
    found = pt.read_rasters(urls, missing=np.nan)
    assert np.isnan(found[1]).all()
    np.testing.assert_array_equal(found[::2], pt.rast(paths).to_numpy())


def test_the_type_that_holds_the_values_is_told(tmp_path):
    path = tmp_path / "a.tif"
    pt.rast([[1, 2]]).write_raster(path, datatype="int32")
    assert looked_at(str(path), 0) == ((1, 2), np.float64)
    assert looked_at(str(tmp_path / "no.tif"), 0) is None


def test_a_window_lies_inside():
    assert within((4, 5), None) == Window(0, 0, 4, 5)
    assert within((4, 5), Window(1, 1, 3, 4)) == Window(1, 1, 3, 4)
    with pytest.raises(ArgumentError, match="window must lie within 4 x 5 cells"):
        within((4, 5), Window(-1, 0, 2, 2))
