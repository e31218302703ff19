"""Maps: what is drawn, and how little is read for it."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError
from pyterra.io.array import ArraySource

plt = pytest.importorskip("matplotlib.pyplot")

LABELS = {1: "water", 2: "forest"}


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


@pytest.fixture
def r():
    return pt.rast(np.arange(24.0).reshape(2, 3, 4), extent=(0, 40, 0, 30), names=["red", "nir"])


def picture(ax):
    return np.ma.filled(ax.images[0].get_array(), np.nan)


def test_a_map_lies_where_the_raster_does_with_north_up(r):
    ax = r.plot("red")
    assert tuple(ax.images[0].get_extent()) == (0, 40, 0, 30)
    assert picture(ax).tolist() == r[0].to_numpy()[0].tolist()


def test_layers_are_panels_with_their_names(r):
    axes = r.plot()
    assert [ax.get_title() for ax in axes.ravel()] == ["red", "nir"]


def test_a_factor_is_drawn_as_classes_with_their_labels():
    r = pt.rast(np.array([[1, 2], [2, 1]], "uint8"))
    r.levels = LABELS
    ax = r.plot()
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["water", "forest"]
    assert picture(ax).tolist() == [[0, 1], [1, 0]]


def test_missing_cells_are_not_drawn_and_all_missing_is_an_empty_map():
    r = pt.rast([[1.0, np.nan], [3.0, 4.0]])
    assert np.isnan(picture(r.plot())[0, 1])
    assert np.isnan(picture((r * np.nan).plot())).all()


def test_breaks_colour_by_interval(r):
    ax = r.plot(0, breaks=[0, 5, 12])
    assert ax.images[0].norm.boundaries.tolist() == [0, 5, 12]


def test_a_look_at_a_large_raster_reads_few_cells(monkeypatch):
    large = pt.rast(np.zeros((1, 2000, 2000), "uint8"))
    cells = []
    plain = ArraySource.read_reduced

    def counted(self, bands, window, shape, dtype):
        cells.append(shape[0] * shape[1])
        return plain(self, bands, window, shape, dtype)

    monkeypatch.setattr(ArraySource, "read_reduced", counted)
    monkeypatch.setattr(ArraySource, "fetched", None)
    (large + 1).plot(maxcell=10_000, legend=False)
    assert 0 < sum(cells) <= 10_000


def test_a_wrong_type_is_an_error(r):
    with pytest.raises(ArgumentError, match="did you mean 'classes'"):
        r.plot(type="class")


def test_panels_with_one_range_share_it_and_one_legend(r):
    axes = r.plot(common=True)
    assert {image.get_clim() for ax in axes.ravel() for image in ax.images} == {(0, 23)}
    assert len(axes[0, 0].figure.axes) == 3


@pytest.mark.parametrize("place", ["right", "left", "top", "bottom", "topleft", "bottomright"])
@pytest.mark.parametrize("layer", ["numbers", "classes"])
def test_a_legend_is_never_cut_off(place, layer):
    r = pt.rast(np.arange(12.0).reshape(3, 4) % 3)
    if layer == "classes":
        r = r.as_int()
        r.levels = {0: "a rather long label", 1: "b", 2: "c"}
    ax = r.plot(legend=place, legend_title="title", figsize=(4, 3))
    figure = ax.figure
    figure.canvas.draw()
    shown = figure.get_tightbbox()
    width, height = figure.get_size_inches()
    assert shown.x0 > -0.1
    assert shown.y0 > -0.1
    assert shown.x1 < width + 0.1
    assert shown.y1 < height + 0.1


def test_a_place_for_the_legend_that_is_none_is_an_error(r):
    with pytest.raises(ArgumentError, match="legend must be True, False, right"):
        r.plot(0, legend="middle")


def test_add_draws_over_the_last_map_and_leaves_its_frame(r):
    ax = r.plot(0)
    over = pt.rast(np.ones((2, 2)), extent=(-50, 90, -50, 90)).plot(add=True, alpha=0.5)
    assert over is ax
    assert len(ax.images) == 2
    assert ax.get_xlim() == (0, 40)


def test_adding_to_nothing_is_an_error(r):
    with pytest.raises(ArgumentError, match="there is no map to draw on"):
        r.plot(0, add=True)
    with pytest.raises(ArgumentError, match="points: there is no map"):
        r.points()


def test_two_rasters_make_a_scatter_plot(r):
    ax = r[0].plot(r[1])
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("red", "nir")
    assert np.asarray(ax.collections[0].get_offsets())[0].tolist() == [0, 12]
    with pytest.raises(ArgumentError, match="must have one layer, got 2 and 1"):
        r.plot(r[0])


def test_degrees_have_letters_and_metres_have_thousands():
    from pyterra.maps.canvas import degrees, number

    texts = [
        degrees(v, d, e)
        for v, d, e in [(12.5, 1, "EW"), (-3, 0, "NS"), (0, 0, "EW"), (180, 0, "EW"), (190, 0, "EW")]
    ]
    assert texts == ["12.5°E", "3°S", "0°", "180°", "170°W"]
    assert [number(v, d) for v, d in [(4_321_000, 0), (-0.25, 2), (1.5, 3)]] == [
        "4\u2009321\u2009000",
        "−0.25",
        "1.5",
    ]


class TestColourPictures:
    def test_full_colour_is_255_or_the_scale(self):
        r = pt.rast(np.array([[[255.0, 0.0]], [[0.0, 51.0]], [[0.0, 255.0]]]))
        image = r.plot_rgb().images[0].get_array()
        assert image[0].tolist() == [[1, 0, 0, 1], [0, 0.2, 1, 1]]
        shares = (r / 255).plot_rgb().images[0].get_array()
        assert np.allclose(shares, image)
        assert r.plot_rgb(scale=510).images[0].get_array()[0, 0, 0] == 0.5

    def test_stretches_spread_each_layer(self):
        values = np.stack([np.arange(101.0).reshape(1, -1) + 7, np.arange(101.0).reshape(1, -1) ** 2] * 2)[:3]
        linear = pt.rast(values).plot_rgb(stretch="lin").images[0].get_array()
        assert linear[0, [0, 50, 100], 0].tolist() == [0, 0.5, 1]
        ranked = pt.rast(values).plot_rgb(stretch="hist").images[0].get_array()
        assert np.allclose(ranked[0, :, 1], (np.arange(101) + 1) / 101)

    def test_missing_cells_show_through_or_have_a_colour(self):
        r = pt.rast(np.array([[[9.0, np.nan]], [[9.0, 9.0]], [[9.0, 9.0]]]))
        assert r.plot_rgb().images[0].get_array()[0, 1, 3] == 0
        assert r.plot_rgb(missing="red").images[0].get_array()[0, 1].tolist() == [1, 0, 0, 1]
        assert r.plot_rgb(bgalpha=0.5).images[0].get_array()[0, 1].tolist() == [1, 1, 1, 0.5]

    def test_what_is_wrong_is_told(self, r):
        with pytest.raises(pt.errors.LayerError):
            r.plot_rgb()
        with pytest.raises(ArgumentError, match="stretch"):
            pt.c(r, r).plot_rgb(stretch="linear")


def test_histograms_count_the_cells_that_are_not_missing():
    r = pt.rast([[1.0, 1.0, 2.0, np.nan]], names="a", units="m")
    ax = r.hist(bins=[0.5, 1.5, 2.5])
    assert [bar.get_height() for bar in ax.patches] == [2, 1]
    assert (ax.get_title(), ax.get_xlabel()) == ("a", "m")


def test_cells_are_marked_outlined_and_labelled_where_they_are_not_missing():
    r = pt.rast([[1.25, np.nan], [3.0, 4.0]], extent=(0, 2, 0, 2))
    ax = r.plot()
    r.points()
    assert np.asarray(ax.collections[-1].get_offsets()).tolist() == [[0.5, 1.5], [0.5, 0.5], [1.5, 0.5]]
    r.lines()
    assert len(ax.patches[-1].get_path().vertices) == 3 * 5
    r.text(digits=1)
    assert [t.get_text() for t in ax.texts] == ["1.2", "3.0", "4.0"]
    r.as_int().text(digits=2, cex=2)
    assert len(ax.texts) == 6


class TestArrowAndScale:
    def test_a_scale_bar_is_as_long_as_it_says(self):
        r = pt.rast(np.zeros((10, 10)), extent=(0, 10_000, 0, 10_000), crs="EPSG:3035")
        ax = r.plot()
        pt.sbar(2000, ax=ax)
        widths = [
            a.get_width()
            for a in ax.get_children()
            if type(a).__name__ == "Rectangle" and a.get_zorder() == 7
        ]
        assert sum(widths) == 2000
        assert [t.get_text() for t in ax.texts] == ["0", "1", "2 km"]

    def test_on_degrees_it_is_measured_along_the_parallel(self):
        from pyproj import Geod

        r = pt.rast(np.zeros((4, 4)), extent=(0, 4, 58, 62), crs="EPSG:4326")
        ax = r.plot()
        pt.sbar(100, xy=(1, 60), divs=1, ax=ax)
        bar = next(a for a in ax.get_children() if type(a).__name__ == "Rectangle" and a.get_zorder() == 7)
        length = Geod(ellps="WGS84").line_length(np.linspace(1, 1 + bar.get_width(), 50), [60] * 50)
        assert length == pytest.approx(100_000, rel=1e-6)

    def test_feet_are_not_metres(self):
        r = pt.rast(np.zeros((4, 4)), extent=(0, 10_000, 0, 10_000), crs="EPSG:2263")
        ax = r.plot()
        pt.sbar(ax=ax)
        widths = [
            a.get_width()
            for a in ax.get_children()
            if type(a).__name__ == "Rectangle" and a.get_zorder() == 7
        ]
        metres = float(ax.texts[-1].get_text().removesuffix(" m"))
        assert sum(widths) == pytest.approx(metres / 0.3048006096, rel=1e-6)

    def test_a_wrong_corner_is_an_error(self, r):
        r.plot(0)
        with pytest.raises(ArgumentError, match="north: xy must be two numbers or one of topright"):
            pt.north("top")
