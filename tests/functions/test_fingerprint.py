"""fingerprint: another text for anything else that a result is computed from."""

import dataclasses
import functools
import os
import subprocess
import sys
import threading
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from sklearn.linear_model import LinearRegression

import pyterra as pt
from pyterra.errors import ArgumentError
from pyterra.tiles import Tile, fingerprint

OFFSET = 1


@dataclasses.dataclass
class Settings:
    rule: int


def add(x):
    return x + OFFSET


def twice(x):
    return add(add(x))


def test_every_change_is_seen_and_no_difference_of_spelling():
    base = fingerprint({"a": 1, "b": (1, 2)}, date(2000, 1, 1), Settings(2), {"x", "y"}, np.float32(0.5))
    assert base == fingerprint({"b": [1, 2], "a": 1}, date(2000, 1, 1), Settings(2), {"y", "x"}, 0.5)
    others = [
        fingerprint({"a": 2, "b": (1, 2)}, date(2000, 1, 1), Settings(2), {"x", "y"}, 0.5),
        fingerprint({"a": 1, "b": (1, 2)}, date(2000, 1, 2), Settings(2), {"x", "y"}, 0.5),
        fingerprint({"a": 1, "b": (1, 2)}, date(2000, 1, 1), Settings(3), {"x", "y"}, 0.5),
        fingerprint(Path("a"), Tile("a", (0, 1, 0, 1))),
        fingerprint(Path("a"), Tile("a", (0, 1, 0, 2))),
    ]
    assert len({base, *others}) == 6
    assert fingerprint(Path("a")) == fingerprint("a")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([1, [2]], [[1], 2]),
        (["ab", "c"], ["a", "bc"]),
        (np.zeros(4), np.zeros((2, 2))),
        (np.zeros(2, "float32"), np.zeros(1, "float64")),
        (pd.DataFrame({"a": [1, 2]}), pd.DataFrame({"b": [1, 2]})),
        (pd.Series(["x", None]), pd.Series(["x", "y"])),
        (shapely.Point(0, 1), shapely.Point(1, 0)),
        (pt.ext(0, 1, 0, 1), pt.ext(0, 1, 0, 2)),
        (pt.vect("POINT (0 1)"), pt.vect("POINT (0 2)")),
        (pt.vect("POINT (0 1)", crs="EPSG:3035"), pt.vect("POINT (0 1)", crs="EPSG:32633")),
        (pt.rast([[1, 2]]), pt.rast([[1, 3]])),
        (pt.rast([[1, 2]]) + 1, pt.rast([[1, 2]]) + 2),
        (pt.rast([[1, 2]]), pt.rast([[1, 2]], crs="EPSG:3035")),
        (lambda v: v + 1, lambda v: v + 2),
        (lambda v: v.max(), lambda v: v.min()),
        (lambda v, k=1: v * k, lambda v, k=2: v * k),
        (lambda v: (lambda u: u + 1)(v), lambda v: (lambda u: u + 2)(v)),
        (functools.partial(add, 1), functools.partial(add, 2)),
        (np.mean, np.median),
        (LinearRegression().fit([[0], [1]], [0, 1]), LinearRegression().fit([[0], [1]], [0, 2])),
    ],
)
def test_what_differs_has_another_fingerprint(one, other):
    assert fingerprint(one) != fingerprint(other)
    assert fingerprint(one) == fingerprint(one)


def test_a_function_is_its_code_and_what_it_uses(monkeypatch):
    before = fingerprint(twice)
    monkeypatch.setitem(globals(), "OFFSET", 2)
    assert fingerprint(twice) != before
    monkeypatch.undo()
    assert fingerprint(twice) == before
    monkeypatch.setitem(globals(), "add", lambda x: x - 1)
    assert fingerprint(twice) != before


def test_the_values_a_function_closes_over_count():
    def adder(n):
        return lambda v: v + n

    assert fingerprint(adder(1)) == fingerprint(adder(1))
    assert fingerprint(adder(1)) != fingerprint(adder(2))
    assert fingerprint(adder(pt.rast([[1]]))) != fingerprint(adder(pt.rast([[2]])))


def test_where_a_function_stands_plays_no_part():
    one, other = {}, {}
    exec("def f(v):\n    return v + 1", one)
    exec("# a word\n\ndef f(v):  # another\n    return v + 1", other)
    assert fingerprint(one["f"]) == fingerprint(other["f"])


def test_a_file_that_was_written_anew_is_another(tmp_path):
    path = tmp_path / "a.tif"
    pt.rast([[1, 2]]).write_raster(path)
    before = fingerprint(pt.rast(path) * 2)
    assert before == fingerprint(pt.rast(path) * 2)
    pt.rast([[1, 3]]).write_raster(path, overwrite=True)
    assert fingerprint(pt.rast(path) * 2) != before


def test_it_is_the_same_in_another_process(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "import pyterra as pt\n"
        "from pyterra.tiles import fingerprint\n"
        "n = 3\n"
        "def f(v):\n"
        "    return {'a', 'b', 'c'}, v + n\n"
        "print(fingerprint(f, {'x', 'y', 'z'}, pt.rast([[1, 2]]).sqrt(), {'k': 1.5}))\n"
    )
    told = {
        subprocess.run([sys.executable, script], capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    }
    assert len(told) == 1


def test_expressions_of_many_steps_are_looked_at_once():
    x = pt.rast([[1, 2]])
    for _ in range(60):
        x = x + x  # 2 ** 60 paths lead to the source
    assert fingerprint(x) != fingerprint(x + 1)


def test_things_of_which_nothing_fixed_is_known_are_refused():
    with pytest.raises(ArgumentError, match="nothing fixed is known of a lock"):
        fingerprint(threading.Lock())


@pytest.mark.skipif(os.name == "nt", reason="needs links")
def test_packages_of_an_environment_that_is_reached_by_a_link_count_by_name(tmp_path):
    (tmp_path / "env").symlink_to(sys.prefix)
    code = "import scipy.stats; from pyterra.tiles import fingerprint; print(fingerprint(scipy.stats.norm.__class__))"
    said = {
        subprocess.run([python, "-c", code], capture_output=True, text=True, check=True).stdout
        for python in (sys.executable, str(tmp_path / "env" / "bin" / "python"))
    }
    assert len(said) == 1
