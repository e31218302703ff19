"""explore: what lies on the map, and whether a browser is opened."""

import sys
import webbrowser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

import pyterra as pt
from pyterra.errors import ArgumentError
from pyterra.maps.webpage import entries_of

pytest.importorskip("matplotlib")


@pytest.fixture
def opened(monkeypatch):
    found = []
    monkeypatch.setattr(webbrowser, "open", found.append)
    return found


def test_rasters_vectors_and_extents_lie_on_one_map(opened):
    r = pt.rast([[1.0, 2.0]], extent=(5, 7, 49, 50), crs="EPSG:4326", names="a")
    v = pt.vect([[6, 49.5]], crs="EPSG:4326")
    with pt.explore(r, v, pt.ext(5, 6, 49, 50), r + 1, title="All", browser=False) as served:
        assert served.map.names == ["a", "points", "lines", "a (2)"]
        assert served.map.title == "All"
    with v.explore(r, browser=False) as served:
        assert served.map.names == ["points", "a"]
    assert not opened


def test_members_of_collections_are_layers_with_their_names(opened):
    r = pt.rast([[[1.0, 2.0]], [[3.0, 4.0]]], extent=(5, 7, 49, 50), crs="EPSG:4326", names=["a", "b"])
    v = pt.vect([[6, 49.5]], crs="EPSG:4326")
    months = r.copy()
    months.time = ["2001-01-01", "2001-02-01"]
    with pt.sds(rain=months, height=r[0]).explore(pt.svc(wells=v), browser=False) as served:
        assert [one["name"] for one in entries_of(served.map)] == ["rain", "height", "wells"]
        assert [one.shown for one in served.map.layers] == [True, True, False, True]
    with pt.sprc(west=r, east=r[1].shift(2)).explore(browser=False) as served:
        assert served.map.names == ["west a", "west b", "east"]
        assert [one.shown for one in served.map.layers] == [True, False, False]
    with pt.svc(wells=v, areas=pt.vect(pt.ext(5, 6, 49, 50), crs="EPSG:4326")).explore(
        r, browser=False
    ) as served:
        assert served.map.names == ["wells", "areas", "a", "b"]
    assert r.names == ["a", "b"]


@pytest.mark.parametrize(
    ("layer", "name", "expected"),
    [
        ("rain_1", "a: rain", "a: rain_1"),
        ("lyr.1", "rain", "rain lyr.1"),
        ("rain_1", "rain", "rain_1"),
        ("b", "a: rain", "a: rain b"),
    ],
)
def test_a_layer_says_of_which_member_it_is(layer, name, expected):
    r = pt.rast([[[1.0]], [[2.0]]], names=[layer, "z"])
    with pt.sds({name: r}).explore(browser=False) as served:
        assert served.map.names[0] == expected


def test_anything_else_is_refused():
    r = pt.rast([[1.0]])
    with pytest.raises(
        ArgumentError, match="must be rasters, vectors or extents, the first no extent, got list"
    ):
        r.explore([1, 2], browser=False)


def test_a_browser_is_opened_by_a_file_that_others_cannot_read(opened):
    with pt.rast([[1.0]]).explore(browser=True) as served:
        (address,) = opened
        page = Path(unquote(urlsplit(address).path))
        assert served.url in page.read_text()
        assert served.url not in address
        assert page.parent.stat().st_mode & 0o077 == 0
    assert not page.exists()


@pytest.mark.parametrize(("screen", "notebook", "expected"), [("", 0, 0), (":0", 0, 1), (":0", 1, 0)])
def test_a_browser_is_opened_where_there_is_a_screen(monkeypatch, opened, screen, notebook, expected):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("DISPLAY", screen)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setattr("pyterra.maps.explore.in_notebook", lambda: bool(notebook))
    pt.rast([[1.0]]).explore().close()
    assert len(opened) == expected
