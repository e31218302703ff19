"""Pits raised: against terra 1.9, and however strips lie."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, GridMismatchError

NAN = float("nan")
HOLE = [
    [10, 10, 10, 10, 10, 10],
    [10, 8, 7, 6, 6.5, 9],
    [10, 8, 2, 2.5, 5, 7],
    [10, 7, 6, 6, 4, 3],
    [10, 9, 8, 8, 7, 1],
]
"""The lowest cell inside, and one beside it that becomes a pit when it is raised."""


def hole(size):
    return pt.rast(np.array(HOLE), crs="EPSG:32632", extent=(0, 6 * size, 0, 5 * size))


# terra 1.9-45: pitfiller(r, pitfinder(f, FALSE), f, niter=), f <- flowDir(r, lambda=0), of cells of 1 and of 10 m
@pytest.mark.parametrize(
    ("size", "niter", "low", "beside"),
    [
        (1, 0, 2, 2.5), (1, 1, 6.2994, 2.5), (1, 2, 6.2994, 5.846), (1, 10, 6.2994, 5.846),
        (10, 1, 5.349, 2.5), (10, 2, 5.349, 5.4403),
    ],
)  # fmt: skip
def test_pits_rise_round_by_round_as_in_terra(size, niter, low, beside):
    x = hole(size)
    ways = x.flow_dir(0)
    for got in (x.pitfiller(niter=niter), x.pitfiller(ways.pitfinder(pits_on_boundary=False), ways, niter)):
        values = got.to_numpy()[0]
        assert values[2, 2:4] == pytest.approx([low, beside], abs=5e-5)
        assert (values != np.array(HOLE)).sum() == (values[2, 2:4] != [2, 2.5]).sum()


@pytest.mark.parametrize("shape", [(1, 1), (1, 6), (3, 3), (31, 6)])
@pytest.mark.parametrize("crs", ["EPSG:32632", "EPSG:4326"])
def test_heights_do_not_depend_on_strips(shape, crs, monkeypatch):
    rng = np.random.default_rng(list(shape))
    z, extent = (
        np.where(rng.random(shape) < 0.03, NAN, rng.integers(0, 30, shape)),
        (0, shape[1], 0, shape[0]),
    )

    def filled():
        x = pt.rast(z, crs=crs, extent=extent)
        ways = x.flow_dir(0.5)
        return [f.to_numpy() for f in (x.pitfiller(lambda_=0.5), x.pitfiller(ways.pitfinder(), ways, 2))]

    whole = filled()
    monkeypatch.setattr("pyterra.raster.flow_dir.Downhill.strip_cells", 1)
    for rows in (1, 4):
        monkeypatch.setattr("pyterra.run.sweep.LEAST_ROWS", rows)
        assert all(np.array_equal(a, b, equal_nan=True) for a, b in zip(filled(), whole, strict=True))
    assert (np.nan_to_num(whole[0]) >= np.nan_to_num(z)).all()


def test_pits_at_the_edge_and_beside_missing_cells_stay():
    x = pt.rast([[1.0, 5, 5, 5], [5, 5, 5, 5], [5, 5, 2, 5], [5, 5, 5, NAN]], crs="EPSG:32632")
    assert np.array_equal(x.pitfiller().to_numpy(), x.to_numpy(), equal_nan=True)


def test_level_pits_rise_too():
    x = pt.rast(np.pad(np.full((1, 2), 2.0), 1, constant_values=9.0), crs="EPSG:32632")
    assert (x.pitfiller(niter=1).to_numpy()[0, 1, 1:3] > 2).all()


def test_what_is_refused():
    x = hole(1)
    with pytest.raises(ArgumentError, match="pit and flowdir come together"):
        x.pitfiller(x.flow_dir().pitfinder())
    with pytest.raises(GridMismatchError):
        x.pitfiller(pt.rast([[1]]), pt.rast([[0]]))
    for name in ("niter", "U", "D", "beta", "theta_exp"):
        with pytest.raises(ArgumentError, match=f"{name} must not be below 0"):
            x.pitfiller(**{name: -1})
    with pytest.raises(ArgumentError, match="one layer"):
        pt.c(x, x).pitfiller()
