"""What a raster looks like in a notebook."""

import base64

import pytest

import pyterra as pt
from pyterra.maps.pages import html


def test_a_page_has_the_facts_and_a_picture():
    pytest.importorskip("matplotlib")
    r = pt.rast([[1.0, 2.0]], names="a<b")
    page = html(r)
    assert "<th style='text-align:left'>" in page
    assert "a&lt;b" in page
    assert "a<b" not in page
    picture = page.split("base64,")[1].split("'")[0]
    assert base64.b64decode(picture).startswith(b"\x89PNG")


def test_a_raster_without_values_has_no_picture():
    assert "<img" not in html(pt.rast(nrows=1, ncols=1))
