"""Within the memory budget no stored tile is decoded, or encoded, more than once, however deep the stack."""

import sys
import warnings
from collections import Counter
from itertools import product

import numpy as np
import pytest
import rasterio
from rasterio.io import DatasetWriter

import pyterra as pt
from pyterra.errors import PyterraWarning
from pyterra.io.raster.raster_file import FileSource
from pyterra.plan import Blocks, costs, plan
from pyterra.run.held import held
from pyterra.tiles import mosaic_band

planning = sys.modules["pyterra.plan.plan"]

NROW, NCOL = 100, 150
SHAPES = {
    "tiles": {"tiled": True, "blockxsize": 32, "blockysize": 16},
    "larger tiles": {"tiled": True, "blockxsize": 96, "blockysize": 48},
    "strips": {"tiled": False, "blockysize": 3},
    "one strip": {"tiled": False, "blockysize": NROW},
}


def write(path, layers, shape, interleave, dtype="float32"):
    rng = np.random.default_rng(layers)
    values = rng.integers(0, 200, (layers, NROW, NCOL)).astype(dtype)
    profile = {
        "width": NCOL,
        "height": NROW,
        "count": layers,
        "dtype": dtype,
        "nodata": 3,
        "crs": "EPSG:3035",
    }
    place = rasterio.transform.from_origin(0, NROW, 1, 1)
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        **profile,
        transform=place,
        compress="deflate",
        interleave=interleave,
        **SHAPES[shape],
    ) as file:
        file.write(values)
    return path


@pytest.fixture
def small_blocks(monkeypatch):
    """Blocks so small that these rasters are large."""
    monkeypatch.setattr(costs, "AT_ONCE_BYTES", 200_000)
    monkeypatch.setattr(costs, "STRIP_BYTES", 50_000)
    monkeypatch.setattr(planning, "TARGET_BYTES", 200_000)
    monkeypatch.setattr(planning, "LEAST_SIDE", 16)


