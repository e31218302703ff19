"""Models of components and clusters by themselves: rows in, components or numbers out."""

import pickle

import numpy as np
import pandas as pd

from pyterra.models.components import Clusters, Components, clusters_of

NAMES = np.array(["a", "b"], object)


def test_components_are_sums_over_the_variables():
    model = Components(
        NAMES,
        ("one", "two"),
        np.array([2.0, 1.0]),
        np.array([[0.6, -0.8], [0.8, 0.6]]),
        np.array([1.0, 2.0]),
        np.array([1.0, 10.0]),
    )
    got = model.predict(pd.DataFrame({"a": [1.0, 6.0], "b": [2.0, 12.0]}))
    assert got.columns.tolist() == ["one", "two"]
    np.testing.assert_allclose(got, [[0, 0], [5 * 0.6 + 0.8, -5 * 0.8 + 0.6]])
    assert model.explained.tolist() == [0.8, 0.2]
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(model)).predict([[6, 12]]), got[1:])


def test_a_row_belongs_to_the_nearest_centre_the_first_of_two():
    model = Clusters(NAMES, np.array([[0.0, 0.0], [4.0, 0.0]]))
    assert model.predict([[1, 9], [3, 9], [2, 0]]).tolist() == [1, 2, 1]
    assert model.classes_.tolist() == [1, 2]


def test_centres_end_in_the_means_of_their_rows():
    rows = np.array([[0.0, 0], [2, 0], [10, 1], [10, 3]])
    found = clusters_of(rows, NAMES, 2, iter_max=10, nstart=3, seed=1)
    assert sorted(found.centers.tolist()) == [[1.0, 0.0], [10.0, 2.0]]


def test_a_centre_without_rows_stays_where_it_is():
    rows = np.array([[0.0, 0], [1, 0]])
    found = clusters_of(rows, NAMES, np.array([[0.0, 0], [99, 99]]), iter_max=10, nstart=1, seed=None)
    assert found.centers.tolist() == [[0.5, 0.0], [99.0, 99.0]]
