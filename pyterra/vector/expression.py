"""Tests of attributes given as text, such as ``a > 1 and name in ["x", "y"]``.

A text is parsed as an expression of Python and walked: names of columns, literals and a fixed list of operators,
functions and methods are known, all else is refused before anything is computed. Nothing is looked up by a name
that stands in the text, except columns.
"""

from __future__ import annotations

import ast
import operator
import re
import unicodedata
import warnings
from collections.abc import Callable, Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Any

import numpy as np

from pyterra.errors import ArgumentError, ColumnError, near_names
from pyterra.frozen import dataclass
from pyterra.packages import pandas

if TYPE_CHECKING:
    import pandas as pd

LONGEST = 4096
"""Characters of an expression."""
DEEPEST = 50
"""Levels of an expression."""
MOST_BITS = 256
"""Bits of a whole number that literals make."""

_PIECE = re.compile(
    r"""(?P<text>'''(?:\\.|[^\\])*?'''|\"\"\"(?:\\.|[^\\])*?\"\"\"|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*")
      | (?P<name>`[^`]*`) | (?P<and>&) | (?P<or>\|) | (?P<space>[\r\n]+) | (?P<odd>[`'"\#@])""",
    re.VERBOSE | re.DOTALL,
)
_ARITHMETIC: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}
_COMPARISONS: Mapping[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "abs": np.abs, "sqrt": np.sqrt, "exp": np.exp, "log": np.log, "log10": np.log10, "log1p": np.log1p,
    "expm1": np.expm1, "floor": np.floor, "ceil": np.ceil, "sin": np.sin, "cos": np.cos, "tan": np.tan,
    "arcsin": np.arcsin, "arccos": np.arccos, "arctan": np.arctan, "arctan2": np.arctan2, "sinh": np.sinh,
    "cosh": np.cosh, "tanh": np.tanh, "arcsinh": np.arcsinh, "arccosh": np.arccosh, "arctanh": np.arctanh,
}  # fmt: skip
"""Functions of numbers."""
METHODS: Mapping[str, Callable[..., Any]] = {
    "isna": lambda x: x.isna(),
    "isnull": lambda x: x.isna(),
    "notna": lambda x: x.notna(),
    "notnull": lambda x: x.notna(),
    "isin": lambda x, of: _is_in(x, of),
    "between": lambda x, low, high: x.between(low, high),
    **{
        name: lambda x, name=name: getattr(x, name)()
        for name in ("min", "max", "mean", "median", "sum", "std")
    },
}
"""Methods of a column."""
TEXTS: Mapping[str, Callable[..., Any]] = {
    "contains": lambda x, text: x.str.contains(_plain(text)),
    "startswith": lambda x, text: x.str.startswith(text),
    "endswith": lambda x, text: x.str.endswith(text),
    "lower": lambda x: x.str.lower(),
    "upper": lambda x: x.str.upper(),
    "strip": lambda x: x.str.strip(),
    "len": lambda x: x.str.len(),
}
"""Methods of ``column.str``."""
PARTS = ("year", "month", "day", "hour", "minute", "second", "dayofweek", "dayofyear", "quarter")
"""What ``column.dt`` has."""
_HELP = (
    "take columns, numbers, texts, + - * / // % **, comparisons, in, is None, and, or, not, "
    f"{', '.join(METHODS)}, .str.contains and its kin, .dt.year and its kin, {', '.join(FUNCTIONS)}"
)


def holding(table: pd.DataFrame, text: str, verb: str) -> Any:
    """Which records of a table an expression holds for.

    Parameters
    ----------
    table : DataFrame
    text : str
        As `SpatVector.subset` takes it.
    verb : str
        Whose errors these are.

    Returns
    -------
    ndarray of bool
        Missing where it is not known counts as False.

    Raises
    ------
    ArgumentError
        Where the text is no expression, or has in it what may not be; says where.
    ColumnError
        Where it names no column.
    """
    reader = _Reader(table, text, verb)
    found = reader.value(reader.tree(), 0)
    if isinstance(found, bool | np.bool_):
        return np.full(len(table), bool(found))
    if not _is_column(found) or not _is_logical(found):
        what = found.dtype if _is_column(found) else type(found).__name__
        raise ArgumentError(f"{verb}: {text!r} must be true or false for each record, got {what}; compare it")
    return found.to_numpy(dtype=bool, na_value=False)


