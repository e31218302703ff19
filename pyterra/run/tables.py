"""Functions of bytes become tables before anything is computed.

A cell's value that follows from one stored byte has at most 256 results. Verbs that work layer by layer on
bands of bytes (classify, subst, clamp, arithmetic with numbers, and chains of them) are therefore computed for
the 256 bytes, by the same kernels, and looked up: 16 million cells in 20 ms instead of 100 or more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from pyterra.expr import Array, Cells, Held, Node, Read, rewritten, topological
from pyterra.io.table import CODES, TableSource

LEAST_CELLS = 2**16
"""Cells from which a table is worth its making."""


def with_tables(root: Node, held: Held) -> Node:
    """The expression with functions of bytes replaced by tables; the same object where there are none."""
    if root.grid.cells < LEAST_CELLS:
        return root
    order = topological(root, held)
    uses = Counter(child for node in order if not held(node) for child in node.inputs)

    def rule(node: Node, over: Node) -> Node:
        if isinstance(over, Cells) and _is_function_of_bytes(over, uses[node.inputs[0]]):
            return _as_table(over, over.arguments[0])
        return over

    return rewritten(root, held, rule)


def _is_function_of_bytes(node: Cells, uses: int) -> bool:
    if len(node.arguments) != 1 or not node.layerwise or node.runs != "threads" or node.verb or uses != 1:
        return False
    below = node.arguments[0]
    if not isinstance(below, Read) or len(below.layers) != len(node.layers) or below.grid != node.grid:
        return False
    return below.source.is_bytes(below.bands)


def _as_table(node: Cells, below: Node) -> Read:
    assert isinstance(below, Read)
    stored, values = below.source.by_byte(below.bands, below.dtype)
    results = np.full(values.shape, np.nan, node.dtype)
    for band in set(below.bands):
        results[band] = node.kernel(values[band].reshape(1, 1, -1))[0, 0]
    return Read(
        grid=node.grid,
        layers=node.layers,
        dtype=node.dtype,
        source=TableSource(stored, results),
        bands=below.bands,
    )


def _lookup(root: Node, held: Held) -> tuple[Read, Any, Array] | None:
    """The expression where all of it is one lookup: what reads it, where the bytes come from, and their table."""
    found = with_tables(root, held)
    if found is root or not isinstance(found, Read):
        return None
    return found, *found.source.by_byte(found.bands, found.dtype)


def as_stored(root: Node, held: Held, stored: Callable[[Array], Array | None]) -> Node:
    """The expression over the bytes of a file, where each result of a byte is stored in one; else the same object.

    From stored bytes to stored bytes: values in between would be made and taken apart again.
    """
    found = _lookup(root, held)
    if found is None:
        return root
    over, source, values = found
    bands = sorted(set(over.bands))
    table = stored(values[bands])
    if table is None:
        return root
    whole = np.zeros(values.shape, CODES.dtype)
    whole[bands] = table
    return replace(over, dtype=CODES.dtype, source=TableSource(source, whole))


def in_bytes(root: Node, held: Held) -> tuple[Read, int | None] | None:
    """The expression over bytes again, and the code for missing, where all results are whole numbers up to 255.

    The same lookup gives bytes then, which take a quarter of the memory; None for all other expressions.
    """
    found = _lookup(root, held)
    if found is None:
        return None
    over, source, values = found
    results = values[sorted(set(over.bands))]
    missing = np.isnan(results)
    known = results[~missing]
    if np.signbit(known).any() or (known > 255).any() or (known != np.trunc(known)).any():
        return None
    free = np.setdiff1d(CODES, known.astype(np.uint8))
    if missing.any() and not free.size:
        return None
    code = int(free[-1]) if missing.any() else None
    table = np.where(np.isnan(values), 0 if code is None else code, values)
    return replace(over, dtype=CODES.dtype, source=TableSource(source, table.astype(np.uint8))), code
