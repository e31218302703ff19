"""Positions between lattice nodes: exact for polynomials, close for projections, the same bits anywhere."""

from __future__ import annotations

import numpy as np
import pytest

from pyterra.kernels.lattice import interpolate, node_range


def nodes_of(function, begin, shape, spacing):
    row, rows = node_range(begin[0], shape[0], spacing)
    col, cols = node_range(begin[1], shape[1], spacing)
    y, x = np.meshgrid((row + np.arange(rows)) * spacing, (col + np.arange(cols)) * spacing, indexing="ij")
    return np.stack(function(y.astype(float), x.astype(float)))


def cells_of(function, begin, shape):
    y, x = np.meshgrid(begin[0] + np.arange(shape[0]), begin[1] + np.arange(shape[1]), indexing="ij")
    return np.stack(function(y.astype(float), x.astype(float)))


def cubic_surface(y, x):
    return 1e-4 * y**3 - 0.02 * x * y + 5, 2e-4 * x**3 + 0.01 * y**2 - x


def mercator(y, x):
    latitude = np.radians(60 - y / 300)
    return 6378137 * np.log(np.tan(np.pi / 4 + latitude / 2)) / 3000, 6378137 * np.radians(x / 300) / 3000


def test_cubic_interpolation_is_exact_for_cubic_surfaces():
    begin, shape = (5, 37), (40, 29)
    got = interpolate(nodes_of(cubic_surface, begin, shape, 16), 16, begin, shape)
    np.testing.assert_allclose(got, cells_of(cubic_surface, begin, shape), rtol=1e-12, atol=1e-11)


def test_positions_of_a_projection_are_within_a_millionth_of_a_cell():
    begin, shape = (1000, 200), (100, 100)
    got = interpolate(nodes_of(mercator, begin, shape, 16), 16, begin, shape)
    np.testing.assert_allclose(got, cells_of(mercator, begin, shape), rtol=0, atol=1e-6)


def test_nodes_return_themselves():
    nodes = nodes_of(mercator, (16, 32), (1, 1), 16)
    got = interpolate(nodes, 16, (16, 32), (1, 1))
    np.testing.assert_array_equal(got[:, 0, 0], nodes[:, 1, 1])


def test_node_that_cannot_be_projected_spoils_only_the_cells_around_it():
    nodes = nodes_of(mercator, (0, 0), (64, 64), 16)
    nodes[:, 0, 0] = np.nan
    got = interpolate(nodes, 16, (0, 0), (64, 64))
    assert np.isnan(got[:, :16, :16]).all()
    assert not np.isnan(got[:, 16:, :]).any()
    assert not np.isnan(got[:, :, 16:]).any()


@pytest.mark.parametrize("spacing", [1, 10, 16])
def test_bits_do_not_depend_on_the_window(spacing):
    begin, shape = (7, 3), (60, 70)
    whole = interpolate(nodes_of(mercator, begin, shape, spacing), spacing, begin, shape)
    for y, x, m, n in ((0, 0, 1, 1), (5, 11, 33, 47), (59, 2, 1, 68)):
        start = (begin[0] + y, begin[1] + x)
        nodes = nodes_of(mercator, start, (m, n), spacing)
        got = interpolate(nodes, spacing, start, (m, n))
        assert got.tobytes() == np.ascontiguousarray(whole[:, y : y + m, x : x + n]).tobytes()


def test_nodes_of_another_window_are_refused():
    with pytest.raises(ValueError, match="nodes must have shape"):
        interpolate(np.zeros((2, 3, 3)), 16, (0, 0), (40, 40))
