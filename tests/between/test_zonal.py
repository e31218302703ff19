"""Statistics of zones."""

import numpy as np
import pandas as pd
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, CRSMismatchError, GridMismatchError, PyterraWarning, UDFError

NA = float("nan")


@pytest.fixture
def x():
    return pt.rast([[1.0, 2, 4, NA]], names="v", crs="")


@pytest.fixture
def z():
    return pt.rast([[7, 7, 9, 9]], names="zone", crs="")


def column(table, name="v"):
    return table[name].tolist()


@pytest.mark.parametrize(
    ("fun", "first"),
    [("sum", 3), ("mean", 1.5), ("min", 1), ("max", 2), ("prod", 2), ("sd", 0.5**0.5), ("std", 0.5), ("var", 0.5),
     ("median", 1.5), ("modal", 1)],
)  # fmt: skip
def test_each_statistic_of_two_cells(x, z, fun, first):
    found = x.zonal(z, fun)
    assert list(found.columns) == ["zone", "v"]
    assert column(found, "zone") == [7, 9]
    assert column(found)[0] == pytest.approx(first)
    assert np.isnan(column(found)[1])


def test_missing_cells_are_left_out_on_request(x, z):
    assert column(x.zonal(z, "sum", na_rm=True)) == [3, 4]
    assert column(x.zonal(z, "isNA")) == [0, 1]
    assert column(x.zonal(z, "notNA")) == [2, 1]


def test_a_zone_without_values_is_missing_also_for_sum():
    found = pt.rast([[NA, 1.0]], names="v").zonal(pt.rast([[1, 2]]), "sum", na_rm=True)
    assert np.isnan(column(found)).tolist() == [True, False]


def test_cells_without_a_zone_are_in_none(x):
    zones = pt.rast([[NA, 7.0, NA, NA]], crs="")
    assert x.zonal(zones, "sum").values.tolist() == [[7, 2]]
    nowhere = x.zonal(zones * NA, "sum")
    assert nowhere.shape == (0, 2)


def test_zones_are_not_rounded(x):
    zones = pt.rast([[0.1, 0.1, 0.25, 0.25]], crs="")
    assert column(x.zonal(zones, "sum", na_rm=True), "lyr.1") == pytest.approx([0.1, 0.25])


def test_zones_far_apart_and_below_zero(x):
    zones = pt.rast([[-5.0, 4e9, 4e9, -5.0]], crs="")
    assert x.zonal(zones, "sum", na_rm=True).values.tolist() == [[-5, 1], [4e9, 6]]


def test_thousands_of_zones():
    rng = np.random.default_rng(3)
    values, zones = rng.normal(size=(200, 200)), rng.integers(-9_000, 9_000, (200, 200))
    found = pt.rast(values, names="v").zonal(pt.rast(zones, names="z"), "mean")
    expected = pd.DataFrame({"z": zones.ravel(), "v": values.ravel()}).groupby("z", as_index=False).mean()
    np.testing.assert_allclose(found.to_numpy(), expected.to_numpy(), rtol=1e-12)


@pytest.mark.parametrize("fun", ["sum", "mean", "min", "max", "prod", "sd", "std", "var", "isNA", "notNA"])
def test_parts_of_zones_merge(fun):
    from pyterra.kernels import zones
    from pyterra.kernels.finish import finish
    from pyterra.statistics.table import KNOWN

    name, needs = KNOWN[fun].name, KNOWN[fun].sums
    rng = np.random.default_rng(4)
    values, keys = rng.normal(size=(2, 60)), rng.integers(0, 7, 60).astype(float)
    values[rng.random(values.shape) < 0.2] = NA
    keys[:9] = NA
    whole = zones.zones_of(values, keys, needs)
    parts = [zones.zones_of(values[:, a:b], keys[a:b], needs) for a, b in ((0, 5), (5, 31), (31, 60))]
    merged = zones.merge_zones(zones.merge_zones(parts[0], parts[1]), parts[2])
    np.testing.assert_array_equal(merged.values, whole.values)
    for na_rm in (False, True):
        np.testing.assert_allclose(finish(merged, name, na_rm), finish(whole, name, na_rm), rtol=1e-12)


def test_labels_name_the_zones(x):
    zones = pt.rast([[1, 1, 2, 2]], names="cover", crs="")
    zones.levels = pd.DataFrame({"ID": [1, 2], "kind": ["lake", "wood"]})
    assert column(x.zonal(zones, "sum", na_rm=True), "kind") == ["lake", "wood"]


