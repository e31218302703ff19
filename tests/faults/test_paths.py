"""Paths that name no file: said by the verb that was called, as an error of pyterra's, and nothing is made."""

import os

import numpy as np
import pytest

import pyterra as pt
from pyterra import rbridge, tiles
from pyterra.errors import ArgumentError, PyterraError
from pyterra.io.safe.places import path_text

RASTER = {"vals": [[1.0, 2.0]], "nrows": 1, "ncols": 2, "crs": "EPSG:3035", "extent": (0, 2, 0, 1)}


def raster():
    return pt.rast(**RASTER)


def vector():
    return pt.vect([[1, 2]], crs="EPSG:4326", atts={"name": ["a"]})


def line():
    return pt.vect("LINESTRING (0 0, 3 4)", crs="EPSG:3035")


READERS = {
    "rast": lambda path: pt.rast(path),
    "vect": lambda path: pt.vect(path),
    "sds": lambda path: pt.sds(path),
    "sprc": lambda path: pt.sprc([path]),
    "svc": lambda path: pt.svc([path]),
    "vrt": lambda path: pt.vrt([path]),
}
OTHERS = {
    "load_model": lambda path: pt.load_model(path),
    "read_model": lambda path: rbridge.read_model(path),
    "checksum": lambda path: tiles.checksum(path),
    "manifest": lambda path: tiles.Manifest(path),
    "write_vector": lambda path: vector().write_vector(f"{path}.gpkg"),
    "write_raster": lambda path: raster().write_raster(f"{path}.tif"),
    "write_cdf": lambda path: raster().write_cdf(f"{path}.nc"),
    "write_start": lambda path: raster().write_start(f"{path}.tif"),
    "make_tiles": lambda path: raster().make_tiles(1, f"{path}.tif"),
    "write_network": lambda path: pt.netw(line()).write_network(f"{path}.gpkg"),
    "make_vrt": lambda path: pt.make_vrt(path, 1, 1, extent=(0, 1, 0, 1)),
    "rectify": lambda path: pt.rectify(path),
    "vrt": lambda path: pt.vrt([raster()], path=f"{path}.vrt"),
    "tile_apply": lambda path: pt.tile_apply(raster(), lambda x: x, folder=path),
    "write_catalogue": lambda path: tiles.write_catalogue(path, [], catalogue_id="a", description=""),
}


@pytest.mark.parametrize("folder", ["", "folder/", "file://", "/vsizip/", "https://example.org/"])
@pytest.mark.parametrize("verb", READERS)
def test_a_path_with_nul_is_no_path_to_read(tmp_path, verb, folder):
    with pytest.raises(PyterraError, match=rf"^{verb}: the path must have no character NUL"):
        READERS[verb](f"{folder}a\0b.tif")


@pytest.mark.parametrize("verb", OTHERS)
@pytest.mark.parametrize("name", ["a\0b", "\0"])
def test_a_path_with_nul_is_no_path_at_all(tmp_path, verb, name):
    with pytest.raises(PyterraError, match=rf"^{verb}: the path must have no character NUL"):
        OTHERS[verb](str(tmp_path / name))
    assert list(tmp_path.iterdir()) == []


DOORS = {
    "rectify": lambda path: pt.rectify(path),
    "vrt": lambda path: pt.vrt([path]),
    "vrt, its file": lambda path: pt.vrt([], path=path),
    "load_model": lambda path: pt.load_model(path),
    "read_model": lambda path: rbridge.read_model(path),
    "write_raster": lambda path: raster().write_raster(path),
    "write_raster, a virtual one": lambda path: raster().write_raster(path, format="VRT"),
    "write_cdf": lambda path: raster().write_cdf(path),
    "write_cdf, a function": lambda path: pt.write_cdf({"a": raster()}, path),
    "write_start": lambda path: raster().write_start(path),
    "write_vector": lambda path: vector().write_vector(path),
    "write_network": lambda path: pt.netw(line()).write_network(path),
    "make_tiles": lambda path: raster().make_tiles(1, path),
    "make_vrt": lambda path: pt.make_vrt(path, 1, 1, extent=(0, 1, 0, 1)),
    "tile_apply": lambda path: pt.tile_apply(raster(), lambda x: x, folder=path),
    "save, of a map": lambda path: raster().plet().save(path),
    "save, of a film": lambda path: pt.c(raster(), raster()).animate().save(path),
    "checksum": lambda path: tiles.checksum(path),
    "write_catalogue": lambda path: tiles.write_catalogue(path, [], catalogue_id="a", description=""),
}
"""Doors for one path, for reading and writing; what follows a comma is no part of the verb."""


