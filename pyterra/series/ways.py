"""The ways to fill gaps, by name: what `fill` does, and what `tune` tries."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pyterra.frozen import dataclass
from pyterra.series.approximate import approximate
from pyterra.series.reconstruct import reconstruct
from pyterra.series.seasonal import harmonic, season_median, stl
from pyterra.series.smooth import savitzky_golay, whittaker

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster


def deseasoned(
    x: SpatRaster,
    att_seas: float = 20.0,
    lmbda: float = 10.0,
    *,
    att_env: float = 0.0,
    season_size: int | None = None,
) -> SpatRaster:
    """Weighted means of the season, and a smooth curve through what departs from them: both, added up.

    Parameters
    ----------
    x : SpatRaster
    att_seas, att_env : float
        Of the means: see `reconstruct`.
    lmbda : float
        Of the curve, which draws to a level: see `whittaker`.
    season_size : int, optional
        Frames in a year. By default as the times of the layers tell.

    Returns
    -------
    SpatRaster
        The layers of `x`, smoothed.
    """
    season = reconstruct(x, att_seas=att_seas, att_env=att_env, season_size=season_size, keep_original=False)
    return season + whittaker(x - season, lmbda, order=1, season_size=season_size)


@dataclass(frozen=True)
class Way:
    """One way to fill gaps."""

    call: Callable[..., SpatRaster]
    fixed: Mapping[str, Any]
    """Arguments that make it this way."""
    keeps: bool
    """Whether it keeps what is there by itself (`keep_original`)."""
    seasonal: bool
    """Whether it needs to know how many frames a year has."""
    grid: Mapping[str, Sequence[Any]]
    """Arguments that `tune` tries."""


WAYS: dict[str, Way] = {
    "linear": Way(approximate, {"method": "linear", "rule": 2}, False, False, {}),
    "constant": Way(approximate, {"method": "constant", "rule": 2, "f": 0.5}, False, False, {}),
    "swa": Way(
        reconstruct,
        {"kernel": "swa"},
        True,
        True,
        {"att_seas": (10.0, 15.0, 20.0, 30.0, 45.0, 60.0), "att_env": (5.0, 10.0, 20.0, 46.0)},
    ),
    "deseasoned": Way(
        deseasoned, {}, False, True, {"att_seas": (15.0, 20.0, 30.0, 45.0), "lmbda": (1.0, 10.0, 100.0)}
    ),
    "box": Way(reconstruct, {"kernel": "box"}, True, False, {"width": (1, 2, 4)}),
    "nearness": Way(reconstruct, {"kernel": "linear"}, True, False, {}),
    "recent": Way(reconstruct, {"kernel": "steep"}, True, False, {"att_env": (30.0, 130.0)}),
    "whittaker": Way(whittaker, {}, True, False, {"lmbda": (0.3, 3.0, 30.0), "order": (1, 2)}),
    "savitzky_golay": Way(savitzky_golay, {}, True, False, {"width": (5, 7), "order": (1, 2)}),
    "harmonic": Way(
        harmonic, {}, True, True, {"waves": (1, 2), "trend": (True, False), "robust": (False, True)}
    ),
    "stl": Way(stl, {"what": "fitted"}, False, True, {"robust": (False, True)}),
    "season_median": Way(season_median, {}, True, True, {"same": (2, 4)}),
}
"""Name -> how it fills."""