@dataclass
class _Reader:
    """An expression over the columns of a table."""

    table: pd.DataFrame
    text: str
    verb: str
    quoted: dict[str, str] = field(default_factory=dict)
    """Stand-ins of names in backticks."""
    moved: list[tuple[int, int]] = field(default_factory=list)
    """Places of the parsed text and of the given one where they begin to differ."""
    parsed: str = ""
    """The text as Python reads it."""

    def tree(self) -> ast.expr:
        """The expression that the text is."""
        if len(self.text) > LONGEST:
            raise ArgumentError(
                f"{self.verb}: an expression must have at most {LONGEST} characters, got {len(self.text)}; "
                "give a test such as v['a'] > 1"
            )
        self.parsed = self._as_python()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", SyntaxWarning)
                return ast.parse(self.parsed, mode="eval").body
        except SyntaxError as error:
            raise self.error(
                f"{error.msg}", self._place(error.offset - 1 if error.offset else len(self.parsed))
            ) from None
        except (ValueError, RecursionError, MemoryError) as error:
            raise self.error(str(error) or "it is too deeply nested", 0) from None

    def _as_python(self) -> str:
        """Names in backticks get stand-ins, ``&`` and ``|`` bind as ``and`` and ``or``, as in pandas."""
        out, end = "", len(self.text) - len(self.text.lstrip())
        self.moved.append((0, end))
        for found in _PIECE.finditer(self.text, end):
            piece, place = found[0], found.start()
            out += self.text[end:place]
            end = found.end()
            if found["odd"]:
                what = "a text or name that does not end" if piece in "`'\"" else f"{piece!r}"
                raise self.error(f"it must not have {what}", place)
            if found["name"]:
                name = next(
                    (q for q, n in self.quoted.items() if n == piece[1:-1]), f"_quoted_{len(self.quoted)}_"
                )
                while name in self.text:
                    name += "_"
                self.quoted[name] = piece[1:-1]
                out += name
            else:
                out += {"and": " and ", "or": " or ", "space": " "}.get(str(found.lastgroup), piece)
            self.moved.append((len(out), end))
        return out + self.text[end:]

    def _place(self, place: int) -> int:
        new, old = [pair for pair in self.moved if pair[0] <= place][-1]
        return min(old + place - new, len(self.text))

    def error(self, what: str, place: int) -> ArgumentError:
        """The error that names a place of the text."""
        shown = self.text if len(self.text) <= 80 else f"{self.text[:77]}..."
        return ArgumentError(f"{self.verb}: {shown!r} cannot be evaluated at character {place}: {what}")

    def fail(self, node: ast.expr, what: str) -> ArgumentError:
        """The error that names the place of a part of the expression."""
        before = self.parsed.encode()[: node.col_offset]
        return self.error(what, self._place(len(before.decode(errors="ignore"))))

    def value(self, node: ast.expr, depth: int) -> Any:
        """What a part of the expression gives: a column, or one value."""
        if depth > DEEPEST:
            raise self.fail(node, f"it must have at most {DEEPEST} levels")
        rule = _RULES.get(type(node))
        if rule is None:
            raise self.fail(node, f"{type(node).__name__} is not allowed; {_HELP}")
        try:
            with np.errstate(all="ignore"):
                return rule(self, node, depth + 1)
        except (ArgumentError, ColumnError):
            raise
        except (TypeError, ValueError, ArithmeticError, AttributeError, NotImplementedError) as error:
            raise self.fail(node, str(error)) from None

    def name(self, node: ast.Name, depth: int) -> Any:
        """A column; ``index`` is the number of the record."""
        del depth
        name = self.quoted.get(node.id)
        if name is None:
            read = {unicodedata.normalize("NFKC", str(n)): n for n in self.table.columns}
            name = read.get(node.id, node.id)
        if name in self.table.columns:
            return _plain_logical(self.table[name])
        if name == "index":
            return pandas.Series(np.arange(len(self.table)))
        raise ColumnError(f"{self.verb}: no attribute {name!r}{near_names(name, self.table.columns)}")

    def constant(self, node: ast.Constant, depth: int) -> Any:
        """A literal."""
        del depth
        if node.value is None or type(node.value) in (bool, int, float, str):
            return node.value
        raise self.fail(node, f"{type(node.value).__name__} is not allowed; {_HELP}")

    def items(self, node: ast.List | ast.Tuple | ast.Set, depth: int) -> list[Any]:
        """A list of single values."""
        found = [self.value(item, depth) for item in node.elts]
        if any(_is_column(item) or isinstance(item, list) for item in found):
            raise self.fail(node, "a list must be of numbers and texts")
        return found

    def both(self, node: ast.BoolOp, depth: int) -> Any:
        """``and``, ``or``."""
        join = operator.and_ if isinstance(node.op, ast.And) else operator.or_
        found = self.logical(node.values[0], depth)
        for part in node.values[1:]:
            found = join(found, self.logical(part, depth))
        return found

    def logical(self, node: ast.expr, depth: int) -> Any:
        """A part that must be true or false."""
        found = self.value(node, depth)
        if not (isinstance(found, bool | np.bool_) or (_is_column(found) and _is_logical(found))):
            raise self.fail(node, "and, or and not must have tests beside them, such as a > 1")
        return found

    def one(self, node: ast.UnaryOp, depth: int) -> Any:
        """``not``, ``~``, ``-``, ``+``."""
        if isinstance(node.op, ast.Not | ast.Invert):
            found = self.logical(node.operand, depth)
            return ~found if _is_column(found) else not found
        found = self.number(node.operand, depth)
        return -found if isinstance(node.op, ast.USub) else +found

    def number(self, node: ast.expr, depth: int) -> Any:
        """A part that can be computed with."""
        found = self.value(node, depth)
        kind = found.dtype.kind if _is_column(found) else ""
        if not (kind in "biufmM" if _is_column(found) else isinstance(found, int | float | np.number)):
            what = found.dtype if _is_column(found) else type(found).__name__
            raise self.fail(node, f"numbers can be computed with, got {what}")
        return found

    def arithmetic(self, node: ast.BinOp, depth: int) -> Any:
        """``+ - * / // % **``."""
        compute = _ARITHMETIC.get(type(node.op))
        if compute is None:
            raise self.fail(node, f"{type(node.op).__name__} is not allowed; {_HELP}")
        left, right = self.number(node.left, depth), self.number(node.right, depth)
        if isinstance(left, int) and isinstance(right, int):
            grows = right if isinstance(node.op, ast.Pow) else 2
            if left.bit_length() * abs(grows) + right.bit_length() > MOST_BITS:
                raise self.fail(node, f"whole numbers must have at most {MOST_BITS} bits")
        return compute(left, right)

    def comparison(self, node: ast.Compare, depth: int) -> Any:
        """Comparisons, also chained, ``in`` and ``is None``."""
        parts = [self.value(part, depth) for part in (node.left, *node.comparators)]
        found = [self.compared(node, *pair) for pair in zip(parts[:-1], node.ops, parts[1:], strict=True)]
        out = found[0]
        for test in found[1:]:
            out = out & test
        return out

    def compared(self, node: ast.Compare, left: Any, how: ast.cmpop, right: Any) -> Any:
        """One comparison of two values."""
        turned = isinstance(how, ast.NotEq | ast.NotIn | ast.IsNot)
        if isinstance(how, ast.Is | ast.IsNot):
            if right is not None or not _is_column(left):
                raise self.fail(node, "is must stand between a column and None; use ==")
            return left.notna() if turned else left.isna()
        if isinstance(how, ast.Eq | ast.NotEq) and isinstance(left, list):
            left, right = right, left
        if isinstance(how, ast.In | ast.NotIn) or (
            isinstance(how, ast.Eq | ast.NotEq) and isinstance(right, list)
        ):
            if not _is_column(left) or not (_is_column(right) or isinstance(right, list)):
                raise self.fail(node, "in must have a column before it, and a list or column after it")
            found = _is_in(left, right)
            return ~found if turned else found
        if isinstance(left, list) or isinstance(right, list):
            raise self.fail(node, "lists can be compared by ==, != and in")
        return _COMPARISONS[type(how)](left, right)

    def call(self, node: ast.Call, depth: int) -> Any:
        """A function of numbers, or a method of a column."""
        if node.keywords or len(node.args) > 2:
            raise self.fail(node, "functions must have at most two arguments, without names")
        if isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS:
            return FUNCTIONS[node.func.id](*[self.number(part, depth) for part in node.args])
        if isinstance(node.func, ast.Attribute):
            owner, methods = node.func.value, METHODS
            if isinstance(owner, ast.Attribute) and owner.attr == "str":
                owner, methods = owner.value, TEXTS
            if node.func.attr in methods:
                column = self.column(owner, depth)
                found = methods[node.func.attr](column, *[self.value(part, depth) for part in node.args])
                return _plain_logical(found) if _is_column(found) else found
        name = ast.unparse(node.func)[:60]
        raise self.fail(node, f"the function {name!r} is not allowed; {_HELP}")

    def part(self, node: ast.Attribute, depth: int) -> Any:
        """A part of dates, ``column.dt.year``."""
        if isinstance(node.value, ast.Attribute) and node.value.attr == "dt" and node.attr in PARTS:
            return getattr(self.column(node.value.value, depth).dt, node.attr)
        raise self.fail(node, f"the attribute {node.attr!r} is not allowed; {_HELP}")

    def column(self, node: ast.expr, depth: int) -> Any:
        """A part that must be a column."""
        found = self.value(node, depth)
        if not _is_column(found):
            raise self.fail(node, f"methods are of columns, got {type(found).__name__}")
        return found


