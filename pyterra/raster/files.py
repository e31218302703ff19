"""Files as nodes: opened, described, and joined layer by layer. No cell is read."""

from __future__ import annotations

import glob as _glob
import os
import re
from collections.abc import Iterator, KeysView, Sequence, ValuesView
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from pyterra.errors import SourceError
from pyterra.expr import Node, Read, join
from pyterra.raster.build import same_grid


def file_node(path: str, subds: Any = None, mask: bool | None = None) -> Node:
    """The node of a file, or of all files that match a pattern, in the order of their names."""
    from pyterra.io.formats.opening import open_node
    from pyterra.io.raster.gdal import is_plain_file

    if is_plain_file(path) and any(ch in path for ch in "*?[") and not os.path.exists(path):
        found = sorted(_glob.glob(os.path.expanduser(path), recursive=True))
        if not found:
            raise SourceError(f"rast: no file matches {path!r}")
        return files_node(found, subds, mask)
    return open_node(path, subds, mask)


def files_node(paths: Sequence[str], subds: Any = None, mask: bool | None = None) -> Node:
    """The layers of several files on one grid, in the order given."""
    from pyterra.io.formats.opening import open_node

    nodes = [open_node(path, subds, mask) for path in paths]
    try:
        grid = same_grid(nodes, "rast")
    except ValueError as error:
        odd = next(
            (p for p, n in zip(paths, nodes, strict=True) if not n.grid.same_cells(nodes[0].grid)), paths[-1]
        )
        kind = error.__class__
        raise kind(f"{error} (file {Path(odd).name} against {Path(paths[0]).name})") from None
    return join([replace(node, grid=grid) for node in nodes])


def dataset_node(dataset: Any, mask: bool | None = None) -> Node:
    """All bands of a dataset that rasterio opened, as it was opened."""
    from pyterra.io.array import ArraySource
    from pyterra.io.formats.opening import described, open_node
    from pyterra.io.raster import opened
    from pyterra.plan import memory_budget

    if opened.is_for_writing(dataset):
        source, stored = opened.values_now(dataset, memory_budget())
        whole = described(dataset, source)
        values = [source.decoded(stored[[i]], (i,), whole.dtype) for i in range(len(stored))]
        return replace(whole, source=ArraySource(np.concatenate(values)))
    path, files = opened.path_of(dataset)
    node = open_node(path, None, mask)
    if files and isinstance(node, Read):
        opened.keep(node.source, files)
        return _named_after(node, dataset)
    return node


def rectified_node(path: str, resampling: str) -> Node:
    """All bands of a file that is rotated or placed by ground control points, north up."""
    from pyterra.io.formats.opening import open_node
    from pyterra.io.raster import opened

    shown, files = opened.rectified(path, resampling)
    node = open_node(shown)
    if isinstance(node, Read):
        opened.keep(node.source, files)
        return _renamed(node, Path(path).stem)
    return node


def _named_after(node: Read, dataset: Any) -> Node:
    """Layers named after what was opened, not after the temporary file it became."""
    return _renamed(node, Path(re.sub(r"^WarpedVRT\((.*)\)$", r"\1", str(dataset.name))).stem)


def _renamed(node: Read, stem: str) -> Node:
    """Layers of a temporary file, named after another."""
    count = len(node.layers)
    layers = [
        replace(layer, name=stem if count == 1 else f"{stem}_{i + 1}")
        if layer.name.startswith(f"pyterra-{os.getpid()}-")
        else layer
        for i, layer in enumerate(node.layers)
    ]
    return replace(node, layers=tuple(layers))


def listed(x: Any) -> Any:
    """A list where several things come in another dress: a generator, a view of a dict, a Series, an array of paths."""
    if isinstance(x, Iterator | KeysView | ValuesView):
        return list(x)
    dtype = getattr(x, "dtype", None)
    texts = dtype is not None and (getattr(dtype, "kind", "") in "OUT" or str(dtype) in ("str", "string"))
    if texts and getattr(x, "ndim", 0) == 1 and hasattr(x, "tolist"):
        items = list(x.tolist())
        return items if items and all(isinstance(v, str | os.PathLike) for v in items) else x
    return x
