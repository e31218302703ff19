"""Parts and files of the gapfill job: what is kept for the next run, what values rest on, files for the cloud."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, JobError
from pyterra.workflows import gapfill_steps
from pyterra.workflows.gapfill import gapfill

NAN = np.nan
SHAPE = (5, 7)


def write_stack(folder, datatype=("uint8",) * 12, seed=1, nodata=255):
    folder.mkdir()
    rng = np.random.default_rng(seed)
    for k, kind in enumerate(datatype):
        values = rng.integers(0, 100, SHAPE).astype(float)
        values[rng.random(SHAPE) < 0.4] = NAN
        path = folder / f"ndvi_{np.datetime64('2020-02-15') + 91 * k}.tif"
        pt.rast(values, crs="EPSG:32632").write_raster(path, datatype=kind, nodata=nodata)
    return folder


def values(paths):
    return np.concatenate([pt.rast(path).to_numpy() for path in paths])


@pytest.mark.parametrize("kinds", [("uint8",) * 12, ("uint8", "int16") * 6])
def test_tiles_do_not_show_in_the_result(tmp_path, kinds):
    folder = write_stack(tmp_path / "in", kinds)
    whole, tiled = (
        gapfill(folder, tmp_path / str(size), method="swa", season_size=4, tile_size=size) for size in (64, 3)
    )
    np.testing.assert_array_equal(values(whole.paths), values(tiled.paths))
    assert whole.after == tiled.after
    assert [pt.rast(p)._node.layers[0].storage for p in tiled.paths] == list(kinds)


@pytest.mark.parametrize(
    ("kinds", "stored"),
    [(("uint8",) * 12, "uint8"), (("uint8", "int16") * 6, "float64"), (("float32",) * 12, "float32")],
)
def test_parts_are_stored_as_the_files_where_these_are_alike(tmp_path, kinds, stored):
    nodata = NAN if stored == "float32" else 255
    folder = write_stack(tmp_path / "in", kinds, nodata=nodata)
    report = gapfill(folder, tmp_path / "out", method="linear", resume=True)
    parts = list((tmp_path / "out" / "parts").glob("*.tif"))
    assert len(parts) == 1
    assert {layer.storage for layer in pt.rast(parts[0])._node.layers} == {stored}
    np.testing.assert_allclose(
        values(report.paths), pt.rast(parts[0]).to_numpy(), atol=0.5
    )  # rounded in the files


def test_quality_tells_what_values_rest_on(tmp_path):
    folder = write_stack(tmp_path / "in")
    report = gapfill(
        folder, tmp_path / "out", method=["swa", "linear"], season_size=4, quality=True, tile_size=3
    )
    stack = pt.rast(sorted(folder.glob("*.tif")))
    expected = stack.reconstruct(season_size=4, quality=True).to_numpy()[12:]
    found = values(report.quality)
    np.testing.assert_allclose(found, expected, atol=0.51)
    assert (found[~np.isnan(stack.to_numpy())] == 100).all()
    assert pt.rast(report.quality[0]).names == [f"{stack.names[0]}_quality"]


def test_quality_of_deseasoned_is_that_of_its_means(tmp_path):
    folder = write_stack(tmp_path / "in")
    report = gapfill(
        folder, tmp_path / "out", method=("deseasoned", {"att_seas": 30.0}), season_size=4, quality=True
    )
    stack = pt.rast(sorted(folder.glob("*.tif")))
    expected = stack.reconstruct(season_size=4, att_seas=30, att_env=0, quality=True).to_numpy()[12:]
    np.testing.assert_allclose(values(report.quality), expected, atol=0.51)


def test_lines_have_no_quality(tmp_path):
    folder = write_stack(tmp_path / "in")
    with pytest.raises(ArgumentError, match=r"quality is that of weighted means \(swa, deseasoned"):
        gapfill(folder, tmp_path / "out", quality=True)
    assert not (tmp_path / "out").exists()


def test_an_interrupted_run_goes_on_where_it_stopped(tmp_path, monkeypatch):
    folder, out = write_stack(tmp_path / "in"), tmp_path / "out"
    made, real = [], gapfill_steps.filled

    def failing(*arguments):
        made.append(1)
        if len(made) == 4:  # once before anything is made, then one call a tile
            raise RuntimeError("power cut")
        return real(*arguments)

    monkeypatch.setattr(gapfill_steps, "filled", failing)
    how = {"method": "swa", "season_size": 4, "tile_size": 3, "resume": True}
    with pytest.raises(JobError, match="power cut"):
        gapfill(folder, out, **how)
    assert not list(out.glob("*.tif"))
    before = len(made)
    report = gapfill(folder, out, **how)
    tiles = 6
    assert len(made) - before == tiles - (before - 1)
    assert len(values(report.paths)) == 12
    when = [path.stat().st_mtime_ns for path in report.paths]
    gapfill(folder, out, **how)
    assert [path.stat().st_mtime_ns for path in report.paths] == when
    other = gapfill(folder, out, **{**how, "method": "linear"})
    assert [path.stat().st_mtime_ns for path in other.paths] != when


def test_files_for_the_cloud(tmp_path):
    import rasterio

    report = gapfill(write_stack(tmp_path / "in"), tmp_path / "out", cog=True)
    with rasterio.open(report.paths[0]) as file:
        assert file.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert file.dtypes == ("uint8",)
