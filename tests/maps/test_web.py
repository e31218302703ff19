"""The map as a page: what is put on it later, and how it is kept."""

import html
import re

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, OutputExistsError

pytest.importorskip("matplotlib")


@pytest.fixture
def page():
    return pt.rast([[1.0, 2.0]], extent=(5, 7, 49, 50), crs="EPSG:4326", names="a").plet()


def test_points_lines_and_polygons_are_added(page):
    v = pt.vect(pt.ext(5, 6, 49, 50), crs="EPSG:4326", atts={"k": ["x"]})
    more = page.polys(v, "k", name="area").lines(v, col="red").points(v, cex=2).points(pt.ext(5, 6, 49, 50))
    assert page.names == ["a"]
    assert more.names == ["a", "area", "lines", "points", "points (2)"]
    assert [one.kind for one in more.layers[1:]] == ["polygons", "lines", "points", "points"]
    assert more.layers[2].colors == ["red"]
    assert more.layers[1].table == (("k", ("x",)),)
    assert more.layers[1].told.shape == "area"


def test_cells_and_extents_are_shapes_too(page):
    r = pt.rast([[1.0, np.nan]], extent=(5, 7, 49, 50), crs="EPSG:4326")
    more = page.polys(r).lines(r).points(r)
    assert [len(one.geoms) for one in more.layers[1:]] == [1, 1, 1]
    assert list(more.layers[1].extent) == [5, 6, 49, 50]


def test_points_have_no_outlines(page):
    with pytest.raises(ArgumentError, match="lines: must be lines or polygons, got points"):
        page.lines(pt.vect([[1, 2]]))


def test_a_page_is_kept_whole_or_not_at_all(page, tmp_path):
    where = tmp_path / "map.html"
    page.save(where)
    assert "WebMap" not in where.read_text("utf-8")
    assert where.read_text("utf-8").startswith("<!DOCTYPE html>")
    with pytest.raises(OutputExistsError):
        page.save(where)
    page.save(where, overwrite=True)
    with pytest.raises(ArgumentError, match=r"must end in \.html, got 'map.png'"):
        page.save(tmp_path / "map.png")
    assert [p.name for p in tmp_path.iterdir()] == ["map.html"]


def test_a_notebook_shows_the_page(page):
    held = re.search(r'srcdoc="([^"]+)"', page._repr_html_())[1]
    assert html.unescape(held).lstrip().startswith("<!DOCTYPE html>")
