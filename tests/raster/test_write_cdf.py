"""Rasters to NetCDF: names of variables, and what is refused before anything is computed."""

import pytest

import pyterra as pt
from pyterra.errors import ArgumentError
from pyterra.run import Forbidden, use_executor

pytest.importorskip("h5netcdf")


def layers(*names, value=1.0):
    return pt.rast([[[value]]] * len(names), names=list(names), crs="EPSG:3035")


@pytest.mark.parametrize(
    ("rasters", "names"),
    [
        (layers("temp_1", "temp_2"), ["temp"]),
        (layers("height"), ["height"]),
        (layers("a", "b"), ["values"]),
        ([layers("a"), layers("b")], ["a", "b"]),
        ([layers("a"), layers("a")], ["a_1", "a_2"]),
        ({"x": layers("a"), "y": layers("b")}, ["x", "y"]),
    ],
    ids=["shared", "one", "nothing shared", "several", "equal", "mapping"],
)
def test_variables_are_called_after_their_layers(rasters, names, tmp_path):
    pt.write_cdf(rasters, tmp_path / "a.nc")
    assert pt.sds(tmp_path / "a.nc").names == names


def test_names_units_and_long_names_are_given_one_per_variable(tmp_path):
    pt.write_cdf(
        [layers("a"), layers("b", value=2.0)], tmp_path / "a.nc", ["p", "q"], unit=["m", "s"], longname="both"
    )
    back = pt.sds(tmp_path / "a.nc")
    assert (back.names, [r.units for r in back], [r.long_names for r in back]) == (
        ["p", "q"],
        [["m"], ["s"]],
        [["both"], ["both"]],
    )


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"varname": ["p", "q"]}, r"varname must be one per raster \(1\), got 2"),
        ({"unit": ["m", "s"]}, r"unit must be one text or one per raster \(1\), got 2"),
        ({"compression": 10}, "compression must be from 0 to 9, got 10"),
        ({"scale": 0.0}, "scale must be a number other than 0"),
        (
            {"missval": 0.5, "datatype": "INT2S"},
            "write_cdf: missval: must be a whole number that int16 can hold",
        ),
        ({"path": "a.tif"}, r"must end in \.nc"),
    ],
)
def test_what_is_wrong_is_told_before_anything_is_computed(given, words, tmp_path):
    path = tmp_path / given.pop("path", "a.nc")
    with use_executor(Forbidden()), pytest.raises(ArgumentError, match=words):
        (layers("a") + 1).write_cdf(path, **given)
    assert not list(tmp_path.iterdir())


def test_variables_have_different_names_and_something_is_written(tmp_path):
    with pytest.raises(ArgumentError, match="names of variables must differ, got p, p"):
        pt.write_cdf([layers("a"), layers("b")], tmp_path / "a.nc", ["p", "p"])
    with pytest.raises(ArgumentError, match="x must be a SpatRaster, or several, got list"):
        pt.write_cdf([], tmp_path / "a.nc")


@pytest.mark.parametrize(("names", "found"), [(["t", "p"], ["t", "p"]), (["", ""], ["lyr_1", "lyr"])])
def test_data_sets_are_variables_under_their_names(names, found, tmp_path):
    r = pt.rast([[1, 2, 3], [4, 5, 6]])
    s = pt.sds([r, pt.c(r, r * 2)])
    s.names = names
    pt.write_cdf(s, tmp_path / "a.nc")
    again = pt.sds(tmp_path / "a.nc")
    assert again.names == found
    for one, other in zip(again, s, strict=True):
        assert one.values().tolist() == other.values().tolist()
