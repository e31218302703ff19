"""A result does not depend on how its inputs are stored: files of narrow types, and their values in memory as float64."""

from dataclasses import replace

import numpy as np
import pytest
from cases import CASES
from same import assert_same, assert_same_bits, whole

import pyterra as pt
from pyterra import SpatRaster


def in_memory(x: SpatRaster) -> SpatRaster:
    """The same values as float64 in memory."""
    made = pt.rast(
        x.to_numpy().astype(np.float64),
        extent=list(x.ext),
        crs=x.crs,
        names=x.names,
        time=x.time,
        units=x.units,
    )
    made.levels = x.levels
    return made


def wide(answer: object) -> object:
    """An answer with its arrays as float64."""
    if isinstance(answer, list | tuple):
        return [wide(part) for part in answer]
    if isinstance(answer, np.ndarray) and answer.dtype.kind == "f":
        return answer.astype(np.float64)
    return answer


@pytest.fixture(scope="session")
def doubles(all_inputs):
    given = all_inputs("files")
    stored = {name: r for name, r in given.rasters().items() if r.has_values() and name != "flags"}
    return replace(given, **{name: in_memory(r) for name, r in stored.items()})


NOT_ASKED = {
    "as_data_frame kinds": "gives columns of the type of the layers",
    "_repr_html_": "names the file",
    "SpatRasterDataset._repr_html_": "names the file",
    "spat_sample raster": "reads overviews of a file, whose cells are others than those picked from memory",
}


class TestRasters:
    cases = [case for case in CASES if not case.plain and case.name not in NOT_ASKED]

    def test_files_and_their_values_in_memory_give_the_same_bits(self, case, all_inputs, doubles, build):
        stored, held = build(case, all_inputs("files")), build(case, doubles)
        if isinstance(stored, SpatRaster):
            if stored.has_values():
                assert_same_bits(whole(stored).astype(np.float64), whole(held).astype(np.float64), case.name)
        else:
            assert_same(wide(stored), wide(held), case.rtol, case.name)
