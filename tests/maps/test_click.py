"""What is clicked on maps."""

import pytest
from clicking import clicking

import pyterra as pt
from pyterra.errors import ArgumentError

plt = pytest.importorskip("matplotlib.pyplot")


def test_cells_give_their_values(r, ax):
    with clicking(ax, [(1, 9), (9, 1)]):
        found = r.click(2, xy=True, cell=True, show=False)
    assert list(found.columns) == ["x", "y", "cell", "a", "b"]
    assert found.round(6).to_numpy().tolist() == [[1, 9, 0, 0, 4], [9, 1, 3, 3, 7]]


def test_another_raster_may_be_asked_and_outside_is_missing(ax):
    with clicking(ax, [(1, 1), (9, 9), "enter"]):
        found = pt.rast([[5.0]], extent=(0, 2, 0, 2), names="z").click(cell=True, show=False)
    assert found["cell"].tolist() == [0, -1]
    assert found["z"].fillna(-9).tolist() == [5, -9]


def test_each_row_is_printed_and_marked(r, ax, capsys):
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


def test_polygons_give_their_attributes(v, ax):
    with clicking(ax, [(1, 1), (3, 3), (9, 9), "enter"]):
        found = v.click(xy=True, show=False)
    assert found.columns.tolist() == ["ID", "x", "y", "k"]
    assert found["ID"].tolist() == [0, 1, 1, 2]
    assert found["k"].fillna(-1).tolist() == [7, 7, 8, -1]


def test_points_and_lines_give_the_nearest(ax):
    p = pt.vect([[1, 1], [9, 9]], atts={"k": ["a", "b"]})
    with clicking(ax, [(7, 7), "enter"]):
        assert p.click(show=False).to_numpy().tolist() == [[0, "b"]]
    with clicking(ax, [(7, 7), "enter"]):
        assert p[[]].click(show=False)["ID"].tolist() == [0]


def test_no_click_gives_no_row(r, v, ax):
    with clicking(ax, ["enter"]):
        assert r.click(xy=True).shape == (0, 4)
    with clicking(ax, ["enter"]):
        assert v.click().shape[0] == 0


def test_what_cannot_be_is_refused(r, ax):
    with pytest.raises(ArgumentError, match="n must be 1 or more, got 0"):
        r.click(0)
    with pytest.raises(ArgumentError, match="click: type"):
        r.click(type="x")
    with pytest.raises(ArgumentError, match="must be in a window"):
        r.click()
    plt.close("all")
    with pytest.raises(ArgumentError, match="no map to draw on"):
        r.click()
