"""What bokeh is told."""

import re
import sys

import numpy as np
import pytest

import pyterra as pt
from pyterra.maps import glyphs
from pyterra.maps.canvas import Coordinates

pytest.importorskip("matplotlib")
models = pytest.importorskip("bokeh.models", reason="bokeh makes the pages")


def drawn(page):
    """The figure; what its glyphs are told, by kind."""
    found = glyphs.laid_out(page)
    figure = found if hasattr(found, "renderers") else found.children[0]
    return figure, {type(one.glyph).__name__: one.data_source.data for one in figure.renderers}


class TestCells:
    def test_rows_are_counted_from_the_south(self):
        r = pt.rast([[1.0, 2.0], [3.0, np.nan]], extent=(5, 7, 49, 51))
        figure, data = drawn(r.plet(cmap=["#ff0000", "#0000ff"]))
        (image,) = data["ImageRGBA"]["image"]
        assert image.view(np.uint8).reshape(2, 2, 4)[1, 0].tolist() == [255, 0, 0, 255]
        assert np.array_equal(data["ImageRGBA"]["value"][0], [[3, np.nan], [1, 2]], equal_nan=True)
        assert [data["ImageRGBA"][k][0] for k in ("x", "y", "dw", "dh")] == [5, 49, 2, 2]
        assert (figure.x_range.start, figure.x_range.end) == (5, 7)

    def test_the_mouse_shows_values_and_labels(self):
        r = pt.rast(np.array([[1, 2]], "uint8"), names="cover")
        r.levels = {1: "water", 2: "forest"}
        (hover,) = drawn(r.plet())[0].select(models.HoverTool)
        assert hover.formatters["@value"].args == {"labels": [[1.0, "water"], [2.0, "forest"]]}
        assert not drawn(r.plet(hover=False))[0].select(models.HoverTool)


class TestPanels:
    def test_they_show_the_same_part_and_all_geometries(self):
        r = pt.rast(np.arange(12.0).reshape(3, 2, 2), names=["a", "b", "c"])
        page = r.plet(panel=True).lines(pt.vect("LINESTRING (0 0, 2 2)"))
        figures = [one for one, _, _ in glyphs.laid_out(page).children]
        assert [one.title.text for one in figures] == ["a", "b", "c"]
        assert len({one.x_range.id for one in figures}) == len({one.y_range.id for one in figures}) == 1
        assert [[type(drawn.glyph).__name__ for drawn in one.renderers] for one in figures] == [
            ["ImageRGBA", "MultiLine"]
        ] * 3
        assert len(figures[0].select(models.ColorBar)) == 1
        assert glyphs.page_height(page) > glyphs.page_height(r.plet())

    def test_one_layer_is_one_map(self):
        page = pt.rast([[1.0]]).plet(panel=True)
        assert not hasattr(glyphs.laid_out(page), "children")
        assert glyphs.page_height(page) == 560 + glyphs.BESIDE


def test_a_map_that_goes_on_has_copies_that_share_their_data():
    r = pt.rast(np.ones((2, 4)), extent=(-180, 180, -90, 90), crs="EPSG:4326")
    figure, _ = drawn(r.plet(wrap=True))
    plain, *copies = figure.renderers
    assert [one.x_range_name for one in copies] == ["west", "east"]
    assert {one.data_source.id for one in copies} == {plain.data_source.id}
    assert [figure.extra_x_ranges[name].start for name in ("west", "east")] == [180, -540]
    (hover,) = figure.select(models.HoverTool)
    assert hover.renderers == figure.renderers
    assert len(drawn(r.plet())[0].renderers) == 1


class TestShapes:
    def test_polygons_keep_parts_and_holes(self):
        rings = "((0 0,4 0,4 4,0 4,0 0),(1 1,2 1,2 2,1 2,1 1))"
        data = drawn(pt.vect(f"MULTIPOLYGON ({rings},((5 5,6 5,6 6,5 5)))").plet())[1]["MultiPolygons"]
        assert [[len(ring) for ring in part] for part in data["xs"][0]] == [[5, 5], [4]]

    def test_lines_break_between_parts(self):
        data = drawn(pt.vect("MULTILINESTRING ((0 0,1 1),(2 2,3 3))").plet())[1]["MultiLine"]
        assert np.array_equal(data["xs"][0], [0, 1, np.nan, 2, 3], equal_nan=True)

    def test_outlines_of_polygons_are_lines(self):
        page = pt.rast([[1.0]]).plet().lines(pt.vect(pt.ext(0, 1, 0, 1)))
        assert len(drawn(page)[1]["MultiLine"]["xs"][0]) == 5

    def test_points_of_one_geometry_have_one_attribute(self):
        v = pt.vect(["MULTIPOINT (0 0, 1 1)", "POINT (2 2)"], atts={"k": ["a", "b"]})
        data = drawn(v.plet())[1]["Scatter"]
        assert data["a0"] == ["a", "a", "b"]
        assert data["x"].tolist() == [0, 1, 2]

    def test_empty_geometries_take_no_place(self):
        data = drawn(pt.vect(["POLYGON EMPTY", "POLYGON ((0 0,1 0,1 1,0 0))"]).plet())[1]["MultiPolygons"]
        assert [len(parts) for parts in data["xs"]] == [0, 1]


