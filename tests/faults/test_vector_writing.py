"""A writer of vectors that is stopped or hindered at any moment leaves the old file or the complete new one."""

import errno
import fcntl
import gc
import os
import random
import shutil
import signal
import time
from pathlib import Path

import geopandas
import numpy as np
import pyogrio
import pytest
from failing import which_calls

import pyterra as pt
from pyterra.errors import OutputLockedError, PyterraError, SinkError, WriteError
from pyterra.io.safe import parts, swap

COUNT = 3000
ENDINGS = ["gpkg", "fgb", "parquet", "shp", "geojson", "geojsonl", "gml", "kml", "gpx"]

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning"),
    pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork"),
]


def points(value, count=COUNT):
    xy = np.random.default_rng(value).random((count, 2))
    return pt.vect(xy, crs="EPSG:4326", atts={"name": np.full(count, f"v{value}")})


def the_value(path, count=COUNT):
    """The number of the vector that a complete file has; its values and its places agree."""
    return value_of(pt.vect(path)._table, count)


def value_of(table, count=COUNT):
    assert len(table) == count
    values = table["Name" if "Name" in table else "name"].unique()
    assert values.size == 1
    value = int(values[0][1:])
    xy = np.column_stack([table.geometry.x, table.geometry.y])
    expected = points(value, count).crds()
    assert np.allclose(xy[np.lexsort(xy.T)], expected[np.lexsort(expected.T)], atol=1e-14)
    return value


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_killed_writer_leaves_a_complete_file(tmp_path, ending, monkeypatch, in_child, thorough):
    monkeypatch.setattr(parts, "_swept", {})
    path = tmp_path / f"a.{ending}"
    vectors = [points(value) for value in range(4)]
    vectors[0].write_vector(path)
    names = {p.name for p in tmp_path.iterdir()}
    chance = random.Random(ending)

    def write_for_ever():
        for k in range(10**6):
            vectors[k % 4].write_vector(path, overwrite=True)

    for _ in range(6 if thorough else 2):
        child = in_child(write_for_ever)
        time.sleep(chance.uniform(0.02, 0.15))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        assert the_value(path) in range(4)
    parts.sweep(tmp_path, every=0)
    assert {p.name for p in tmp_path.iterdir()} == names


# Every call

DISK = (
    (os, "open"), (os, "fsync"), (os, "replace"), (os, "rename"), (os, "unlink"), (os, "mkdir"), (os, "rmdir"),
    (os, "pwrite"), (Path, "write_text"), (fcntl, "flock"), (shutil, "copymode"), (pyogrio.raw, "write"),
    (geopandas.GeoDataFrame, "to_parquet"), (pyogrio, "read_dataframe"), (geopandas, "read_parquet"),
)  # fmt: skip
"""What touches the disk."""


class Stopping:
    """Counts calls of disk functions, and does something at the n-th, before it or after it."""

    def __init__(self, nth, what, after=False):
        self.nth, self.what, self.after, self.calls = nth, what, after, 0

    def wrap(self, function):
        def call(*arguments, **options):
            self.calls += 1
            mine = self.calls == self.nth
            if mine and not self.after:
                self.what()
            found = function(*arguments, **options)
            if mine and self.after:
                self.what()
            return found

        return call

    def over(self, patch):
        for module, name in DISK:
            patch.setattr(module, name, self.wrap(getattr(module, name)))


def fail():
    raise OSError(errno.EIO, "Input/output error")


@pytest.mark.parametrize("ending", ENDINGS)
def test_whichever_call_fails_the_file_is_old_or_new(tmp_path, ending, monkeypatch, thorough):
    path, value = tmp_path / f"a.{ending}", 1
    points(1, 4).write_vector(path)
    names = {p.name for p in tmp_path.iterdir()}
    for nth in which_calls(ending, thorough):
        if value == 2:
            points(1, 4).write_vector(path, overwrite=True)
        stopping, error = Stopping(nth, fail), None
        with monkeypatch.context() as patch:
            stopping.over(patch)
            try:
                points(2, 4).write_vector(path, overwrite=True)
            except PyterraError as raised:
                error = raised
        value = the_value(path, 4)
        gc.collect()
        parts.sweep(tmp_path, every=0)
        assert {p.name for p in tmp_path.iterdir()} == names
        if stopping.calls < nth:
            assert (error, value) == (None, 2)
            break
        assert error is None or "Input/output error" in str(error)
        assert error is None or str(tmp_path) in str(error)
        assert value in (1, 2)
        assert value == 2 or error is not None
    assert nth > 8


