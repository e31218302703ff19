"""What the help pages of the R package tell, as JSON: groups of verbs, a line for each verb, and what differs from terra.

tools/r_help.R asks for it.
"""

import inspect
import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent / "book"))

from groups import GROUPS
from numpydoc.docscrape import NumpyDocString
from reference import differences, differences_of, entries, group_of

import pyterra as pt
from pyterra.rbridge import host_verbs
from pyterra.verb_table import Verb, verbs


def _summary(row: Verb) -> str:
    """The first line of the docstring of what R calls; operators have none."""
    owner = pt if row.owner == "pt" else getattr(pt, row.cls)
    found = getattr(owner, row.python, None) or getattr(host_verbs, row.python, None)
    found = found.fget if isinstance(found, property) else found
    return "" if row.python.startswith("__") else (inspect.getdoc(found) or "").split("\n")[0]


def _differs(row: Verb) -> list[int]:
    """The rows of the table of differences that name it, by number from 1."""
    entry = entries().get(row.python)
    return [differences().index(one) + 1 for one in differences_of(entry)] if entry else []


def _in_r(value: object) -> str:
    """A default as R writes it."""
    if isinstance(value, str):
        return json.dumps(value)
    if isinstance(value, tuple | list):
        return f"c({', '.join(map(_in_r, value))})"
    known = {None: "NULL", True: "TRUE", False: "FALSE"}
    return (
        known[value]
        if isinstance(value, bool | None)
        else f"{value:g}"
        if isinstance(value, float)
        else str(value)
    )


def _choices(kind: str) -> str:
    """The words that an argument may be, where there are some: ``{"a", "b"}``."""
    return f"One of {kind[1 : kind.index('}')]}. " if kind.startswith('{"') else ""


def _own(row: Verb) -> dict[str, Any]:
    """A verb that terra does not have: its arguments with their defaults, and what its docstring says of them."""
    function = inspect.unwrap(getattr(pt, row.python))
    doc = NumpyDocString(inspect.getdoc(function))
    told = {
        name.strip().lstrip("*"): _choices(one.type) + " ".join(one.desc)
        for one in doc["Parameters"]
        for name in one.name.split(",")
    }
    _, *parameters = inspect.signature(function).parameters.values()
    arguments = [
        {
            "python": one.name,
            "default": "" if one.default is one.empty else _in_r(one.default),
            "told": told[one.name],
        }
        for one in parameters
    ]
    return {"name": row.python, "told": " ".join(doc["Summary"]), "arguments": arguments}


def main() -> None:
    """Print it."""
    told = [
        {
            "terra": row.terra,
            "class": row.cls,
            "group": group_of(row),
            "told": _summary(row),
            "differs": _differs(row),
        }
        for row in verbs()
        if row.methods and row.terra != "."
    ]
    sections = {name: differences(name) for name in ("Verbs", "Files", "From R")}
    own = [_own(row) for row in verbs() if any(method.do == "own" for method in row.methods)]
    print(json.dumps({"groups": GROUPS, "verbs": told, "own": own, "differences": sections}))


if __name__ == "__main__":
    main()
