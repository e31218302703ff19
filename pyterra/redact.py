"""Text that is stored or shown must not carry secrets."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from typing import Any

_NAMES = (
    r"secret|token|passw(?:or)?d|passphrase|pwd|(?:api|access|account|private|shared)[_\-]?key|signature|sig\b|"
    r"session[_\-]?id|\bsid\b|credential|cookie"
)
_PART = r"[^\s'\"<>|?;]"
_ADDRESS = rf"(?<!{_PART})(?={_PART}*?(?:://|/vsi)){_PART}*+"
_PATTERNS = (
    (re.compile(rf"({_ADDRESS})[?;][^\s'\"<>|]+"), r"\1?***"),
    (re.compile(r"(?<=[\w/.\-%])\?[^\s'\"<>|]*=[^\s'\"<>|]*"), "?***"),
    (re.compile(r"(?<=://)[^\s/?#'\"<>|]*@"), "***@"),
    (re.compile(r"(?i)\b((?:proxy-)?authorization['\"]?\s*[=:]\s*['\"]?)[^\n'\"]+"), r"\1***"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w\-.~+/]{8,}=*"), r"\1 ***"),
    (
        re.compile(
            rf"(?i)((?:{_NAMES})[\w\-]{{0,64}}+['\"]?\s*[=:]\s*)(?:'[^']*'|\"[^\"]*\"|['\"]?[^\s'\"&,;)}}]+)"
        ),
        r"\1***",
    ),
    (re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bgh[pousr]_\w{20,}|\beyJ[\w\-]+\.[\w\-]+\.[\w\-]*"), "***"),
)
"""What is replaced, in this order, and by what."""
_NAMED = re.compile(rf"(?i){_NAMES}")
_FOLDERS = ("PWD", "OLDPWD")
"""Variables that are named like secrets and hold the folder in which one is."""
_ARGUMENTS: Any = BaseException.__dict__["args"]
"""As every error keeps them, also one of whose class shows others."""
_SHORTEST = 8
"""Values of the environment that are shorter may be part of any word."""


def redact(text: str) -> str:
    """Return the text without what follows a question mark in addresses, without logins, values of what is named a
    secret, and values of environment variables that are named so.

    Examples
    --------
    >>> redact("https://me:word@example.org/a.tif?sig=abc could not be read")
    'https://***@example.org/a.tif?*** could not be read'
    """
    for name, value in os.environ.items():
        if len(value) >= _SHORTEST and value in text and _NAMED.search(name) and name not in _FOLDERS:
            text = text.replace(value, "***")
    for pattern, instead in _PATTERNS:
        text = pattern.sub(instead, text)
    return text


def clean(error: BaseException | None) -> None:
    """Take secrets out of an error of another package, and of those that it came from, where they lie."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        waiting += [one.__cause__, one.__context__]
        given = _ARGUMENTS.__get__(one)
        told = tuple(redact(arg) if isinstance(arg, str) else arg for arg in given)
        if any(a is not b and a != b for a, b in zip(told, given, strict=True)):
            _ARGUMENTS.__set__(one, told)
        for name in ("errmsg", "filename", "strerror", "message", "msg", "reason", "url"):
            value = getattr(one, name, None)
            if isinstance(value, str) and redact(value) != value:
                with suppress(AttributeError):  # made of the arguments
                    setattr(one, name, redact(value))
