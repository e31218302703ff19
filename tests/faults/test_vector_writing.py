"""A writer of vectors stopped at any moment leaves the old file or the complete new one."""

import os
import random
import signal
import time

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import OutputLockedError, SinkError, WriteError
from pyterra.io import parts

COUNT = 3000

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning"),
    pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork"),
]


def points(value):
    xy = np.random.default_rng(1).random((COUNT, 2))
    return pt.vect(xy, crs="EPSG:3035", atts={"value": np.full(COUNT, value)})


def the_value(path):
    """The one value that all records of a complete file have."""
    v = pt.vect(path)
    assert len(v) == COUNT
    values = v["value"].unique()
    assert values.size == 1
    return int(values[0])


@pytest.mark.parametrize("ending", ["gpkg", "fgb", "parquet"])
def test_a_killed_writer_leaves_a_complete_file(tmp_path, ending, monkeypatch):
    monkeypatch.setattr(parts, "_swept", {})
    path = tmp_path / f"a.{ending}"
    vectors = [points(value) for value in range(4)]
    vectors[0].write_vector(path)
    random.seed(1)
    for _ in range(6):
        child = os.fork()
        if child == 0:
            for k in range(10**6):
                vectors[k % 4].write_vector(path, overwrite=True)
            os._exit(0)
        time.sleep(random.uniform(0.02, 0.15))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        assert the_value(path) in range(4)
    parts.sweep(tmp_path, every=0)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_two_writers_exclude_each_other(tmp_path):
    path = tmp_path / "a.gpkg"
    with parts.Output(path), pytest.raises(OutputLockedError):
        points(1).write_vector(path)
    points(1).write_vector(path)
    assert the_value(path) == 1


@pytest.mark.filterwarnings("ignore:.*GeoJSON is for lon/lat")
@pytest.mark.parametrize("ending", ["gpkg", "fgb", "parquet", "shp", "geojson"])
def test_a_full_disk_is_told_and_leaves_the_old_file(tmp_path, ending):
    import resource

    path = tmp_path / f"a.{ending}"
    points(1).write_vector(path)
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    child = os.fork()
    if child == 0:  # a limit on the size of files does what a full disk does
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
        try:
            points(2).write_vector(path, overwrite=True)
        except (WriteError, SinkError):
            os._exit(3)
        except BaseException:
            os._exit(4)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 3
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before