def test_equal_names_are_made_different(x, z):
    x.names = "zone"
    assert list(pt.c(x, x).zonal(z).columns) == ["zone", "zone.1", "zone.2"]


def test_a_function_gets_all_values_of_a_zone(x, z):
    assert column(x.zonal(z, len)) == [2, 2]
    assert column(x.zonal(z, len, na_rm=True)) == [2, 1]
    both = x.zonal(z, lambda v, k: [v[0], v[0] * k], k=10)
    assert both.values.tolist() == [[7, 1, 10], [9, 4, 40]]
    assert list(both.columns) == ["zone", "v.1", "v.2"]


def test_names_of_numbers_end_the_names_of_columns(x, z):
    several = x.zonal(z, lambda v: {"n": v.size, "top": np.nanmax(v)})
    assert list(several.columns)[1:] == [f"{name}.{end}" for name in x.names for end in ("n", "top")]
    one = x.zonal(z, lambda v: {"top": np.nanmax(v)})
    assert list(one.columns)[1:] == x.names


def test_the_error_of_a_function_says_where(x, z):
    with pytest.raises(UDFError, match=r"raised ZeroDivisionError.*layer 'v'"):
        x.zonal(z, lambda v: 1 / 0)
    with pytest.raises(UDFError, match="as many numbers for every group"):
        x.zonal(z, lambda v: v[~np.isnan(v)])


def test_weights_that_sum_to_0_make_no_mean():
    x, z, w = pt.rast([[1, 3, 5, 7]], names="v"), pt.rast([[1, 1, 2, 2]]), pt.rast([[-1, 1, -1, 3]])
    np.testing.assert_array_equal(column(x.zonal(z, w=w)), [np.nan, 8])
    assert column(x.zonal(z, "sum", w=w)) == [2, 16]
    v = z.as_polygons()
    np.testing.assert_array_equal(column(x.zonal(v, w=w)), [np.nan, 8])


def test_weights_make_a_weighted_mean(x, z):
    w = pt.rast([[1.0, 3, 2, 2]], crs="")
    assert column(x.zonal(z, w=w, na_rm=True)) == [1.75, 4]
    assert column(x.zonal(z, "sum", w=w, na_rm=True)) == [7, 8]
    with pytest.raises(ArgumentError, match="must be one of mean, sum"):
        x.zonal(z, "max", w=w)


def test_a_raster_of_the_statistic(x, z):
    found = x.zonal(z, "max", na_rm=True, as_raster=True)
    assert found.names == ["v"]
    assert found.values(drop=True).tolist() == [2, 2, 4, 4]


def test_combinations_of_two_layers_are_zones(x, z):
    second = pt.rast([[0, 1, 0, 1]], names="k", crs="")
    long = x.zonal(pt.c(z, second), "sum", wide=False)
    assert long[["zone", "k"]].values.tolist() == [[7, 0], [7, 1], [9, 0], [9, 1]]
    assert column(long)[:3] == [1, 2, 4]
    wide = x.zonal(pt.c(z, second), "sum")
    assert list(wide.columns) == ["zone", 0, 1]
    assert list(x.zonal(pt.c(z, second), "range").columns) == ["zone", "k", "v_min", "v_max"]


def test_zones_that_never_meet_have_the_sum_0(x, z):
    # terra 1.9: 0, also where the sum of zones that meet is missing.
    second = pt.rast([[0, 0, 0, 1]], names="k", crs="")
    found = x.zonal(pt.c(z, second), "sum")
    assert found.iloc[:, 1:].fillna(-1).values.tolist() == [[3, 0], [4, -1]]
    assert list(x.zonal(pt.c(z, 1 - second), "sum").columns) == ["zone", 0, 1]
    found = x.zonal(pt.c(z, second), "mean")
    assert found.iloc[:, 1:].fillna(-1).values.tolist() == [[1.5, -1], [4, -1]]


def test_zones_of_one_label_stand_in_columns_of_their_own(x, z):
    second = pt.rast([[0, 1, 2, 2]], names="k", crs="")
    second.levels = {0: "a", 1: "b", 2: "a"}
    found = x.zonal(pt.c(z, second), "sum", na_rm=True)
    assert list(found.columns) == ["zone", "a", "b", "a"]
    assert found.iloc[:, 1:].values.tolist() == [[1, 2, 0], [0, 0, 4]]


@pytest.mark.parametrize("name", ["_met", "zone", "k"])
def test_two_layers_of_zones_take_layers_of_any_name(x, z, name):
    second = pt.rast([[0, 1, 0, 1]], names="k", crs="")
    told = x.zonal(pt.c(z, second), "sum", na_rm=True)
    x.names = [name]
    assert x.zonal(pt.c(z, second), "sum", na_rm=True).equals(told)