@pytest.fixture
def counted(monkeypatch):
    """How often each tile of each band was read, and written."""
    read, written = Counter(), Counter()
    fetch, put = FileSource.read_stored, DatasetWriter.write

    def reading(self, bands, window, shape=None):
        rows, cols = self.tile
        for band, row, col in product(
            bands,
            range(window.row // rows, (window.row_stop - 1) // rows + 1),
            range(window.col // cols, (window.col_stop - 1) // cols + 1),
        ):
            read[self.path, band, row, col] += 1
        return fetch(self, bands, window, shape)

    def writing(self, values, indexes=None, window=None, **more):
        if window is not None:  # as pyterra writes: whole tiles
            (first, last), (left, right) = (
                tiles_of(*at)
                for at in zip(
                    (window.row_off, window.col_off),
                    (window.height, window.width),
                    self.shape,
                    self.block_shapes[0],
                    strict=True,
                )
            )
            for band, i, j in product(indexes or self.indexes, range(first, last), range(left, right)):
                written[self.name, band, i, j] += 1
        return put(self, values, indexes, window=window, **more)

    monkeypatch.setattr(FileSource, "read_stored", reading)
    monkeypatch.setattr(DatasetWriter, "write", writing)
    return read, written


def tiles_of(start, size, whole, side):
    """The first tile, and the one after the last.

    GDAL is handed whole tiles: its cache may be emptied by any thread, and then loses parts (gdal #2011).
    """
    assert start % side == 0
    assert (start + size) % side == 0 or start + size == whole
    return start // side, -(-(start + size) // side)


def tiles(shape, tile):
    return -(-shape[0] // tile[0]) * -(-shape[1] // tile[1])


def check(x, sources, expected, counted, tmp_path, **options):
    read, written = counted
    out = x.write_raster(tmp_path / "out.tif", **options)
    assert set(read.values()) == {1}
    assert len(read) == sum(len(s.bands) * tiles(s.shape, s.tile) for s in sources)
    assert set(written.values()) == {1}
    with rasterio.open(tmp_path / "out.tif") as file:
        assert len(written) == file.count * tiles((NROW, NCOL), file.block_shapes[0])
    np.testing.assert_array_equal(out.to_numpy(), expected.astype(out.to_numpy().dtype))


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("interleave", ["band", "pixel"])
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("layers", [1, 40])
def test_tiles_are_decoded_and_encoded_once(
    layers, shape, interleave, workers, tmp_path, small_blocks, counted
):
    r = pt.rast(write(tmp_path / "in.tif", layers, shape, interleave))
    result = r.approximate(rule=2) if layers > 1 else r * 2 + 1
    expected = (
        pt.rast(r.to_numpy(), extent=r.ext, crs=r.crs).approximate(rule=2) if layers > 1 else r * 2 + 1
    ).to_numpy()
    counted[0].clear()
    held.clear()
    with pt.options(workers=workers, executor="threads"):
        check(
            result,
            [r._node.source],
            expected,
            counted,
            tmp_path,
            options={"BLOCKXSIZE": 32, "BLOCKYSIZE": 32},
        )


def test_a_series_of_files_is_decoded_once(tmp_path, small_blocks, counted):
    files = [write(tmp_path / f"{i}.tif", 1, "tiles", "band", "int16") for i in range(30)]
    r = pt.rast(files)
    expected = r.to_numpy()
    counted[0].clear()
    held.clear()
    sources = [node.source for node in r._node.inputs]
    options = {"BLOCKXSIZE": 32, "BLOCKYSIZE": 32}
    check(r, sources, expected, counted, tmp_path, options=options)


def test_what_is_fetched_is_what_a_user_function_and_a_statistic_get(tmp_path, small_blocks, counted):
    r = pt.rast(write(tmp_path / "in.tif", 40, "tiles", "band"))
    in_memory = pt.rast(r.to_numpy(), extent=r.ext, crs=r.crs)
    for ask in (
        lambda x: x.app("mean").to_numpy(),
        lambda x: x.app(lambda v: v.max() - v.min()).to_numpy(),
        lambda x: x.global_("sum", na_rm=True).to_numpy(),
        lambda x: x.focal(3, "mean", na_rm=True).to_numpy(),
        lambda x: x.aggregate(4, "max", na_rm=True).to_numpy(),
        lambda x: x.flip().to_numpy(),
    ):
        np.testing.assert_array_equal(ask(r), ask(in_memory))
    counted[0].clear()
    held.clear()
    r.global_("sum", na_rm=True)
    assert set(counted[0].values()) == {1}


@pytest.mark.parametrize("interleave", ["band", "pixel"])
@pytest.mark.parametrize("tiled", [True, False])
@pytest.mark.parametrize("layers", [1, 24, 126, 1000])
def test_plans_of_real_size_hold_whole_tiles(layers, tiled, interleave, tmp_path, monkeypatch):
    monkeypatch.setattr(planning, "memory_budget", lambda: 4 * 2**30)
    path = tmp_path / "sparse.tif"
    layout = {"tiled": True, "blockxsize": 256, "blockysize": 256} if tiled else {"blockysize": 2}
    with rasterio.open(
        path, "w", driver="GTiff", width=3000, height=2000, count=layers, dtype="float32", sparse_ok=True,
        interleave=interleave, crs="EPSG:3035", transform=rasterio.transform.from_origin(0, 2000, 1, 1), **layout
    ):  # fmt: skip
        pass
    from pyterra.io.raster.layout import file_tile

    node = (pt.rast(path).approximate(rule=2) if layers > 1 else pt.rast(path) * 2)._node
    tile = file_tile(4 * layers, (2000, 3000), node.tiling)
    found = plan(
        node, held=lambda _: False, sink_tile=tile, extra_per_cell=16 * layers, finished_per_cell=4 * layers
    )
    assert found.decodes == 1
    assert not found.torn
    assert found.blocks.nrow % tile[0] == 0
    assert found.blocks.ncol % tile[1] == 0 or found.blocks.ncol == 3000
    assert found.total_bytes <= 4 * 2**30


@pytest.mark.parametrize("executor", ["serial", "threads", "processes"])
@pytest.mark.parametrize("shape", ["larger tiles", "one strip"])
def test_tiles_that_do_not_fit_are_decoded_and_encoded_once_by_way_of_the_disk(
    shape, executor, tmp_path, monkeypatch, small_blocks, counted
):
    r = pt.rast(write(tmp_path / "in.tif", 40, shape, "band"))
    result = r.approximate(rule=2)
    expected = pt.rast(r.to_numpy(), extent=r.ext, crs=r.crs).approximate(rule=2).to_numpy()
    monkeypatch.setattr(planning, "memory_budget", lambda: 2_000_000)
    monkeypatch.setattr("pyterra.io.raster.gdal.CACHE_BYTES", 100_000)
    read, written = counted
    read.clear()
    held.clear()
    options = {"BLOCKXSIZE": 96, "BLOCKYSIZE": 96}
    with pt.options(executor=executor, workers=2, tempdir=tmp_path, progress=False):
        out = result.write_raster(tmp_path / "out.tif", options=options)
    monkeypatch.setattr(planning, "memory_budget", lambda: 2**30)
    if executor != "processes":
        assert set(read.values()) == {1}
    assert set(written.values()) == {1}
    assert len(written) == 40 * tiles((NROW, NCOL), (96, 96))
    assert (tmp_path / "out.tif").stat().st_size < 40 * NROW * NCOL * 4
    np.testing.assert_array_equal(out.to_numpy(), expected.astype("float32"))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in.tif", "out.tif"]


def write_by_rows(tmp_path):
    out = pt.rast(nrows=20, ncols=9, nlyrs=3).write_start(tmp_path / "out.tif")
    for row in range(0, 20, 3):
        rows = min(3, 20 - row)
        out.write_values(np.full(3 * rows * 9, row), row, rows)
    out.write_stop()


def write_blocks(tmp_path):
    r = pt.rast(write(tmp_path / "in.tif", 40, "one strip", "band"))
    tiles = {"BLOCKXSIZE": 32, "BLOCKYSIZE": 32}
    for interleave in ("band", "pixel"):
        r.approximate(rule=2).write_raster(
            tmp_path / f"{interleave}.tif", options={**tiles, "INTERLEAVE": interleave}
        )


def write_mosaic(tmp_path):
    r = pt.rast(write(tmp_path / "in.tif", 1, "tiles", "band", "uint8"))
    for name, edges in {"left": (0, 70, 0, 100), "right": (70, 150, 20, 100)}.items():
        r.crop(pt.ext(*edges)).write_raster(tmp_path / f"{name}.tif")
    files = [tmp_path / "left.tif", tmp_path / "right.tif"]
    mosaic_band(files, tmp_path / "out.tif", options={"BLOCKSIZE": 128})


@pytest.mark.parametrize("make", [write_by_rows, write_blocks, write_mosaic])
def test_gdal_is_handed_whole_tiles_once(make, tmp_path, monkeypatch, small_blocks, counted):
    monkeypatch.setattr(planning, "memory_budget", lambda: 2_000_000)
    make(tmp_path)
    assert set(counted[1].values()) == {1}


def test_a_plan_whose_tiles_fit_neither_memory_nor_disk_says_so(tmp_path, monkeypatch, small_blocks):
    r = pt.rast(write(tmp_path / "in.tif", 40, "one strip", "band"))
    monkeypatch.setattr(planning, "memory_budget", lambda: 2_000_000)
    monkeypatch.setattr("pyterra.io.shelf.FREE_SHARE", 0)
    with pytest.warns(
        PyterraWarning, match=r"every stored tile is decoded some \d+ times.*raise options\(memory"
    ):
        r.approximate(rule=2).write_raster(tmp_path / "out.tif", options={"BLOCKXSIZE": 32, "BLOCKYSIZE": 32})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        monkeypatch.undo()
        r.approximate(rule=2).write_raster(tmp_path / "out.tif", overwrite=True)


def test_tiles_are_no_larger_than_the_raster(tmp_path):
    pt.rast(np.zeros((300, 20, 20))).write_raster(tmp_path / "small.tif")
    with rasterio.open(tmp_path / "small.tif") as file:
        assert file.block_shapes[0] == (32, 32)
    assert (tmp_path / "small.tif").stat().st_size < 300 * 20 * 20 * 8


@pytest.mark.parametrize("verb", ["patches", "distance"])
def test_a_sweep_reads_tiles_once_to_survey_and_once_for_the_values(verb, tmp_path, monkeypatch, counted):
    monkeypatch.setattr("pyterra.run.sweep.SHARE_KEPT", 0)
    monkeypatch.setattr("pyterra.run.sweep.LEAST_ROWS", 4)
    path = write(tmp_path / "in.tif", 1, "tiles", "band")
    whole = getattr(pt.rast(path), verb)().to_numpy()
    monkeypatch.setattr("pyterra.run.sweep.strips_of", lambda node: Blocks(node.grid.window, 4, NCOL))
    monkeypatch.setattr(costs, "AT_ONCE_BYTES", 200_000)
    monkeypatch.setattr(costs, "LEAST_STRIP_BYTES", 50_000)
    monkeypatch.setattr(costs, "STRIP_BYTES", 50_000)
    counted[0].clear()
    out = getattr(pt.rast(path), verb)().write_raster(
        tmp_path / "out.tif", options={"BLOCKXSIZE": 32, "BLOCKYSIZE": 32}, datatype="float64"
    )
    assert set(counted[0].values()) == {2}
    assert set(counted[1].values()) == {1}
    np.testing.assert_array_equal(out.to_numpy(), whole)