@pytest.mark.parametrize(("ending", "after"), [("shp", False), ("gml", False), ("gpkg", True)])
def test_killed_at_any_call_the_files_are_all_old_or_all_new(
    tmp_path, ending, after, monkeypatch, in_child, thorough
):
    """Files that belong together: also for readers that do not know how they are replaced."""
    path = tmp_path / f"a.{ending}"
    points(1, 4).write_vector(path)
    names, seen = {p.name for p in tmp_path.iterdir()}, [1]

    def stopped(nth):
        stopping = Stopping(nth, lambda: os._exit(9), after)
        with monkeypatch.context() as patch:
            stopping.over(patch)
            points(2, 4).write_vector(path, overwrite=True)
        return 0

    for nth in which_calls(ending, thorough):
        if seen[-1] == 2:
            points(1, 4).write_vector(path, overwrite=True)
        code = os.waitstatus_to_exitcode(os.waitpid(in_child(stopped, nth), 0)[1])
        if path.exists():
            foreign = value_of(pyogrio.read_dataframe(path), 4)
            assert the_value(path, 4) >= foreign
        else:
            assert the_value(path, 4) == 2
        seen.append(the_value(path, 4))
        parts.sweep(tmp_path, every=0)
        assert {p.name for p in tmp_path.iterdir()} == names
        if code == 0:
            break
        assert code == 9
    assert nth > 8
    assert set(seen[1:]) == {1, 2}


def test_what_another_program_wrote_since_counts(tmp_path, monkeypatch):
    """The swap that a writer did not end is dropped where the file is neither missing nor the old one."""
    path, other = tmp_path / "a.shp", tmp_path / "other"
    other.mkdir()
    points(1, 4).write_vector(path)
    points(3, 5).write_vector(other / "a.shp")
    with monkeypatch.context() as patch:
        patch.setattr(swap, "_move_in", lambda target: None)
        points(2, 4).write_vector(path, overwrite=True)
    for made in other.iterdir():
        shutil.copyfile(made, tmp_path / made.name)
    assert the_value(path, 5) == 3
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".")]


def test_a_swap_that_cannot_be_ended_is_told(tmp_path, monkeypatch):
    path = tmp_path / "a.shp"
    points(1, 4).write_vector(path)
    with monkeypatch.context() as patch:
        patch.setattr(swap, "_move_in", lambda target: None)
        points(2, 4).write_vector(path, overwrite=True)
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", lambda *names: fail())
        with pytest.raises(
            PyterraError, match=r"^vect: .*a\.shp was being replaced.*Input/output error.*open it where"
        ):
            pt.vect(path)
    with pytest.raises(PyterraError, match="exists; pass overwrite=True"):
        points(3, 4).write_vector(path)
    assert the_value(path, 4) == 2


# Losses that nobody tells


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_lost_write_is_found(tmp_path, ending, monkeypatch):
    """A stretch of any of the files is zeros, as after a write that was lost: refused, or it did not matter."""
    path = tmp_path / f"a.{ending}"
    points(1, 50).write_vector(path)
    refused = 0

    def losing(genuine, place, number):
        def write(*arguments, **options):
            genuine(*arguments, **options)
            target = next(a for a in arguments if isinstance(a, Path))
            made = sorted(p for p in target.parent.iterdir())[number % len(list(target.parent.iterdir()))]
            content = bytearray(made.read_bytes())
            start = int(len(content) * place)
            content[start : start + 64] = bytes(len(content[start : start + 64]))
            made.write_bytes(content)

        return write

    for number in range(4 if ending == "shp" else 1):
        for place in (0.0, 0.3, 0.6, 0.8, 0.9):
            with monkeypatch.context() as patch:
                for module, name in ((pyogrio.raw, "write"), (geopandas.GeoDataFrame, "to_parquet")):
                    patch.setattr(module, name, losing(getattr(module, name), place, number))
                try:
                    points(2, 50).write_vector(path, overwrite=True)
                except WriteError:
                    refused += 1
                    assert the_value(path, 50) == 1
                else:
                    assert the_value(path, 50) == 2
            points(1, 50).write_vector(path, overwrite=True)
    assert refused >= 2


def test_two_writers_exclude_each_other(tmp_path):
    path = tmp_path / "a.gpkg"
    with parts.Output(path), pytest.raises(OutputLockedError):
        points(1).write_vector(path)
    points(1).write_vector(path)
    assert the_value(path) == 1


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_full_disk_is_told_and_leaves_the_old_file(tmp_path, ending, in_child):
    import resource

    path = tmp_path / f"a.{ending}"
    points(1).write_vector(path)
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}

    def write():  # a limit on the size of files does what a full disk does
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
        try:
            points(2).write_vector(path, overwrite=True)
        except (WriteError, SinkError):
            return 3

    assert os.waitstatus_to_exitcode(os.waitpid(in_child(write), 0)[1]) == 3
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before
