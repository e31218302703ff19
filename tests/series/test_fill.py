"""One door to all ways of filling, and which suits a series."""

import numpy as np
import pandas as pd
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError
from pyterra.series.ways import WAYS

NAN = np.nan


def stack(missing=0.3, cells=40):
    rng = np.random.default_rng(0)
    values = 50 + 20 * np.sin(np.arange(24) * np.pi / 2)[:, None] * rng.uniform(0.5, 1.5, cells)
    values += rng.normal(0, 2, values.shape)
    values[rng.random(values.shape) < missing] = NAN
    return pt.rast(values[:, None, :], names=[f"t{i}" for i in range(24)])


@pytest.mark.parametrize("method", list(WAYS))
def test_every_way_fills_and_leaves_what_is_there(method):
    r = stack()
    found = r.fill(method, season_size=4)
    assert found.names == r.names
    there = ~np.isnan(r.to_numpy())
    np.testing.assert_allclose(found.to_numpy()[there], r.to_numpy()[there], rtol=1e-6)
    assert np.isnan(found.to_numpy()[~there]).mean() < (0.5 if method == "savitzky_golay" else 0.01)


def test_each_of_a_chain_fills_what_the_ones_before_have_left():
    r = pt.rast([[[1]], [[NAN]], [[NAN]], [[NAN]], [[9]]])
    first = r.fill(("box", {"width": 1}))
    np.testing.assert_array_equal(first.values(), [[1, 1, NAN, 9, 9]])
    assert r.fill([("box", {"width": 1}), "linear"]).values().tolist() == [[1, 1, 5, 9, 9]]


def test_the_first_may_smooth_all():
    r = stack(0)
    found = r.fill(("whittaker", {"lmbda": 10}), keep_original=False)
    np.testing.assert_array_equal(found.to_numpy(), r.whittaker(10).to_numpy())


def test_the_way_that_suits_comes_first_and_is_judged_on_other_cells():
    table = stack(0.1).tune(season_size=4)
    assert table["method"].isin(WAYS).all()
    assert table["rmse_chosen"].is_monotonic_increasing
    best, lines = table.iloc[0], table[table["method"] == "linear"].iloc[0]
    assert best["rmse"] < lines["rmse"] / 2
    assert best["r2"] > 0.8
    assert {"bias", "ccc", "filled", "n", "arguments"} <= set(table.columns)


@pytest.mark.parametrize(
    "way",
    [("whittaker", {"lmbda": np.float64(3), "order": 1}), ["season_median", ("box", {"width": 2})], "linear"],
)
def test_a_row_of_the_table_is_a_way(way):
    r = stack(0.1)
    row = r.tune([way], season_size=4).iloc[0]
    for given in (row, row.to_dict(), row.to_frame().T.to_dict("list")):
        found = r.fill(given, season_size=4).to_numpy()
        np.testing.assert_array_equal(found, r.fill(way, season_size=4).to_numpy())


@pytest.mark.parametrize("hide", ["random", "layers", "runs"])
def test_hidden_values_are_the_same_for_every_way_and_every_call(hide):
    r = stack(0.1)
    one, two = (r.tune(["linear", "box"], hide=hide, share=0.2, season_size=4) for _ in range(2))
    assert one.equals(two)
    assert one["n"].nunique() == 1
    assert one["n"][0] > 0


def test_an_error_is_that_of_the_hidden_values():
    r = pt.rast(np.tile([10.0, 20, 10, 20], (2, 1)).T[:, None, :])
    table = r.tune(["constant"], hide="layers", share=0.25, seed=2)
    # Whichever layer is hidden, its neighbours are 10 away, or 10 and 0 at an end.
    assert table["rmse"][0] == pytest.approx(10)


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda r: r.fill("kriging"), "fill: method: must be one of linear"),
        (lambda r: r.fill([]), "fill: method must name at least one way"),
        (
            lambda r: r.fill(("box", {"radius": 2})),
            r"fill: box must have arguments of reconstruct, got \['radius'\]",
        ),
        (lambda r: r.fill(5), "fill: method must be names of ways, .*, got 5"),
        (
            lambda r: r.fill({"swa": {}}),
            r"fill: a table must be one row of what tune gives, .* got \['swa'\]",
        ),
        (lambda r: r.fill(pd.DataFrame({"method": ["box"] * 2, "arguments": ""})), "of 2 rows; take one"),
        (
            lambda r: r.fill({"method": "box", "arguments": "width 2"}),
            "as tune writes them .*, got 'width 2'",
        ),
        (lambda r: r.fill({"method": "box", "arguments": "a=open('x')"}), "as tune writes them"),
        (lambda r: r.fill({"method": "box", "arguments": "2"}), "as tune writes them"),
        (lambda r: r.fill({"method": "box", "arguments": ") + f("}), "as tune writes them"),
        (lambda r: r.tune(share=2), "tune: share must lie between 0 and 1"),
        (lambda r: r.tune(hide="cells"), "tune: hide: must be one of"),
        (
            lambda r: pt.rast(np.full((3, 1, 1), 5.0)).tune(),
            "tune: there must be values in at least two cells",
        ),
    ],
)
def test_what_is_refused(call, text):
    with pytest.raises(ArgumentError, match=text):
        call(stack())
