"""What would be computed, and what it costs: the steps of an expression, its blocks, bytes and workers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from pyterra.errors import MemoryBudgetError
from pyterra.expr import Halo, Node, Read, Sweep, topological
from pyterra.frozen import dataclass
from pyterra.grid import Window
from pyterra.maps.diagram import diagram, sketch
from pyterra.packages import html
from pyterra.plan import Plan, format_bytes
from pyterra.raster.build import node_of

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster

MOST = 60
"""Steps that are told; of longer expressions the last ones."""


@dataclass(frozen=True)
class Step:
    """One step of an expression."""

    what: str
    """A word or two: the source, or what is done."""
    size: str
    """Layers, rows, columns and type of its values."""
    note: str
    """What it needs of its inputs beyond the cells themselves, or how its source is cut on disk."""
    nbytes: int
    """Bytes of its values over one block of the result."""
    inputs: tuple[int, ...]
    """Steps that it reads from."""


@dataclass(frozen=True)
class Explanation:
    """How a raster would be computed. Printed it is a text, in a notebook a drawing."""

    steps: tuple[Step, ...]
    """From the result to the sources."""
    plan: Plan | None
    """The blocks; None where they do not fit the memory."""
    how: str
    """Who computes: "serial", "threads", "processes" or "dask"."""
    problem: str = ""
    """Why there is no plan."""
    left_out: int = 0
    """Steps that are not told."""

    @property
    def summary(self) -> list[str]:
        """Blocks, workers and bytes, in words."""
        if self.plan is None:
            return [self.problem]
        blocks, plan = self.plan.blocks, self.plan
        count, strips = len(blocks), "" if plan.strip is None else f", {plan.strip} rows at a time"
        many = "1 block" if count == 1 else f"{count:,} blocks"
        lines = [
            f"{many} of {min(blocks.nrow, blocks.whole.nrow):,} x {min(blocks.ncol, blocks.whole.ncol):,} cells{strips}",
            f"{plan.workers} at a time ({self.how}), {format_bytes(plan.block_bytes)} for each, "
            f"{format_bytes(plan.total_bytes)} in all",
        ]
        if plan.torn:
            lines.append("stored tiles do not fit the memory; decoded ones are kept on disk meanwhile")
        elif plan.decodes >= 1.05:
            lines.append(f"{plan.decodes:.2g} cells are decoded for each that is wanted")
        return lines

    def __str__(self) -> str:
        lines = [line for line, _ in _tree(self.steps)]
        if self.left_out:
            lines.append(f"... and {self.left_out} steps more")
        return "\n".join([*self.summary, "", *lines])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        words = "".join(f"<div>{html.escape(line)}</div>" for line in self.summary)
        more = f"<div>... and {self.left_out} steps more</div>" if self.left_out else ""
        picture = "" if self.plan is None else sketch(self.plan)
        return (
            "<div style='display:flex;gap:2em;align-items:flex-start;flex-wrap:wrap'>"
            f"<div>{diagram(self.steps)}{more}</div><div>{picture}{words}</div></div>"
        )


def explain(x: SpatRaster) -> Explanation:
    """Tell how a raster would be computed: its steps, and the blocks, bytes and workers that the memory allows.

    Parameters
    ----------
    x : SpatRaster

    Returns
    -------
    Explanation
        Printed, a text: blocks and memory, then the steps from the result down to the files. In a notebook, a drawing
        of the same.

    See Also
    --------
    compute : Compute it.
    options : Memory and workers.

    Notes
    -----
    Nothing is computed, and no cell is read. What is planned depends on the memory that is free at the moment. Writing a
    file may take other blocks, such that they hold whole tiles of that file. Steps that look at the whole raster
    (distances, patches) go through it once before, which is not told.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=20, ncols=30, vals=range(600))
    >>> with pt.options(memory="1GB", workers=1):
    ...     print(pt.explain((r + 1).focal(3)))
    1 block of 20 x 30 cells
    1 at a time (serial), 57.2 KB for each, 57.2 KB in all
    <BLANKLINE>
    focal statistic sum: 1 x 20 x 30 float64, 4.7 KB a block
    │ needs 1 row, 1 column around a block
    └─ operator +: 1 x 20 x 30 float64, 4.7 KB a block
       └─ values in memory: 1 x 20 x 30 float64, 4.7 KB a block
    """
    from pyterra.run.compute import planned

    node = node_of(x, "explain")
    order = topological(node, _nothing)
    try:
        found, how = planned(node)
    except MemoryBudgetError as error:
        return Explanation(
            _steps(order[:MOST], node.grid.window), None, "", str(error), max(0, len(order) - MOST)
        )
    block = found.blocks[len(found.blocks) // 2]
    return Explanation(_steps(order[:MOST], block), found, how, left_out=max(0, len(order) - MOST))


def _nothing(node: Node) -> bool:
    return False


def _steps(order: list[Node], block: Window) -> tuple[Step, ...]:
    """The steps, and what they are asked for where `block` is wanted of the first."""
    windows: dict[Node, Window] = {order[0]: block}
    place = {node: i for i, node in enumerate(order)}
    steps = []
    for node in order:
        window = windows.get(node)
        feet = () if window is None else node.footprint(window)
        for child, foot in zip(node.inputs, feet, strict=False):
            if foot is not None:
                windows[child] = windows[child].union(foot) if child in windows else foot
        grid = node.grid
        steps.append(
            Step(
                _what(node),
                f"{len(node.layers):,} x {grid.nrow:,} x {grid.ncol:,} {node.dtype}",
                _note(node, window, feet),
                0 if window is None else node.nbytes(window),
                tuple(place[child] for child in dict.fromkeys(node.inputs) if child in place),
            )
        )
    return tuple(steps)


def _what(node: Node) -> str:
    if isinstance(node, Read):
        return node.source.name.rsplit("/", 1)[-1] or "values in memory"
    kernel = next((k for name in ("kernel", "method") if (k := getattr(node, name, None)) is not None), node)
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", type(kernel).__name__).lower()
    if node.verb:
        words = f"function in {node.verb}"
    names = [str(value) for value in _own_words(kernel)]
    return " ".join([words, *names[:1]])


def _own_words(kernel: Any) -> Iterator[str]:
    """Short words among what a kernel is told: the name of a statistic or a method."""
    if is_dataclass(kernel):
        for item in fields(kernel):
            value = getattr(kernel, item.name, None)
            if isinstance(value, str) and 0 < len(value) <= 12 and " " not in value:
                yield value


def _note(node: Node, window: Window | None, feet: tuple[Window | None, ...]) -> str:
    if isinstance(node, Read):
        tile = node.source.tile
        return "" if tile is None else f"tiles of {tile[0]:,} x {tile[1]:,}"
    if isinstance(node, Sweep):
        return "looks at the whole raster"
    foot = next((f for f in feet if f is not None), None)
    if foot is None or window is None:
        return ""
    if not node.keeps_cells and node.grid != node.inputs[0].grid:
        return f"needs {foot.nrow:,} x {foot.ncol:,} cells of its input for a block"
    rows, cols = (node.rows, node.cols) if isinstance(node, Halo) else (0, 0)
    return f"needs {_counted(rows, 'row')}, {_counted(cols, 'column')} around a block" if rows or cols else ""


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _tree(steps: tuple[Step, ...]) -> Iterator[tuple[str, int]]:
    """Lines of a tree; a step that several read from is told in full where it comes first."""
    told: set[int] = set()
    stack: list[tuple[int, str, str]] = [(0, "", "")]
    while stack:
        number, before, below = stack.pop()
        step = steps[number]
        if number in told:
            yield f"{before}{step.what} (see above)", number
            continue
        told.add(number)
        yield f"{before}{step.what}: {step.size}, {format_bytes(step.nbytes)} a block", number
        if step.note:
            yield f"{below}{'│ ' if step.inputs else '  '}{step.note}", number
        for child in reversed(step.inputs):
            last = child == step.inputs[-1]
            stack.append((child, below + ("└─ " if last else "├─ "), below + ("   " if last else "│  ")))
