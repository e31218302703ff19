"""What the chapters of the book are about: land that is made in a moment, the same for everybody."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def waves(shape: tuple[int, int], seed: int, *, longest: float = 5.0, count: int = 40) -> NDArray[np.float64]:
    """Smooth random numbers between 0 and 1, as heights or rain may lie in a land; gives an array.

    Parameters
    ----------
    shape : (int, int)
        Rows and columns.
    seed : int
        Other numbers for each.
    longest : float
        Above 0.6; how many waves lie across the columns where they are densest.
    count : int
        How many waves are summed.

    Returns
    -------
    ndarray of shape `shape`

    Examples
    --------
    >>> from pyterra.workflows.teaching import waves
    >>> waves((2, 3), 1).round(2).tolist()
    [[0.61, 0.33, 0.0], [0.68, 1.0, 0.48]]
    """
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]] / shape[1]
    total = np.zeros(shape)
    for _ in range(count):
        size = rng.uniform(0.6, longest)
        a, b, phase = *rng.normal(size=2) * size, rng.uniform(0, 2 * np.pi)
        total += np.sin(np.pi * (a * x + b * y) + phase) / size
    return np.asarray((total - total.min()) / (total.max() - total.min()))
