"""Drawings of expressions and of grids in blocks, as SVG in the colour of the text around it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pyterra.packages import html
from pyterra.plan import Plan, format_bytes

if TYPE_CHECKING:
    from pyterra.maps.explain import Step

_WIDTH, _HEIGHT, _GAP, _DROP = 250, 54, 18, 30
"""Of a box, and between boxes side by side and above each other, in pixels."""
_SKETCH = 110
"""Longest side of the sketch of the blocks."""


def diagram(steps: Sequence[Step]) -> str:
    """The steps as boxes, sources above, the result below, in the colour of the text around it."""
    depth = _depths(steps)
    rows: dict[int, list[int]] = {}
    for number in range(len(steps)):
        rows.setdefault(depth[number], []).append(number)
    deepest, widest = max(rows), max(map(len, rows.values()))
    wide, high = widest * (_WIDTH + _GAP) + _GAP, (deepest + 1) * (_HEIGHT + _DROP)
    place: dict[int, tuple[float, float]] = {}
    for level, members in rows.items():
        left = (wide - len(members) * (_WIDTH + _GAP) + _GAP) / 2
        for i, number in enumerate(members):
            place[number] = left + i * (_WIDTH + _GAP), (deepest - level) * (_HEIGHT + _DROP) + 4
    parts = []
    for number, step in enumerate(steps):
        x, y = place[number]
        for child in step.inputs:
            parts.append(_edge(place[child], (x, y), aside=depth[child] > depth[number] + 1))
    for number, step in enumerate(steps):
        parts.append(_box(step, *place[number], result=number == 0))
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{wide}' height='{high}' viewBox='0 0 {wide} {high}' "
        "style='max-width:100%;height:auto;color:inherit' font-family='sans-serif' font-size='11' role='img' "
        f"aria-label='the steps of the expression'>{''.join(parts)}</svg>"
    )


def _edge(above: tuple[float, float], below: tuple[float, float], *, aside: bool) -> str:
    """A line from a box to one that reads from it; aside where others lie between."""
    (x1, y1), (x2, y2) = above, below
    x1, x2, y1 = x1 + _WIDTH / 2, x2 + _WIDTH / 2, y1 + _HEIGHT
    if aside:
        bow = _WIDTH * 0.75
        way = f"C{x1 + bow:.0f} {y1 + _DROP:.0f} {x2 + bow:.0f} {y2 - _DROP:.0f} {x2:.0f} {y2:.0f}"
    else:
        way = f"C{x1:.0f} {y1 + _DROP / 2:.0f} {x2:.0f} {y2 - _DROP / 2:.0f} {x2:.0f} {y2:.0f}"
    return f"<path d='M{x1:.0f} {y1:.0f}{way}' fill='none' stroke='currentColor' stroke-opacity='.5'/>"


def _depths(steps: Sequence[Step]) -> list[int]:
    """The longest way from the result to each step, which come before their inputs."""
    depth = [0] * len(steps)
    for number, step in enumerate(steps):
        for child in step.inputs:
            depth[child] = max(depth[child], depth[number] + 1)
    return depth


def _box(step: Step, x: float, y: float, *, result: bool) -> str:
    lines = [
        ("600", _short(step.what, 30)),
        ("400", _short(step.size, 36)),
        ("400", _short(step.note or f"{format_bytes(step.nbytes)} a block", 38)),
    ]
    text = "".join(
        f"<text x='{x + 8:.0f}' y='{y + 16 + 15 * i:.0f}' font-weight='{weight}' fill='currentColor'>"
        f"{html.escape(line)}</text>"
        for i, (weight, line) in enumerate(lines)
    )
    title = html.escape(f"{step.what}: {step.size}, {format_bytes(step.nbytes)} a block. {step.note}")
    return (
        f"<g><title>{title}</title><rect x='{x:.0f}' y='{y:.0f}' width='{_WIDTH}' height='{_HEIGHT}' rx='5' "
        f"fill='currentColor' fill-opacity='{'.12' if result else '.05'}' stroke='currentColor' stroke-opacity='.6'/>"
        f"{text}</g>"
    )


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def sketch(plan: Plan) -> str:
    """The grid, cut into its blocks."""
    blocks = plan.blocks
    scale = _SKETCH / max(blocks.whole.nrow, blocks.whole.ncol)
    wide, high = max(4.0, blocks.whole.ncol * scale), max(4.0, blocks.whole.nrow * scale)
    lines = []
    for size, length, other, across in ((blocks.nrow, high, wide, True), (blocks.ncol, wide, high, False)):
        step = size * scale
        if step >= 2:  # finer ones would be a grey area
            at = step
            while at < length:
                where = f"M0 {at:.1f}H{other:.1f}" if across else f"M{at:.1f} 0V{other:.1f}"
                lines.append(where)
                at += step
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{wide:.0f}' height='{high:.0f}' "
        f"viewBox='0 0 {wide:.0f} {high:.0f}' "
        "style='color:inherit;margin-bottom:.5em' role='img' aria-label='the grid in blocks'>"
        f"<path d='M0 0H{wide:.1f}V{high:.1f}H0Z{''.join(lines)}' fill='currentColor' fill-opacity='.05' "
        "stroke='currentColor' stroke-opacity='.6'/></svg>"
    )
