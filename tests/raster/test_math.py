"""Functions of one value, and running statistics along the layers."""

import numpy as np
import pytest

import pyterra as pt

NAN = np.nan


def row(*values):
    return pt.rast(np.array([values], dtype=float))


def values(r):
    return r.values(drop=True)


def test_rounding_is_half_away_from_zero():
    np.testing.assert_array_equal(values(row(0.5, 2.5, -2.5, NAN).round()), [1, 3, -3, NAN])
    np.testing.assert_allclose(values(row(1.25, -1.25).round(1)), [1.3, -1.3])
    np.testing.assert_allclose(values(row(0.012345, 1234.5).signif(3)), [0.0123, 1230])


def test_functions_outside_their_domain_give_missing():
    np.testing.assert_array_equal(np.isnan(values(row(-1, 0, 4).sqrt())), [True, False, False])
    np.testing.assert_array_equal(values(row(0, 1).log()), [-np.inf, 0])
    np.testing.assert_allclose(values(row(0, 0.5, 1).cospi()), [1, 0, -1], atol=1e-15)
    assert values(row(8).log(2)).tolist() == [3]
    assert values(row(9).log(3)) == pytest.approx([2])
    with pytest.raises(pt.errors.ArgumentError, match="base"):
        row(1).log(1)


@pytest.mark.parametrize(
    ("verb", "function", "period"), [("sinpi", np.sin, 2), ("cospi", np.cos, 2), ("tanpi", np.tan, 1)]
)
def test_half_turns_are_those_of_fmod_to_the_bit(verb, function, period):
    rng = np.random.default_rng(4)
    some = [rng.normal(0, 9, 400), rng.integers(-40, 40, 100) / 4, 10.0 ** rng.uniform(-300, 300, 100)]
    v = np.concatenate([*some, [0.0, -0.0, -4.0, NAN, np.inf, -5e-324, 2.0**53 + 2]])
    with np.errstate(invalid="ignore"):
        expected = function(np.pi * np.fmod(v, float(period)))
    found = values(getattr(row(*v), verb)())
    np.testing.assert_array_equal(found, expected)
    np.testing.assert_array_equal(np.signbit(found)[expected == 0], np.signbit(expected)[expected == 0])


# columns: cells; rows: layers
STACK = np.array([[1, NAN, NAN, 3], [5, 2, NAN, 3], [3, 4, NAN, 0]], dtype=float)


@pytest.fixture
def r():
    return pt.rast(STACK.reshape(3, 1, 4), names=["a", "b", "c"])


def test_running_sums_are_missing_from_the_first_gap_on(r):
    np.testing.assert_array_equal(r.cumsum().values()[:2], [[1, 6, 9], [NAN, NAN, NAN]])
    np.testing.assert_array_equal(r.cummax().values()[0], [1, 5, 5])
