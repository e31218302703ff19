"""Writes what is made of the table of verbs, ``pyterra/verbs.tsv``; ``--check`` only compares.

``pyterra/verbs.py`` are the functions, with the types that the classes say; ``r/inst/verbs.tsv`` the methods of the R
package; ``docs/porting.md`` lists the verbs. First the table must say of the classes what they are.
"""

import ast
import builtins
import copy
import functools
import importlib
import inspect
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

# What was made before may name verbs that are gone: pyterra is imported without it.
sys.modules["pyterra.verbs"] = ModuleType("pyterra.verbs")
vars(sys.modules["pyterra.verbs"])["METHODS"] = []

from porting_table import page  # noqa: E402
from table import problems, r_table  # noqa: E402

from pyterra.generics import CLASSES, member, owners  # noqa: E402
from pyterra.verb_table import verbs  # noqa: E402

ROOT = Path(__file__).parents[1]
CONSTRUCTORS = {"ext"}
"""Properties whose name is that of a function which makes such a thing, and takes the same objects."""
CLASS_NAMES = {cls.__name__ for cls in CLASSES}


@functools.cache
def _told(module: str) -> dict[str, ast.AST]:
    """Names that a module imports or gives to something, with the statement or the expression."""
    tree = ast.parse(inspect.getsource(importlib.import_module(module)))
    guarded = [n for n in tree.body if isinstance(n, ast.If) and "TYPE_CHECKING" in ast.dump(n.test)]
    found: dict[str, ast.AST] = {}
    for n in [*tree.body, *(line for block in guarded for line in block.body)]:
        if isinstance(n, ast.Import | ast.ImportFrom):
            found |= {alias.asname or alias.name: n for alias in n.names}
        elif isinstance(n, ast.Assign) and isinstance(n.targets[0], ast.Name):
            found[n.targets[0].id] = n.value
        elif isinstance(n, ast.AnnAssign) and isinstance(n.target, ast.Name) and n.value is not None:
            found[n.target.id] = n.value
        elif isinstance(n, ast.ClassDef):
            found[n.name] = n
    return found


class Names(ast.NodeTransformer):
    """Names of an annotation as another module can say them: aliases become what they stand for."""

    def __init__(self, module: str, cls: type, needed: set[str]) -> None:
        self.module, self.cls, self.needed = module, cls, needed

    def visit_Name(self, node: ast.Name) -> ast.AST:
        """One name."""
        name = node.id
        if name in ("Self", "Rectangle"):
            return ast.Name(self.cls.__name__)
        if name in CLASS_NAMES or hasattr(builtins, name):
            return node
        there = _told(self.module)[name]
        if isinstance(there, ast.Import):
            self.needed.add(ast.unparse(there))
            return node
        if isinstance(there, ast.ImportFrom) and there.module is not None:
            if there.module.startswith("pyterra."):
                return Names(there.module, self.cls, self.needed).visit(node)
            self.needed.add(f"from {there.module} import {name}")
            return node
        if isinstance(there, ast.ClassDef):
            self.needed.add(f"from {self.module} import {name}")
            return node
        return self.visit(copy.deepcopy(there))  # type: ignore[no-any-return]


def _annotation(text: Any, names: Names) -> str:
    tree = names.visit(ast.parse(str(text), mode="eval"))
    return ast.unparse(tree)


def _signature(name: str, cls: type, needed: set[str]) -> str:
    """Parameters and result of what a class has under a name, without defaults."""
    body = member(cls, name)
    if inspect.ismemberdescriptor(body):
        home = next(base for base in cls.__mro__ if name in vars(base))
        return f"(x: {cls.__name__}) -> {_annotation(home.__annotations__[name], Names(home.__module__, cls, needed))}"
    function = body.fget if isinstance(body, property) else body
    told = inspect.signature(function)
    names = Names(inspect.unwrap(function).__module__, cls, needed)
    parts, starred = [], False
    for i, one in enumerate(told.parameters.values()):
        if i == 0:
            own = _annotation(one.annotation, names) if "|" in str(one.annotation) else cls.__name__
            parts.append(f"x: {own}")
            continue
        if one.kind is one.KEYWORD_ONLY and not starred:
            parts.append("*")
            starred = True
        starred = starred or one.kind is one.VAR_POSITIONAL
        mark = {one.VAR_POSITIONAL: "*", one.VAR_KEYWORD: "**"}.get(one.kind, "")
        default = " = ..." if one.default is not one.empty else ""
        parts.append(f"{mark}{one.name}: {_annotation(one.annotation, names)}{default}")
    return f"({', '.join(parts)}) -> {_annotation(told.return_annotation, names)}"


def text() -> str:
    """The module."""
    kinds = {kind: {verb.python for verb in verbs() if verb.kind == kind} for kind in ("method", "property")}
    needed, body = set[str](), list[str]()
    methods = sorted(kinds["method"])
    for name in sorted((kinds["method"] | kinds["property"]) - CONSTRUCTORS):
        having = owners(name)
        if len(having) == 1 and name in methods:
            body.append(f'{name} = alone("{name}", {having[0].__name__}.{name})')
        elif len(having) == 1:
            body.append(f"@shared\ndef {name}{_signature(name, having[0], needed)}: ...")
        else:
            body += [f"@overload\ndef {name}{_signature(name, cls, needed)}: ..." for cls in having]
            body.append(f"@shared\ndef {name}(x: Any, *args: Any, **kwargs: Any) -> Any: ...")
    classes = {f"from {cls.__module__} import {cls.__name__}" for cls in CLASSES}
    return "\n".join(
        [
            '"""Verbs as functions. Made by ``tools/verbs.py`` from ``verbs.tsv``; `generics` tells how they work."""',
            "",
            "# ruff: noqa",
            "# fmt: off",
            "# mypy: disable-error-code=empty-body",
            "",
            "from __future__ import annotations",
            "",
            "from typing import TYPE_CHECKING, Any, overload",
            "",
            *sorted(classes | {"from pyterra.generics import alone, shared"}),
            "",
            "if TYPE_CHECKING:",
            *(f"    {line}" for line in sorted(needed - {"from typing import Any"})),
            "",
            f"METHODS = {methods}",
            '"""Verbs that are methods of a class; the others are properties."""',
            "",
            *body,
            "",
        ]
    )


MADE = {"pyterra/verbs.py": text, "r/inst/verbs.tsv": r_table, "docs/porting.md": page}
"""Files, and what makes them."""


def main() -> int:
    """Write, or compare."""
    try:
        wrong = [f"pyterra/verbs.tsv: {problem}" for problem in problems(verbs())]
    except ValueError as error:  # the table cannot be read
        wrong = [f"pyterra/verbs.tsv: {error}"]
    for name, make in {} if wrong else MADE.items():
        path, made = ROOT / name, make()
        if "--check" not in sys.argv[1:]:
            path.write_text(made, "utf-8")
        elif not path.exists() or path.read_text("utf-8") != made:
            wrong.append(f"{name} is not what tools/verbs.py makes of pyterra/verbs.tsv; run tools/verbs.py")
    print(*wrong, sep="\n", end="\n" if wrong else "")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
