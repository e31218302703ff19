"""R functions in verbs: what terra gives for the same function and values, warnings, errors, threads."""

import pickle
import threading

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import PyterraError, RError, RWarning, UDFError
from pyterra.run import Threads, blocks_of, use_executor
from pyterra.run.held import held

CELLS = {
    "a number": "function(v) sum(v)",
    "several with names": "function(v) c(lo = min(v), hi = max(v))",
    "several without": "function(v) range(v)",
    "as many as layers": "function(v) v * 2",
    "by name": "function(v) v[['a']] - v[['c']]",
    "true or false": "function(v) v > 0.5",
    "missing": "function(v) if (is.na(v[1])) NA else which.max(v)",
    "whole numbers": "function(v) length(v)",
    "a package's": "stats::fivenum",
    "of a matrix": "rowMeans",
    "of a matrix, several": "function(m) cbind(x = rowSums(m), y = 1)",
    "only of a matrix": "function(m) { stopifnot(is.matrix(m)); m[, 1] / m[, 2] }",
    "primitive": "sqrt",
}
LAYERS = {
    "a number": "function(x, y, z) x + y * z",
    "columns": "function(x, y, z) cbind(p = x, q = z)",
    "dots": "function(...) pmax(...)",
    "vector ifelse": "function(x, y, z) ifelse(is.na(x), 0, y)",
}


@pytest.fixture
def r():
    values = np.random.default_rng(4).random((3, 6, 7))
    values[0, 1, 2:4] = np.nan
    values[:, 3, 3] = np.nan
    return pt.rast(values, names=["a", "b", "c"])


def check(rsession, found, answer, names=True):
    """The same values and names as a raster of terra."""
    matrix = rsession.doubles(rsession.call("terra::values", answer))
    np.testing.assert_array_equal(found.values(), matrix)
    if names:
        assert found.names == rsession.texts(rsession.call("names", answer))


@pytest.mark.parametrize("fun", CELLS.values(), ids=CELLS)
def test_app_gives_what_terra_gives(rsession, terra, rfun, r, fun):
    check(rsession, r.app(rfun(fun)), rsession.call("terra::app", terra(r), rfun(fun)))


def test_app_of_one_layer(rsession, terra, rfun, r):
    fun = rfun("function(v) v + 1")
    check(rsession, r[0].app(fun), rsession.call("terra::app", terra(r[0]), fun), names=False)


@pytest.mark.parametrize("fun", LAYERS.values(), ids=LAYERS)
def test_lapp_gives_what_terra_gives(rsession, terra, rfun, r, fun):
    check(rsession, r.lapp(rfun(fun)), rsession.call("terra::lapp", terra(r), rfun(fun)))


def test_lapp_by_name(rsession, terra, rfun, r):
    fun = rfun("function(c, a, b) c - a / b")
    check(rsession, r.lapp(fun, usenames=True), rsession.call("terra::lapp", terra(r), fun, usenames=True))


@pytest.mark.parametrize("fun", ["function(v, ...) sum(v)", "function(v, ...) c(a = sum(v), b = 1)"])
def test_tapp_gives_what_terra_gives(rsession, terra, rfun, r, fun):
    index = [1, 2, 1]
    check(
        rsession, r.tapp(index, rfun(fun)), rsession.call("terra::tapp", terra(r), np.array(index), rfun(fun))
    )


@pytest.mark.parametrize("fun", ["sum(v, na.rm = TRUE)", "mean(v)", "length(v)", "v[2]"])
@pytest.mark.parametrize("w", [3, (3, 5), np.array([[1, 2, 1], [1, np.nan, 2], [3, 1, 1]])])
def test_focal_gives_what_terra_gives(rsession, terra, rfun, r, fun, w):
    fun = rfun(f"function(v, ...) {fun}")
    answer = rsession.call("terra::focal", terra(r), w if isinstance(w, int) else np.array(w), fun)
    matrix = rsession.doubles(rsession.call("terra::values", answer))
    np.testing.assert_allclose(r.focal(w, fun).values(), matrix, rtol=1e-15)


def test_focal_hands_on_na_rm(rsession, terra, rfun, r):
    fun = rfun("function(v, ...) mean(v, ...)")
    answer = rsession.call("terra::focal", terra(r), 3, fun, **{"na.rm": True})
    matrix = rsession.doubles(rsession.call("terra::values", answer))
    np.testing.assert_allclose(r.focal(3, fun, na_rm=True).values(), matrix, rtol=1e-15)


@pytest.mark.parametrize("fun", ["sum(v, na.rm = TRUE)", "v[2]", "v[10]", "c(v[1], v[11])"])
def test_focal3d_gives_what_terra_gives(rsession, terra, rfun, r, fun):
    fun = rfun(f"function(v, ...) {fun}")
    answer = rsession.call("terra::focal3D", terra(r), np.array([3, 3, 3]), fun, pad=True)
    matrix = rsession.doubles(rsession.call("terra::values", answer))
    np.testing.assert_allclose(r.focal3d((3, 3, 3), fun, pad=True).values(), matrix, rtol=1e-15)


