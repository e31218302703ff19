"""Statistics over layers: terra's rules by hand, numpy as oracle, the same bits however cells are cut."""

from __future__ import annotations

import shutil
import subprocess
import warnings

import numpy as np
import pytest

from pyterra.kernels import stats

NAN = np.nan
# One cell per column: no gap, all missing, gap at the start, all zero, gap in the middle, gap at the end.
CELLS = np.array([[1, NAN, NAN, 0, 2, 0], [0, NAN, 0, 0, NAN, 0], [3, NAN, 1, 0, 2, NAN]])

STRICT = {
    "sum": [4, NAN, NAN, 0, NAN, NAN],
    "prod": [0, NAN, NAN, 0, NAN, NAN],
    "mean": [4 / 3, NAN, NAN, 0, NAN, NAN],
    "min": [0, NAN, NAN, 0, NAN, NAN],
    "max": [3, NAN, NAN, 0, NAN, NAN],
    "median": [1, NAN, NAN, 0, NAN, NAN],
    "modal": [0, NAN, NAN, 0, NAN, NAN],
    "sd": [np.sqrt(7 / 3), NAN, NAN, 0, NAN, NAN],
    "std": [np.sqrt(14 / 9), NAN, NAN, 0, NAN, NAN],
    "var": [7 / 3, NAN, NAN, 0, NAN, NAN],
    "any": [1, NAN, NAN, 0, NAN, NAN],
    "all": [0, NAN, 0, 0, NAN, 0],
    "none": [0, NAN, NAN, 1, NAN, NAN],
    "which": [0, NAN, 2, NAN, 0, NAN],
    "which_min": [1, NAN, NAN, 0, NAN, NAN],
    "which_max": [2, NAN, NAN, 0, NAN, NAN],
    "rms": [np.sqrt(5), NAN, NAN, 0, NAN, NAN],
    "first": [1, NAN, NAN, 0, 2, 0],
    "last": [3, NAN, 1, 0, 2, NAN],
    "nunique": [3, NAN, NAN, 1, NAN, NAN],
    "count": [3, 0, 2, 3, 2, 2],
    "count_na": [0, 3, 1, 0, 1, 1],
}
LENIENT = STRICT | {
    "sum": [4, NAN, 1, 0, 4, 0],
    "prod": [0, NAN, 0, 0, 4, 0],
    "mean": [4 / 3, NAN, 0.5, 0, 2, 0],
    "min": [0, NAN, 0, 0, 2, 0],
    "max": [3, NAN, 1, 0, 2, 0],
    "median": [1, NAN, 0.5, 0, 2, 0],
    "modal": [0, NAN, 0, 0, 2, 0],
    "sd": [np.sqrt(7 / 3), NAN, np.sqrt(0.5), 0, 0, 0],
    "std": [np.sqrt(14 / 9), NAN, 0.5, 0, 0, 0],
    "var": [7 / 3, NAN, 0.5, 0, 0, 0],
    "any": [1, 0, 1, 0, 1, 0],
    "all": [0, NAN, 0, 0, 1, 0],
    "none": [0, 1, 0, 1, 0, 1],
    "which_min": [1, NAN, 1, 0, 0, 0],
    "which_max": [2, NAN, 2, 0, 0, 0],
    "rms": [np.sqrt(5), NAN, 1, 0, np.sqrt(8), 0],
    "first": [1, NAN, 0, 0, 2, 0],
    "last": [3, NAN, 1, 0, 2, 0],
    "nunique": [3, 0, 2, 1, 1, 1],
}


def series(layers: int, cells: int, dtype: str, gaps: float = 0.3, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    values = rng.normal(100, 30, (layers, cells)).astype(dtype)
    values[rng.random(values.shape) < gaps] = np.nan
    return values


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("na_rm", "expected"), [(False, STRICT), (True, LENIENT)])
@pytest.mark.parametrize("name", sorted(STRICT))
def test_statistic_follows_the_na_rules(name, na_rm, expected, dtype):
    got = stats.layer_stat(CELLS.astype(dtype), name, na_rm, out_dtype="float64")
    np.testing.assert_allclose(got[0], expected[name], rtol=1e-15)


def test_every_name_has_a_hand_case():
    assert set(STRICT) | {"range"} == stats.NAMES


def test_range_gives_minimum_and_maximum():
    np.testing.assert_array_equal(stats.layer_stat(CELLS, "range", True), [LENIENT["min"], LENIENT["max"]])


