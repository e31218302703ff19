"""Pictures of the reference: what a verb makes of the small landscape."""

import hashlib
import warnings
from pathlib import Path
from typing import Any

from rst import code, directive, heading

RECIPES = Path(__file__).with_name("pictures.tsv")
COLORS = {"height": "gist_earth", "wet": "YlGnBu", "months": "inferno", "gaps": "gist_earth"}
NOTE = "The landscape is :doc:`made by waves </reference/landscape>`; ``{before}`` is at the left, the result at the right.\n"


def recipes() -> list[tuple[str, str, str]]:
    """Verb, what is drawn before it, and the call."""
    lines = RECIPES.read_text("utf-8").splitlines()[2:]
    return [(verb, before, call) for verb, before, call in (line.split("\t") for line in lines)]


def _panels(x: Any, name: str) -> list[tuple[Any, str]]:
    import pyterra as pt

    if isinstance(x, pt.SpatRaster) and x.nlyr > 1:
        return [(x[i], x.names[i]) for i in range(2)]
    return [(x, name)]


def _raster_style(x: Any, before: Any, palette: str | None) -> dict[str, Any]:
    """Classes for a few whole numbers; the colours of what was before for values that lie among its own."""
    import numpy as np

    if x.is_factor()[0] or x.is_bool()[0]:
        return {}
    values = x.to_numpy()
    values = values[np.isfinite(values)]
    if np.unique(values).size <= 8 and (values == values.round()).all():
        return {"type": "classes"}
    if palette and (before is x or not hasattr(before, "minmax")):
        return {"cmap": palette}
    if palette:
        low, high = np.nanmin(before.minmax()), np.nanmax(before.minmax())
        if low <= values.min() <= values.max() <= high and np.ptp(values) > 0.2 * (high - low):
            return {"cmap": palette, "range": (float(low), float(high))}
    return {"cmap": "viridis"}


def _draw(x: Any, title: str, ax: Any, before: Any, palette: str | None) -> None:
    import pyterra as pt

    if isinstance(x, pt.SpatRaster):
        x.plot(ax=ax, axes=False, main=title, **_raster_style(x, before, palette))
        return
    if isinstance(before, pt.SpatVector) and before is not x:
        before.plot(ax=ax, axes=False, legend=False, **_vector_style(before, faint=True))
    x.plot(ax=ax, axes=False, main=title, legend=False, add=bool(ax.has_data()), **_vector_style(x))


def _vector_style(x: Any, faint: bool = False) -> dict[str, Any]:
    kind = x.geomtype()
    if kind == "points":
        return {"cex": 0.8, "col": "#b8b8b8" if faint else "#1b6b4a"}
    if kind == "lines":
        return {"lwd": 1.6, "col": "#c8c8c8" if faint else "#1f6fa8"}
    return (
        {"col": "#f4f4f2", "border": "#cccccc"}
        if faint
        else {"col": "#cfe5d5", "border": "#1b6b4a", "alpha": 0.8}
    )


def draw(verb: str, before: str, call: str, names: dict[str, Any], path: Path) -> None:
    """One picture."""
    import matplotlib.pyplot as plt

    result = eval(call, dict(names))
    first = None if before == "." else names[before][0] if before == "months" else names[before]
    panels = [*([] if first is None else [(first, before)]), *_panels(result, verb)]
    figure, axes = plt.subplots(
        1, len(panels), figsize=(3.7 * len(panels), 2.9), layout="constrained", squeeze=False
    )
    whole = None if before == "." else names[before]
    for (x, title), ax in zip(panels, axes.ravel(), strict=True):
        _draw(x, title, ax, first if x is first else whole, COLORS.get(before))
    figure.savefig(path, dpi=90)
    plt.close(figure)


def draw_all(kept: Path, base: str) -> Path:
    """All pictures, in a folder that is used again while nothing changes."""
    here = Path(__file__).parent
    told = base + "".join(
        (here / name).read_text("utf-8") for name in ("pictures.py", "pictures.tsv", "landscape.py")
    )
    folder = kept / f"pictures-{hashlib.sha256(told.encode()).hexdigest()[:20]}"
    if (folder / "done").exists():
        return folder
    import matplotlib

    matplotlib.use("agg")
    from landscape import landscape

    import pyterra as pt

    pt.options(progress=False)
    folder.mkdir(parents=True, exist_ok=True)
    names = landscape()
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        for verb, before, call in recipes():
            draw(verb, before, call, names, folder / f"{verb}.png")
    (folder / "done").touch()
    return folder


def sections() -> dict[str, str]:
    """What the page of a verb shows of its picture."""
    made = {}
    for verb, before, call in recipes():
        picture = directive("image", f"/_parts/pictures/{verb}.png", alt=f"{call}")
        note = "" if before == "." else NOTE.format(before=before)
        made[verb] = "\n".join([heading("Picture", 1), code(call), picture, note])
    return made
