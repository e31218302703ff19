"""Cases of files of other formats."""

from __future__ import annotations

import pyterra as pt
from cases.case import Case, new_path
from pyterra.errors import JobError


def smoothed(tile):
    return tile.focal((1, 3), "mean", na_rm=True) if tile.ncol > 1 else tile + 0


def tiled(z):
    """A job says what its tiles raised; here that is raised as it was."""
    try:
        return pt.tile_apply(z.one, smoothed, tiles=(7, 9), buffer=1, executor="serial")
    except JobError as error:
        raise AssertionError(str(error)) from error


FILES = [
    Case("pt.tile_apply", tiled, reads="its tiles are files"),
    Case("write_cdf", lambda z: z.x.write_cdf(new_path(z, "nc"), "light"), reads="files hold values"),
    Case(
        "write_cdf",
        lambda z: pt.write_cdf({"a": z.series, "b": z.one}, new_path(z, "nc")),
        "variables",
        reads="files hold values",
    ),
]