_RULES: Mapping[type[ast.AST], Callable[[_Reader, Any, int], Any]] = {
    ast.Name: _Reader.name,
    ast.Constant: _Reader.constant,
    ast.List: _Reader.items,
    ast.Tuple: _Reader.items,
    ast.Set: _Reader.items,
    ast.BoolOp: _Reader.both,
    ast.UnaryOp: _Reader.one,
    ast.BinOp: _Reader.arithmetic,
    ast.Compare: _Reader.comparison,
    ast.Call: _Reader.call,
    ast.Attribute: _Reader.part,
}
"""All that is ever evaluated."""


def _is_column(found: Any) -> bool:
    return isinstance(found, pandas.Series)


def _is_logical(found: Any) -> bool:
    return bool(pandas.api.types.is_bool_dtype(found.dtype))


def _plain_logical(column: Any) -> Any:
    """True, False and None are kept as objects by pandas: here they are what they look like."""
    if column.dtype == object and pandas.api.types.infer_dtype(column, skipna=True) == "boolean":
        return column.astype("boolean")
    return column


def _is_in(column: Any, items: Any) -> Any:
    if column.dtype.kind == "M" and isinstance(items, list):
        zone = getattr(column.dtype, "tz", None)
        moments = pandas.Series([pandas.Timestamp(item) for item in items], dtype=object)
        items = [m.tz_localize(zone) if zone and m.tzinfo is None else m for m in moments.dropna()]
        items += [pandas.NaT] * bool(moments.isna().any())
    return column.isin(items)


def _plain(text: Any) -> str:
    if not isinstance(text, str) or re.escape(text).replace("\\ ", " ").replace("\\-", "-") != text:
        raise ValueError(
            f"contains looks for a text without signs of patterns, got {text!r}; give a function"
        )
    return text
