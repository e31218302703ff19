"""The ways to fill gaps that are no verbs of their own."""

import numpy as np

import pyterra as pt
from pyterra.series.ways import WAYS, deseasoned


def stack(missing=0.3):
    rng = np.random.default_rng(0)
    values = 50 + 20 * np.sin(np.arange(24) * np.pi / 2)[:, None] * rng.uniform(0.5, 1.5, 40)
    values[12:] += 15  # a level that no mean of all years has
    truth = values + rng.normal(0, 2, values.shape)
    gaps = np.where(rng.random(truth.shape) < missing, np.nan, truth)
    return pt.rast(gaps[:, None, :], names=[f"t{i}" for i in range(24)]), truth


def test_a_level_that_changes_is_followed_without_losing_the_season():
    r, truth = stack()
    gaps = np.isnan(r.to_numpy()[:, 0, :])

    def error(method):
        found = r.fill(method, season_size=4).to_numpy()[:, 0, :]
        return float(np.sqrt(np.mean((found - truth)[gaps] ** 2)))

    assert error(("deseasoned", {"att_seas": 45, "lmbda": 1})) < 0.8 * error("swa") < error("linear")


def test_both_parts_add_up():
    r, _ = stack()
    season = r.reconstruct(season_size=4, att_seas=30, att_env=0, keep_original=False)
    rest = (r - season).whittaker(5, order=1)
    found = deseasoned(r, 30, 5, season_size=4)
    np.testing.assert_allclose(found.to_numpy(), (season + rest).to_numpy())
    assert found.names == r.names


def test_what_is_tried_are_arguments_of_the_way():
    r, _ = stack()
    for name, way in WAYS.items():
        given = {key: values[0] for key, values in way.grid.items()}
        r.fill((name, given), season_size=4)
