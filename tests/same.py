"""Whether two results are the same: bit for bit, or as near as stated."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from pyterra import SpatExtent, SpatRaster
from pyterra.expr import Node
from pyterra.plan.blocks import Blocks
from pyterra.run import evaluate


def whole(x: SpatRaster | Node) -> np.ndarray:
    """Values computed in one block, without the executor."""
    node = x._node if isinstance(x, SpatRaster) else x
    return evaluate(node, node.grid.window)


def by_blocks(x: SpatRaster, rows: int, cols: int, row: int = 0, col: int = 0) -> np.ndarray:
    """Values computed in blocks of so many rows and columns, cut at `row` and `col`, and laid together."""
    node = x._node
    out = np.full((len(node.layers), node.grid.nrow, node.grid.ncol), -1.5, node.dtype)
    for window in Blocks(node.grid.window, rows, cols, row, col):
        out[:, window.row : window.row_stop, window.col : window.col_stop] = evaluate(node, window)
    return out


def assert_same_bits(a: np.ndarray, b: np.ndarray, what: str = "") -> None:
    """Same shape, dtype, missing cells, and bits of every value (so 0.0 is not -0.0)."""
    assert a.shape == b.shape, f"{what}: shapes {a.shape} and {b.shape}"
    assert a.dtype == b.dtype, f"{what}: dtypes {a.dtype} and {b.dtype}"
    if a.dtype.kind == "f":
        bits = np.dtype(f"u{a.dtype.itemsize}")
        missing_a, missing_b = np.isnan(a), np.isnan(b)
        differ = (missing_a != missing_b) | (~missing_a & (a.view(bits) != b.view(bits)))
    else:
        differ = a != b
    if differ.any():
        place = tuple(int(v) for v in np.argwhere(differ)[0])
        raise AssertionError(
            f"{what}: {int(differ.sum())} of {a.size} differ, first at {place}: {a[place]!r} and {b[place]!r}"
        )


def assert_same(a: Any, b: Any, rtol: float = 0.0, what: str = "") -> None:
    """Two results of a verb: rasters, arrays, tables, extents, text, lists of these."""
    assert type(a) is type(b), f"{what}: {type(a).__name__} and {type(b).__name__}"
    if isinstance(a, SpatRaster):
        assert a.names == b.names, what
        assert a._node.grid == b._node.grid, what
        assert repr(a._node.layers) == repr(b._node.layers), what  # NaN as a code for missing is not itself
        assert_same(whole(a), whole(b), rtol, what)
    elif isinstance(a, np.ndarray):
        if rtol:
            np.testing.assert_allclose(a, b, rtol=rtol, atol=0, equal_nan=True, err_msg=what)
        else:
            assert_same_bits(np.ascontiguousarray(a), np.ascontiguousarray(b), what)
    elif isinstance(a, pd.DataFrame):
        pd.testing.assert_frame_equal(a, b, check_exact=rtol == 0, rtol=rtol or 1e-5, atol=0)
    elif isinstance(a, list | tuple):
        assert len(a) == len(b), what
        for i, (left, right) in enumerate(zip(a, b, strict=True)):
            assert_same(left, right, rtol, f"{what}[{i}]")
    elif isinstance(a, dict):
        assert list(a) == list(b), what
        for key in a:
            assert_same(a[key], b[key], rtol, f"{what}[{key!r}]")
    elif isinstance(a, SpatExtent):
        assert list(a) == list(b), what
    elif isinstance(a, float):
        assert_same(np.array(a), np.array(b), rtol, what)
    else:
        assert a == b, what
