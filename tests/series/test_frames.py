"""Frames that the layers of a series stand for."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError
from pyterra.series.frames import frames_of, what_counts


def stack(times=None, count=4):
    r = pt.rast(np.zeros((count if times is None else len(times), 1, 1)))
    return r if times is None else r.set_time(times)


def test_layers_without_time_follow_each_other():
    found = frames_of(stack(), "verb", 4)
    assert found.numbers == (0, 1, 2, 3)
    assert found.season_size == 4


def test_dates_tell_frames_whatever_their_order_and_gaps():
    found = frames_of(stack(["2020-03-15", "2020-01-20", "2021-02-01"]), "verb", 12)
    assert found.numbers == (2, 0, 13)
    assert (found.year, found.phase) == (2020, 0)
    assert found.order == (1, 0, 2)


@pytest.mark.parametrize(
    ("times", "size"),
    [
        ([f"{y}-{m:02d}-15" for y in (2000, 2001) for m in range(1, 13)], 12),
        (["2014-12-30", "2015-05-08", "2015-08-04", "2015-10-23", "2016-01-25"], 4),
        (list(np.datetime64("2001-01-01") + 16 * np.arange(23)), 23),
    ],
)
def test_frames_in_a_year_are_told_by_the_usual_distance(times, size):
    assert frames_of(stack(times), "verb").season_size == size


def test_sixteen_days_are_one_of_twenty_three_frames():
    days = [np.datetime64(f"{year}-01-01") + 16 * k for year in (2000, 2001, 2002) for k in range(23)]
    assert frames_of(stack(days), "verb", 23).numbers == tuple(range(69))


def test_years_and_numbers_count_as_years():
    assert frames_of(pt.rast(np.zeros((3, 1, 1)), time=[2000, 2001, 2004]), "verb").numbers == (0, 1, 4)


def test_two_layers_of_one_frame_are_refused():
    with pytest.raises(
        ArgumentError, match=r"verb: two layers lie in one frame, lyr\.1 and lyr\.2, with 4 frames"
    ):
        frames_of(stack(["2020-01-05", "2020-02-05", "2020-07-01"]), "verb", 4)


def test_a_season_that_nobody_knows_is_asked_for():
    with pytest.raises(ArgumentError, match="verb: season_size must say how many layers make a year"):
        frames_of(stack(), "verb", seasons=True)
    with pytest.raises(ArgumentError, match="verb: needs several layers a year, got one in 1 years"):
        frames_of(stack(["2000-06-01", "2001-06-01", "2002-06-01"]), "verb", seasons=True)
    with pytest.raises(ArgumentError, match=r"verb: season_size must be a whole number above 0, got 2\.5"):
        frames_of(stack(), "verb", 2.5)


def test_weights_are_one_per_layer():
    assert what_counts(stack(), [0, 1, 0.5, 2], "verb") == ((0.0, 1.0, 0.5, 2.0), ())
    for wrong in ([1, 2], [1, 1, 1, -1], [1, 1, 1, np.nan]):
        with pytest.raises(
            ArgumentError, match=r"verb: weights must be numbers from 0 on, one per layer \(4\)"
        ):
            what_counts(stack(), wrong, "verb")
    with pytest.raises(ArgumentError, match="verb: weights must have a layer for each of the raster"):
        what_counts(stack(), stack(count=2), "verb")
