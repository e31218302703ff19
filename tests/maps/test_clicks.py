"""What is clicked and drawn on maps."""

import numpy as np
import pytest
from clicking import clicking, in_page

import pyterra as pt
from pyterra.errors import ArgumentError

plt = pytest.importorskip("matplotlib.pyplot")


@pytest.fixture
def r():
    return pt.rast(np.arange(8.0).reshape(2, 2, 2), extent=(0, 10, 0, 10), names=["a", "b"])


@pytest.fixture
def v():
    return pt.vect(
        [pt.ext(0, 4, 0, 4).as_polygons().geoms[0], pt.ext(2, 8, 2, 8).as_polygons().geoms[0]],
        atts={"k": [7, 8]},
    )


@pytest.fixture
def ax(r):
    yield r.plot(0, legend=False)
    plt.close("all")


class TestClick:
    def test_cells_give_their_values(self, r, ax):
        with clicking(ax, [(1, 9), (9, 1)]):
            found = r.click(2, xy=True, cell=True, show=False)
        assert list(found.columns) == ["x", "y", "cell", "a", "b"]
        assert found.round(6).to_numpy().tolist() == [[1, 9, 0, 0, 4], [9, 1, 3, 3, 7]]

    def test_another_raster_may_be_asked_and_outside_is_missing(self, ax):
        with clicking(ax, [(1, 1), (9, 9), "enter"]):
            found = pt.rast([[5.0]], extent=(0, 2, 0, 2), names="z").click(cell=True, show=False)
        assert found["cell"].tolist() == [0, -1]
        assert found["z"].fillna(-9).tolist() == [5, -9]

    def test_each_row_is_printed_and_marked(self, r, ax, capsys):
        with clicking(ax, [(1, 9), "backspace", (9, 1), "enter"]):
            r.click(id=True, type="o", col="blue")
        assert capsys.readouterr().out.split() == ["a", "b", "0.0", "4.0", "a", "b", "3.0", "7.0"]
        assert [text.get_text() for text in ax.texts] == ["0"]
        (line,) = ax.lines
        assert (line.get_linestyle(), line.get_marker(), line.get_xdata().round(6).tolist()) == (
            "-",
            "o",
            [9],
        )

    def test_polygons_give_their_attributes(self, v, ax):
        with clicking(ax, [(1, 1), (3, 3), (9, 9), "enter"]):
            found = v.click(xy=True, show=False)
        assert found.columns.tolist() == ["ID", "x", "y", "k"]
        assert found["ID"].tolist() == [0, 1, 1, 2]
        assert found["k"].fillna(-1).tolist() == [7, 7, 8, -1]

    def test_points_and_lines_give_the_nearest(self, ax):
        p = pt.vect([[1, 1], [9, 9]], atts={"k": ["a", "b"]})
        with clicking(ax, [(7, 7), "enter"]):
            assert p.click(show=False).to_numpy().tolist() == [[0, "b"]]
        with clicking(ax, [(7, 7), "enter"]):
            assert p[[]].click(show=False)["ID"].tolist() == [0]

    def test_no_click_gives_no_row(self, r, v, ax):
        with clicking(ax, ["enter"]):
            assert r.click(xy=True).shape == (0, 4)
        with clicking(ax, ["enter"]):
            assert v.click().shape[0] == 0

    def test_what_cannot_be_is_refused(self, r, ax):
        with pytest.raises(ArgumentError, match="n must be 1 or more, got 0"):
            r.click(0)
        with pytest.raises(ArgumentError, match="click: type"):
            r.click(type="x")
        with pytest.raises(ArgumentError, match="must be in a window"):
            r.click()
        plt.close("all")
        with pytest.raises(ArgumentError, match="no map to draw on"):
            r.click()


