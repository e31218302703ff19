"""Networks to files and back."""

import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, OutputExistsError, SourceError


def cross(**options):
    v = pt.vect(
        ["LINESTRING (0 0, 2 2)", "LINESTRING (0 2, 2 0)"], crs="EPSG:3035", atts={"name": ["A", "B"]}
    )
    return pt.netw(v, **options)


@pytest.mark.parametrize("options", [{}, {"directed": True}, {"weights": False}, {"weights": [4, 3, 2, 1]}])
def test_a_file_gives_back_what_was_written(tmp_path, options):
    net, path = cross(**options), tmp_path / "roads.gpkg"
    net.write_network(path)
    back = pt.netw(path)
    assert repr(back) == repr(net)
    for layer in ("net_nodes", "net_edges"):
        given, found = getattr(net, layer)(), getattr(back, layer)()
        assert found.geom(wkt=True) == given.geom(wkt=True)
        assert found.values().to_dict("list") == given.values().to_dict("list")
    assert back.shortest_path(0, 4)["distance"].tolist() == net.shortest_path(0, 4)["distance"].tolist()
    assert pt.vector_layers(path) == ["nodes", "edges"]


def test_a_file_stays_unless_it_may_be_replaced(tmp_path):
    path = tmp_path / "roads.gpkg"
    cross().write_network(path)
    with pytest.raises(OutputExistsError):
        cross(weights=False).write_network(path)
    assert pt.netw(path).net_weights is not None
    cross(weights=False).write_network(path, overwrite=True)
    assert pt.netw(path).net_weights is None
    assert [p.name for p in tmp_path.iterdir()] == ["roads.gpkg"]


def test_what_is_no_network_is_refused(tmp_path):
    with pytest.raises(ArgumentError, match=r"write_network: path must end in \.gpkg"):
        cross().write_network(tmp_path / "roads.shp")
    with pytest.raises(ArgumentError, match="the network must have edges"):
        pt.netw(pt.vect("LINESTRING (0 0, 1 1)", crs="EPSG:3035")[[]]).write_network(tmp_path / "roads.gpkg")
    path = tmp_path / "other.gpkg"
    cross().net_edges().write_vector(path)
    with pytest.raises(SourceError, match="must have the layers nodes and edges"):
        pt.netw(path)
    with pytest.raises(SourceError):
        pt.netw(tmp_path / "none.gpkg")


def test_edges_must_lead_to_nodes(tmp_path):
    path = tmp_path / "roads.gpkg"
    cross().net_nodes()[[0, 1]].write_vector(path, layer="nodes")
    cross().net_edges().write_vector(path, layer="edges", insert=True)
    with pytest.raises(SourceError, match="edges must lead to nodes from 0 to 1, got 4"):
        pt.netw(path)
    lines = cross().net_edges()[["from_node", "length"]]
    lines.write_vector(path, layer="edges", insert=True, overwrite=True)
    with pytest.raises(SourceError, match="it lacks to_node, source_id"):
        pt.netw(path)
