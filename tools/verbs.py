"""Writes ``pyterra/verbs.py``, the functions of all verbs, from the classes; ``--check`` only compares."""

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

from pyterra.generics import CLASSES, is_property, member, members, owners  # noqa: E402

TARGET = Path(__file__).parents[1] / "pyterra" / "verbs.py"
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
    names = sorted({name for cls in CLASSES for name in members(cls)} - CONSTRUCTORS)
    needed, body, methods = set[str](), list[str](), list[str]()
    for name in names:
        having = owners(name)
        if not all(is_property(member(cls, name)) for cls in having):
            methods.append(name)
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
            '"""Verbs as functions. Made by ``tools/verbs.py`` from the classes; `generics` tells how they work."""',
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


def main() -> int:
    """Write, or compare."""
    made = text()
    if "--check" not in sys.argv[1:]:
        TARGET.write_text(made)
        return 0
    if TARGET.exists() and TARGET.read_text() == made:
        return 0
    print("pyterra/verbs.py is not what tools/verbs.py makes of the classes; run tools/verbs.py")
    return 1


if __name__ == "__main__":
    sys.exit(main())
