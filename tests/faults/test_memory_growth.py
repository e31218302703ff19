"""A process grows by no more than its memory budget, whatever the verb; what cannot fit is refused."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import pyterra as pt

SIDE = 2500
MEGABYTES = 80
ALLOWED = 1.1
REFUSED = {
    **{verb: verb for verb in ("as_data_frame", "as_polygons", "as_points", "r[mask]")},
    "cells as polygons": "as_polygons",
    "as_data_frame of all cells": "as_data_frame",
    "zonal median": "zonal",
    "zonal first": "zonal",
    "global_ first": "global_",
    "zonal of fine zones": "zonal",
}
"""What is larger than the budget, and the verb that says so."""

sys.path.insert(0, str(Path(__file__).parent))
from grow import OFTEN, VERBS  # noqa: E402

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/statm").exists(), reason="resident memory is read from /proc"
)


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    rng = np.random.default_rng(1)
    values = rng.integers(1, 12, (SIDE // 50, SIDE // 50)).repeat(50, 0).repeat(50, 1).astype("float32")
    values[rng.random(values.shape) < 0.0005] = np.nan
    r = pt.rast(values, extent=pt.ext(0, SIDE * 10, 0, SIDE * 10), crs="EPSG:32632")
    return r.write_raster(tmp_path_factory.mktemp("growth") / "in.tif").sources()[0]


@pytest.mark.parametrize(
    "verb", [pytest.param(v, marks=[] if v in OFTEN else pytest.mark.slow) for v in VERBS]
)
def test_a_process_grows_by_no_more_than_its_budget(verb, file, tmp_path):
    command = [
        sys.executable,
        str(Path(__file__).parent / "grow.py"),
        verb,
        str(file),
        str(tmp_path),
        str(MEGABYTES),
    ]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    grown, said = told.split(maxsplit=1)
    assert int(grown) <= ALLOWED * MEGABYTES * 1e6, told
    if verb in REFUSED:
        assert said.startswith(f"refused: {REFUSED[verb]}: ")
        assert "raise options(memory=...)" in said
    else:
        assert said.strip() == "done"
