"""Python and R in tabs: code, what it prints, and what it draws."""

import ast
import base64
import hashlib
import inspect
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from layout import Layout
from notebooks import Cell
from rsession import Said

LONGEST = 18
"""Lines of an output that are shown."""


@dataclass
class Step:
    """A statement of Python as it is run and as it is shown, and the lines of R that say the same."""

    run: str
    shown: str = ""
    r: str = ""


def _call(statement: ast.stmt) -> tuple[str, ast.Call] | None:
    if (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Call)
        and isinstance(statement.value.func, ast.Name)
    ):
        return statement.value.func.id, statement.value
    return None


def _r_code(text: str) -> str:
    return re.sub(r";\s*0\s*$", "", inspect.cleandoc("\n" + text).strip())


def steps(code: str) -> list[Step]:
    """A cell of the chapter, statement by statement.

    ``same(ours, "R")`` shows ``ours``, and R beside it; ``R("...")`` and ``# R: ...`` show R alone.
    """
    tree, lines, last, found = ast.parse(code), code.splitlines(), 0, []
    for statement in tree.body:
        first = min([statement.lineno, *(one.lineno for one in getattr(statement, "decorator_list", []))])
        before = "\n".join(lines[last : first - 1])
        spoken = "\n".join(re.findall(r"(?m)^# R: (.*)$", before))
        comments = re.sub(r"(?m)^# R: .*\n?|^# fmt:.*\n?", "", before).strip()
        text = "\n".join(
            lines[statement.lineno - 1 if first == statement.lineno else first - 1 : statement.end_lineno]
        )
        last = statement.end_lineno or last
        name, call = _call(statement) or ("", None)
        shown = f"{comments}\n{text}".strip()
        if spoken:
            found.append(Step("", "", spoken))
        if name == "same" and call is not None:
            ours, theirs = call.args
            rest = "".join(f", {key.arg}={ast.unparse(key.value)}" for key in call.keywords)
            source = inspect.cleandoc("\n" + (ast.get_source_segment(code, ours) or ""))
            run = f"_ours = {ast.unparse(ours)}\nsame(_ours, {ast.unparse(theirs)}{rest})\n_ours"
            found.append(Step(run, f"{comments}\n{source}".strip(), _r_code(ast.literal_eval(theirs))))
        elif name == "R" and call is not None:
            found.append(Step(text, "", _r_code(ast.literal_eval(call.args[0]))))
        elif name == "show" and call is not None:
            r = "\n".join(f'{key.arg} <- rast("{key.arg}.tif")' for key in call.keywords)
            found.append(Step(text, "", r))
        else:
            found.append(Step(text, shown))
    found = _merged(found)
    trailing = re.findall(r"(?m)^# R: (.*)$", "\n".join(lines[last:]))
    return [*found, Step("", "", "\n".join(trailing))] if trailing else found


def _merged(found: list[Step]) -> list[Step]:
    """Statements without R are run and shown as one: those that draw belong together."""
    merged: list[Step] = []
    for step in found:
        last = merged[-1] if merged else None
        if last and last.run and step.run and not last.r and not step.r:
            merged[-1] = Step(f"{last.run}\n{step.run}", f"{last.shown}\n{step.shown}")
        else:
            merged.append(step)
    return merged


@dataclass
class Block:
    """Code with what came of it."""

    code: str
    printed: str = ""
    pictures: list[bytes] = field(default_factory=list)


def joined(blocks: list[Block]) -> list[Block]:
    """Blocks that say nothing become one with the next."""
    found: list[Block] = []
    for block in blocks:
        if found and not found[-1].printed and not found[-1].pictures:
            found[-1] = Block(
                "\n".join(filter(None, (found[-1].code, block.code))), block.printed, block.pictures
            )
        else:
            found.append(block)
    return [block for block in found if block.code or block.printed or block.pictures]


def of_python(shown: str, outputs: list[Any]) -> Block:
    """What a cell of a notebook gave."""
    printed, pictures = [], []
    for one in outputs:
        if one.output_type == "stream":
            printed.append(one.text.rstrip("\n"))
        elif "image/png" in one.get("data", {}):
            pictures.append(base64.b64decode(one["data"]["image/png"]))
        elif "text/plain" in one.get("data", {}):
            printed.append(one["data"]["text/plain"])
    return Block(shown, "\n".join(printed), pictures)


def of_r(said: list[Said]) -> list[Block]:
    """What R gave."""
    return [Block(one.code, one.printed, one.pictures) for one in said]


def _short(text: str) -> str:
    lines = text.splitlines()
    return "\n".join(lines if len(lines) <= LONGEST else [*lines[: LONGEST - 2], "..."])


def written(blocks: list[Block], language: str, layout: Layout, page: str) -> str:
    """Blocks as Markdown: code, what it prints, its pictures."""
    parts = []
    for block in joined(blocks):
        if block.code:
            parts.append(f"```{language}\n{block.code}\n```")
        if block.printed.startswith("|"):  # a table of knitr's
            parts.append(block.printed.rstrip())
        elif block.printed.strip():
            parts.append(f"```text\n{_short(block.printed)}\n```")
        for picture in block.pictures:
            name = f"_parts/{page}/{hashlib.sha256(picture).hexdigest()[:16]}.png"
            layout.data(name, picture)
            words = re.sub(r"[^\w .,()-]", "", (block.code.strip() or "a picture").splitlines()[-1])[:80]
            parts.append(f"```{{image}} /{name}\n:alt: {words}\n```")
    return "\n\n".join(parts)


def tab_set(python: list[Block], r: list[Block], layout: Layout, page: str) -> str:
    """Both in tabs; Python alone without tabs."""
    ours = written(python, "python", layout, page)
    theirs = written(r, "r", layout, page)
    if not theirs:
        return ours
    items = [("Python", "python", ours), ("R", "r", theirs)]
    inside = "\n".join(
        f"````{{tab-item}} {name}\n:sync: {key}\n\n{text}\n````" for name, key, text in items if text
    )
    return f"`````{{tab-set}}\n:sync-group: language\n\n{inside}\n`````"


def cells_of(parts: list[Cell]) -> list[tuple[Cell, list[Step]]]:
    """Cells with their steps; texts have none."""
    return [(cell, steps(cell.text) if cell.is_code else []) for cell in parts]


def chapter_files(folder: Path) -> Path | None:
    """The folder in which a chapter wrote the files that R reads."""
    return next(iter(sorted(folder.glob("chapter-*"))), None)
