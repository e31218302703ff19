"""Functions of bytes are looked up in tables, with the bits of the plain way."""

import numpy as np
import pytest
import rasterio

import pyterra as pt
from pyterra.expr import Read
from pyterra.io.raster.encoding import Encoding
from pyterra.io.table import TableSource
from pyterra.run import tables

NAN = float("nan")
SIDE = 50


def file(path, dtype, **options):
    limits = np.iinfo(dtype)
    values = np.random.default_rng(1).integers(limits.min, limits.max + 1, (2, SIDE, SIDE)).astype(dtype)
    scale = options.pop("scale", None)
    profile = {
        "driver": "GTiff", "count": 2, "height": SIDE, "width": SIDE, "dtype": dtype, "crs": "EPSG:32631",
        "transform": rasterio.Affine(30, 0, 5e5, 0, -30, 5e6), **options,
    }  # fmt: skip
    with rasterio.open(path, "w", **profile) as out:
        out.write(values)
        if scale is not None:
            out.scales, out.offsets = (scale, scale), (3.0, 3.0)
    return pt.rast(path)


SOURCES = {
    "bytes": lambda path: file(path, "uint8"),
    "bytes with a code": lambda path: file(path, "uint8", nodata=255),
    "signed bytes": lambda path: file(path, "int8", nodata=-128),
    "scaled bytes": lambda path: file(path, "uint8", nodata=0, scale=0.1),
    "layers in another order": lambda path: file(path, "uint8", nodata=7)[[1, 0]],
    "bool": lambda path: pt.rast(np.random.default_rng(2).random((2, SIDE, SIDE)) > 0.5),
    "array": lambda path: pt.rast(np.random.default_rng(3).integers(0, 256, (2, SIDE, SIDE), dtype="uint8")),
}
VERBS = {
    "classify by ranges": lambda r: r.classify([[0, 50, 1], [50, 120, 2], [120, 300, 3]], others=9),
    "classify by codes": lambda r: r.classify([[i, (7 * i) % 200] for i in range(150)] + [[NAN, 5]]),
    "subst": lambda r: r.subst([1, 2, None], [10.25, NAN, 4]),
    "clamp": lambda r: r.clamp(20, 90),
    "clamp without values": lambda r: r.clamp(20, 90, values=False),
    "arithmetic": lambda r: r * 0.37 + 4,
    "power": lambda r: 1.01**r,
    "comparison": lambda r: r > 100.5,
    "math": lambda r: (r + 1).log(),
    "missing": lambda r: r.is_na(),
    "a chain": lambda r: (r.clamp(3, 200) / 7).sqrt().classify([[0, 2, NAN], [2, 3, 8]]),
    "a window after": lambda r: r.classify([[0, 128, 0], [128, 256, 1]]).focal(3, "mean", na_rm=True),
    "with itself": lambda r: r.clamp(0, 50) + r,
    "with another": lambda r: r.clamp(0, 50) + (r * 2).aggregate(1),
    "one layer": lambda r: (r * 2)[1],
}


@pytest.fixture(params=SOURCES)
def source(request, tmp_path):
    return SOURCES[request.param](tmp_path / "a.tif")


@pytest.mark.parametrize("verb", VERBS)
def test_tables_give_the_bits_of_the_plain_way(source, verb, monkeypatch):
    monkeypatch.setattr(tables, "LEAST_CELLS", 10**12)
    plain = VERBS[verb](source).to_numpy()
    monkeypatch.setattr(tables, "LEAST_CELLS", 1)
    looked_up = VERBS[verb](source).to_numpy()
    assert looked_up.dtype == plain.dtype
    assert looked_up.tobytes() == plain.tobytes()


def rewritten(r, monkeypatch, held=lambda _: False):
    monkeypatch.setattr(tables, "LEAST_CELLS", 1)
    return tables.with_tables(r._node, held)


def test_a_chain_over_bytes_becomes_one_table(source, monkeypatch):
    node = rewritten(VERBS["a chain"](source), monkeypatch)
    assert isinstance(node, Read)
    assert isinstance(node.source, TableSource)
    assert [layer.name for layer in node.layers] == source.names


@pytest.mark.parametrize(
    "make",
    [
        lambda r: r + r,
        lambda r: r.app("sum"),
        lambda r: r.app(lambda v: v[0]),
        lambda r: r.focal(3),
        lambda r: pt.rast(np.zeros((2, 3), "int16")) + 1,
        lambda r: pt.rast(np.zeros((2, 3))) + 1,
    ],
    ids=["two inputs", "across layers", "a function", "a window", "wider numbers", "floats"],
)
def test_everything_else_stays_as_it_is(make, monkeypatch):
    r = make(SOURCES["array"](None))
    assert rewritten(r, monkeypatch) is r._node


