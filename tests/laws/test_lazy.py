"""A verb describes: nothing is read or computed until values are wanted."""

import pytest
from cases import CASES

from pyterra.io.raster_file import FileSource
from pyterra.run import Forbidden, use_executor


@pytest.fixture
def no_reading(monkeypatch):
    def read(self, bands, window, dtype):
        raise AssertionError("cells of a file were read where only a description was wanted")

    monkeypatch.setattr(FileSource, "read", read)


class TestVerbs:
    cases = [case for case in CASES if not case.reads]

    @pytest.mark.parametrize("kind", ["files", "memory"])
    def test_building_computes_nothing(self, case, kind, all_inputs, no_reading, build):
        with use_executor(Forbidden()):
            build(case, all_inputs(kind))


class TestReaders:
    cases = [case for case in CASES if case.reads]

    def test_a_verb_that_reads_is_known_to(self, case, all_inputs, build):
        given = all_inputs("files")
        with use_executor(Forbidden()), pytest.raises(AssertionError, match="was computed"):
            build(case, given)
