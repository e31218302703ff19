"""Samples of cells: regular, by chance, by weights, by strata."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, ExtentError, NoValuesError, PyterraWarning

NA = float("nan")


@pytest.fixture
def r():
    return pt.rast(nrows=7, ncols=11, extent=(0, 11, 0, 7), crs="", vals=range(77), names="v")


def test_a_regular_sample_lies_on_rows_and_columns(r):
    found = r.spat_sample(12, "regular", cells=True, xy=True)
    assert list(found.columns) == ["cell", "x", "y", "v"]
    assert found["cell"].tolist() == [12, 14, 16, 18, 20, 34, 36, 38, 40, 42, 56, 58, 60, 62, 64]
    assert found.iloc[0].tolist() == [12, 1.5, 5.5, 12]
    assert r.spat_sample((2, 3), "regular").shape == (6, 1)
    assert len(r.spat_sample(10_000, "regular")) == 77
    places = pt.rast(np.arange(1, 31).reshape(5, 6))
    for size, cells in {
        1: [14, 17],
        3: [8, 11, 20, 23],
        10: [1, 3, 4, 6, 13, 15, 16, 18, 25, 27, 28, 30],
    }.items():
        assert places.spat_sample(size, "regular").iloc[:, 0].tolist() == cells  # those of terra 1.9-45


def test_a_regular_raster_covers_the_same_ground(r):
    found = r.spat_sample(12, "regular", as_raster=True)
    assert found.dim == (3, 5, 1)
    assert list(found.ext) == list(r.ext)
    assert found.to_numpy()[0, 0].tolist() == [12, 14, 16, 18, 20]


def test_random_cells_differ_from_each_other(r):
    found = r.spat_sample(77, cells=True, seed=1)
    assert sorted(found["cell"]) == list(range(77))
    assert found["cell"].tolist() == found["v"].tolist()
    assert found["cell"].tolist() != list(range(77))


def test_a_seed_repeats_a_sample(r):
    one, two, three = (r.spat_sample(9, seed=seed)["v"].tolist() for seed in (5, 5, 6))
    assert one == two != three
    assert r.spat_sample(3, seed=np.random.default_rng(5)).shape == (3, 1)


def test_with_replacement_cells_come_again(r):
    found = r.spat_sample(500, replace=True, seed=1)
    assert len(found) == 500
    assert found["v"].nunique() <= 77


def test_fewer_cells_than_asked_for_are_told(r):
    with pytest.warns(PyterraWarning, match="only 77 cells of 100"):
        r.spat_sample(100)


def test_missing_cells_are_avoided():
    values = np.full((20, 20), NA)
    values[3, 4] = values[17, 2] = 1.0
    r = pt.rast(values, names="v", crs="")
    found = r.spat_sample(2, na_rm=True, exhaustive=True, cells=True, seed=1)
    assert sorted(found["cell"]) == [64, 342]
    with pytest.warns(PyterraWarning):
        r.spat_sample(2, na_rm=True, exp=1, seed=3)


def test_strata_are_the_values_of_the_first_layer(r):
    found = (r > 40).spat_sample(3, "stratified", seed=1)
    assert found["v"].tolist() == [0, 0, 0, 1, 1, 1]
    assert (found["cell"][:3] <= 40).all()
    assert (found["cell"][3:] > 40).all()
    assert "cell" not in (r > 40).spat_sample(1, "stratified", xy=True)
    assert len((r > 40).spat_sample(4, "stratified", each=False)) == 4


def test_a_stratum_smaller_than_the_sample_is_taken_whole():
    found = pt.rast([[1, 2, 2, 2]], names="s", crs="").spat_sample(2, "stratified", seed=1)
    assert found["s"].tolist() == [1, 2, 2]


def test_weights_make_cells_likely():
    values = np.zeros((10, 10))
    values[2, 3], values[7, 7] = 1.0, 5.0
    r = pt.rast(values, names="w", crs="")
    assert sorted(r.spat_sample(2, "weights", cells=True, seed=1)["cell"]) == [23, 77]
    first = [r.spat_sample(1, "weights", cells=True, seed=seed)["cell"][0] for seed in range(200)]
    assert 140 < sum(cell == 77 for cell in first) < 190  # 5 in 6, not 1 in 2
    strata = r * 0 + 1
    assert sorted(strata.spat_sample(2, "stratified", weights=r, seed=1)["cell"]) == [23, 77]


def test_a_sample_of_a_part(r):
    found = r.spat_sample(100, cells=True, ext=pt.ext(0, 2, 5, 7), warn=False)
    assert sorted(found["cell"]) == [0, 1, 11, 12]
    strata = (r * 0).spat_sample(100, "stratified", ext=pt.ext(0, 2, 5, 7), warn=False)
    assert sorted(strata["cell"]) == [0, 1, 11, 12]
    with pytest.raises(ExtentError, match="must overlap"):
        r.spat_sample(5, ext=pt.ext(50, 60, 50, 60))


def test_cells_near_the_poles_are_drawn_less():
    r = pt.rast(nrows=90, ncols=30)
    rows = r.init("row").spat_sample(900, seed=2)["row"].to_numpy()
    assert (np.abs(rows - 44.5) < 15).mean() == pytest.approx(
        0.5, abs=0.06
    )  # half the earth lies within 30 degrees
    assert len(np.unique(r.init("cell").spat_sample(2600, seed=3))) == 2600


def test_points_and_arrays(r):
    points = r.spat_sample(5, "random", as_points=True, seed=1)
    assert points.geomtype() == "points"
    assert list(points.names) == ["v"]
    array = r.spat_sample(5, as_df=False, cells=True, xy=True, seed=1)
    assert array.shape == (5, 4)
    assert r.spat_sample(5, values=False, cells=True).columns.tolist() == ["cell"]


def test_labels_are_shown():
    r = pt.rast([[1, 2]], crs="")
    r.levels = {1: "wood", 2: "lake"}
    assert sorted(r.spat_sample(2)["category"]) == ["lake", "wood"]


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ({"size": 0}, "size must be 1 or more"),
        ({"size": 2, "method": "reglar"}, "did you mean 'regular'"),
        ({"size": 2, "method": "weights", "as_raster": True}, "needs method='regular' or 'random'"),
        ({"size": 2, "method": "regular", "replace": True}, "replace needs method='random'"),
        ({"size": (1, 2, 3), "method": "regular"}, "one number, or rows and columns"),
    ],
)
def test_arguments_are_checked(r, arguments, text):
    with pytest.raises(ArgumentError, match=text):
        r.spat_sample(**arguments)


def test_places_need_no_values():
    bare = pt.rast(nrows=3, ncols=4)
    assert list(bare.spat_sample(3, cells=True, xy=True, seed=1).columns) == ["cell", "x", "y"]
    assert bare.spat_sample(4, "regular", as_points=True).names == []
    with pytest.raises(NoValuesError):
        bare.spat_sample(3)
    with pytest.raises(NoValuesError):
        bare.spat_sample(3, cells=True, na_rm=True)
