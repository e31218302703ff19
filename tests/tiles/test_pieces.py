"""What a function gives of tiles, joined: types, classes and what is said of layers."""

import gc

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, SinkError, UDFError


@pytest.fixture
def r():
    return pt.rast(np.arange(48.0).reshape(2, 4, 6), names=["a", "b"])


def in_turn(*functions):
    """One function for the first tile, the next for the second and so on; the last for all that follow."""
    waiting = list(functions)
    return lambda tile: (waiting.pop(0) if len(waiting) > 1 else waiting[0])(tile)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (lambda tile: tile > 5, lambda tile: tile * 1.5),
        (lambda tile: tile * 1.5, lambda tile: tile > 5),
        (lambda tile: tile > 5, lambda tile: (tile * 1000).as_int()),
    ],
)
def test_tiles_of_several_types_are_joined_in_one_that_holds_all(r, one, other):
    made = pt.chunk(r, in_turn(one, other), n=3)
    expected = np.concatenate([one(r).to_numpy()[:, :, :3], other(r).to_numpy()[:, :, 3:]], axis=2)
    expected[:, 3:] = other(r).to_numpy()[:, 3:]
    np.testing.assert_array_equal(made.to_numpy(), expected)
    assert made.is_bool() == [False, False]


def test_whole_numbers_of_several_types_stay_whole_and_are_written_as_such(r, tmp_path):
    def whole(datatype, more):
        return lambda tile: (tile + more).write_raster(tmp_path / f"{datatype}.tif", True, datatype=datatype)

    made = pt.chunk(r, in_turn(whole("uint8", 0), whole("int16", 1000)), n=(4, 3))
    expected = r.to_numpy() + np.where(np.arange(6) < 3, 0, 1000)
    assert made.is_int() == [True, True]
    np.testing.assert_array_equal(made.to_numpy(), expected)
    np.testing.assert_array_equal(made.write_raster(tmp_path / "out.tif").to_numpy(), expected)


def classes(table):
    def of(tile):
        out = (tile["a"] > 11) + 1
        out.levels = table
        return out

    return of


def test_classes_are_those_of_all_tiles(r):
    made = pt.chunk(r, in_turn(classes({1: "low"}), classes({2: "high"})), n=(2, 6))
    assert made.levels[0].to_numpy().tolist() == [[1, "low"], [2, "high"]]
    np.testing.assert_array_equal(made.to_numpy(), ((r["a"] > 11) + 1).to_numpy())


@pytest.mark.parametrize("apply", [pt.chunk, pt.tile_apply])
def test_two_classes_of_one_value_are_refused(r, apply):
    size = {"n": (2, 6)} if apply is pt.chunk else {"tiles": (2, 6), "executor": "serial"}
    with pytest.raises(UDFError, match=r"got classes \(1, '(low|dry)'\) and \(1, '(low|dry)'\) in layer"):
        apply(r, in_turn(classes({1: "low"}), classes({1: "dry"})), **size)


@pytest.mark.parametrize("fun", [3, None, "mean"])
def test_a_function_is_wanted(r, fun):
    with pytest.raises(ArgumentError, match=r"^chunk: fun must be a function of a raster, got"):
        pt.chunk(r, fun)
    with pytest.raises(ArgumentError, match=r"^tile_apply: fun must be a function of a raster, got"):
        pt.tile_apply(r, fun)


@pytest.mark.parametrize(
    ("fun", "text"),
    [
        (in_turn(lambda tile: tile, lambda tile: tile[[0, 1, 0]]), "bands"),
        (in_turn(lambda tile: tile[[0, 1, 0]], lambda tile: tile), "bands"),
    ],
)
def test_layers_must_be_as_many_for_each_tile(r, fun, text):
    with pytest.raises(
        UDFError, match=rf"^chunk: what the function gives of the tiles must fit together .*{text}"
    ):
        pt.chunk(r, fun, n=3)


def test_reference_systems_must_be_one(r):
    def another(tile):
        tile.crs = "EPSG:3035"
        return tile

    with pytest.raises(UDFError, match=r"^chunk: .* must fit together .*one CRS"):
        pt.chunk(r, in_turn(lambda tile: tile, another), n=3)


def test_a_temporary_folder_that_is_gone_is_told(r, tmp_path):
    place = tmp_path / "gone"
    place.mkdir()
    with pt.options(tempdir=str(place)):
        place.rmdir()
        with pytest.raises(SinkError, match=r"^chunk: no temporary folder can be made in .*gone.*tempdir="):
            pt.chunk(r, lambda tile: tile)


def test_a_function_may_call_chunk_itself(r):
    made = pt.chunk(r, lambda tile: pt.chunk(tile, lambda part: part + 1, n=1), n=3)
    np.testing.assert_array_equal(made.to_numpy(), (r + 1).to_numpy())


def test_what_is_computed_of_the_result_outlives_it(r):
    made = pt.chunk(r, lambda tile: tile, n=3)
    later = made[0] + 1
    del made
    np.testing.assert_array_equal(later.to_numpy(), (r[0] + 1).to_numpy())


def test_margins_are_rows_and_columns_whatever_the_size_of_cells():
    r, seen = pt.rast(np.zeros((1, 4, 6)), extent=(0, 60, 0, 4)), []
    pt.chunk(r, lambda tile: seen.append(tile.shape[1:]) or tile, n=(2, 3), buffer=(1, 2))
    assert seen == [(3, 5)] * 4


def test_what_is_known_of_the_values_of_a_tile_is_not_said_of_all(r):
    made = pt.chunk(r, lambda tile: tile, n=3)
    assert made.has_minmax() == [False, False]
    assert made.minmax(compute=True).max() == 47


def test_numbers_in_single_precision_stay_as_they_are(tmp_path):
    x = pt.rast(np.array([[[0.1, 0.2], [0.3, 1e-30]]], np.float32)).write_raster(
        tmp_path / "a.tif", datatype="float32"
    )
    made = pt.chunk(x, lambda tile: tile, n=1)
    assert made.datatype() == ["float32"]
    np.testing.assert_array_equal(made.to_numpy(), x.to_numpy())


def test_the_files_stay_while_the_result_is_there(r, tmp_path):
    with pt.options(tempdir=str(tmp_path)):
        made = pt.chunk(r, lambda tile: tile, n=3)
        gc.collect()
        np.testing.assert_array_equal(made.to_numpy(), r.to_numpy())
