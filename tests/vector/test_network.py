"""Networks of lines, against terra 1.9 and by hand."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, ColumnError

PLANE = "EPSG:3035"


def cross(**options):
    atts = {"name": ["A", "B"], "cost": [1.0, 5.0]}
    return pt.netw(
        pt.vect(["LINESTRING (0 0, 10 10)", "LINESTRING (0 10, 10 0)"], crs=PLANE, atts=atts), **options
    )


def of(*texts, crs=PLANE, **options):
    return pt.netw(pt.vect(list(texts), crs=crs), **options)


def edges(net):
    return net.net_edges().geom(wkt=True)


def places(net):
    return net.net_nodes().crds().tolist()


def test_lines_that_cross_are_cut_as_in_terra():
    # terra 1.9-45: netw(r); it counts from 1
    net = cross()
    assert edges(net) == [
        "LINESTRING (0 0, 5 5)", "LINESTRING (0 10, 5 5)", "LINESTRING (5 5, 10 10)", "LINESTRING (5 5, 10 0)",
    ]  # fmt: skip
    assert places(net) == [[0, 0], [5, 5], [0, 10], [10, 10], [10, 0]]
    assert net.net_nodes().values().to_dict("list") == {"degree": [1, 4, 1, 1, 1]}
    table = net.net_edges().values()
    assert list(table.columns) == ["from_node", "to_node", "source_id", "length", "weight", "name", "cost"]
    assert table[["from_node", "to_node", "source_id"]].to_numpy().tolist() == [
        [0, 1, 0], [2, 1, 1], [1, 3, 0], [1, 4, 1],
    ]  # fmt: skip
    np.testing.assert_allclose(table["length"], np.sqrt(50))
    assert table["name"].tolist() == ["A", "B", "A", "B"]
    assert (net.net_nnodes, net.net_nedges, net.net_directed()) == (5, 4, False)
    assert net.ext == pt.ext(0, 10, 0, 10)
    assert net.crs.to_epsg() == 3035


def test_a_directed_network_tells_what_leads_where_as_in_terra():
    # terra 1.9-45: net_nodes(netw(r, directed = TRUE))
    nodes = cross(directed=True).net_nodes().values()
    assert nodes.to_dict("list") == {
        "degree": [1, 4, 1, 1, 1], "in_degree": [0, 2, 0, 1, 1], "out_degree": [1, 2, 1, 0, 0],
    }  # fmt: skip


BRANCHED = (
    "LINESTRING (0 0, 1 0)",
    "LINESTRING (1 0, 2 1)",
    "LINESTRING (2 1, 3 1)",
    "LINESTRING (2 1, 2 2)",
)


def test_edges_are_merged_between_junctions_as_in_terra():
    # terra 1.9-45: netw(s), netw(s, merge = FALSE)
    assert edges(of(*BRANCHED)) == [
        "LINESTRING (0 0, 1 0, 2 1)",
        "LINESTRING (2 1, 3 1)",
        "LINESTRING (2 1, 2 2)",
    ]
    assert edges(of(*BRANCHED, merge=False)) == list(BRANCHED)
    assert places(of(*BRANCHED)) == [[0, 0], [2, 1], [3, 1], [2, 2]]
    ring = of("LINESTRING (0 0, 1 0, 1 1, 0 0)")
    assert (ring.net_nnodes, ring.net_nodes()["degree"].tolist()) == (1, [2])


def test_directions_are_those_of_the_lines():
    # terra merges these two against their directions, and loses one of lines that go both ways
    apart = of("LINESTRING (1 0, 0 0)", "LINESTRING (1 0, 2 0)", directed=True)
    assert sorted(edges(apart)) == ["LINESTRING (1 0, 0 0)", "LINESTRING (1 0, 2 0)"]
    along = of("LINESTRING (1 0, 0 0)", "LINESTRING (2 0, 1 0)", directed=True)
    assert edges(along) == ["LINESTRING (2 0, 1 0, 0 0)"]
    both = of("LINESTRING (0 0, 2 0)", "LINESTRING (2 0, 0 0)", directed=True)
    assert sorted(edges(both)) == ["LINESTRING (0 0, 2 0)", "LINESTRING (2 0, 0 0)"]
    assert both.net_edges().values().sort_values("from_node")["source_id"].tolist() == [0, 1]
    assert of("LINESTRING (0 0, 2 0)", "LINESTRING (2 0, 0 0)").net_nedges == 1


def test_ends_that_are_near_are_snapped():
    # terra 1.9-45: netw(v, snap = .1), netw(v)
    texts = ("LINESTRING (0 0, 1 0)", "LINESTRING (1.05 0, 2 0)")
    assert of(*texts, snap=0.1).net_edges()["length"].tolist() == [2]
    assert of(*texts).net_nnodes == 4


def test_lengths_are_metres_as_in_terra():
    # terra 1.9-45: net_edges(netw(v))
    assert of("LINESTRING (0 0, 1 0)", crs="EPSG:4326").net_weights[0] == pytest.approx(111319.5, abs=0.05)


def test_weights_come_from_lengths_attributes_or_numbers():
    # terra 1.9-45: netw(r, weights = "cost"), weights = c(1, 2, 3, 4), weights = FALSE
    assert cross(weights="cost").net_weights.tolist() == [1, 5, 1, 5]
    assert cross(weights=[1, 2, 3, 4]).net_edges()["weight"].tolist() == [1, 2, 3, 4]
    assert cross(weights=False).net_weights is None
    assert "weight" not in cross(weights=False).net_edges().names
    net = cross()
    net.net_weights = net.net_weights * 2
    np.testing.assert_allclose(net.net_weights, 2 * np.sqrt(50))
    net.net_weights = None
    assert net.net_weights is None


def test_attributes_do_not_hide_those_of_edges():
    v = pt.vect("LINESTRING (0 0, 3 4)", crs=PLANE, atts={"length": ["long"]})
    assert pt.netw(v).net_edges().values().to_dict("list") == {
        "from_node": [0], "to_node": [1], "source_id": [0], "length": [5], "weight": [5], "length_1": ["long"],
    }  # fmt: skip


def test_parts_of_lines_are_lines():
    # terra 1.9-45: netw(v)
    net = of("MULTILINESTRING ((0 0, 1 0), (1 0, 2 0), (3 3, 4 4))")
    assert edges(net) == ["LINESTRING (0 0, 1 0, 2 0)", "LINESTRING (3 3, 4 4)"]


def test_nothing_makes_an_empty_network():
    net = pt.netw(pt.vect("LINESTRING (0 0, 1 1)", crs=PLANE)[[]])
    assert (net.net_nnodes, net.net_nedges, len(net.net_nodes()), len(net.net_edges())) == (0, 0, 0, 0)


def test_a_network_says_what_it_is():
    # terra 1.9-45: the same lines
    assert repr(cross(directed=True, weights=False)).splitlines()[1:3] == [
        "type        : directed, unweighted", "dimensions  : 5, 4  (nodes, edges)",
    ]  # fmt: skip
    assert repr(cross()).splitlines()[-2:] == ["names       :  name  cost", "type        : <chr> <num>"]


def test_what_is_refused():
    with pytest.raises(ArgumentError, match="netw: geometries must be lines, got points"):
        pt.netw(pt.vect([[0, 0]]))
    with pytest.raises(ArgumentError, match="netw: snap must be 0 or more"):
        cross(snap=-1)
    with pytest.raises(ArgumentError, match=r"netw: weights must be one for each edge \(4\), got 2"):
        cross(weights=[1, 2])
    with pytest.raises(ArgumentError, match="netw: 'name' must hold numbers"):
        cross(weights="name")
    with pytest.raises(ColumnError, match="netw: no attribute 'zz'"):
        cross(weights="zz")
    with pytest.raises(ArgumentError, match=r"net_weights: weights must be 0 or more, got -1.0 for edge 1"):
        cross().net_weights = [1, -1, 0, 1]
