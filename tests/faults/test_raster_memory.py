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


@pytest.mark.parametrize(
    ("verb", "call"),
    [
        ("freq", lambda r: r.freq(digits=None)),
        ("freq", lambda r: r.freq(zones=r)),
        ("unique", lambda r: r.unique()),
        ("unique", lambda r: pt.c(r, r + 1).unique()),
        ("crosstab", lambda r: pt.c(r, r + 1).crosstab()),
        ("crosstab", lambda r: pt.c(r % 1999, r % 1997).crosstab()),
        ("zonal", lambda r: r.zonal(r)),
        ("zonal", lambda r: r.zonal(pt.c(r, r))),
        ("zonal", lambda r: r.zonal(r % 3, "median")),
        ("zonal", lambda r: r.zonal(r % 3, np.ptp)),
        ("expanse", lambda r: r.expanse(by_value=True)),
        ("global_", lambda r: r.global_("median")),
        ("global_", lambda r: r.global_(np.ptp)),
    ],
)
def test_a_table_that_grows_with_the_raster_is_refused_before_it_fills_the_memory(verb, call):
    """Values that all differ: what is known of each takes more than there is."""
    r = pt.rast(nrows=900, ncols=900, extent=(0, 900, 0, 900), crs="EPSG:32631").init("cell")
    with (
        pt.options(memory="16MB", workers=1),
        pytest.raises(MemoryBudgetError, match=rf"^{verb}: \d+ [a-z ]+ or more need .*; .*options\(memory"),
    ):
        call(r)


def test_a_table_of_few_rows_is_made_within_the_same_memory():
    r = pt.rast(nrows=900, ncols=900, extent=(0, 900, 0, 900), crs="EPSG:32631").init("cell") % 7
    with pt.options(memory="16MB", workers=1):
        assert r.freq()["count"].sum() == 810_000
        assert r.zonal(r)["cell"].tolist() == list(range(7))
        assert r.global_("median").to_numpy().tolist() == [[3.0]]


def test_large_groups_of_cells_are_computed_one_by_one_where_that_is_what_fits(tmp_path):
    r = pt.rast(nrows=1000, ncols=1000, extent=(0, 1000, 0, 1000), crs="EPSG:32631").init("row")
    r = r.write_raster(tmp_path / "a.tif", datatype="float32")
    with pt.options(memory="10MB"):
        found = r.aggregate(250, "max").to_numpy()
    assert (found[0] == np.array([249, 499, 749, 999])[:, None]).all()


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
def test_a_raster_three_times_the_limit_goes_through_focal_and_app_into_a_file(tmp_path):
    source, room = tmp_path / "a.tif", 100 * 2**20
    with pt.options(progress=False):
        pt.rast(np.full((4, 50, 40), 3, "float32")).disagg(100).write_raster(source)
    command = [sys.executable, "-c", LIMITED, str(source), str(tmp_path / "b.tif"), str(room)]
    # Each arena of glibc reserves 64 MB of addresses; and GDAL's cache is sized before the limit is set here.
    few = {**os.environ, "MALLOC_ARENA_MAX": "2", "GDAL_CACHEMAX": str(32 * 2**20)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=200, env=few)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["size"] > 3 * room
    assert found["sample"] == 12
    assert (
        found["grown"] < found["size"] / 2
    )  # what was mapped before the limit was set does not count for it