def test_values_at_hand_are_used_rather_than_computed_again(monkeypatch):
    r = SOURCES["array"](None) * 2
    assert rewritten(r, monkeypatch, held=lambda node: node is r._node) is r._node


def test_small_rasters_are_not_worth_a_table():
    r = SOURCES["array"](None) * 2
    assert tables.with_tables(r._node, lambda _: False) is r._node


def test_a_read_at_reduced_resolution_is_looked_up_too(tmp_path, monkeypatch):
    r = SOURCES["bytes with a code"](tmp_path / "a.tif") + 1
    node = rewritten(r, monkeypatch)
    window = r._node.grid.window
    coarse = node.source.read_reduced(node.bands, window, (10, 10), node.dtype)
    below = r._node.inputs[0]
    assert np.array_equal(
        coarse, below.source.read_reduced(below.bands, window, (10, 10), node.dtype) + 1, equal_nan=True
    )


IN_BYTES = {
    "classify by ranges", "classify by codes", "clamp", "clamp without values", "comparison", "missing",
}  # fmt: skip


@pytest.mark.parametrize("verb", VERBS)
def test_what_is_computed_of_bytes_is_held_in_bytes_where_they_hold_it(source, verb, monkeypatch):
    plain = VERBS[verb](source).to_numpy()
    monkeypatch.setattr(tables, "LEAST_CELLS", 1)
    r = VERBS[verb](source)
    held = r.compute()
    again = held.to_numpy()
    assert held.in_memory()
    assert (again.dtype, again.tobytes()) == (plain.dtype, plain.tobytes())
    np.testing.assert_array_equal(held[[1, 0]].to_numpy() if len(held) > 1 else plain, plain[::-1])
    assert (held * 2).to_numpy().tobytes() == (r * 2).to_numpy().tobytes()
    whole = np.isnan(plain) | (
        (plain == np.trunc(plain)) & (plain >= 0) & (plain <= 255) & ~np.signbit(plain)
    )
    if verb in IN_BYTES and whole.all() and "scaled" not in str(source.sources()):
        assert held._node.source.held.dtype.itemsize == 1
    with np.errstate(invalid="ignore"):
        np.testing.assert_array_equal(
            held.minmax(), [np.fmin.reduce(plain, (1, 2)), np.fmax.reduce(plain, (1, 2))]
        )


def test_bytes_that_are_all_taken_leave_no_code_for_missing(monkeypatch):
    monkeypatch.setattr(tables, "LEAST_CELLS", 1)
    every = pt.rast(np.arange(256, dtype="uint8").reshape(1, 16, 16))
    full, gap = every.classify([[0, 0]]).compute(), every.classify([[0, NAN]]).compute()
    assert full._node.source.code is None
    assert gap._node.source.code == 0
    more = every.subst([1, 2], [NAN, 255.5])
    assert more.compute()._node.source.held.dtype == "float32"
    assert np.signbit((every.classify([[0, -0.0]])).compute().to_numpy()[0, 0, 0])


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("how", [{"nodata": 255}, {"nodata": 201, "out_of_range": "clip"}, {}], ids=str)
def test_files_are_the_same_from_stored_bytes_to_stored_bytes(source, verb, how, tmp_path, monkeypatch):
    def written(name):
        path = tmp_path / name
        try:
            VERBS[verb](source).write_raster(path, datatype="uint8", **how)
        except pt.errors.PyterraError as error:
            return str(error).replace(name, "")
        with rasterio.open(path) as file:
            return file.read().tobytes(), file.nodata, [file.tags(i) for i in file.indexes]

    monkeypatch.setattr(tables, "LEAST_CELLS", 10**12)
    plain = written("plain.tif")
    monkeypatch.setattr(tables, "LEAST_CELLS", 1)
    assert written("bytes.tif") == plain


def test_blocks_are_bytes_where_all_results_are_stored_in_them(monkeypatch):
    monkeypatch.setattr(tables, "LEAST_CELLS", 1)
    r = SOURCES["array"](None)
    encoding = Encoding("uint8", 255)
    for made, dtype in ((r.clamp(3, 90), "uint8"), (r.clamp(3, 90) / 7, "uint8"), (r * 2, "float32")):
        node = tables.as_stored(made._node, lambda _: False, encoding.of_bytes)
        assert (node.dtype == "uint8") == (dtype == "uint8")
    assert Encoding("uint8", None, spare=255).of_bytes(np.zeros(3)) is None
    assert Encoding("int16", 255).of_bytes(np.zeros(3)) is None
    assert Encoding("uint8", None).of_bytes(np.array([1, NAN])) is None
    assert Encoding("uint8", 9).of_bytes(np.array([1, NAN])).tolist() == [1, 9]
