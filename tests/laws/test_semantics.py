"""What all verbs have in common: flags of layers, inputs that do not go together, nothing to work on."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import CRSMismatchError, ExtentError, GridMismatchError, LayerError, NoValuesError

NA = float("nan")


@pytest.fixture
def whole():
    return pt.rast([[1, 2, 3]], crs="", names="n")


def kinds(x):
    return [layer.kind for layer in x._node.layers]


KEEP = {
    "c": lambda x: pt.c(x, x),
    "subset": lambda x: x.subset(0),
    "crop": lambda x: x.crop(pt.ext(0, 2, 0, 1)),
    "mask": lambda x: x.mask(x),
    "trim": lambda x: x.trim(),
    "shift": lambda x: x.shift(1),
    "merge": lambda x: x.merge(x.shift(3)),
    "unary minus": lambda x: -x,
    "times": lambda x: x * 2,
    "power": lambda x: x**2,
    "remainder": lambda x: x % 2,
    "whole division": lambda x: x // 2,
}
DROP = {
    "division": lambda x: x / 1,
    "flip": lambda x: x.flip(),
    "t": lambda x: x.t(),
    "extend": lambda x: x.extend(1),
    "aggregate": lambda x: x.aggregate((1, 3), "sum"),
    "disagg": lambda x: x.disagg(2),
    "focal": lambda x: x.focal((1, 3)),
    "ifel": lambda x: (x > 1).ifel(x, 0),
    "cover": lambda x: x.cover(x),
    "classify": lambda x: x.classify([[1, 5]]),
    "subst": lambda x: x.subst(1, 2),
    "cumsum": lambda x: pt.c(x, x).cumsum()[0],
    "sum": lambda x: x.sum(),
    "any": lambda x: x.any(),
    "app": lambda x: x.app("max"),
    "boundaries": lambda x: x.boundaries(),
    "zonal": lambda x: x.zonal(x, "max", as_raster=True),
}


@pytest.mark.parametrize("verb", KEEP)
def test_whole_numbers_stay_whole_numbers(whole, verb):
    assert set(kinds(KEEP[verb](whole))) == {"int"}


@pytest.mark.parametrize("verb", DROP)
def test_the_flag_of_whole_numbers_is_dropped(whole, verb):
    assert set(kinds(DROP[verb](whole))) == {"num"}


@pytest.mark.parametrize("verb", ["flip", "t"])
def test_the_flag_of_true_and_false_is_dropped(whole, verb):
    assert kinds(getattr(whole > 1, verb)()) == ["num"]


def test_a_comparison_is_true_or_false_and_their_sum_a_whole_number(whole):
    assert kinds(whole > 1) == ["bool"]
    assert kinds((whole > 1) + (whole > 2)) == ["int"]


TOGETHER = {
    "+": lambda x, y: x + y,
    "<": lambda x, y: x < y,
    "&": lambda x, y: x & y,
    "atan2": lambda x, y: x.atan2(y),
    "max": lambda x, y: x.max(y),
    "mean": lambda x, y: x.mean(y),
    "mask": lambda x, y: x.mask(y),
    "cover": lambda x, y: x.cover(y),
    "ifel": lambda x, y: x.ifel(y, 0),
    "clamp": lambda x, y: x.clamp(y, 9),
    "c": lambda x, y: pt.c(x, y),
    "r[m]": lambda x, y: x[y],
    "r[m] = v": lambda x, y: x.__setitem__(y, 1),
    "r[m] = r": lambda x, y: x.__setitem__(x, y),
    "r['new'] = r": lambda x, y: x.__setitem__("new", y),
    "zonal": lambda x, y: x.zonal(y),
    "zonal w": lambda x, y: x.zonal(x, w=y),
    "freq zones": lambda x, y: x.freq(zones=y),
    "expanse zones": lambda x, y: x.expanse(zones=y, transform=False),
    "global_ weights": lambda x, y: x.global_("mean", weights=y),
    "spat_sample weights": lambda x, y: x.spat_sample(1, "stratified", weights=y),
    "compare_geom": lambda x, y: x.compare_geom(y),
}


@pytest.mark.parametrize("verb", TOGETHER)
def test_rasters_of_other_rows_or_places_do_not_go_together(verb):
    x = pt.rast([[1.0, 2, 3]], crs="EPSG:3035", extent=(0, 3, 0, 1))
    wider = pt.rast([[1.0, 2]], crs="EPSG:3035", extent=(0, 3, 0, 1))
    for other in (wider, x.shift(1)):
        with pytest.raises(GridMismatchError):
            TOGETHER[verb](x, other)


@pytest.mark.parametrize("verb", [verb for verb in TOGETHER if verb != "compare_geom"])
def test_rasters_of_other_crs_do_not_go_together(verb):
    x = pt.rast([[1.0, 2, 3]], crs="EPSG:3035", extent=(0, 3, 0, 1))
    with pytest.raises(CRSMismatchError):
        TOGETHER[verb](x, pt.rast([[1.0, 2, 3]], crs="EPSG:4326", extent=(0, 3, 0, 1)))


def test_a_tenth_of_a_cell_is_the_same_place():
    x = pt.rast([[1.0, 2, 3]], crs="")
    assert (x + x.shift(0.09)).values(drop=True).tolist() == [2, 4, 6]
    with pytest.raises(GridMismatchError):
        x + x.shift(0.11)


ALONE = {
    "+": lambda x: x + 1,
    "focal": lambda x: x.focal(3),
    "terrain": lambda x: x.terrain(),
    "boundaries": lambda x: x.boundaries(),
    "zonal": lambda x: x.zonal(x),
    "freq": lambda x: x.freq(),
    "spat_sample": lambda x: x.spat_sample(1),
    "summary": lambda x: x.summary(),
    "as_data_frame": lambda x: x.as_data_frame(),
    "as_matrix": lambda x: x.as_matrix(wide=True),
    "droplevels": lambda x: x.droplevels(),
    "is_in": lambda x: x.is_in(1),
    "r[0, 0]": lambda x: x[0, 0],
    "intersect": lambda x: x.intersect(x),
    "cell_size": lambda x: x.cell_size(mask=True),
}


@pytest.mark.parametrize("verb", ALONE)
def test_a_raster_without_values_is_told(verb):
    with pytest.raises(NoValuesError, match="must have cell values"):
        ALONE[verb](pt.rast(nrows=3, ncols=3))


def test_geometry_does_not_need_values():
    r = pt.rast(nrows=4, ncols=8, xmin=0, xmax=360)
    for made in (
        r.t(),
        r.rotate(),
        r.crop(pt.ext(0, 90, 0, 90)),
        r.aggregate(2),
        r.flip(),
        r.extend(1),
        r.rev(),
    ):
        assert not made.has_values()
    assert r.cell_size().has_values()
    assert r.init("cell").has_values()
    both = pt.c(r, r.t().t())
    assert both.nlyr == 2
    assert not any(made.has_values() for made in (both, both.flip(), both[[1, 0]], r.set_minmax()))
    mixed = pt.c(r, r.init("cell"))
    assert mixed.has_values()
    assert [layer.has_values() for layer in mixed] == [False, True]


def test_a_raster_without_values_has_no_lowest_or_highest_one():
    with pytest.warns(pt.errors.PyterraWarning, match="minmax: the raster has no cell values"):
        np.testing.assert_array_equal(pt.rast(nrows=2, ncols=2, nlyrs=3).minmax(), np.full((2, 3), np.nan))


@pytest.mark.parametrize(
    "verb",
    [
        lambda x, e: x.crop(e),
        lambda x, e: x.spat_sample(1, ext=e),
        lambda x, e: x.intersect(pt.rast(x, extent=e, nrows=2, ncols=2, vals=1)),
    ],
    ids=["crop", "spat_sample", "intersect"],
)
def test_what_does_not_overlap_is_told(verb):
    with pytest.raises(ExtentError, match="overlap"):
        verb(pt.rast([[1.0, 2], [3, 4]], crs=""), pt.ext(10, 12, 10, 12))


@pytest.mark.parametrize(
    "ask", [lambda x: x["nirr"], lambda x: x.subset(["red", "nirr"]), lambda x: x.__delitem__("nirr")]
)
def test_a_layer_that_does_not_exist_names_near_ones_once(ask):
    x = pt.rast(np.zeros((3, 1, 1)), names=["red", "nir", "nir"])
    with pytest.raises(LayerError) as caught:
        ask(x)
    assert str(caught.value).endswith("did you mean 'nir'?")


def nothing():
    """Three layers without a value."""
    return pt.rast(np.full((3, 3, 3), np.nan), extent=(0, 3, 0, 3), crs="EPSG:3035")


HELD = "POLYGON ((0.2 0.2, 2.8 0.2, 2.8 2.8, 0.2 2.8, 0.2 0.2))"


@pytest.mark.parametrize("name", ["any", "all", "sum", "prod", "min", "mean", "median", "count"])
def test_a_statistic_of_nothing_is_the_same_in_every_verb(name):
    x = nothing()
    area = pt.vect(HELD, crs="EPSG:3035")
    expected = {"any": 0.0, "count": 0.0}.get(name, np.nan)  # as terra 1.9: any() of nothing is 0
    found = {
        "app": x.app(name, na_rm=True)[1, 1],
        "tapp": x.tapp([1, 1, 1], name, na_rm=True)[1, 1],
        "aggregate": x[0].aggregate(3, name, na_rm=True)[0, 0],
        "extract": x[0].extract(area, name, na_rm=True).iloc[0, 1],
    }
    if name != "count":
        found["focal"] = x[0].focal(3, name, na_rm=True)[1, 1]
        found["focal weights"] = x[0].focal([[np.nan, 1, 1]], name, na_rm=True)[1, 1]
    for verb, value in found.items():
        np.testing.assert_array_equal(np.ravel(value), expected, err_msg=verb)


def test_a_range_of_nothing_has_two_numbers():
    x, area = nothing(), pt.vect(HELD, crs="EPSG:3035")
    assert np.isnan(x.app("range", na_rm=True)[1, 1]).tolist() == [True, True]
    found = x[0].extract(area, "range", na_rm=True)
    assert list(found.columns) == ["ID", "lyr.1", "lyr.1.1"]
    assert found.iloc[0, 1:].isna().all()
    outside = pt.vect(HELD, crs="EPSG:3035").shift(100, 0)
    assert x[0].extract(outside, "range").shape == (1, 3)


def test_a_function_that_gives_a_vector_of_one_is_compiled_and_run():
    x = pt.rast(np.arange(12.0).reshape(3, 2, 2))
    for fun in (lambda v: v[:1] * 2, lambda v: np.array([v.sum()]), lambda v: v.sum()):
        expected = np.array([float(np.ravel(fun(v))[0]) for v in x.values()])
        assert x.app(fun, nlyr=1).values(drop=True).tolist() == expected.tolist()
        assert x.app(fun).values(drop=True).tolist() == expected.tolist()
