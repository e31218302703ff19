"""Seasonally weighted means: what users rely on beyond the sums of the kernel."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError
from pyterra.kernels.convolution import swa

NAN = np.nan


def stack(layers=24, missing=0.3, shape=(5, 7), seed=0):
    rng = np.random.default_rng(seed)
    values = rng.integers(0, 250, (layers, *shape)).astype(float)
    values[rng.random(values.shape) < missing] = NAN
    return pt.rast(values, names=[f"f{i}" for i in range(layers)])


def plain(values, weight):
    """The definition, as a double loop."""
    out = np.full(values.shape, NAN)
    for i in range(len(values)):
        num, den = np.zeros(values.shape[1:]), np.zeros(values.shape[1:])
        for j in range(len(values)):
            there = ~np.isnan(values[j])
            num += np.where(there, values[j], 0) * weight(j - i)
            den += there * weight(j - i)
        out[i] = np.where(den > 0, num / np.where(den > 0, den, 1), NAN)
    return out


def test_gaps_get_the_weighted_mean_of_the_definition_and_values_stay():
    r = stack()
    values, w = r.to_numpy(), swa(24, 6, 45, 46)
    expected = plain(values, lambda d: w[abs(d)])
    found = r.reconstruct(season_size=6, att_seas=45, att_env=46).to_numpy()
    there = ~np.isnan(values)
    np.testing.assert_array_equal(found[there], values[there])
    np.testing.assert_allclose(found[~there], expected[~there], rtol=1e-5)
    smooth = r.reconstruct(season_size=6, att_seas=45, att_env=46, keep_original=False).to_numpy()
    np.testing.assert_allclose(smooth, expected, rtol=1e-5)


@pytest.mark.parametrize(
    ("arguments", "weight"),
    [
        ({"kernel": "box", "width": 2}, lambda d: float(abs(d) <= 2)),
        ({"kernel": "linear"}, lambda d: 1 - abs(d) / 24),
        ({"kernel": "steep"}, lambda d: 10 ** (-13 * abs(d) / 24)),
        ({"kernel": "box", "future": False}, lambda d: float(d <= 0)),
        ({"kernel": "box", "past": False, "present": 0}, lambda d: float(d > 0)),
        ({"vectors": ([3, 2], [1]), "present": 5}, lambda d: {0: 5, -1: 3, -2: 2, 1: 1}.get(d, 0)),
    ],
)
def test_kernels(arguments, weight):
    r = stack(missing=0.6)
    found = r.reconstruct(keep_original=False, **arguments).to_numpy()
    np.testing.assert_allclose(found, plain(r.to_numpy(), weight), rtol=1e-4)


def test_coefficients_of_savitzky_and_golay_are_those_of_the_filter_where_nothing_is_missing():
    r = stack(missing=0)
    found = r.reconstruct("savgol", width=2, order=2, keep_original=False).to_numpy()
    np.testing.assert_allclose(found[2:-2], r.savitzky_golay(5, 2).to_numpy()[2:-2], rtol=1e-4, atol=1e-3)


def test_the_published_name_is_the_first_kernel():
    r = stack()
    np.testing.assert_array_equal(
        r.swa(6, att_seas=45, quality=True).to_numpy(),
        r.reconstruct(season_size=6, att_seas=45, quality=True).to_numpy(),
    )


def test_weights_by_layer_and_by_cell_agree():
    r = stack()
    shares = np.random.default_rng(1).random(24).round(2)
    shares[3] = 0
    laid = pt.rast(np.broadcast_to(shares[:, None, None], (24, 5, 7)).copy())
    one = r.reconstruct(season_size=6, weights=shares, keep_original=False).to_numpy()
    two = r.reconstruct(season_size=6, weights=laid, keep_original=False).to_numpy()
    np.testing.assert_array_equal(one, two)


def test_quality_is_the_share_of_the_weights_that_were_there():
    r = pt.rast([[[1]], [[NAN]], [[NAN]], [[4]]])
    found = r.reconstruct("box", width=1, quality=True)
    assert found.names == ["lyr.1", "lyr.2", "lyr.3", "lyr.4"] + [f"lyr.{i}_quality" for i in range(1, 5)]
    assert found.values().tolist() == [[1, 1, 4, 4, 100, 50, 50, 100]]


def test_frames_that_are_not_there_count_as_missing():
    days = ["2020-01-10", "2020-04-10", "2021-01-10", "2021-07-10"]
    r = pt.rast([[[1]], [[2]], [[NAN]], [[8]]]).set_time(days)
    found = r.reconstruct(season_size=4, att_env=0, att_seas=100)
    assert found.time.tolist() == r.time.tolist()
    assert found.values()[0, 2] == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ({}, "season_size must say"),
        ({"season_size": 4, "att_seas": -1}, "att_seas must be 0 dB or more"),
        ({"season_size": 4, "att_env": 400}, "within 30 decades"),
        ({"kernel": "cubic"}, "kernel: must be one of swa"),
        ({"kernel": "box", "width": 0}, "width must be a whole number"),
        ({"kernel": "savgol", "order": 5}, "order must lie between 0 and 4"),
        ({"vectors": [1]}, "vectors must be two sequences"),
        ({"kernel": "box", "backend": "gpu"}, "backend: must be one of"),
    ],
)
def test_what_is_refused(arguments, word):
    with pytest.raises(ArgumentError, match=f"reconstruct: .*{word}|reconstruct: {word}"):
        stack(6).reconstruct(**arguments)


def test_the_order_of_methods_on_a_season_that_drifts():
    """As in the published table: by season and nearness, then by nearness alone, then lines between neighbours."""
    rng = np.random.default_rng(2)
    when = np.arange(96)
    truth = (
        100
        + 60 * np.sin(when * np.pi / 3)[:, None] * rng.uniform(0.7, 1.3, 300)
        + rng.normal(0, 8, (96, 300))
    )
    gaps = np.where(rng.random(truth.shape) < 0.5, NAN, truth)
    r = pt.rast(gaps[:, None, :])

    def error(found):
        hidden = np.isnan(gaps)
        return float(np.sqrt(np.mean((found.to_numpy()[:, 0, :] - truth)[hidden] ** 2)))

    by_season = r.reconstruct(season_size=6, att_seas=45, att_env=10).compute()
    recent = r.reconstruct("steep", future=False)
    five = {
        "seasonal": error(by_season),
        "seasonal, smoothed": error(by_season.savitzky_golay(5, 2)),
        "recent, smoothed": error(recent.fill("linear").savitzky_golay(5, 2)),
        "near": error(r.reconstruct("linear")),
        "lines": error(r.fill("linear")),
    }
    assert max(five["seasonal"], five["seasonal, smoothed"]) < 0.7 * min(
        five["recent, smoothed"], five["near"], five["lines"]
    )
    assert five["near"] < five["lines"]
