"""What the R package asks of Python: questions and answers, without an R."""

import json
import warnings

import numpy as np
import pandas as pd
import pytest

import pyterra as pt
from pyterra.rbridge import host, tables
from pyterra.rbridge.host import INLINE, ask, told, value_of


def question(do, name, *positional, **named):
    return json.dumps({"do": do, "name": name, "positional": positional, "named": named})


@pytest.fixture
def r():
    return pt.rast([[1.0, 2.0], [3.0, 4.0]], names="a")


def test_an_object_answers_as_itself(r):
    found = ask(question("call", "flip", {"#": 0}, "horizontal"), r)
    assert found.values(drop=True).tolist() == [2, 1, 4, 3]


def test_properties_are_read_and_set_on_a_handle_of_its_own(r):
    assert json.loads(ask(question("get", "nrow", {"#": 0}), r))["is"] == "numbers"
    named = ask(question("set", "names", {"#": 0}, "b"), r)
    assert (named.names, r.names) == (["b"], ["a"])
    changed = ask(question("set_item", "[", {"#": 0}, {"#": 1}, 9), r, r > 3)
    assert changed.values(drop=True).tolist() == [1, 2, 3, 9]
    assert r.values(drop=True).tolist() == [1, 2, 3, 4]


def test_functions_of_the_package_and_of_the_bridge_are_called_by_name(r):
    assert ask(question("function", "c", {"#": 0}, {"#": 0}), r).nlyr == 2
    assert json.loads(ask(question("special", "edges", {"#": 0}), r.ext))["value"] == [0, 2, 0, 2]


def test_an_error_is_an_answer(r):
    found = json.loads(ask(question("call", "focal", {"#": 0}, 4), r))
    assert found["is"] == "error"
    assert found["message"].startswith("focal: w must")
    assert json.loads(ask("{", r))["is"] == "error"


def test_warnings_come_with_the_answer(r, monkeypatch):
    def warns(name, x):
        warnings.warn("mind the gap", UserWarning, stacklevel=1)
        return x

    monkeypatch.setitem(host.DOES, "get", warns)
    text, back = ask(question("get", "any", {"#": 0}), r)
    assert back is r
    assert json.loads(text)["warnings"] == ["mind the gap"]


def test_an_interrupt_is_an_answer(r, monkeypatch):
    def stops(name, x):
        raise KeyboardInterrupt

    monkeypatch.setitem(host.DOES, "get", stops)
    assert json.loads(ask(question("get", "any", {"#": 0}), r)) == {"is": "interrupt"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ([1, None, "x"], [1, None, "x"]),
        ({"na": True}, None),
        ({"date": [0, None]}, [np.datetime64("1970-01-01"), None]),
        ({"time": [86400]}, [np.datetime64("1970-01-02T00:00:00")]),
        ({"named": {"a": {"date": [1]}}}, {"a": [np.datetime64("1970-01-02")]}),
    ],
)
def test_parts_of_a_question_stand_for_values(text, value):
    assert value_of(text, ()) == value


def test_arrays_come_column_after_column_and_whole_numbers_as_such():
    array = np.array([1.0, 2, 3, 4, 5, 6])
    assert value_of({"#": 0, "dim": [2, 3]}, [array]).tolist() == [[1, 3, 5], [2, 4, 6]]
    assert value_of({"#": 0, "whole": True}, [array]).dtype == np.int64
    np.testing.assert_array_equal(value_of({"numbers": [1, None]}, ()), [1, np.nan])


@pytest.mark.parametrize(
    ("result", "answer"),
    [
        (None, {"is": "null"}),
        ("a", {"is": "text", "value": ["a"]}),
        (True, {"is": "logical", "value": [True]}),
        (["a", "b"], {"is": "text", "value": ["a", "b"]}),
        ([True, False], {"is": "logical", "value": [True, False]}),
        (
            [1, "a"],
            {"is": "list", "value": [{"is": "numbers", "value": [1.0]}, {"is": "text", "value": ["a"]}]},
        ),
        (np.array([["a", None]], object), {"is": "text", "value": ["a", None], "dim": [1, 2]}),
    ],
)
def test_results_are_told_in_the_words_of_r(result, answer):
    assert told(result, []) == answer


def test_dates_tables_and_series_keep_what_they_are():
    days = told(np.array(["1970-01-03", "1970-01-01"], "datetime64[D]"), [])
    assert (days["class"], days["value"]) == ("date", [2.0, 0.0])
    series = told(pd.Series([1.5], index=["a"]), [])
    assert (series["value"], series["names"]) == ([1.5], ["a"])
    frame = told(pd.DataFrame({"a": [1.0], "b": ["x"]}), parts := [])
    assert len(parts) == 1
    assert tables.frame_of(json.loads(frame["header"]), parts[0].reshape(1, -1)).to_dict("list") == {
        "a": [1.0],
        "b": ["x"],
    }


def test_many_numbers_travel_as_an_array():
    parts = []
    assert told(np.arange(INLINE + 1.0), parts) == {"is": "array", "#": 0}
    assert parts[0].tolist() == list(range(INLINE + 1))


def test_numbers_of_which_some_are_missing_travel_as_an_array():
    parts = []
    assert told(np.array([1.0, np.nan]), parts) == {"is": "array", "#": 0}
    np.testing.assert_array_equal(parts[0], [1, np.nan])
    days = told(np.array(["1970-01-03", "NaT"], "datetime64[D]"), parts)
    assert days == {"is": "array", "#": 1, "class": "date"}


def test_what_has_no_counterpart_is_said():
    with pytest.raises(TypeError, match="a object has no counterpart in R"):
        told(object(), [])


def test_numbers_go_through_files_where_arrays_do_not(tmp_path):
    matrix = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert host.own(matrix).tolist() == [1, 3, 2, 4]
    assert host.column(np.arange(3.0)).shape == (3, 1)
    assert not np.shares_memory(host.echo(matrix), matrix)
    assert host.save_doubles(matrix, str(tmp_path / "a")) == 4
    assert host.load_doubles(str(tmp_path / "a")).tolist() == [1, 2, 3, 4]
    assert host.size(matrix) == "4"
