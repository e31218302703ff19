"""Cases of data sets and collections of rasters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from inputs import Inputs

import pyterra as pt
from cases.case import Case, plain_case, values_case


def dataset(z: Inputs) -> pt.SpatRasterDataset:
    """Two variables on one grid, of as many layers."""
    return pt.sds(u=z.x, v=z.x * 2)


def uneven(z: Inputs) -> pt.SpatRasterDataset:
    """Two variables, the second of one layer."""
    return pt.sds(u=z.x, v=z.x[0] * 2)


def collection(z: Inputs) -> pt.SpatRasterCollection:
    """A raster and itself further east."""
    return pt.sprc(a=z.x, b=z.x.shift(z.x.res[0] * 3))


def with_attribute(s: Any, name: str, value: Any) -> Any:
    setattr(s, name, value)
    return s


def with_item(s: Any, key: Any, value: Any) -> Any:
    s[key] = value
    return s


def _dataset(verb: str, build: Callable[[Inputs], Any], note: str = "") -> Case:
    return plain_case(f"SpatRasterDataset.{verb}", build, note)


def _collection(verb: str, build: Callable[[Inputs], Any], note: str = "") -> Case:
    return plain_case(f"SpatRasterCollection.{verb}", build, note)


DATASETS = [
    *(
        _dataset(name, lambda z, n=name: getattr(dataset(z), n))
        for name in "names nlyr nrow ncol ncell shape res ext crs units long_names varnames".split()
    ),
    *(
        _dataset(name, lambda z, n=name: with_attribute(dataset(z), n, ["p", "q"]), "set")
        for name in "names units long_names varnames".split()
    ),
    _dataset("sources", lambda z: dataset(z).sources()),
    Case("SpatRasterDataset.to_memory", lambda z: pt.rast(dataset(z).to_memory()), reads="values are held"),
    _dataset("time", lambda z: dataset(z).time),
    _dataset(
        "time",
        lambda z: with_attribute(dataset(z), "time", ["2020-01-01", "2020-01-02", "2020-01-03"]),
        "set",
    ),
    _dataset("time_info", lambda z: dataset(z).time_info()),
    values_case("SpatRasterDataset.as_array", lambda z: dataset(z).as_array()),
    values_case("SpatRasterDataset.extract", lambda z: dataset(z).extract([z.ext.mean()])),
    values_case("SpatRasterCollection.extract", lambda z: collection(z).extract([z.ext.mean()])),
    Case("SpatRasterDataset.merge_time", lambda z: pt.sds(a=z.series, b=z.series * 2).merge_time()),
    _collection("compare_geom", lambda z: collection(z).compare_geom()),
    Case("SpatRasterCollection.impose", lambda z: collection(z).impose(z.x, "near")),
    _dataset("subset", lambda z: dataset(z).subset([1, 0])),
    _dataset("crop", lambda z: dataset(z).crop(z.ext * 0.5)),
    Case("SpatRasterDataset.app", lambda z: dataset(z).app("mean")),
    Case(
        "SpatRasterDataset.app",
        lambda z: uneven(z).app(lambda v: v[0] - v[1]),
        "recycled, a function",
        costly=True,
    ),
    Case("SpatRasterDataset.lapp", lambda z: dataset(z).lapp(lambda u, v: u + v)),
    Case("SpatRasterDataset.lapp", lambda z: uneven(z).lapp(lambda u, v: v[0] - u.sum(axis=0)), "one layer"),
    Case(
        "SpatRasterDataset.lapp",
        lambda z: uneven(z).lapp(lambda v, u: u + v, usenames=True, recycle=True),
        "by name, recycled",
    ),
]

COLLECTIONS = [
    *(
        _collection(name, lambda z, n=name: getattr(collection(z), n))
        for name in "names nlyr nrow ncol shape ext".split()
    ),
    _collection("names", lambda z: with_attribute(collection(z), "names", ["p", "q"]), "set"),
    _collection("sources", lambda z: collection(z).sources()),
    _collection("subset", lambda z: collection(z).subset("b")),
    _collection("crop", lambda z: collection(z).crop(z.ext * 0.5)),
    Case("SpatRasterCollection.merge", lambda z: collection(z).merge()),
    Case("SpatRasterCollection.merge", lambda z: collection(z).merge(first=False), "last on top"),
    Case("SpatRasterCollection.mosaic", lambda z: collection(z).mosaic(fun="max")),
]

MAKING = [
    values_case("SpatRasterDataset._repr_html_", lambda z: dataset(z)._repr_html_()),
    values_case("SpatRasterCollection._repr_html_", lambda z: collection(z)._repr_html_()),
    plain_case("pt.sds", dataset),
    plain_case("pt.sds", lambda z: pt.sds({"a": z.x, "b": z.x}), "mapping"),
    plain_case("pt.sprc", collection),
    plain_case("pt.sprc", lambda z: pt.sprc([z.x, z.x]), "list"),
    Case("pt.rast", lambda z: pt.rast(uneven(z)), "data set"),
    plain_case("pt.c", lambda z: pt.c(dataset(z), w=z.x), "data set"),
    plain_case("pt.c", lambda z: pt.c(collection(z), collection(z)), "collections"),
]

BOTH = [
    plain_case(f"{cls}.{name}", lambda z, m=make, a=act: a(m(z)), note)
    for cls, make in (("SpatRasterDataset", dataset), ("SpatRasterCollection", collection))
    for name, note, act in (
        ("__len__", "", len),
        ("__iter__", "", list),
        ("__repr__", "", repr),
        ("__getitem__", "number", lambda s: s[0]),
        ("__getitem__", "name", lambda s: s[s.names[1]]),
        ("__setitem__", "number", lambda s: with_item(s, 0, s[1])),
        ("__setitem__", "new name", lambda s: with_item(s, "w", s[1])),
    )
]


def vectors(z: Inputs) -> pt.SpatVectorCollection:
    """Points under a name, and a rectangle."""
    return pt.svc(pt.vect([[0.0, 0.0], [1.0, 2.0]]), area=pt.vect(pt.ext(0, 1, 0, 1)))


def _vectors(verb: str, build: Callable[[Inputs], Any], note: str = "") -> Case:
    return plain_case(f"SpatVectorCollection.{verb}", build, note)


VECTOR_COLLECTIONS = [
    *(_vectors(name, lambda z, n=name: getattr(vectors(z), n)) for name in ("names", "ext", "crs")),
    _vectors("project", lambda z: pt.svc(pt.vect([[0.0, 0.0]], crs="EPSG:4326")).project("EPSG:3857")),
    _vectors("names", lambda z: with_attribute(vectors(z), "names", ["p", "q"]), "set"),
    _vectors("__setitem__", lambda z: with_item(vectors(z), "area", pt.vect(z.ext)).ext),
    _vectors("__len__", lambda z: len(vectors(z))),
    _vectors("__iter__", lambda z: [v.geomtype() for v in vectors(z)]),
    _vectors("__getitem__", lambda z: vectors(z)["area"]),
    _vectors("__getitem__", lambda z: vectors(z)[1:], "some"),
    _vectors("__repr__", lambda z: repr(vectors(z))),
    _vectors("_repr_html_", lambda z: vectors(z)._repr_html_()),
]

STACKS = [*DATASETS, *COLLECTIONS, *MAKING, *BOTH, *VECTOR_COLLECTIONS]

STACK_EXCEPTIONS = {
    "SpatRasterDataset.__reduce__": "pickling, tested in test_datasets",
    "SpatRasterCollection.__reduce__": "pickling, tested in test_datasets",
    "SpatVectorCollection.__reduce__": "pickling, tested in test_datasets",
    "pt.SpatRasterDataset": "users make data sets with sds()",
    "pt.SpatRasterCollection": "users make collections with sprc()",
}
"""Public names without a case, and why."""
