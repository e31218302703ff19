"""Pictures of networks: what is drawn, read back from the axes."""

import numpy as np

import pyterra as pt


def net():
    return pt.netw(pt.vect(["LINESTRING (0 0, 2 2)", "LINESTRING (0 2, 2 0)"], crs="EPSG:3035"))


def test_nodes_are_drawn_over_edges():
    ax = net().plot(col="green", node_col="red")
    drawn = ax.collections[-1]
    assert sorted(drawn.get_offsets().tolist()) == [[0, 0], [0, 2], [1, 1], [2, 0], [2, 2]]
    assert np.allclose(drawn.get_facecolor()[0], [1, 0, 0, 1])


def test_edges_may_stand_alone():
    ax = net().plot(nodes=False, main="Roads", lwd=3)
    assert len(ax.collections) + 1 == len(net().plot(main="Roads", lwd=3).collections)
    assert ax.get_title() == "Roads"
