"""The demo: it runs and checks itself, and the check finds what is wrong."""

import numpy as np
import pytest
import rasterio

from pyterra.errors import PyterraError
from pyterra.workflows.demo import demo
from pyterra.workflows.demo_check import check_results


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A demo with few cells, and what it said."""
    folder = tmp_path_factory.mktemp("demo") / "out"
    lines = []
    report = demo(folder, cells_per_degree=100, executor="serial", say=lines.append)
    return folder, report, lines


def test_the_demo_makes_all_maps_checks_them_and_says_where(finished):
    folder, report, lines = finished
    assert {name: len(by_year) for name, by_year in report.paths.items()} == dict.fromkeys(
        ("30m", "100m", "250m", "1km"), 23
    )
    assert all(path.exists() for by_year in report.paths.values() for path in by_year.values())
    said = "\n".join(lines)
    assert "1km: 23 valid COGs" in said
    assert "STAC catalogue: 23 items, 92 files, all there" in said
    assert str(folder) in said
    assert lines[-1].startswith("All is well.")


def test_fields_appear_grow_and_vanish_beside_a_sea(finished):
    folder, _, _ = finished
    west, east = (
        [rasterio.open(folder / "input" / f"Global_cropland_{q}_{y}.tif").read(1) for y in (2003, 2019)]
        for q in ("NW", "NE")
    )
    assert not west[0][:, :10].any()  # the sea
    for first, last in (west, east):
        assert 0.02 < first.mean() < 0.9
        assert ((first == 0) & (last == 1)).any()
        assert ((first == 1) & (last == 0)).any()
    assert np.array_equal(np.unique(east[0]), [0, 1])


def test_the_check_finds_a_wrong_cell(finished):
    folder, report, _ = finished
    path = report.paths["30m"][2005]
    good = path.read_bytes()
    try:
        with rasterio.open(path, "r+", IGNORE_COG_LAYOUT_BREAK="YES") as dataset:
            values = dataset.read(1)
            dataset.write(np.where(values > 50, 0, 100).astype("uint8"), 1)
        with pytest.raises(PyterraError, match="demo: "):
            list(check_results(report, folder / "input"))
    finally:
        path.write_bytes(good)


def test_a_folder_with_other_things_in_it_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(PyterraError, match="must be empty or that of an earlier demo"):
        demo(tmp_path, cells_per_degree=100, say=lambda line: None)
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.txt"]
