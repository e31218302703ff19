"""Where the values of a raster come from."""

from pathlib import Path

import pyterra as pt
from pyterra.raster.sources import copy, sources


def test_files_come_in_the_order_of_first_use_and_memory_has_no_name(tmp_path):
    a = pt.rast([[1.0]], names="a").write_raster(tmp_path / "a.tif")
    b = pt.rast([[2.0]], names="b").write_raster(tmp_path / "b.tif")
    found = sources((b + 1) * a + b + pt.rast([[3.0]], extent=a.ext, crs=a.crs))
    assert [Path(name).name for name in found] == ["b.tif", "a.tif", ""]
    assert sources(pt.rast(nrows=1, ncols=1)) == []


def test_a_copy_is_a_handle_of_its_own():
    a = pt.rast([[1.0, 2.0]], names="a")
    b = copy(a)
    b[b > 1] = 9
    assert (a.values(drop=True).tolist(), b.values(drop=True).tolist()) == ([1, 2], [1, 9])
