"""Text that is stored or shown must not carry secrets."""

from __future__ import annotations

import re

_QUERY = re.compile(r"(?<=[\w/.\-%])\?[^\s'\"<>|]*=[^\s'\"<>|]*")
_LOGIN = re.compile(r"(?<=://)[^\s/@]+@")
_SECRET = re.compile(
    r"(?i)\b([\w\-]*(?:secret|token|passw(?:or)?d|api_?key|access_?key(?:_id)?|signature|sig)[\w\-]*)"
    r"(['\"]?\s*[=:]\s*['\"]?)[^\s'\"&,;)}]+"
)
_BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[\w\-.~+/]{8,}=*")


def redact(text: str) -> str:
    """Return the text without query strings, logins in addresses, and values of what is named a secret.

    Examples
    --------
    >>> redact("https://me:word@example.org/a.tif?sig=abc could not be read")
    'https://***@example.org/a.tif?*** could not be read'
    """
    text = _QUERY.sub("?***", text)
    text = _LOGIN.sub("***@", text)
    text = _BEARER.sub(r"\1 ***", text)
    return _SECRET.sub(r"\1\2***", text)
