"""Parts of rasters and vectors that are drawn on maps."""

import pytest
from clicking import clicking

plt = pytest.importorskip("matplotlib.pyplot")


def test_rasters_are_cropped(r, ax):
    with clicking(ax, [(0.5, 0.5), (4, 9)]):
        found = r.sel()
    assert (list(found.ext), len(found)) == ([0, 5, 0, 10], 2)


def test_geometries_that_are_met_are_kept_whole(v, ax):
    with clicking(ax, [(5, 5), (7, 7)]):
        found = v.sel()
    assert (found["k"].tolist(), list(found.ext)) == ([8], [2, 8, 2, 8])
    with clicking(ax, [(0.5, 0.5), (1, 0.5), (1, 1), "enter"]):
        assert v.sel("pol", show=False, draw=False)["k"].tolist() == [7]
    with clicking(ax, [(9, 9), (9.5, 9.5)]):
        assert len(v.sel()) == 0
