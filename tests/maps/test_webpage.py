"""What the scripts of a page are told."""

import base64
import json
import re
import zlib

import numpy as np
import pytest

import pyterra as pt
from pyterra.maps import webpage
from pyterra.maps.canvas import Coordinates

pytest.importorskip("matplotlib")


def told(page, **how):
    return webpage.described(page, **how)


def numbers(packed):
    return np.frombuffer(zlib.decompress(base64.b64decode(packed["data"])), packed["type"])


class TestCells:
    def test_values_labels_and_units_are_told(self):
        r = pt.rast(np.array([[1, 2], [2, 1]], "uint8"), extent=(5, 7, 49, 51), names="cover")
        r.levels = {1: "water", 2: "forest"}
        r.units = "class"
        (layer,) = told(r.plet())["layers"]
        assert (layer["labels"], layer["unit"]) == ([[1, "water"], [2, "forest"]], "class")
        assert numbers(layer["values"]).tolist() == [1, 2, 2, 1]
        assert (layer["extent"], layer["shape"], layer["time"]) == ([5, 7, 49, 51], [2, 2], None)
        assert told(r.plet(hover=False))["layers"][0]["values"] is None

    def test_tiles_are_told_where_the_map_is_served(self):
        r = pt.rast(np.ones((20, 30)))
        assert "tiles" not in told(r.plet(maxcell=6))["layers"][0]
        assert told(r.plet(maxcell=6), served=True)["layers"][0]["tiles"]["coarsest"] == 4
        assert told(r.plet(maxcell=6))["finest"] == 1

    def test_times_are_one_entry_with_a_slider(self):
        r = pt.rast(np.arange(6.0).reshape(3, 1, 2), names=["h_3", "h_1", "h_2"])
        r = r.set_time([2003, 2001, 2002], "years")
        page = r.plet(map=pt.rast([[9.0, 1.0]], names="base").plet())
        found = told(page)
        assert found["times"] == ["2001", "2002", "2003"]
        assert [(e["name"], e["layers"], e["shown"]) for e in found["entries"]] == [
            ("base", [0], True),
            ("h", [1, 2, 3], True),
        ]
        assert [layer["time"] for layer in found["layers"]] == [None, 2, 0, 1]
        assert len({json.dumps(layer["told"]["ticks"]) for layer in found["layers"][1:]}) == 1
        assert told(r.plet(panel=True))["times"] == []


class TestPanels:
    def test_each_raster_layer_has_a_map_and_all_geometries(self):
        r = pt.rast(np.arange(12.0).reshape(3, 2, 2), names=["a", "b", "c"])
        page = r.plet(panel=True).lines(pt.vect("LINESTRING (0 0, 2 2)"))
        assert told(page)["panels"] == [[0, 3], [1, 3], [2, 3]]
        assert told(pt.rast([[1.0]]).plet(panel=True))["panels"] is None
        assert webpage.page_height(page) == webpage.HIGHEST + webpage.AROUND


class TestShapes:
    def paths(self, layer):
        xy, lengths, owners = webpage.paths_of(layer)
        return xy.tolist(), lengths.tolist(), owners.tolist()

    def test_polygons_keep_parts_and_holes(self):
        rings = "((0 0,4 0,4 4,0 4,0 0),(1 1,2 1,2 2,1 2,1 1))"
        shapes = [
            "POLYGON EMPTY",
            f"MULTIPOLYGON ({rings},((5 5,6 5,6 6,5 5)))",
            "POLYGON ((0 0,1 0,1 1,0 0))",
        ]
        _, lengths, owners = self.paths(pt.vect(shapes).plet().layers[0])
        assert (lengths, owners) == ([5, 5, 4, 4], [1, 1, 1, 2])

    def test_lines_keep_parts_and_outlines_are_lines(self):
        (layer,) = pt.vect("MULTILINESTRING ((0 0,1 1),(2 2,3 3,4 4))").plet().layers
        assert self.paths(layer)[1:] == ([2, 3], [0, 0])
        page = pt.rast([[1.0]]).plet().lines(pt.vect(pt.ext(0, 1, 0, 1)))
        assert self.paths(page.layers[1])[1:] == ([5], [0])

    def test_points_of_one_geometry_are_one_path(self):
        v = pt.vect(["MULTIPOINT (0 0, 1 1)", "POINT (2 2)"], atts={"k": ["a", "b"]})
        (layer,) = told(v.plet(cex=2, lty="dashed"))["layers"]
        assert numbers(layer["lengths"]).tolist() == [2, 1]
        assert numbers(layer["xy"]).tolist() == [0, 0, 1, 1, 2, 2]
        assert (layer["table"], layer["radius"], layer["dash"]) == ([["k", ["a", "b"]]], 8, [4, 3])


