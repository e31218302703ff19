"""Smooth curves: what users rely on beyond the mathematics of the kernels."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError

NAN = np.nan


def stack(layers=12, missing=0.3, shape=(4, 3), seed=0):
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(layers, *shape)).cumsum(axis=0)
    values[rng.random(values.shape) < missing] = NAN
    return pt.rast(values)


def test_layers_may_stand_in_any_order():
    r = stack()
    days = np.datetime64("2020-01-15", "D") + 31 * np.arange(12)
    mixed = np.random.default_rng(1).permutation(12)
    straight, turned = r.set_time(days), r.subset(list(mixed)).set_time(days[mixed])
    for verb in (lambda x: x.whittaker(3), lambda x: x.savitzky_golay(5)):
        np.testing.assert_array_equal(verb(turned).to_numpy(), verb(straight).to_numpy()[mixed])


def test_gaps_are_filled_and_values_can_stay():
    r = stack()
    values, there = r.to_numpy(), ~np.isnan(r.to_numpy())
    for verb in (r.whittaker, r.savitzky_golay):
        smooth, filled = verb().to_numpy(), verb(keep_original=True).to_numpy()
        assert not np.isnan(smooth).all()
        np.testing.assert_array_equal(filled[there], values[there])
        np.testing.assert_array_equal(filled[~there], smooth[~there])
        assert (smooth[there] != values[there]).any()


def test_layers_of_weight_0_are_as_if_missing():
    r = stack(missing=0)
    weights = np.ones(12)
    weights[4] = 0
    hidden = r.to_numpy()
    hidden[4] = NAN
    for verb in ("whittaker", "savitzky_golay"):
        one, two = (
            getattr(x, verb)(weights=w).to_numpy() for x, w in ((r, weights), (r.set_values(hidden), None))
        )
        np.testing.assert_allclose(one, two)


def test_a_lambda_is_chosen_for_each_cell():
    rng = np.random.default_rng(3)
    smooth = np.sin(np.arange(40) / 6)
    rough = rng.normal(size=40)
    r = pt.rast(np.stack([smooth, smooth + rough], axis=1)[:, None, :])
    free, strong, weak = (r.whittaker(v).to_numpy() for v in ([0.1, 1000.0], 1000.0, 0.1))
    np.testing.assert_array_equal(free[:, 0, 0], weak[:, 0, 0])
    np.testing.assert_array_equal(free[:, 0, 1], strong[:, 0, 1])


def test_three_dimensions_see_rows_and_columns():
    layer, row, col = np.indices((7, 6, 8), dtype=float)
    r = pt.rast(layer * 2 + row * col - col**2)
    found = r.savitzky_golay((5, 5, 5), 2).to_numpy()
    np.testing.assert_allclose(found, r.to_numpy(), atol=1e-9)
    with_gap = r.to_numpy()
    with_gap[3, 2, 2] = NAN
    filled = r.set_values(with_gap).savitzky_golay((3, 3, 3), 2, keep_original=True).to_numpy()
    np.testing.assert_allclose(filled, r.to_numpy(), atol=1e-9)


def test_classes_keep_their_table():
    r = pt.rast([[[1]], [[2]], [[1]]])
    r.levels = [{1: "crop", 2: "forest"}] * 3
    found = r.mode_filter()
    assert found.values().tolist() == [[1, 1, 1]]
    assert found.is_factor() == [True] * 3


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda r: r.whittaker(0), "whittaker: lmbda must be above 0"),
        (lambda r: r.whittaker(order=4), "whittaker: order must be 1, 2 or 3"),
        (lambda r: r.savitzky_golay(4), "savitzky_golay: width must be one or three odd numbers"),
        (lambda r: r.savitzky_golay(3, 3), "savitzky_golay: order must be a whole number from 0 to 2"),
        (
            lambda r: r.savitzky_golay((3, 3, 3), weights=[1] * 12),
            "in three dimensions layers must be one per frame",
        ),
        (lambda r: r.mode_filter(2), "mode_filter: width must be an odd number"),
        (lambda r: r[0].whittaker(), "whittaker: needs at least two layers"),
    ],
)
def test_what_is_refused(call, text):
    with pytest.raises(ArgumentError, match=text):
        call(stack())
