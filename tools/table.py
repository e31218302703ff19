"""What is made of the table of verbs for R, and where the table and the package say different things."""

import inspect
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pyterra as pt
from pyterra.generics import CLASSES, is_property, member, members
from pyterra.verb_table import KINDS, Verb, verbs

OWNERS = {cls.__name__: cls for cls in CLASSES}
R_HEAD = """\
# Made by tools/verbs.py from pyterra/verbs.tsv, whose head says what stands where.
generic	class	second	do	verb	arguments	result
"""


def r_table() -> str:
    """The methods of the R package."""
    rows = [
        (
            verb.terra if verb.terra != "." else verb.python,
            verb.cls,
            m.second,
            m.do,
            verb.python if verb.is_here else ".",
            m.arguments,
            m.result,
        )
        for verb in verbs()
        for m in verb.methods
    ]
    return R_HEAD + "".join("\t".join(row) + "\n" for row in rows)


def problems(table: Sequence[Verb]) -> list[str]:
    """One sentence for each place in which the table and the package differ."""
    found = [text for verb in table for text in (*of_row(verb), *of_code(verb))]
    keys = Counter((verb.terra, verb.cls) if verb.terra != "." else (verb.label, ".") for verb in table)
    found += [f"{name}({cls}) has {n} rows that say what it is" for (name, cls), n in keys.items() if n > 1]
    told = {(verb.cls, verb.python) for verb in table if verb.kind in ("method", "property", "later")}
    for name, cls in OWNERS.items():
        found += [f"{name}.{verb} has no row" for verb in members(cls) if (name, verb) not in told]
    of_package = {verb.python for verb in table if verb.kind in ("function", "method")}
    given = [name for name in pt.__all__ if name != "errors" and not name.startswith("Spat")]
    return found + [f"pt.{name} has no row" for name in given if name not in of_package]


def of_row(verb: Verb) -> list[str]:
    """What is wrong within a row."""
    label, found = _label(verb), []
    if verb.kind not in KINDS:
        found.append(f"{label} has kind {verb.kind}; it must be one of {', '.join(KINDS)}")
    if verb.kind in ("none", "group") and (verb.note == "." or verb.python != "."):
        found.append(f"{label} is {verb.kind}: its note must say what to write, and python be .")
    if verb.kind not in ("none", "group") and verb.python == ".":
        found.append(f"{label} has no name in Python")
    called = [m.do for m in verb.methods if m.do not in ("hand", "terra")]
    if called and not verb.is_here:
        found.append(f"{label} is {verb.kind}, but R would ask for it ({called[0]})")
    return found


def of_code(verb: Verb) -> list[str]:
    """What the package says otherwise of a row."""
    label, there = _label(verb), body(verb)
    only_read = verb.terra.endswith("<-") and is_property(there) and kind_of(verb, there) == "property"
    if verb.kind == "later" and there is not None and not only_read:
        return [f"{label} is later, but {verb.label} is there: say its kind and its family"]
    if not verb.is_here:
        return []
    if there is None:
        return [f"{label} is {verb.python} in Python, but there is no {verb.label}"]
    kind, family = kind_of(verb, there), family_of(verb, there)
    found = [] if kind == verb.kind else [f"{label} is a {verb.kind}, but {verb.label} is a {kind}"]
    return found + (
        [] if family == verb.family else [f"{label} is in {verb.family}, but {verb.label} is in {family}"]
    )


def _label(verb: Verb) -> str:
    return f"{verb.terra}({verb.cls})" if verb.terra != "." else f"the row of {verb.label}"


def body(verb: Verb) -> Any:
    """What Python has under the name of a verb; None where there is nothing."""
    if verb.owner == "pt":
        return getattr(pt, verb.python, None)
    if verb.owner not in OWNERS:
        return None
    found = member(OWNERS[verb.owner], verb.python)
    return member(OWNERS[verb.owner], "__eq__") if found is None and verb.python == "__ne__" else found


def kind_of(verb: Verb, there: Any) -> str:
    """The kind that the package says it has."""
    if verb.owner == "pt":
        return "function"
    if verb.python.startswith("__"):
        return "operator"
    if is_property(there):
        can_be_set = verb.terra.endswith("<-") and getattr(there, "fset", None) is not None
        return "setter" if can_be_set else "property"
    return "method"


def family_of(verb: Verb, there: Any) -> str:
    """The module in which it is written, below pyterra."""
    if inspect.ismemberdescriptor(there):
        module = next(c for c in OWNERS[verb.cls].__mro__ if verb.python in vars(c)).__module__
    else:
        module = inspect.unwrap(there.fget if isinstance(there, property) else there).__module__
    return module.removeprefix("pyterra.")
