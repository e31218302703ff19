"""tile_apply: the same as on the whole, where the margin is wide enough."""

import gc

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, JobError
from pyterra.tiles import TileGrid


@pytest.fixture
def r(tmp_path):
    values = np.random.default_rng(4).normal(size=(2, 23, 17)).astype("float32")
    values[0, 3:6, 8] = np.nan
    r = pt.rast(values, extent=(4e6, 4e6 + 1700, 3e6, 3e6 + 2300), crs="EPSG:3035", names=["a", "b"])
    r.time = ["2020-01-01", "2020-02-01"]
    return r.write_raster(tmp_path / "r.tif")


def smooth(tile, w=3):
    return tile.focal(w, "mean", na_rm=True)


def ranked(tile):
    """Not a function of single cells: the rank of each in its tile."""
    values = tile.to_numpy()
    return pt.rast(tile, vals=np.argsort(np.argsort(values.reshape(len(values), -1))).T)


@pytest.mark.parametrize("executor", ["serial", "threads", "processes"])
def test_with_a_margin_tiles_give_what_the_whole_gives(r, executor):
    made = pt.tile_apply(r, smooth, tiles=(7, 5), buffer=2, executor=executor, workers=2, w=5)
    assert np.array_equal(made.to_numpy(), r.focal(5, "mean", na_rm=True).to_numpy(), equal_nan=True)
    assert made._node.grid.same_cells(r._node.grid)
    assert made.names == ["a", "b"]


def test_the_function_sees_its_tile_and_the_margin(r):
    seen = []

    def shape(tile):
        seen.append(tile.shape[1:])
        return tile * 1

    pt.tile_apply(r, shape, tiles=(10, 17), buffer=(2, 3), executor="serial")
    assert sorted(seen) == [(5, 17), (12, 17), (14, 17)]


def test_whatever_needs_all_cells_of_a_tile_will_do(r):
    made = pt.tile_apply(r["b"], ranked, tiles=(23, 9), executor="serial")
    left = made.to_numpy()[0][:, :9]
    assert sorted(left.ravel().tolist()) == list(range(23 * 9))


def test_layers_keep_what_the_function_says_of_them(r):
    def classes(tile):
        out = (tile["b"] > 0) + 1
        out.levels = {1: "low", 2: "high"}
        out.names = "level"
        return out

    made = pt.tile_apply(r, classes, tiles=8, executor="serial")
    assert made.names == ["level"]
    assert made.levels[0].iloc[:, 1].tolist() == ["low", "high"]


def test_temporary_files_go_away_with_the_raster(r, tmp_path):
    with pt.options(tempdir=str(tmp_path)):
        made = pt.tile_apply(r, smooth, tiles=12, buffer=1, executor="serial")
    (folder,) = [p for p in tmp_path.iterdir() if p.is_dir()]
    assert made.values().shape == (23 * 17, 2)
    del made
    gc.collect()
    assert not folder.exists()


def test_a_folder_keeps_the_tiles_and_a_run_goes_on_where_it_stood(r, tmp_path):
    log = tmp_path / "calls"

    def counted(tile):
        with log.open("a") as file:
            file.write("x")
        if log.stat().st_size == 3:
            raise RuntimeError("stop")
        return tile + 1

    folder = tmp_path / "out"
    with pytest.raises(JobError, match=r"r0001_c0000: RuntimeError: stop"):
        pt.tile_apply(r, counted, tiles=(12, 9), folder=folder, executor="serial")
    made = pt.tile_apply(r, counted, tiles=(12, 9), folder=folder, executor="serial", resume=True)
    assert log.stat().st_size == 5
    assert np.array_equal(made.to_numpy(), (r + 1).to_numpy().astype("float32"), equal_nan=True)
    assert len(list(folder.glob("*.tif"))) == 4
    with pytest.raises(JobError, match="exists"):
        pt.tile_apply(r, smooth, tiles=(12, 9), folder=folder, executor="serial")


def test_tiles_may_be_given(r):
    grid = TileGrid(r.ext, 900, clip=True)
    made = pt.tile_apply(r, smooth, tiles=grid, buffer=1, executor="serial")
    assert np.array_equal(made.to_numpy(), r.focal(3, "mean", na_rm=True).to_numpy(), equal_nan=True)


def test_what_is_wrong_is_told(r):
    with pytest.raises(JobError, match="must give a SpatRaster, got ndarray"):
        pt.tile_apply(r, lambda tile: tile.to_numpy(), executor="serial")
    with pytest.raises(JobError, match="must cover its tile"):
        pt.tile_apply(r, lambda tile: tile.crop(tile.ext - 500), executor="serial")
    with pytest.raises(ArgumentError, match="buffer"):
        pt.tile_apply(r, smooth, buffer=-1)
    with pytest.raises(ArgumentError, match="tiles must be one or two whole numbers of cells, at least 1"):
        pt.tile_apply(r, smooth, tiles=0)


@pytest.mark.parametrize("what", ["function", "what it uses", "arguments", "raster", "file"])
def test_resuming_makes_tiles_again_that_would_be_computed_from_something_else(tmp_path, what):
    def run(x, fun, **arguments):
        return pt.tile_apply(
            x, fun, tiles=2, folder=tmp_path / "tiles", resume=True, executor="serial", **arguments
        ).values(drop=True)

    def plus(n):
        return lambda tile, k=1: tile * k + n

    path = tmp_path / "x.tif"
    x = pt.rast(np.arange(8.0).reshape(2, 4)).write_raster(path)
    first = run(x, plus(1))
    assert first.tolist() == (np.arange(8.0) + 1).tolist()
    if what == "function":
        assert run(x, lambda tile, k=1: tile * k - 1).tolist() == (np.arange(8.0) - 1).tolist()
    if what == "what it uses":
        assert run(x, plus(5)).tolist() == (np.arange(8.0) + 5).tolist()
    if what == "arguments":
        assert run(x, plus(1), k=3).tolist() == (np.arange(8.0) * 3 + 1).tolist()
    if what == "raster":
        assert run(x * 2, plus(1)).tolist() == (np.arange(8.0) * 2 + 1).tolist()
    if what == "file":
        pt.rast(np.arange(8.0, 16.0).reshape(2, 4)).write_raster(path, overwrite=True)
        assert run(pt.rast(path), plus(1)).tolist() == (np.arange(8.0, 16.0) + 1).tolist()


def test_resuming_leaves_out_what_was_computed_from_the_same(tmp_path):
    calls = []

    def run():
        calls.clear()
        x = pt.rast(tmp_path / "x.tif")
        told = calls
        return pt.tile_apply(
            x,
            lambda tile: told.append(1) or tile,
            tiles=2,
            folder=tmp_path / "tiles",
            resume=True,
            executor="serial",
        )

    pt.rast(np.arange(8.0).reshape(2, 4)).write_raster(tmp_path / "x.tif")
    run()
    assert len(calls) == 2
    run()
    assert len(calls) == 0
