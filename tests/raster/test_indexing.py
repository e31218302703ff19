"""Layers by one index, rows and columns by two, cells by a raster."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import (
    ArgumentError,
    ExtentError,
    GridMismatchError,
    LayerError,
)

NAN = np.nan


@pytest.fixture
def r():
    return pt.rast(np.arange(24.0).reshape(2, 3, 4), names=["red", "nir"])


def test_one_index_gives_layers(r):
    assert r[1].names == ["nir"]
    assert r["red"].names == ["red"]
    assert r[["nir", 0]].names == ["nir", "red"]
    assert r[0:2].names == ["red", "nir"]
    assert [layer.names for layer in r] == [["red"], ["nir"]]


def test_two_indices_give_values_of_rows_and_columns(r):
    assert r[1, 2].tolist() == [6, 18]
    assert r[0:2, :].shape == (2, 2, 4)
    assert r[[2, 0], 1].tolist() == [[9, 1], [21, 13]]
    assert r[2, [3, 0]].tolist() == [[11, 8], [23, 20]]


def test_a_raster_gives_values_of_its_true_cells_in_order(r):
    assert r[r[0] > 9].tolist() == [[10, 22], [11, 23]]


def test_a_wrong_name_names_near_ones(r):
    with pytest.raises(LayerError, match="did you mean 'nir'"):
        r["nri"]


def test_assignment_through_a_raster_leaves_copies_alone(r):
    before = r.subset([0, 1])
    r[r[0] > 9] = NAN
    assert np.isnan(r.values()[10:]).all()
    assert not np.isnan(before.values()).any()


def test_assignment_takes_values_of_another_raster(r):
    r[r >= 12] = r * 10
    assert r.values(drop=True)[:, 1].tolist() == [v * 10 for v in range(12, 24)]
    assert r.values()[:, 0].tolist() == list(range(12))


def test_assignment_to_cells(r):
    r[0, 1:3] = 99
    assert r.to_numpy()[:, 0].tolist() == [[0, 99, 99, 3], [12, 99, 99, 15]]


def test_assignment_of_a_layer_replaces_or_adds(r):
    r["ndvi"] = r[0] / 2
    assert r.names == ["red", "nir", "ndvi"]
    r[0] = r["ndvi"]
    assert r[1, 1].tolist() == [2.5, 17, 2.5]


def test_assignment_of_another_grid_is_an_error(r):
    with pytest.raises(GridMismatchError):
        r["other"] = pt.rast(np.zeros((3, 5)))


def test_a_raster_is_neither_true_nor_false(r):
    with pytest.raises(ArgumentError, match="neither true nor false"):
        bool(r > 0)


def test_in_brackets_numbers_below_0_count_from_the_end(r):
    values, names = r.to_numpy(), r.names
    assert r[-1].names == names[-1:]
    assert r[-2:].names == names[-2:]
    assert r[:-1].names == names[:-1]
    assert r[[0, -1]].names == [names[0], names[-1]]
    assert r[np.array([-1, 0])].names == [names[-1], names[0]]
    np.testing.assert_array_equal(r[-1, 0], values[:, -1, 0])
    np.testing.assert_array_equal(r[-2:, :], values[:, -2:])
    np.testing.assert_array_equal(r[[0, -1], :-1], values[:, [0, -1], :-1])
    r[-1, -1] = 5
    assert r[r.nrow - 1, r.ncol - 1].tolist() == [5] * len(names)
    r[-1] = r[0] * 0
    assert r[len(names) - 1].minmax().ravel().tolist() == [0, 0]
    del r[-1]
    assert r.names == names[:-1]
    for key in (len(r), -len(r) - 1):
        with pytest.raises(LayerError, match=f"got {key}"):
            r[key]
    with pytest.raises(ExtentError, match=f"go from 0 to {r.nrow - 1}, or down to -{r.nrow} from the end"):
        r[-r.nrow - 1, 0]


def test_in_arguments_they_do_not(r):
    for key in (slice(-1, None), slice(None, -1)):
        with pytest.raises(LayerError, match="never from the end"):
            r.subset(key)
    with pytest.raises(LayerError, match="go from 0"):
        r.subset(-1)


def test_a_boolean_per_row_must_be_one_per_row(r):
    with pytest.raises(ArgumentError, match=f"length {r.nrow}, got 1"):
        r[[True], 0]


def test_a_cell_takes_a_number_per_layer():
    r = pt.rast([[[1, 2], [3, 4]], [[5, 6], [7, 8]]])
    r[0, 1] = [20, 60]
    assert r[0, 1].tolist() == [20, 60]
    r[1, :] = r[0, :]
    assert r[1, :].tolist() == r[0, :].tolist()
    r[0:2, 0] = 0.1
    assert r[:, 0].tolist() == [[0.1, 0.1]] * 2  # not rounded to what the stored integers could hold
    r[0, 0] = None
    assert np.isnan(r[0, 0]).all()
    with pytest.raises(ArgumentError, match="one per layer"):
        r[0, 0] = [1, 2, 3]


def test_assignment_to_cells_reads_nothing():
    from pyterra.run import Forbidden, use_executor

    r = pt.rast(nrows=3, ncols=3, vals=range(9)) * 2
    copy = r + 0
    with use_executor(Forbidden()):
        r[0, 0] = 77
    assert r[0, 0].tolist() == [77]
    assert copy[0, 0].tolist() == [0]


def test_assignment_gives_values_to_a_raster_without():
    r = pt.rast(nrows=1, ncols=3)
    r[0, 1] = 5
    np.testing.assert_array_equal(r.values(drop=True), [np.nan, 5, np.nan])


def test_several_layers_are_assigned_at_once():
    r = pt.rast(np.arange(12.0).reshape(3, 2, 2), names=["a", "b", "c"])
    r[[0, 2]] = r[[2, 0]]
    assert r.names == ["c", "b", "a"]
    assert r[0, 0].tolist() == [8, 4, 0]
    with pytest.raises(ArgumentError, match="must have 2 layers, got 3"):
        r[[0, 1]] = r


def test_layers_are_deleted():
    r = pt.rast(np.zeros((3, 1, 1)), names=["a", "b", "c"])
    del r["b"]
    assert r.names == ["a", "c"]
    with pytest.raises(LayerError, match="no layer is named 'b'"):
        del r["b"]
    with pytest.raises(ArgumentError, match="takes layers"):
        del r[0, 0]
    del r[0]
    with pytest.raises(ArgumentError, match="at least one layer"):
        del r[0]


def test_a_number_that_is_no_layer_points_to_extract(r):
    with pytest.raises(LayerError, match="extract"):
        r[99]


def test_layers_are_a_sequence(r):
    assert len(r) == 2
    assert [layer.names for layer in r] == [["red"], ["nir"]]
    assert r[0].names == ["red"]
    assert r["nir"].to_numpy()[0, 0, 0] == 12
    assert r[["nir", "red"]].names == ["nir", "red"]
    assert r[0:1].nlyr == 1
    assert r[[True, False]].names == ["red"]
    assert r.subset("red", negate=True).names == ["nir"]
    with pytest.raises(LayerError, match="did you mean 'nir'"):
        r["nri"]
    with pytest.raises(LayerError, match="0 to 1"):
        r[-3]
    with pytest.raises(KeyError):
        r["nothing"]


def test_two_indices_are_rows_and_columns(r):
    assert r[1, 2].tolist() == [6, 18]
    assert r[0:2, 1:3].shape == (2, 2, 2)
    assert r[0, :].shape == (2, 4)
    assert r[[0, 2], [0, 3]][0].tolist() == [[0, 3], [8, 11]]
    with pytest.raises(ExtentError, match="rows go from 0 to 2"):
        r[3, 0]


def test_a_raster_mask_gives_values_in_cell_order(r, forced_blocks):
    mask = r["red"] > 8
    np.testing.assert_array_equal(r[mask], [[9, 21], [10, 22], [11, 23]])
    forced_blocks(2, 3)
    np.testing.assert_array_equal(r[mask], [[9, 21], [10, 22], [11, 23]])


def test_assignment_changes_one_handle_only(r):
    other = pt.SpatRaster(r._node)
    r[r > 20] = None
    assert np.isnan(r.to_numpy()).sum() == 3
    assert not np.isnan(other.to_numpy()).any()
    r[0, 0] = 7
    assert r[0, 0].tolist() == [7, 7]
    r["swir"] = r["red"] * 2
    assert r.names == ["red", "nir", "swir"]
    r["red"] = r["red"] * 0
    assert r["red"].global_("max").iloc[0, 0] == 0
    r[r < 5] = r * 0 - 1
    assert r.global_("min", na_rm=True)["min"].min() == -1
    assert other.names == ["red", "nir"]
