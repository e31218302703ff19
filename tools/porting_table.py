"""The page docs/porting.md: verbs side by side from vignettes/porting.py, and all verbs from the table of verbs."""

from itertools import groupby
from pathlib import Path

from pyterra.verb_table import SIGNS, Verb, verbs

STORY = Path(__file__).parents[1] / "vignettes" / "porting.py"
HEAD = """# Verbs of terra, pyterra, and the rest

<!-- made by tools/verbs.py from vignettes/porting.py and pyterra/verbs.tsv -->
"""
FOOT = """
[vignettes/porting.py](../vignettes/porting.py) ports a script line by line and shows ten traps.
[differences.md](differences.md) says where pyterra differs on purpose.
"""
LIST = """
## All verbs

This table has every verb of terra 1.9 and the classes that have it. Names in code type in the second column are
available: they are methods, properties or operators of the class, or functions of pyterra. Names in brackets are still to
come. Methods and properties are functions too: `pt.focal(r, 5)` is `r.focal(5)`.

| terra | pyterra | classes | notes |
|---|---|---|---|
"""
ALONE = """
These verbs are only in pyterra:

| pyterra | classes |
|---|---|
"""


def section() -> str:
    """Text and table below the heading, without comment signs."""
    cells = STORY.read_text().split("\n# %%")
    cell = next(cell for cell in cells if "# ## Verbs side by side" in cell)
    lines = [line[2:] for line in cell.strip().splitlines() if line.startswith("#")]
    return "\n".join(lines[1:]).strip()


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


def _rows() -> list[str]:
    """A line for each verb of terra, and each way in which Python has it."""
    told = [verb for verb in verbs() if verb.terra != "."]
    lines = []
    for (terra, ours, note), same in groupby(told, lambda verb: (verb.terra, _pyterra(verb), verb.note)):
        classes = ", ".join(verb.cls for verb in same if verb.cls != ".")
        name = terra.replace("|", "\\|")
        lines.append(f"| `{name}` | {ours} | {classes} | {'' if note == '.' else note} |")
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
    lines = [f"{HEAD}\n{section()}\n{FOOT}{LIST}", *(f"{row}\n" for row in _rows())]
    return "".join([*lines, ALONE, *(f"{row}\n" for row in _alone())])
