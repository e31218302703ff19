"""What the R package does that is no verb: objects in and out, positions from 1."""

import json

import numpy as np
import pytest

import pyterra as pt
from pyterra.rbridge import host_verbs as verbs


@pytest.fixture
def r():
    return pt.rast(np.arange(12.0).reshape(2, 2, 3), names=["a", "b"], extent=(0, 3, 0, 2), crs="EPSG:3035")


def test_values_travel_unless_r_reads_the_file(r, tmp_path):
    assert verbs.travels(r)
    assert verbs.raster_of(verbs.header(r)) is None
    stored = r.write_raster(tmp_path / "a.tif")
    assert not verbs.travels(stored)
    back = verbs.raster_of(verbs.header(stored))
    assert back.to_numpy().tolist() == r.to_numpy().tolist()


def test_a_header_of_one_cell_leaves_that_of_the_raster_alone(tmp_path, r):
    stored = verbs.raster_of(verbs.header(r.write_raster(tmp_path / "a.tif")))
    whole = json.loads(verbs.header(stored))["grid"]
    one = json.loads(verbs.layers(stored))["grid"]
    assert (one["nrow"], one["ncol"], one["extent"]) == (1, 1, whole["extent"])
    assert json.loads(verbs.header(stored))["grid"] == whole


def test_blocks_go_there_and_rows_come_back(r):
    room, source = verbs.rows(verbs.header(r)), verbs.values_of(r)
    while (block := verbs.next_block(source)) is not None:
        row, count, values = block
        verbs.put_rows(room, values.reshape(2, count, 3), row, count)
    back = verbs.finished(room)
    assert (back.names, back.to_numpy().tolist()) == (r.names, r.to_numpy().tolist())


def test_a_vector_is_told_in_matrices_and_made_of_them():
    v = pt.vect([[0, 1], [2, 3]], atts={"n": [5, 6]}, crs="EPSG:3035")
    header, geometry, attributes, table = verbs.vector_parts(v)
    columns = (len(geometry) // 2, len(table) // 2)
    back = verbs.vector_of(
        header,
        geometry.reshape(2, columns[0], order="F"),
        attributes,
        table.reshape(2, columns[1], order="F"),
    )
    assert (back.crds().tolist(), back["n"].tolist(), back.crs) == ([[0, 1], [2, 3]], [5, 6], v.crs)
    assert verbs.without_attributes(v).names == []


def test_positions_are_shifted_to_those_of_r(r):
    assert verbs.shifted(r, 1).to_numpy()[0].tolist() == [[1, 2, 3], [4, 5, 6]]
    v = pt.vect([[0, 0], [1, 0], [5, 0]], atts={"n": [0, 1, 2], "m": [0, 0, 0]}, crs="EPSG:3035")
    assert verbs.shifted(v, 1, "n").values().to_dict("list") == {"n": [1, 2, 3], "m": [0, 0, 0]}
    assert verbs.nearest(v)["to_id"].tolist() == [2, 1, 2]


def test_one_handle_becomes_another_and_a_copy_does_not(r):
    same, other = r, verbs.copied(r)
    verbs.become(r, r * 2)
    assert same.to_numpy().max() == 22
    assert other.to_numpy().max() == 11


def test_counts_of_combinations_have_an_axis_per_layer():
    two = pt.rast([[[1.0, 1.0, 2.0]], [[5.0, 6.0, 5.0]]], names=["a", "b"])
    counts, labels = verbs.crosstab(two)
    assert counts.tolist() == [[1, 1], [1, 0]]
    assert [axis.tolist() for axis in labels] == [["1", "2"], ["5", "6"]]
    assert verbs.crosstab(two, long=True)["n"].tolist() == [1, 1, 1]


def test_layers_go_without_cells_and_come_back_as_they_were(r):
    timed = r.set_time(["2020-01-01", "2020-02-01"])
    told = verbs.layers(timed)
    assert json.loads(told)["grid"]["nrow"] == 1
    back = verbs.with_layers(r, told)
    assert [str(day) for day in back.time] == ["2020-01-01", "2020-02-01"]


def test_windows_are_counted_from_0(r):
    assert verbs.numbers(r, [1, 1, 1, 2]).tolist() == [4, 5, 10, 11]
    assert verbs.window(r, 1, 1, 1, 2).to_numpy().tolist() == [[[4, 5]], [[10, 11]]]


def test_new_values_keep_what_they_are_told_to_keep(r):
    timed = r.set_time(["2020-01-01", "2020-02-01"])
    timed.units = ["m", "s"]
    kept = verbs.set_values(timed, np.zeros(12), "int", True, True, True)
    assert (kept.names, kept.units, kept.is_int()) == (["a", "b"], ["m", "s"], [True, True])
    assert kept.time.tolist() == timed.time.tolist()
    bare = verbs.set_values(timed, np.zeros(12), "num", False, False, False)
    assert (bare.time, bare.units) == (None, ["", ""])
    assert bare.names != ["a", "b"]


def test_some_cells_are_set_or_alone_kept(r):
    found = verbs.with_cells(r, [0, 5], np.array([-1.0, -2.0]), 1).to_numpy()
    assert found[:, [0, 1], [0, 2]].tolist() == [[-1, -2], [-1, -2]]
    each = verbs.with_cells(r, [0], np.array([-1.0, -3.0]), 2).to_numpy()
    assert each[:, 0, 0].tolist() == [-1, -3]
    alone = verbs.only_cells(r, [4]).to_numpy()
    assert np.argwhere(~np.isnan(alone)).tolist() == [[0, 1, 1], [1, 1, 1]]


def test_what_is_held_for_r_is_opaque(r):
    assert verbs.frame("table").held == "table"
    assert verbs.frame("table").opaque
    assert verbs.shown(r) == repr(r)
    assert verbs.edges(r.ext) == [0, 3, 0, 2]


def test_sources_are_told_for_each_layer(r, tmp_path):
    stored = r.write_raster(tmp_path / "a.tif")
    file = str(tmp_path / "a.tif")
    found = verbs.sources(pt.c(stored, r["a"], stored["b"] + 1))
    assert found.to_dict("list") == {
        "sid": [1, 1, 2, 3],
        "source": [file, file, "", ""],
        "bands": [1, 2, 3, 4],
        "held": [False, False, True, False],
    }
    stored.window = pt.ext(0, 2, 0, 1)
    assert verbs.in_memory(stored)["source"].tolist() == [file, file]
