"""A verb describes: nothing is computed until values are wanted, and what it describes travels by pickle."""

import pickle

import pytest
import shapely
from cases import CASES
from cases.kinds import one_of_each
from same import assert_same

from pyterra import SpatRaster, SpatVector
from pyterra.io.raster.raster_file import FileSource
from pyterra.run import Forbidden, use_executor


@pytest.fixture
def no_reading():
    """Within this, a cell of a file that is read is an error."""

    def fetched(self, bands, window):
        raise AssertionError("cells of a file were read where only a description was wanted")

    patched = pytest.MonkeyPatch()
    patched.setattr(FileSource, "fetched", fetched)
    yield patched.undo
    patched.undo()


def check(case, inputs, build, read_again):
    with use_executor(Forbidden()):
        result = build(case, inputs)
        again = pickle.loads(pickle.dumps(result)) if isinstance(result, SpatRaster | SpatVector) else None
    read_again()
    if isinstance(result, SpatVector):
        assert again.values().equals(result.values())
        assert shapely.equals_exact(again.geoms, result.geoms).all()
        assert again.wkt == result.wkt
    if isinstance(result, SpatRaster):
        assert_same(again, result, what=case.name)


class TestVerbs:
    cases = [case for case in CASES if not case.reads]

    def test_building_computes_nothing_and_what_is_built_travels(self, case, all_inputs, no_reading, build):
        check(case, all_inputs("files"), build, no_reading)


class TestKernels:
    cases = one_of_each([case for case in CASES if not case.reads and not case.plain])

    def test_values_in_memory_travel_too(self, case, all_inputs, no_reading, build):
        check(case, all_inputs("memory"), build, no_reading)


class TestReaders:
    cases = [case for case in CASES if case.reads]

    def test_a_verb_that_reads_is_known_to_and_its_result_travels(self, case, all_inputs, build):
        given = all_inputs("files")
        with use_executor(Forbidden()), pytest.raises(AssertionError, match="was computed"):
            build(case, given)
        result = build(case, given)
        if isinstance(result, SpatRaster):
            assert_same(pickle.loads(pickle.dumps(result)), result, what=case.name)


def test_a_raster_over_files_pickles_as_its_description(all_inputs):
    assert len(pickle.dumps(all_inputs("files").x + 1)) < 5_000
