"""The file behind a raster, changed."""

import os
import threading
from pathlib import Path

import numpy as np
import pytest
import rasterio

import pyterra as pt
from pyterra.errors import (
    ArgumentError,
    LayerError,
    SinkError,
    SourceChangedError,
    ValueRangeError,
    WriteError,
)
from pyterra.io.formats import RASTER
from pyterra.io.safe.verify import Digests

NAN = float("nan")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.tif"


@pytest.fixture
def r(path):
    """Three layers of bytes of a file, 2 x 3 cells."""
    values = np.arange(18.0).reshape(3, 2, 3)
    return pt.rast(values, names=["a", "b", "c"], crs="EPSG:32633").write_raster(
        path, datatype="uint8", nodata=255
    )


def test_one_value_goes_to_cells_of_all_layers(r, path):
    now = r.update(cells=[0, 5], values=99)
    assert now.values()[[0, 5]].tolist() == [[99] * 3, [99] * 3]
    assert (
        now.values()[1:5].tolist()
        == pt.rast(path).values()[1:5].tolist()
        == [[i, i + 6, i + 12] for i in range(1, 5)]
    )


def test_one_value_per_cell_goes_to_all_layers(r):
    assert r.update(cells=[1, 2], values=[50, NAN]).values()[1:3].tolist()[0] == [50] * 3
    assert np.isnan(pt.rast(r.sources()[0]).values()[2]).all()


@pytest.mark.parametrize("values", [[1, 2, 3, 4], [[1, 2], [3, 4]]])
def test_values_per_layer_and_cell_go_layer_by_layer(r, values):
    now = r.update(cells=[0, 5], values=values, layer=["c", "a"])
    assert now.values()[[0, 5]].tolist() == [[3, 6, 1], [4, 11, 2]]


def test_of_several_values_for_a_cell_the_last_counts(r):
    assert r.update(cells=[4, 4, 4], values=[7, 8, 9], layer=0)[0].values(drop=True).tolist() == [
        0,
        1,
        2,
        3,
        9,
        5,
    ]


def test_names_crs_and_extent_are_changed_where_asked(r, path):
    r.names, r.crs, r.ext = ["x", "y", "z"], "EPSG:3035", (10, 16, 0, 4)
    values = r.values()
    told = pt.rast(path)
    now = r.update(names=True)
    assert (now.names, now.crs, now.ext) == (["x", "y", "z"], told.crs, told.ext)
    now.crs = "EPSG:3035"
    now.ext = (10, 16, 0, 4)
    now = now.update(crs=True, extent=True)
    for found in (now, pt.rast(path)):
        assert (found.names, found.crs.to_epsg(), tuple(found.ext)) == (["x", "y", "z"], 3035, (10, 16, 0, 4))
        assert (found.values() == values).all()


def test_a_crs_is_taken_away(r, path):
    r.crs = ""
    assert r.update(crs=True).crs is None
    assert pt.rast(path).crs is None


def test_of_some_layers_the_others_keep_their_names_and_cells(r, path):
    some = r[[2, 0]]
    some.names = ["last", "first"]
    now = some.update(names=True, cells=0, values=[[70], [71]])
    assert (now.names, now.values()[0].tolist()) == (["last", "first"], [70, 71])
    assert (pt.rast(path).names, pt.rast(path).values()[0].tolist()) == (["first", "b", "last"], [71, 6, 70])


def test_no_other_raster_of_the_file_mixes_old_and_new(r, path):
    other, computed = pt.rast(path), r + 1
    r.update(cells=0, values=9)
    for stale in (r, other, computed):
        with pytest.raises(SourceChangedError, match=r"make the raster again with rast\(\)"):
            stale.values()
    with pytest.raises(SourceChangedError, match=r"^update: .* has changed since"):
        other.update(cells=0, values=10)
    assert pt.rast(path)[0, 0].tolist() == [9] * 3


def test_layers_of_two_states_of_a_file_are_refused(r, path):
    before = pt.rast(path)
    r.update(cells=0, values=9)
    both = pt.c(before["a"], pt.rast(path)[["b", "c"]])
    with pytest.raises(SourceChangedError, match=r"^update: "):
        both.update(cells=1, values=9)
    assert pt.rast(path)[0, 1].tolist() == [1, 7, 13]


