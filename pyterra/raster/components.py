"""Principal components of layers, and clusters of cells."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pyterra.errors import ArgumentError, MemoryBudgetError
from pyterra.expr import relabel
from pyterra.plan import format_bytes, memory_budget
from pyterra.raster.build import node_of, number, numbers_of, raster
from pyterra.raster.layer_cor import layer_cor
from pyterra.raster.model import predict
from pyterra.raster.surveys import sample_of
from pyterra.run import to_array

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from pyterra.handles.spatraster import SpatRaster
    from pyterra.models.components import Clusters, Components


def prcomp(
    x: SpatRaster,
    *,
    center: bool = True,
    scale: bool = False,
    tol: float | None = None,
    rank: int | None = None,
    maxcell: float = np.inf,
) -> Components:
    """Principal components of the layers, with n - 1 in the variances.

    Parameters
    ----------
    x : SpatRaster
        Two layers or more. Cells that are missing in one of them are left out.
    center : bool
        Subtract the mean of each layer.
    scale : bool
        Divide by the standard deviation of each layer.
    tol : float, optional
        Leave out components whose standard deviation is at most so many times that of the first.
    rank : int, optional
        How many components there are at most.
    maxcell : int
        Take a regular sample of at most so many cells.

    Returns
    -------
    Components
        ``sdev``, ``rotation``, ``center``, ``scale``; and `predict`, so that ``x.predict(components)`` gives a layer
        ``PC1``, ``PC2`` ... for each.

    Raises
    ------
    ArgumentError
        For one layer; where a layer to be scaled does not vary; where no cell has a value in all layers.

    See Also
    --------
    princomp : Takes n in the variances, and treats missing cells pair by pair.
    predict : Makes layers of the components.
    layer_cor : Gives covariances and correlations.

    Notes
    -----
    The components are the eigenvectors of the covariance matrix, which is computed from all cells, block by block; no
    sample is needed. The largest number of each component is positive.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[[1, 2, 3]], [[2, 4, 6]]], names=["a", "b"])
    >>> pca = r.prcomp()
    >>> pca.explained.round(6).tolist()
    [1.0, 0.0]
    >>> r.predict(pca).names
    ['PC1', 'PC2']
    """
    from pyterra.models.components import Components

    found = layer_cor(x, "cov", use="complete.obs", maxcell=maxcell)
    names = _names(found)
    matrix, mean, n = (
        found["covariance"].to_numpy(),
        np.diag(found["mean"]).copy(),
        float(found["n"].to_numpy()[0, 0]),
    )
    if not n > 1:
        raise ArgumentError(f"prcomp: two cells or more must have values in all layers, got {n:.0f}")
    if not center:
        matrix, mean = matrix + np.outer(mean, mean) * n / (n - 1), np.zeros(len(names))
    size = np.sqrt(np.diag(matrix)) if scale else np.ones(len(names))
    sdev, rotation = _eigen(_scaled(matrix, size, names, "prcomp"))
    turn = np.take_along_axis(rotation, np.abs(rotation).argmax(axis=0)[None], axis=0)[0]
    rotation = rotation * np.where(turn < 0, -1.0, 1.0)
    kept = len(names) if rank is None else min(len(names), int(number(rank, "prcomp: rank")))
    if tol is not None:
        kept = min(kept, int((sdev > number(tol, "prcomp: tol") * sdev[0]).sum()))
    if kept < 1:
        raise ArgumentError(f"prcomp: at least one component must be left, got rank={rank}, tol={tol}")
    labels = tuple(f"PC{i + 1}" for i in range(kept))
    return Components(names, labels, sdev[:kept], rotation[:, :kept], mean, size)


def princomp(
    x: SpatRaster,
    *,
    cor: bool = False,
    fix_sign: bool = True,
    use: str = "pairwise.complete.obs",
    maxcell: float = np.inf,
) -> Components:
    """Principal components of the layers, with n in the variances.

    Parameters
    ----------
    x : SpatRaster
        Two layers or more.
    cor : bool
        Take correlations rather than covariances, so that each layer counts the same.
    fix_sign : bool
        Let the first number of each component not be negative.
    use : {"pairwise.complete.obs", "complete.obs", "everything", "masked.complete"}
        What becomes of missing cells, as for `layer_cor`.
    maxcell : int
        Take a regular sample of at most so many cells.

    Returns
    -------
    Components
        ``sdev``, ``rotation`` (R's loadings), ``center``, ``scale``; and `predict`, so that ``x.predict(components)``
        gives a layer ``Comp.1``, ``Comp.2`` ... for each.

    Raises
    ------
    ArgumentError
        For one layer; where a layer does not vary and `cor` is set; where covariances are missing.

    See Also
    --------
    prcomp : Takes n - 1 in the variances.
    predict : Makes layers of the components.
    layer_cor : Gives covariances and correlations.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[[1, 2, 3]], [[2, 4, 6]]], names=["a", "b"])
    >>> r.princomp().sdev.round(4).tolist()
    [1.8257, 0.0]
    """
    from pyterra.models.components import Components

    found = layer_cor(x, "cov", as_sample=False, use=use, maxcell=maxcell)
    names = _names(found)
    matrix, mean = found["covariance"].to_numpy(), np.diag(found["mean"]).copy()
    if np.isnan(matrix).any():
        raise ArgumentError(
            f"princomp: covariances must not be missing; got use={use!r}, try 'pairwise.complete.obs'"
        )
    size = np.sqrt(np.diag(matrix)) if cor else np.ones(len(names))
    sdev, rotation = _eigen(_scaled(matrix, size, names, "princomp"))
    if fix_sign:
        rotation = rotation * np.where(rotation[0] < 0, -1.0, 1.0)
    return Components(names, tuple(f"Comp.{i + 1}" for i in range(len(names))), sdev, rotation, mean, size)


def _names(found: Any) -> NDArray[Any]:
    return np.array(list(found["covariance"].columns), object)


def _scaled(
    matrix: NDArray[np.float64], size: NDArray[np.float64], names: NDArray[Any], verb: str
) -> NDArray[np.float64]:
    if not (size > 0).all():
        raise ArgumentError(f"{verb}: a layer must vary to be scaled; {names[size <= 0][0]!r} does not")
    return matrix / np.outer(size, size)


def _eigen(matrix: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Standard deviations, the largest first, and directions."""
    variance, vectors = np.linalg.eigh(matrix)
    return np.sqrt(np.maximum(variance[::-1], 0.0)), vectors[:, ::-1]


