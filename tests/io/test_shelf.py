"""Numbers kept on disk for blocks that are smaller than tiles."""

import pickle
import threading

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import WriteError
from pyterra.expr import Fetched, PlainSource, Tiling
from pyterra.grid import Window
from pyterra.io import shelf
from pyterra.io.shelf import Box, Shelf

SHAPE = 70, 150
LAYERS = 5
VALUES = np.random.default_rng(3).random((LAYERS, *SHAPE)).astype("float32")


class Counted(PlainSource):
    """Values in memory that says which windows it was asked for."""

    stored_bytes = 4
    tile = 16, 32
    name = where = "counted"

    def __init__(self):
        self.asked = []

    def fetched(self, bands, window):
        self.asked.append((bands, window))
        rows, cols = window.slices_in(Window(0, 0, *SHAPE))
        return Fetched(
            window, (VALUES[list(bands), rows, cols],), lambda arrays, _, dtype: arrays[0].astype(dtype)
        )

    def is_unchanged(self):
        return True


def shelved(source, bands=tuple(range(LAYERS)), tiling=None):
    return Shelf(source, bands, np.dtype("float32"), SHAPE, tiling or Tiling(16, 32))


def windows(count, seed=0):
    rng = np.random.default_rng(seed)
    for _ in range(count):
        nrow, ncol = rng.integers(1, (20, 90))
        yield Window(
            int(rng.integers(SHAPE[0] - nrow + 1)),
            int(rng.integers(SHAPE[1] - ncol + 1)),
            int(nrow),
            int(ncol),
        )


@pytest.mark.parametrize("dtype", ["uint8", "int16", "float64"])
def test_a_box_gives_back_what_was_put_into_it(dtype):
    box = Box(Window(3, 7, 40, 140), LAYERS, np.dtype(dtype))
    expected = np.zeros((LAYERS, 40, 140), dtype)
    for window in windows(30):
        part = window.intersection(box.window)
        if part is None:
            continue
        numbers = np.random.default_rng(part.row).integers(0, 200, (2, part.nrow, part.ncol)).astype(dtype)
        rows, cols = part.slices_in(box.window)
        expected[1:3, rows, cols] = numbers
        box.put(part, numbers, 1)
    np.testing.assert_array_equal(box.get(box.window, slice(0, LAYERS)), expected)
    rows, cols = Window(10, 60, 9, 75).slices_in(box.window)
    np.testing.assert_array_equal(box.get(Window(10, 60, 9, 75), slice(1, 4)), expected[1:4, rows, cols])


@pytest.mark.parametrize("tiling", [Tiling(16, 32), Tiling(1, 150), Tiling(100, 200), Tiling(16, 32, 5, 9)])
def test_a_shelf_gives_the_values_of_its_source(tiling):
    found = shelved(Counted(), (3, 0, 4, 1), tiling)
    for window in windows(12):
        for bands in [(3, 0, 4, 1), (4, 0), (1, 1, 3)]:
            rows, cols = window.slices_in(Window(0, 0, *SHAPE))
            values = found.fetched(bands, window).values(window, np.dtype("float64"))
            np.testing.assert_array_equal(values, VALUES[list(bands), rows, cols].astype("float64"))


def test_tiles_are_asked_for_once_whole_and_a_few_layers_at_a_time(monkeypatch):
    monkeypatch.setattr(shelf, "FILL_BYTES", 16 * 32 * 8 * 2)
    source = Counted()
    found = shelved(source)
    for row in range(SHAPE[0]):
        for col in range(0, SHAPE[1], 10):
            found.fetched((0, 1, 2, 3, 4), Window(row, col, 1, 10))
    assert len(source.asked) == len(set(source.asked))
    whole = {bands for bands, window in source.asked if window.cells == 16 * 32}
    assert whole == {(0, 1), (2, 3), (4,)}
    tiles = {window for _, window in source.asked}
    assert sum(tile.cells for tile in tiles) == SHAPE[0] * SHAPE[1]
    assert all(tile.row % 16 == 0 and tile.col % 32 == 0 for tile in tiles)


def test_no_more_is_kept_than_two_rows_of_boxes(monkeypatch):
    monkeypatch.setattr(shelf, "LEAST_SIDE", 8)
    source = Counted()
    found = shelved(source)
    for row in range(SHAPE[0]):
        found.fetched((0,), Window(row, 0, 1, SHAPE[1]))
    assert len(found._boxes) == found._kept == 2 * (5 + 1)
    found.fetched((0,), Window(0, 0, 1, 1))  # it has gone, and is decoded again
    assert source.asked.count(source.asked[0]) == 2
    assert found.nbytes == 2 * 16 * (SHAPE[1] + 32) * LAYERS * 4


def test_threads_wait_for_the_one_that_fills():
    source = Counted()
    found = shelved(source)
    got = []

    def ask(row):
        got.append(found.fetched((0, 1), Window(row, 0, 1, 150)).arrays[0].shape)

    threads = [threading.Thread(target=ask, args=(row,)) for row in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == [(2, 1, 150)] * 8
    assert len(source.asked) == len(set(source.asked))


def test_what_was_pickled_for_many_blocks_is_one_shelf_elsewhere():
    r = pt.rast(VALUES)
    found = shelved(r._node.source)
    text = pickle.dumps(found)
    first, second = pickle.loads(text), pickle.loads(text)
    assert first is second
    assert first is not found
    window = Window(3, 4, 5, 6)
    np.testing.assert_array_equal(
        first.fetched((2,), window).values(window, np.dtype("float32")), VALUES[2:3, 3:8, 4:10]
    )


def test_a_disk_that_takes_nothing_is_told(tmp_path, monkeypatch):
    folder = tmp_path / "gone"
    folder.mkdir()
    with pt.options(tempdir=folder):
        folder.rmdir()
        with pytest.raises(
            WriteError, match=r"gone: numbers that are needed again could not be kept there: No such.*tempdir"
        ):
            shelved(Counted()).fetched((0,), Window(0, 0, 2, 2))
    full = OSError(28, "No space left on device")

    def pwrite(*arguments):
        raise full

    monkeypatch.setattr("os.pwrite", pwrite)
    found = shelved(Counted())
    with pytest.raises(
        WriteError, match="could not be kept there: No space left on device; is the disk full"
    ):
        found.fetched((0,), Window(0, 0, 2, 2))
    monkeypatch.undo()
    np.testing.assert_array_equal(found.fetched((0,), Window(0, 0, 2, 2)).arrays[0], VALUES[:1, :2, :2])


def test_a_shelf_larger_than_the_disk_does_not_fit(monkeypatch):
    found = shelved(Counted())
    assert found.fits
    monkeypatch.setattr("shutil.disk_usage", lambda folder: type("Usage", (), {"free": found.nbytes}))
    assert not found.fits
