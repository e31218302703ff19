"""Counts of values: freq, crosstab, unique."""

import numpy as np
import pandas as pd
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, NoValuesError
from pyterra.raster.tables import unique_names

NA = float("nan")


@pytest.fixture
def two():
    return pt.rast([[[1.0, 1, 2, NA]], [[5.0, 6, 6, 6]]], names=["a", "b"], crs="")


@pytest.fixture
def cover():
    made = pt.rast([[1, 2, 2, 9]], names="cover", crs="")
    made.levels = {1: "wood", 2: "lake"}
    return made


def test_halves_count_away_from_zero():
    r = pt.rast([[0.5, 1.5, 2.5, -0.5]])
    assert r.freq()["value"].tolist() == [-1, 1, 2, 3]
    assert pt.c(r, r).crosstab(long=True)["n"].tolist() == [1, 1, 1, 1]
    assert r.freq(digits=None)["value"].tolist() == [-0.5, 0.5, 1.5, 2.5]


def test_freq_of_zones(two, cover):
    found = two.freq(zones=cover)
    assert list(found.columns) == ["layer", "value", "count", "zone"]
    assert found.iloc[0].tolist() == [0, 1, 1, "wood"]
    wide = two.freq(zones=cover, wide=True, usenames=True)
    assert wide["layer"].tolist()[:2] == ["a", "a"]
    assert wide[6.0].sum() == 3


def test_freq_of_one_value(two, cover):
    assert two.freq(value=6)["count"].tolist() == [0, 3]
    assert two.freq(value=NA)["count"].tolist() == [1, 0]
    assert two.freq(value=6, bylayer=False)["count"].tolist() == [3]
    assert cover.freq(value="lake")["count"].tolist() == [2]
    assert cover.freq(value="sea")["count"].tolist() == [0]


def test_freq_wide_has_a_column_per_value(two):
    wide = two.freq(wide=True)
    assert list(wide.columns) == ["layer", 1, 2, 5, 6]
    assert wide.values.tolist() == [[0, 2, 1, 0, 0], [1, 0, 0, 1, 3]]


def test_crosstab_is_wide(two):
    table = two.crosstab()
    assert (table.index.name, table.columns.name) == ("a", "b")
    assert table.index.tolist() == [1, 2]
    assert table.columns.tolist() == [5, 6]
    assert table.to_numpy().tolist() == [[1, 1], [0, 1]]


def test_crosstab_names_whole_values_by_integers(two):
    assert pt.c(two[0], two[0] / 2).crosstab(digits=None).index.dtype == "int64"
    halves = pt.c(two[0] + 0.5, two[1]).crosstab(digits=None)
    assert halves.index.dtype == "float64"
    assert "1.0" not in str(two.crosstab())


def test_crosstab_counts_missing_on_request(two):
    table = two.crosstab(use_na=True)
    assert np.isnan(table.index[-1])
    assert table.to_numpy()[-1].tolist() == [0, 1]
    assert two.crosstab(long=True, use_na=True)["n"].sum() == 4


def test_crosstab_of_three_layers(two):
    table = pt.c(two, two[1]).crosstab()
    assert table.columns.names == ["b", "b.1"]
    assert table[(6, 6)].tolist() == [1, 1]
    assert table[(5, 6)].tolist() == [0, 0]


def test_crosstab_shows_labels_in_the_order_of_values(two, cover):
    table = pt.c(cover, two[1]).crosstab()
    assert table.index.tolist() == ["wood", "lake", 9]


def test_crosstab_needs_two_layers(two):
    with pytest.raises(ArgumentError, match="two layers or more"):
        two[0].crosstab()


def test_unique_leaves_out_missing_unless_asked(two):
    assert two.unique().values.tolist() == [[1, 5], [1, 6], [2, 6]]
    assert len(two.unique(na_rm=False)) == 4
    assert [v.tolist() for v in two.unique(incomparables=True)] == [[1, 2], [5, 6]]


def test_unique_as_a_raster_numbers_the_combinations(two):
    found = two.unique(as_raster=True)
    values = found.values(drop=True)
    assert values[:3].tolist() == [0, 1, 2]
    assert np.isnan(values[3])
    assert found.cats()[0]["label"].tolist() == ["1_5", "1_6", "2_6"]


def test_numbers_of_combinations_that_are_not_listed_are_missing():
    from pyterra.raster.tables import Numbers

    kernel = Numbers(((1.0, 1.0), (2.0, 2.0)), None)
    found = kernel(np.array([[[1.0, 1, 2, 2, 3]], [[1.0, 2, 1, 2, 3]]]))
    np.testing.assert_array_equal(found[0, 0], [0, NA, NA, 1, NA])


@pytest.mark.parametrize("scale", [1, 0.37, 1e7])
def test_combinations_are_those_of_numpy(scale):
    from pyterra.kernels.zones import combinations_of, merge_combinations

    rng = np.random.default_rng(5)
    block = rng.integers(-3, 4, (3, 400)) * scale
    weights = rng.random(400)
    found = combinations_of(block, weights)
    rows, place, counts = np.unique(block.T, axis=0, return_inverse=True, return_counts=True)
    np.testing.assert_array_equal(found.rows, rows)
    np.testing.assert_array_equal(found.count, counts)
    np.testing.assert_allclose(found.total, np.bincount(place.ravel(), weights))
    merged = merge_combinations(
        combinations_of(block[:, :90], weights[:90]), combinations_of(block[:, 90:], weights[90:])
    )
    np.testing.assert_array_equal(merged.rows, rows)
    np.testing.assert_array_equal(merged.count, counts)


def test_more_combinations_than_one_number_can_tell_apart():
    from pyterra.kernels.zones import combinations_of

    block = np.random.default_rng(6).random((8, 300))
    block[0, 5] = NA
    found = combinations_of(block)
    assert len(found.rows) == 300
    assert np.isnan(found.rows[-1, 0])


def test_names_are_made_different():
    assert unique_names(["a", "b", "a", "a"]) == ["a", "b", "a.1", "a.2"]
    assert unique_names(["a", "a", "a.1"]) == ["a", "a.2", "a.1"]


def test_tables_need_values():
    for verb in ("freq", "crosstab", "unique"):
        with pytest.raises(NoValuesError, match=verb):
            getattr(pt.rast(nrows=2, ncols=2, nlyrs=2), verb)()


def test_tables_of_nothing_but_missing():
    r = pt.rast(np.full((2, 1, 3), NA))
    assert len(r.freq()) == 0
    assert r.crosstab().shape == (0, 0)
    assert len(r.unique()) == 0
    assert isinstance(r.unique(), pd.DataFrame)


def test_unique_of_one_layer_as_a_raster_is_that_layer(cover):
    found = cover.unique(as_raster=True)
    assert (found.names, found.values(drop=True).tolist()) == (cover.names, [1, 2, 2, 9])
    assert pt.rast([[1.26, 3]]).unique(as_raster=True, digits=1).values(drop=True).tolist() == [1.3, 3]


def test_freq_of_zones_is_in_the_order_of_the_zones():
    found = pt.rast([[1.0, 2, 1, 2]]).freq(zones=pt.rast([[2, 1, 1, 2]]))
    assert found[["zone", "value"]].to_numpy().tolist() == [[1, 1], [1, 2], [2, 1], [2, 2]]
