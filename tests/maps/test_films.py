"""Maps that follow each other."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError
from pyterra.maps import films

plt = pytest.importorskip("matplotlib.pyplot")


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_layers_follow_each_other_with_one_range_and_one_legend():
    film = pt.rast(np.arange(6.0).reshape(3, 1, 2), names=list("abc")).animate()
    ax = film.figure.axes[0]
    film.show(2)
    assert (ax.get_title(), len(ax.images), len(ax.child_axes)) == ("c", 1, 1)
    assert ax.images[0].get_array().tolist() == [[4, 5]]
    assert (ax.images[0].norm.vmin, ax.images[0].norm.vmax) == (0, 5)


def test_titles_are_times_where_there_are_any():
    r = pt.rast(np.zeros((2, 1, 1)))
    r.time = ["2020-01-01", "2020-02-01"]
    film = r.animate()
    assert film.figure.axes[0].get_title().startswith("2020-01-01")
    assert r.animate(main=["one", "two"]).figure.axes[0].get_title() == "one"


def test_films_are_pictures_that_move_and_pages(tmp_path):
    from PIL import Image

    film = pt.rast(np.arange(6.0).reshape(3, 1, 2)).animate(pause=0.5, figsize=(2, 2))
    film.save(tmp_path / "film.gif", dpi=40)
    with Image.open(tmp_path / "film.gif") as image:
        assert (image.n_frames, image.info["duration"]) == (3, 500)
    film.save(tmp_path / "film.html")
    assert (tmp_path / "film.html").read_text("utf-8").count("data:image/png") == 3
    page = film._repr_html_()
    assert film.figure.number not in plt.get_fignums()  # it would stand below the film, too
    assert "<script" in page
    assert "http" not in page.replace("http://www.w3.org", "")  # nothing of the network
    assert page.count("<button") == 9 == sum(sign in page for sign in films._ICONS.values())
    assert 'class="fa' not in page
    with pytest.raises(ArgumentError, match="path must end in"):
        film.save(tmp_path / "film")
    with pytest.raises(ArgumentError, match="pause must be above 0, got 0"):
        pt.rast([[1.0]]).animate(pause=0)


def test_ranges_breaks_and_legends_are_asked_for_as_plot_does():
    r = pt.rast(np.arange(6.0).reshape(3, 1, 2))
    film = r.animate(range=(1, 4))
    assert np.ma.filled(film.figure.axes[0].images[0].get_array(), np.nan)[0, 0] != 0
    filled = r.animate(range=(1, 4), fill_range=True).figure.axes[0].images[0]
    assert (filled.norm.vmin, filled.norm.vmax) == (1, 4)
    by_cases = pt.rast([[[1.0, 2.0]], [[3.0, 100.0]]]).animate(breaks=2, breakby="cases")
    assert by_cases.figure.axes[0].images[0].norm.boundaries.tolist() == [1, 2.5, 100]
    classes = pt.rast([[[1, 2]], [[2, 3]]]).animate(type="classes", reverse=True)
    assert [text.get_text() for text in classes.figure.axes[0].get_legend().get_texts()] == ["3", "2", "1"]


class TestVectors:
    @pytest.fixture
    def v(self):
        return pt.vect(
            [[0, 0], [1, 1], [2, 0]], atts={"a": [1.0, 2.0, 3.0], "b": [5.0, 6.0, 7.0], "k": list("uvw")}
        )

    def test_geometries_stay_or_give_way(self, v):
        for add, seen in ((None, 3), (False, 1)):
            film = v.animate(add=add)
            assert film.count == 3
            film.show(2)
            ax = film.figure.axes[0]
            assert sum(len(c.get_offsets()) for c in ax.collections) == seen
            assert ax.get_xlim()[1] > 2

    def test_attributes_have_the_limits_of_all_together(self, v):
        film = v.animate(["a", "b"], breaks=2, breakby="cases", reverse=True)
        first = {tuple(c) for c in film.figure.axes[0].collections[0].get_facecolor().tolist()}
        film.show(1)
        second = {tuple(c) for c in film.figure.axes[0].collections[0].get_facecolor().tolist()}
        assert len(first) == len(second) == 1
        assert first != second

    def test_attributes_follow_each_other_in_one_range(self, v):
        film = v.animate(["a", "b"])
        ax = film.figure.axes[0]
        limits = []
        for i in range(2):
            film.show(i)
            limits.append((ax.get_title(), ax.child_axes[0].get_ylim()))
        assert limits == [("a", (1, 7)), ("b", (1, 7))]

    def test_text_has_a_legend_of_its_own(self, v):
        ax = v.animate(["k"]).figure.axes[0]
        assert [t.get_text() for t in ax.get_legend().get_texts()] == ["u", "v", "w"]

    def test_there_must_be_something(self, v):
        with pytest.raises(ArgumentError, match="got nothing"):
            v[:0].animate()


def test_vectors_of_a_collection_follow_each_other_on_one_map():
    film = pt.svc(a=pt.vect([[0, 0]]), b=pt.vect([[9, 9]])).animate(col="red")
    ax = film.figure.axes[0]
    film.show(1)
    assert (ax.get_title(), ax.get_xlim()) == ("b", (0, 9))
    assert ax.collections[0].get_offsets().tolist() == [[9, 9]]


def test_titles_tell_months_and_years_in_full():
    layers = pt.rast(np.ones((2, 1, 1))).set_time(np.array(["2019-11", "2020-01"], "datetime64[M]"))
    for by, title in (("yearmonths", "2019-11"), ("years", "2019")):
        assert layers.tapp(by, "mean").animate().figure.axes[0].get_title() == title


def test_a_file_is_written_by_the_film():
    with pytest.raises(
        ArgumentError, match=r"animate: y must be layers, .* write a file by animate\(\).save\('a.gif'\)"
    ):
        pt.rast(np.ones((2, 1, 1))).animate("a.gif")
