"""The page docs/porting.md: what is written there by hand, and below it all verbs from the table of verbs."""

from itertools import groupby
from pathlib import Path

from pyterra.verb_table import SIGNS, Verb, verbs

PAGE = Path(__file__).parents[1] / "docs" / "porting.md"
LIST = """
## All verbs

<!-- made by tools/verbs.py from pyterra/verbs.tsv -->

Every verb of terra 1.9, and the classes that have it. The second column has the methods, properties or operators of the
class, or functions of pyterra; where it is empty, the last one says what to write. Methods and properties are functions
too: `pt.focal(r, 5)` is `r.focal(5)`.
"""
COLUMNS = """
| terra | pyterra | classes | notes |
|---|---|---|---|
"""
ALONE = """
## Only in pyterra

| pyterra | classes |
|---|---|
"""


def by_hand() -> str:
    """The page as far as it is written by hand."""
    return PAGE.read_text("utf-8").split("\n## All verbs\n")[0]


def _written(verb: Verb) -> str:
    """How it is called in Python."""
    sign = SIGNS.get(verb.python)
    if sign is None:
        return f"pt.{verb.python}" if verb.owner == "pt" else verb.python
    written = {"[": "x[i]", "~": "~x"}.get(sign, f"{sign}x)" if sign.endswith("(") else f"x {sign} y")
    return (f"{written} = y" if verb.python == "__setitem__" else written).replace("|", "\\|")


def _pyterra(verb: Verb) -> str:
    """The same as code where it is there, in brackets where it is still to come."""
    return f"`{_written(verb)}`" if verb.is_here else f"({_written(verb)})" if verb.kind == "later" else ""


def _rows() -> dict[str, list[str]]:
    """Lines for the verbs of terra, one for each way in which Python has it, by the letter they begin with."""
    told = [verb for verb in verbs() if verb.terra != "."]
    lines: dict[str, list[str]] = {}
    for (terra, ours, note), same in groupby(told, lambda verb: (verb.terra, _pyterra(verb), verb.note)):
        classes = ", ".join(verb.cls for verb in same if verb.cls != ".")
        name = terra.replace("|", "\\|")
        letter = terra[0].upper() if terra[0].isalpha() else "Operators"
        lines.setdefault(letter, []).append(f"| `{name}` | {ours} | {classes} | {'' if note == '.' else note} |")
    return lines


def _alone() -> list[str]:
    """A line for each name that terra does not have."""
    told = sorted((verb for verb in verbs() if verb.terra == "."), key=_pyterra)
    return [
        f"| {ours} | {', '.join(verb.cls for verb in same if verb.cls != '.')} |"
        for ours, same in groupby(told, _pyterra)
    ]


def page() -> str:
    """The page."""
    lines = [by_hand(), LIST]
    for letter, rows in _rows().items():
        lines += [f"\n### {letter}\n", COLUMNS, *(f"{row}\n" for row in rows)]
    return "".join([*lines, ALONE, *(f"{row}\n" for row in _alone())])
