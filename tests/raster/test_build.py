"""Small steps that every family of verbs of rasters takes."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, ExtentError, GridMismatchError, LayerError, NoValuesError
from pyterra.expr import Layer, Stack
from pyterra.expr.layers import named
from pyterra.raster import build

NAN = float("nan")
F4, F8 = np.dtype("float32"), np.dtype("float64")


def test_what_is_no_raster_or_has_no_values_is_refused_by_the_verb():
    r, bare = pt.rast([[1.0]]), pt.rast(nrows=1, ncols=1)
    assert build.node_of(r, "app") is r._node
    assert build.geometry_of(bare, "app") is bare._node
    with pytest.raises(ArgumentError, match=r"app: must be a SpatRaster, got int; make one with rast\(\)"):
        build.node_of(3, "app")
    with pytest.raises(NoValuesError, match="app: the raster must have cell values"):
        build.node_of(bare, "app")


def test_nodes_share_a_grid_or_the_verb_says_so():
    a, b = (pt.rast([[1.0]], crs=crs)._node for crs in ("EPSG:3035", "EPSG:3035"))
    assert build.same_grid([a, b], "app") == a.grid
    with pytest.raises(GridMismatchError, match="app"):
        build.same_grid([a, pt.rast([[1.0, 2.0]], crs="EPSG:3035")._node], "app")


def test_layers_are_repeated_and_blocks_widened_only_where_needed():
    node = pt.rast(np.ones((2, 1, 1), np.float32), names=["a", "b"])._node
    assert build.recycled(node, 2) is node
    assert [layer.name for layer in build.recycled(node, 3).layers] == ["a", "b", "a"]
    assert build.widened(node, F4) is node
    assert build.widened(node, F8).dtype == F8
    computed = pt.rast(np.ones((1, 1, 1), np.float32)).flip()._node
    assert computed.dtype == F4
    assert isinstance(build.widened(computed, F8), Stack)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (2, (2,)),
        (True, (1,)),
        (np.float32(0.5), (0.5,)),
        ([1, 2], (1, 2)),
        (range(2), (0, 1)),
        (np.arange(2), (0, 1)),
    ],
)
def test_a_number_or_one_per_layer(value, found):
    assert build.per_layer(value, "what") == found


def test_what_is_masked_is_missing_in_numbers():
    found = build.numbers_of(np.ma.array([1, 2], mask=[True, False]), "verb: x")
    np.testing.assert_array_equal(found, [np.nan, 2])


def test_none_is_missing_in_numbers():
    np.testing.assert_array_equal(build.per_layer(None, "what"), [NAN])
    np.testing.assert_array_equal(build.per_layer([1, None], "what"), [1, NAN])
    np.testing.assert_array_equal(build.per_layer(np.ma.masked_equal([1, 2], 2), "what"), [1, NAN])
    np.testing.assert_array_equal(build.numbers_of([[1, None], [2, 3]], "what"), [[1, NAN], [2, 3]])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: build.per_layer([], "what"), "what: must be a number or one number per layer, got nothing"),
        (lambda: build.per_layer(["x"], "what"), r"what: must be numbers, got \['x'\]"),
        (lambda: build.per_layer("x", "what"), "got str"),
        (lambda: build.numbers_of([1, "x"], "what"), "what must be numbers, got 'x'"),
        (lambda: build.numbers_of([[1], [2, 3]], "what"), "rows of several lengths"),
        (lambda: build.numbers_of(None, "what"), "got None"),
        (lambda: build.numbers_of([], "what"), "got nothing"),
        (lambda: build.numbers_of(np.array(["2020"], "datetime64[D]"), "what"), "datetime64"),
        (lambda: build.number("x", "what"), "what must be a number, got 'x'"),
        (lambda: build.cell_size([1, 2, 3], "what"), "one or two numbers above 0"),
        (lambda: build.cell_size([1, -2], "what"), "one or two numbers above 0"),
    ],
)
def test_what_is_no_number_is_refused(call, words):
    with pytest.raises(ArgumentError, match=words):
        call()


def test_numbers_and_sizes():
    assert build.number(np.int8(3), "what") == 3.0
    assert (build.cell_size(2, "what"), build.cell_size((2, 3), "what")) == ((2, 2), (2, 3))


@pytest.mark.parametrize(
    ("numbers", "dtype"), [([1, 0.5, NAN], F4), ([0.1], F8), ([2**24 + 1], F8), ([1e300], F8), ([np.inf], F4)]
)
def test_a_dtype_is_widened_for_numbers_that_it_cannot_hold(numbers, dtype):
    assert build.exact_dtype(numbers, F4) == dtype
    assert build.exact_dtype(numbers, F8) == F8


@pytest.mark.parametrize(
    ("kind", "numbers", "others", "found"),
    [
        ("int", [3], (), "int"),
        ("int", [0.5], (), "num"),
        ("int", [NAN], (), "int"),
        ("bool", [0, 1], (), "bool"),
        ("bool", [2], (), "int"),
        ("bool", (), ("int",), "int"),
        ("int", (), ("num",), "num"),
        ("num", [1], (), "num"),
        ("factor", [0.5], (), "factor"),
    ],
)
def test_a_layer_whose_values_are_mixed_keeps_its_kind_where_all_are_of_it(kind, numbers, others, found):
    layer = Layer("a", kind, storage="uint8", range=(0.0, 1.0))
    mixed = build.mixed(layer, numbers, [Layer("b", other) for other in others])
    assert (mixed.kind, mixed.range, mixed.storage) == (found, None, None)


def test_a_file_of_mixed_values_is_wide_where_one_of_them_is():
    assert build.mixed(Layer("a", storage="float64")).storage == "float64"
    assert build.mixed(Layer("a"), [16777217]).storage == "float64"
    assert build.mixed(Layer("a"), (), [Layer("b", storage="int32")]).storage == "float64"


LAYERS = named(["a", "b", "a"])


@pytest.mark.parametrize(
    ("index", "found"),
    [
        (1, [1]),
        ("a", [0, 2]),
        (["b", 0], [1, 0]),
        (slice(1, None), [1, 2]),
        ([True, False, True], [0, 2]),
        ([], []),
    ],
)
def test_layers_are_meant_by_number_name_slice_or_flags(index, found):
    assert build.layer_positions(LAYERS, index) == found


@pytest.mark.parametrize(
    ("index", "words"),
    [
        (3, "numbers go from 0 to 2, got 3"),
        (-1, "numbers go from 0 to 2, got -1"),
        ("c", "no layer is named 'c'"),
        ([True], "a boolean per layer must have length 3, got 1"),
        (slice(-1, None), "never from the end"),
        ([1.5], "must be named by text or number, got float"),
        (1.5, "must be named by text or number, got float"),
        (None, "must be named by text or number, got NoneType"),
    ],
)
def test_layers_that_are_not_there_are_refused(index, words):
    with pytest.raises(LayerError, match=words):
        build.layer_positions(LAYERS, index)


def test_anything_with_an_extent_has_one():
    class Bounds:
        left, bottom, right, top = 0, 1, 2, 3

    sides = {"xmin": 0, "xmax": 2, "ymin": 1, "ymax": 3}
    r = pt.rast(nrows=1, ncols=1, xmin=0, xmax=2, ymin=1, ymax=3)
    for given in (r, r.ext, sides, Bounds(), [0, 2, 1, 3], np.array([0, 2, 1, 3]), pt.vect([[0, 1], [2, 3]])):
        assert tuple(build.extent_of(given)) == (0, 2, 1, 3)
    with pytest.raises(ExtentError, match="must be four numbers"):
        build.extent_of("all")
