"""The scripts of a page, in a real browser: what one sees, points at and presses."""

import io
import json

import numpy as np
import pytest
from browser import Browser, program

import pyterra as pt

pytest.importorskip("matplotlib")
pytestmark = pytest.mark.skipif(program() is None, reason="Chromium is not installed")

NAME = "<script>document.title = 'taken'</script>"


@pytest.fixture(scope="module")
def browser():
    found = Browser()
    yield found
    found.close()


@pytest.fixture(scope="module")
def heights():
    """Three years of heights; cells of 0.05 degrees, some of them missing."""
    values = np.random.default_rng(5).uniform(0, 900, (3, 40, 60))
    values[:, :5, :5] = np.nan
    r = pt.rast(values, extent=(5, 8, 49, 51), crs="EPSG:4326", names=["height_1", "height_2", "height_3"])
    r.units = "m"
    return r.set_time([2001, 2002, 2003], "years")


@pytest.fixture(scope="module")
def cover():
    r = pt.rast(
        np.random.default_rng(6).integers(1, 4, (20, 30)).astype("uint8"),
        extent=(5, 8, 49, 51),
        crs="EPSG:4326",
    )
    r.levels = {1: "water", 2: "forest", 3: NAME}
    return r


@pytest.fixture(scope="module")
def areas():
    rings = "POLYGON ((6 49.5,7 49.5,7 50.5,6 50.5,6 49.5),(6.3 49.8,6.7 49.8,6.7 50.2,6.3 50.2,6.3 49.8))"
    return pt.vect(rings, crs="EPSG:4326", atts={"state": [NAME], "people": [12]})


@pytest.fixture(scope="module")
def saved(tmp_path_factory, heights, cover, areas):
    where = tmp_path_factory.mktemp("page") / "map.html"
    cover.plet(map=heights.plet()).polys(areas, col="red", name="areas").save(where)
    return where.as_uri()


@pytest.fixture
def page(browser, saved):
    browser.window(1000, 600)
    browser.open(saved)
    browser.settle()
    return browser


def pixel(browser, x, y):
    """Where a place of the first map lies in the window."""
    code = (
        "(() => { const f = page.frames[0], b = f.element.getBoundingClientRect();"
        f" const p = f.pixel({x}, {y}); return [b.left + p[0], b.top + p[1]] }})()"
    )
    return browser.run(code)


def shade(browser, x, y):
    """The colour of a place on the map."""
    browser.settle()
    code = (
        f"(() => {{ const f = page.frames[0], p = f.pixel({x}, {y});"
        " return [...f.canvas.getContext('2d').getImageData(p[0], p[1], 1, 1).data] })()"
    )
    return browser.run(code)


def read(browser, x, y):
    """What a click tells: {layer: value}, and the whole text."""
    browser.run("page.close()")
    browser.click(*pixel(browser, x, y))
    browser.wait("!document.getElementById('popup').hidden")
    rows = browser.run(
        "[...document.querySelectorAll('#popup [data-value]')].map(e => [e.dataset.layer, e.dataset.value])"
    )
    return {name: float(value) for name, value in rows}, browser.run(
        "document.getElementById('popup').innerText"
    )


def switch(browser, name):
    browser.run(f"document.querySelector('[data-entry=\"{name}\"]').click()")


def test_nothing_is_asked_of_the_network_and_nothing_goes_wrong(page, saved):
    assert page.requests[0] == saved
    assert all(address.startswith("data:") for address in page.requests[1:])
    assert page.problems == []
    assert page.run("document.title") == "Map"


def test_a_page_may_not_fetch_anything(page):
    assert page.run("fetch('http://127.0.0.1:9/').then(() => 'fetched', () => 'refused')") == "refused"
    assert any("Content Security Policy" in problem for problem in page.problems)


@pytest.mark.parametrize("place", [(5.53, 50.49), (7.985, 49.015), (6.5, 50.01), (5.11, 50.9)])
def test_a_click_reads_the_value_that_extract_gives(page, heights, cover, place):
    told, text = read(page, *place)
    expected = heights.extract([place]).iloc[0, -3]
    # a page of computed numbers holds them in single precision
    assert told["height_1"] == pytest.approx(expected, rel=1e-6, nan_ok=True)
    assert told["category"] == cover.extract([place], raw=True).iloc[0, -1]
    assert ("no value" if np.isnan(expected) else " m") in text


def test_names_of_layers_and_classes_stay_text(page):
    _, text = read(page, 6.1, 49.6)
    assert NAME in text
    assert page.run("document.title") == "Map"


