"""A raster travels: pickled and back, it has the same values, in this process and in another."""

import pickle

import pytest
import shapely
from same import assert_same

from pyterra import SpatRaster, SpatVector


@pytest.mark.parametrize("kind", ["files", "memory"])
def test_a_raster_survives_pickling(case, kind, all_inputs, build):
    result = build(case, all_inputs(kind))
    if isinstance(result, SpatVector):
        again = pickle.loads(pickle.dumps(result))
        assert again.values().equals(result.values())
        assert shapely.equals_exact(again.geoms, result.geoms).all()
        assert again.wkt == result.wkt
    if isinstance(result, SpatRaster):
        assert_same(pickle.loads(pickle.dumps(result)), result, what=case.name)


def test_a_raster_over_files_pickles_as_its_description(all_inputs):
    assert len(pickle.dumps(all_inputs("files").x + 1)) < 5_000
