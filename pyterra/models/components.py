"""Principal components, and clusters: small models that predict from the layers of a raster."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pyterra.frozen import dataclass
from pyterra.kernels.clusters import grouped

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Components:
    """Principal components of variables; `predict` gives the components of rows of a table.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[[1, 2, 3]], [[1, 2, 3]]], names=["a", "b"])
    >>> r.prcomp().sdev.round(3).tolist()
    [1.414, 0.0]
    """

    feature_names_in_: NDArray[Any]
    """Names of the variables."""
    names: tuple[str, ...]
    """Names of the components."""
    sdev: NDArray[np.float64]
    """Standard deviation of each component, the largest first."""
    rotation: NDArray[np.float64]
    """Shape (variable, component): what each variable adds to each component."""
    center: NDArray[np.float64]
    """What is subtracted from each variable."""
    scale: NDArray[np.float64]
    """What each variable is divided by then."""

    @property
    def loadings(self) -> pd.DataFrame:
        """`rotation` as a table."""
        import pandas as pd

        return pd.DataFrame(self.rotation, index=list(self.feature_names_in_), columns=list(self.names))

    @property
    def explained(self) -> NDArray[np.float64]:
        """Share of the variance that each component has."""
        variance = self.sdev**2
        found: NDArray[np.float64] = variance / variance.sum()
        return found

    def predict(self, rows: Any) -> pd.DataFrame:
        """Components of rows of the variables."""
        import pandas as pd

        values = np.asarray(rows, np.float64)
        # Summed variable by variable, so that a row has the same bits whatever comes with it.
        found = np.zeros((len(values), len(self.names)))
        for i, turned in enumerate(self.rotation):
            found += ((values[:, i] - self.center[i]) / self.scale[i])[:, None] * turned
        return pd.DataFrame(found, columns=list(self.names))


@dataclass(frozen=True, eq=False)
class Clusters:
    """Groups of rows around centres; `predict` gives the number of the nearest centre, counted from 1."""

    feature_names_in_: NDArray[Any]
    """Names of the variables."""
    centers: NDArray[np.float64]
    """Shape (cluster, variable)."""
    classes_: NDArray[np.int64] = field(init=False)
    """Numbers of the clusters."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "classes_", np.arange(1, len(self.centers) + 1))

    def predict(self, rows: Any) -> NDArray[np.int64]:
        """Numbers of the clusters that rows belong to; of two equally near the first."""
        nearest, _, _ = grouped(
            np.ascontiguousarray(rows, np.float64), np.ascontiguousarray(self.centers, np.float64)
        )
        found: NDArray[np.int64] = nearest + 1
        return found


def clusters_of(
    rows: NDArray[np.float64],
    names: NDArray[Any],
    centers: int | NDArray[np.float64],
    *,
    iter_max: int,
    nstart: int,
    seed: int | None,
) -> Clusters:
    """k-means of rows: Lloyd's algorithm from centres that are drawn far apart, the best of several starts.

    References
    ----------
    Lloyd, S. P. (1982). Least squares quantization in PCM. IEEE Transactions on Information Theory 28, 129-137.
    Arthur, D. and Vassilvitskii, S. (2007). k-means++: the advantages of careful seeding. Proceedings of the 18th
    ACM-SIAM Symposium on Discrete Algorithms, 1027-1035.
    """
    rng = np.random.default_rng(seed)
    best, least = None, np.inf
    for _ in range(nstart):
        start = _drawn(rows, centers, rng) if isinstance(centers, int) else centers
        found, spread = _settled(rows, names, start, iter_max)
        if best is None or spread < least:
            best, least = found, spread
        if not isinstance(centers, int):
            break
    assert best is not None
    return best


def _drawn(rows: NDArray[np.float64], count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Rows drawn with chances that follow their squared distance from those drawn before."""
    chosen = [rows[rng.integers(len(rows))]]
    far = ((rows - chosen[0]) ** 2).sum(axis=1)
    for _ in range(count - 1):
        chosen.append(rows[rng.choice(len(rows), p=far / far.sum())])
        far = np.minimum(far, ((rows - chosen[-1]) ** 2).sum(axis=1))
    return np.array(chosen)


def _settled(
    rows: NDArray[np.float64], names: NDArray[Any], centers: NDArray[np.float64], iter_max: int
) -> tuple[Clusters, float]:
    """Centres moved to the means of their rows until they stay, and the sum of squares around them."""
    for _ in range(iter_max):
        _, size, sums = grouped(rows, centers)
        moved = np.where(size[:, None] > 0, sums / np.maximum(size, 1)[:, None], centers)
        if np.array_equal(moved, centers):
            break
        centers = moved
    group, _, _ = grouped(rows, centers)
    return Clusters(names, centers), float(((rows - centers[group]) ** 2).sum())