def test_polygons_have_holes(page):
    assert "people" in read(page, 6.1, 50)[1]
    assert "people" not in read(page, 6.5, 50)[1]


def test_the_slider_changes_the_layer(page, heights):
    switch(page, "category")
    seen = set()
    for year in range(3):
        page.run(f"slider.value = {year}; slider.dispatchEvent(new Event('input'))")
        seen.add(tuple(shade(page, 7.525, 49.225)))
        told, text = read(page, 7.525, 49.225)
        assert list(told) == [f"height_{year + 1}"]
        assert told[f"height_{year + 1}"] == pytest.approx(
            heights.extract([(7.525, 49.225)]).iloc[0, year - 3], rel=1e-6
        )
        assert f"{2001 + year}" in text
    assert len(seen) == 3
    page.run("document.getElementById('play').click()")
    page.wait("page.time === 0")  # it begins anew after the last
    page.run("document.getElementById('play').click()")


def test_layers_are_shown_and_hidden(page):
    both = shade(page, 7.525, 49.225)
    switch(page, "category")
    below = shade(page, 7.525, 49.225)
    switch(page, "height")
    assert both != below
    assert shade(page, 7.525, 49.225) == [0, 0, 0, 0]
    assert read(page, 7.525, 49.225)[0] == {}


def test_opacity_is_that_of_the_layer(page):
    switch(page, "height")
    solid = shade(page, 7.525, 49.225)
    slider = "document.querySelector('[aria-label=\"opacity of category\"]')"
    page.run(f"(e => {{ e.value = 40; e.dispatchEvent(new Event('input')) }})({slider})")
    faint = shade(page, 7.525, 49.225)
    assert (solid[3], faint[3]) == (255, 102)
    assert np.allclose(faint[:3], solid[:3], atol=3)


def test_the_mouse_shows_the_value_under_it(page):
    page.move(*pixel(page, 7.525, 49.225))
    page.wait("!document.getElementById('tip').hidden")
    text = page.run("document.getElementById('tip').innerText")
    assert "height, 2001" in text
    assert "category" in text
    assert "°E" in page.run("document.getElementById('status').textContent")


def test_keys_move_zoom_read_and_go_through_time(page):
    page.run("page.frames[0].element.focus()")
    before = page.run("[page.view.x, page.view.unit]")
    page.press("ArrowRight")
    page.press("+", "+")
    after = page.run("[page.view.x, page.view.unit]")
    assert after[0] > before[0]
    assert after[1] == before[1] / 2
    page.press(".", ".")
    assert page.run("page.time") == 1
    assert "height, 2002" in page.run("document.getElementById('status').textContent")
    page.press("Enter", "\r")
    page.wait("!document.getElementById('popup').hidden")
    page.press("Escape")
    assert page.run("document.getElementById('popup').hidden")
    page.press("0", "0")
    assert page.run("[page.view.x, page.view.unit]") == before


def test_wheel_and_drag_keep_the_place_under_the_mouse(page):
    x, y = map(round, pixel(page, 7.525, 49.225))
    place = f"page.frames[0].place({x}, {y})"
    before = page.run(place)
    page("Input.dispatchMouseEvent", type="mouseWheel", x=x, y=y, deltaX=0, deltaY=-240)
    assert page.run(place) == pytest.approx(before)
    page("Input.dispatchMouseEvent", type="mousePressed", x=x, y=y, button="left", clickCount=1)
    page("Input.dispatchMouseEvent", type="mouseMoved", x=x - 80, y=y - 30, button="left", buttons=1)
    page("Input.dispatchMouseEvent", type="mouseReleased", x=x - 80, y=y - 30, button="left", clickCount=1)
    assert page.run(f"page.frames[0].place({x} - 80, {y} - 30)") == pytest.approx(before)
    assert page.run("document.getElementById('popup').hidden")


