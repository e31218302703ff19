"""What is printed: texts of files must not move the cursor of a terminal, and what objects tell stands in two columns."""

from __future__ import annotations

import re
from collections.abc import Iterable

_STRANGE = re.compile(r"[\x00-\x1f\x7f-\x9f]")
"""What would move the cursor of a terminal, or ring its bell."""
_IN_LINES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""The same, but the ends of lines and tabs."""


def printable(text: str, *, lines: bool = False) -> str:
    """A text with a mark in place of what would move the cursor of a terminal.

    Parameters
    ----------
    text : str
    lines : bool
        Whether it may have several lines, and tabs.

    Examples
    --------
    >>> printable("red\\x1b[2J"), printable("a\\nb"), printable("a\\nb", lines=True)
    ('red?[2J', 'a?b', 'a\\nb')
    """
    return (_IN_LINES if lines else _STRANGE).sub("?", text)


def columns(lines: Iterable[tuple[str, str]], width: int = 11) -> str:
    """Labels and what they stand for, a line for each; a line without a label goes on with the one before.

    Examples
    --------
    >>> print(columns([("size", "2, 3"), ("", "and more")], 4))
    size : 2, 3
           and more
    """
    told = (f"{label:<{width}} {':' if label else ' '} {value}" for label, value in lines)
    return "\n".join(printable(line).rstrip() for line in told)
