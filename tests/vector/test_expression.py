"""Expressions of attributes: what pandas answers, and nothing but what is allowed."""

from __future__ import annotations

import ast
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pyterra as pt
from pyterra.errors import ArgumentError, ColumnError, PyterraError
from pyterra.vector.expression import holding

TABLE = pd.DataFrame(
    {
        "a": [1, 2, 3, -4],
        "b": [1.5, np.nan, 3, 0],
        "s": ["x", None, "z", "x"],
        "my col": [4, 3, 2, 1],
        "i": pd.array([1, None, 3, 0], dtype="Int64"),
        "f": [True, False, True, False],
        "q": pd.array([True, None, False, True], dtype="boolean"),
        "d": pd.to_datetime(["2020-01-01", None, "2021-01-01", "2021-07-01"]),
        "class": pd.Categorical(["u", None, "v", "u"]),
    }
)


def of_pandas(text):
    """pandas' own answer, with what is not known as False."""
    return np.broadcast_to(
        pd.array(np.atleast_1d(TABLE.eval(text, engine="python")), dtype="boolean").fillna(False), len(TABLE)
    ).tolist()


AS_PANDAS = [
    "a > 1", "0 < a <= 2", "a in [1, 2]", "a not in [1, 2]", "s == 'x'", "s != 'x'", "s in ['x', None]", "a == [1, 2]",
    "a != (1, 2)", "`my col` > 1 & f", "s == 'x' | a > 2", "a > 1 and not f", "~f", "~q", "q or f", "i > 0", "i == i",
    "-a < -1", "a ** 2 % 3 == 1", "a // 2 == 1", "a / 2 > .5", "sqrt(b) > 1", "arctan2(a, b) > 0", "s.isna()",
    "s.str.contains('x')", "s.str.startswith('z')", "a.between(1, 2)", "s.isin(['x'])", "b != b", "d > '2020-06-01'",
    "d.dt.year == 2021", "`class` == 'u'", "`class` in ['v']", "index > 1", "a > a.mean()", "'x' == s", "a == True",
]  # fmt: skip


@pytest.mark.parametrize("text", AS_PANDAS)
def test_an_expression_holds_where_pandas_says(text):
    assert holding(TABLE, text, "subset").tolist() == of_pandas(text)


NUMBERS = st.recursive(
    st.sampled_from(["a", "b", "`my col`", "2", "0.5", "-3"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda p: f"({' '.join(p)})"),
        st.tuples(st.sampled_from(["abs", "floor", "sin"]), inner).map(lambda p: f"{p[0]}({p[1]})"),
    ),
    max_leaves=4,
)
TESTS = st.recursive(
    st.one_of(
        st.tuples(
            st.sampled_from(["a", "b", "`my col`"]), st.sampled_from(["<", "<=", "==", "!=", ">"]), NUMBERS
        ).map(" ".join),
        st.sampled_from(
            ["f", "s == 'x'", "s in ['x', 'y']", "a not in [1]", "s.isna()", "d >= '2021-01-01'"]
        ),
    ),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["and", "or", "&", "|"]), inner).map(lambda p: f"({' '.join(p)})"),
        inner.map(lambda p: f"not ({p})"),
    ),
    max_leaves=5,
)


@given(TESTS)
def test_any_valid_expression_agrees_with_pandas(text):
    assert holding(TABLE, text, "subset").tolist() == of_pandas(text)


@pytest.mark.parametrize(
    ("text", "records"),
    [
        ("s is None", [1]),
        ("s is not None", [0, 2, 3]),
        ("d == '2020-01-01'", [0]),  # pandas takes text and date for different here
        ("d in ['2020-01-01', '2021-07-01']", [0, 3]),
        ("a > 0\n and f", [0, 2]),
        ("True", [0, 1, 2, 3]),
    ],
)
def test_what_pandas_has_not(text, records):
    assert np.flatnonzero(holding(TABLE, text, "subset")).tolist() == records


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a > 1 if f else f", "at character 0: IfExp is not allowed"),
        ("a >  1 & `my col` > 9**999", "at character 20: whole numbers must have at most 256 bits"),
        ("a > 9**9**9", "at character 4: whole numbers"),
        ("a > 'x'", "at character 0: Invalid comparison"),
        ("a", "must be true or false for each record, got int64"),
        ("a & 1", "must have tests beside them"),
        ("s * 1000000000 == 'x'", "at character 0: numbers can be computed with, got str"),
        ("s.str.contains('(x+)+$')", "without signs of patterns"),
        ("a >", "at character 3"),
        ("a > 'x", "at character 4: .*does not end"),
        ("@a > 1", "at character 0: it must not have '@'"),
        ("a > 1; a > 2", "at character 5"),
        ("-" * 60 + "a > 1", "at most 50 levels"),
        ("(" * 3000, "character"),
        ("a > 1 or " * 1000 + "f", "at most 4096 characters"),
        ("a.values > 1", "at character 0: the attribute 'values'"),
        ("a.map(1)", "at character 0: the function 'a.map'"),
        ("b'x' == s", "bytes is not allowed"),
    ],
)
def test_what_is_not_allowed_is_named_with_its_place(text, said):
    with pytest.raises(ArgumentError, match=rf"^subset: [\s\S]*{said}"):
        holding(TABLE, text, "subset")


