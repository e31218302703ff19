"""plan: from an expression to blocks that fit the memory budget."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pyterra.errors import MemoryBudgetError
from pyterra.expr import Node, Read, Tiling
from pyterra.grid import Window
from pyterra.options import current
from pyterra.plan.blocks import Blocks
from pyterra.plan.memory import format_bytes, memory_budget
from pyterra.plan.schedule import Held, peak_bytes, schedule, topological

TARGET_BYTES = 48 * 2**20
"""Memory of one block at its peak that is large enough: beyond it nothing was gained (16 to 64 MB measured flat)."""
TILE_BYTES = 512 * 2**20
"""Memory that a block may take for the sake of whole tiles or strips."""
MEMORY_TARGET_BYTES = 24 * 2**20
"""The same where all sources lie in memory: nothing is decoded, and smaller blocks stay in the cores' caches."""
STRIP = 64
"""Rows of a block where all sources lie in memory, to begin with: whole rows are read without being copied."""
LEAST_STRIP = 16
"""Rows below which blocks of whole rows are rather made narrower."""
SIDE = 2048
"""Longest side of a block in cells, unless the tiles are longer."""
LEAST_SIDE = 256
"""Blocks are not cut below this side for the sake of more parallelism."""
IN_FLIGHT = 2
"""Finished blocks that may wait for the sink, beside one per worker."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How an expression is computed."""

    blocks: Blocks
    """The windows, in the order in which they are delivered."""
    workers: int
    """Blocks computed at the same time."""
    block_bytes: int
    """Predicted bytes of one block at its peak, the largest of those probed."""
    total_bytes: int
    """Predicted bytes of everything at its peak."""


