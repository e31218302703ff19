"""Work stays inside the memory there is, or is refused before it begins."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import MemoryBudgetError
from pyterra.run import Forbidden, use_executor


def test_a_result_that_cannot_fit_is_refused_before_anything_is_read(tmp_path):
    path = tmp_path / "a.tif"
    pt.rast(np.zeros((1000, 1000), "float32")).write_raster(path)
    with (
        pt.options(memory="2MB"),
        use_executor(Forbidden()),
        pytest.raises(MemoryBudgetError, match=r"memory budget is"),
    ):
        pt.rast(path).to_numpy()


def test_a_block_that_cannot_fit_is_refused_before_anything_is_read():
    deep = pt.rast(np.zeros((300, 8, 8), "float32"))
    with pt.options(memory="100KB", workers=1), use_executor(Forbidden()), pytest.raises(MemoryBudgetError):
        deep.focal(7, "median").global_("mean")


LIMITED = """
import json, resource, sys
import numpy as np
import pyterra as pt
from pathlib import Path
from pyterra.plan import memory_budget

def used(name):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(name))

source, target = sys.argv[1], sys.argv[2]
room = int(sys.argv[3])
pt.options(workers=2)
small = pt.rast(np.zeros((2, 700, 700), "float32"))
(small.focal(3, "mean").app("sum") + 1).write_raster(Path(target).with_name("warm.tif"))  # libraries, kernels, threads
begin = used("VmSize:")
resource.setrlimit(resource.RLIMIT_AS, (begin + room, begin + room))
before = used("VmRSS:")
r = pt.rast(source)
written = r.focal(3, "mean", na_rm=True).app("sum").write_raster(target)
print(json.dumps({
    "grown": used("VmHWM:") - before, "budget": memory_budget(), "size": r._node.nbytes(r._node.grid.window),
    "sample": float(written[5, 5][0]),
}))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits of the address space are Linux's")
def test_a_raster_six_times_the_limit_goes_through_focal_and_app_into_a_file(tmp_path):
    source, room = tmp_path / "a.tif", 200 * 2**20
    with pt.options(progress=False):
        pt.rast(np.full((4, 88, 90), 3, "float32")).disagg(100).write_raster(source)
    command = [sys.executable, "-c", LIMITED, str(source), str(tmp_path / "b.tif"), str(room)]
    # Each arena of glibc reserves 64 MB of addresses; and GDAL's cache is sized before the limit is set here.
    few = {**os.environ, "MALLOC_ARENA_MAX": "2", "GDAL_CACHEMAX": str(32 * 2**20)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=200, env=few)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["size"] > 6 * room
    assert found["sample"] == 12
    assert (
        found["grown"] < found["size"] / 4
    )  # what was mapped before the limit was set does not count for it