def k_means(
    x: SpatRaster,
    centers: int | ArrayLike = 3,
    *,
    iter_max: int = 100,
    nstart: int = 1,
    seed: int | None = None,
    maxcell: float = 1_000_000,
) -> SpatRaster:
    """Clusters of cells with like values.

    Parameters
    ----------
    x : SpatRaster
        Cells that are missing in a layer belong to no cluster.
    centers : int or array of shape (cluster, layer)
        How many clusters there are, or where their centres are at first.
    iter_max : int
        How often the centres are moved at most.
    nstart : int
        From how many random starts; the best counts.
    seed : int, optional
        Of the random start; the same seed gives the same clusters.
    maxcell : int
        Find the centres in a regular sample of at most so many cells; all cells then belong to the nearest.

    Returns
    -------
    SpatRaster
        Whole numbers 1, 2, ...: the clusters, a layer of the name ``lyr1``.

    Raises
    ------
    ArgumentError
        Where there are less cells than clusters, or centres do not have a number for each layer.
    MemoryBudgetError
        Where the sample does not fit the memory budget.

    See Also
    --------
    predict : Applies models of scikit-learn, which has more kinds of clusters.

    References
    ----------
    Lloyd, S. P. (1982). Least squares quantization in PCM. IEEE Transactions on Information Theory 28, 129-137.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, 2, 8, 9]])
    >>> r.k_means([[0], [10]]).values(drop=True)
    array([1., 1., 2., 2.])
    """
    found = predict(x, _clusters(x, centers, iter_max, nstart, seed, maxcell))._node
    return raster(relabel(found, tuple(replace(layer.as_kind("int"), name="lyr1") for layer in found.layers)))


def _clusters(x: Any, centers: Any, iter_max: int, nstart: int, seed: int | None, maxcell: float) -> Clusters:
    from pyterra.models.components import clusters_of

    node = node_of(x, "k_means")
    n = len(node.layers)
    sample = sample_of(node, number(maxcell, "k_means: maxcell")) or node
    need = 5 * 8 * n * sample.grid.cells
    if need > memory_budget():
        raise MemoryBudgetError(
            f"k_means: {sample.grid.cells} cells need {format_bytes(need)}, the memory budget is "
            f"{format_bytes(memory_budget())}; lower maxcell, or raise options(memory=...)"
        )
    rows = to_array(sample, own=False).reshape(n, -1).T.astype(np.float64)
    rows = rows[~np.isnan(rows).any(axis=1)]
    counted = isinstance(centers, int | np.integer)
    start: Any = centers
    if not counted:
        start = numbers_of(centers, "k_means: centers")
        if start.ndim != 2 or start.shape[1] != n or not np.isfinite(start).all():
            raise ArgumentError(
                f"k_means: centers must have a number for each of {n} layers, got shape {start.shape}"
            )
    count = int(centers) if counted else len(start)
    if count < 1 or _different(rows, count) < count:
        raise ArgumentError(
            f"k_means: centers must be 1 or more, and no more than the different cells of the sample "
            f"({_different(rows)}), got {count}"
        )
    names = np.array([layer.name for layer in node.layers], object)
    return clusters_of(
        rows,
        names,
        count if counted else start,
        iter_max=int(iter_max),
        nstart=max(1, int(nstart)),
        seed=seed,
    )


def _different(rows: NDArray[np.float64], enough: float = np.inf) -> int:
    """How many rows differ; no more are looked at than it takes to find enough."""
    n = 1000
    while n < len(rows) and len(np.unique(rows[:n], axis=0)) < enough:
        n *= 10
    return len(np.unique(rows[:n], axis=0))
