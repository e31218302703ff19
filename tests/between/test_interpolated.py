"""interp_idw and interp_near. Numbers with six digits were given by terra 1.9-45 for the same points, but where told."""

import pickle

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError

NAN = float("nan")
XYZ = np.array([[1.2, 1.1, 3], [4.1, 3.7, 8], [2.9, 2.2, 1], [5.5, 0.4, 6], [0.3, 4.8, 2]])


@pytest.fixture
def grid():
    return pt.rast(nrows=5, ncols=6, xmin=0, xmax=6, ymin=0, ymax=5, crs="")


@pytest.fixture
def line():
    """Four cells, with centres at 0.5 to 3.5."""
    return pt.rast(nrows=1, ncols=4, xmin=0, xmax=4, ymin=0, ymax=1, crs="")


def row(r, k):
    return r.to_numpy()[0, k].round(6).tolist()


class TestIdw:
    def test_weights_are_inverse_squares(self, line):
        """By hand: at 1.5, (10 / 1 + 40 / 4) / (1 / 1 + 1 / 4)."""
        got = line.interp_idw([[0.5, 0.5, 10], [3.5, 0.5, 40]], radius=5).values(drop=True)
        np.testing.assert_allclose(got, [10, 16, 34, 40])

    def test_a_cell_at_a_point_has_its_value_whatever_the_power(self, line):
        got = line.interp_idw([[0.5, 0.5, 10], [3.5, 0.5, 40]], radius=5, power=0).values(drop=True)
        assert got.tolist() == [10, 25, 25, 40]

    def test_points_at_one_place_give_their_mean(self, line):
        got = line.interp_idw([[0.5, 0.5, 10], [0.5, 0.5, 20], [1.5, 0.5, 0]], radius=1)
        assert got.values(drop=True).tolist() == [15, 0, 0, pytest.approx(NAN, nan_ok=True)]

    @pytest.mark.parametrize(
        ("arguments", "third"),
        [
            ({"radius": 3}, [2.3094, 2.587175, 1.507949, 2.568331, 5.463619, 5.787524]),
            (
                {"radius": 3, "power": 1, "smooth": 1},
                [2.118597, 3.078264, 3.247712, 4.096526, 5.105163, 5.342255],
            ),
            ({"radius": 3, "max_points": 2}, [2.68509, 2, 1.128205, 2.4, 5.364706, 7.129321]),
            ({"radius": [4, 2], "near": False}, [2.409639, 2.666667, 1.507949, 2.428384, 5.364706, 5.678049]),
        ],
    )
    def test_as_terra(self, grid, arguments, third):
        assert row(grid.interp_idw(XYZ, **arguments), 2) == third

    def test_the_first_points_count_where_not_the_nearest_are_asked_for(self, line):
        points = [[3.5, 0.5, 40], [0.5, 0.5, 10], [1.4, 0.5, 20]]
        got = line.interp_idw(points, radius=5, max_points=1, near=False)
        assert got.values(drop=True).tolist() == [40, 40, 40, 40]
        got = line.interp_idw(points, radius=5, max_points=1)
        assert got.values(drop=True).tolist() == [10, 20, 40, 40]

    def test_cells_that_see_too_few_points_are_filled(self, line):
        got = line.interp_idw([[0.5, 0.5, 10], [2.5, 0.5, 20]], radius=1, min_points=2, fill=-1)
        assert got.values(drop=True).tolist() == [-1, 15, -1, -1]

    def test_points_without_a_value_are_left_out(self, line):
        got = line.interp_idw([[0.5, 0.5, 10], [2.5, 0.5, NAN]], radius=9)
        assert got.values(drop=True).tolist() == [10] * 4

    def test_the_layer_is_named_after_the_column(self, line):
        v = pt.vect([[0.5, 0.5]], atts={"rain": [3]})
        assert line.interp_idw(v, "rain", radius=1).names == ["rain"]
        assert line.interp_idw(XYZ, radius=1).names == ["lyr.1"]

    def test_no_points_at_all(self, line):
        got = line.interp_idw(np.empty((0, 3)), radius=1, fill=7)
        assert got.values(drop=True).tolist() == [7] * 4

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            ({"max_points": 0}, "max_points must be at least 1 and min_points, got 0 and 1"),
            ({"max_points": 2, "min_points": 3}, "max_points must be at least 1 and min_points, got 2 and 3"),
            ({"radius": -1}, "radius must be a radius above 0, got -1"),
        ],
    )
    def test_arguments_without_sense_are_refused(self, line, arguments, says):
        with pytest.raises(ArgumentError, match=f"^interp_idw: {says}"):
            line.interp_idw(XYZ, **({"radius": 1} | arguments))

    def test_two_columns_are_refused(self, line):
        with pytest.raises(ArgumentError, match="there must be one column of values, got 2"):
            line.interp_idw(np.ones((2, 4)), radius=1)


class TestNear:
    @pytest.mark.parametrize(
        ("radius", "third"),
        [(2, [3, 1, 1, 1, 8, 8]), ([3, 1], [1] * 6), ([3, 1, 30], [NAN, 8, 1, 1, 1, NAN])],
    )
    def test_as_terra(self, grid, radius, third):
        np.testing.assert_array_equal(row(grid.interp_near(XYZ, radius=radius), 2), third)

    def test_the_edge_of_the_circle_counts(self, line):
        got = line.interp_near([[0.5, 0.5, 10]], radius=2).values(drop=True)
        np.testing.assert_array_equal(got, [10, 10, 10, NAN])

    def test_of_equally_near_points_the_last_counts(self, line):
        points = [[0.5, 0.5, 10], [2.5, 0.5, 20]]
        assert line.interp_near(points, radius=9).values(drop=True).tolist() == [10, 20, 20, 20]
        assert line.interp_near(points[::-1], radius=9).values(drop=True).tolist() == [10, 10, 20, 20]

    def test_linear_between_points_as_terra_and_nearest_beyond(self, grid):
        got = grid.interp_near(XYZ, radius=3, interpolate=True)
        assert row(got, 2) == [3, 2.067308, 1.201923, 3.594059, 6.910891, 8]

    def test_a_plane_is_found_again_to_the_edge_of_the_points(self, grid):
        corners = np.array([[0.5, 0.5], [5.5, 0.5], [0.5, 4.5], [5.5, 4.5]])
        got = grid.interp_near(corners, 2 * corners[:, 0] - corners[:, 1], radius=0.1, interpolate=True)
        x, y = np.meshgrid(np.arange(6) + 0.5, 4.5 - np.arange(5))
        np.testing.assert_allclose(got.to_numpy()[0], 2 * x - y, rtol=1e-12)

    def test_points_on_a_line_make_no_triangle(self, line):
        got = line.interp_near(
            [[0.5, 0.5, 10], [1.5, 0.5, 20], [1.5, 0.5, 30]], radius=1, interpolate=True, fill=0
        )
        assert got.values(drop=True).tolist() == [10, 30, 30, 0]

    def test_it_travels_to_processes_with_its_triangles(self, grid):
        r = grid.interp_near(XYZ, radius=3, interpolate=True)
        whole = r.to_numpy()
        np.testing.assert_array_equal(
            pickle.loads(pickle.dumps(r._node.kernel))(r._node.grid, r._node.grid.window), whole
        )
