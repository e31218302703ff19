"""Texts of the package as reStructuredText."""

import inspect
import re
import textwrap
from collections.abc import Collection, Sequence
from typing import Any

from numpydoc.docscrape import NumpyDocString

Section = list[str]
HEAD = {0: "=", 1: "-", 2: "~"}


def heading(text: str, level: int) -> str:
    """A heading; 0 is that of the page."""
    return f"{text}\n{HEAD[level] * max(len(text), 4)}\n"


def plain(text: str) -> str:
    """Text in which no sign means anything."""
    return re.sub(r"([*_|`\\])", r"\\\1", text)


def linked(text: str, names: Collection[str], here: str) -> str:
    """A text of a docstring with links to the pages of the verbs that it names."""

    def link(found: re.Match[str]) -> str:
        name = found[1]
        return f":doc:`{name} </reference/{name}>`" if name in names and name != here else f"``{name}``"

    return re.sub(r"(?<![`:\w>])`([A-Za-z_][\w.]*)`(?![`_\w])", link, text)


def from_markdown(text: str) -> str:
    """A line of Markdown: code, links to pages, emphasis."""
    text = text.replace("\\|", "|")
    out = ""
    for part in re.split(r"(`[^`]+`|\[[^\]]+\]\([^)]+\))", text):
        if part.startswith("`"):
            new = f"`{part}`"
        elif match := re.fullmatch(r"\[([^\]]+)\]\(([^)]+)\)", part):
            page = re.sub(r"\.md.*", "", match[2])
            new = f":doc:`{match[1]} </{page}>`" if match[2].endswith(".md") else plain(match[1])
        else:
            new = plain(part)
        # Signs of markup must not touch a word.
        touching = (re.search(r"\w$", out) and new[:1] in "`:") or (
            out.endswith("`") and re.match(r"\w", new)
        )
        out += ("\\ " if touching else "") + new
    return out


def indented(text: str, by: int = 3) -> str:
    """A block under another."""
    return textwrap.indent(text, " " * by)


def directive(name: str, argument: str = "", body: str = "", **options: str) -> str:
    """A directive."""
    told = "".join(f"   :{key.replace('_', '-')}: {value}\n" for key, value in options.items())
    return f".. {name}:: {argument}\n{told}\n{indented(body)}\n"


def code(body: str, language: str = "python") -> str:
    """A block of code."""
    return directive("code-block", language, body)


def rows_of(table: Sequence[Sequence[str]], head: Sequence[str] = (), widths: str = "auto") -> str:
    """A table, cell by cell."""
    lines = []
    for row in [head, *table] if head else table:
        for i, cell in enumerate(row):
            first, *rest = cell.split("\n") or [""]
            lines.append(("* - " if i == 0 else "  - ") + first)
            lines += [f"    {line}" if line else "" for line in rest]
    options = {"widths": widths} | ({"header_rows": "1"} if head else {})
    return directive("list-table", "", "\n".join(lines), **options)


class Docstring:
    """A numpydoc docstring, part by part.

    Parameters
    ----------
    text : str
    names : collection of str
        Verbs that have pages.
    here : str
        The verb whose docstring it is.
    """

    def __init__(self, text: str | None, names: Collection[str], here: str) -> None:
        self.parts: Any = NumpyDocString(inspect.cleandoc(text or ""))
        self.names, self.here = names, here

    def _text(self, lines: Sequence[str]) -> str:
        return linked("\n".join(lines), self.names, self.here)

    @property
    def summary(self) -> str:
        """The first line."""
        return self._text([" ".join(self.parts["Summary"])])

    def more(self) -> str:
        """What follows the first line."""
        return self._text(self.parts["Extended Summary"])

    def list_of(self, section: str) -> str:
        """Parameters, results or errors."""
        found = []
        for name, kind, told in self.parts[section]:
            body = indented(self._text(told), 4) if any(told) else "    \\"
            if section in ("Returns", "Raises", "Yields"):
                term = plain(f"{name} : {kind}" if name else kind)
                term = term if section != "Raises" else f"``{(name or kind).strip('`')}``"
                found.append(f"{term}\n{body}")
            else:
                kind = f" : {plain(kind)}" if kind else ""
                found.append(f"``{name}``{kind}\n{body}")
        return "\n\n".join(found)

    def see_also(self) -> list[str]:
        """Names of other verbs, with what is said of them."""
        lines = []
        for items, told in self.parts["See Also"]:
            words = ", ".join(
                f":doc:`{name} </reference/{name}>`" if name in self.names else f"``{name}``"
                for name in (item[0].rpartition(".")[2] for item in items)
            )
            lines.append(f"{words}: {self._text([' '.join(told)])}" if told else words)
        return lines

    def section(self, name: str) -> str:
        """Notes, examples or references as they are."""
        text = self.parts[name]
        lines = text.splitlines() if isinstance(text, str) else text
        return "\n".join(lines) if name == "Examples" else self._text(lines)

    def parameter(self, name: str) -> str | None:
        """What is said of one parameter."""
        for found, _, told in self.parts["Parameters"]:
            if name in (one.strip() for one in found.split(",")):
                return self._text([" ".join(told)])
        return None
