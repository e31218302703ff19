"""numpy's elementwise functions give rasters; numpy itself is the oracle."""

import pickle

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, GridMismatchError

VALUES = np.array([[[0.25, 4.0, -1.0]], [[np.nan, 0.0, 9.0]]])


@pytest.fixture
def r():
    return pt.rast(VALUES, names=["a", "b"])


ONE = [
    np.sqrt, np.exp, np.log, np.abs, np.fabs, np.sin, np.arctan, np.floor, np.rint, np.cbrt, np.square, np.reciprocal,
    np.deg2rad, np.degrees, np.positive, np.negative, np.exp2, np.sign, np.trunc, np.conjugate, np.spacing,
]  # fmt: skip
TWO = [
    np.hypot,
    np.maximum,
    np.minimum,
    np.fmax,
    np.fmin,
    np.copysign,
    np.logaddexp,
    np.arctan2,
    np.fmod,
    np.add,
    np.power,
]


@pytest.mark.parametrize("function", ONE, ids=lambda f: f.__name__)
def test_functions_of_one_value(r, function):
    made = function(r)
    assert isinstance(made, pt.SpatRaster)
    assert made.names == ["a", "b"]
    with np.errstate(all="ignore"):
        np.testing.assert_array_equal(made.to_numpy(), function(VALUES))


@pytest.mark.parametrize("function", TWO, ids=lambda f: f.__name__)
@pytest.mark.parametrize("other", [2.0, [1.0, 3.0], "raster"], ids=["number", "per layer", "raster"])
@pytest.mark.parametrize("turned", [False, True], ids=["raster first", "raster last"])
def test_functions_of_two_values(r, function, other, turned):
    numbers = VALUES[::-1] if other == "raster" else np.asarray(other, float).reshape(-1, 1, 1)
    second = r[[1, 0]] if other == "raster" else np.asarray(other) if isinstance(other, list) else other
    made, plain = ((second, r), (numbers, VALUES)) if turned else ((r, second), (VALUES, numbers))
    with np.errstate(all="ignore"):
        expected = function(*plain)
    if function is np.power:  # missing to the power of 0 is missing here
        expected = np.where(
            np.isnan(VALUES) | np.isnan(np.broadcast_to(numbers, VALUES.shape)), np.nan, expected
        )
    np.testing.assert_array_equal(function(*made).to_numpy(), expected)


def test_questions_give_flags(r):
    assert np.isnan(r).to_numpy()[1, 0].tolist() == [1, 0, 0]
    assert np.isfinite(r)._node.layers[0].kind == "bool"
    assert np.greater(r, 0).to_numpy()[0, 0].tolist() == [1, 1, 0]
    negative = np.signbit(r)
    np.testing.assert_array_equal(negative.to_numpy(), [[[0, 0, 1]], [[np.nan, 0, 0]]])


def test_two_results_are_two_rasters(r):
    fraction, whole = np.modf(r)
    np.testing.assert_array_equal(fraction.to_numpy(), np.modf(VALUES)[0])
    np.testing.assert_array_equal(whole.to_numpy(), np.modf(VALUES)[1])
    quotient, rest = np.divmod(r, 2)
    np.testing.assert_array_equal(2 * quotient.to_numpy() + rest.to_numpy(), VALUES)


def test_numbers_and_arrays_of_numpy_stand_on_the_left(r):
    assert (np.float64(3) - r).to_numpy()[0, 0].tolist() == [2.75, -1, 4]
    assert (np.array([1.0, 2.0]) * r).to_numpy()[1, 0, 2] == 18
    assert (np.array([True, False]) & (r > 0)).to_numpy()[:, 0, 1].tolist() == [1, 0]
    assert (np.int64(4) == r).to_numpy()[0, 0].tolist() == [0, 1, 0]


def test_a_mask_per_layer_is_missing(r):
    made = r + np.ma.array([1.0, 2.0], mask=[False, True])
    assert np.isnan(made.to_numpy()[1]).all()
    assert made.to_numpy()[0, 0].tolist() == [1.25, 5, 0]


def test_functions_of_other_packages_and_of_python_are_taken(r):
    special = pytest.importorskip("scipy.special")
    np.testing.assert_array_equal(special.expit(r).to_numpy(), special.expit(VALUES))
    own = np.frompyfunc(lambda v: v + 1, 1, 1)
    np.testing.assert_array_equal(own(r).to_numpy(), VALUES + 1)


def test_nothing_is_computed_before_it_is_wanted(r):
    made = pickle.loads(pickle.dumps(np.cbrt(np.hypot(r, 3.0))))
    np.testing.assert_array_equal(made.to_numpy(), np.cbrt(np.hypot(VALUES, 3.0)))


def test_what_cannot_be_done_is_told(r):
    with pytest.raises(ArgumentError, match="takes no out"):
        np.sqrt(r, out=np.empty(r.shape))
    with pytest.raises(ArgumentError, match="cell by cell"):
        np.add.reduce(r)
    with pytest.raises(ArgumentError, match="cell by cell"):
        np.matmul(r, r)
    for function in (np.gcd, np.left_shift, np.ldexp):
        with pytest.raises(ArgumentError, match="must take real numbers"):
            function(r, 2)
    with pytest.raises(GridMismatchError):
        np.hypot(r, pt.rast(np.zeros((2, 2))))
    with pytest.raises(TypeError):
        np.add(r, "text")
