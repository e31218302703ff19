"""Terrain indices and boundaries of areas."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError

TILTED = [[0.0, 1.0, 2.0], [0.0, 1.0, 2.0], [0.0, 1.0, 2.0]]
NA = float("nan")


def middle(values, v, **more):
    return float(pt.rast(values, crs="").terrain(v, **more)[1, 1][0])


@pytest.mark.parametrize("neighbors", [8, 4])
def test_a_plane_that_rises_eastward_by_one_per_cell_falls_to_the_west(neighbors):
    assert middle(TILTED, "slope", neighbors=neighbors) == pytest.approx(45)
    assert middle(TILTED, "aspect", neighbors=neighbors) == pytest.approx(270)


def test_aspect_goes_clockwise_from_north():
    planes = {0: (0, 1), 45: (-1, 1), 90: (-1, 0), 135: (-1, -1), 180: (0, -1), 225: (1, -1), 315: (1, 1)}
    for degrees, (east, south) in planes.items():
        values = np.add.outer(np.arange(3) * south, np.arange(3) * east).astype(float)
        assert middle(values, "aspect") == pytest.approx(degrees), degrees


def test_level_ground_has_slope_0_and_aspect_90():
    assert middle(np.ones((3, 3)), "slope") == 0
    assert middle(np.ones((3, 3)), "aspect") == 90
    assert middle(np.ones((3, 3)), "aspect", unit="radians") == pytest.approx(np.pi / 2)


def test_angles_are_those_of_the_arc_tangent():
    rises = np.concatenate([np.logspace(-8, 8, 401), [np.tan(np.pi / 8), 1.0, np.tan(3 * np.pi / 8)]])
    for rise in rises:
        found = middle(np.outer(np.ones(3), np.arange(3)) * rise, "slope", unit="radians")
        assert found == pytest.approx(np.arctan(rise), rel=4e-15)


def test_indices_of_a_single_peak():
    peak = [[0, 0, 0], [0, 8, 0], [0, 0, 0]]
    found = {v: middle(peak, v) for v in ("TPI", "TRI", "TRIriley", "TRIrmsd", "roughness")}
    assert found == pytest.approx({"TPI": 8, "TRI": 8, "TRIriley": 8 * 8**0.5, "TRIrmsd": 8, "roughness": 8})


@pytest.mark.parametrize("v", ["TPI", "TRI", "TRIriley", "TRIrmsd", "roughness"])
def test_indices_beside_a_missing_cell_are_missing(v):
    for place in np.ndindex(3, 3):
        values = np.arange(9.0).reshape(3, 3)
        values[place] = NA
        assert np.isnan(middle(values, v)), place


def test_slope_does_not_look_at_the_cell_itself():
    values = np.array(TILTED)
    values[1, 1] = NA
    assert middle(values, "slope") == pytest.approx(45)
    values[0, 1] = NA
    assert np.isnan(middle(values, "slope"))


def test_water_flows_down_the_steepest_way_even_at_the_edge():
    found = pt.rast([[9.0, 5, 1], [9, 5, 1], [9, 5, 1]]).terrain("flowdir").to_numpy()[0]
    assert found[:, :2].tolist() == [[1, 1]] * 3
    assert found[:, 2].tolist() == [0, 0, 0]  # no neighbour is lower


def test_water_does_not_flow_into_missing_cells():
    found = pt.rast([[9.0, NA, 1], [9, 5, NA], [8, NA, NA]]).terrain("flowdir").to_numpy()[0]
    assert found[1, 1] == 128
    assert pt.rast([[1.0]]).terrain("flowdir").to_numpy().ravel().tolist() == [0]


def test_of_equal_falls_the_first_clockwise_from_the_east():
    assert middle([[9, 1, 9], [1, 5, 1], [9, 1, 9]], "flowdir") == 1
    assert middle([[9, 1, 9], [1, 5, 9], [9, 1, 9]], "flowdir") == 4


@pytest.mark.parametrize("values", [[[9, 9, 9], [9, 1, 9], [9, 9, 2]], [[5, 5, 5], [5, 5, 5], [5, 5, 5]]])
def test_water_stays_where_no_neighbour_is_lower(values):
    assert middle(values, "flowdir") == 0  # terra 1.9, for a pit; on level ground it draws lots, 0 among them


def test_edges_are_missing():
    found = pt.rast(np.arange(20.0).reshape(4, 5)).terrain("slope").to_numpy()[0]
    assert np.isnan(found[[0, -1]]).all()
    assert np.isnan(found[:, [0, -1]]).all()
    assert np.isfinite(found[1:-1, 1:-1]).all()


def test_slope_on_degrees_takes_widths_from_the_latitude():
    values = np.outer(np.ones(3), np.arange(3)) * 1000.0
    south, north = (
        pt.rast(values, extent=(0, 3, y, y + 3), crs="EPSG:4326").terrain("slope")[1, 1][0] for y in (0, 60)
    )
    assert np.tan(np.radians(north)) / np.tan(np.radians(south)) == pytest.approx(2.1, abs=0.1)


def test_a_preview_has_the_slopes_of_its_own_cells():
    from pyterra.expr import coarsen
    from pyterra.run import evaluate

    plane = pt.rast(np.outer(np.ones(40), np.arange(40.0)), crs="")
    node = coarsen(plane.terrain("slope")._node, 4)
    assert np.nanmax(np.abs(evaluate(node, node.grid.window) - 45)) < 1e-6


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ({"v": "solpe"}, "did you mean 'slope'"),
        ({"v": []}, "at least one"),
        ({"neighbors": 6}, "must be 8 or 4, got 6"),
        ({"unit": "percent"}, "unit: must be one of"),
    ],
)
def test_arguments_are_checked(arguments, text):
    with pytest.raises(ArgumentError, match=text):
        pt.rast(TILTED).terrain(**arguments)


def test_terrain_is_of_one_layer():
    with pytest.raises(ArgumentError, match="one layer, got 2"):
        pt.rast(np.ones((2, 3, 3))).terrain()


# boundaries


def edges(values, **more):
    return pt.rast(values).boundaries(**more).to_numpy()[0].tolist()


def test_edges_of_values_against_missing():
    found = edges([[NA, 1, 1, 1], [1, 1, 1, 1]])
    assert found[1] == [1, 1, 0, 0]
    assert found[0][1:] == [1, 0, 0]
    assert np.isnan(found[0][0])


def test_the_rook_does_not_see_across_corners():
    values = [[NA, 1, 1], [1, 1, 1], [1, 1, 1]]
    assert edges(values, directions=8)[1][1] == 1
    assert edges(values, directions=4)[1][1] == 0


def test_outer_edges_are_missing_cells():
    found = edges([[1, NA, NA]], inner=False)
    assert found[0][:2] == [0, 1]
    assert np.isnan(found[0][2])


def test_a_cell_alone_in_its_class_is_an_edge():
    assert edges([[2, 2, 2], [2, 1, 2], [2, 2, 2]], classes=True, directions=4) == [
        [0, 1, 0],
        [1, 1, 1],
        [0, 1, 0],
    ]


def test_missing_cells_are_at_no_inner_edge_of_classes():
    # numbers of terra 1.9
    assert str(edges([[1, NA, 2, 2, 2]], classes=True)) == "[[1.0, nan, 1.0, 0.0, 0.0]]"
    assert edges([[1, NA, 2, 2, 2]], classes=True, inner=False) == [[1, 1, 1, 0, 0]]


def test_edges_between_values_alone():
    # numbers of terra 1.9
    assert str(edges([[1, NA, 2, 2, 2]], classes=True, ignore_na=True)) == "[[0.0, nan, 0.0, 0.0, 0.0]]"
    assert str(edges([[1, 2, NA]], classes=True, ignore_na=True, inner=False)) == "[[1.0, 1.0, nan]]"
    assert str(edges([[1, NA, 2]], ignore_na=True)) == "[[1.0, nan, 1.0]]"  # means nothing without classes


def test_classes_are_rounded():
    assert edges([[1.0, 1.4, 1.6]], classes=True) == [[0, 1, 1]]


def test_falseval_may_be_missing():
    assert np.isnan(edges([[1, 1, 1]], falseval=None)).all()


def test_every_layer_is_looked_at():
    found = pt.rast(np.array([[[1.0, 1, 1]], [[NA, 1, 1]]])).boundaries()
    assert found.nlyr == 2
    assert found.to_numpy()[0].tolist() == [[0, 0, 0]]
    assert found.to_numpy()[1][0, 1:].tolist() == [1, 0]


def test_directions_are_checked():
    with pytest.raises(ArgumentError, match="8 or 4, got 6"):
        pt.rast([[1]]).boundaries(directions=6)


def test_directions_of_flow_are_whole_numbers():
    found = pt.rast(TILTED, crs="").terrain(["flowdir", "slope"])
    assert found.is_int() == [True, False]
