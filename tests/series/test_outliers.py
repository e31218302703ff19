"""Values that are taken out of a series."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError

NAN = np.nan


def test_a_cloud_is_found_and_the_rest_stays():
    r = pt.rast([[[v]] for v in (5, 6, 5, 40, 6, NAN, 6)])
    assert np.isnan(r.outliers(width=7, sd=1.5).values()[0]).tolist() == [False] * 3 + [
        True,
        False,
        True,
        False,
    ]


def test_what_lies_outside_two_quantiles_is_taken():
    rng = np.random.default_rng(0)
    values = rng.normal(size=(50, 3, 4))
    values[rng.random(values.shape) < 0.2] = NAN
    found = pt.rast(values).outliers("envelope", probs=(0.1, 0.9)).to_numpy()
    low, high = np.nanquantile(values, (0.1, 0.9), axis=0)
    np.testing.assert_array_equal(found, np.where((values >= low) & (values <= high), values, NAN))


# QA_PIXEL of Landsat 8 Collection 2, from the product guide: land, water, dilated cloud, cloud, its shadow, snow, cirrus.
LANDSAT = {
    21824: "clear",
    21952: "clear",
    21826: "cloud",
    22280: "cloud",
    23888: "shadow",
    30048: "snow",
    54596: "cirrus",
}


def test_landsat_codes():
    codes = pt.rast([list(map(float, LANDSAT))])
    r = pt.rast([[1.0] * len(LANDSAT)])
    usual = dict(zip(LANDSAT.values(), np.isnan(r.mask_by_bits(codes).values(drop=True)), strict=True))
    assert usual == {"clear": False, "cloud": True, "shadow": True, "snow": False, "cirrus": True}
    snow = np.isnan(r.mask_by_bits(codes, what=["snow"]).values(drop=True))
    assert snow.tolist() == [code == 30048 for code in LANDSAT]


def test_modis_and_a_table_of_ones_own():
    # Bits 0-1: 00 good, 01 see others, 10 probably cloudy, 11 not produced.
    r, quality = pt.rast([[1.0, 2, 3, 4]]), pt.rast([[2112.0, 2113, 2114, 2115]])
    assert r.mask_by_bits(quality, "mod13").values(drop=True).tolist()[:2] == [1, 2]
    assert np.isnan(r.mask_by_bits(quality, "mod13").values(drop=True)[2:]).all()
    own = r.mask_by_bits(quality, {"odd": (0, 1, [1])}).values(drop=True)
    assert np.isnan(own).tolist() == [False, True, False, True]


def test_a_missing_quality_masks_and_one_layer_is_for_all():
    r = pt.rast(np.ones((3, 1, 2)))
    quality = pt.rast([[21824.0, NAN]])
    assert np.isnan(r.mask_by_bits(quality).to_numpy()[:, 0]).tolist() == [[False, True]] * 3


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda r: r.outliers(width=4), "outliers: width must be odd and 3 or more"),
        (lambda r: r.outliers("envelope", probs=(0.9, 0.1)), "outliers: probs must be two numbers"),
        (lambda r: r.mask_by_bits(r, what=["haze"]), "mask_by_bits: what: must be one of"),
        (lambda r: r.mask_by_bits(r, "spot"), "mask_by_bits: product: must be one of"),
        (lambda r: r.mask_by_bits(r, {"a": (0, 1, (2,))}), "mask_by_bits: a must be the lowest bit"),
        (lambda r: r.mask_by_bits(r.subset([0, 1])), "quality must have one layer, or one for each"),
    ],
)
def test_what_is_refused(call, text):
    with pytest.raises(ArgumentError, match=text):
        call(pt.rast(np.ones((3, 1, 2))))
