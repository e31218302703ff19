"""Small maps within a map. Where they go is what terra 1.9-45 answers for the same numbers."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError

plt = pytest.importorskip("matplotlib.pyplot")


@pytest.fixture
def ax():
    yield pt.rast(np.arange(200.0).reshape(20, 10), extent=(0, 10, 0, 20)).plot(legend=False)
    plt.close("all")


@pytest.fixture
def wide():
    return pt.vect("POLYGON ((100 100, 104 100, 104 102, 100 100))")


@pytest.fixture
def tall():
    return pt.vect("POLYGON ((100 100, 102 100, 102 104, 100 100))")


class TestPlaces:
    @pytest.mark.parametrize(
        ("loc", "expected"),
        [
            ("topleft", [0.1, 1.9, 19.05, 19.95]),
            ("bottomright", [8.1, 9.9, 0.05, 0.95]),
            ("bottom", [4.1, 5.9, 0.05, 0.95]),
            ("left", [0.1, 1.9, 9.55, 10.45]),
            ("center", [4.1, 5.9, 9.55, 10.45]),
        ],
    )
    def test_they_stand_at_sides_corners_or_in_the_middle(self, ax, wide, loc, expected):
        assert np.allclose(list(wide.inset(loc=loc, ax=ax).ext), expected)

    def test_a_share_of_the_width_less_a_margin(self, ax, wide, tall):
        assert np.allclose(list(wide.inset(loc="topright", scale=0.5).ext), [5.25, 9.75, 17.625, 19.875])
        assert np.allclose(list(wide.inset(loc="topright", offset=0.5).ext), [8.5, 9.5, 19.25, 19.75])
        assert np.allclose(list(tall.inset(loc="topright").ext), [8.1, 9.9, 16.2, 19.8])
        assert np.allclose(list(tall.inset(loc="bottom", scale=0.3).ext), [3.65, 6.35, 0.3, 5.7])

    @pytest.mark.parametrize(
        ("e", "expected"),
        [
            ((1, 2, 3, 4), [1.05, 1.95, 3.275, 3.725]),
            ((1, 5, 3, 4), [2.1, 3.9, 3.05, 3.95]),
            ((1, 2, 3, 14), [1.05, 1.95, 8.275, 8.725]),
        ],
    )
    def test_they_fit_into_an_extent(self, ax, wide, e, expected):
        assert np.allclose(list(wide.inset(pt.ext(*e)).ext), expected)
        r = pt.rast(np.arange(8.0).reshape(2, 4), extent=(0, 40, 0, 20))
        there = r.inset(pt.ext(*e))
        assert np.allclose(list(there.ext), expected)
        assert there.to_numpy().tolist() == r.to_numpy().tolist()

    def test_they_stay_on_the_map(self, ax):
        assert np.allclose(list(pt.vect("LINESTRING (0 0, 1 100)").inset(offset=0).ext), [0, 0.2, 0, 20])


class TestPictures:
    def test_the_small_map_lies_over_all_with_its_frame(self, ax, wide):
        wide.inset(
            loc="topright",
            scale=0.4,
            background="yellow",
            perimeter="red",
            col="blue",
            box=(101, 102, 100, 101),
        )
        (child,) = ax.child_axes
        assert (child.get_xlim(), child.get_ylim()) == ((6, 10), (18, 20))
        assert child.get_facecolor() == (1, 1, 0, 1)
        assert {side.get_edgecolor() for side in child.spines.values()} == {(1, 0, 0, 1)}
        corners = child.patches[-1].get_path().vertices
        assert np.allclose([corners.min(axis=0), corners.max(axis=0)], [[7.1, 18.1], [8.0, 19.0]])
        assert plt.gca() is ax

    def test_they_lie_over_what_was_drawn_and_under_what_is_drawn_later(self, ax, wide):
        pt.ext(1, 2, 3, 4).polys()
        first = wide.inset()
        first.lines()
        wide.inset(loc="top").text([1])
        order = [ax.images[0], ax.patches[0], ax.child_axes[0], ax.patches[1], ax.child_axes[1], ax.texts[0]]
        assert np.all(np.diff([artist.get_zorder() for artist in order]) > 0)

    def test_a_frame_may_be_left_out_and_so_may_the_picture(self, ax, wide):
        wide.inset(perimeter=False)
        assert not any(side.get_visible() for side in ax.child_axes[0].spines.values())
        wide.inset(add=False)
        assert len(ax.child_axes) == 1

    def test_rasters_keep_their_cells(self, ax):
        r = pt.rast(np.arange(6.0).reshape(2, 3), extent=(0, 3, 0, 2))
        r.inset(loc="center")
        assert ax.child_axes[0].images[0].get_array().tolist() == [[0, 1, 2], [3, 4, 5]]


def test_what_cannot_be_is_refused(ax, wide):
    with pytest.raises(ArgumentError, match="inset: loc: must be one of topleft"):
        wide.inset(loc="nowhere")
    with pytest.raises(ArgumentError, match="x must have a width and a height, got 0 by 0"):
        pt.vect([[1, 2]]).inset()
    with pytest.raises(ArgumentError, match=r"offset from 0 to 0\.9"):
        wide.inset(offset=1)
    plt.close("all")
    with pytest.raises(ArgumentError, match="no map to draw on"):
        wide.inset()
    assert list(wide.inset(pt.ext(0, 1, 0, 1), add=False, offset=0).ext) == [0, 1, 0.25, 0.75]


class TestInext:
    def test_an_extent_is_filled_both_ways(self, wide):
        assert wide.inext(pt.ext(0, 1, 0, 5)).crds().tolist() == [[0, 0], [1, 0], [1, 5], [0, 0]]
        assert list(wide.inext(pt.ext(0, 1, 0, 1), gap=0.1).ext) == pytest.approx([0.1, 0.9, 0.1, 0.9])

    def test_others_follow(self, wide):
        points = pt.vect([[101, 100.5], [110, 99]])
        assert wide.inext(pt.ext(0, 1, 0, 1), points).crds().tolist() == [[0.25, 0.25], [2.5, -0.5]]

    def test_no_room_is_refused(self, wide):
        with pytest.raises(ArgumentError, match=r"gap must leave room in e, which is 5 by 1, got 0\.5"):
            wide.inext(pt.ext(0, 5, 0, 1), gap=0.5)
        with pytest.raises(ArgumentError, match="width and a height, got 1 by 0"):
            pt.vect("LINESTRING (0 0, 1 0)").inext(pt.ext(0, 1, 0, 1))


def test_the_extent_of_a_map_is_what_it_shows(ax):
    assert list(pt.map_extent()) == [0, 10, 0, 20]
    ax.set(xlim=(2, 4), ylim=(9, 5))
    assert list(pt.map_extent(ax=ax)) == [2, 4, 5, 9]
    plt.close("all")
    with pytest.raises(ArgumentError, match="map_extent: there is no map"):
        pt.map_extent()
