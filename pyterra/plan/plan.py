"""plan: from an expression to blocks that fit the memory budget."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import lcm

from pyterra.errors import MemoryBudgetError
from pyterra.expr import Held, Node, Read, Tiling
from pyterra.frozen import dataclass
from pyterra.grid import Window
from pyterra.options import current
from pyterra.plan.blocks import Blocks
from pyterra.plan.costs import IN_FLIGHT, Cost, Costs
from pyterra.plan.memory import format_bytes, memory_budget

TARGET_BYTES = 48 * 2**20
"""Memory of one block at its peak that is large enough: beyond it nothing was gained (16 to 64 MB measured flat)."""
MEMORY_TARGET_BYTES = 24 * 2**20
"""The same where all sources lie in memory: nothing is decoded, and smaller blocks stay in the cores' caches."""
STRIP = 64
"""Rows of a block where all sources lie in memory, to begin with: whole rows are read without being copied."""
STRIP_CELLS = 100_000
"""Cells of a block where all sources lie in memory, to begin with: of fewer, handing out costs as much as adding."""
LEAST_STRIP = 16
"""Rows below which blocks of whole rows are rather made narrower."""
SIDE = 2048
"""Longest side of a block in cells, unless the tiles are longer."""
LEAST_SIDE = 256
"""Blocks are not cut below this side for the sake of more parallelism."""
LEAST_CELLS = 64
"""Blocks are not cut below so many cells as long as fewer workers need less memory."""
OFTEN = 2
"""Times that tiles are decoded for which something is worth doing about it."""
MOST_TILES = 8
"""Tiles of source or sink along a side of the smallest block that holds whole tiles of both; else the sink's count."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How an expression is computed."""

    blocks: Blocks
    """The windows, in the order in which they are delivered."""
    workers: int
    """Blocks computed at the same time."""
    block_bytes: int
    """Predicted bytes of one evaluation at its peak, the largest of those probed."""
    total_bytes: int
    """Predicted bytes of everything at its peak."""
    strip: int | None = None
    """Rows of a block that are evaluated at once; None for all."""
    decodes: float = 1.0
    """Cells that are decoded for a cell that is wanted, of the source that is decoded most."""
    torn: tuple[Read, ...] = ()
    """Sources whose tiles are decoded for many blocks, as blocks of whole tiles do not fit the memory."""


