"""The order of work for one block: which node is computed over which window, and when its values can go."""

from __future__ import annotations

from pyterra.expr import Held, Node, Read, topological
from pyterra.frozen import dataclass
from pyterra.grid import Window

MERGE_WASTE = 1.3
"""Two windows asked of one node are computed as one when their hull holds at most this many times their cells."""


@dataclass(frozen=True, slots=True)
class Step:
    """One node over one window."""

    node: Node
    """What is computed."""
    window: Window
    """Over which cells."""
    inputs: tuple[tuple[int, Window] | None, ...]
    """Per input: the step that holds it and the window wanted of it; None = nothing."""
    frees: tuple[int, ...]
    """Steps whose values nobody needs after this one."""
    held: bool
    """Whether the values are at hand, so that nothing is computed."""

    @property
    def nbytes(self) -> int:
        """Bytes of the result; none where it is a part of values at hand."""
        return 0 if self.at_hand else self.node.nbytes(self.window)

    @property
    def at_hand(self) -> bool:
        """Whether the values are there already."""
        return self.held or (isinstance(self.node, Read) and self.node.lends)

    @property
    def fetches(self) -> bool:
        """Whether stored values are read that are worth reading once."""
        return not self.held and isinstance(self.node, Read) and self.node.source.tile is not None


def schedule(root: Node, window: Window, held: Held, order: list[Node] | None = None) -> list[Step]:
    """Steps that end in `root` over `window`. A node asked for twice is computed once, over the hull of both."""
    order = topological(root, held) if order is None else order
    wanted: dict[Node, list[Window]] = {root: [window]}
    hulls: dict[Node, list[Window]] = {}
    feet: dict[tuple[Node, Window], tuple[Window | None, ...]] = {}
    for node in order:
        if node not in wanted:
            continue
        hulls[node] = _merge(wanted[node])
        if held(node):
            continue
        for hull in hulls[node]:
            feet[node, hull] = footprint = node.footprint(hull)
            for child, foot in zip(node.inputs, footprint, strict=True):
                if foot is not None:
                    wanted.setdefault(child, []).append(foot)
    return _number(order, hulls, feet, held)


def _number(
    order: list[Node],
    hulls: dict[Node, list[Window]],
    feet: dict[tuple[Node, Window], tuple[Window | None, ...]],
    held: Held,
) -> list[Step]:
    position: dict[Node, list[tuple[Window, int]]] = {}
    drafts: list[tuple[Node, Window, tuple[tuple[int, Window] | None, ...]]] = []
    last_use: dict[int, int] = {}
    for node in reversed(order):
        for hull in hulls.get(node, ()):
            inputs = tuple(
                None if foot is None else (_covering(position[child], foot), foot)
                for child, foot in zip(node.inputs, feet.get((node, hull), ()), strict=False)
            )
            here = len(drafts)
            for item in inputs:
                if item is not None:
                    last_use[item[0]] = here
            position.setdefault(node, []).append((hull, here))
            drafts.append((node, hull, inputs))
    frees: dict[int, list[int]] = {}
    for step, user in last_use.items():
        frees.setdefault(user, []).append(step)
    return [
        Step(node, hull, inputs, tuple(frees.get(i, ())), held(node))
        for i, (node, hull, inputs) in enumerate(drafts)
    ]


def _covering(places: list[tuple[Window, int]], foot: Window) -> int:
    return next(step for hull, step in places if hull.contains(foot))


def _merge(windows: list[Window]) -> list[Window]:
    """Windows joined where joining wastes little, so that distant ones (a raster and its mirror) stay apart."""
    merged: list[Window] = []
    for window in windows:
        current = window
        while True:
            partner = next((w for w in merged if _cheap(w, current)), None)
            if partner is None:
                break
            merged.remove(partner)
            current = partner.union(current)
        merged.append(current)
    return merged


def _cheap(a: Window, b: Window) -> bool:
    if a.contains(b) or b.contains(a):
        return True
    common = a.intersection(b)
    both = a.cells + b.cells - (common.cells if common else 0)
    return a.union(b).cells <= MERGE_WASTE * both


def peak_bytes(steps: list[Step]) -> int:
    """The most bytes alive at any moment of the steps: results kept for later, the step's own and its scratch."""
    alive = peak = 0
    for step in steps:
        # An input that is a part of values at hand, or wanted over less than was computed, is copied out of them.
        copies = sum(
            steps[item[0]].node.nbytes(item[1])
            for item in step.inputs
            if item is not None and not step.node.takes_parts and _is_part(steps[item[0]], item[1])
        )
        own = step.nbytes
        scratch = 0 if step.held else step.node.scratch(step.window)
        peak = max(peak, alive + own + scratch + copies)
        alive += own - sum(steps[i].nbytes for i in step.frees)
    return max(peak, steps[-1].node.nbytes(steps[-1].window))  # a part at hand is copied in the end


def _is_part(step: Step, window: Window) -> bool:
    return window != step.window or (step.at_hand and window != step.node.grid.window)


def fetched_bytes(steps: list[Step]) -> int:
    """Bytes of what is read before the steps are taken strip by strip."""
    total = 0
    for step in steps:
        if step.fetches:
            assert isinstance(step.node, Read)
            total += step.window.cells * len(step.node.bands) * step.node.source.stored_bytes
    return total
