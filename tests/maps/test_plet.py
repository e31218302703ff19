"""plet: what lies on the map."""

import sys

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, ColumnError
from pyterra.io.array import ArraySource

pytest.importorskip("matplotlib")


@pytest.fixture
def r():
    values = np.array([[[0.0, 10.0], [np.nan, 5.0]], [[1.0, 1.0], [1.0, 2.0]]])
    return pt.rast(values, extent=(5, 7, -1, 1), crs="EPSG:4326", names=["a", "b"])


@pytest.fixture
def v():
    atts = {"n": [1.0, 2.0, np.nan], "k": ["u", "v", "u"]}
    return pt.vect([[6, 50], [7, 51], [8, 52]], crs="EPSG:4326", atts=atts)


class TestRasters:
    def test_cells_have_the_colours_and_values_of_plot(self, r):
        (layer,) = r.plet(0, cmap=["#ff0000", "#0000ff"]).layers
        assert layer.rgba[0].tolist() == [[255, 0, 0, 255], [0, 0, 255, 255]]
        assert layer.rgba[1, 0, 3] == 0
        assert np.array_equal(layer.values, [[0, 10], [np.nan, 5]], equal_nan=True)
        assert list(layer.extent) == [5, 7, -1, 1]

    def test_the_first_layer_is_shown_and_the_others_can_be(self, r):
        page = r.plet(main=["metres", "feet"])
        assert [(one.name, one.shown, one.told.title) for one in page.layers] == [
            ("a", True, "metres"),
            ("b", False, "feet"),
        ]
        assert r.plet(0, hover=False).layers[0].values is None

    def test_one_range_may_be_shared(self, r):
        own, shared = (r.plet(shared=s).layers[1].told.entries.norm for s in (False, True))
        assert (own.vmin, own.vmax) == (1, 2)
        assert (shared.vmin, shared.vmax) == (0, 10)

    def test_cells_beyond_the_range_show_through_or_have_its_outer_colours(self, r):
        plain, filled = (
            r.plet(0, cmap="viridis", range=(0, 5), fill_range=fill).layers[0] for fill in (False, True)
        )
        assert plain.rgba[0, 1, 3] == 0
        assert filled.rgba[0, 1].tolist() == filled.rgba[1, 1].tolist()
        assert plain.values[0, 1] == 10  # the mouse still shows it

    def test_breaks_may_be_shared_by_numbers_of_cells(self, r):
        page = r.plet(breaks=2, breakby="cases", shared=True)
        assert {layer.told.entries.edges for layer in page.layers} == {(0, 1, 10)}

    def test_layers_may_have_a_map_each(self, r):
        page = r.plet(panel=True)
        assert (page.panel, [layer.shown for layer in page.layers]) == (True, [True, True])
        assert r.plet(0, map=page).panel

    def test_what_a_page_cannot_have_is_refused_with_what_to_write(self, r, v):
        with pytest.raises(ArgumentError, match=r"tiles=; a page takes nothing from the network: give map="):
            r.plet(tiles="Streets")
        with pytest.raises(ArgumentError, match=r"wrap needs a map in degrees, .*EPSG:4326"):
            v.project("EPSG:3035").plet(wrap=True)
        assert v.plet(wrap=True).wrap

    def test_classes_show_their_labels(self):
        r = pt.rast(np.array([[1, 2]], "uint8"), extent=(5, 7, 49, 50), crs="EPSG:4326")
        r.levels = {1: "water", 2: "forest"}
        (layer,) = r.plet().layers
        assert layer.labels == ((1, "water"), (2, "forest"))

    @pytest.mark.parametrize("values", [np.full((1, 1), np.nan), np.ones((1, 1)), np.full((3, 4), np.nan)])
    def test_one_cell_and_nothing_at_all(self, values):
        (layer,) = pt.rast(values).plet().layers
        assert layer.rgba.shape == (*values.shape, 4)
        assert ((layer.rgba[..., 3] == 0) == np.isnan(values)).all()

    def test_layers_of_colours_are_one_picture(self):
        r = pt.rast(np.array([[[255, 0]], [[0, 255]], [[0, 0]]], "uint8"))
        r.rgb = [0, 1, 2]
        (layer,) = r.plet().layers
        assert layer.rgba[0].tolist() == [[255, 0, 0, 255], [0, 255, 0, 255]]
        with pytest.raises(ArgumentError, match="stretch"):
            r.plet(stretch="most")

    def test_few_cells_are_read_of_many(self, monkeypatch):
        large = pt.rast(np.zeros((1, 2000, 2000), "uint8"), extent=(5, 7, -1, 1), crs="EPSG:4326")
        cells, plain = [], ArraySource.read_reduced

        def counted(self, bands, window, shape, dtype):
            cells.append(shape[0] * shape[1])
            return plain(self, bands, window, shape, dtype)

        monkeypatch.setattr(ArraySource, "read_reduced", counted)
        monkeypatch.setattr(ArraySource, "fetched", None)
        assert large.plet(maxcell=10_000).layers[0].rgba.shape[:2] == (100, 100)
        assert 0 < sum(cells) <= 40_000


