"""The nearest cell with a value: all pairs are the oracle; numbers of terra 1.9 in test_extract.py."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.between.search import distances, nearest_known

NAN = np.nan
PLACES = {
    "plane": ("", (0, 24, 0, 9)),
    "earth": ("OGC:CRS84", (-180, 180, 40, 85)),
    "part": ("OGC:CRS84", (0, 12, 50, 59)),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("share", [0.3, 0.9, 1.0])
def test_it_is_the_nearest_of_all(place, share):
    crs, extent = PLACES[place]
    rng = np.random.default_rng(1)
    values = rng.uniform(0, 9, (9, 12))
    values[rng.random(values.shape) < share] = NAN
    node = pt.rast(values, crs=crs, extent=extent)._node
    cells = np.array([-1, *range(0, 108, 7)])
    own = np.where(cells < 0, NAN, values.ravel()[cells])
    for radius in (2.5, 7.0) if not crs else (2e5, 4e6):
        found, far, where = nearest_known(node, cells, own, radius)
        for k, cell in enumerate(cells):
            if cell < 0 or not np.isnan(own[k]):
                assert (far[k], where[k]) == (0, cell)
                continue
            apart = distances(node.grid, cell, np.arange(108))
            apart[np.isnan(values.ravel()) | (apart > radius)] = NAN
            if np.isnan(apart).all():
                assert np.isnan(found[k])
                assert where[k] == cell
            else:
                assert far[k] == np.nanmin(apart)
                assert found[k] == values.ravel()[where[k]]
