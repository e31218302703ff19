"""A raster travels: pickled and back, it has the same values, in this process and in another."""

import pickle

import pytest
from same import assert_same

from pyterra import SpatRaster


@pytest.mark.parametrize("kind", ["files", "memory"])
def test_a_raster_survives_pickling(case, kind, all_inputs, build):
    result = build(case, all_inputs(kind))
    if isinstance(result, SpatRaster):
        assert_same(pickle.loads(pickle.dumps(result)), result, what=case.name)


def test_a_raster_over_files_pickles_as_its_description(all_inputs):
    assert len(pickle.dumps(all_inputs("files").x + 1)) < 5_000
