"""Headers of plain numbers."""

import subprocess
import sys

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, OutputExistsError, SourceError

VALUES = np.arange(24).reshape(2, 3, 4)
"""Layer, row, column."""
ORDERS = {"BSQ": (0, 1, 2), "BIL": (1, 0, 2), "BIP": (1, 2, 0)}
HERE = {"extent": (0, 8, 0, 6), "crs": "EPSG:3035"}


@pytest.fixture
def written(tmp_path):
    """Write numbers as plain bytes."""

    def write(values, dtype, name="a.bin"):
        (tmp_path / name).write_bytes(np.ascontiguousarray(values).astype(dtype).tobytes())
        return tmp_path / name

    return write


@pytest.mark.parametrize("byteorder", ["LSB", "MSB"])
@pytest.mark.parametrize("dtype", ["uint8", "int16", "uint16", "int32", "uint32", "float32", "float64"])
@pytest.mark.parametrize("bandorder", ORDERS)
def test_numbers_are_found_in_any_order(written, bandorder, dtype, byteorder):
    kind = np.dtype(dtype).newbyteorder("<" if byteorder == "LSB" else ">")
    file = written(VALUES.transpose(ORDERS[bandorder]), kind)
    header = pt.make_vrt(file, 3, 4, 2, datatype=dtype, bandorder=bandorder, byteorder=byteorder, **HERE)
    assert header == f"{file}.vrt"
    r = pt.rast(header)
    np.testing.assert_array_equal(r.to_numpy(), VALUES)
    assert (r.datatype(), tuple(r.ext), r.crs.to_epsg()) == ([dtype] * 2, (0, 8, 0, 6), 3035)


def test_numbers_from_the_south_are_turned(written):
    r = pt.rast(pt.make_vrt(written(VALUES, "u1"), 3, 4, 2, bandorder="BSQ", toptobottom=False, **HERE))
    np.testing.assert_array_equal(r.to_numpy(), VALUES[:, ::-1])
    assert tuple(r.ext) == (0, 8, 0, 6)


def test_scale_offset_code_and_names_are_said(written):
    file = written(VALUES, "u1")
    how = {"lyrnms": ["x", "y"], "na_flag": 5, "scale": 0.5, "offset": -1, "bandorder": "BSQ"}
    r = pt.rast(pt.make_vrt(file, 3, 4, 2, **how, **HERE))
    expected = VALUES * 0.5 - 1
    expected[0, 1, 1] = np.nan
    np.testing.assert_array_equal(r.to_numpy(), expected)
    assert r.names == ["x", "y"]
    assert pt.rast(pt.make_vrt(file, 3, 4, 2, lyrnms="z", overwrite=True, **HERE)).names == ["z", "z"]


@pytest.mark.parametrize(("size", "dtype"), [(1, "uint8"), (2, "int16"), (4, "float32"), (8, "float64")])
def test_the_type_is_guessed_by_the_size_of_the_file(written, size, dtype):
    assert pt.rast(pt.make_vrt(written(VALUES, dtype), 3, 4, 2, **HERE)).datatype() == [dtype] * 2


def test_the_place_is_told_by_an_edge_or_a_centre(written):
    file = written(VALUES[0], "u1")
    r = pt.rast(pt.make_vrt(file, 3, 4, xmin=10, ymin=20, xres=2))
    assert (tuple(r.ext), r.is_lonlat()) == ((9, 17, 19, 25), True)
    r = pt.rast(
        pt.make_vrt(file, 3, 4, xmin=10, ymin=20, xres=2, yres=4, xycenter=False, crs="", overwrite=True)
    )
    assert (tuple(r.ext), r.crs) == ((10, 18, 20, 32), None)