def test_values_are_stored_with_scale_and_offset_of_the_file(path):
    r = pt.rast([[10.0, 20], [30, 40]]).write_raster(path, datatype="uint8", scale=0.5, offset=5, nodata=0)
    assert r.update(cells=[0, 3], values=[11.5, 132]).values(drop=True).tolist() == [11.5, 20, 30, 132]
    with rasterio.open(path) as file:
        assert file.read(1).tolist() == [[13, 30], [50, 254]]


def test_fractions_are_rounded_half_away_from_zero(r):
    assert r.update(cells=[0, 1], values=[2.5, 3.4], layer="a").values()[:2, 0].tolist() == [3, 3]


def test_integers_beyond_float64_are_stored_to_the_last_digit(path):
    pt.rast(np.zeros((1, 2, 2))).write_raster(path, datatype="int64", nodata=-1)
    pt.rast(path).update(cells=[1, 2], values=[2**60 + 1, -(2**61) - 3])
    with rasterio.open(path) as file:
        assert file.read(1).tolist() == [[0, 2**60 + 1], [-(2**61) - 3, 0]]
    with pytest.raises(ValueRangeError, match="must be other than -1"):
        pt.rast(path).update(cells=[1], values=np.array([-1]))
    pt.rast(np.zeros((1, 2, 2))).write_raster(path, True, datatype="uint64", nodata=None)
    with pytest.raises(ValueRangeError, match=r"fit uint64 \(0 to 18446744073709551615\), got -1"):
        pt.rast(path).update(cells=[1], values=np.array([-1]))


def test_rows_of_a_file_that_begins_in_the_south_are_found(path):
    profile = {"driver": "GTiff", "width": 2, "height": 3, "count": 1, "dtype": "int16", "crs": "EPSG:3035"}
    with rasterio.open(path, "w", **profile, transform=rasterio.Affine(10, 0, 100, 0, 10, 200)) as file:
        file.write(np.arange(6, dtype="int16").reshape(1, 3, 2))
    r = pt.rast(path)
    r.ext = (0, 2, 0, 3)
    with pytest.raises(WriteError, match=r"^update: .* the extent is not kept"):  # GDAL takes it for none
        r.update(extent=True)
    r.ext = (0, 2, 10, 13)
    now = r.update(extent=True, cells=[0, 5], values=[-1, -2])
    assert (tuple(now.ext), now.is_flipped()) == ((0, 2, 10, 13), [True])
    assert now.values(drop=True).tolist() == [-1, 5, 2, 3, 0, -2]


@pytest.mark.parametrize(
    ("how", "text"),
    [
        ({}, "say what is changed"),
        ({"cells": [1]}, "given both"),
        ({"values": [1]}, "given both"),
        ({"cells": [6], "values": 1}, "whole numbers from 0 to 5, got 6"),
        ({"cells": [-1], "values": 1}, "got -1"),
        ({"cells": [0.5], "values": 1}, "got 0.5"),
        ({"cells": [NAN], "values": 1}, "got nan"),
        ({"cells": ["a"], "values": 1}, "cells must be numbers, got 'a'"),
        ({"cells": [0], "values": ["a"]}, "values must be numbers, got 'a'"),
        ({"cells": [0, 1], "values": [1, 2, 3]}, r"one per cell \(2\)"),
        ({"cells": [0, 1], "values": np.ones((2, 3))}, r"got shape \(2, 3\)"),
        ({"cells": [0], "values": 1, "layer": []}, "one layer at least"),
        ({"cells": [0], "values": [[1], [2]], "layer": ["a", 0]}, r"each layer once, got \['a', 0\]"),
        ({"names": True, "layer": 1}, "or a layer alone"),
        ({"cells": [], "values": 1}, "cells must be numbers, got nothing"),
        ({"cells": [True] * 6, "values": 1}, r"got booleans; take np.flatnonzero\(\) of them"),
        ({"cells": np.zeros(6, bool), "values": 1}, r"got booleans"),
        ({"cells": pt.rast([[0, 1, 1], [0, 0, 0]]), "values": 1}, "got a raster"),
        ({"cells": [0], "values": [1j]}, "values must be numbers, got complex"),
        (
            {"names": ["x", "y", "z"]},
            r"names must be True or False, got \['x', 'y', 'z'\]; give the raster its names",
        ),
        ({"crs": "EPSG:4326"}, "crs must be True or False, got 'EPSG:4326'"),
        ({"extent": (0, 1, 0, 1)}, "extent must be True or False"),
    ],
)
def test_what_cannot_be_done_is_an_error(r, path, how, text):
    before = path.read_bytes()
    with pytest.raises(ArgumentError, match=f"^update: .*{text}"):
        r.update(**how)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (300, r"fit uint8 \(0 to 255\), got 300 in layer 'a' of .*a.tif"),
        (255, "be other than 255, which is the code for missing"),
    ],
)
def test_a_value_that_the_file_cannot_hold_is_an_error(r, path, value, text):
    with pytest.raises(ValueRangeError, match=f"^update: values must {text}"):
        r.update(cells=[0], values=value)
    assert pt.rast(path)[0, 0].tolist() == [0, 6, 12]


