"""Arguments that a verb does not have: refused with what to write instead, whoever is asked."""

import inspect
import pickle

import numpy as np
import pytest

import pyterra as pt
from pyterra.arguments import FILL, NAMES, choice
from pyterra.errors import ArgumentError, UnknownArgumentError
from pyterra.generics import CLASSES, member, members

R = pt.rast(nrows=3, ncols=3, vals=range(9))
V = pt.vect([[0.0, 0.0], [1.0, 1.0]], crs="EPSG:3035")
E = pt.ext(0, 1, 0, 1)

METHODS = [(cls, name) for cls in CLASSES for name in members(cls) if inspect.isfunction(member(cls, name))]


@pytest.mark.parametrize(
    ("call", "advice"),
    [
        (lambda: R.focal(3, filename="a.tif"), r".write_raster\(path\) writes the result"),
        (lambda: pt.crop(R, R, overwrite=True), "overwrite=True over another"),
        (lambda: R.app("mean", wopt={}), "options="),
        (lambda: R.app("mean", cores=2), "workers="),
        (lambda: R.write_raster("a.tif", filetype="COG"), "it is format="),
        (lambda: R.write_raster("a.tif", NAflag=-1), "it is nodata="),
        (lambda: R.write_raster("a.tif", gdal=["TILED=YES"]), "it is options="),
        (lambda: R.clamp(0, datatype="INT2S"), "with datatype="),
        (lambda: R.plot(col="red"), "it is colors="),
        (lambda: R.as_polygons(dissolve=False), "it is aggregate="),
        (lambda: R.extract(V, ID=False), "it is id="),
        (lambda: R.approximate(NArule=2), "it is na_rule="),
        (lambda: R.focal(3, fillValue=2), "it is fillvalue="),
        (lambda: pt.rast(res=3), "it is resolution="),
        (lambda: pt.add_legend("right", legend=["a"]), "it is labels="),
        (lambda: pt.vect("a.gpkg", exten=E), "did you mean 'extent'"),
        (lambda: V.buffer(1, quadsegz=3), "did you mean"),
        (lambda: E.extend(1, x=3), "there are y"),
        (lambda: pt.sds(R).crop(E, snapp="in"), "did you mean 'snap'"),
    ],
)
def test_the_name_to_use_is_said(call, advice):
    with pytest.raises(UnknownArgumentError, match=advice):
        call()


@pytest.mark.parametrize(("cls", "name"), METHODS, ids=lambda value: getattr(value, "__name__", value))
def test_every_method_refuses_what_it_does_not_know(cls, name):
    body = getattr(cls, name)
    kinds = {one.kind for one in inspect.signature(body).parameters.values()}
    unknown = "filename" if inspect.Parameter.VAR_KEYWORD in kinds else "no_such_argument"
    if unknown in inspect.signature(body).parameters:
        unknown = "overwritten"
    with pytest.raises(UnknownArgumentError, match=f"^{name}: there is no argument {unknown}="):
        body(object(), **{unknown: 1})


def test_it_is_a_type_error_too_as_everywhere_in_python():
    for kind in (TypeError, ValueError, ArgumentError):
        with pytest.raises(kind):
            R.crop(E, no=1)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (
            lambda: pt.rast("a.nc", "pr"),
            "rast: only x may stand without a name, got 'pr' too; write the others as .*subds=",
        ),
        (
            lambda: pt.crop(R, E, "near"),
            "crop: only x, y may stand without a name, got 'near' too; write .* snap=, mask=",
        ),
        (lambda: R.is_lonlat(R), "is_lonlat: only x may stand without a name, got SpatRaster too$"),
    ],
)
def test_what_needs_a_name_is_said(call, told):
    with pytest.raises(UnknownArgumentError, match=told):
        call()


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("clip", "; there are crop and mask$"),
        ("reproject", "; there is project$"),
        ("focalMat", "; it is focal_mat$"),
        ("high", r"; it stands in brackets: \['high'\]$"),
        ("no_such", "object has no attribute 'no_such'$"),
    ],
)
def test_words_of_others_lead_to_the_verb(word, told):
    with pytest.raises(AttributeError, match=told):
        getattr(pt.rast([[1.0]], names="high"), word)


def test_columns_are_set_in_brackets():
    points = V.copy()
    with pytest.raises(AttributeError, match=r"stands in brackets: \['plot_number'\] = \.\.\.$"):
        points.plot_number = [1, 2]
    with pytest.raises(AttributeError, match=r"'_hidden'$"):
        points._hidden = 1


def test_an_error_within_a_property_is_the_one_that_is_seen(monkeypatch):
    monkeypatch.setattr(type(R), "broken", property(lambda self: self._no_such), raising=False)
    with pytest.raises(AttributeError, match="'_no_such'"):
        R.broken  # noqa: B018


def test_fill_may_be_said_for_the_value_that_is_put_where_there_is_none():
    points = pt.vect([[0.5, 0.5]], crs=R.crs)
    pairs = [
        (R.focal(3, fill=0), R.focal(3, fillvalue=0)),
        (R.mask(R > 4, fill=-1), R.mask(R > 4, updatevalue=-1)),
        (points.rasterize(R, fill=7), points.rasterize(R, background=7)),
        (R.buffer(1, fill=3), R.buffer(1, background=3)),
    ]
    for one, other in pairs:
        np.testing.assert_array_equal(one.to_numpy(), other.to_numpy())
    with pytest.raises(UnknownArgumentError, match="fill= is another word for background="):
        R.buffer(1, fill=1, background=2)


def test_arguments_of_a_users_function_go_on_to_it():
    def scaled(v, by, fill):
        return v[0] * by + fill

    assert R.app(scaled, by=10, fill=1).minmax().ravel().tolist() == [1, 81]


def test_methods_keep_their_signature_and_are_pickled_by_name():
    for cls, name in METHODS:
        body = getattr(cls, name)
        assert pickle.loads(pickle.dumps(body)) is body
        assert str(inspect.signature(body)) == str(inspect.signature(inspect.unwrap(body)))


def test_the_words_of_the_table_are_those_of_verbs():
    known = {word for cls, name in METHODS for word in inspect.signature(getattr(cls, name)).parameters}
    known |= set(inspect.signature(pt.rast).parameters) | set(inspect.signature(pt.vect).parameters)
    assert {word for words in NAMES.values() for word in words} <= known
    assert set(FILL) <= known


def test_a_choice_may_be_begun():
    assert choice("ver", ("vertical", "horizontal"), "flip: direction") == "vertical"
    assert choice("near", ("near", "nearest"), "resample: method") == "near"
    for value in ("", None, 1, "x", "verticals"):
        with pytest.raises(ArgumentError, match="flip: direction: must be one of vertical, horizontal, got"):
            choice(value, ("vertical", "horizontal"), "flip: direction")
    with pytest.raises(ArgumentError, match="got 'm'; did you mean 'min' or 'max'"):
        choice("m", ("min", "max", "sum"), "what")


def test_verbs_take_the_beginning_of_a_choice():
    np.testing.assert_array_equal(R.flip("h").to_numpy(), R.flip("horizontal").to_numpy())
    points = pt.vect([[0, 0], [3, 0], [0, 2]], type="point")
    assert points.hull("rect").geom(wkt=True) == points.hull("rectangle").geom(wkt=True)
    assert points.flip("vert").geom(wkt=True) == points.flip("vertical").geom(wkt=True)