def plan(
    root: Node,
    *,
    held: Held,
    sink_tile: tuple[int, int] | None = None,
    fixed_bytes: int = 0,
    extra_per_cell: float = 0.0,
    finished_per_cell: float | None = None,
    window: Window | None = None,
    workers: int | None = None,
    block: tuple[int, int] | None = None,
    strip: int | None = None,
) -> Plan:
    """Choose blocks for an expression.

    A block holds whole tiles of the source and of the file to be written, so that each is decoded and encoded once. Where
    its values would take much memory, they are computed strip by strip: what lies on disk under the block is read once,
    as it is stored, and what is finished is collected.

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
    finished_per_cell : float, optional
        Bytes per cell of what is handed on of a block; by default its values and `extra_per_cell`.
    window : Window, optional
        The part of the grid that is computed; all of it by default.
    workers : int, optional
        Blocks at the same time; from the options by default.
    block : (int, int), optional
        Rows and columns of a block, instead of choosing.
    strip : int, optional
        With `block`: rows that are evaluated at once.

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
    costs = Costs(root, held, extra_per_cell, finished_per_cell, room)
    if block is not None:
        blocks = Blocks(whole, *block)
        worst = costs.worst(blocks)
        cost = Cost(worst, worst, 0) if strip is None else costs.in_strips(blocks, strip)
        workers = next((n for n in _fewer(count) if cost.nbytes * n <= room), 1)
        return Plan(blocks, workers, cost.evaluated, fixed_bytes + cost.nbytes * workers, strip)
    if sink_tile is None and root.tiling is None and not costs.reads_tiles:
        strips = max(
            1, round(whole.nrow / max(STRIP, STRIP_CELLS // whole.ncol))
        )  # alike: none of a few rows
        found = _cut(
            costs, whole, Tiling(-(-whole.nrow // strips), whole.ncol), MEMORY_TARGET_BYTES, room, count
        )
    else:
        tile = _base_tile(whole, sink_tile, root.tiling)
        found = _of_whole_tiles(costs, whole, tile, room, count) or _torn(
            costs, _cut(costs, whole, tile, TARGET_BYTES, room, count)
        )
    if isinstance(found, Plan):
        decodes = max([1.0, *costs.decodes(found.blocks).values()])
        return replace(found, total_bytes=found.total_bytes + fixed_bytes, decodes=decodes)
    worst, cells = found
    raise _too_large(worst + fixed_bytes, budget, f"a block of {cells.nrow} x {cells.ncol} cells")


def _torn(costs: Costs, found: Plan | tuple[int, Window]) -> Plan | tuple[int, Window]:
    """A plan of parts of tiles that knows which sources it decodes often."""
    if not isinstance(found, Plan):
        return found
    often = (node for node, times in costs.decodes(found.blocks).items() if times >= OFTEN)
    return replace(found, torn=tuple(often))


def _of_whole_tiles(costs: Costs, whole: Window, tile: Tiling, room: int, count: int) -> Plan | None:
    """Blocks of whole tiles, by as many workers as the memory allows; None where not even one can hold a tile."""
    own = costs.root.tiling
    # Parts of the strips of a sweep cost whole ones: a distance was computed 17 times to be written in tiles.
    tiles = [tile] if own is None or costs.grain == 1 else [tile, own]
    for size in tiles:
        if costs.grain > 1 and size.nrow % costs.grain and size.nrow < whole.nrow:
            continue
        blocks = Blocks(whole, min(size.nrow, whole.nrow), min(size.ncol, whole.ncol), size.row, size.col)
        least = costs.of(blocks)
        for workers in _fewer(min(count, len(blocks))):
            if least.total(workers, len(blocks)) <= room:
                share = max(least.nbytes, min(TARGET_BYTES, room // (workers + IN_FLIGHT)))
                blocks, cost = _widened(costs, blocks, least, share, workers)
                used = min(workers, len(blocks))
                return Plan(blocks, used, cost.evaluated, cost.total(used, len(blocks)), cost.strip)
    return None


def _fewer(count: int) -> Iterator[int]:
    """A number of workers, and halves of it down to one."""
    while count > 1:
        yield count
        count //= 2
    yield 1


def _cut(
    costs: Costs, whole: Window, tile: Tiling, target: int, room: int, count: int
) -> Plan | tuple[int, Window]:
    """Blocks of parts of tiles that fit the memory, or the bytes that the smallest needs, and its cells."""
    worst, blocks = 0, Blocks(whole, whole.nrow, whole.ncol)
    for workers, least in [*((n, LEAST_CELLS) for n in _fewer(count)), (1, 1)]:
        share = min(target, room // (workers + IN_FLIGHT))
        blocks, worst = _fit(costs, whole, tile, share, workers, least)
        total = worst * (workers + (IN_FLIGHT if len(blocks) > workers else 0))
        if total <= room or (workers == 1 and worst <= room):
            return Plan(blocks, min(workers, len(blocks)), worst, total)
    return worst, blocks[0]


def _base_tile(whole: Window, sink: tuple[int, int] | None, source: Tiling | None) -> Tiling:
    """The tile that blocks are multiples of: one of the sink that is also one of the source, where there is such a tile.

    A strip is decoded whole however little of it is wanted: blocks are as wide as the strips of a source that has strips.
    """
    if sink is None:
        return source or Tiling(256, 256)
    if source is None or source.row or source.col:
        wide = source is not None and source.ncol >= whole.ncol
        return Tiling(sink[0], whole.ncol if wide else sink[1])
    return Tiling(
        common_tile(sink[0], source.nrow, whole.nrow), common_tile(sink[1], source.ncol, whole.ncol)
    )


def common_tile(sink: int, source: int, size: int) -> int:
    """Rows or columns of a block of whole tiles of both; of the sink alone where that would be many tiles of each.

    Examples
    --------
    >>> common_tile(512, 256, 9000), common_tile(64, 3, 9000), common_tile(512, 1000, 9000)
    (512, 192, 512)
    """
    if source >= size:
        return size
    both = lcm(sink, source)
    return min(both, size) if both <= MOST_TILES * max(sink, source) else sink


def _fit(
    costs: Costs, whole: Window, tile: Tiling, share: int, workers: int, least: int
) -> tuple[Blocks, int]:
    """Blocks that take no more than a share of the memory, unless blocks of the least number of cells take more."""
    nrow, ncol = min(tile.nrow, whole.nrow), min(tile.ncol, whole.ncol)
    blocks = Blocks(whole, nrow, ncol, tile.row, tile.col)
    worst = costs.worst(blocks)
    while worst > share and nrow * ncol > least:
        # Halving keeps several blocks inside one tile, so the tile is decoded from GDAL's cache.
        lower = nrow > LEAST_STRIP if ncol == whole.ncol else nrow >= ncol
        nrow, ncol = ((nrow + 1) // 2, ncol) if lower else (nrow, (ncol + 1) // 2)
        blocks = Blocks(whole, nrow, ncol, tile.row, tile.col)
        worst = costs.worst(blocks)
    blocks, cost = _widened(costs, blocks, costs.whole(blocks), share, workers, at_once=True)
    return blocks, cost.nbytes


def _widened(
    costs: Costs, blocks: Blocks, cost: Cost, share: int, workers: int, *, at_once: bool = False
) -> tuple[Blocks, Cost]:
    """The largest blocks that take no more than a share of the memory and leave work for all workers."""
    whole, tile = blocks.whole, Tiling(blocks.nrow, blocks.ncol)
    cells = max(LEAST_SIDE**2, whole.cells // (4 * workers))
    while True:
        grown = _grown(whole, tile, blocks.nrow, blocks.ncol, cells)
        if grown is None:
            return blocks, cost
        candidate = Blocks(whole, *grown, blocks.row, blocks.col)
        predicted = costs.whole(candidate) if at_once else costs.of(candidate)
        if predicted.nbytes > share:
            return blocks, cost
        blocks, cost = candidate, predicted


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


def _too_large(need: int, budget: int, what: str) -> MemoryBudgetError:
    return MemoryBudgetError(
        f"compute: {what} needs {format_bytes(need)}, the memory budget is {format_bytes(budget)}; "
        "write to a file, use fewer layers at a time, or raise options(memory=...)"
    )
