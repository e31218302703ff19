"""Ways through networks, against terra 1.9 and by hand."""

import numpy as np
import pytest
import shapely

import pyterra as pt
from pyterra.errors import ArgumentError


def net(*texts, **options):
    return pt.netw(pt.vect(list(texts), crs="EPSG:3035"), **options)


def cross(**options):
    return net("LINESTRING (0 0, 10 10)", "LINESTRING (0 10, 10 0)", **options)


def test_ways_are_those_of_terra():
    # terra 1.9-45: shortestPath(n, 1, c(3, 4, 5)), shortestPath(n, c(1, 2), c(3, 4)); it counts from 1
    found = cross().shortest_path(0, [2, 3, 4])
    assert found.geom(wkt=True) == [
        "LINESTRING (0 0, 5 5, 0 10)", "LINESTRING (0 0, 5 5, 10 10)", "LINESTRING (0 0, 5 5, 10 0)",
    ]  # fmt: skip
    assert found.values()[["from", "to"]].to_numpy().tolist() == [[0, 2], [0, 3], [0, 4]]
    np.testing.assert_allclose(found["distance"], 2 * np.sqrt(50))
    assert cross().shortest_path([0, 1], [2, 3]).geom(wkt=True)[1] == "LINESTRING (5 5, 10 10)"
    np.testing.assert_allclose(cross(weights=False).shortest_path(0, 3)["distance"], 2 * np.sqrt(50))


def test_no_way_is_empty_and_that_to_itself_costs_nothing():
    # terra 1.9-45: shortestPath(n, 1, 1); shortestPath(netw(r, directed = TRUE), 4, 1); two lines that do not meet
    same = cross().shortest_path(0, 0)
    assert same["distance"].tolist() == [0]
    assert same.geoms[0].is_empty
    for found in (
        cross(directed=True).shortest_path(3, 0),
        net("LINESTRING (0 0, 1 0)", "LINESTRING (5 0, 6 0)").shortest_path(0, 2),
    ):
        assert np.isnan(found["distance"]).all()
        assert shapely.is_empty(found.geoms).all()


def test_weights_tell_which_way_is_the_shortest():
    # by hand: two edges between the same nodes, and one around
    square = net(
        "LINESTRING (0 0, 4 0)",
        "LINESTRING (0 0, 0 3, 4 3, 4 0)",
        "LINESTRING (4 0, 9 0)",
        "LINESTRING (0 0, -1 0)",
    )
    ends = [square.net_nodes().crds().tolist().index(place) for place in ([-1, 0], [9, 0])]
    assert square.shortest_path(*ends)["distance"].tolist() == [10]
    assert square.shortest_path(*ends).geom(wkt=True) == ["LINESTRING (-1 0, 0 0, 4 0, 9 0)"]
    length = square.net_edges()["length"].to_numpy()
    square.net_weights = np.where(length == 4, 100, length)
    around = square.shortest_path(*ends)
    assert around["distance"].tolist() == [16]
    assert around.geom(wkt=True) == ["LINESTRING (-1 0, 0 0, 0 3, 4 3, 4 0, 9 0)"]
    square.net_weights = np.zeros(4)
    assert square.shortest_path(*ends)["distance"].tolist() == [0]
    assert square.shortest_path(*ends).geoms[0].length > 0


def test_edges_of_a_directed_network_are_taken_one_way():
    ring = net(
        "LINESTRING (0 0, 1 0)", "LINESTRING (1 0, 1 1)", "LINESTRING (1 1, 0 0)", directed=True, merge=False
    )
    assert ring.shortest_path(0, 1)["distance"].tolist() == [1]
    assert ring.shortest_path(1, 0)["distance"][0] == pytest.approx(1 + np.sqrt(2))


def test_what_is_refused():
    for bad in (5, -1, 0.5, "a", np.nan):
        with pytest.raises(ArgumentError, match="shortest_path: to must be numbers of nodes from 0 to 4"):
            cross().shortest_path(0, bad)
    with pytest.raises(ArgumentError, match="must be as many, or one, got 2 and 3"):
        cross().shortest_path([0, 1], [0, 1, 2])