def test_what_is_masked_is_missing(r):
    values = np.ma.array([7, 8], mask=[True, False])
    assert np.isnan(r.update(cells=[0, 1], values=values, layer="a").values()[0, 0])
    assert pt.rast(r.sources()[0]).values()[1, 0] == 8


def test_a_number_of_fewer_bits_than_its_type_must_fit_them(path):
    profile = {"driver": "GTiff", "width": 2, "height": 2, "count": 1, "dtype": "uint8", "crs": "EPSG:3035"}
    place = rasterio.Affine(1, 0, 0, 0, -1, 2)
    with rasterio.open(path, "w", **profile, nbits=2, transform=place) as file:
        file.write(np.ones((1, 2, 2), "uint8"))
    with pytest.raises(
        SinkError, match=r"^update: .*a.tif keeps 2 bits of a number, which do not hold these"
    ):
        pt.rast(path).update(cells=[0, 1], values=[3, 4])
    assert pt.rast(path).update(cells=[0, 1], values=[3, 0]).values(drop=True).tolist() == [3, 0, 1, 1]


@pytest.mark.parametrize(
    "name", ["with space.tif", "ü ø.tif", "a%20b.tif", "a[1]*?.tif", "a'b\"c#.tif", "-x.tif", "UP.TIFF"]
)
def test_any_name_of_a_file_will_do(r, tmp_path, name):
    x = r.write_raster(tmp_path / "sub folder" / name) if (tmp_path / "sub folder").mkdir() is None else None
    assert x.update(cells=0, values=9)[0, 0].tolist() == [9] * 3
    assert [p.name for p in (tmp_path / "sub folder").iterdir()] == [name]


def test_a_file_of_several_pages_keeps_the_others(path):
    profile = {"driver": "GTiff", "width": 4, "height": 4, "count": 1, "dtype": "uint8", "crs": "EPSG:3035"}
    for page in (1, 2):
        more = {"APPEND_SUBDATASET": "YES"} if page == 2 else {}
        with rasterio.open(
            path, "w", **profile, **more, transform=rasterio.Affine(1, 0, 0, 0, -1, 4)
        ) as file:
            file.write(np.full((1, 4, 4), page, "uint8"))
    pt.rast(path).update(cells=0, values=9)
    for page, first in ((1, 9), (2, 2)):
        with rasterio.open(f"GTIFF_DIR:{page}:{path}") as file:
            assert file.read()[0, 0].tolist() == [first, page, page, page]


def test_a_file_of_a_world_file_is_placed_by_itself_afterwards(path):
    with (
        pytest.warns(rasterio.errors.NotGeoreferencedWarning),
        rasterio.open(path, "w", driver="GTiff", width=4, height=4, count=1, dtype="uint8") as file,
    ):
        file.write(np.ones((1, 4, 4), "uint8"))
    path.with_suffix(".tfw").write_text("10\n0\n0\n-10\n105\n195\n")
    x = pt.rast(path).update(cells=0, values=5)
    assert tuple(x.ext) == tuple(pt.rast(path).ext) == (100, 140, 160, 200)
    x.ext = (0, 40, 0, 40)
    x.update(extent=True)
    assert tuple(pt.rast(path).ext) == (0, 40, 0, 40)


