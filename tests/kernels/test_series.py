"""Interpolation along layers: R's rules by hand, R itself where it is installed, one result whichever way is
taken."""

from __future__ import annotations

import itertools
import math
import shutil
import subprocess

import numpy as np
import pytest

from pyterra.kernels import series

NAN, INF = np.nan, np.inf
REDUCE = {"mean": lambda v: sum(v) / len(v), "min": min, "max": max}


def approx(x, y, at, method="linear", rule=(1, 1), f=0.0, yleft=None, yright=None, ties="mean"):
    """R's ``approx`` for one series, written out; None where R refuses."""
    pairs = [(a, b) for a, b in zip(x, y, strict=True) if not math.isnan(b)]
    if ties != "ordered":
        groups: dict[float, list[float]] = {}
        for a, b in pairs:
            groups.setdefault(a, []).append(b)
        pairs = [(a, REDUCE[ties](groups[a])) for a in sorted(groups)]
    if len(pairs) < (2 if method == "linear" else 1):
        return None
    left = yleft if yleft is not None else (pairs[0][1] if rule[0] == 2 else NAN)
    right = yright if yright is not None else (pairs[-1][1] if rule[1] == 2 else NAN)
    out = []
    for v in at:
        if math.isnan(v):
            out.append(NAN)
        elif v < pairs[0][0]:
            out.append(left)
        elif v > pairs[-1][0]:
            out.append(right)
        else:
            i = max(k for k, (a, _) in enumerate(pairs) if a <= v)
            (x0, y0), (x1, y1) = pairs[i], pairs[min(i + 1, len(pairs) - 1)]
            if v == x0:
                out.append(y0)
            elif method == "linear":
                out.append(float(np.float64(y0) + np.float64(y1 - y0) * ((v - x0) / (x1 - x0))))
            else:
                out.append((y0 * (1 - f) if f != 1 else 0.0) + (y1 * f if f != 0 else 0.0))
    return out


def one(values, positions=None, at=None, *, na_rule=1, **options):
    """Interpolate one cell."""
    positions = np.arange(1, len(values) + 1) if positions is None else positions
    plan = series.prepare(positions, at, **options)
    return series.interpolate(np.array(values, "float64")[:, None], plan, na_rule=na_rule)[:, 0]


GAPS = [NAN, 1, NAN, 3, NAN]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, [NAN, 1, 2, 3, NAN]),
        ({"rule": 2}, [1, 1, 2, 3, 3]),
        ({"rule": (2, 1)}, [1, 1, 2, 3, NAN]),
        ({"rule": (1, 2)}, [NAN, 1, 2, 3, 3]),
        ({"yleft": -9, "yright": -8}, [-9, 1, 2, 3, -8]),
        ({"rule": 2, "yleft": -1}, [-1, 1, 2, 3, 3]),
        ({"rule": 2, "yleft": NAN}, [NAN, 1, 2, 3, 3]),
        ({"method": "constant"}, [NAN, 1, 1, 3, NAN]),
        ({"method": "constant", "rule": 2}, [1, 1, 1, 3, 3]),
        ({"method": "constant", "f": 1}, [NAN, 1, 3, 3, NAN]),
        ({"method": "constant", "f": 0.25}, [NAN, 1, 1.5, 3, NAN]),
    ],
)
def test_gaps_are_filled_by_method_and_rule(options, expected):
    np.testing.assert_array_equal(one(GAPS, **options), expected)


def test_positions_need_not_be_even():
    got = one(GAPS, [1, 2, 10, 11, 12], rule=(2, 1))
    np.testing.assert_allclose(got, [1, 1, 1 + 2 * 8 / 9, 3, NAN])


def test_positions_need_not_be_in_order():
    np.testing.assert_array_equal(one([30, NAN, 10], [3, 2, 1]), [30, 20, 10])
    np.testing.assert_array_equal(one([0, 8], [0, 8], at=[6, 1, 4]), [6, 1, 4])


@pytest.mark.parametrize("options", [{}, {"rule": 2, "yleft": 5}, {"method": "constant"}])
def test_one_valid_layer_is_copied_to_all_by_na_rule_1(options):
    np.testing.assert_array_equal(one([NAN, NAN, 3], **options), [3, 3, 3])
    np.testing.assert_array_equal(one([NAN, NAN, 3], at=[-5, 2.5], **options), [3, 3])


