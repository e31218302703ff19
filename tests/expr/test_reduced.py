"""A source at reduced resolution."""

import numpy as np
import pytest

import pyterra as pt


def test_small_reads_of_a_large_file_use_overviews(tmp_path):
    r = pt.rast(np.arange(1_000_000, dtype="float32").reshape(1000, 1000))
    path = tmp_path / "cog.tif"
    r.write_raster(path, format="COG")
    from pyterra.maps.rasters import preview

    values, grid = preview(pt.rast(path) * 2, 10_000)
    assert values.shape == (1, 100, 100)
    assert grid.extent == r.ext
    assert values[0, 50, 50] == pytest.approx(2 * 505_505, rel=0.02)
