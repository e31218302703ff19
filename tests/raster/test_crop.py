"""trim, shift, rescale and flip."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, ExtentError

NAN = np.nan


@pytest.fixture
def r():
    return pt.rast(np.arange(12.0).reshape(1, 3, 4), extent=(0, 4, 0, 3), names="v")


def test_trim_cuts_what_is_empty_in_all_layers():
    a = np.full((2, 4, 5), NAN)
    a[0, 1, 2], a[1, 2, 3] = 1, 2
    r = pt.rast(a, extent=(0, 5, 0, 4))
    assert list(r.trim().ext) == [2, 4, 1, 3]
    assert list(r.trim(padding=1).ext) == [1, 5, 0, 4]
    with pytest.raises(ExtentError, match="at least one"):
        pt.rast(np.full((2, 2), NAN)).trim()


def test_shift_moves_and_flip_mirrors(r):
    assert list(r.shift(10, -1).ext) == [10, 14, -1, 2]
    np.testing.assert_array_equal(r.flip().to_numpy(), r.to_numpy()[:, ::-1])
    np.testing.assert_array_equal(r.flip("horizontal").to_numpy(), r.to_numpy()[:, :, ::-1])


def test_rescale_changes_the_extent_alone(r):
    box = pt.ext(*r.ext)
    assert list(r.rescale(2, 0.5, box.xmin, box.ymax).ext) == [
        box.xmin,
        box.xmin + 2 * box.width,
        box.ymax - box.height / 2,
        box.ymax,
    ]
    middle = r.rescale(0.5)
    assert middle.ext.width == box.width / 2
    assert middle.ext.xmin + middle.ext.xmax == box.xmin + box.xmax
    np.testing.assert_array_equal(middle.to_numpy(), r.to_numpy())


@pytest.mark.parametrize("factors", [(0,), (-1,), (1, 0), (np.nan,), (np.inf,)])
def test_rescale_takes_factors_above_0(r, factors):
    with pytest.raises(ArgumentError, match=r"^rescale: f"):
        r.rescale(*factors)


def test_skeletons_keep_their_geometry_through_verbs():
    empty = pt.rast(nrows=10, ncols=10, xmin=0, xmax=10, ymin=0, ymax=10, crs="")
    for made in (
        empty.aggregate(2),
        empty.crop(pt.ext(0, 4, 0, 4)),
        empty.extend(2),
        empty.disagg(2),
        empty.shift(1),
    ):
        assert not made.has_values()
    assert empty.aggregate(2).res == (2, 2)


def test_extend_with_a_number_keeps_units_and_categories():
    """As without, and as terra 1.9."""
    r = pt.rast(np.ones((1, 2, 2)))
    r.units = ["mm"]
    classes = r.as_factor()
    assert r.extend(1, fill=5).units == ["mm"]
    assert classes.extend(1, fill=5).is_factor() == classes.extend(1).is_factor() == [True]
