"""What objects look like in a notebook."""

import base64
import re

import numpy as np
import pytest

import pyterra as pt
from pyterra.maps import pages
from pyterra.run import Forbidden, use_executor

NAME = "<script>alert('x')</script>"


@pytest.fixture
def r():
    values = np.arange(24.0).reshape(2, 3, 4)
    return pt.rast(values, extent=(5, 7, 49, 51), crs="EPSG:4326", names=["a", NAME])


@pytest.fixture
def v():
    return pt.vect([[6, 50], [7, 51]], crs="EPSG:4326", atts={NAME: [NAME, "b"]})


def everything(r, v):
    lines = pt.vect("LINESTRING (0 0, 1 1)", crs="EPSG:4326")
    return [
        r, r[1], r + 1, v, lines, v[[]], r.ext, pt.sds(**{NAME: r, "b": r + 1}), pt.sprc(r, r.shift(3)),
        pt.svc(**{NAME: v, "b": lines}), pt.sds(), pt.sprc(), pt.svc(), pt.vect(), pt.rast(nrows=1, ncols=1),
    ]  # fmt: skip


def test_texts_stay_texts_and_nothing_is_fetched(r, v):
    r.levels = {0: NAME, 1: "b"}
    for x in everything(r, v):
        page = x._repr_html_()
        assert "<script" not in page
        assert not re.findall(r"(?:src|href)='(?!data:)", page)
        assert "url(" not in page


def test_a_raster_has_its_facts_and_a_picture(r):
    pytest.importorskip("matplotlib")
    page = r._repr_html_()
    assert "2  (nrow, ncol, nlyr)" in page
    picture = page.split("base64,")[1].split("'")[0]
    assert base64.b64decode(picture).startswith(b"\x89PNG")
    assert "<span>0</span><span>11</span>" in page  # the ends of the legend
    assert "<img" not in pt.rast(nrows=1, ncols=1)._repr_html_()


def test_an_expression_tells_what_it_would_cost(r):
    page = (r[0] + 1).focal(3)._repr_html_()
    assert "to be computed in 3 steps: 1 block of 3 x 4 cells" in page
    assert "<svg" in page
    assert "to be computed" not in r._repr_html_()


class TestCheapMaps:
    @pytest.fixture
    def large(self):
        return pt.rast(np.zeros((1, 1500, 1500), "uint8"))

    @pytest.mark.parametrize(
        "verb", [lambda x: x.patches(), lambda x: x.distance(), lambda x: (x + 1).patches() + 1]
    )
    def test_what_needs_all_cells_is_not_computed(self, large, verb):
        with use_executor(Forbidden()):
            page = verb(large)._repr_html_()
        assert "<img" not in page
        assert "to be computed in" in page

    def test_functions_of_the_user_are_not_called(self, r):
        def called(values):
            raise AssertionError("it was called")

        with use_executor(Forbidden()):
            assert "<img" not in r.app(called, nlyr=1)._repr_html_()

    def test_the_most_cells_of_a_step_are_those_of_a_preview(self, large):
        assert pages.most_cells((large + 1)._node, 10) == 22_500
        assert pages.most_cells(large.patches()._node, 10) == 2_250_000
        assert pages.most_cells((large.patches() + 1)._node, 10) == 2_250_000
        assert pages.most_cells(((large + 1).crop(pt.ext(0, 9, 0, 9)) * 2)._node, 1) == 81
        pytest.importorskip("matplotlib")
        assert "<img" in (large + 1)._repr_html_()
        assert "<img" in large[[0]].crop(pt.ext(0, 9, 0, 9)).patches()._repr_html_()


def test_a_source_that_cannot_be_read_leaves_the_summary(tmp_path):
    pytest.importorskip("matplotlib")
    file = tmp_path / "gone.tif"
    pt.rast(np.zeros((700, 700))).write_raster(file)
    r = pt.rast(file)
    file.write_bytes(b"gone")
    page = r._repr_html_()
    assert "no map: this could not be read" in page
    assert "700, 700, 1" in page


def test_a_vector_has_the_first_records_and_a_sketch(v):
    page = v._repr_html_()
    assert page.count("<circle") == 2
    assert "<td>b</td>" in page
    many = pt.vect(np.random.default_rng(1).uniform(0, 1, (5000, 2)), atts={"k": np.arange(5000)})
    assert many._repr_html_().count("<circle") == 2000
    assert "and 4,997 more" in many._repr_html_()


def test_an_extent_is_drawn_in_its_proportions():
    page = pt.ext(0, 20, 0, 10)._repr_html_()
    assert re.search(r"width='240' height='124'", page)
    assert "<td" in page


def test_data_sets_and_collections_show_their_members(r):
    pytest.importorskip("matplotlib")
    page = pt.sds(a=r, b=r + 1)._repr_html_()
    assert page.count("<img") == 2
    assert "<figcaption>b</figcaption>" in page
    page = pt.sprc(*[r.shift(i) for i in range(9)])._repr_html_()
    assert page.count("<img") == 6
    assert "and 3 more" in page
    assert page.count("<path") == 9  # where they lie


def test_other_objects_are_their_summary(tmp_path):
    pt.vect([[1, 2]], crs="EPSG:4326", atts={"k": [1]}).write_vector(tmp_path / "a.gpkg")
    page = pt.vect(tmp_path / "a.gpkg", proxy=True)._repr_html_()
    assert "SpatVectorProxy" in page
    assert page.count("<tr>") >= 4


def test_layers_that_are_colours_are_one_picture():
    pytest.importorskip("matplotlib")
    r = pt.rast(np.array([[[255, 0]], [[0, 255]], [[0, 0]]], "uint8"))
    r.rgb = [0, 1, 2]
    assert r._repr_html_().count("<img") == 1