def test_of_several_updates_at_once_none_is_lost(path):
    pt.rast(np.zeros((1, 64, 64))).write_raster(path)
    given, done, told = [pt.rast(path) for _ in range(6)], [], []

    def one(i):
        try:
            given[i].update(cells=i, values=i + 1)
            done.append(i)
        except (SourceChangedError, SinkError) as error:
            told.append(error)

    threads = [threading.Thread(target=one, args=(i,)) for i in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(done), len(told)) == (1, 5)
    assert np.flatnonzero(pt.rast(path).values(drop=True)).tolist() == done


def test_who_reads_meanwhile_sees_old_or_new_values_and_no_mixture(path):
    side, end, seen = 300, threading.Event(), []
    pt.rast(np.zeros((1, side, side))).write_raster(path)

    def read():
        while not end.is_set():
            try:
                seen.append(np.unique(pt.rast(path).values()).tolist())
            except SourceChangedError:
                continue

    thread = threading.Thread(target=read)
    thread.start()
    for value in range(1, 8):
        pt.rast(path).update(cells=np.arange(side * side), values=value)
    end.set()
    thread.join()
    assert seen
    assert {len(values) for values in seen} == {1}


def test_missing_needs_a_code(path):
    r = pt.rast([[1, 2]]).write_raster(path, datatype="int16", nodata=None)
    with pytest.raises(ValueRangeError, match="not be missing, as int16 has no code for missing"):
        r.update(cells=0, values=NAN)
    f = pt.rast([[1, 2]]).write_raster(path, True, datatype="float32", nodata=None)
    assert np.isnan(f.update(cells=0, values=NAN).values(drop=True)[0])


def test_layers_that_are_no_whole_layers_of_one_file_are_refused(r, tmp_path):
    other = r.write_raster(tmp_path / "b.tif")
    seen = pt.rast(r.sources()[0])
    seen.window = (0, 1, 0, 1)
    for x in (r + 1, r.crop((0, 1, 0, 1)), pt.rast([[1, 2]]), pt.c(r, r + 1), seen):
        with pytest.raises(ArgumentError, match=r"^update: the layers must be whole layers of a file"):
            x.update(cells=0, values=1)
    with pytest.raises(ArgumentError, match="of one file, got 2 files"):
        pt.c(r, other).update(cells=0, values=1)
    with pytest.raises(ArgumentError, match="got one twice"):
        r[[0, 0]].update(names=True)
    with pytest.raises(LayerError):
        r.update(cells=0, values=1, layer="d")


def test_a_temporary_file_of_a_raster_stays_as_it_is():
    with pt.options(memory="32MB"):
        held = (pt.rast(nrows=2500, ncols=2500, vals=1) + 1).compute()
    assert not held.in_memory()
    with pytest.raises(ArgumentError, match="in a temporary file of its own"):
        held.update(cells=0, values=5)
    assert held[0, 0].tolist() == [2]


SETS = {"a.img": 2, "a.bil": 2, "a.envi": 2, "a.grd": 2, "a.sdat": 1, "a.rst": 1}
"""Names of files by which formats are told that are changed as GeoTIFFs are, and how many layers they have here."""


@pytest.mark.parametrize(("name", "layers"), SETS.items())
def test_formats_of_several_files_are_changed_as_one(tmp_path, name, layers):
    values = np.arange(float(layers * 40 * 30)).reshape(layers, 40, 30)
    values[0, 2, 3] = NAN
    x = pt.rast(values, extent=(0, 90, 0, 120), crs="EPSG:32633")
    x = x.write_raster(tmp_path / name, datatype="float32")
    before = sorted(file.name for file in tmp_path.iterdir())
    x.ext, x.crs = (500, 590, 1000, 1120), "EPSG:32632"
    now = x.update(cells=[0, 63, 1199], values=[-5, 7, NAN], layer=0, extent=True, crs=True)
    values[0].flat[[0, 63, 1199]] = [-5, 7, NAN]
    for found in (now, pt.rast(tmp_path / name)):
        np.testing.assert_array_equal(found.to_numpy(), values)
        assert tuple(found.ext) == (500, 590, 1000, 1120)
        assert "zone 32N" in str(found.crs.to_wkt())
        assert found.minmax()[:, 0].tolist() == [np.nanmin(values[0]), np.nanmax(values[0])]
    assert sorted(file.name for file in tmp_path.iterdir()) == before
    with pytest.raises(SourceChangedError):
        x.values()