@pytest.mark.parametrize("layers", [1, 2, 3, 7, 24, 65])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_statistics_equal_numpy(layers, dtype):
    block = series(layers, 611, dtype)
    wide = block.astype("float64")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        oracle = {
            "mean": np.nanmean(wide, 0),
            "sd": np.nanstd(wide, 0, ddof=1),
            "std": np.nanstd(wide, 0),
            "var": np.nanvar(wide, 0, ddof=1),
            "min": np.nanmin(wide, 0),
            "max": np.nanmax(wide, 0),
            "median": np.nanmedian(wide, 0),
            "sum": np.where(np.isnan(wide).all(0), np.nan, np.nansum(wide, 0)),
            "prod": np.where(np.isnan(wide).all(0), np.nan, np.nanprod(wide, 0)),
        }
    for name, expected in oracle.items():
        got = stats.layer_stat(block, name, True, out_dtype="float64")[0]
        np.testing.assert_allclose(got, expected, rtol=1e-12, err_msg=name)


@pytest.mark.parametrize("layers", [1, 2, 5, 24, 33])
def test_quantiles_equal_numpy(layers):
    block = series(layers, 700, "float64", gaps=0.4)
    probs = [0, 0.1, 1 / 3, 0.5, 0.9, 1]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        expected = np.nanquantile(block, probs, axis=0)
    np.testing.assert_allclose(stats.quantiles(block, probs, True), expected, rtol=1e-13)
    strict = np.where(np.isnan(block).any(0), np.nan, expected)
    np.testing.assert_allclose(stats.quantiles(block, probs), strict, rtol=1e-13)


@pytest.mark.parametrize("layers", range(1, 40))
def test_extreme_quantiles_of_any_number_of_layers_are_minimum_and_maximum(layers):
    block = series(layers, 40, "float32", gaps=0.1)
    np.testing.assert_array_equal(
        stats.quantiles(block, [0, 1], True), stats.layer_stat(block, "range", True)
    )


def test_mode_takes_the_lowest_of_tied_values():
    rng = np.random.default_rng(4)
    block = rng.integers(-2, 3, (9, 500)).astype("float32")
    block[rng.random(block.shape) < 0.3] = np.nan
    expected = []
    for cell in block.T:
        values, counts = np.unique(cell[~np.isnan(cell)], return_counts=True)
        expected.append(values[np.argmax(counts)] if values.size else np.nan)
    np.testing.assert_array_equal(stats.layer_stat(block, "modal", True)[0], expected)


@pytest.mark.parametrize("na_rm", [False, True])
@pytest.mark.parametrize("name", ["min", "max", "median", "modal", "which_min", "which_max"])
def test_infinite_values_are_values(name, na_rm):
    block = np.array([[np.inf, -np.inf, np.inf], [np.inf, -np.inf, -np.inf], [np.inf, -np.inf, 1]])
    expected = {
        "min": [np.inf, -np.inf, -np.inf],
        "max": [np.inf, -np.inf, np.inf],
        "median": [np.inf, -np.inf, 1],
        "modal": [np.inf, -np.inf, -np.inf],
        "which_min": [0, 0, 1],
        "which_max": [0, 0, 0],
    }
    np.testing.assert_array_equal(stats.layer_stat(block, name, na_rm)[0], expected[name])


def test_spread_of_infinite_values_is_missing():
    assert np.isnan(stats.layer_stat(np.array([[np.inf], [1.0]]), "sd")).all()


def test_sample_spread_of_one_value_is_missing_and_population_spread_is_zero():
    block = np.array([[5.0], [NAN]])
    assert np.isnan(stats.layer_stat(block, "sd", True)).all()
    assert stats.layer_stat(block, "std", True)[0, 0] == 0


def test_sums_of_integers_beyond_float32_are_exact():
    block = np.full((3, 5), 16_777_215, "float32")
    assert (stats.layer_stat(block, "sum") == 50_331_645).all()


def test_results_have_the_dtype_of_the_block_but_sums_are_float64():
    block = np.ones((2, 3), "float32")
    assert stats.layer_stat(block, "median").dtype == "float32"
    assert stats.layer_stat(block, "sum").dtype == "float64"
    assert stats.layer_stat(block, "sum", out_dtype="float32").dtype == "float32"
    assert stats.cumulative(block, "cumsum").dtype == "float64"
    assert stats.cumulative(block, "cummin").dtype == "float32"


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_cumulative_is_missing_from_the_first_missing_layer_on(dtype):
    block = np.array([[3, NAN], [1, 2], [2, 5], [NAN, 1], [7, 1]], dtype)
    gap = [NAN] * 5
    expected = {
        "cumsum": [3, 4, 6, NAN, NAN],
        "cumprod": [3, 3, 6, NAN, NAN],
        "cummin": [3, 1, 1, NAN, NAN],
        "cummax": [3, 3, 3, NAN, NAN],
    }
    for name, column in expected.items():
        np.testing.assert_array_equal(stats.cumulative(block, name), np.array([column, gap]).T)


