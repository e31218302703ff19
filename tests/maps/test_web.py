"""The page: what it holds, and that it needs nothing else."""

import base64
import json
import re

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError
from pyterra.grid.extent import Extent

pytest.importorskip("matplotlib")
from pyterra.maps import web
from pyterra.maps.colors import Style, ramp, text_classes


def held(page):
    """What the page says to its script."""
    found = re.search(r"<script id='data' type='application/json'>(.*?)</script>", page.html(), re.DOTALL)
    return json.loads(found[1])


@pytest.fixture
def page():
    return pt.rast([[1.0, 2.0]], extent=(5, 7, 49, 50), crs="EPSG:4326", names="a").plet()


def test_a_page_asks_for_nothing_from_elsewhere(page):
    text = page.html()
    # the links of the credits are followed by people only
    loaded = re.findall(r"(?:src|href)=['\"]([^'\"]+)|url\(([^)]+)\)", text)
    asked = {a or b for a, b in loaded}
    assert {one for one in asked if not one.startswith(("data:", "#", "https://leafletjs.com"))} <= {"none"}
    assert "sourceMappingURL" not in text
    assert "Leaflet 1.9.4" in text


def test_it_is_saved_and_shown_in_notebooks(page, tmp_path):
    page.save(tmp_path / "map.html")
    assert (tmp_path / "map.html").read_text("utf-8") == page.html()
    assert page._repr_html_().startswith('<iframe srcdoc="&lt;!DOCTYPE html&gt;')
    with pytest.raises(ArgumentError, match=r"path must end in .html, got 'map.png'"):
        page.save(tmp_path / "map.png")


def test_names_and_values_are_text_not_code():
    evil = "</script><img src=x onerror=alert(1)>"
    v = pt.vect([[6, 50]], crs="EPSG:4326", atts={evil: [evil]})
    text = v.plet(evil, label=True, main=evil).html()
    assert "<img src=x" not in text
    layer = held(v.plet(evil, label=True))["layers"][0]
    assert "<img" not in json.dumps(layer)
    assert "&lt;img" in layer["name"]


def test_layers_of_one_name_can_be_told_apart():
    page = web.WebMap()
    for _ in range(3):
        page = page.with_layer({"name": "a"}, Extent(0, 1, 0, 1))
    assert [layer["name"] for layer in page.layers] == ["a", "a (2)", "a (3)"]


def test_the_extent_holds_all_layers():
    page = (
        web.WebMap()
        .with_layer({"name": "a"}, Extent(0, 1, 2, 3))
        .with_layer({"name": "b"}, Extent(5, 6, 2, 9))
    )
    assert held(page)["bounds"] == [[2, 0], [9, 6]]


def test_backgrounds_are_names_or_addresses():
    assert [one["name"] for one in web.backgrounds(["Streets", "https://x.org/{z}/{x}/{y}"])] == [
        "Streets",
        "background",
    ]
    assert web.backgrounds(None) == ()
    with pytest.raises(ArgumentError, match="did you mean 'Streets'"):
        web.backgrounds("Street")


def test_pictures_are_png():
    uri = web.data_uri(web.png(np.zeros((2, 3, 4), np.uint8)))
    head, _, data = uri.partition(",")
    assert head == "data:image/png;base64"
    assert base64.b64decode(data)[:8] == b"\x89PNG\r\n\x1a\n"


class TestLegends:
    def test_classes_have_a_swatch_each(self):
        told = web.legend(text_classes(np.array(["a", "b & c"]), ["#ff0000", "#0000ff"]), "kind")
        assert re.findall(r"background:(#\w+)'></span>([^<]*)", told) == [
            ("#ff0000", "a"),
            ("#0000ff", "b &amp; c"),
        ]

    def test_numbers_stand_along_the_bar(self):
        told = web.legend(ramp(np.array([0.0, 10.0]), Style(), "continuous"), "m")
        assert re.findall(r"bottom:([\d.]+)%'>(\d+)", told) == [
            (f"{10.0 * t:.1f}", str(t)) for t in range(0, 11, 2)
        ]

    def test_intervals_have_one_colour_each(self):
        style = Style("interval", ["#000000", "#ffffff"], breaks=[0, 1, 5])
        told = web.legend(ramp(np.array([0.0, 5.0]), style, "interval"), "")
        assert "#000000 0.00%,#000000 50.00%,#ffffff 50.00%,#ffffff 100.00%" in told
