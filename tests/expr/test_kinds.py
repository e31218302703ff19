"""The kinds of nodes: what they need of their inputs, and what they make of it."""

from dataclasses import replace

import numpy as np
import pytest

from pyterra.errors import UDFError
from pyterra.expr import Cells, Constant, Halo, Read, Stack
from pyterra.expr.kinds import Init, present
from pyterra.expr.layers import named
from pyterra.expr.method import Neighbourhood, Positional
from pyterra.grid import Grid, Window
from pyterra.grid.extent import Extent
from pyterra.io.array import ArraySource

NAN = float("nan")
F8 = np.dtype("float64")
GRID = Grid(Extent(0, 4, 0, 3), 3, 4, "")
WHOLE = GRID.window
ARRAY = np.arange(24.0).reshape(2, 3, 4)
READ = Read(grid=GRID, layers=named("ab"), dtype=F8, source=ArraySource(ARRAY), bands=(0, 1))


class Padded(Neighbourhood):
    """The block with its halo, as it comes."""

    def __call__(self, padded):
        return padded


class RowNumbers(Positional):
    def __call__(self, grid, window):
        rows = np.arange(window.row, window.row_stop)
        return np.broadcast_to(rows[None, :, None], (1, window.nrow, window.ncol))


def test_a_read_gives_its_bands_in_their_order():
    back = Read(grid=GRID, layers=named("ba"), dtype=F8, source=ArraySource(ARRAY), bands=(1, 0))
    np.testing.assert_array_equal(back.block((), Window(1, 1, 2, 2)), ARRAY[::-1, 1:, 1:3])
    assert READ.picked([1]).bands == (1,)
    assert [layer.name for layer in READ.picked([1]).layers] == ["b"]


def test_a_constant_is_its_numbers_and_a_skeleton_has_no_values():
    two = Constant(grid=GRID, layers=named("ab"), dtype=F8, numbers=(1.5, NAN))
    np.testing.assert_array_equal(two.block((), Window(0, 0, 1, 2)), [[[1.5, 1.5]], [[NAN, NAN]]])
    assert two.has_values
    assert two.picked([0]).numbers == (1.5,)
    assert not Constant(grid=GRID, layers=named("a"), dtype=F8, numbers=(0.0,), skeleton=True).has_values


def test_positions_become_values_of_the_dtype():
    node = Init(grid=GRID, layers=named("a"), dtype=F8, kernel=RowNumbers(), temporaries=3.0)
    assert node.block((), Window(1, 0, 2, 1)).tolist() == [[[1.0], [2.0]]]
    assert node.block((), Window(1, 0, 2, 1)).dtype == F8
    assert node.scratch(Window(0, 0, 2, 2)) == 12


def cells(kernel, verb="", layerwise=False):
    return Cells(
        grid=GRID,
        layers=named("ab"),
        dtype=F8,
        arguments=(READ,),
        kernel=kernel,
        verb=verb,
        layerwise=layerwise,
    )


def test_cells_need_the_same_window_and_must_keep_its_shape():
    window = Window(0, 1, 2, 2)
    assert cells(np.sqrt).footprint(window) == (window,)
    with pytest.raises(UDFError, match=r"\(layer, row, col\) = \(2, 3, 4\), got \(1, 3, 4\)"):
        cells(lambda a: a[:1]).block((ARRAY,), WHOLE)


def test_what_a_users_function_raises_says_where_and_what_ours_raise_stays():
    def fails(block):
        raise ZeroDivisionError("by nought")

    with pytest.raises(
        UDFError, match=r"app: .*ZeroDivisionError: by nought .*rows 0:3, columns 0:4.*layers: a, b"
    ):
        cells(fails, "app").block((ARRAY,), WHOLE)
    with pytest.raises(ZeroDivisionError):
        cells(fails).block((ARRAY,), WHOLE)


def test_layers_go_alone_only_where_the_rule_and_the_depth_say_so():
    assert cells(np.sqrt, layerwise=True).layer_by_layer
    assert not cells(np.sqrt).layer_by_layer
    one = Constant(grid=GRID, layers=named("a"), dtype=F8, numbers=(1.0,))
    mixed = Cells(
        grid=GRID, layers=named("ab"), dtype=F8, arguments=(READ, one), kernel=np.add, layerwise=True
    )
    assert not mixed.layer_by_layer


def halo(**more):
    return Halo(
        grid=GRID, layers=named("ab"), dtype=F8, argument=READ, rows=1, cols=2, kernel=Padded(), **more
    )


def test_a_halo_reads_no_further_than_the_raster():
    assert halo().footprint(Window(0, 1, 1, 1)) == (Window(0, 0, 2, 4),)
    assert halo(wrap=True).footprint(Window(1, 3, 1, 1)) == (Window(0, 0, 3, 4),)


@pytest.mark.parametrize(
    ("more", "padding"),
    [
        ({}, {"mode": "constant", "constant_values": NAN}),
        ({"fill": -1.0}, {"mode": "constant", "constant_values": -1}),
        ({"fill": "edge"}, {"mode": "edge"}),
    ],
    ids=["missing", "number", "edge"],
)
def test_beyond_the_edge_lies_what_numpys_pad_puts_there(more, padding):
    found = halo(**more).block((ARRAY,), WHOLE)
    np.testing.assert_array_equal(found, np.pad(ARRAY, ((0, 0), (1, 1), (2, 2)), **padding))


def test_columns_go_on_around_the_earth():
    found = halo(wrap=True).block((ARRAY,), WHOLE)
    np.testing.assert_array_equal(found[:, 1:-1], np.pad(ARRAY, ((0, 0), (0, 0), (2, 2)), mode="wrap"))
    assert np.isnan(found[:, [0, -1]]).all()
    part = Window(1, 3, 1, 1)
    np.testing.assert_array_equal(halo(wrap=True).block((ARRAY,), part), found[:, 1:4, 3:8])


class Doubles(Padded):
    doubles = True


@pytest.mark.parametrize("window", [WHOLE, Window(1, 2, 1, 1)], ids=["padded", "inside"])
def test_what_knows_double_precision_alone_gets_it(window):
    single = replace(READ, dtype=np.dtype("float32"))
    for kernel, dtype in ((Padded(), "float32"), (Doubles(), "float64")):
        node = Halo(grid=GRID, layers=named("ab"), dtype=F8, argument=single, rows=1, cols=1, kernel=kernel)
        covered = node.footprint(window)[0]
        padded = node._pad(single.block((), covered), covered, window.widened(1, 1))
        assert padded.dtype == dtype
    assert node.scratch(window) >= padded.nbytes


def test_a_stack_picks_layers_of_its_inputs():
    other = Constant(grid=GRID, layers=named("c"), dtype=F8, numbers=(9.0,))
    stack = Stack(
        grid=GRID, layers=named("bca"), dtype=F8, arguments=(READ, other), picks=((0, 1), (1, 0), (0, 0))
    )
    assert stack.parts == [(READ, 1), (other, 0), (READ, 0)]
    found = stack.block((ARRAY, np.full((1, 3, 4), 9.0)), WHOLE)
    np.testing.assert_array_equal(found, [ARRAY[1], np.full((3, 4), 9.0), ARRAY[0]])


def test_an_input_that_was_not_computed_is_never_taken_for_nothing():
    assert len(present((ARRAY, ARRAY))) == 2
    with pytest.raises(ValueError, match="not computed"):
        present((ARRAY, None))