class TestDraw:
    def test_an_extent_has_two_corners(self, ax):
        with clicking(ax, [(8, 2), (1, 5)]):
            assert np.allclose(list(pt.draw()), [1, 8, 2, 5])
        assert ax.lines[0].get_xdata().round(6).tolist() == [1, 8, 8, 1, 1]

    @pytest.mark.parametrize(
        ("what", "wkt"),
        [
            ("polygon", ["POLYGON ((1 1, 5 1, 5 5, 1 1))"]),
            ("line", ["LINESTRING (1 1, 5 1, 5 5)"]),
            ("points", ["POINT (1 1)", "POINT (5 1)", "POINT (5 5)"]),
        ],
    )
    def test_shapes_have_the_points_clicked(self, ax, what, wkt):
        with clicking(ax, [(1, 1), (5, 1), (5, 5), "right"]):
            found = pt.draw(what, id=True)
        assert found.round(6).crds().tolist() == pt.vect(wkt).crds().tolist()
        assert found.geomtype() == pt.vect(wkt).geomtype()
        assert found.crs is None
        assert [text.get_text() for text in ax.texts] == ["0", "1", "2"]

    def test_in_a_page_the_result_comes_later(self, r, ax):
        with in_page(ax) as click:
            later = pt.draw("polygon", id=True, wait=False)
            click((1, 1), (5, 1))
            with pytest.raises(ArgumentError, match="a polygon must have at least 3 clicks, got 2"):
                later.result()
            click((5, 5))
            assert later.result().round(6).crds().tolist() == [[1, 1], [5, 1], [5, 5], [1, 1]]
            click((9, 9))
            assert len(later.result().crds()) == 4
            corners = pt.draw(wait=False)
            click((8, 2), (1, 5), (9, 9))
            assert np.allclose(list(corners.result()), [1, 8, 2, 5])
            assert r.zoom(corners.result(), new=True) is not ax

    def test_in_a_page_what_waits_is_refused_with_what_to_write(self, r, v, ax):
        with in_page(ax):
            for verb, words in {
                r.click: r"pt\.draw\('points', wait=False\), click, .*x\.extract",
                v.click: r"pt\.draw\('points', wait=False\)",
                r.sel: r"x\.crop\(a\.result\(\)\)",
                v.sel: r"x\.crop\(a\.result\(\)\)",
                r.zoom: r"x\.zoom\(a\.result\(\)\)",
                pt.draw: r"pt\.draw\(\.\.\., wait=False\)",
            }.items():
                with pytest.raises(ArgumentError, match=rf"in a page, which cannot; write .*{words}"):
                    verb()

    def test_a_picture_tells_of_no_clicks_later_either(self, ax):
        with pytest.raises(ArgumentError, match=r"got the backend agg; .*%matplotlib widget .*wait=False"):
            pt.draw(wait=False)

    def test_too_few_points_are_refused(self, ax):
        with (
            clicking(ax, [(1, 1), "enter"]),
            pytest.raises(ArgumentError, match="a polygon must have at least 3 clicks"),
        ):
            pt.draw("polygon")
        with pytest.raises(ArgumentError, match="draw: x"):
            pt.draw("circle")


class TestSel:
    def test_rasters_are_cropped(self, r, ax):
        with clicking(ax, [(0.5, 0.5), (4, 9)]):
            found = r.sel()
        assert (list(found.ext), len(found)) == ([0, 5, 0, 10], 2)

    def test_geometries_that_are_met_are_kept_whole(self, v, ax):
        with clicking(ax, [(5, 5), (7, 7)]):
            found = v.sel()
        assert (found["k"].tolist(), list(found.ext)) == ([8], [2, 8, 2, 8])
        with clicking(ax, [(0.5, 0.5), (1, 0.5), (1, 1), "enter"]):
            assert v.sel("pol", show=False, draw=False)["k"].tolist() == [7]
        with clicking(ax, [(9, 9), (9.5, 9.5)]):
            assert len(v.sel()) == 0


class TestZoom:
    def test_the_part_takes_the_place_of_the_map(self, r, ax):
        with clicking(ax, [(0.5, 0.5), (4, 4)]):
            found = r.zoom(layer="b")
        assert found.figure is ax.figure
        assert found.figure.axes[0] is found
        assert found.images[0].get_array().shape == (1, 1)
        assert [text.get_text() for text in found.get_legend().get_texts()] == ["6"]

    def test_or_a_figure_of_its_own(self, r, v, ax):
        assert r.zoom(pt.ext(0, 5, 0, 5), new=True).figure is not ax.figure
        found = v.zoom(pt.ext(0, 3, 0, 2), y="k", ax=ax)
        assert (found.get_xlim(), found.get_ylim()) == ((0, 3), (0, 2))
        plt.close("all")
        assert v.zoom(pt.ext(0, 3, 0, 2)).get_xlim() == (0, 3)
