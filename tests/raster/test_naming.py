"""Names, units and depths: one per layer."""

import numpy as np
import pandas as pd
import pytest

import pyterra as pt
from pyterra.errors import (
    ArgumentError,
)


@pytest.fixture
def r():
    return pt.rast(
        np.arange(24.0).reshape(2, 3, 4), names=["red", "nir"], extent=(0, 4, 0, 3), crs="EPSG:3035"
    )


def test_names_units_time_are_one_per_layer(r):
    r.names = ["a", "b"]
    r.units = ["m", "s"]
    r.time = ["2020-01-31", "2020-02-29"]
    assert (r.names, r.units) == (["a", "b"], ["m", "s"])
    assert r.time_info() == "days"
    assert r.time.dtype == "datetime64[D]"
    r.time = pd.to_datetime(["2020-01-31 12:00", "2020-02-29 00:00"])
    assert r.time_info() == "seconds"
    assert r.set_time(["2020-01-31", "2020-03-01"], "yearmonths").time == pytest.approx([2020, 2020 + 2 / 12])
    r.time = None
    assert r.time is None
    for attribute in ("names", "units", "time"):
        with pytest.raises(ArgumentError, match="one per layer"):
            setattr(r, attribute, ["x"])
    with pytest.raises(ArgumentError, match="dates such as"):
        r.time = ["yesterday", "today"]


# Tags


def test_tags_are_said_of_all_layers_or_of_one(tmp_path):
    r = pt.rast([[[1, 2]], [[3, 4]]], names=["a", "b"])
    assert (r.metags(), r.metags(0)) == ({}, {})
    r = r.set_metags({"k": "v", "w": "x"}).set_metags({"band": "red"}, layer="b")
    again = r.write_raster(tmp_path / "a.tif", tags={"w": "y"})
    assert again.metags() == {"k": "v", "w": "y"}
    assert (again.metags(0), again.metags("b")) == ({}, {"band": "red"})
    assert again[1].metags(0) == {"band": "red"}
    assert again.crop((0, 1, 0, 1)).metags()["k"] == "v"
    assert (again + 1).metags() == {}  # as terra: of other values nothing was said
    assert (again + 1).metags("b") == {}
    assert again.set_metags({"k": None}).metags() == {"w": "y"}
    assert again.set_metags(None).metags() == {}


def test_tags_of_several_files_are_those_on_which_they_agree(tmp_path):
    r = pt.rast([[1, 2]])
    a = r.write_raster(tmp_path / "a.tif", tags={"k": "v", "w": "x"})
    b = r.write_raster(tmp_path / "b.tif", tags={"k": "v", "w": "y"})
    both = {"k": "v"}
    assert pt.c(a, b).metags() == both
    assert pt.merge(a, b.shift(2)).metags() == both
    assert pt.c(a, r).metags() == {}


@pytest.mark.parametrize("value", ["k=v", {"k": 1}, {1: "v"}, {None: "v"}, [("k", "v")]])
def test_tags_must_be_texts(value):
    with pytest.raises(ArgumentError, match="set_metags: value must be a mapping of texts, got"):
        pt.rast([[1]]).set_metags(value)


def test_tags_are_of_one_layer():
    with pytest.raises(ArgumentError, match="metags: layer must be one layer"):
        pt.rast([[[1]], [[2]]], names=["a", "a"]).metags("a")


@pytest.mark.parametrize("format", ["GTiff", "COG"])
def test_tags_stand_in_domains_and_come_back_from_a_file(tmp_path, format):
    r = pt.rast([[1, 2]], crs="EPSG:3035").set_metags({"k": "v", "id": "0"})
    r = r.set_metags({"id": "7", "note": "x:y=z"}, domain="STORE").set_metags({"id": "8"}, domain="other")
    assert r.metags() == {"k": "v", "id": "0"}
    assert r.metags(domain="STORE") == {"id": "7", "note": "x:y=z"}
    assert r.metags(domain="none") == {}
    everything = {"k": "v", "id": "0", "STORE:id": "7", "STORE:note": "x:y=z", "other:id": "8"}
    assert r.metags(domain=None) == everything
    back = r.write_raster(tmp_path / "r.tif", format=format)
    assert everything.items() <= back.metags(domain=None).items()
    assert back.crop(pt.ext(0, 1, 0, 1)).metags(domain="other") == {"id": "8"}
    assert (back + 1).metags(domain="STORE") == {}
    assert r.set_metags({"id": None}, domain="STORE").metags(domain="STORE") == {"note": "x:y=z"}
    assert r.set_metags(None, domain="STORE").metags(domain=None) == {"k": "v", "id": "0", "other:id": "8"}
    assert r.set_metags(None).metags(domain=None) == {}


def test_domains_of_gdal_and_of_layers_are_refused():
    r = pt.rast([[1, 2]])
    for domain in ("IMAGE_STRUCTURE", "xml:XMP", "SUBDATASETS"):
        with pytest.raises(ArgumentError, match="none of those that GDAL has for itself, got"):
            r.set_metags({"a": "b"}, domain=domain)
    with pytest.raises(
        ArgumentError, match="set_metags: domain is for what is said of all layers, got 'D' and a layer"
    ):
        r.set_metags({"a": "b"}, 0, domain="D")
    with pytest.raises(ArgumentError, match="metags: domain is for what is said of all layers"):
        r.metags(0, domain="D")
