"""Tiles that were decoded by one thread, for the others."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

import pyterra as pt
from pyterra.errors import ReadError
from pyterra.grid import Window
from pyterra.io.raster import decoded, raster_file

SHAPE, TILE, ROOM = (100, 70), (32, 16), 1 << 20


@pytest.fixture(autouse=True)
def no_tiles():
    decoded._tiles.clear()
    yield
    decoded._tiles.clear()


class File:
    """Random numbers, and which windows were asked for."""

    def __init__(self, bands=2):
        self.values = np.random.default_rng(1).random((bands, *SHAPE), np.float32)
        self.asked = []

    def __call__(self, window):
        self.asked.append(window)
        rows, cols = window.slices_in(Window(0, 0, *SHAPE))
        return self.values[:, rows, cols].copy()


def read(file, window, room=ROOM, path="a.tif"):
    return decoded.read(path, "state", window, TILE, SHAPE, file, room)


def random_windows(count, seed=2):
    rng = np.random.default_rng(seed)
    for _ in range(count):
        (row, stop), (col, end) = (np.sort(rng.choice(size + 1, 2, replace=False)) for size in SHAPE)
        yield Window(int(row), int(col), int(stop - row), int(end - col))


@pytest.mark.parametrize("room", [ROOM, 3 * 32 * 16 * 8, 0])
def test_windows_have_their_values_whatever_is_kept(room):
    file = File()
    for window in random_windows(40):
        rows, cols = window.slices_in(Window(0, 0, *SHAPE))
        np.testing.assert_array_equal(read(file, window, room), file.values[:, rows, cols])
        assert sum(tile.values.nbytes for tile in decoded._tiles.values()) <= room


def test_threads_decode_each_tile_once():
    file, windows = File(), list(random_windows(60))
    with ThreadPoolExecutor(6) as pool:
        for window, found in zip(windows, pool.map(lambda w: read(file, w), windows), strict=True):
            rows, cols = window.slices_in(Window(0, 0, *SHAPE))
            np.testing.assert_array_equal(found, file.values[:, rows, cols])
    assert len(file.asked) == len(set(file.asked)) <= 4 * 5


def test_who_waits_for_a_tile_that_failed_reads_it_alone():
    file, begun, go_on = File(), threading.Event(), threading.Event()

    def failing(window):
        begun.set()
        go_on.wait(10)
        raise ReadError("broken")

    window = Window(1, 1, 5, 5)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(read, failing, window)
        begun.wait(10)
        second = pool.submit(read, file, window)
        go_on.set()
        with pytest.raises(ReadError, match="broken"):
            first.result()
        np.testing.assert_array_equal(second.result(), file.values[:, 1:6, 1:6])
    assert all(tile.values is not None for tile in decoded._tiles.values())


def test_what_is_written_into_a_result_stays_out_of_the_tiles():
    file, window = File(), Window(3, 3, 20, 10)
    read(file, window)[:] = 9
    np.testing.assert_array_equal(read(file, window), file.values[:, 3:23, 3:13])


def test_a_file_that_is_forgotten_is_decoded_anew():
    file = File()
    for path in ("a.tif", "b.tif", "a.tif"):
        read(file, Window(0, 0, 5, 5), path=path)
    assert len(file.asked) == 2
    decoded.forget("a.tif")
    read(file, Window(0, 0, 5, 5), path="b.tif")
    assert len(file.asked) == 2
    read(file, Window(0, 0, 5, 5), path="a.tif")
    assert len(file.asked) == 3


@pytest.mark.parametrize(
    ("window", "tile", "room", "expected"),
    [
        (Window(255, 0, 145, 400), (256, 256), 1e9, True),
        (Window(0, 0, 256, 257), (256, 256), 1e9, True),
        (Window(0, 0, 256, 257), (256, 256), 2 * 256 * 256, True),
        (Window(0, 0, 256, 257), (256, 256), 2 * 256 * 256 - 1, False),  # they do not fit
        (Window(0, 0, 16, 17), (16, 16), 1e9, False),  # too small to be worth it
    ],
)
def test_tiles_are_worth_it_where_they_are_large_and_fit(window, tile, room, expected):
    assert decoded.is_worth_it(window, tile, (400, 400), room) is expected


def test_whole_tiles_are_those_that_nobody_else_wants_a_part_of():
    for window in (Window(0, 0, 256, 256), Window(0, 0, 400, 400), Window(256, 0, 144, 400)):
        assert decoded.is_whole(window, (256, 256), (400, 400))
    for window in (Window(255, 0, 145, 400), Window(0, 0, 256, 257), Window(0, 0, 255, 400)):
        assert not decoded.is_whole(window, (256, 256), (400, 400))


@pytest.mark.parametrize("interleave", ["band", "pixel"])
@pytest.mark.parametrize("south_up", [False, True])
def test_files_are_read_alike_with_and_without(tmp_path, monkeypatch, interleave, south_up):
    values = np.random.default_rng(3).integers(0, 200, (3, 90, 83)).astype("uint8")
    transform = from_origin(0, 90, 1, -1) if south_up else from_origin(0, 90, 1, 1)
    with rasterio.open(
        tmp_path / "x.tif", "w", driver="GTiff", count=3, height=90, width=83, dtype="uint8", nodata=7,
        crs="EPSG:3035", transform=transform, tiled=True, blockxsize=32, blockysize=16, interleave=interleave,
    ) as file:  # fmt: skip
        file.write(values)
    x = pt.rast(tmp_path / "x.tif")
    windows = [(3, 40, 5, 60), (0, 90, 0, 83), (17, 18, 31, 34)]
    with pt.options(workers=1):
        expected = [x[a:b, c:d] for a, b, c, d in windows]
    monkeypatch.setattr(decoded, "LEAST_CELLS", 0)
    with pt.options(workers=2):
        for (a, b, c, d), values in zip(windows, expected, strict=True):
            np.testing.assert_array_equal(x[a:b, c:d], values)
    assert decoded._tiles


def test_an_error_tells_of_the_window_not_of_the_tile(tmp_path, monkeypatch):
    path = tmp_path / "x.tif"
    pt.rast(np.random.default_rng(4).random((300, 300))).write_raster(path)
    monkeypatch.setattr(decoded, "LEAST_CELLS", 0)
    x = pt.rast(path)

    def once(self, bands, window, shape, masks):
        raise ReadError(f"read: {window} cannot be read")

    monkeypatch.setattr(raster_file.FileSource, "_read_once", once)
    with pt.options(workers=2), pytest.raises(ReadError, match=re.escape(str(Window(2, 3, 4, 5)))):
        x._node.values(Window(2, 3, 4, 5))
    assert not decoded._tiles
