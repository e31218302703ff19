"""The map on the page of interactive maps: the small landscape through a year, with its rivers and districts."""

import tempfile
from pathlib import Path

from landscape import landscape

PLACE = "_static/map.html"
"""Where the page shows it."""


def page() -> bytes:
    """The map as a file of HTML."""
    names = landscape()
    temperature = names["months"]
    temperature.names = ["temperature"] * temperature.nlyr
    temperature.units = ["°C"] * temperature.nlyr
    shown = temperature.plet(cmap="RdYlBu_r")
    shown = names["rivers"].plet(map=shown, name="rivers", col="#1f4e79", lwd=2.0)
    shown = names["districts"].plet(map=shown, name="districts", alpha=(0.0, 0.8))
    with tempfile.TemporaryDirectory(prefix="book-map-") as folder:
        path = Path(folder) / "map.html"
        shown.save(path)
        return path.read_bytes()
