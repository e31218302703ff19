"""Options of GDAL's drivers, as a mapping or as GDAL and terra write them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pyterra.errors import ArgumentError
from pyterra.io.safe.places import check_plain


def creation_options(value: Mapping[str, Any] | Sequence[str] | None, verb: str) -> dict[str, str]:
    """Names and values of options.

    Raises
    ------
    ArgumentError
        Where one has no value, or a character NUL.

    Examples
    --------
    >>> creation_options(["COMPRESS=LZW", "TILED=YES"], "write_raster")
    {'COMPRESS': 'LZW', 'TILED': 'YES'}
    """
    if value is None:
        return {}
    texts = [*value, *value.values()] if isinstance(value, Mapping) else value
    check_plain(f"{verb}: options", [texts] if isinstance(texts, str) else texts)
    if isinstance(value, Mapping):
        return {str(name): str(option) for name, option in value.items()}
    made = {}
    for text in [value] if isinstance(value, str) else value:
        name, equals, option = str(text).partition("=")
        if not equals or not name.strip():
            raise ArgumentError(
                f"{verb}: options must be a mapping or texts such as 'COMPRESS=LZW', got {text!r}"
            )
        made[name.strip()] = option.strip()
    return made
