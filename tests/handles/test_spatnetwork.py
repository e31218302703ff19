"""The handle of networks: weights change in place, results are copies, and it travels."""

import pickle

import pyterra as pt


def cross():
    return pt.netw(pt.vect(["LINESTRING (0 0, 2 2)", "LINESTRING (0 2, 2 0)"], crs="EPSG:3035"))


def test_weights_are_handed_out_as_a_copy():
    net = cross()
    net.net_weights[:] = 0
    assert (net.net_weights > 0).all()


def test_a_network_travels_and_is_no_other():
    net = cross()
    there = pickle.loads(pickle.dumps(net))
    there.net_weights = [1, 2, 3, 4]
    assert there.net_edges()["weight"].tolist() == [1, 2, 3, 4]
    assert net.net_edges()["weight"].tolist() != [1, 2, 3, 4]
    assert repr(there) == repr(net)


def test_verbs_are_functions_too():
    net = cross()
    assert pt.net_nnodes(net) == 5
    assert pt.shortest_path(net, 0, 1)["distance"].tolist() == net.shortest_path(0, 1)["distance"].tolist()
    assert pt.netw(net) is net