@pytest.mark.parametrize("method", ["linear", "constant"])
def test_one_valid_layer_stays_alone_by_another_na_rule(method):
    np.testing.assert_array_equal(one([NAN, 3, NAN], na_rule=0, method=method, rule=2), [NAN, 3, NAN])


def test_at_new_positions_one_valid_layer_is_enough_for_constant_only():
    np.testing.assert_array_equal(one([NAN, 3], at=[1, 2, 5], na_rule=0), [NAN, NAN, NAN])
    np.testing.assert_array_equal(one([NAN, 3], at=[1, 2, 5], na_rule=0, method="constant"), [NAN, 3, NAN])
    np.testing.assert_array_equal(
        one([NAN, 3], at=[1, 2, 5], na_rule=0, method="constant", rule=2), [3, 3, 3]
    )


def test_a_cell_without_values_stays_missing():
    assert np.isnan(one([NAN, NAN], yleft=1, yright=1)).all()
    assert np.isnan(one([NAN, NAN], at=[0, 1, 9], yleft=1, yright=1, method="constant")).all()


def test_tied_layers_are_averaged_and_changed_when_filling():
    np.testing.assert_array_equal(one([1, NAN, 3, NAN, 9], [1, 1, 2, 3, 3]), [1, 1, 3, 9, 9])
    np.testing.assert_array_equal(one([1, 5, NAN, 3], [1, 1, 2, 3]), [3, 3, 3, 3])
    np.testing.assert_array_equal(one([1, 5, NAN, 3], [1, 1, 2, 3], ties="min"), [1, 1, 2, 3])
    np.testing.assert_array_equal(one([1, 5, NAN, 3], [1, 1, 2, 3], ties="max"), [5, 5, 4, 3])


def test_two_layers_at_one_position_give_no_line():
    np.testing.assert_array_equal(one([1, 3, NAN], [1, 1, 2]), [1, 3, NAN])
    np.testing.assert_array_equal(one([1, 3, NAN], [1, 1, 2], method="constant"), [2, 2, NAN])


def test_ordered_ties_count_from_their_own_side():
    got = one([1, 2, 4, 5, 9], [1, 2, 2, 3, 3], at=[1.5, 2, 2.5, 3], ties="ordered")
    np.testing.assert_array_equal(got, [1.5, 4, 4.5, 9])


def test_infinite_values_follow_r():
    np.testing.assert_array_equal(one([1, INF, 2], at=[1, 1.5, 2, 2.5, 3]), [1, INF, INF, NAN, 2])
    got = one([1, INF, 2], at=[1, 1.5, 2, 2.5, 3], method="constant")
    np.testing.assert_array_equal(got, [1, 1, INF, INF, 2])


def test_a_missing_or_infinite_position_asked_for():
    np.testing.assert_array_equal(one([1, 2], at=[NAN, -INF, INF], rule=2), [NAN, 1, 2])
    np.testing.assert_array_equal(one([1, NAN], at=[NAN, 1]), [NAN, 1])


def test_a_single_layer_is_returned():
    np.testing.assert_array_equal(one([7.0]), [7])
    np.testing.assert_array_equal(one([7.0], na_rule=0), [7])


def test_five_epochs_become_every_year():
    got = one([0, 100, 100, NAN, 0], [2003, 2007, 2011, 2015, 2019], np.arange(2000, 2023), rule=2)
    assert got[:8].tolist() == [0, 0, 0, 0, 25, 50, 75, 100]
    np.testing.assert_array_equal(got[11:], [100, 87.5, 75, 62.5, 50, 37.5, 25, 12.5, 0, 0, 0, 0])


OPTIONS = [
    {"method": method, "rule": rule, "f": f, "yleft": yleft, "yright": yright, "ties": ties}
    for (method, f), rule, (yleft, yright), ties in itertools.product(
        [("linear", 0.0), ("constant", 0.0), ("constant", 1.0), ("constant", 0.3)],
        [(1, 1), (2, 2), (2, 1)],
        [(None, None), (-7.0, None), (NAN, 8.0)],
        ["mean", "min", "max", "ordered"],
    )
]


