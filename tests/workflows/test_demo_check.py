"""The check of the demo finds what is wrong."""

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
    report = demo(folder, cells_per_degree=40, executor="serial", say=lines.append)
    return folder, report, lines


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
