"""A source that is not what it was when the raster was defined is an error, not numbers on the wrong grid."""

import os
import time
import zipfile

import numpy as np
import pytest
import rasterio

import pyterra as pt
from pyterra.errors import ReadError, SourceChangedError, SourceError

TRANSFORM = rasterio.Affine(30.0, 0.0, 5e5, 0.0, -30.0, 5e6)


def write(path, side=64, dtype="int16", value=1):
    profile = {
        "driver": "GTiff", "width": side, "height": side, "count": 1, "dtype": dtype, "crs": "EPSG:32631",
        "transform": TRANSFORM, "tiled": True, "blockxsize": 16, "blockysize": 16,
    }  # fmt: skip
    with rasterio.open(path, "w", **profile) as file:
        file.write(np.full((1, side, side), value, dtype))
    return path


CHANGES = {"size": {"side": 80}, "dtype": {"dtype": "float32"}, "values": {"value": 2}}


def replace(path, **change):
    """Another file in its place, as a safe writer does it."""
    new = write(path.with_name("new.tif"), **change)
    os.replace(new, path)


def rewrite(path, **change):
    """The same file written anew, as GDAL does it."""
    time.sleep(0.02)  # file systems count time in steps of some milliseconds
    write(path, **change)


def patch(path, **change):
    """The same file with other bytes in it."""
    time.sleep(0.02)
    with rasterio.open(path, "r+") as file:
        file.write(np.full((1, 16, 16), 9, file.dtypes[0]), window=rasterio.windows.Window(0, 0, 16, 16))


@pytest.mark.parametrize("how", [replace, rewrite])
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("read_before", [False, True], ids=["unread", "read before"])
@pytest.mark.parametrize("executor", ["threads", "processes"])
def test_a_replaced_source_is_noticed(tmp_path, how, change, read_before, executor):
    path = write(tmp_path / "a.tif")
    r = pt.rast(path) + 1
    with pt.options(executor=executor, workers=2):
        if read_before:
            assert (r * 1).to_numpy().max() == 2
        how(path, **CHANGES[change])
        with pytest.raises(SourceChangedError, match=r"a\.tif has changed since"):
            (r * 2).to_numpy()
        with pytest.raises(SourceChangedError, match=r"a\.tif has changed since"):
            r.write_raster(tmp_path / "out.tif")
    assert not (tmp_path / "out.tif").exists()


@pytest.mark.parametrize("read_before", [False, True], ids=["unread", "read before"])
def test_bytes_written_into_a_source_are_noticed(tmp_path, read_before):
    path = write(tmp_path / "a.tif")
    r = pt.rast(path)
    if read_before:
        assert (r * 1).to_numpy().max() == 1
    patch(path)
    with pytest.raises(SourceChangedError, match=r"a\.tif has changed since"):
        r.global_("mean")


def test_a_source_that_is_gone_is_named(tmp_path):
    path = write(tmp_path / "a.tif")
    r = pt.rast(path)
    path.unlink()
    with pytest.raises(SourceChangedError, match=r"a\.tif is gone since"):
        r.to_numpy()


def test_a_raster_made_anew_reads_the_new_file(tmp_path):
    path = write(tmp_path / "a.tif")
    assert pt.rast(path).to_numpy().max() == 1
    rewrite(path, value=5)
    assert pt.rast(path).to_numpy().max() == 5


def test_a_changed_virtual_raster_is_noticed(tmp_path):
    left = write(tmp_path / "left.tif")
    r = pt.vrt([left], tmp_path / "both.vrt")
    assert (r * 1).to_numpy().max() == 1
    time.sleep(0.02)
    text = (tmp_path / "both.vrt").read_text()
    (tmp_path / "both.vrt").write_text(text.replace("left.tif", "lost.tif"))
    with pytest.raises(SourceChangedError, match=r"both\.vrt has changed"):
        (r + 0).to_numpy()


# Members of virtual rasters


def beside(folder, second="b.tif"):
    """Two files side by side."""
    left, right = write(folder / "a.tif"), write(folder / second)
    with rasterio.open(right, "r+") as file:
        file.transform = TRANSFORM @ rasterio.Affine.translation(64, 0)
    return left, right


def virtual(folder, nested=False):
    left, right = beside(folder)
    r = pt.vrt([left, right], folder / "both.vrt")
    return pt.vrt([folder / "both.vrt"], folder / "outer.vrt") if nested else r


@pytest.mark.parametrize("how", [replace, rewrite])
@pytest.mark.parametrize("make", ["file", "nested", "temporary"])
@pytest.mark.parametrize("read_before", [False, True], ids=["unread", "read before"])
def test_a_member_of_a_mosaic_that_was_replaced_is_noticed(tmp_path, how, make, read_before):
    if make == "temporary":
        r = pt.vrt(beside(tmp_path))
    else:
        r = virtual(tmp_path, nested=make == "nested")
    if read_before:
        assert r.to_numpy().max() == 1
    how(tmp_path / "a.tif", value=2)
    with pytest.raises(SourceChangedError, match=r"(a\.tif|both\.vrt) has changed since"):
        r.to_numpy()
    if make != "temporary":
        again = pt.rast(r.sources()[0])
        assert (again.to_numpy() == [2] * 64 + [1] * 64).all()


