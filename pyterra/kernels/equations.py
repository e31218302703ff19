"""Small systems of linear equations, as fits of least squares have them, solved in place."""

from __future__ import annotations

from typing import Any

from pyterra.kernels._jit import exact_jit

SINGULAR = 1e-10
"""Share of its diagonal that is left of a pivot, below which an equation says nothing new."""


@exact_jit
def solve(system: Any) -> bool:
    """Solve a symmetric system whose upper triangle and right side stand in one array; False where it is singular."""
    n = system.shape[0]
    for a in range(n):
        before = system[a, a]  # the diagonal as it was: what is left of it tells how much is new
        for k in range(a):
            before += system[k, a] * system[k, a] * system[k, k]
        if not system[a, a] > SINGULAR * before:
            return False
        for b in range(a + 1, n):
            system[b, b] -= system[a, b] * system[a, b] / system[a, a]
            for d in range(b + 1, n):
                system[b, d] -= system[a, b] * system[a, d] / system[a, a]
            system[b, n] -= system[a, b] * system[a, n] / system[a, a]
        for b in range(a + 1, n):
            system[a, b] /= system[a, a]
    for a in range(n - 1, -1, -1):
        system[a, n] /= system[a, a]
        for b in range(a + 1, n):
            system[a, n] -= system[a, b] * system[b, n]
    return True
