"""What is told of an expression before it is computed."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest

import pyterra as pt
from pyterra.maps.explain import MOST
from pyterra.run import Forbidden, use_executor


@pytest.fixture
def file(tmp_path):
    values = np.random.default_rng(4).random((3, 60, 80))
    return pt.rast(values, crs="EPSG:32632").write_raster(
        tmp_path / "a<b.tif", options={"BLOCKXSIZE": 32, "BLOCKYSIZE": 16}
    )


def drawings(told):
    page = told._repr_html_()
    return [ElementTree.fromstring(svg) for svg in re.findall(r"<svg.*?</svg>", page, re.S)]


def boxes(svg):
    """Left, top, right and bottom of each box."""
    found = []
    for rect in svg.iter("{http://www.w3.org/2000/svg}rect"):
        x, y, width, height = (float(rect.get(name)) for name in ("x", "y", "width", "height"))
        found.append((x, y, x + width, y + height))
    return found


def test_steps_stand_from_the_result_to_the_files(file):
    a, b = file[[0]], file[[1]]
    ratio = (a - b) / (a + b)
    with use_executor(Forbidden()), pt.options(workers=2, memory="1GB"):
        told = ratio.focal(5, "mean").explain()
    names = [step.what for step in told.steps]
    assert names[:2] == ["focal statistic mean", "operator /"]
    assert sorted(names[2:]) == ["a<b.tif", "a<b.tif", "operator +", "operator -"]
    assert told.steps[0].note == "needs 2 rows, 2 columns around a block"
    files = [i for i, name in enumerate(names) if name == "a<b.tif"]
    assert all(told.steps[i].note == "tiles of 16 x 32" for i in files)
    assert [names[i] for i in told.steps[1].inputs] == ["operator -", "operator +"]
    assert all(sorted(told.steps[i].inputs) == files for i in told.steps[1].inputs)
    text = str(told).splitlines()
    assert text[0].startswith("1 block of 60 x 80 cells")
    assert sorted(line.strip("│├└─ ").split(":")[0] for line in text if ": " in line) == sorted(names)
    assert sum("(see above)" in line for line in text) == 2


def test_bytes_are_those_of_a_block(file):
    with pt.options(workers=1, memory="64KB"):
        told = (file * 2).focal(3, "sum").explain()
    blocks = told.plan.blocks
    assert len(blocks) > 1
    assert told.steps[0].nbytes == 3 * blocks.nrow * blocks.ncol * 8
    assert told.steps[1].nbytes > told.steps[0].nbytes  # with its halo
    assert told.summary[0].startswith(f"{len(blocks)} blocks of {blocks.nrow} x {blocks.ncol} cells")


def test_boxes_do_not_overlap_and_files_lie_above_the_result(file):
    sums = [file[[i]] + file[[j]] for i in range(3) for j in range(3)]
    total = sums[0]
    for other in sums[1:]:
        total = total * other
    picture = drawings(total.mask(total > 0).explain())[0]
    found = boxes(picture)
    assert len(found) > 20
    for i, (left, top, right, bottom) in enumerate(found):
        assert left >= 0
        assert right <= float(picture.get("width"))
        assert bottom <= float(picture.get("height"))
        for other in found[:i]:
            apart = right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top
            assert apart
    assert found[0][1] == max(top for _, top, _, _ in found)


def test_the_grid_is_drawn_in_its_blocks(file):
    with pt.options(workers=1, memory="64KB"):
        told = file.focal(3, "sum").explain()
    grid = drawings(told)[1]
    path = grid.find("{http://www.w3.org/2000/svg}path").get("d")
    lines = path.partition("Z")[2]
    blocks = told.plan.blocks
    assert lines.count("H") == -(-60 // blocks.nrow) - 1
    assert lines.count("V") == -(-80 // blocks.ncol) - 1


def test_what_does_not_fit_the_memory_is_told(file):
    with pt.options(memory=300):
        told = file.focal(3, "sum").explain()
    assert told.plan is None
    assert "the memory budget is" in str(told)
    assert len(drawings(told)) == 1


def test_functions_sweeps_and_other_grids_have_their_words(file):
    notes = {step.what: step.note for step in file[[0]].distance().explain().steps}
    assert notes["planar distance"] == "looks at the whole raster"
    assert file.app(lambda v: v.sum()).explain().steps[0].what == "function in app"
    (coarse, _) = file.aggregate(2).explain().steps
    assert coarse.note == "needs 60 x 80 cells of its input for a block"
    assert pt.rast(nrows=2, ncols=3, vals=1).explain().steps[-1].what == "values in memory"


def test_of_a_long_expression_the_end_is_told(file):
    x = file[[0]]
    for number in range(MOST + 10):
        x = x + number
    told = x.explain()
    assert (len(told.steps), told.left_out) == (MOST, 11)
    assert str(told).endswith("and 11 steps more")
    assert "and 11 steps more" in told._repr_html_()


def test_a_drawing_has_the_names_of_files_as_they_are(file):
    page = file.explain()._repr_html_()
    assert "a&lt;b.tif" in page
    assert "a<b.tif" not in page