def test_only_members_below_a_window_are_looked_at(tmp_path):
    r = virtual(tmp_path)
    rewrite(tmp_path / "a.tif", value=2)
    assert (r[:, 70:80] == 1).all()


@pytest.mark.parametrize("back", [False, True], ids=["stays away", "comes back"])
def test_a_member_that_vanished_is_never_zeros(tmp_path, back):
    r = virtual(tmp_path)
    other = pt.vrt([tmp_path / "b.tif"], tmp_path / "other.vrt")
    assert (other * 1).to_numpy().max() == 1
    gone = tmp_path / "a.tif"
    gone.rename(tmp_path / "away.tif")
    for raster in (r, r, pt.rast(tmp_path / "both.vrt"), pt.rast(tmp_path / "both.vrt")):
        with pytest.raises(SourceError, match=r"a\.tif is gone"):
            (raster * 1).to_numpy()
    if back:
        (tmp_path / "away.tif").rename(gone)
        assert (pt.rast(tmp_path / "both.vrt").to_numpy() == 1).all()


def test_a_member_that_cannot_be_opened_is_an_error_every_time_and_never_zeros(tmp_path):
    """GDAL says so once and gives zeros from then on while any virtual raster is open."""
    virtual(tmp_path)
    other = pt.vrt([tmp_path / "b.tif"], tmp_path / "other.vrt")
    assert (other * 1).to_numpy().max() == 1
    content = (tmp_path / "a.tif").read_bytes()
    (tmp_path / "a.tif").write_bytes(b"no raster at all")
    for _ in range(4):
        with pytest.raises(ReadError, match=r"both\.vrt"):
            (pt.rast(tmp_path / "both.vrt") * 1).to_numpy()
    (tmp_path / "a.tif").write_bytes(content)
    assert (pt.rast(tmp_path / "both.vrt").to_numpy() == 1).all()


# Paths of other forms


def zipped(path):
    archive = path.with_suffix(".zip")
    with zipfile.ZipFile(archive, "w") as file:
        file.write(path, "a.tif")
    return archive


FORMS = {
    "file": lambda p: f"file://{p}",
    "zip": lambda p: f"zip://{zipped(p)}!a.tif",
    "zip+file": lambda p: f"zip+file://{zipped(p)}!a.tif",
    "/vsizip/": lambda p: f"/vsizip/{zipped(p)}/a.tif",
    "page of a TIFF": lambda p: f"GTIFF_DIR:1:{p}",
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_path_has_a_state(tmp_path, form):
    path = write(tmp_path / "a.tif")
    r = pt.rast(FORMS[form](path))
    assert (r * 1).to_numpy().max() == 1
    rewrite(path, value=2)
    again = FORMS[form](path)
    with pytest.raises(SourceChangedError, match="has changed since"):
        (r * 1).to_numpy()
    assert pt.rast(again).to_numpy().max() == 2


def test_an_old_time_put_back_does_not_hide_a_change(tmp_path):
    path = write(tmp_path / "a.tif")
    r, then = pt.rast(path), path.stat()
    rewrite(path, value=2)
    os.utime(path, ns=(then.st_atime_ns, then.st_mtime_ns))
    with pytest.raises(SourceChangedError, match="has changed since"):
        r.to_numpy()


def test_the_data_beside_a_header_belong_to_it(tmp_path):
    path = tmp_path / "a.img"
    profile = {
        "driver": "ENVI",
        "width": 2,
        "height": 2,
        "count": 1,
        "dtype": "uint8",
        "transform": TRANSFORM,
    }
    with rasterio.open(path, "w", **profile) as file:
        file.write(np.ones((1, 2, 2), "uint8"))
    r = pt.rast(path)
    time.sleep(0.02)
    header = tmp_path / "a.hdr"
    header.write_text(header.read_text().replace("data type = 1", "data type = 1 "))
    with pytest.raises(SourceChangedError, match=r"a\.hdr has changed since"):
        r.to_numpy()


def test_what_is_in_memory_of_gdal_is_read_anew(tmp_path):
    with rasterio.MemoryFile(write(tmp_path / "a.tif").read_bytes(), filename="a.tif") as memory:
        r = pt.rast(memory.name)
        assert r.to_numpy().max() == 1
        with rasterio.open(memory.name, "r+") as file:
            file.write(np.full((1, 64, 64), 3, "int16"))
        assert r.to_numpy().max() == 3
        assert pt.rast(memory.name).to_numpy().max() == 3
        write(memory.name, side=8)
        with pytest.raises(SourceChangedError, match=r"a\.tif has changed since"):
            r.to_numpy()


def test_values_that_were_kept_go_with_their_source(tmp_path):
    path = write(tmp_path / "a.tif")
    r = pt.rast(path) + 1
    assert (r.to_numpy().max(), r.global_("max").iloc[0, 0]) == (2, 2)
    rewrite(path, value=5)
    for ask in (r.to_numpy, lambda: r.global_("max"), (r * 2).to_numpy):
        with pytest.raises(SourceChangedError, match="has changed since"):
            ask()