def test_the_docstring_names_all_formats_that_are_changed():
    endings = {record.written[0] for record in RASTER if record.forget} - {".tif", ".envi"}
    assert all(f"(``{ending}``)" in pt.SpatRaster.update.__doc__ for ending in endings)
    assert {Path(name).suffix for name in SETS} == endings | {".envi"}


@pytest.mark.parametrize("name", ["a.img", "a.envi", "a.grd"])
def test_names_are_changed_in_other_formats(tmp_path, name):
    x = pt.rast(np.ones((2, 3, 4)), names=["a", "b"], crs="EPSG:32633").write_raster(
        tmp_path / name, datatype="float32"
    )
    x.names = ["c", "d"]
    assert x.update(names=True).names == pt.rast(tmp_path / name).names == ["c", "d"]


@pytest.mark.parametrize("name", SETS)
def test_a_change_that_fails_leaves_all_files_of_a_format(tmp_path, name, monkeypatch):
    x = pt.rast(np.ones((1, 3, 4)), crs="EPSG:32633").write_raster(tmp_path / name, datatype="float32")
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    monkeypatch.setattr(Digests, "differ", lambda *_: True)
    with pytest.raises(WriteError, match="what was read back differs"):
        x.update(cells=0, values=5)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_statistics_in_a_file_beside_another_are_taken_out(tmp_path):
    x = pt.rast(np.ones((1, 3, 4)), crs="EPSG:32633").write_raster(tmp_path / "a.bil", datatype="float32")
    (tmp_path / "a.stx").write_text("1 1.0 1.0 1.0 0.0\n")
    assert x.update(cells=0, values=5).minmax()[0].tolist() == [1]
    assert pt.rast(tmp_path / "a.bil").minmax().ravel().tolist() == [1, 5]
    assert not (tmp_path / "a.stx").exists()


def test_a_header_does_not_tell_the_range_of_old_values(tmp_path):
    x = pt.rast(np.ones((1, 3, 4)), crs="EPSG:32633").write_raster(tmp_path / "a.grd", datatype="float32")
    assert "minvalue=1" in (tmp_path / "a.grd").read_text()
    x.update(names=True)
    assert "minvalue=1" in (tmp_path / "a.grd").read_text()
    assert pt.rast(tmp_path / "a.grd").update(cells=0, values=5)[0, 0].tolist() == [5]
    assert "value=1" not in (tmp_path / "a.grd").read_text()


@pytest.mark.parametrize(
    ("name", "how", "text"),
    [
        ("a.nc", {}, "or of a format that is not changed"),
        ("a.png", {}, "is PNG, and only EHdr, ENVI, GTiff, HFA, RRASTER, RST, SAGA are changed"),
        ("cog.tif", {"format": "COG"}, "is a COG, whose layout a change would break"),
        ("lossy.tif", {"options": {"COMPRESS": "JPEG"}}, r"compressed with loss \(JPEG\)"),
    ],
)
def test_files_that_a_change_would_harm_are_refused(tmp_path, name, how, text):
    x = pt.rast(np.ones((1, 64, 64))).write_raster(tmp_path / name, datatype="uint8", **how)
    with pytest.raises((SinkError, ArgumentError), match=f"^update: .*{text}"):
        x.update(cells=0, values=2)
    assert x[0, 0].tolist() == [1]


def test_the_names_of_a_lossy_file_are_changed(tmp_path):
    x = pt.rast(np.ones((1, 64, 64))).write_raster(
        tmp_path / "a.tif", datatype="uint8", options={"COMPRESS": "JPEG"}
    )
    x.names = "light"
    assert x.update(names=True).names == ["light"]


def test_a_virtual_raster_is_refused(r, tmp_path):
    virtual = pt.vrt([r.sources()[0]], tmp_path / "v.vrt")
    with pytest.raises(SinkError, match=r"^update: .*is VRT"):
        virtual.update(cells=0, values=1)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_file_that_may_only_be_read_stays(r, path):
    path.chmod(0o444)
    with pytest.raises(SinkError, match="may not be written in"):
        r.update(cells=0, values=1)


def test_what_a_link_leads_to_is_changed(r, path, tmp_path):
    link = tmp_path / "link.tif"
    link.symlink_to(path)
    pt.rast(link).update(cells=0, values=9)
    assert link.is_symlink()
    assert pt.rast(path)[0, 0].tolist() == [9] * 3
