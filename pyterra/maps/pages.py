"""What a raster looks like in a notebook: the console's summary beside a small map."""

from __future__ import annotations

import base64
import html as _html
import io
from typing import TYPE_CHECKING

from pyterra.raster.show import facts

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster


def html(x: SpatRaster) -> str:
    """The summary as a table, with a small map of the first layer read at reduced resolution."""
    left = "style='text-align:left'"
    rows = "".join(
        f"<tr><th {left}>{_html.escape(label)}</th><td {left}>{_html.escape(value)}</td></tr>"
        for label, value in facts(x)
    )
    return (
        f"<div style='display:flex;gap:1em;align-items:flex-start'><table>{rows}</table>{_thumbnail(x)}</div>"
    )


def _thumbnail(x: SpatRaster) -> str:
    if not x.has_values():
        return ""
    try:
        from pyterra.maps.rasters import thumbnail
    except ImportError:
        return ""  # without matplotlib there is the table alone
    buffer = io.BytesIO()
    thumbnail(x, buffer)
    picture = base64.b64encode(buffer.getvalue()).decode()
    return f"<img alt='map of {_html.escape(x.names[0])}' src='data:image/png;base64,{picture}'>"