def random_case(seed, options):
    """Positions with and without ties, a block with every kind of gap and infinities, places to ask for."""
    rng = np.random.default_rng(seed)
    layers = int(rng.integers(2, 9))
    x = rng.integers(-5, 6, layers) / 2 if seed % 2 else rng.permutation(np.arange(layers) * 1.25)
    if options["ties"] == "ordered":
        x = np.sort(x)
    block = rng.normal(size=(layers, 30))
    block[rng.random(block.shape) < rng.choice([0, 0.3, 0.8])] = np.nan
    block[rng.random(block.shape) < 0.02] = np.inf
    at = np.concatenate([x[:2], rng.uniform(-4, 12, 5), [np.nan, x.max(), x.min()]])
    return x, block, at


@pytest.mark.parametrize("seed", range(6))
def test_random_cases_equal_approx_cell_by_cell(seed):
    for number, options in enumerate(OPTIONS):
        x, block, at = random_case(seed * 1000 + number, options)
        with np.errstate(invalid="ignore"):
            expected = [approx(x, cell, at, **options) or [NAN] * at.size for cell in block.T]
        got = series.interpolate(block, series.prepare(x, at, **options), na_rule=0)
        np.testing.assert_allclose(got.T, expected, rtol=1e-14, err_msg=str(options))


@pytest.mark.r
def test_random_cases_equal_r():
    if shutil.which("Rscript") is None:
        pytest.skip("R is not installed")

    def vector(values):
        return f"c({','.join('NA' if np.isnan(v) else repr(float(v)).replace('inf', 'Inf') for v in values)})"

    calls, cases = [], []
    for number, options in enumerate(OPTIONS):
        x, block, at = random_case(number, options)
        cases.append((x, block[:, :5], at, options))
        ends = "".join(
            f", {key}={vector([options[key]])}" for key in ("yleft", "yright") if options[key] is not None
        )
        arguments = f'method="{options["method"]}", rule={vector(options["rule"])}, f={options["f"]}'
        for cell in block[:, :5].T:
            calls.append(
                f'g({vector(x)}, {vector(cell)}, {vector(at)}, {arguments}, ties="{options["ties"]}"{ends})'
            )
    script = (
        "g <- function(x, y, xout, ...) { v <- tryCatch(suppressWarnings(approx(x, y, xout, ...)$y),"
        ' error=function(e) rep(NA, length(xout))); cat(sprintf("%.17g", v), "\\n") }\n' + "\n".join(calls)
    )
    run = subprocess.run(["Rscript", "-"], input=script, capture_output=True, text=True, check=True)
    lines = iter(run.stdout.splitlines())
    for x, block, at, options in cases:
        expected = [[float(v.replace("NA", "nan")) for v in next(lines).split()] for _ in block.T]
        got = series.interpolate(np.ascontiguousarray(block), series.prepare(x, at, **options), na_rule=0)
        np.testing.assert_allclose(got.T, expected, rtol=1e-14, err_msg=str(options))


def test_results_have_the_dtype_of_the_block_unless_told():
    plan = series.prepare([0, 1], [0.5])
    assert series.interpolate(np.ones((2, 3), "float32"), plan).dtype == "float32"
    assert series.interpolate(np.ones((2, 3), "float32"), plan, out_dtype="float64").dtype == "float64"


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (([1, NAN],), {}, "positions must be finite"),
        (([],), {}, "positions must be finite"),
        (([1, 2],), {"method": "spline"}, 'method must be "linear" or "constant", got \'spline\''),
        (([1, 2],), {"rule": 3}, r"got \(3, 3\)"),
        (([1, 2],), {"f": 2}, r"f must lie in \[0, 1\], got 2"),
        (([1, 2],), {"ties": "median"}, "got 'median'"),
        (([2, 1],), {"ties": "ordered"}, "needs ascending positions"),
    ],
)
def test_wrong_arguments_are_refused(arguments, options, message):
    with pytest.raises(ValueError, match=message):
        series.prepare(*arguments, **options)


def test_a_block_of_another_depth_is_refused():
    with pytest.raises(ValueError, match="plan is for 2 layers, got 3"):
        series.interpolate(np.ones((3, 1)), series.prepare([1, 2]))
