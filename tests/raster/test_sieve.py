"""sieve: GDAL's filter is the oracle, cell by cell; what GDAL does not have is by hand."""

import numpy as np
import pytest
from rasterio.features import sieve as gdal_sieve

import pyterra as pt
from pyterra.errors import ArgumentError

NAN = float("nan")


def random_classes(seed, shape, missing=0.05):
    rng = np.random.default_rng(seed)
    return rng.choice([0, 1, 2, NAN], shape, p=[0.5, 0.3, 0.2 - missing, missing])


def by_gdal(values, threshold, directions):
    known = ~np.isnan(values)
    found = gdal_sieve(
        np.nan_to_num(values, nan=-9).astype("int32"), threshold, mask=known, connectivity=directions
    )
    return np.where(known, found, NAN)


@pytest.mark.parametrize("directions", [4, 8])
@pytest.mark.parametrize("threshold", [2, 3, 9])
@pytest.mark.parametrize("rows", [1, 2, 64])
def test_as_gdal_however_strips_lie(directions, threshold, rows, monkeypatch):
    monkeypatch.setattr("pyterra.run.sweep.LEAST_ROWS", rows)
    monkeypatch.setattr("pyterra.raster.sieve.Sieve.strip_cells", 1)
    for seed, shape in enumerate([(13, 17), (20, 5), (9, 9)]):
        values = random_classes(seed, shape)
        got = pt.rast(values, crs="").sieve(threshold, directions).to_numpy()[0]
        np.testing.assert_array_equal(got, by_gdal(values, threshold, directions))


def test_a_small_group_gives_way_to_the_largest_beside_it():
    r = pt.rast([[1, 1, 1, 2, 2], [1, 3, 1, 2, 2], [1, 1, 1, 3, 2]])
    assert r.sieve(2).to_numpy()[0].tolist() == [[1, 1, 1, 2, 2], [1, 1, 1, 2, 2], [1, 1, 1, 1, 2]]


def test_groups_that_lead_to_no_large_one_stay():
    r = pt.rast([[1, 2, 3]])
    assert r.sieve(5).to_numpy()[0].tolist() == [[1, 2, 3]]
    assert pt.rast([[1.0, NAN, 2.0, 2.0]]).sieve(2).values(drop=True)[0] == 1


def test_all_missing_and_one_cell():
    assert np.isnan(pt.rast(np.full((3, 4), NAN), crs="").sieve(4).to_numpy()).all()
    assert pt.rast([[7]]).sieve(2).to_numpy()[0].tolist() == [[7]]


def test_numbers_are_rounded_to_whole_ones_as_in_terra():
    got = pt.rast([[1.7, 1.2, 2.9], [1.1, 1.9, 1.5]]).sieve(2)
    assert got.to_numpy()[0].tolist() == [[2, 1, 2], [1, 2, 2]]
    halves = pt.rast([[2.5, 3], [-2.5, -3], [0.5, 1], [-0.5, -1]]).sieve(2, 4)
    assert halves.to_numpy()[0].tolist() == [[3, 3], [-3, -3], [1, 1], [-1, -1]]


def test_layers_have_groups_of_their_own_and_keep_names_and_categories():
    r = pt.c(pt.rast([[1, 1, 2]], names=["a"]), pt.rast([[1, 2, 2]], names=["b"]))
    assert r.sieve(2).to_numpy()[:, 0].tolist() == [[1, 1, 1], [2, 2, 2]]
    assert r.sieve(2).names == ["a", "b"]
    classes = pt.rast([[0, 1, 0]])
    classes.levels = {0: "low", 1: "high"}
    assert classes.sieve(2, 4).levels[0].iloc[:, 1].tolist() == ["low", "high"]


def test_the_last_column_of_the_earth_is_beside_the_first():
    r = pt.rast([[5, 7, 7, 5]], crs="OGC:CRS84", extent=(-180, 180, -45, 45))
    assert r.sieve(2).to_numpy()[0].tolist() == [[5, 7, 7, 5]]
    assert pt.rast([[5, 7, 7, 5]], crs="").sieve(2).to_numpy()[0].tolist() == [[7, 7, 7, 7]]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((1,), "threshold must be a whole number of at least 2, got 1"),
        ((2.5,), "threshold must be"),
        ((3, 6), "directions must be 4 or 8, got 6"),
    ],
)
def test_arguments_without_sense_are_refused(arguments, says):
    with pytest.raises(ArgumentError, match=f"^sieve: {says}"):
        pt.rast([[1, 2]]).sieve(*arguments)