def plan(
    root: Node,
    *,
    held: Held,
    sink_tile: tuple[int, int] | None = None,
    fixed_bytes: int = 0,
    extra_per_cell: float = 0.0,
    window: Window | None = None,
    workers: int | None = None,
    block: tuple[int, int] | None = None,
) -> Plan:
    """Choose blocks for an expression.

    Parameters
    ----------
    root : Node
    held : callable
        Whether the values of a node are at hand.
    sink_tile : (int, int), optional
        Rows and columns of the tiles of the file to be written.
    fixed_bytes : int
        Bytes that are needed besides the blocks (a result in memory).
    extra_per_cell : float
        Bytes per cell of a block that the sink or a reduction needs.
    window : Window, optional
        The part of the grid that is computed; all of it by default.
    workers : int, optional
        Blocks at the same time; from the options by default.
    block : (int, int), optional
        Rows and columns of a block, instead of choosing.

    Raises
    ------
    MemoryBudgetError
        Where even the smallest block does not fit the budget. Nothing has been read then.
    """
    whole = window or root.grid.window
    count = workers or current().worker_count
    budget = memory_budget()
    room = budget - fixed_bytes
    if room <= 0:
        raise _too_large(fixed_bytes, budget, "the result alone")
    order = topological(root, held)

    def peak(probe: Window) -> int:
        own = root.nbytes(probe) + int(extra_per_cell * probe.cells)
        return peak_bytes(schedule(root, probe, held, order)) + int(extra_per_cell * probe.cells) + own

    target, tile = TARGET_BYTES, _base_tile(whole, sink_tile, root.tiling)
    in_memory = sink_tile is None and root.tiling is None and not any(_on_disk(node) for node in order)
    if in_memory:
        target, tile = MEMORY_TARGET_BYTES, Tiling(STRIP, whole.ncol)
    if block is not None:
        blocks = Blocks(whole, *block)
        worst = max(peak(probe) for probe in _probes(blocks))
        return Plan(blocks, count, worst, fixed_bytes + worst * count)
    while True:
        most = room // (count + IN_FLIGHT)
        share = min(target, most)
        if not in_memory:
            need = _tile_share(whole, tile, min(most, TILE_BYTES), peak)
            strips = root.tiling
            if need == 0 and strips is not None and strips.ncol >= whole.ncol:
                # Parts of strips cost whole ones: a distance was computed 17 times to be written in tiles.
                tile, need = strips, _tile_share(whole, strips, min(most, TILE_BYTES), peak)
            share = max(share, need)
        blocks, worst = _fit(whole, tile, share, count, peak)
        total = worst * (count + (IN_FLIGHT if len(blocks) > count else 0))
        if total <= room or (count == 1 and worst <= room):
            return Plan(blocks, min(count, len(blocks)), worst, fixed_bytes + total)
        if count == 1:
            raise _too_large(
                worst + fixed_bytes, budget, f"a block of {blocks[0].nrow} x {blocks[0].ncol} cells"
            )
        count = max(1, count // 2)


def _on_disk(node: Node) -> bool:
    return isinstance(node, Read) and node.source.tile is not None


def _base_tile(whole: Window, sink: tuple[int, int] | None, source: Tiling | None) -> Tiling:
    """The tile that blocks are multiples of: the sink's, made as wide as the strips of a source that has strips.

    A strip is decoded whole however little of it is wanted: blocks narrower than strips decode them many times over.
    """
    if sink is None:
        return source or Tiling(256, 256)
    if source is not None and source.ncol >= whole.ncol > sink[1]:
        return Tiling(sink[0], whole.ncol)
    return Tiling(*sink)


def _tile_share(whole: Window, tile: Tiling, most: int, peak: Callable[[Window], int]) -> int:
    """Bytes that a block of one whole tile may have: more than other blocks, while it fits.

    Parts of a tile are computed by several threads, and each decodes all of it: quantiles of 24 layers took 1.6 s
    in halves of tiles, 1.2 s in whole ones.
    """
    blocks = Blocks(whole, min(tile.nrow, whole.nrow), min(tile.ncol, whole.ncol), tile.row, tile.col)
    need = max(peak(probe) for probe in _probes(blocks))
    return need if need <= most else 0


def _fit(
    whole: Window, tile: Tiling, share: int, workers: int, peak: Callable[[Window], int]
) -> tuple[Blocks, int]:
    nrow, ncol = min(tile.nrow, whole.nrow), min(tile.ncol, whole.ncol)
    blocks = Blocks(whole, nrow, ncol, tile.row, tile.col)
    worst = max(peak(probe) for probe in _probes(blocks))
    while worst > share and nrow * ncol > 64:
        # Halving keeps several blocks inside one tile, so the tile is decoded from GDAL's cache.
        lower = nrow > LEAST_STRIP if ncol == whole.ncol else nrow >= ncol
        nrow, ncol = ((nrow + 1) // 2, ncol) if lower else (nrow, (ncol + 1) // 2)
        blocks = Blocks(whole, nrow, ncol, tile.row, tile.col)
        worst = max(peak(probe) for probe in _probes(blocks))
    cells = share / max(1.0, worst / (nrow * ncol))
    enough = max(LEAST_SIDE**2, whole.cells // (4 * workers))
    cells = min(cells, enough)
    while True:
        grown = _grown(whole, tile, nrow, ncol, cells)
        if grown is None:
            return blocks, worst
        candidate = Blocks(whole, *grown, tile.row, tile.col)
        predicted = max(peak(probe) for probe in _probes(candidate))
        if predicted > share:
            return blocks, worst
        (nrow, ncol), blocks, worst = grown, candidate, predicted


def _grown(whole: Window, tile: Tiling, nrow: int, ncol: int, cells: float) -> tuple[int, int] | None:
    """The next larger block: towards a square of whole tiles, at most SIDE long."""
    wider = min(ncol * 2, whole.ncol)
    taller = min(nrow * 2, whole.nrow)
    options = []
    if ncol < whole.ncol and wider <= max(SIDE, tile.ncol) and nrow * wider <= cells:
        options.append((nrow, wider))
    if nrow < whole.nrow and taller <= max(SIDE, tile.nrow) and taller * ncol <= cells:
        options.append((taller, ncol))
    if not options:
        return None
    return min(options, key=lambda size: max(size) / min(size))


def _probes(blocks: Blocks) -> list[Window]:
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
            probe = Window(row, col, nrow, ncol).intersection(whole)
            assert probe is not None
            found.append(probe)
    return found


def _too_large(need: int, budget: int, what: str) -> MemoryBudgetError:
    return MemoryBudgetError(
        f"compute: {what} needs {format_bytes(need)}, the memory budget is {format_bytes(budget)}; "
        "write to a file, use fewer layers at a time, or raise options(memory=...)"
    )
