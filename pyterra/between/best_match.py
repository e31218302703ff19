"""best_match: the reference that each cell is most like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from pyterra.arguments import choice
from pyterra.between.extract import extract
from pyterra.between.geoms import stands_for_vector
from pyterra.errors import ArgumentError
from pyterra.expr import Array, Categories, Layer
from pyterra.frozen import dataclass
from pyterra.raster.build import FLOAT64, cells_raster, node_of, numbers_of

if TYPE_CHECKING:
    import pandas as pd

    from pyterra.handles.spatraster import SpatRaster
    from pyterra.handles.spatvector import SpatVector


@dataclass(frozen=True, eq=False)
class Nearest:
    """The number of the reference with the least mean difference, from 0; of several the first."""

    references: Array
    """Shape (reference, layer)."""
    squared: bool
    na_rm: bool

    def __call__(self, block: Array) -> Array:
        values = block.astype(np.float64)
        best, found = np.full(values.shape[1:], np.inf), np.full(values.shape[1:], np.nan)
        for number, reference in enumerate(self.references):
            total, count = np.zeros(best.shape), np.zeros(best.shape)
            for layer, wanted in zip(values, reference, strict=True):
                step = layer - wanted
                off = step * step if self.squared else np.abs(step)
                known = ~np.isnan(off) if self.na_rm else True
                np.add(total, off, out=total, where=known)
                count += known
            with np.errstate(all="ignore"):
                mean = total / count
            better = mean < best
            best[better], found[better] = mean[better], number
        return found[None]


def best_match(
    x: SpatRaster,
    y: SpatVector | pd.DataFrame | Mapping[str, Sequence[float]],
    *,
    labels: Sequence[str] | None = None,
    fun: Literal["squared", "abs"] = "squared",
    na_rm: bool = False,
) -> SpatRaster:
    """The reference that each cell is most like.

    Parameters
    ----------
    x : SpatRaster
        Its layers had better be on one scale.
    y : SpatVector, DataFrame or mapping of columns
        The references: points, whose values of `x` are taken (this reads them), or a table with a column for each layer
        and a row for each reference. Columns are found by name.
    labels : sequence of str, optional
        One per reference.
    fun : {"squared", "abs"}
        What is made small: the mean of the squared differences of the layers, or of the absolute ones.
    na_rm : bool
        Leave out layers that are missing in the cell or the reference. Otherwise such cells are missing.

    Returns
    -------
    SpatRaster
        Numbers of references, from 0; a factor where there are labels. Of references that are equally near, the first.

    Raises
    ------
    ArgumentError
        Where the columns are not those of the layers, or there is not a label for each reference.

    See Also
    --------
    scale : Brings layers to one scale.
    predict : Asks a model.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[[1, 5, 4]], [[7, 1, 2]]], names=["a", "b"])
    >>> r.best_match({"a": [1, 5], "b": [7, 1]}).values(drop=True).tolist()
    [0.0, 1.0, 1.0]
    """
    node = node_of(x, "best_match")
    names = [layer.name for layer in node.layers]
    fun = choice(fun, ("squared", "abs"), "best_match: fun")
    references = _references(x, y, names)
    if labels is not None and len(labels) != len(references):
        raise ArgumentError(
            f"best_match: labels must be one per reference ({len(references)}), got {len(labels)}"
        )
    layer = Layer("lyr.1")
    if labels is not None:
        rows = tuple((i, str(label)) for i, label in enumerate(labels))
        layer = Layer("label", "factor", categories=Categories(("ID", "label"), rows))
    kernel = Nearest(references, fun == "squared", na_rm)
    temporaries = 64.0 + 8.0 * len(names)
    return cells_raster([node], [layer], FLOAT64, kernel, layerwise=False, temporaries=temporaries)


def _references(x: SpatRaster, y: Any, names: list[str]) -> Array:
    """Values of the layers at each reference, shape (reference, layer)."""
    import pandas as pd

    if stands_for_vector(y):
        table: Any = extract(x, y, raw=True, id=False)
    else:
        table = pd.DataFrame(y) if isinstance(y, Mapping) else y
        if not hasattr(table, "columns"):
            raise ArgumentError(
                f"best_match: y must be a SpatVector, or a table with a column per layer, got {type(y).__name__}"
            )
        if sorted(map(str, table.columns)) != sorted(names):
            raise ArgumentError(
                f"best_match: the columns of y must be the layers {', '.join(names)}, got "
                f"{', '.join(map(str, table.columns))}"
            )
        table = table[names] if len(set(names)) == len(names) else table
    columns = [numbers_of(table.iloc[:, i].to_numpy(), "best_match: y") for i in range(len(names))]
    return np.column_stack(columns)
