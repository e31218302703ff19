"""plet: what stands where on the page."""

import base64
import io

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError
from pyterra.io.array import ArraySource

plt = pytest.importorskip("matplotlib.pyplot")


def picture(layer):
    """Colours of a layer as bytes, shape (row, col, 4)."""
    data = base64.b64decode(layer["image"].partition(",")[2])
    return (plt.imread(io.BytesIO(data)) * 255).round().astype(int)


@pytest.fixture
def r():
    values = np.array([[[0.0, 10.0], [np.nan, 5.0]], [[1.0, 1.0], [1.0, 2.0]]])
    return pt.rast(values, extent=(5, 7, -1, 1), crs="EPSG:4326", names=["a", "b"])


class TestRasters:
    def test_cells_stand_where_they_are_with_their_colours(self, r):
        layer = r.plet(0, cmap=["#ff0000", "#0000ff"]).layers[0]
        image = picture(layer)
        assert image[0, 0].tolist() == [255, 0, 0, 255]
        assert image[0, -1].tolist() == [0, 0, 255, 255]
        assert image[-1, 0, 3] == 0
        (south, west), (north, east) = layer["bounds"]
        assert np.allclose([west, east, south, north], [5, 7, -1, 1], atol=0.02)

    def test_the_first_layer_is_shown_and_the_others_can_be(self, r):
        page = r.plet(main=["metres", "feet"])
        assert [(one["name"], one["shown"]) for one in page.layers] == [("a", True), ("b", False)]
        assert ["metres" in one["legend"] for one in page.layers] == [True, False]
        assert "feet" in page.layers[1]["legend"]
        assert r.plet(legend=None).layers[0]["legend"] == ""

    def test_one_range_may_be_shared(self, r):
        own, shared = (r.plet(shared=s).layers[1]["legend"] for s in (False, True))
        assert ">10<" in shared
        assert ">10<" not in own

    def test_classes_have_their_labels(self):
        r = pt.rast(np.array([[1, 2]], "uint8"), extent=(5, 7, 49, 50), crs="EPSG:4326")
        r.levels = {1: "water", 2: "forest"}
        assert "water" in r.plet().layers[0]["legend"]

    def test_other_systems_go_to_web_mercator(self):
        r = pt.rast(np.ones((4, 4)), extent=(4e6, 4.1e6, 3e6, 3.1e6), crs="EPSG:3035")
        e = r.project("EPSG:4326").ext
        (south, west), (north, east) = r.plet().layers[0]["bounds"]
        assert np.allclose([west, east, south, north], list(e), atol=0.35)

    def test_the_poles_are_left_out(self):
        world = pt.rast(np.ones((18, 36)), extent=(-180, 180, -90, 90), crs="EPSG:4326")
        (south, _), (north, _) = world.plet().layers[0]["bounds"]
        assert -86 < south < -79
        assert 79 < north < 86

    def test_layers_of_colours_are_one_picture(self):
        r = pt.rast(
            np.array([[[255, 0]], [[0, 255]], [[0, 0]]], "uint8"), extent=(5, 7, -1, 1), crs="EPSG:4326"
        )
        r.rgb = [0, 1, 2]
        (layer,) = r.plet().layers
        assert picture(layer)[0, 0].tolist() == [255, 0, 0, 255]
        assert picture(layer)[0, -1].tolist() == [0, 255, 0, 255]

    def test_few_cells_are_read_of_many(self, monkeypatch):
        large = pt.rast(np.zeros((1, 2000, 2000), "uint8"), extent=(5, 7, -1, 1), crs="EPSG:4326")
        cells, plain = [], ArraySource.read_reduced

        def counted(self, bands, window, shape, dtype):
            cells.append(shape[0] * shape[1])
            return plain(self, bands, window, shape, dtype)

        monkeypatch.setattr(ArraySource, "read_reduced", counted)
        monkeypatch.setattr(ArraySource, "fetched", None)
        page = large.plet(maxcell=10_000)
        assert picture(page.layers[0]).shape[0] <= 110
        assert 0 < sum(cells) <= 40_000

    def test_a_place_is_needed(self):
        with pytest.raises(ArgumentError, match="x must have a CRS, got none"):
            pt.rast([[1.0]]).plet()
        with pytest.raises(ArgumentError, match="legend"):
            pt.rast([[1.0]], crs="EPSG:4326").plet(legend="right")


class TestVectors:
    @pytest.fixture
    def v(self):
        return pt.vect(
            [[6, 50], [7, 51], [8, 52]], crs="EPSG:4326", atts={"n": [1.0, 2.0, np.nan], "k": ["u", "v", "u"]}
        )

    def test_colours_follow_an_attribute(self, v):
        layer = v.plet("k", colors={"u": "#ff0000", "v": "#0000ff"}).layers[0]
        colors = [layer["styles"][f["properties"]["s"]]["fillColor"] for f in layer["geojson"]["features"]]
        assert colors == ["#ff0000", "#0000ff", "#ff0000"]
        assert layer["geojson"]["features"][1]["geometry"] == {"type": "Point", "coordinates": [7.0, 51.0]}

    def test_missing_values_are_grey(self, v):
        layer = v.plet("n").layers[0]
        last = layer["geojson"]["features"][2]["properties"]["s"]
        assert layer["styles"][last]["fillColor"] == "#d9d9d6"

    def test_popups_have_the_attributes_and_labels_one(self, v):
        first = v.plet("k", label=True).layers[0]["geojson"]["features"][0]["properties"]
        assert first["p"] == "<table><tr><th>n</th><td>1</td></tr><tr><th>k</th><td>u</td></tr></table>"
        assert first["t"] == "u"
        assert set(v.plet(popup=False).layers[0]["geojson"]["features"][0]["properties"]) == {"s"}

    def test_coordinates_are_degrees(self, v):
        layer = v.project("EPSG:3035").plet().layers[0]
        assert np.allclose(layer["geojson"]["features"][0]["geometry"]["coordinates"], [6, 50])

    def test_a_map_takes_more(self, r, v):
        page = v.plet(map=r.plet(0), name="wells", tiles="Streets")
        assert [one["name"] for one in page.layers] == ["a", "wells"]
        assert list(page.extent) == pytest.approx([5, 8, -1, 52], abs=0.02)
        assert [one["name"] for one in page.tiles] == ["Streets"]


def test_collections_have_a_layer_each(r):
    s = pt.svc(p=pt.vect([[6, 50]], crs="EPSG:4326"), q=pt.vect(pt.ext(0, 1, 0, 1), crs="EPSG:4326"))
    assert [one["styles"][0]["fillColor"] for one in s.plet(col=["red", "blue"]).layers] == [
        "#ff0000",
        "#0000ff",
    ]
    page = pt.sprc(r, r.shift(2)).plet()
    assert [(one["name"], one["shown"]) for one in page.layers] == [("a", True), ("a (2)", True)]