class TestVectors:
    def test_colours_follow_an_attribute(self, v):
        (layer,) = v.plet("k", colors={"u": "red", "v": "blue"}).layers
        assert layer.colors == ["red", "blue", "red"]
        assert layer.table == (("n", ("1", "2", "")), ("k", ("u", "v", "u")))
        assert (layer.told.title, layer.told.shape) == ("k", "point")
        assert v.plet(popup=False).layers[0].table == ()

    def test_one_attribute_may_be_shown_alone(self, v):
        assert v.plet("k", label=True).layers[0].table == (("k", ("u", "v", "u")),)
        assert v.plet("k", label="n").layers[0].table == (("n", ("1", "2", "")),)
        assert v.plet("k", label="n", split=True).layers[1].table == (("n", ("2",)),)
        with pytest.raises(ArgumentError, match="label needs y"):
            v.plet(label=True)
        with pytest.raises(ColumnError, match="plet: no attribute 'nothing'"):
            v.plet(label="nothing")

    def test_missing_values_are_grey(self, v):
        assert v.plet("n").layers[0].colors[2] == "#d9d9d6"

    def test_each_class_may_be_a_layer(self, v):
        one, two = v.plet("k", split=True).layers
        assert (one.name, len(one.geoms), two.name, len(two.geoms)) == ("u", 2, "v", 1)
        assert one.told is not None
        assert two.told is None
        assert one.table[1] == ("k", ("u", "u"))
        assert v.plet("k", split=True, reverse=True).names == ["v", "u"]
        with pytest.raises(ArgumentError, match="split needs y"):
            v.plet(split=True)
        with pytest.raises(ArgumentError, match="split needs classes, got 'n'"):
            v.plet("n", split=True)

    def test_nothing_to_show_is_refused(self, v):
        with pytest.raises(ArgumentError, match="must have geometries, got none"):
            v[[]].plet()
        with pytest.raises(ArgumentError, match="alpha must be from 0 to 1, got 2"):
            v.plet(alpha=2)
        with pytest.raises(ArgumentError, match="legend must be"):
            v.plet(legend="middle")
        with pytest.raises(ArgumentError, match="map must be what plet"):
            v.plet(map="a map")


def test_what_comes_later_goes_to_the_crs_of_the_map(r, v):
    page = v.project("EPSG:3035").plet(map=r.plet(0), name="wells")
    assert page.names == ["a", "wells"]
    assert np.allclose([[g.x, g.y] for g in page.layers[1].geoms.tolist()], [[6, 50], [7, 51], [8, 52]])
    assert np.allclose(list(page.extent), [5, 8, -1, 52])
    beside = r.plet(0, map=v.project("EPSG:3035").plet())
    assert 3e6 < beside.layers[1].extent.xmin < 5e6


def test_collections_have_a_layer_each(r):
    s = pt.svc(p=pt.vect([[6, 50]], crs="EPSG:4326"), q=pt.vect(pt.ext(0, 1, 0, 1), crs="EPSG:4326"))
    assert [(one.name, one.colors) for one in s.plet(col=["red", "blue"]).layers] == [
        ("p", ["red"]),
        ("q", ["blue"]),
    ]
    assert pt.sprc(r, r.shift(2)).plet().names == ["a", "a (2)"]
    page = pt.sprc(west=r, east=r.shift(2)).plet()
    assert [(one.name, one.shown) for one in page.layers] == [("west", True), ("east", True)]
    assert page.layers[0].told.entries.edges is None
    cut = pt.sprc(r, r.shift(2)).plet(breaks=[0, 5, 10], wrap=True)
    assert (cut.layers[1].told.entries.edges, cut.wrap) == ((0, 5, 10), True)
    assert s.plet(collapse=True).collapse
    with pytest.raises(ArgumentError, match="got none"):
        pt.svc().plet()


def test_without_matplotlib_it_is_told_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=r"pip install 'pyterra-geo\[plot\]'"):
        pt.rast([[1.0]]).plet()


def test_layers_with_times_share_their_colours_and_may_be_many():
    r = pt.rast(np.arange(40.0).reshape(20, 1, 2), names=[f"h{k}" for k in range(20)])
    dated = r.set_time(list(range(2000, 2020)), "years")
    page = dated.plet()
    assert len(page.layers) == 20
    assert {(one.series, one.shown) for one in page.layers} == {("h", True)}
    assert {one.told.entries.norm.vmax for one in page.layers} == {39}
    assert page.layers[3].time == "2003"
    assert len({one.told.entries.norm.vmax for one in dated.plet(shared=False).layers}) == 20
    assert len(r.plet().layers) == 16
    assert [one.series for one in dated.plet(0).layers] == [""]
