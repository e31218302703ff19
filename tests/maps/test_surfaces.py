"""A layer as a surface."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError

plt = pytest.importorskip("matplotlib.pyplot")


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


@pytest.fixture
def plane():
    """Values grow by 1 from west to east."""
    return pt.rast(np.tile(np.arange(5.0), (3, 1)), extent=(0, 5, 0, 3), units="m")


class TestContours:
    def test_lines_run_where_the_values_are(self, plane):
        ax = plane.contour(levels=[1.5, 3])
        lines = [set(path.vertices[:, 0].tolist()) for path in ax.collections[-1].get_paths()]
        assert lines == [{2.0}, {3.5}]
        assert sorted(t.get_text() for t in ax.texts) == ["1.5", "3"]

    def test_they_are_those_of_as_contour(self, plane):
        ax = plane.contour(nlevels=4)
        assert ax.collections[-1].levels.tolist() == plane.as_contour(nlevels=4)["level"].tolist() + [4.0]

    def test_saddles_and_gaps_are_drawn_as_as_contour_has_them(self):
        rng = np.random.default_rng(2)
        z = rng.normal(size=(9, 12))
        z[rng.random(z.shape) < 0.15] = np.nan
        r = pt.rast(z, extent=(0, 12, 0, 9), crs="EPSG:3035")
        levels = [-0.6, 0.1, 0.7]
        ax = r.contour(levels=levels, labels=False)
        drawn = [
            sum(np.hypot(*np.diff(line, axis=0).T).sum() for line in path.to_polygons(closed_only=False))
            for path in ax.collections[-1].get_paths()
        ]
        assert drawn == pytest.approx(r.as_contour(levels=levels).perim().tolist(), rel=1e-9)

    def test_they_go_over_a_map(self, plane):
        ax = plane.plot()
        assert plane.contour(levels=2, labels=False, add=True) is ax
        assert (len(ax.images), len(ax.texts)) == (1, 0)

    def test_areas_have_colours_and_a_legend(self, plane):
        ax = plane.contour(levels=[1, 2, 3], filled=True)
        assert ax.collections[-1].levels.tolist() == [0, 1, 2, 3, 4]
        assert len(ax.child_axes) == 1
        assert ax.child_axes[0].get_title(loc="left") == "m"
        assert plane.contour(filled=True, legend=False).child_axes == []

    def test_missing_cells_and_none_at_all(self, plane):
        assert len(pt.rast(np.full((2, 2), np.nan)).contour().collections) == 0
        plane[0, 1] = np.nan
        (path,) = plane.contour(levels=[1.5], labels=False).collections[-1].get_paths()
        assert (path.vertices[:, 1].min(), path.vertices[:, 1].max()) == (
            0.5,
            2.0,
        )  # and in the triangle beside the gap
        with pytest.raises(ArgumentError, match="two rows and two columns, got 1 x 2"):
            pt.rast([[1.0, 2.0]]).contour()


class TestViews:
    def test_the_surface_has_all_cells_and_their_heights(self, plane):
        ax = plane.persp(theta=30, phi=20, main="Slope")
        assert (ax.elev, ax.azim, ax.get_title()) == (20, -120, "Slope")
        assert ax.get_zlim() == (0, 4)
        ax.figure.canvas.draw()
        assert len(ax.collections[0].get_facecolors()) == 4 * 2

    def test_one_colour_is_shaded(self, plane):
        from matplotlib.colors import to_rgba

        face = plane.persp(col="green", border="black").collections[0].get_facecolors()[0]
        assert face[0] == 0 < face[1] <= to_rgba("green")[1]

    def test_few_cells_are_drawn_of_many(self):
        ax = pt.rast(np.zeros((300, 300))).persp(maxcell=100)
        ax.figure.canvas.draw()
        assert len(ax.collections[0].get_facecolors()) == 9 * 9


class TestArrows:
    @staticmethod
    def tips(ax):
        return [np.round(line[1] - line[0], 6).tolist() for line in ax.collections[-1].get_segments()]

    def test_directions_of_flow_reach_the_next_cells(self):
        r = pt.rast([[1.0, 2.0, 4.0], [8.0, 16.0, 32.0], [64.0, 128.0, 0.0]])
        r.plot()
        east, se, south, sw, west, nw, north, ne = (
            [1, 0],
            [1, -1],
            [0, -1],
            [-1, -1],
            [-1, 0],
            [-1, 1],
            [0, 1],
            [1, 1],
        )
        assert self.tips(r.as_arrows(unit="flowdir")) == [east, se, south, sw, west, nw, north, ne]

    def test_angles_count_from_east_or_as_told(self):
        r = pt.rast([[0.0, 90.0, np.nan]])
        r.plot()
        assert self.tips(r.as_arrows()) == [[1, 0], [0, 1]]
        assert self.tips(r.as_arrows(clockwise=True, angle_from_x_axis=90)) == [[0, 1], [1, 0]]
        assert self.tips((r * np.pi / 180).as_arrows(unit="radians", arrow_length=0.25)) == [
            [0.25, 0],
            [0, 0.25],
        ]

    def test_heads_point_along(self):
        ax = pt.rast([[0.0]], extent=(0, 1, 0, 1)).plot()
        (line,) = pt.rast([[0.0]], extent=(0, 1, 0, 1)).as_arrows(ax=ax).collections[-1].get_segments()
        assert line.round(3).tolist() == [[0.5, 0.5], [1.5, 0.5], [1.2, 0.65], [1.5, 0.5], [1.2, 0.35]]

    def test_units_are_checked(self):
        r = pt.rast([[0.0]])
        r.plot()
        with pytest.raises(ArgumentError, match="unit"):
            r.as_arrows(unit="gon")
