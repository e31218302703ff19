"""The inputs of the croplands job: what is found, and what is refused with which words."""

from pathlib import Path

import numpy as np
import pytest
from small_glad import CELLS, EPOCHS, write

from pyterra.errors import ArgumentError, CRSMismatchError, GridMismatchError, SourceError
from pyterra.workflows.epochs import check_epochs, find_epochs, mosaic_epochs, stack_epochs, year_of

PLAIN = np.zeros((CELLS, CELLS), np.uint8)


def pair(folder, second=PLAIN, *, name="crop_2007.tif", xmin=0, ymax=46, **changes):
    """Two epochs, the second with whatever a test wants."""
    first = write(folder / "crop_2003.tif", PLAIN, 0, 46)
    return find_epochs([first, write(folder / name, second, xmin, ymax, **changes)])


def test_a_folder_of_glad_files_gives_five_epochs_of_two_quadrants(glad):
    epochs = find_epochs(glad)
    assert [epoch.year for epoch in epochs] == list(EPOCHS)
    assert [Path(f).name for f in epochs[0].files] == [
        "Global_cropland_NE_2003.tif",
        "Global_cropland_NW_2003.tif",
    ]
    area = check_epochs(epochs)
    assert area.extent == pytest.approx((-2, 2, 45, 46))
    assert (area.cells_per_degree, area.zero_is_missing) == (CELLS, False)


def test_the_mosaics_stack_to_layers_named_by_years(glad, tmp_path):
    found = find_epochs(glad)
    stack = stack_epochs(mosaic_epochs(found, tmp_path / "epochs"), found)
    assert stack.shape == (5, CELLS, 4 * CELLS)
    assert stack.names == [str(year) for year in EPOCHS]


@pytest.mark.parametrize(
    ("name", "year"),
    [
        ("Global_cropland_NE_2003.tif", 2003),
        ("cropland_glad_p_30m_s_20030101_20071231_go_epsg.4326_v20240624.tif", 2003),
        ("crop2007.tif", 2007),
        ("run_1999_area_2011.tif", 2011),
    ],
)
def test_the_year_is_read_from_names(name, year):
    assert year_of(Path(name)) == year


def test_a_name_without_a_year_is_refused():
    with pytest.raises(ArgumentError, match=r"year in its name, got crops\.tif"):
        year_of(Path("crops.tif"))


def test_a_missing_epoch_is_named(glad):
    for file in glad.glob("*_2011.tif"):
        file.unlink()
    with pytest.raises(SourceError, match="2011 not found; add the files, or name the epochs"):
        find_epochs(glad)
    assert [e.year for e in find_epochs(glad, [2003, 2007, 2015, 2019])] == [2003, 2007, 2015, 2019]


def test_a_missing_quadrant_is_named(glad):
    (glad / "Global_cropland_NE_2011.tif").unlink()
    with pytest.raises(SourceError, match=r"Global_cropland_NE_2011\.tif is missing"):
        find_epochs(glad)


def test_a_folder_without_glad_files_is_refused(tmp_path):
    with pytest.raises(SourceError, match="no file Global_cropland_"):
        find_epochs(tmp_path)


def test_a_path_that_does_not_exist_is_refused(tmp_path):
    with pytest.raises(SourceError, match=r"nowhere\.tif does not exist"):
        find_epochs(tmp_path / "nowhere.tif")


def test_no_input_and_one_epoch_are_refused(tmp_path):
    with pytest.raises(SourceError, match="no input"):
        find_epochs([])
    with pytest.raises(SourceError, match="at least two epochs are needed, got 2003"):
        find_epochs(write(tmp_path / "crop_2003.tif", PLAIN, 0, 46))


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"crs": "EPSG:3857"}, CRSMismatchError, r"must be EPSG:4326, got EPSG:3857 in crop_2007\.tif"),
        ({"crs": None}, CRSMismatchError, r"got none in crop_2007\.tif"),
        ({"xmin": 0.01}, GridMismatchError, r"begin at whole degrees, got cells .* in crop_2007\.tif"),
        ({"xmin": 1}, GridMismatchError, r"cover one area, got .* for 2007 \(crop_2007\.tif\)"),
        (
            {"cells": 20, "second": PLAIN[:20, :20]},
            GridMismatchError,
            r"got 20 per degree in crop_2007\.tif and 40",
        ),
        (
            {"second": PLAIN.astype("float32")},
            SourceError,
            r"whole numbers .*, got .* float32 in crop_2007\.tif",
        ),
        (
            {"nodata": 255},
            SourceError,
            r"one code for missing, got 255 in crop_2007\.tif and None in crop_2003",
        ),
    ],
    ids=["crs", "no crs", "shifted", "elsewhere", "cell size", "floats", "nodata"],
)
def test_a_file_that_does_not_fit_is_named(tmp_path, changes, error, words):
    epochs = pair(tmp_path, **changes)
    with pytest.raises(error, match=words):
        check_epochs(epochs)


def test_a_damaged_file_is_named(tmp_path):
    epochs = pair(tmp_path)
    Path(epochs[1].files[0]).write_bytes(b"not a TIFF")
    with pytest.raises(SourceError, match=r"crop_2007\.tif cannot be opened"):
        check_epochs(epochs)
