"""Values on their way: blocks of whole rows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError
from pyterra.options import options
from pyterra.rbridge import from_r, schema, to_r
from pyterra.rbridge.blocks import Rows, rows_of


def test_rasters_beyond_the_budget_go_through_a_file(rsession):
    theirs = rsession.call("terra::rast", nrows=300, ncols=400, vals=np.arange(120_000.0))
    with options(memory="2MB"):
        ours = from_r(theirs)
        assert not ours.in_memory()
        folder = Path(ours._node.source.path)
    assert folder.exists()
    with options(memory="200MB"):
        assert ours.to_numpy().ravel().tolist() == list(range(120_000))
        back = to_r(ours + 1)
    assert rsession.number(rsession.call("terra::minmax", back)) == 1
    del ours
    assert not folder.exists()


@pytest.mark.parametrize("rows", [1, 2, 3, 7])
def test_rows_make_the_raster_whatever_their_number(rows):
    ours = pt.rast(nrows=7, ncols=3, nlyrs=2, vals=np.arange(42.0), time=["2001-01-01", "2002-01-01"])
    header = schema.from_text(schema.to_text(schema.describe(ours)))
    taken = Rows(header)
    for row in range(0, 7, rows):
        taken.put(ours.to_numpy()[:, row : row + rows].astype(float), row, min(rows, 7 - row))
    made = taken.raster()
    np.testing.assert_array_equal(made.to_numpy(), ours.to_numpy())
    assert schema.describe(made) == header


def test_rows_out_of_order_or_missing_are_refused():
    taken = Rows(schema.describe(pt.rast(nrows=4, ncols=1, vals=[1, 2, 3, 4])))
    with pytest.raises(ArgumentError, match="row 0 is next, got 1"):
        taken.put(np.zeros(1), 1, 1)
    taken.put(np.zeros(2), 0, 2)
    with pytest.raises(ArgumentError, match="2 of 4 rows came"):
        taken.raster()


def test_rows_of_tiles_are_whole_rows(tmp_path):
    ours = pt.rast(nrows=1500, ncols=700, vals=np.arange(1_050_000.0))
    ours.write_raster(tmp_path / "tiled.tif", datatype="float64")
    stored = pt.rast(tmp_path / "tiled.tif").focal(3, "mean")
    pieces = list(rows_of(stored))
    assert [row for row, _, _ in pieces] == list(np.cumsum([0, *(n for _, n, _ in pieces)])[:-1])
    np.testing.assert_array_equal(np.concatenate([b for _, _, b in pieces], axis=1), stored.to_numpy())