@pytest.mark.parametrize(
    "value", [3, 1.5, ["a.tif"], [], {}, b"a.tif", object()], ids=lambda v: type(v).__name__
)
@pytest.mark.parametrize("door", DOORS)
def test_what_is_no_path_is_told_by_the_verb(tmp_path, monkeypatch, door, value):
    monkeypatch.chdir(tmp_path)
    verb = door.partition(",")[0]
    with pytest.raises(
        ArgumentError, match=rf"^{verb}: the path must be a text or a path, got {type(value).__name__}"
    ):
        DOORS[door](value)
    assert list(tmp_path.iterdir()) == []


OPTIONAL = {"write_start", "tile_apply", "vrt, its file"}
"""Doors where no path stands for memory, or a temporary file."""


@pytest.mark.parametrize("door", sorted(set(DOORS) - OPTIONAL))
def test_none_is_no_path_either(door):
    with pytest.raises(ArgumentError, match=r"the path must be a text or a path, got NoneType"):
        DOORS[door](None)


@pytest.mark.parametrize("value", [None, 3, b"a", {}])
def test_files_of_a_mosaic_are_paths_or_a_pattern(value):
    with pytest.raises(ArgumentError, match=r"^vrt: files must be paths, or a pattern of them, got"):
        pt.vrt(value)


@pytest.mark.parametrize("parts", [("a\0", "b"), ("a", "b\0"), ("a", "b", "\0.tif")])
def test_a_path_inside_a_folder_has_no_nul(parts):
    with pytest.raises(PyterraError, match=r"^tiles: the path must have no character NUL"):
        tiles.path_inside(*parts)


def test_what_is_said_of_a_path_with_nul_has_no_secrets():
    with pytest.raises(PyterraError) as error:
        path_text("https://me:word@example.org/a\0.tif?token=abc", "rast")
    assert "word" not in str(error.value)
    assert "abc" not in str(error.value)


@pytest.mark.parametrize("verb", READERS)
@pytest.mark.parametrize("text", ["<VRTDataset/>", "  <xml"])
def test_xml_in_place_of_a_path_is_refused_by_the_verb(verb, text):
    with pytest.raises(PyterraError, match=rf"^{verb}: the path must name a file, got XML text"):
        READERS[verb](text)


@pytest.mark.parametrize("verb", READERS)
def test_a_missing_file_is_named_by_the_verb(tmp_path, verb):
    path = tmp_path / ("a.gpkg" if verb in ("vect", "svc") else "a.tif")
    with pytest.raises(PyterraError, match=rf"^{verb}: {path} does not exist"):
        READERS[verb](str(path))


def test_a_missing_folder_is_named_by_the_verb(tmp_path):
    with pytest.raises(PyterraError, match=r"^write_vector: the folder .*none does not exist"):
        vector().write_vector(tmp_path / "none" / "a.gpkg")
    (tmp_path / "a.gpkg").write_text("")
    with pytest.raises(PyterraError, match=r"^write_vector: .*a\.gpkg exists; pass overwrite=True"):
        vector().write_vector(tmp_path / "a.gpkg")
    assert np.array_equal(raster().to_numpy(), [[[1, 2]]])


@pytest.mark.skipif(os.geteuid() == 0, reason="root may look everywhere")
@pytest.mark.parametrize("verb", [*READERS, "update"])
def test_a_folder_that_is_closed_to_the_user_is_an_error_of_pyterra(tmp_path, verb):
    folder = tmp_path / "closed"
    folder.mkdir()
    x = raster().write_raster(folder / "a.tif")
    folder.chmod(0)
    try:
        with pytest.raises(PyterraError, match=rf"^{verb}: "):
            READERS[verb](folder / "a.tif") if verb in READERS else x.update(cells=0, values=1)
    finally:
        folder.chmod(0o755)


@pytest.mark.parametrize("verb", ["rast", "vect", "vect_proxy"])
def test_a_file_that_the_user_may_not_look_at_is_not_said_to_be_missing(tmp_path, monkeypatch, verb):
    path = tmp_path / "closed" / ("a.tif" if verb == "rast" else "a.gpkg")
    look = os.stat

    def closed(where, *args, **kwargs):
        if os.fspath(where) == str(path):
            raise PermissionError(13, "Permission denied", str(path))
        return look(where, *args, **kwargs)

    monkeypatch.setattr(os, "stat", closed)
    read = {"rast": pt.rast, "vect": pt.vect, "vect_proxy": lambda p: pt.vect(p, proxy=True)}[verb]
    with pytest.raises(PyterraError, match="a folder on the way to it is closed to this user"):
        read(path)
