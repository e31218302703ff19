"""Systems of equations against numpy."""

import numpy as np

from pyterra.kernels import equations


def test_a_symmetric_system_is_solved_from_its_upper_triangle():
    rng = np.random.default_rng(1)
    for n in (1, 2, 5, 12):
        rows = rng.normal(size=(n + 3, n))
        whole, right = rows.T @ rows, rng.normal(size=n)
        system = np.column_stack([np.triu(whole), right])
        assert equations.solve(system)
        np.testing.assert_allclose(system[:, n], np.linalg.solve(whole, right), rtol=1e-8)


def test_equations_that_say_the_same_are_not_solved():
    assert not equations.solve(np.array([[1.0, 1.0, 2.0], [0.0, 1.0, 2.0]]))
