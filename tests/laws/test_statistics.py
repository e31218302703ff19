"""Every verb that takes a statistic takes every name in the table, and gives what that statistic is of its values.

What it is stands here once more, in plain numpy. Differences between verbs are those that `DIFFERENT` states.
"""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from turns import in_turn

import pyterra as pt
from pyterra import kernels
from pyterra.errors import ArgumentError
from pyterra.statistics import NAMES, TABLE
from pyterra.statistics.groups import of_groups
from pyterra.statistics.table import KNOWN

NAN = float("nan")
LISTS = (
    [5.0],
    [NAN],
    [3.0, NAN, 0.0],
    [NAN, NAN, NAN],
    [0.0, 0.0, 0.0],
    [2.0, -1.5, 2.0, 7.0, -4.0],
    [NAN, 4.0, -4.0, 4.0, NAN],
    [1.0, 1.0, 2.0, 2.0, 0.0],
)
"""Odd numbers of values, so that one window of `focal` holds them all."""
NOTHING = {"any": [0], "none": [1], "count": [0], "count_na": [0], "nunique": [0], "range": [NAN, NAN]}
"""What there is of no values at all; missing for the others."""


def spread(v: np.ndarray, centre: float, freedom: int) -> float:
    return float(((v - centre) ** 2).sum() / freedom) if freedom > 0 else NAN


def of_valid(v: np.ndarray, name: str) -> list[float]:
    """A statistic of values none of which is missing, at least one."""
    counted = {x: (v == x).sum() for x in np.unique(v)}
    n = len(v)
    return {
        "sum": lambda: [v.sum()],
        "mean": lambda: [v.sum() / n],
        "median": lambda: [np.median(v)],
        "modal": lambda: [min(x for x in counted if counted[x] == max(counted.values()))],
        "min": lambda: [v.min()],
        "max": lambda: [v.max()],
        "range": lambda: [v.min(), v.max()],
        "prod": lambda: [np.prod(v)],
        "sd": lambda: [spread(v, v.mean(), n - 1) ** 0.5],
        "std": lambda: [spread(v, v.mean(), n) ** 0.5],
        "var": lambda: [spread(v, v.mean(), n - 1)],
        "rms": lambda: [spread(v, 0, n - 1) ** 0.5],
        "any": lambda: [(v != 0).any()],
        "all": lambda: [(v != 0).all()],
        "none": lambda: [(v == 0).all()],
        "which": lambda: [int(np.argmax(v != 0)) if (v != 0).any() else NAN],
        "which_min": lambda: [int(np.argmin(v))],
        "which_max": lambda: [int(np.argmax(v))],
        "first": lambda: [v[0]],
        "last": lambda: [v[-1]],
        "count": lambda: [n],
        "count_na": lambda: [0],
        "nunique": lambda: [len(counted)],
    }[name]()


def plain(values: list[float], name: str, na_rm: bool) -> list[float]:
    """A statistic of values of which some may be missing."""
    v = np.array(values)
    valid = ~np.isnan(v)
    missing = [NAN] * (2 if name == "range" else 1)
    if name in ("count", "count_na"):
        return [valid.sum() if name == "count" else (~valid).sum()]
    if name == "which":  # what is missing is not true
        return of_valid(np.nan_to_num(v), name)
    if not na_rm and not valid.all():
        if name in ("first", "last"):
            return [v[0 if name == "first" else -1]]
        return [0] if name == "all" and (v == 0).any() else missing
    if not valid.any():
        return NOTHING.get(name, missing)
    found = of_valid(v[valid], name)
    return [np.flatnonzero(valid)[int(found[0])]] if name in ("which_min", "which_max") else found


def row(values: list[float]) -> pt.SpatRaster:
    """A raster of one row, a cell per value."""
    return pt.rast([values], extent=(0, len(values), 0, 1), names="v", crs="")


def box(values: list[float]) -> pt.SpatVector:
    return pt.vect([shapely.box(0, 0, len(values), 1)])