@pytest.mark.parametrize(
    ("how", "text"),
    [
        ({}, "give extent=, or xmin="),
        ({"nrow": 0, **HERE}, "nrow must be a whole number above 0, got 0"),
        ({"ncol": 2.5, **HERE}, "ncol must be a whole number"),
        (
            {"nlyr": 3, **HERE},
            "must fill the file, or datatype= must be given: got 12 bytes for 3 layers of 3 x 4",
        ),
        ({"datatype": "float32", **HERE}, "must hold 48 bytes, for 1 layers of 3 x 4 float32, got 12"),
        ({"na_flag": 300, **HERE}, "make_vrt: na_flag: must be a whole number that uint8 can hold"),
        ({"bandorder": "XYZ", **HERE}, "bandorder"),
        ({"byteorder": "middle", **HERE}, "byteorder"),
        ({"xmin": 0, "ymin": 0, "xres": -1}, "xres and yres must be"),
        ({"nrow": float("nan"), **HERE}, "nrow must be a whole number above 0, got nan"),
        ({"ncol": float("inf"), **HERE}, "ncol must be a whole number above 0, got inf"),
        ({"nrow": 2**32, "ncol": 2**32, **HERE}, "must fill the file"),
        ({"scale": 0, **HERE}, "scale must be a finite number other than 0, got 0"),
        ({"scale": float("nan"), **HERE}, "scale must be a finite number"),
        ({"offset": float("inf"), **HERE}, "offset must be a finite number, got inf"),
        ({"lyrnms": None, **HERE}, "lyrnms must be a text or several, got None"),
        ({"lyrnms": "a\x01", **HERE}, "no control characters"),
        ({"lyrnms": "a\0", **HERE}, "no character NUL"),
    ],
)
def test_what_does_not_fit_is_an_error(written, how, text):
    file = written(VALUES[0], "u1")
    with pytest.raises(ArgumentError, match=text):
        pt.make_vrt(file, **{"nrow": 3, "ncol": 4, **how})
    assert [p.name for p in file.parent.iterdir()] == ["a.bin"]


def test_a_header_is_replaced_only_when_asked(written):
    file = written(VALUES[0], "u1")
    pt.make_vrt(file, 3, 4, **HERE)
    with pytest.raises(OutputExistsError, match=r"^make_vrt: "):
        pt.make_vrt(file, 3, 4, **HERE)
    assert pt.rast(pt.make_vrt(file, 4, 3, overwrite=True, **HERE)).nrow == 4


def test_only_files_get_headers(written, tmp_path):
    with pytest.raises(SourceError, match="does not exist"):
        pt.make_vrt(tmp_path / "b.bin", 3, 4, **HERE)
    with pytest.raises(ArgumentError, match="got the virtual raster"):
        pt.make_vrt(written(VALUES, "u1", "a.vrt"), 3, 4, **HERE)


@pytest.mark.parametrize("name", ["with space.bin", "a & <ü>.bin", "a'b\"c#%20.bin", "a[1]*?"])
def test_any_name_of_a_file_will_do(written, name):
    r = pt.rast(pt.make_vrt(written(VALUES[0], "u1", name), 3, 4, **HERE))
    np.testing.assert_array_equal(r.to_numpy()[0], VALUES[0])


def test_a_link_to_a_file_elsewhere_is_read_only_where_that_is_allowed(written, tmp_path):
    (tmp_path / "here").mkdir()
    link = tmp_path / "here" / "link.bin"
    link.symlink_to(written(VALUES[0], "u1"))
    header = pt.make_vrt(link, 3, 4, **HERE)
    with pytest.raises(SourceError, match="lies outside of its folder"):
        pt.rast(header)
    with pt.options(vrt_roots=[str(tmp_path)]):
        np.testing.assert_array_equal(pt.rast(header).to_numpy()[0], VALUES[0])


def test_another_process_opens_a_header_too(written):
    header = pt.make_vrt(written(VALUES[0], "u1"), 3, 4, **HERE)
    code = f"import pyterra as pt; print(pt.rast({header!r}).values(drop=True).sum())"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        == "66.0\n"
    )


def test_numbers_that_change_are_noticed(written):
    file = written(VALUES[0], "u1")
    r = pt.rast(pt.make_vrt(file, 3, 4, **HERE))
    written(VALUES[0] + 1, "u1")
    with pytest.raises(SourceError, match=r"its member .* has changed"):
        r.values()