@pytest.mark.parametrize(("width", "height"), [(1200, 700), (380, 720)])
@pytest.mark.parametrize("dark", [False, True])
def test_all_of_it_fits_on_wide_and_narrow_screens_light_and_dark(page, width, height, dark):
    page.window(width, height, dark=dark)
    page.settle()
    assert page.run("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]") == [
        width,
        height,
    ]
    boxes = json.loads(
        page.run(
            "JSON.stringify(['stage', 'key', 'time'].map(id => document.getElementById(id).getBoundingClientRect()))"
        )
    )
    for box in boxes:
        assert box["width"] > 150
        assert box["height"] > 30
        assert (box["right"], box["bottom"]) <= (width + 1, height + 1)
    paper = page.run("getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, paper[4:-1].split(","))) < 200) is dark


@pytest.mark.parametrize(
    "legend", ["left", "top", "bottom", "topleft", "topright", "bottomleft", "bottomright"]
)
def test_legends_are_seen_where_they_are_told(browser, heights, tmp_path, legend):
    heights.plet(legend=legend).save(tmp_path / "map.html")
    browser.window(1000, 600)
    browser.open((tmp_path / "map.html").as_uri())
    left, right, top, bottom, hit = browser.run(
        "(() => { const b = document.querySelector('.bar').getBoundingClientRect();"
        " const on = document.elementFromPoint((b.left + b.right) / 2, (b.top + b.bottom) / 2);"
        " return [b.left, b.right, b.top, b.bottom, on.className] })()"
    )
    assert hit == "bar"
    assert "left" not in legend or right < 500
    assert "right" not in legend or left > 500
    assert "top" not in legend or bottom < 300
    assert "bottom" not in legend or top > 300


def test_a_page_that_is_damaged_says_so(browser, heights, tmp_path):
    text = heights.plet().html()
    (tmp_path / "map.html").write_text(
        text.replace('"type":"float32","data":"', '"type":"float32","data":"AAAA'), "utf-8"
    )
    browser("Page.navigate", url=(tmp_path / "map.html").as_uri())
    browser.wait("document.getElementById('status')?.textContent.startsWith('this map could not be shown')")


def test_of_a_picture_in_colours_all_three_values_are_told(browser, tmp_path):
    r = pt.rast(np.array([[[255, 7]], [[0, 8]], [[20, 9]]], "uint8"))
    r.rgb = [0, 1, 2]
    r.plet().save(tmp_path / "map.html")
    browser.window(900, 640)
    browser.open((tmp_path / "map.html").as_uri())
    browser.click(*pixel(browser, 1.5, 0.5))
    browser.wait("!document.getElementById('popup').hidden")
    assert "7, 8, 9" in browser.run("document.getElementById('popup').innerText")
    assert shade(browser, 0.5, 0.5) == [255, 0, 20, 255]


def test_in_the_frame_of_a_notebook_the_map_fills_its_place(browser, tmp_path):
    image = pytest.importorskip("PIL.Image")
    r = pt.rast([[1.0, 2.0]], extent=(5, 7, 49, 50), crs="EPSG:4326")
    notebook = "<!DOCTYPE html><meta charset=utf-8><body data-ready=yes style=margin:0>"
    (tmp_path / "notebook.html").write_text(
        notebook + r.plet(cmap=["#ff0000", "#0000ff"])._repr_html_(), "utf-8"
    )
    browser.window(900, 640)
    browser.open((tmp_path / "notebook.html").as_uri())

    def shades():
        pixels = np.asarray(image.open(io.BytesIO(browser.picture())).convert("RGB")).reshape(-1, 3)
        return [(pixels == color).all(axis=1).sum() for color in ([255, 0, 0], [0, 0, 255])]

    for _ in range(200):  # the frame is a page of its own, of which only its looks can be asked
        red, blue = shades()
        if min(red, blue) > 50_000:
            break
    assert min(red, blue) > 50_000
    assert browser.problems == []


def test_a_map_for_each_layer_moves_with_the_others(browser, heights, tmp_path):
    heights.plet(panel=True).save(tmp_path / "panels.html")
    browser.window(1000, 600)
    browser.open((tmp_path / "panels.html").as_uri())
    assert browser.run("page.frames.length") == 3
    browser.run("page.zoom(0.5)")
    browser.settle()
    dots = "f.canvas.getContext('2d').getImageData(60, 60, 1, 1).data.join()"
    shades = browser.run(f"page.frames.map(f => {dots})")
    assert len(set(shades)) == 3
    assert browser.problems == []


def test_a_map_that_goes_on_has_copies_that_can_be_read(browser, tmp_path):
    r = pt.rast(np.arange(8.0).reshape(2, 4), extent=(-180, 180, -90, 90), crs="EPSG:4326", names="a")
    r.plet(wrap=True).save(tmp_path / "around.html")
    browser.window(1000, 600)
    browser.open((tmp_path / "around.html").as_uri())
    browser.run("page.move(200, 0)")
    browser.settle()
    assert read(browser, 190, 45)[0] == {"a": 0}
    assert shade(browser, 190, 45)[3] == 255


@pytest.fixture(scope="module")
def large():
    values = np.random.default_rng(9).uniform(-50, 50, (2, 700, 700)).round(3)
    values[:, 400:, 600:] = np.nan
    r = pt.rast(values, extent=(0, 7000, 0, 7000), crs="EPSG:32632", names=["t1", "t2"])
    return r.set_time(np.array(["2001-01-01", "2001-07-01"], "datetime64[D]"))


class TestServed:
    """A raster of which the page has a preview of 9 x 9 cells only."""

    @pytest.fixture
    def served(self, browser, large):
        with large.plet(maxcell=81, range=(-50, 50)).serve() as found:
            browser.window(900, 640)
            browser.open(found.url)
            yield found

    def near(self, browser, x, y):
        """Go so close that a cell is some pixels wide, and wait for its tile."""
        browser.run(f"Object.assign(page.view, {{ x: {x}, y: {y}, unit: 1 }}); page.redraw()")
        browser.settle()
        browser.wait("page.tiles.kept.size > 0 && !page.tiles.busy")

    def test_cells_have_their_own_colours_and_values(self, browser, served, large):
        whole = large.plet(0, maxcell=10**6, range=(-50, 50)).layers[0].rgba
        for row, col in ((12, 345), (699, 0), (300, 650)):
            x, y = 10 * col + 5, 7000 - 10 * row - 5
            self.near(browser, x, y)
            assert shade(browser, x, y) == whole[row, col].tolist()
            told, text = read(browser, x, y)
            assert told == {"t1": large.extract([(x, y)]).iloc[0, -2]}
            assert " to " in text  # of the series
        assert browser.problems == []

    def test_the_slider_fetches_the_tiles_of_the_other_time(self, browser, served, large):
        x, y = 3005, 3005
        self.near(browser, x, y)
        browser.run("page.step(1)")
        self.near(browser, x, y)
        assert (
            shade(browser, x, y)
            == large.plet(1, maxcell=10**6, range=(-50, 50)).layers[0].rgba[399, 300].tolist()
        )
        assert read(browser, x, y)[0] == {"t2": large.extract([(x, y)]).iloc[0, -1]}

    def test_missing_cells_show_through_where_the_preview_did_not(self, browser, served):
        self.near(browser, 6995, 5)
        assert shade(browser, 6995, 5)[3] == 0
        assert np.isnan(read(browser, 6995, 5)[0]["t1"])

    def test_only_this_address_is_asked(self, browser, served):
        self.near(browser, 1000, 1000)
        asked = [address for address in browser.requests if not address.startswith("data:")]
        assert len(asked) > 1
        assert all(address.startswith(served.url) for address in asked)

    @pytest.mark.parametrize("seed", range(4))
    def test_any_raster_shows_its_cells(self, browser, seed):
        rng = np.random.default_rng(seed)
        shape = (int(rng.integers(1, 3)), int(rng.integers(1, 600)), int(rng.integers(1, 600)))
        values = rng.integers(-5, 300, shape) if seed % 2 else rng.normal(0, 100, shape)
        values = np.where(rng.random(shape) < 0.2, np.nan, values)
        size, (x0, y0) = rng.uniform(0.001, 0.1), rng.uniform(-60, 20, 2)
        extent = (x0, x0 + shape[2] * size, y0, y0 + shape[1] * size * rng.uniform(0.5, 2))
        r = pt.rast(
            values,
            extent=extent,
            crs=("EPSG:4326", None)[seed // 2],
            names=[f"n{i}" for i in range(shape[0])],
        )
        look = {"range": (-50, 150), "y": 0}
        rgba = r.plet(**look, maxcell=10**7).layers[0].rgba
        with r.plet(**look, maxcell=int(rng.integers(20, 3000))).serve() as served:
            browser.open(served.url)
            for _ in range(3):
                row, col = int(rng.integers(shape[1])), int(rng.integers(shape[2]))
                x, y = r.xy_from_cell(row * shape[2] + col)[0].tolist()
                browser.run(
                    f"Object.assign(page.view, {{ x: {x}, y: {y}, unit: {size / 9} }}); page.redraw()"
                )
                browser.settle()
                browser.wait("!page.tiles.busy")
                color = rgba[row, col].tolist()
                assert shade(browser, x, y) == (color if color[3] else [0, 0, 0, 0])
                assert read(browser, x, y)[0] == pytest.approx(
                    {"n0": values[0, row, col]}, rel=0, abs=0, nan_ok=True
                )

    def test_when_it_is_closed_the_page_still_tells_the_preview(self, browser, large):
        found = large.plet(maxcell=81).serve()
        browser.window(900, 640)
        browser.open(found.url)
        found.close()
        told, text = read(browser, 1000, 1000)
        assert "the server does not answer" in text
        assert np.isfinite(told["t1"])
