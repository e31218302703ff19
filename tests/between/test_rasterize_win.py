"""rasterize_win. Numbers of circles were given by terra 1.9-45 for the same points; the others are by hand."""

import numpy as np
import pandas as pd
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, UDFError

NAN = float("nan")
TABLE = pd.DataFrame(
    {
        "x": [1.2, 4.1, 2.9, 5.5, 0.3],
        "y": [1.1, 3.7, 2.2, 0.4, 4.8],
        "z": [3.0, 8, NAN, 6, 2],
        "w": [1, 2, 3, 4, 5],
    }
)


@pytest.fixture
def grid():
    return pt.rast(nrows=5, ncols=6, xmin=0, xmax=6, ymin=0, ymax=5, crs="")


@pytest.fixture
def square():
    """Seven by seven cells; one point in the middle."""
    return pt.rast(nrows=7, ncols=7, xmin=0, xmax=7, ymin=0, ymax=7, crs="")


def row(r, k, layer=0):
    return r.to_numpy()[layer, k].round(6).tolist()


def test_a_statistic_for_each_column(grid):
    got = pt.rasterize_win(TABLE, grid, pars=2, fun="mean", na_rm=True)
    assert got.names == ["z", "w"]
    assert row(got, 1, 1) == [5, 4, 2.5, 2.5, 2, 2]
    assert row(got, 2) == [3, 3, 5.5, 8, 8, 8]


@pytest.mark.parametrize(
    ("fun", "third"),
    [
        ("sum", [1, 4, 6, 5, 5, 2]),
        ("max", [1, 3, 3, 3, 3, 2]),
        ("count", [1, 2, 3, 2, 2, 1]),
        ("median", [1, 2, 2, 2.5, 2.5, 2]),
        ("sd", [NAN, 1.414214, 1, 0.707107, 0.707107, NAN]),
        (lambda v: v.max() - v.min(), [0, 2, 2, 1, 1, 0]),
    ],
)
def test_statistics_of_circles(grid, fun, third):
    np.testing.assert_array_equal(
        row(pt.rasterize_win(TABLE[["x", "y", "w"]], grid, pars=2, fun=fun), 2), third
    )


def test_a_statistic_of_two_numbers_makes_two_layers(grid):
    got = pt.rasterize_win(TABLE[["x", "y", "w"]], grid, pars=2, fun="range")
    assert got.names == ["w_min", "w_max"]
    assert [row(got, 2, k) for k in (0, 1)] == [[1, 1, 1, 2, 2, 2], [1, 3, 3, 3, 3, 2]]


def test_a_function_of_all_columns(grid):
    got = pt.rasterize_win(TABLE, grid, pars=3, fun=lambda t: (t.z * t.w).sum(), cvars=True)
    assert row(got, 0) == [10, 26, 26, 16, 16, 16]


def test_distances_to_points_and_between_them():
    r = pt.rast(nrows=1, ncols=3, xmin=0, xmax=3, ymin=0, ymax=1, crs="")
    points = [[0.5, 0.5, 1], [2.5, 0.5, 1], [2.5, 1.5, 1]]
    got = pt.rasterize_win(points, r, pars=1, fun="distto").values(drop=True)
    np.testing.assert_allclose(got, [0, 1, 0.5])
    got = pt.rasterize_win(points, r, pars=9, fun="distbetween").values(drop=True)
    np.testing.assert_allclose(got, [(2 + 1 + 5**0.5) / 3] * 3)
    np.testing.assert_array_equal(
        pt.rasterize_win(points, r, pars=0.1, fun="distbetween").values(drop=True), [NAN] * 3
    )


def shape(r):
    return ["".join(".#"[int(v)] for v in line) for line in r.to_numpy()[0]]


@pytest.mark.parametrize(
    ("win", "pars", "expected"),
    [
        ("circle", 1, [".......", ".......", "...#...", "..###..", "...#...", ".......", "......."]),
        ("rectangle", [4, 2], [".......", ".......", ".#####.", ".#####.", ".#####.", ".......", "......."]),
        (
            "rectangle",
            [4, 2, 90],
            [".......", "..###..", "..###..", "..###..", "..###..", "..###..", "......."],
        ),
        (
            "ellipse",
            [3, 1, 90],
            ["...#...", "...#...", "...#...", "..###..", "...#...", "...#...", "...#..."],
        ),
        (
            "ellipse",
            [3, 1, 30],
            [".......", ".......", "...###.", "..###..", ".###...", ".......", "......."],
        ),
        # whatever is within 0.9 of the cell, not of its centre
        ("buffer", 0.9, [".......", ".......", "..###..", "..###..", "..###..", ".......", "......."]),
    ],
)
def test_shapes_of_windows(square, win, pars, expected):
    """An ellipse as interpNear of terra 1.9-45 has it; rectangles by its help."""
    assert shape(pt.rasterize_win([[3.5, 3.5, 1]], square, win=win, pars=pars, fun="count")) == expected


def test_cells_with_too_few_points(grid):
    w = TABLE[["x", "y", "w"]]
    assert row(pt.rasterize_win(w, grid, pars=2, fun="sum", min_points=2, fill=-1), 2) == [-1, 4, 6, 5, 5, -1]
    np.testing.assert_array_equal(row(pt.rasterize_win(w, grid, pars=0.2, fun="sum"), 0), [NAN] * 6)
    assert row(pt.rasterize_win(w, grid, pars=0.2, fun="count"), 0) == [0] * 6


def test_columns_of_a_vector(grid):
    v = pt.vect(TABLE, geom=("x", "y"), crs="")
    assert v.rasterize_win(grid, ["w", "z"], pars=2, fun="max").names == ["w", "z"]


def test_a_statistic_of_all_columns_together(grid):
    got = pt.rasterize_win(TABLE, grid, pars=2, fun="count", cvars=True, na_rm=True)
    parts = pt.rasterize_win(TABLE, grid, pars=2, fun="count", na_rm=True)
    np.testing.assert_array_equal(got.to_numpy()[0], parts.to_numpy().sum(axis=0))
    most = pt.rasterize_win(TABLE, grid, pars=2, fun="max", cvars=True, na_rm=True)
    parts = pt.rasterize_win(TABLE, grid, pars=2, fun="max", na_rm=True)
    np.testing.assert_array_equal(most.to_numpy()[0], np.fmax(*parts.to_numpy()))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"fun": "meen"}, "fun must be a function or the name of a statistic, got 'meen'"),
        ({"win": "ring"}, "win: must be one of"),
        ({"pars": [1, 2]}, "pars must be a radius above 0"),
    ],
)
def test_arguments_without_sense_are_refused(grid, arguments, says):
    with pytest.raises(ArgumentError, match=f"^rasterize_win: {says}"):
        pt.rasterize_win(TABLE, grid, **({"pars": 1, "fun": "mean"} | arguments))


def test_a_function_must_give_one_number(grid):
    with pytest.raises(UDFError, match="one number per cell, got 2"):
        pt.rasterize_win(TABLE, grid, pars=9, fun=lambda v: [1, 2]).to_numpy()


def test_the_grid_must_be_a_raster():
    with pytest.raises(ArgumentError, match="y must be a SpatRaster, got int"):
        pt.rasterize_win(TABLE, 3, pars=1, fun="mean")