@pytest.mark.parametrize(
    "body", ["sum(x * y, ...)", "cor(x, y)", "c(u = x[1], v = sum(y))", "length(list(...))"]
)
@pytest.mark.parametrize("w", [3, (3, 5), np.array([[1, 2, 1], [1, np.nan, 2], [3, 1, 0]])])
def test_focal_pairs_hands_over_the_windows_of_two_layers(rsession, rfun, r, body, w):
    def expected(size):
        """The same function called by R for the windows of one cell after the other."""
        used = np.isnan(size) if isinstance(size, np.ndarray) else np.zeros(np.broadcast_to(size, 2), bool)
        h, v = (n // 2 for n in used.shape)
        padded = np.pad(r.to_numpy(), ((0, 0), (h, h), (v, v)), constant_values=np.nan)
        more = {"weights": size[~used]} if isinstance(size, np.ndarray) else {}
        for i, row, col in np.ndindex(2, r.nrow, r.ncol):
            both = padded[i : i + 2, row : row + used.shape[0], col : col + used.shape[1]][:, ~used]
            answer = rsession.apply(fun, *(rsession.vector(part.copy()) for part in both), **more)
            yield np.atleast_1d(rsession.doubles(answer))

    fun = rfun(f"function(x, y, ...) {body}")
    if isinstance(w, np.ndarray) and "..." in body and "sum" in body:
        fun = rfun("function(x, y, weights) sum(x * y * weights)")
    found = r.focal_pairs(w, fun).to_numpy().reshape(2, -1, r.nrow, r.ncol)
    wanted = np.array(list(expected(w))).reshape(2, r.nrow, r.ncol, -1).transpose(0, 3, 1, 2)
    np.testing.assert_allclose(found, wanted, rtol=1e-15)


def test_focal_reg_hands_over_the_windows_of_all_layers_and_names_what_comes_back(rfun, r):
    fun = rfun("function(y, b, c, ...) c(first = sum(y, ...), last = sum(b, ...) - sum(c, ...))")
    found = r.focal_reg(3, fun, na_rm=True)
    assert found.names == ["first", "last"]
    sums = r.focal(3, "sum", na_rm=True).to_numpy()
    np.testing.assert_allclose(found.to_numpy(), [sums[0], sums[1] - sums[2]], rtol=1e-12)
    np.testing.assert_array_equal(found.crop(found.ext).to_numpy()[:, 1:4, 2:5], found[1:4, 2:5])


def test_a_function_of_r_that_fails_on_windows_is_an_error_of_the_verb(rfun, r):
    with pytest.raises(UDFError, match=r"^focal_pairs: the R function failed"):
        r.focal_pairs(3, rfun("function(x) 1"))


def test_sapp_gives_what_terra_gives(rsession, terra, rfun, r):
    fun = rfun("function(x, k) x * k + terra::nlyr(x)")
    check(rsession, r.sapp(fun, k=2), rsession.call("terra::sapp", terra(r), fun, k=2))
    with pytest.raises(RError, match="no raster today"):
        r.sapp(rfun("function(x) stop('no raster today')"))


def test_arguments_of_python_reach_the_function(rfun, r):
    fun = rfun("function(v, k, add, what) sum(v) * k + add[2] + nchar(what)")
    found = r.app(fun, k=3, add=[10, 20], what='it\'s "x"\\')
    np.testing.assert_allclose(found.to_numpy()[0], r.to_numpy().sum(axis=0) * 3 + 20 + 9, rtol=1e-15)
    summed = r.app(rfun("sum"), na_rm=True).to_numpy()[0]
    np.testing.assert_allclose(summed, np.nansum(r.to_numpy(), axis=0))


def test_functions_of_robjects_are_taken(r, rsession):
    robjects = pytest.importorskip("rpy2.robjects")
    found = r.app(robjects.r("function(v) v[1] * 2"))
    np.testing.assert_array_equal(found.to_numpy()[0], r.to_numpy()[0] * 2)


def test_names_of_layers_are_data(rfun, r):
    r.names = ["it's", '"); stop("x', "ü\n\\"]
    found = r.app(rfun("function(v) nchar(names(v))"))
    assert found.to_numpy()[:, 0, 0].tolist() == [4, 11, 3]


def test_warnings_become_python_warnings(rfun, r):
    found = r.app(rfun("function(v) { if (is.na(v[1])) warning('no first'); v[2] }"))
    with pytest.warns(RWarning, match="R: no first"):
        found.to_numpy()


def test_errors_say_where_and_what_r_said(rfun, r):
    found = r.app(rfun("function(v) if (is.na(v[1])) stop('gone wrong') else 1"))
    with pytest.raises(UDFError, match=r"app: R: gone wrong \[block of rows 0:6, .*input layers: a, b, c"):
        found.to_numpy()
    with pytest.raises(UDFError, match=r"lapp: the R function failed .*undefined_thing"):
        r.lapp(rfun("function(x, y, z) undefined_thing"))


@pytest.mark.parametrize(
    ("fun", "text"),
    [
        ("function(v) 'text'", "must give numbers, got character"),
        ("function(v) NULL", "must give numbers, got nothing"),
        ("function(v) list(1, 2)", "must give numbers, got list"),
    ],
)
def test_results_that_are_no_numbers_are_refused(rfun, r, fun, text):
    with pytest.raises(UDFError, match=text):
        r.app(rfun(fun))


def test_another_number_of_values_for_a_cell_is_an_error(rfun, r):
    with pytest.raises(UDFError, match="must give 1 values for every cell, as for the first, got 2"):
        r.app(rfun("function(v) if (is.na(v[1])) 1:2 else 1")).to_numpy()


@pytest.mark.parametrize("block", [(6, 7), (1, 7), (2, 3)])
def test_any_blocks_and_workers_give_the_same_bits(rfun, r, block):
    made = (r * 3).app(rfun("function(v) c(mean(v), sd(v))")).focal(3, rfun("function(v) sum(v)"))
    expected = made.to_numpy()
    out = np.empty_like(expected)
    held.clear()
    with use_executor(Threads(2)):
        for window, part in blocks_of(made._node, lambda b, w: b.copy(), block=block):
            out[:, *window.slices_in(made._node.grid.window)] = part
    np.testing.assert_array_equal(out, expected)


def test_results_do_not_live_in_rs_memory(rsession, rfun, r):
    found = r.app(rfun("function(v) v")).to_numpy()
    before = found.copy()
    for _ in range(3):
        rsession.call("gc")
        rsession.vector(np.full(1000, -1.0))
    np.testing.assert_array_equal(found, before)
    found[:] = 0


def test_a_raster_may_be_computed_in_any_thread(rfun, r):
    made, results = r.app(rfun("function(v) sum(v)")), []
    thread = threading.Thread(target=lambda: results.append(made.to_numpy()))
    thread.start()
    thread.join()
    np.testing.assert_array_equal(results[0], made.to_numpy())


def test_r_functions_do_not_travel(rfun, r):
    with pytest.raises(PyterraError, match="cannot be sent to other processes"):
        pickle.dumps(r.app(rfun("function(v) sum(v)"))._node)


PLAIN = "function(v, ...) sum(v > 0.5, ...)"


def test_functions_over_groups_zones_and_layers_give_what_terra_gives(rsession, terra, rfun, r):
    fun = rfun(PLAIN)
    zones = pt.rast(np.tile([1.0, 1, 1, 2, 2, 2, 2], (6, 1)), names=["z"])
    check(rsession, r.aggregate((2, 7), fun), rsession.call("terra::aggregate", terra(r), [2, 7], fun))
    table = rsession.call("terra::zonal", terra(r), terra(zones), fun)
    np.testing.assert_array_equal(
        r.zonal(zones, fun).to_numpy(float), np.stack([rsession.doubles(p) for p in rsession.parts(table)]).T
    )
    found = rsession.call("terra::global", terra(r), fun, **{"na.rm": True})
    np.testing.assert_array_equal(
        r.global_(fun, na_rm=True)["global"], rsession.doubles(rsession.parts(found)[0])
    )


def test_functions_over_shapes_and_records(rfun, r):
    square = pt.ext(0, 2, 4, 6).as_polygons()
    largest = rfun("function(v) max(v)")
    cells = r.to_numpy()[:, :2, :2].reshape(3, -1)
    assert r.extract(square, largest).iloc[0, 1:].tolist() == pytest.approx(
        cells.max(axis=1).tolist(), nan_ok=True
    )
    points = pt.vect(
        np.array([[0.5, 0.5], [0.6, 0.6], [3.5, 3.5]]), atts={"size": [2.0, 5.0, 7.0], "g": ["a", "a", "b"]}
    )
    assert np.nansum(points.rasterize(r, "size", largest).to_numpy()) == 12
    assert points.aggregate("g", fun=largest).values()["agg_size"].tolist() == [5, 7]
    counted = r[0].init(rfun("function(n) seq_len(n)"))
    assert counted.to_numpy().ravel().tolist() == list(range(1, 43))


def test_functions_that_give_no_numbers_are_refused_where_they_are_called(rfun, r):
    text = rfun("function(v) 'a'")
    for call in (lambda: r.aggregate(2, text), lambda: r.global_(text), lambda: r.init(text)):
        with pytest.raises(PyterraError, match="it must give numbers, got character"):
            call()


def test_layers_are_named_as_terra_1_9_names_them(rfun, r):
    names = {
        "function(v) 5": ["lyr.1"],
        "range": ["lyr.1", "lyr.2"],
        "function(v) v * 2": ["a", "b", "c"],
        "function(v) unname(v)": ["lyr.1", "lyr.2", "lyr.3"],
        "function(v) c(v, 1)": ["lyr.1", "lyr.2", "lyr.3", "lyr.4"],
        "function(v) c(lo = min(v), hi = 2)": ["lo", "hi"],
        "fivenum": [f"lyr.{i}" for i in range(1, 6)],
    }
    for fun, wanted in names.items():
        assert r.app(rfun(fun)).names == wanted, fun
    assert r.tapp([1, 1, 1], rfun("range")).names == ["X1_1", "X1_2"]
    assert r.lapp(rfun("function(x, y, z) cbind(x, y)")).names == ["x", "y"]
