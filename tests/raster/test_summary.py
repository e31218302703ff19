"""Statistics across layers, with the NA table of terra."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError

NAN = np.nan
# columns: cells; rows: layers
STACK = np.array([[1, NAN, NAN, 3], [5, 2, NAN, 3], [3, 4, NAN, 0]], dtype=float)


@pytest.fixture
def r():
    return pt.rast(STACK.reshape(3, 1, 4), names=["a", "b", "c"])


@pytest.mark.parametrize(
    ("fun", "kept", "removed"),
    [
        ("sum", [9, NAN, NAN, 6], [9, 6, NAN, 6]),
        ("mean", [3, NAN, NAN, 2], [3, 3, NAN, 2]),
        ("min", [1, NAN, NAN, 0], [1, 2, NAN, 0]),
        ("max", [5, NAN, NAN, 3], [5, 4, NAN, 3]),
        ("prod", [15, NAN, NAN, 0], [15, 8, NAN, 0]),
        ("median", [3, NAN, NAN, 3], [3, 3, NAN, 3]),
        ("modal", [1, NAN, NAN, 3], [1, 2, NAN, 3]),
        ("any", [1, NAN, NAN, 1], [1, 1, 0, 1]),
        ("all", [1, NAN, NAN, 0], [1, 1, NAN, 0]),
    ],
)
def test_missing_layers_count_or_are_left_out(r, fun, kept, removed):
    verb = getattr(pt.SpatRaster, fun)
    np.testing.assert_array_equal(verb(r).values(drop=True), kept)
    np.testing.assert_array_equal(verb(r, na_rm=True).values(drop=True), removed)
    np.testing.assert_array_equal(r.app(fun, na_rm=True).values(drop=True), removed)
    assert verb(r).names == [fun]


def test_range_has_two_layers(r):
    found = r.range(na_rm=True)
    assert found.names == ["range_min", "range_max"]
    np.testing.assert_array_equal(found.values()[0], [1, 5])


def test_standard_deviation_is_of_the_population_unless_told(r):
    assert r.stdev().values(drop=True)[0] == pytest.approx(np.std([1, 5, 3]))
    assert r.stdev(pop=False).values(drop=True)[0] == pytest.approx(np.std([1, 5, 3], ddof=1))
    assert r.stdev().names == ["std"]


def test_which_counts_from_zero_and_passes_over_missing(r):
    np.testing.assert_array_equal(r.which_max().values(drop=True), [1, 2, NAN, 0])
    np.testing.assert_array_equal(r.which_min().values(drop=True), [0, 1, NAN, 2])


def test_quantiles_are_of_type_seven(r):
    found = r.quantile([0.25, 0.5], na_rm=True)
    assert found.names == ["q0.25", "q0.5"]
    np.testing.assert_allclose(found.values()[:2], [[2, 3], [2.5, 3]])
    with pytest.raises(pt.errors.ArgumentError, match="between 0 and 1"):
        r.quantile([1.5])


def test_a_second_raster_makes_it_layer_by_layer_and_numbers_are_layers(r):
    assert r.max(r * 2).names == ["a", "b", "c"]
    np.testing.assert_array_equal(r.max(r * 2).values()[0], [2, 10, 6])
    assert r.sum(10).values(drop=True)[0] == 19


def test_sums_of_bytes_are_exact():
    r = pt.rast(np.full((300, 1, 1), 255, dtype="uint8"))
    assert r.sum().values(drop=True)[0] == 300 * 255
    assert r.sum().dtype == np.float64


def test_weighted_means_are_those_of_terra():
    """The numbers are those of terra 1.9."""
    r = pt.rast(np.array([[[1, 5, NAN, 5, 2, 3]], [[7, 1, NAN, NAN, 9, 1]]], dtype=float))
    np.testing.assert_array_equal(r.weighted_mean([1, 3]).values(drop=True), [5.5, 2, NAN, NAN, 7.25, 1.5])
    np.testing.assert_array_equal(
        r.weighted_mean([1, 3], na_rm=True).values(drop=True), [5.5, 2, NAN, 5, 7.25, 1.5]
    )
    np.testing.assert_allclose(
        r.weighted_mean(r, na_rm=True).values(drop=True), [6.25, 26 / 6, NAN, 5, 85 / 11, 2.5]
    )
    np.testing.assert_array_equal(r.weighted_mean(r * 0, na_rm=True).values(drop=True), [NAN] * 6)
    assert r.weighted_mean(2.0).values(drop=True)[0] == 4


@pytest.mark.parametrize(
    ("w", "message"),
    [
        ([0, 0], "numbers above 0"),
        ([1, NAN, 2], "numbers above 0"),
        ([1, 2, 3, 4], r"at most one per layer \(3\)"),
    ],
)
def test_weights_that_do_not_fit_are_refused(r, w, message):
    with pytest.raises(ArgumentError, match=f"weighted_mean: w must be .*{message}"):
        r.weighted_mean(w)
    with pytest.raises(ArgumentError, match="w must have 3 layers, as x has, got 1"):
        r.weighted_mean(r[0])


@pytest.mark.parametrize(
    ("ties", "whole", "known"),
    [
        ("first", [1, NAN], [1, 4]),
        ("lowest", [1, NAN], [1, 4]),
        ("highest", [3, NAN], [3, 5]),
        ("NA", [NAN] * 2, [NAN] * 2),
    ],
)
def test_modal_takes_of_equally_frequent_values_the_one_that_is_asked_for(ties, whole, known):
    r = pt.rast(np.array([[[3, 5]], [[1, 4]], [[2, 4]], [[1, 5]], [[3, NAN]]]))
    np.testing.assert_array_equal(r.modal(ties=ties).values(drop=True), whole)
    np.testing.assert_array_equal(r.modal(ties=ties, na_rm=True).values(drop=True), known)
    assert r.modal(ties=ties).names == ["modal"]
    assert r.modal(2, 2, ties=ties).to_numpy()[0, 0, 0] == 2


def test_modal_refuses_ties_by_chance():
    with pytest.raises(ArgumentError, match="ties: must be one of first, lowest, highest, NA, got 'random'"):
        pt.rast(np.ones((2, 1, 1))).modal(ties="random")


def test_the_mode_of_several_rasters_is_that_of_all_their_layers():
    # terra 1.9-45: modal(x, y) has one layer
    x, y = pt.rast([[[1, 2]], [[2, 2]]]), pt.rast([[1, 7]])
    found = x.modal(y, y, 7)
    assert (found.names, found.values(drop=True).tolist()) == (["modal"], [1, 7])
    assert x.modal(y, 7, ties="highest").values(drop=True).tolist() == [1, 7]
