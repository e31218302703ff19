"""A cell's value does not depend on the blocks: one, ragged, rows, columns, at any offset; bit for bit."""

from cases import CASES, RASTERS
from cases.kinds import one_of_each
from inputs import PLACES
from same import assert_same, assert_same_bits, by_blocks, whole

SHAPES = {
    "7 x 5 from (3, 2)": (7, 5, 3, 2),
    "rows": (1, 10**6, 0, 0),
    "columns": (10**6, 1, 0, 0),
}


def check(case, result):
    if result is None:
        return
    expected = whole(result)
    assert expected.dtype == result.dtype
    assert expected.shape == result.shape
    for what, blocks in SHAPES.items():
        if case.slow and not what.startswith("7 x 5"):
            continue
        assert_same_bits(by_blocks(result, *blocks), expected, what)


class TestRasters:
    cases = RASTERS

    def test_a_value_does_not_depend_on_the_blocks(self, case, all_inputs, build):
        check(case, build(case, all_inputs("files")))


class TestKernels:
    cases = one_of_each(RASTERS)
    across = ("kind", [kind for kind in PLACES if kind != "files"], 2)

    def test_a_value_does_not_depend_on_the_blocks_whatever_the_raster(self, case, kind, all_inputs, build):
        check(case, build(case, all_inputs(kind)))


class TestValues:
    cases = [case for case in CASES if case.reads]
    across = ("kind", ["memory", "files", "earth", "row", "cell", "missing"], 2)

    def test_an_answer_does_not_depend_on_the_blocks(self, case, kind, all_inputs, build, forced_blocks):
        expected = build(case, all_inputs(kind))
        for blocks in ((7, 5), (1, 1000)):
            forced_blocks(*blocks)
            assert_same(build(case, all_inputs(kind)), expected, case.rtol, f"{case.name} {blocks}")
