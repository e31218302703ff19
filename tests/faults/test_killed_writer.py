"""A writer stopped at any moment leaves the old file or the complete new one."""

import os
import random
import signal
import time

import numpy as np
import pytest
import rasterio

from pyterra.errors import OutputLockedError
from pyterra.io import parts
from pyterra.io.safe_write import SafeRaster

PROFILE = {
    "width": 256,
    "height": 256,
    "count": 1,
    "dtype": "int32",
    "crs": "EPSG:32631",
    "transform": rasterio.Affine(30.0, 0.0, 5e5, 0.0, -30.0, 5e6),
    "tiled": True,
    "blockxsize": 64,
    "blockysize": 64,
    "compress": "deflate",
}

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning"),
    pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork"),
]


def write(path, value, *, cog=False, pause=0.0):
    with SafeRaster(path, PROFILE, overwrite=True) as raster:
        time.sleep(pause)
        for row in range(0, 256, 64):
            raster.write((row, 0, 64, 256), np.full((1, 64, 256), value, "int32"))
        raster.commit_cog({}, "nearest") if cog else raster.commit()


def write_for_ever(path, cog):
    for value in range(10**9):
        write(path, value, cog=cog)


def the_value(path):
    """The one value that a complete file holds everywhere."""
    with rasterio.open(path) as raster:
        values = np.unique(raster.read())
    assert values.size == 1, f"cells of {values.size} writes"
    return int(values[0])


def is_waiting(folder):
    return any(".part." in p.name for p in folder.iterdir())


@pytest.mark.parametrize("cog", [False, True])
def test_killed_at_random_moments_the_file_is_always_whole(tmp_path, in_child, cog):
    path, chance, caught = tmp_path / "a.tif", random.Random(1), 0
    write(path, -1, cog=cog)
    for turn in range(100):
        if turn >= 25 and caught > 5:
            break  # on a busy machine more kills are needed
        child = in_child(write_for_ever, path, cog)
        time.sleep(chance.uniform(0.005, 0.1) * (1 + turn // 25))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        caught += is_waiting(tmp_path)
        assert the_value(path) >= -1
    assert caught > 5, "too few kills fell into a write"
    parts._swept.clear()
    write(path, 7, cog=cog)
    assert the_value(path) == 7
    assert [p.name for p in tmp_path.iterdir()] == ["a.tif"]


def test_ctrl_c_ends_a_writer_and_leaves_nothing(tmp_path, in_child):
    path, chance, free_locks = tmp_path / "a.tif", random.Random(2), 0
    write(path, -1)
    for _ in range(20):
        child = in_child(write_for_ever, path, False)
        time.sleep(chance.uniform(0.02, 0.08))
        os.kill(child, signal.SIGINT)
        _, status = os.waitpid(child, 0)
        assert os.waitstatus_to_exitcode(status) == 130
        assert the_value(path) >= -1
        left = {p.name for p in tmp_path.iterdir()}
        assert left <= {"a.tif", ".a.tif.pyterra-lock"}
        free_locks += len(left) - 1
    # Python may deliver the signal between two lines of the clean-up itself, once in a thousand times;
    # the lock file that stays then is held by nobody and goes with the next writer.
    assert free_locks <= 1


def attempt(path, value, gate, pause):
    os.read(gate, 1)
    try:
        write(path, value, pause=pause)
    except OutputLockedError:
        return 3
    return 0


def test_of_two_processes_each_writes_all_or_is_refused(tmp_path, in_child):
    path, outcomes = tmp_path / "a.tif", []
    for turn in range(20):
        gate, opener = os.pipe()
        children = [in_child(attempt, path, 2 * turn + i, gate, 0.15 * (turn % 2)) for i in range(2)]
        os.write(opener, b"xx")
        codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
        os.close(gate)
        os.close(opener)
        assert sorted(codes) in ([0, 0], [0, 3])
        written = {2 * turn + i for i, code in enumerate(codes) if code == 0}
        assert the_value(path) in written
        outcomes.append(sum(codes))
    assert any(outcomes), "the two never met"
    assert [p.name for p in tmp_path.iterdir()] == ["a.tif"]
