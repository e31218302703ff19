"""Functions and models of the R that hosts this Python; a function of Python stands in for R."""

import json

import numpy as np
import pytest

from pyterra.errors import RError, RWarning
from pyterra.models import Column, Columns
from pyterra.rbridge.host_functions import HostModel, PlainFunction, block_function


def answering(asked, numbers, *, dim=None, labels=(), said=(), error=(), kind="double", texts=()):
    """What R would be: it keeps the questions, and gives always the same answer."""

    def call(question, given):
        asked.append((json.loads(question), given.tolist()))
        answer = {"warnings": list(said), "error": list(error), "dim": dim, "labels": list(labels)}
        answer |= {"kind": [kind], "texts": list(texts)}
        return json.dumps(answer), np.asarray(numbers, float)

    return call


def test_a_function_of_a_cell_gives_a_number_several_or_names():
    asked = []
    assert PlainFunction(answering(asked, [7]))(np.array([[1.0, 2.0]])) == 7.0
    assert asked == [({"way": "plain", "sizes": [2]}, [1.0, 2.0])]
    assert PlainFunction(answering([], [7, 8]))([1]).tolist() == [7, 8]
    assert PlainFunction(answering([], [7, 8], labels=["a", "b"]))([1]) == {"a": 7, "b": 8}


def test_texts_truths_and_whole_numbers_come_as_they_are_in_r():
    assert PlainFunction(answering([], [], kind="character", texts=["a"]))([1]) == "a"
    assert PlainFunction(answering([], [], kind="character", texts=[None]))([1]) is None
    assert PlainFunction(answering([], [1], kind="logical"))([1]) is True
    assert PlainFunction(answering([], [np.nan], kind="logical"))([1]) is None
    assert isinstance(PlainFunction(answering([], [3], kind="integer"))([1]), int)
    assert np.isnan(PlainFunction(answering([], [np.nan], kind="integer"))([1]))


def test_warnings_errors_and_interrupts_of_r_are_those_of_python():
    with pytest.warns(RWarning, match="R: mind"):
        PlainFunction(answering([], [1], said=["mind"]))([1])
    with pytest.raises(RError, match="no such thing"):
        PlainFunction(answering([], [1], error=["no such thing", "f(x)"]))([1])
    with pytest.raises(KeyboardInterrupt):
        PlainFunction(answering([], [1], error=["interrupt"]))([1])


def test_cells_of_a_block_travel_column_after_column():
    asked = []
    function = block_function(answering(asked, [1, 2, 3, 4], dim=[2, 2], labels=["p", "q"]))
    found, labels = function("each", np.array([[1.0, 2.0], [3.0, 4.0]]), ["a", "b"])
    assert asked[0] == ({"way": "each", "names": ["a", "b"], "rows": 2, "columns": 2}, [1.0, 3.0, 2.0, 4.0])
    assert (found.tolist(), labels) == ([[1, 3], [2, 4]], ["p", "q"])


def test_a_model_is_asked_what_it_is_and_what_it_predicts():
    facts = {"class": ["lm"]}
    assert HostModel(answering([], [], labels=[json.dumps(facts)])).facts() == facts
    asked = []
    model = HostModel(answering(asked, [5, 6, 7, 8], dim=[2, 2], labels=["numbers"]))
    rows = Columns(np.array([[1.0, 2.0]]), (Column("a", (), False, None),), 2)
    found, what = model.predict(rows)
    assert (found.tolist(), what) == ([[5, 6], [7, 8]], "numbers")
    assert (asked[0][0]["do"], asked[0][0]["rows"], asked[0][1]) == ("predict", 2, [1.0, 2.0])