def test_inputs_must_share_a_grid(x, z):
    with pytest.raises(GridMismatchError, match="zonal"):
        x.zonal(pt.rast([[1, 2]], crs=""))
    with pytest.raises(GridMismatchError, match="zonal"):
        x.zonal(z, w=pt.rast([[1, 2]], crs=""))
    mine = pt.rast(x, vals=[1, 2, 3, 4], crs="EPSG:3035")
    with pytest.raises(CRSMismatchError):
        mine.zonal(pt.rast(x, vals=[1, 2, 3, 4], crs="EPSG:4326"))


def test_arguments_are_checked(x, z):
    with pytest.raises(ArgumentError, match="did you mean 'mean'"):
        x.zonal(z, "meen")
    with pytest.raises(ArgumentError, match="SpatRaster or a SpatVector, got int"):
        x.zonal(7)
    with pytest.raises(ArgumentError, match="no further arguments, got probs"):
        x.zonal(z, "mean", probs=1)
    with pytest.raises(ArgumentError, match="as_polygons are for polygons, got zones that are a raster"):
        x.zonal(z, exact=True)


def test_cells_of_polygons_count_as_for_extract(x):
    v = pt.vect("POLYGON ((0 0, 2.5 0, 2.5 1, 0 1, 0 0))", crs="")
    v.crs = x.crs
    first, second, third = x.values(drop=True)[:3]
    expected = (first + second + third / 2) / 2.5
    assert x.zonal(v, exact=True).iloc[0, 0] == pytest.approx(expected, rel=1e-6)
    assert x.zonal(v, weights=True).iloc[0, 0] == pytest.approx(expected, rel=1e-6)
    assert x.zonal(v, touches=True).iloc[0, 0] == pytest.approx((first + second + third) / 3)
    made = x.zonal(v, exact=True, as_polygons=True)
    assert made.geomtype() == "polygons"
    assert made.values().iloc[0, -1] == pytest.approx(expected, rel=1e-6)


@pytest.fixture
def halves(x):
    """Two polygons of two cells each."""
    shapes = ["POLYGON ((0 0, 2 0, 2 1, 0 1, 0 0))", "POLYGON ((2 0, 4 0, 4 1, 2 1, 2 0))"]
    return pt.vect(shapes, crs="")


def test_cells_of_polygons_have_weights(x, halves):
    w = pt.rast([[1.0, 3, 2, 2]], crs="")
    assert column(x.zonal(halves, w=w, na_rm=True)) == [1.75, 4]
    assert column(x.zonal(halves, "sum", w=w, na_rm=True)) == [7, 8]
    assert np.isnan(column(x.zonal(halves, w=w))).tolist() == [False, True]
    assert x.zonal(halves, w=w, as_polygons=True)["v"].iloc[0] == 1.75
    with pytest.raises(ArgumentError, match="must be one of mean, sum"):
        x.zonal(halves, "max", w=w)


def test_of_several_layers_of_weights_the_first_is_taken(x, z, halves):
    # terra 1.9 does, with a warning of raster zones alone.
    w = pt.c(pt.rast([[1.0, 3, 2, 2]], crs=""), z)
    for zones in (z, halves):
        with pytest.warns(PyterraWarning, match=r"^zonal: w must have one layer, got 2; the first is taken"):
            assert column(x.zonal(zones, w=w, na_rm=True)) == [1.75, 4]


def test_polygons_are_painted_with_their_statistic(x, halves):
    found = x.zonal(halves, "max", na_rm=True, as_raster=True)
    assert found.names == ["v"]
    assert found.values(drop=True).tolist() == [2, 2, 4, 4]
    with pytest.raises(ArgumentError, match="a raster or polygons"):
        x.zonal(halves, as_raster=True, as_polygons=True)


def test_counts_tell_of_which_polygon_they_are(x, halves):
    assert x.zonal(halves, "table").to_dict("list") == {
        "zone": [0, 0, 1],
        "value": [1, 2, 4],
        "count": [1, 1, 1],
    }
    with pytest.raises(ArgumentError, match="a number per polygon"):
        x.zonal(halves, "table", as_raster=True)


@pytest.mark.parametrize("into", ["as_raster", "as_polygons"])
def test_a_table_of_values_is_no_number_per_polygon(x, halves, into):
    with pytest.raises(ArgumentError, match="zonal: as_raster and as_polygons need a number per polygon"):
        x.zonal(halves, "table", **{into: True})
