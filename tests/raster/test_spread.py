"""Samples that are spread over the ground."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError

NAN = float("nan")


def square(n=20, crs="EPSG:32632"):
    return pt.rast(np.arange(n * n, dtype=float).reshape(n, n), crs=crs, extent=(0, n, 0, n))


@pytest.mark.parametrize("crs", ["EPSG:32632", "EPSG:4326"])
def test_a_spread_sample_has_one_cell_in_each_quarter_of_a_square(crs):
    found = square(crs=crs).spat_sample(4, "spread", xy=True, cells=True, seed=1)
    assert found["cell"].is_monotonic_increasing
    assert len({(x < 10, y < 10) for x, y in zip(found["x"], found["y"], strict=True)}) == 4


def test_a_spread_sample_takes_cells_with_values_alone():
    x = square()
    values = np.where(np.arange(20) < 4, x.to_numpy(), NAN)
    found = pt.rast(values).spat_sample(10, "spread", seed=1)
    assert len(found) == 10
    assert not found.isna().any().any()


def test_the_same_seed_gives_the_same_spread():
    first, second = (square().spat_sample(5, "spread", seed=3, cells=True)["cell"].tolist() for _ in range(2))
    assert first == second


def test_fewer_cells_than_asked_for_are_all_given_with_a_warning():
    with pytest.warns(UserWarning, match="only 2 cells of 5"):
        found = pt.rast([[1, NAN, 3]]).spat_sample(5, "spread", seed=1, cells=True)
    assert found["cell"].tolist() == [0, 2]


def test_a_mask_keeps_the_values_of_the_sample():
    x = pt.c(square(), square() * 2)
    cells = x.spat_sample(6, seed=2, cells=True)["cell"]
    got = x.spat_sample(6, seed=2, as_mask=True).values()
    assert np.flatnonzero(np.isfinite(got[:, 1])).tolist() == sorted(cells)
    assert got[sorted(cells), 0].tolist() == sorted(cells)


@pytest.mark.parametrize("size", [1, 7, 10, 41, 399, 400, 500])
def test_exactly_as_many_cells_as_asked_for(size):
    cells = square().spat_sample(size, "regular", exact=True, cells=True)["cell"]
    assert len(set(cells)) == min(size, 400)
    counts = np.unique(cells // 20, return_counts=True)[1]
    assert np.ptp(counts) <= 1


def test_a_smaller_raster_by_chance_has_a_value_from_under_each_cell():
    x = square()
    got = x.spat_sample((5, 4), as_raster=True, seed=1)
    assert (got.shape, list(got.ext)) == ((1, 5, 4), list(x.ext))
    rows, cols = np.divmod(got.to_numpy()[0], 20)
    assert (rows // 4 == np.arange(5)[:, None]).all()
    assert (cols // 5 == np.arange(4)).all()
    part = x.spat_sample((2, 2), as_raster=True, seed=1, ext=(10, 20, 0, 10))
    assert list(part.ext) == [10, 20, 0, 10]
    assert (part.to_numpy() >= 210).all()


def test_other_methods_make_no_raster():
    with pytest.raises(ArgumentError, match="as_raster needs method='regular' or 'random'"):
        square().spat_sample(4, "spread", as_raster=True)
