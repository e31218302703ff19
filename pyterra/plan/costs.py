"""What blocks of an expression cost: bytes at their peak, and how often stored tiles are decoded for them."""

from __future__ import annotations

from math import lcm

from pyterra.expr import Held, Node, Read, topological
from pyterra.frozen import dataclass
from pyterra.grid import Window
from pyterra.plan.blocks import Blocks
from pyterra.plan.schedule import Step, fetched_bytes, peak_bytes, schedule

AT_ONCE_BYTES = 48 * 2**20
"""A block that takes more at its peak is evaluated strip by strip."""
STRIP_BYTES = 24 * 2**20
"""Memory of the evaluation of a strip: small enough that temporaries are reused from the allocator, not the system."""
LEAST_STRIP_BYTES = 4 * 2**20
"""Below this, walking through the expression takes longer than its arithmetic."""
IN_FLIGHT = 2
"""Finished blocks that may wait for the sink, beside one per worker."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Predicted bytes of a block."""

    nbytes: int
    """Everything that a worker holds at its peak."""
    evaluated: int
    """Of these, the evaluation of the block, or of one strip."""
    finished: int
    """What is handed on, and may wait."""
    strip: int | None = None
    """Rows evaluated at once; None for all."""

    def total(self, workers: int, blocks: int) -> int:
        """Bytes of all workers and of what waits."""
        return self.nbytes * workers + (self.finished * IN_FLIGHT if blocks > workers else 0)


class Costs:
    """The costs of blocks of one expression.

    Parameters
    ----------
    root : Node
    held : callable
        Whether the values of a node are at hand.
    extra_per_cell, finished_per_cell : float
        Bytes per cell that whoever finishes a block needs, and hands on.
    room : int
        Bytes there are for everything.
    """

    def __init__(
        self, root: Node, held: Held, extra_per_cell: float, finished_per_cell: float | None, room: int
    ) -> None:
        self._strip_bytes = min(STRIP_BYTES, max(room // 8, LEAST_STRIP_BYTES))
        self.root, self._held, self._extra = root, held, extra_per_cell
        values = root.nbytes(Window(0, 0, 1, 1))
        self._finished = values + extra_per_cell if finished_per_cell is None else finished_per_cell
        self._order = topological(root, held)
        self._known: dict[Window, list[Step]] = {}
        needed = [node for node in self._order if not held(node)]
        self.reads_tiles = any(isinstance(node, Read) and node.source.tile is not None for node in needed)
        self.grain = lcm(*(node.grain for node in needed))

    def worst(self, blocks: Blocks) -> int:
        """Bytes of the largest of the blocks, evaluated at once."""
        return max(self._at_once(probe) for probe in probes(blocks))

    def whole(self, blocks: Blocks) -> Cost:
        """The cost of the largest of the blocks, evaluated at once."""
        worst = self.worst(blocks)
        return Cost(worst, worst, worst)

    def of(self, blocks: Blocks) -> Cost:
        """The cost of the largest of the blocks, evaluated at once or in strips."""
        worst = self.worst(blocks)
        if worst <= AT_ONCE_BYTES:
            return self.whole(blocks)
        rows = int(blocks.nrow * self._strip_bytes / worst) // self.grain * self.grain
        return self.in_strips(blocks, max(rows, self.grain))

    def in_strips(self, blocks: Blocks, rows: int) -> Cost:
        """The cost of the largest of the blocks, so many rows evaluated at once."""
        found = probes(blocks)
        stored = max(fetched_bytes(self._steps(probe)) for probe in found)
        finished = int(self._finished * max(probe.cells for probe in found))
        evaluated = max(
            self._at_once(Window(probe.row, probe.col, min(rows, probe.nrow), probe.ncol)) for probe in found
        )
        # While strips are joined, what they gave is there twice, and nothing is evaluated.
        return Cost(stored + finished + max(evaluated, finished), evaluated, finished, rows)

    def decodes(self, blocks: Blocks) -> dict[Read, float]:
        """Cells that are decoded for a cell that is wanted, of each source; 1 where blocks hold whole tiles."""
        found: dict[Read, float] = {}
        for step in self._steps(blocks[len(blocks) // 2]):
            if step.fetches:
                assert isinstance(step.node, Read)
                found[step.node] = max(found.get(step.node, 1.0), _tile_cells(step) / step.window.cells)
        return found

    def _steps(self, probe: Window) -> list[Step]:
        """What a block needs: asked for more than once, and the corners of larger blocks may be those of smaller ones."""
        if probe not in self._known:
            self._known[probe] = schedule(self.root, probe, self._held, self._order)
        return self._known[probe]

    def _at_once(self, probe: Window) -> int:
        own = self.root.nbytes(probe) + int(self._extra * probe.cells)
        return peak_bytes(self._steps(probe)) + int(self._extra * probe.cells) + own


def _tile_cells(step: Step) -> int:
    """Cells of all tiles that a step reads from, as far as they lie inside the source."""
    tiling = step.node.own_tiling
    if tiling is None:
        return step.window.cells
    grid, window = step.node.grid, step.window
    top, left = (window.row - tiling.row) // tiling.nrow, (window.col - tiling.col) // tiling.ncol
    bottom = -((tiling.row - window.row_stop) // tiling.nrow)
    right = -((tiling.col - window.col_stop) // tiling.ncol)
    rows = min(grid.nrow, tiling.row + bottom * tiling.nrow) - max(0, tiling.row + top * tiling.nrow)
    cols = min(grid.ncol, tiling.col + right * tiling.ncol) - max(0, tiling.col + left * tiling.ncol)
    return rows * cols


def probes(blocks: Blocks) -> list[Window]:
    """Blocks to predict with: the middle, the corners and the edges, the first rows and columns being like any other."""
    whole, nrow, ncol = blocks.whole, blocks.nrow, blocks.ncol
    rows = sorted(
        {
            whole.row,
            max(whole.row, whole.row + (whole.nrow - nrow) // 2),
            max(whole.row, whole.row_stop - nrow),
        }
    )
    cols = sorted(
        {
            whole.col,
            max(whole.col, whole.col + (whole.ncol - ncol) // 2),
            max(whole.col, whole.col_stop - ncol),
        }
    )
    found = []
    for row in rows:
        for col in cols:
            found.append(Window(row, col, nrow, ncol).common(whole))
    return found