def points(values: list[float]) -> pt.SpatVector:
    return pt.vect([[0.5, 0.5]] * len(values), atts={"v": values, "g": ["a"] * len(values)})


def boxes(values: list[float]) -> pt.SpatVector:
    return pt.vect([shapely.box(0, 0, 1, 1)] * len(values), atts={"v": values})


def cell() -> pt.SpatRaster:
    return pt.rast(nrows=1, ncols=1, extent=(0, 1, 0, 1), crs="")


def layers(values: list[float]) -> pt.SpatRaster:
    return pt.rast(np.reshape(values, (-1, 1, 1)), extent=(0, 1, 0, 1), crs="")


def numbers(table) -> list[float]:
    """The numbers of a table of one row, without its keys."""
    return (
        table.drop(columns=["ID", "zone", "z", "g", "agg_n"], errors="ignore")
        .to_numpy(float)
        .ravel()
        .tolist()
    )


def burned(shapes, fun: str, na_rm: bool) -> list[float]:
    return pt.rasterize(shapes, cell(), "v", fun, na_rm=na_rm).values().ravel()


def focal(values: list[float], fun: str, na_rm: bool) -> list[float]:
    found = row(values).focal((1, len(values)), fun, na_rm=na_rm)
    return found.to_numpy()[:, 0, len(values) // 2]


VERBS = {
    "app": lambda v, fun, na_rm: layers(v).app(fun, na_rm=na_rm).values().ravel(),
    "tapp": lambda v, fun, na_rm: layers(v).tapp([1], fun, na_rm=na_rm).values().ravel(),
    "aggregate": lambda v, fun, na_rm: row(v).aggregate((1, len(v)), fun, na_rm=na_rm).values().ravel(),
    "focal": focal,
    "focal weights": lambda v, fun, na_rm: (
        row(v).focal(np.full((1, len(v)), 2.0), fun, na_rm=na_rm).to_numpy()[:, 0, len(v) // 2]
    ),
    "global_": lambda v, fun, na_rm: numbers(row(v).global_(fun, na_rm=na_rm)),
    "zonal": lambda v, fun, na_rm: numbers(
        row(v).zonal(pt.rast(row(v), vals=1, names="z"), fun, na_rm=na_rm)
    ),
    "zonal polygons": lambda v, fun, na_rm: numbers(row(v).zonal(box(v), fun, na_rm=na_rm)),
    "extract": lambda v, fun, na_rm: numbers(row(v).extract(box(v), fun, na_rm=na_rm)),
    "rasterize points": lambda v, fun, na_rm: burned(points(v), fun, na_rm),
    "rasterize polygons": lambda v, fun, na_rm: burned(boxes(v), fun, na_rm),
    "mosaic": lambda v, fun, na_rm: pt.mosaic([row([x]) for x in v], fun=fun).values().ravel(),
    "aggregate vectors": lambda v, fun, na_rm: numbers(
        points(v).aggregate("g", fun=fun, na_rm=na_rm).values()
    ),
    "zonal vectors": lambda v, fun, na_rm: numbers(points(v)[["v"]].zonal(box([0]), fun, na_rm=na_rm)),
}


def left_out(values: list[float], name: str, na_rm: bool) -> list[float]:
    """`rasterize(na_rm=True)` leaves geometries out, as if they were not there: where none is left is the background."""
    if not na_rm:
        return plain(values, name, False)
    valid = [x for x in values if x == x]
    return plain(valid, name, False) if valid else [NAN] * TABLE[name].width


def weighted(values: list[float], name: str, na_rm: bool) -> list[float]:
    """`focal` multiplies values by weights; its mean is the weighted one, so that a weight of 2 changes nothing."""
    return plain([x if name == "mean" else 2 * x for x in values], name, na_rm)


DIFFERENT = {
    "focal weights": weighted,
    "rasterize points": left_out,
    "rasterize polygons": left_out,
    "mosaic": lambda values, name, na_rm: plain(values, name, True),  # leaves missing values out in any case
}
"""What a verb gives otherwise than `plain`."""


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("verb", VERBS)
def test_a_statistic_is_the_same_whoever_asks(verb, name, thorough):
    for values in LISTS if thorough else in_turn(f"{verb} {name}", LISTS, 3):
        for na_rm in (False, True):
            expected = DIFFERENT.get(verb, plain)(values, name, na_rm)
            found = VERBS[verb](values, name, na_rm)
            np.testing.assert_allclose(found, expected, rtol=1e-12, err_msg=f"{values}, na_rm={na_rm}")


@pytest.mark.parametrize("alias", sorted(set(KNOWN) - set(NAMES)))
@pytest.mark.parametrize("verb", VERBS)
def test_an_alias_means_what_it_stands_for(verb, alias):
    values = LISTS[2]
    expected = DIFFERENT.get(verb, plain)(values, KNOWN[alias].name, True)
    np.testing.assert_allclose(VERBS[verb](values, alias, True), expected, rtol=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_no_cell_at_all_is_no_value(name):
    expected = NOTHING.get(name, [NAN])
    outside = pt.vect([shapely.box(20, 20, 21, 21)])
    for na_rm in (False, True):
        np.testing.assert_array_equal(numbers(row([1, 2]).extract(outside, name, na_rm=na_rm)), expected)
    gap = pt.mosaic(row([1]), row([2]).shift(2, 0), fun=name).to_numpy()[:, 0, 1]
    np.testing.assert_array_equal(gap, expected)


@pytest.mark.parametrize("name", NAMES)
def test_the_table_says_what_there_is_of_nothing_and_how_many_numbers(name):
    expected = NOTHING.get(name, [NAN])
    np.testing.assert_array_equal([TABLE[name].nothing] * TABLE[name].width, expected)
    assert kernels.stats.width(name) == TABLE[name].width


def test_kernels_know_the_names_of_the_table():
    assert set(NAMES) == kernels.stats.NAMES


def test_functions_of_pyterra_mean_their_statistic():
    r = layers([3.0, 1.0, 2.0])
    for name in "sum mean median modal min max range prod any all which_min which_max count_na".split():
        assert r.app(getattr(pt, name)).values().tolist() == r.app(name).values().tolist()
        assert r.app(getattr(pt.SpatRaster, name)).names == r.app(name).names
    assert r.app(pt.stdev).names == ["std"]
    assert layers([1, 4]).global_(pt.max)["max"].tolist() == [1, 4]
    assert row([1, 4]).zonal(pt.rast(row([1, 4]), vals=1), pt.max).iloc[0, 1] == 4


@pytest.mark.parametrize("verb", VERBS)
def test_an_unknown_name_is_refused_with_near_ones(verb):
    with pytest.raises(ArgumentError, match=r"fun must be .*, got 'meen'; did you mean 'mean'"):
        VERBS[verb]([1.0, 2.0, 3.0], "meen", False)


@pytest.mark.parametrize("verb", VERBS)
def test_what_is_neither_name_nor_function_is_refused(verb):
    with pytest.raises(ArgumentError, match=r"fun must be .*, got int"):
        VERBS[verb]([1.0, 2.0, 3.0], 3, False)


@pytest.mark.parametrize("size", [1, 3, 700])
@pytest.mark.parametrize("name", NAMES)
def test_groups_give_what_each_gives_alone(name, size):
    rng = np.random.default_rng(5)
    values = rng.integers(-3, 4, (3 * size + 2, 2)).astype(float)
    values[rng.random(values.shape) < 0.1] = NAN
    starts = np.array([0, size, 2 * size, 2 * size, 3 * size])  # one is empty, the last has two values
    for na_rm in (False, True):
        found = of_groups(values, starts, TABLE[name], na_rm)
        for group, part in enumerate(np.split(values, starts[1:])):
            for column in (0, 1):
                given = part[:, column].tolist()
                expected = plain(given, name, na_rm) if given else NOTHING.get(name, [NAN])
                np.testing.assert_allclose(found[group, column], expected, rtol=1e-12)
