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


def test_layers_are_panels_with_their_names(r):
    axes = r.plot()
    assert [ax.get_title() for ax in axes.ravel()] == ["red", "nir"]


def test_a_factor_is_drawn_as_classes_with_their_labels():
    r = pt.rast(np.array([[1, 2], [2, 1]], "uint8"))
    r.levels = LABELS
    ax = r.plot()
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["water", "forest"]
    assert picture(ax).tolist() == [[0, 1], [1, 0]]


@pytest.mark.parametrize("values", [[[2, 2]], [[np.nan, 2]], [[np.nan, np.nan]]])
def test_classes_that_do_not_occur_are_in_the_legend_if_asked_for(values):
    r = pt.rast(values)
    r.levels = LABELS
    ax = r.plot(all_levels=True)
    seen = [] if ax.get_legend() is None else [text.get_text() for text in ax.get_legend().get_texts()]
    assert seen == (["water", "forest"] if np.isfinite(values).any() else [])
    np.testing.assert_array_equal(picture(ax), np.array(values) - 1)


def test_smooth_maps_run_from_cell_to_cell_but_classes_do_not(r):
    assert [r[0].plot(smooth=smooth).images[0].get_interpolation() for smooth in (False, True)] == [
        "nearest", "bilinear",
    ]  # fmt: skip
    assert (r[0] > 3).plot(smooth=True).images[0].get_interpolation() == "nearest"


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
        r.plot(type="clases")


def test_two_rasters_make_a_scatter_plot(r):
    ax = r[0].plot(r[1])
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("red", "nir")
    assert np.asarray(ax.collections[0].get_offsets())[0].tolist() == [0, 12]
    with pytest.raises(ArgumentError, match="must have one layer, got 2 and 1"):
        r.plot(r[0])
