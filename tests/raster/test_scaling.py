"""Values on another scale. The numbers are those of terra 1.9."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError

NAN = np.nan


@pytest.fixture
def r():
    """What terra 1.9 was asked about."""
    values = np.array([[[1, 5, NAN], [5, 2, 3]], [[7, 1, NAN], [NAN, 9, 1]]])
    return pt.rast(values, names=["a", "b"], units="m")


def layers(found):
    return found.to_numpy().reshape(len(found), -1)


@pytest.mark.parametrize(
    ("arguments", "a", "b"),
    [
        ((), [-1.2298374, 1.0062306, NAN, 1.0062306, -0.6708204, -0.1118034],
         [0.6063391, -0.8488747, NAN, NAN, 1.0914103, -0.8488747]),
        ((True, False), [-2.2, 1.8, NAN, 1.8, -1.2, -0.2], [2.5, -3.5, NAN, NAN, 4.5, -3.5]),
        ((False, True), [0.25, 1.25, NAN, 1.25, 0.5, 0.75], [1.0552897, 0.1507557, NAN, NAN, 1.3568011, 0.1507557]),
        (([1, 2], [2, 4]), [0, 2, NAN, 2, 0.5, 1], [1.25, -0.25, NAN, NAN, 1.75, -0.25]),
        ((2, 2), [-0.5, 1.5, NAN, 1.5, 0, 0.5], [2.5, -0.5, NAN, NAN, 3.5, -0.5]),
    ],
)  # fmt: skip
def test_scale_centres_and_divides(r, arguments, a, b):
    np.testing.assert_allclose(layers(r.scale(*arguments)), [a, b], atol=1e-7)


def test_scale_about_a_number_divides_by_the_spread_about_it():
    """As R's scale(x, center = 1): sqrt(sum((x - 1)^2) / (n - 1)) of 1, 2, 6 is sqrt(13)."""
    found = pt.rast([[1, 2, 6]]).scale(1).values(drop=True)
    np.testing.assert_allclose(found, np.array([0, 1, 5]) / np.sqrt(13))


def test_scale_of_equal_values_is_missing_and_of_nothing_the_same(r):
    assert np.isnan((r * 0 + 3).scale().to_numpy()).all()
    np.testing.assert_array_equal(layers(r.scale(False, False)), layers(r))


def test_scale_linear_reaches_both_limits(r):
    found = r.scale_linear(1, 10)
    np.testing.assert_array_equal(layers(found), [[1, 10, NAN, 10, 3.25, 5.5], [7.75, 1, NAN, NAN, 10, 1]])
    assert (found.names, found.units) == (["a", "b"], ["", ""])
    assert np.isnan((r * 0 + 3).scale_linear().to_numpy()).all()


@pytest.mark.parametrize(
    ("options", "a", "b"),
    [
        ({}, [0, 255, NAN, 255, 63.75, 127.5], [191.25, 0, NAN, NAN, 255, 0]),
        ({"minv": 0, "maxv": 300}, [0, 300, NAN, 300, 75, 150], [225, 0, NAN, NAN, 300, 0]),
        ({"minq": 0.2, "maxq": 0.8}, [0, 255, NAN, 255, 15.9375, 95.625], [225, 0, NAN, NAN, 255, 0]),
        ({"smin": [2, 3], "smax": [4, 8]}, [0, 255, NAN, 255, 0, 127.5], [204, 0, NAN, NAN, 255, 0]),
        ({"bylayer": False}, [0, 127.5, NAN, 127.5, 31.875, 63.75], [191.25, 0, NAN, NAN, 255, 0]),
        (
            {"histeq": True, "scale": 255},
            [51, 255, NAN, 255, 102, 153],
            [191.25, 127.5, NAN, NAN, 255, 127.5],
        ),
    ],
)
def test_stretch_brings_a_range_to_another(r, options, a, b):
    np.testing.assert_allclose(layers(r.stretch(**options)), [a, b], atol=1e-12)


def test_stretch_begins_at_the_lower_limit(r):
    """By hand; terra 1.9 stretches from 0 and cuts off what is below the lower limit: 1.5 for 1.75."""
    found = layers(r.stretch([0, 1], [1, 2]))
    np.testing.assert_array_equal(found, [[0, 1, NAN, 1, 0.25, 0.5], [1.75, 1, NAN, NAN, 2, 1]])


def test_stretch_takes_one_limit_that_is_given(r):
    """By hand: 2 becomes 0 and the highest value, 5 and 9, 255."""
    np.testing.assert_allclose(layers(r.stretch(smin=2))[0], [0, 255, NAN, 255, 0, 85])


def test_stretch_takes_quantiles_of_a_sample():
    """Every other cell of two rows: 1, 3, 5, 7 of the second row."""
    r = pt.rast(np.arange(16.0).reshape(2, 8))
    found = r.stretch(0, 1, maxcell=4)
    sample = r.spat_sample(4, "regular")["lyr.1"]
    expected = np.clip((np.arange(16) - sample.min()) / (sample.max() - sample.min()), 0, 1)
    np.testing.assert_array_equal(found.values(drop=True), expected)
    assert len(sample) < 16


def test_strips_of_any_height_give_the_same_bits(monkeypatch):
    from pyterra.plan import Blocks

    rng = np.random.default_rng(1)
    array = rng.normal(size=(2, 37, 11))
    for call in (lambda r: r.scale(), lambda r: r.stretch(minq=0.1), lambda r: r.thresh("mean")):
        expected = call(pt.rast(array)).to_numpy()
        for rows in (1, 5, 9):
            blocks = lambda node, rows=rows: Blocks(node.grid.window, rows, node.grid.ncol)  # noqa: E731
            monkeypatch.setattr("pyterra.run.sweep.strips_of", blocks)
            np.testing.assert_array_equal(call(pt.rast(array)).to_numpy(), expected)
            monkeypatch.undo()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda r: r.scale_linear(5, 1), "scale_linear: min must be below max, got 5 and 1"),
        (lambda r: r.stretch(20, 10), "stretch: minv must be below maxv, got 20 and 10"),
        (lambda r: r.stretch(minq=-1), "must lie between 0 and 1"),
        (lambda r: r.stretch(smin=3, smax=3), "smin must be below smax"),
        (lambda r: r.scale("mean"), "scale: center: must be a number or one number per layer"),
    ],
)
def test_what_cannot_be_is_refused(r, call, message):
    with pytest.raises(ArgumentError, match=message):
        call(r)