class TestLegends:
    def legend(self, page):
        return told(page)["layers"][0]["told"]

    def test_scales_are_bars_and_classes_rows(self):
        v = pt.vect([[0, 0], [1, 1]], atts={"k": ["a", "b"], "n": [0.5, 1.5]})
        rows = self.legend(v.plet("k"))
        assert ([label for label, _ in rows["rows"]], rows["more"], rows["shape"]) == (["a", "b"], 0, "point")
        bar = self.legend(v.plet("n", main="metres"))
        assert bar["title"] == "metres"
        assert [text for _, text in bar["ticks"]] == ["0.6", "0.8", "1", "1.2", "1.4"]
        assert bar["ticks"][2][0] == 0.5
        assert self.legend(v.plet("n", legend=False)) is None

    def test_bars_can_be_turned_and_say_where_colours_stand_for_more(self):
        look = {"range": (2, 8), "fill_range": True}
        plain, turned = (
            self.legend(pt.rast([[1.0, 9.0]]).plet(**look, reverse=turn)) for turn in (False, True)
        )
        assert (plain["ticks"][0], plain["ticks"][-1]) == ([0, "< 2"], [1, "> 8"])
        assert [[1 - share, text] for share, text in plain["ticks"]] == turned["ticks"]
        assert turned["colors"] == plain["colors"][::-1]

    def test_intervals_are_rows(self):
        rows = self.legend(pt.rast([[1.0, 9.0]]).plet(breaks=[0, 2, 10]))["rows"]
        assert [label for label, _ in rows] == ["0 to 2", "2 to 10"]
        assert self.legend(pt.rast([[1.0, 9.0]]).plet(breaks=[0, 2, 10], reverse=True))["rows"] == rows[::-1]

    def test_of_many_classes_the_first_ones_are_told(self):
        r = pt.rast(np.arange(40.0).reshape(5, 8))
        found = self.legend(r.plet(type="classes"))
        assert (len(found["rows"]), found["more"]) == (30, 10)


def test_lengths_are_alike_both_ways():
    v = pt.vect([[0, 59.5], [1, 60.5]], crs="EPSG:4326")
    assert told(v.plet())["ratio"] == pytest.approx(2)
    extent, place = webpage.shown_extent(pt.rast([[1.0]]).plet())
    assert (list(extent), place) == ([0, 1, 0, 1], Coordinates())


def test_a_page_asks_for_nothing_from_elsewhere_and_shows_texts_as_they_are():
    name = "</script><script>alert(1)</script>"
    page = pt.vect([[6, 50]], atts={"k": [name], name: [1]}).plet("k", name=name)
    text = webpage.page(page)
    assert name not in text
    assert not re.findall(r"<(?:script|img)[^>]+src=", text)
    assert re.findall(r'<link[^>]+href="([^"]+)', text) == ["data:,"]
    assert "https://" not in text
    assert re.search(r"default-src 'none'; script-src 'sha256-[^']+'; [^\"]*img-src data:\"", text)
    assert "connect-src 'self'" in webpage.page(page, served=True)


@pytest.mark.parametrize("shape", [(1, 1), (3, 400)])
def test_nothing_at_all_has_a_page(shape):
    found = told(pt.rast(np.full(shape, np.nan)).plet())
    assert json.loads(json.dumps(found, allow_nan=False))["layers"][0]["shape"] == list(shape)