def test_unknown_names_come_with_near_ones():
    with pytest.raises(ColumnError, match=r"no attribute 'my cl'; did you mean 'my col'\?"):
        holding(TABLE, "`my cl` > 1", "subset")


# Nothing else is ever run


class Watched:
    """Events of the interpreter that only running foreign code makes, while it is looked at."""

    looking, seen = False, []

    @classmethod
    def hook(cls, event, arguments):
        if cls.looking and event.startswith(("os.", "subprocess.", "open", "exec", "socket.", "ctypes.")):
            cls.seen.append((event, arguments))


for warm in AS_PANDAS:  # what pandas imports late is imported before anything is watched
    holding(TABLE, warm, "subset")
sys.addaudithook(Watched.hook)

ATTACKS = [
    "@pandas.io.common.os.system('true')",
    "a.__class__.__base__.__subclasses__()",
    "__import__('os').system('true')",
    "[c for c in (1).__class__.__mro__]",
    "(lambda: a)()",
    "a.str.__init__.__globals__",
    "a.dt.__class__",
    "a.pipe(print)",
    "a.to_pickle('x')",
    "f'{a.__class__}'",
    "open('/etc/passwd').read()",
    "eval('1')",
    "index.values.tofile('x')",
    "sin.__self__",
    "`__class__`",
    "(x := a) > 1",
    "a[0]",
    "a if f else a",
    "{'a': a}",
    "*a",
    "yield a",
    "await a",
]


@pytest.mark.parametrize("text", ATTACKS)
def test_an_attack_is_refused_and_runs_nothing(text):
    v = pt.vect(np.zeros((4, 2)), atts=TABLE)
    with pytest.raises(PyterraError, match=r"^subset: "):
        v.subset(text)


SCRAPS = st.lists(
    st.sampled_from(
        [
            "a",
            "s",
            "f",
            "`my col`",
            "@",
            "os",
            ".",
            "__class__",
            "(",
            ")",
            "[",
            "]",
            "'x'",
            "1",
            "9",
            "**",
            "*",
            "+",
            ">",
        ]
        + [
            "==",
            "in",
            "not",
            "and",
            "|",
            "~",
            ",",
            ":",
            "lambda",
            "for",
            "if",
            "else",
            "str",
            "dt",
            "isin",
            "sum",
            " ",
            "\\",
        ]
        + ["is", "None", "`", "'", '"""', "{", "}", "f'", ":=", "\n", "\0", "é", "exec", "print", "import"]
    ),
    max_size=14,
).map(" ".join)


@given(st.one_of(SCRAPS, st.text(max_size=40)))
def test_any_text_gives_a_test_or_an_error_and_runs_nothing(text):
    Watched.seen.clear()
    Watched.looking = True
    try:
        found = holding(TABLE, text, "subset")
    except (ArgumentError, ColumnError):
        pass
    else:
        assert found.dtype == bool
        assert found.shape == (4,)
    finally:
        Watched.looking = False
    assert Watched.seen == []


def test_every_kind_of_expression_that_python_has_is_allowed_or_refused():
    from pyterra.vector.expression import _RULES

    allowed = {
        "Name",
        "Constant",
        "List",
        "Tuple",
        "Set",
        "BoolOp",
        "UnaryOp",
        "BinOp",
        "Compare",
        "Call",
        "Attribute",
    }
    assert {rule.__name__ for rule in _RULES} == allowed
    assert all(issubclass(rule, ast.expr) for rule in _RULES)
