"""A preview reads few cells: no more than four times those that it shows, of every file, or the case says why."""

from dataclasses import dataclass, replace
from typing import Any

import matplotlib
import numpy as np
import pytest
from cases import RASTERS

import pyterra as pt
from pyterra.expr import Read, coarsen, rewritten
from pyterra.io.raster.raster_file import FileSource
from pyterra.run import to_array

matplotlib.use("Agg")

FACTOR = 4


@dataclass(eq=False)
class Counting:
    """A source that notes how many cells of a layer were asked for."""

    source: Any
    cells: int = 0

    def __getattr__(self, name):
        return getattr(self.source, name)

    def fetched(self, bands, window):
        self.cells += window.cells
        return self.source.fetched(bands, window)

    def read_reduced(self, bands, window, shape, dtype):
        self.cells += shape[0] * shape[1]
        return self.source.read_reduced(bands, window, shape, dtype)


def counted(node):
    """The expression over sources that count, and these."""
    sources = []

    def rule(_, over):
        if not isinstance(over, Read) or over.source.tile is None:
            return over
        sources.append(Counting(over.source))
        return replace(over, source=sources[-1])

    return rewritten(node, lambda _: False, rule), sources


@pytest.fixture
def cells_read(monkeypatch):
    """Cells of a layer that were read of files, so far."""
    read = []
    fetched, reduced = FileSource.fetched, FileSource.read_reduced

    def counting_fetched(self, bands, window):
        read.append(window.cells)
        return fetched(self, bands, window)

    def counting_reduced(self, bands, window, shape, dtype):
        read.append(shape[0] * shape[1])
        return reduced(self, bands, window, shape, dtype)

    monkeypatch.setattr(FileSource, "fetched", counting_fetched)
    monkeypatch.setattr(FileSource, "read_reduced", counting_reduced)
    return lambda: sum(read)


@pytest.fixture
def wide(tmp_path):
    values = np.random.default_rng(5).random((2, 430, 510)).astype("float32")
    return pt.rast(values, extent=(0, 510, 0, 430), crs="EPSG:3035").write_raster(tmp_path / "wide.tif")


LOOKS = {
    "plot": (lambda r: r.plot(maxcell=2000), 2000 * 2),  # two panels of one reading each, or one of both
    "thumbnail": (lambda r: r._repr_html_(), 40_000),
    "sample": (lambda r: r.spat_sample(2000, "regular", as_raster=True).to_numpy(), 2000),
    "sample of a side": (lambda r: r.spat_sample((57, 43), "regular", as_raster=True).to_numpy(), 57 * 43),
    "scatter plot": (lambda r: r[0].plot(r[1]), 2 * 20_000),
}


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("verb", ["read", "flip", "merge", "t", "aggregate", "focal"])
def test_looking_at_a_file_reads_few_of_its_cells(look, verb, wide, cells_read):
    made = {
        "read": lambda: wide,
        "flip": wide.flip,
        "t": wide.t,
        "merge": lambda: pt.merge(wide.crop((0, 300, 0, 430)), wide.crop((200, 510, 0, 430))),
        "aggregate": lambda: wide.aggregate(2),
        "focal": lambda: wide.focal(3),
    }[verb]()
    show, cells = LOOKS[look]
    if (
        verb == "aggregate"
    ):  # four cells of every group, in a preview that may have more cells than the sample
        cells *= 2
    show(made)
    assert 0 < cells_read() <= 4 * cells


class TestPreviews:
    cases = RASTERS

    def test_a_preview_reads_at_most_four_times_the_cells_it_shows(self, case, all_inputs, build):
        result = build(case, all_inputs("files"))
        if result is None:
            pytest.skip("the verb cannot take this input")
        full, sources = counted(result._node)
        preview = coarsen(full, FACTOR)
        assert to_array(preview).shape[1:] == (preview.grid.nrow, preview.grid.ncol)
        shown = preview.grid.cells
        most = max([source.cells for source in sources], default=0)
        if case.preview:
            assert most > 4 * shown, "the reason is no longer true"
        else:
            assert most <= 4 * shown, [(source.cells, shown) for source in sources]