class TestLegends:
    def test_scales_are_bars_and_classes_boxes(self):
        v = pt.vect([[0, 0], [1, 1]], atts={"k": ["a", "b"], "n": [0.5, 1.5]})
        (boxes,) = drawn(v.plet("k"))[0].select(models.Legend)
        assert [item.label.value for item in boxes.items] == ["a", "b"]
        (bar,) = drawn(v.plet("n", main="metres"))[0].select(models.ColorBar)
        assert (bar.title, bar.color_mapper.low, bar.color_mapper.high) == ("metres", 0.5, 1.5)
        assert not drawn(v.plet("n", legend=False))[0].select(models.ColorBar)

    def test_bars_can_be_turned_and_say_where_colours_stand_for_more(self):
        look = {"range": (2, 8), "fill_range": True}
        plain, turned = (
            drawn(pt.rast([[1.0, 9.0]]).plet(**look, reverse=turn))[0].select(models.ColorBar)[0]
            for turn in (False, True)
        )
        ends = plain.major_label_overrides
        assert (ends[2.0], ends[8.0]) == ("< 2", "> 8")
        assert (turned.major_label_overrides[8.0], turned.major_label_overrides[2.0]) == ("< 2", "> 8")
        assert turned.color_mapper.palette == plain.color_mapper.palette[::-1]
        assert turned.ticker.ticks == sorted(turned.ticker.ticks)

    def test_intervals_have_one_colour_each(self):
        (bar,) = drawn(pt.rast([[1.0, 9.0]]).plet(breaks=[0, 2, 10]))[0].select(models.ColorBar)
        assert (len(bar.color_mapper.palette), bar.major_label_overrides) == (2, {0: "0", 1: "2", 2: "10"})

    @pytest.mark.parametrize(
        ("place", "panel", "location"),
        [("right", "right", None), ("bottom", "below", None), ("topleft", "center", "top_left")],
    )
    def test_they_stand_where_they_are_told(self, place, panel, location):
        figure, _ = drawn(pt.rast([[1.0, 2.0]]).plet(legend=place))
        (bar,) = figure.select(models.ColorBar)
        assert bar in getattr(figure, panel)
        assert location is None or bar.location == location


def test_several_layers_have_boxes_to_show_and_hide_them():
    r = pt.rast([[[1.0, 2.0]], [[3.0, 4.0]]], names=["a", "b"])
    found = glyphs.laid_out(r.plet())
    (boxes,) = found.select({"type": models.CheckboxGroup})
    assert (boxes.labels, boxes.active) == (["a", "b"], [0])
    assert {bar.title: bar.visible for bar in found.select({"type": models.ColorBar})} == {
        "a": True,
        "b": False,
    }


def test_lengths_are_alike_both_ways():
    assert glyphs.frame_size(pt.ext(0, 2, 0, 1), Coordinates()) == (780, 390)
    width, height = glyphs.frame_size(pt.ext(0, 1, 59.5, 60.5), Coordinates(True))
    assert height == pytest.approx(2 * width, abs=1)
    assert (width, height)[1] <= glyphs.HIGHEST


def test_a_page_asks_for_nothing_from_elsewhere_and_shows_texts_as_they_are():
    name = "</script><script>alert(1)</script>"
    text = glyphs.page(pt.vect([[6, 50]], atts={"k": [name]}).plet("k"))
    assert name not in text
    assert not re.findall(r"<(?:script|link|img)[^>]+(?:src|href)=", text)


def test_without_bokeh_it_is_told_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "bokeh", None)
    with pytest.raises(ImportError, match=r"pip install 'pyterra-geo\[web\]'"):
        pt.rast([[1.0]]).plet().html()


def test_the_list_of_layers_may_be_closed_until_it_is_asked_for():
    r = pt.rast(np.arange(8.0).reshape(2, 2, 2), names=["a", "b"])
    found = glyphs.laid_out(r.plet(collapse=True))
    (boxes,) = found.select({"type": models.CheckboxGroup})
    (opener,) = found.select({"type": models.Toggle})
    assert (boxes.visible, opener.active) == (False, False)
    assert "active" in str(opener.js_property_callbacks)
    assert not list(glyphs.laid_out(r.plet()).select({"type": models.Toggle}))
