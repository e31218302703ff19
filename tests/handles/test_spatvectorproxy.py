"""The handle of proxies: it travels, and its verbs are functions too."""

import pickle

import pyterra as pt


def test_a_proxy_travels(tmp_path):
    path = tmp_path / "a.gpkg"
    pt.vect([[1, 2], [3, 4]], crs="EPSG:3035", atts={"k": [7, 8]}).write_vector(path)
    proxy = pickle.loads(pickle.dumps(pt.vect(path, proxy=True)))
    assert pt.query(proxy, 1)["k"].tolist() == [8]
    assert pt.names(proxy) == ["k"]
    assert pt.ext(proxy) == pt.ext(1, 3, 2, 4)
