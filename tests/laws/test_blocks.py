"""A cell's value does not depend on the blocks: one, ragged, rows, columns, at any offset; bit for bit."""

from cases import CASES, RASTERS
from cases.kinds import one_of_each
from inputs import PLACES
from same import assert_same, assert_same_bits, by_blocks, whole
from turns import in_turn

RAGGED = {"7 x 5 from (3, 2)": (7, 5, 3, 2)}
LINES = {"rows": (1, 10**6, 0, 0), "columns": (10**6, 1, 0, 0)}
FORCED = ((7, 5), (1, 1000))


def check(case, result, name, thorough):
    """Of a name, in ragged blocks and in rows or in columns; in both where all is asked."""
    if result is None:
        return
    expected = whole(result)
    assert expected.dtype == result.dtype
    assert expected.shape == result.shape
    lines = [] if case.slow else in_turn(name, list(LINES.items()), 2 if thorough else 1)
    for what, blocks in (*RAGGED.items(), *lines):
        assert_same_bits(by_blocks(result, *blocks), expected, what)


class TestRasters:
    cases = RASTERS

    def test_a_value_does_not_depend_on_the_blocks(self, case, all_inputs, build, thorough):
        check(case, build(case, all_inputs("files")), case.name, thorough)


class TestKernels:
    cases = one_of_each(RASTERS)
    across = ("kind", [kind for kind in PLACES if kind != "files"], 2)

    def test_a_value_does_not_depend_on_the_blocks_whatever_the_raster(
        self, case, kind, all_inputs, build, thorough
    ):
        check(case, build(case, all_inputs(kind)), f"{case.name} {kind}", thorough)


class TestValues:
    cases = [case for case in CASES if case.reads]
    across = ("kind", ["memory", "files", "earth", "row", "cell", "missing"], 2)

    def test_an_answer_does_not_depend_on_the_blocks(
        self, case, kind, all_inputs, build, forced_blocks, thorough
    ):
        expected = build(case, all_inputs(kind))
        for blocks in in_turn(f"{case.name} {kind}", FORCED, 2 if thorough else 1):
            forced_blocks(*blocks)
            assert_same(build(case, all_inputs(kind)), expected, case.rtol, f"{case.name} {blocks}")
