"""Three layers as one colour picture."""

import numpy as np
import pytest

from pyterra.maps.rgb import default_scale, picture, stretched

NAN = float("nan")


@pytest.mark.parametrize(
    ("largest", "scale"), [(0.5, 1), (1, 1), (2, 255), (255, 255), (4000, 4000), (NAN, 255)]
)
def test_the_scale_is_that_of_shares_of_bytes_or_of_the_largest_value(largest, scale):
    assert default_scale(np.array([largest, NAN])) == scale


def test_values_are_shares_of_full_colour_and_missing_ones_stay():
    found = stretched(np.array([[[0, 51, 300, NAN]]]), None, 255.0)
    np.testing.assert_allclose(found, [[[0, 0.2, 1, NAN]]])


def test_a_linear_stretch_cuts_two_per_cent_at_both_ends():
    band = np.arange(101.0).reshape(1, 1, 101)
    found = stretched(band, "lin", None)[0, 0]
    assert found[2] == 0
    assert found[98] == 1
    assert found[50] == 0.5
    assert (stretched(np.full((1, 1, 3), 7.0), "lin", None) == 0).all()
    assert np.isnan(stretched(np.full((1, 1, 3), NAN), "lin", None)).all()


def test_an_equal_stretch_gives_ranks():
    found = stretched(np.array([[[1.0, 100.0, 2.0, NAN]]]), "hist", None)
    np.testing.assert_allclose(found, [[[1 / 3, 1, 2 / 3, NAN]]])


def test_missing_cells_show_through_or_have_a_colour():
    shares = np.array([[[0.5, NAN]], [[0.25, 0.5]], [[1.0, 0.5]]])
    found = picture(shares, None, None, 0.0)
    assert found[0].tolist() == [[0.5, 0.25, 1, 1], [1, 1, 1, 0]]
    assert picture(shares, None, "black", 0.0)[0, 1].tolist() == [0, 0, 0, 1]
    assert picture(shares, np.array([[0.3, 0.3]]), None, 0.0)[0, 0, 3] == 0.3
