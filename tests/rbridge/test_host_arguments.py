"""Arguments of verbs as R hands them on. What is said is checked word for word."""

from __future__ import annotations

import json

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError
from pyterra.rbridge.host import ask
from pyterra.rbridge.host_arguments import fitting


def call(name: str, *args: object, **named: object) -> str:
    """What the host says of a call on a small raster."""
    question = {"do": "call", "name": name, "positional": [{"#": 0}, *args], "named": named}
    answer = ask(json.dumps(question), pt.rast([[1.0, 2.0], [3.0, 4.0]]))
    return str(json.loads(answer)["message"]) if isinstance(answer, str) else "an object"


@pytest.mark.parametrize(
    ("args", "named", "said"),
    [
        (["shift", {"na": True}], {}, "shift: dx must be a number, got NA"),
        (["shift", None], {}, "shift: dx must be a number, got None"),
        (["shift", [1, 2]], {}, "shift: dx must be a number, got 1, 2"),
        (["shift", []], {}, "shift: dx must be a number, got nothing"),
        (["shift"], {"dy": "k"}, "shift: dy must be a number, got 'k'"),
        (["shift"], {"dz": 1}, "shift: has no argument 'dz'"),
        (["shift", 1, 2, 3], {}, "shift: has too many arguments"),
        (["resample"], {}, "resample: y must be given"),
        (["resample", 3], {}, "resample: y must be a SpatRaster, got 3"),
        (["as_data_frame"], {"xy": {"na": True}}, "as_data_frame: xy must be True or False, got NA"),
        (["app", {"nan": True}], {}, "app: fun must be text or a function, got NA"),
        (["quantile", ["a"]], {}, "quantile: probs must be numbers, got 'a'"),
        (["buffer", 1], {"background": None}, "buffer: background must be a number, got None"),
    ],
)
def test_what_is_of_another_kind_is_refused_by_name(args, named, said):
    assert call(*args, **named) == said


@pytest.mark.parametrize(
    ("args", "named"),
    [
        (["shift", True], {}),
        (["shift", [1]], {}),
        (["clamp", 1], {}),
        (["classify", [[1, 2]]], {"others": {"na": True}}),
        (["classify", [1, 2, 3]], {"right": {"na": True}}),
        (["buffer", 1], {"background": {"nan": True}}),
    ],
)
def test_what_fits_is_handed_on(args, named):
    assert call(*args, **named) == "an object"


def test_numbers_for_flags_become_flags():
    def verb(x: float, *, flag: bool = False, extra: bool | None = None) -> None:
        """Nothing."""

    assert fitting("verb", verb, [1.5], {"flag": 1})[1] == {"flag": True}
    assert fitting("verb", verb, [1.5], {"flag": True, "extra": None})[1] == {"flag": True, "extra": None}
    with pytest.raises(ArgumentError, match="flag must be True or False, got NA"):
        fitting("verb", verb, [1.5], {"flag": np.nan})


def test_kinds_that_are_not_known_take_anything():
    def verb(x: float, other: list[int] | dict[str, int] = (), more: object = None) -> None:  # type: ignore[assignment]
        """Nothing."""

    given = ["a", 3, {"k": 1}]
    assert fitting("verb", verb, [1.0, given[0]], {"more": given[2]}) == ([1.0, "a"], {"more": {"k": 1}})


def test_properties_take_what_their_setters_do():
    question = {"do": "set", "name": "nrow", "positional": [{"#": 0}, {"na": True}]}
    answer = json.loads(ask(json.dumps(question), pt.rast([[1.0]])))
    assert answer["message"] == "nrow: value must be a number, got NA"
    assert "ArgumentError" in answer["classes"]
