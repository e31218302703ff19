"""Windows of ones by combination trees."""

from __future__ import annotations

import numpy as np

from pyterra.kernels.focal import focal

NAN = np.nan


def pad(block, h, w, fill=NAN):
    return np.pad(block, ((0, 0), (h // 2, h // 2), (w // 2, w // 2)), constant_values=fill)


TERRA_INPUT = np.array([[[3, 1, NAN, 2, 5], [2, 2, 8, 0, 1], [7, 4, 6, -1, NAN], [9, 9, 3, 2, 2.0]]])


def test_focal_sd_with_na_rm_equals_terra():
    got = focal(pad(TERRA_INPUT, 3, 3), np.ones((3, 3)), "sd", na_rm=True)[0]
    np.testing.assert_allclose(got[0], [0.8164966, 2.774887, 3.130495, 3.271085, 2.160247], rtol=1e-6)
    np.testing.assert_allclose(got[3], [2.3629078, 2.503331, 3.430258, 2.509980, 1.732051], rtol=1e-6)


def test_focal_sum_stays_exact_beyond_float32():
    block = np.full((1, 3, 3), 16777216, np.float32)
    block[0, 0, 0] = 1
    assert focal(block, np.ones((3, 3)), "sum")[0, 0, 0] == 8 * 16777216 + 1


def test_focal_sd_does_not_lose_digits_on_a_high_plateau():
    rng = np.random.default_rng(3)
    noise = rng.normal(size=(1, 9, 9))
    got = focal(noise + 1e9, np.ones((5, 5)), "sd")
    np.testing.assert_allclose(got, focal(noise, np.ones((5, 5)), "sd"), rtol=1e-6)