def test_cumulative_equals_numpy():
    block = series(12, 1300, "float64", gaps=0)
    np.testing.assert_array_equal(stats.cumulative(block, "cumsum"), np.cumsum(block, 0))
    np.testing.assert_array_equal(stats.cumulative(block, "cumprod"), np.cumprod(block, 0))
    np.testing.assert_array_equal(stats.cumulative(block, "cummax"), np.maximum.accumulate(block, 0))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("window", [(0, 1), (3, 10), (1, 514), (511, 1030), (517, 1237)])
def test_a_cells_result_does_not_depend_on_where_its_block_begins(window, dtype):
    block = series(24, 1237, dtype, gaps=0.1)
    part = np.ascontiguousarray(block[:, slice(*window)])
    for na_rm in (False, True):
        for name in stats.NAMES:
            whole = stats.layer_stat(block, name, na_rm)[:, slice(*window)]
            assert stats.layer_stat(part, name, na_rm).tobytes() == whole.tobytes(), name
        whole = stats.quantiles(block, [0.1, 0.77], na_rm)[:, slice(*window)]
        assert stats.quantiles(part, [0.1, 0.77], na_rm).tobytes() == whole.tobytes()
    for name in ("cumsum", "cumprod", "cummin", "cummax"):
        whole = stats.cumulative(block, name)[:, slice(*window)]
        assert stats.cumulative(part, name).tobytes() == whole.tobytes(), name


def test_unknown_names_and_probabilities_are_refused():
    with pytest.raises(ValueError, match="got 'mode'"):
        stats.layer_stat(CELLS, "mode")
    with pytest.raises(ValueError, match=r"got \[1.5\]"):
        stats.quantiles(CELLS, 1.5)
    with pytest.raises(ValueError, match="got 'cummean'"):
        stats.cumulative(CELLS, "cummean")  # type: ignore[arg-type]


@pytest.mark.r
def test_statistics_equal_terra():
    if shutil.which("Rscript") is None:
        pytest.skip("R with the terra package is not installed")
    rng = np.random.default_rng(8)
    block = rng.integers(-3, 9, (7, 60)).astype("float64")
    block[rng.random(block.shape) < 0.15] = np.nan
    names = ["sum", "mean", "min", "max", "prod", "median", "sd", "std", "var"]
    names = {name: name for name in names} | {"which_min": "which.min", "which_max": "which.max"}
    script = f"""
    suppressMessages(library(terra))
    v <- c({",".join("NA" if np.isnan(v) else repr(float(v)) for v in block.ravel())})
    r <- rast(nrows=1, ncols=60, nlyrs=7, vals=v)
    for (f in c({",".join(map(repr, names.values()))})) for (na in c(FALSE, TRUE))
        cat(sprintf("%.17g", values(app(r, f, na.rm=na))), "\\n")
    """
    run = subprocess.run(["Rscript", "-e", script], capture_output=True, text=True)
    if "there is no package called" in run.stderr:
        pytest.skip("the R package terra is not installed")
    assert run.returncode == 0, run.stderr
    lines = iter(run.stdout.splitlines())
    for name in names:
        for na_rm in (False, True):
            expected = np.array([float(x.replace("NA", "nan")) for x in next(lines).split()])
            expected -= name.startswith("which")
            got = stats.layer_stat(block, name, na_rm)[0]
            np.testing.assert_allclose(got, expected, rtol=1e-14, err_msg=f"{name} na_rm={na_rm}")


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", sorted(stats.NAMES))
def test_part_of_a_larger_array_gives_what_a_copy_of_it_gives(name, dtype):
    rng = np.random.default_rng(5)
    whole = rng.integers(0, 6, (5, 7, 60)).astype(dtype)
    whole[rng.random(whole.shape) < 0.2] = np.nan
    for rows, cols in [(slice(0, 3), slice(None)), (slice(4, 7), slice(None)), (slice(2, 5), slice(9, 40))]:
        part = whole[:, rows, cols].reshape(5, -1)
        for na_rm in (True, False):
            np.testing.assert_array_equal(
                stats.layer_stat(part, name, na_rm), stats.layer_stat(part.copy(), name, na_rm)
            )
