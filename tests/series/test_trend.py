"""Trends and breaks: what users rely on beyond the mathematics of the kernels."""

import shutil
import subprocess

import numpy as np
import pytest
from scipy import stats

import pyterra as pt
from pyterra.errors import ArgumentError

NAN = np.nan
MONTHS = (np.datetime64("2000-01", "M") + np.arange(60)).astype("datetime64[D]")


def stack(missing=0.2, cells=5):
    rng = np.random.default_rng(2)
    values = np.arange(60)[:, None] * rng.normal(0, 0.05, cells) + rng.normal(size=(60, cells))
    values += 5 * np.cos(2 * np.pi * np.arange(60) / 12)[:, None]
    values[rng.random(values.shape) < missing] = NAN
    return pt.rast(values[:, None, :]).set_time(list(MONTHS))


def test_slopes_are_by_year_from_the_beginning_of_the_first():
    r = stack()
    found = r.trend()
    assert found.names == [
        "slope",
        "intercept",
        "slope_se",
        "intercept_se",
        "t",
        "p",
        "intercept_t",
        "intercept_p",
        "r2",
        "n",
    ]
    values = r.to_numpy()[:, 0, :]
    years = np.arange(60) / 12
    for c, told in enumerate(found.values()):
        there = ~np.isnan(values[:, c])
        line = stats.linregress(years[there], values[there, c])
        np.testing.assert_allclose(
            told[[0, 1, 2, 5, 8]], [line.slope, line.intercept, line.stderr, line.pvalue, line.rvalue**2]
        )
        p = 2 * stats.t.sf(abs(line.intercept / line.intercept_stderr), there.sum() - 2)
        np.testing.assert_allclose(told[[7, 9]], [p, there.sum()])
    slope, intercept = found.values()[:, :2].T
    predicted = r.trend(what="predicted")
    np.testing.assert_allclose(predicted.to_numpy()[:, 0, :], intercept + np.outer(years, slope))


def test_layers_without_time_count_one_by_one():
    r = pt.rast([[[1]], [[3]], [[5]]])
    assert r.trend(what=["slope", "intercept"]).values().round(9).tolist() == [[2, 1]]


def test_the_season_can_be_taken_away_first():
    r = stack(0)
    plain, without = (r.trend(what="r2", deseason=d).values().ravel() for d in (False, True))
    assert (without > plain).all()
    values = r.to_numpy()[:, 0, :].reshape(5, 12, 5)
    left = (values - values.mean(axis=0) + values.mean(axis=(0, 1))).reshape(60, 5)
    expected = [stats.linregress(np.arange(60) / 12, left[:, c]).rvalue ** 2 for c in range(5)]
    np.testing.assert_allclose(without, expected)


def test_shares_can_be_looked_at_by_their_logit():
    share = np.array([0.2, 0.3, 0.5, 1.0, 0.9])
    r = pt.rast((share * 100)[:, None, None])
    found = r.trend(what="slope", logit=(0, 100)).values()[0, 0]
    there = share < 1
    expected = stats.linregress(np.arange(5)[there], np.log(share[there] / (1 - share[there]))).slope
    assert found == pytest.approx(expected)


def test_kendall_and_sen():
    r = stack()
    values = r.to_numpy()[:, 0, :]
    kendall, sen = r.trend("kendall"), r.trend("sen")
    assert kendall.names == ["s", "var_s", "z", "p", "tau"]
    for c in range(5):
        there = ~np.isnan(values[:, c])
        v, t = values[there, c], (np.arange(60) / 12)[there]
        s, n = np.sign(np.subtract.outer(v, v))[np.tril_indices(there.sum(), -1)].sum(), there.sum()
        z = (s - np.sign(s)) / np.sqrt(n * (n - 1) * (2 * n + 5) / 18)
        np.testing.assert_allclose(kendall.values()[c, [0, 2, 3]], [s, z, 2 * stats.norm.sf(abs(z))])
        np.testing.assert_allclose(sen.values()[c, 0], stats.theilslopes(v, t)[0])
    assert r.trend("sen", "upper").names == ["upper"]
    by_season = r.trend("kendall", seasonal=True).values()
    for c in range(5):
        months = [values[month::12, c] for month in range(12)]
        months = [month[~np.isnan(month)] for month in months]
        s = sum(np.sign(np.subtract.outer(m, m))[np.tril_indices(m.size, -1)].sum() for m in months)
        var = sum(m.size * (m.size - 1) * (2 * m.size + 5) for m in months) / 18
        z = (s - np.sign(s)) / np.sqrt(var)
        expected = [s, var, z, 2 * stats.norm.sf(abs(z)), s / sum(m.size * (m.size - 1) / 2 for m in months)]
        np.testing.assert_allclose(by_season[c], expected)


def test_no_change_is_no_trend():
    r = pt.rast(np.full((8, 1, 1), 5.0))
    s, var, z, p, tau = r.trend("kendall").values()[0]
    assert (s, var, z, p, tau) == (0, 0, 0, 1, 0)


def test_what_follows_from_the_layer_before_can_be_taken_away():
    rng = np.random.default_rng(5)
    noise = np.zeros((80, 200))
    for i in range(1, 80):
        noise[i] = 0.7 * noise[i - 1] + rng.normal(size=200)
    r = pt.rast(noise[:, None, :])
    plain, yue, wang = (
        (r.trend("kendall", "p", prewhiten=w).values() < 0.05).mean() for w in (None, "yue", "wang")
    )
    assert plain > 0.4
    assert wang < 0.2 < yue  # what Yue leaves of the chance slope is known to look like a trend


def test_a_break_is_found_and_told_in_years():
    rng = np.random.default_rng(3)
    values = rng.normal(0, 0.3, (60, 4))
    values[25:, :3] += 3
    values[[7, 30], 0] = NAN
    r = pt.rast(values[:, None, :]).set_time(list(MONTHS))
    found = r.breakpoints()
    assert found.names == ["break", "step", "f", "bic"]
    year, step, _, bic = found.to_numpy()[:, 0, :]
    np.testing.assert_allclose(year[:3], 24.5 / 12, atol=0.05)
    np.testing.assert_allclose(step[:3], 3, atol=0.6)
    assert np.isnan(year[3])
    assert bic[3] < 0 < bic[:3].min()
    assert r.breakpoints(waves=1)[["break"]].to_numpy()[0, 0, 0] == pytest.approx(24.5 / 12, abs=0.1)


# strucchange 1.5.3: d <- data.frame(y, t = 1:24); b <- breakpoints(y ~ t, data = d, h = 0.2); breakpoints(b, breaks = 1),
# the fall of summary(b)$RSS["BIC", ] from 0 to 1 breaks, max(Fstats(y ~ t, data = d, from = 0.2, to = 0.8)$Fstats)
STRUCCHANGE = [
    ([-0.7, 0.7, -0.6, 0.2, 0.3, 2.3, -0.3, -0.7, 1.5, -0.9, 1.7, 3.0, 3.0, 1.8, 1.3, 1.4, 4.1, 2.5, 2.0, 3.4, 2.8, 2.2,
      1.0, 0.7], 16, 0.40988118, 10.26728375),
    ([-0.2, -1.6, 0.1, 0.2, 0.5, -1.9, -0.9, 0.4, -1.8, 0.8, 0.2, 0.2, -1.0, 0.7, -0.6, -0.2, -0.5, -1.0, 0.8, -0.4, 0.7,
      0.0, 1.2, 2.1], 19, -4.1474949, 5.0325434),
    ([1.7, 0.0, -1.6, 1.6, -1.5, 1.1, -0.7, -0.1, 0.0, -2.1, -3.5, -1.0, -2.8, -1.1, -2.8, -2.1, -2.3, -2.4, -3.3, -1.8,
      -0.9, -1.7, -2.8, -2.1], 9, -0.88492403, 8.67762402),
]  # fmt: skip


@pytest.mark.parametrize(("values", "place", "fall", "largest"), STRUCCHANGE)
def test_breaks_are_those_of_strucchange(values, place, fall, largest):
    year, _, statistic, gain = pt.rast(np.array(values)[:, None, None]).breakpoints(share=0.2).values()[0]
    assert gain == pytest.approx(fall, rel=1e-6)
    assert statistic == pytest.approx(largest, rel=1e-6)
    assert np.isnan(year) if fall < 0 else year == place - 0.5


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda r: r.trend("loess"), "trend: method: must be one of"),
        (lambda r: r.trend(what="tau"), "trend: what: must be one of"),
        (lambda r: r.trend(seasonal=True), "trend: seasonal is for"),
        (lambda r: r.trend("sen", prewhiten="yue"), "trend: seasonal is for"),
        (lambda r: r.trend(logit=(1, 0)), "trend: logit must be two numbers, the lower first"),
        (lambda r: r.breakpoints(share=0.6), "breakpoints: share must lie between 0 and 0.5"),
    ],
)
def test_what_is_refused(call, text):
    with pytest.raises(ArgumentError, match=text):
        call(stack())


IN_R = """
suppressMessages(library(strucchange))
table <- as.matrix(read.csv(commandArgs(TRUE)[1]))
found <- sapply(seq_len(ncol(table)), function(k) {
  d <- data.frame(y = table[, k], t = (seq_len(nrow(table)) - 1) / 12)
  d <- d[!is.na(d$y), ]
  told <- function(form) {
    all <- breakpoints(form, data = d, h = 0.2)
    fall <- diff(rev(summary(all)$RSS["BIC", c("0", "1")]))
    largest <- max(Fstats(form, data = d, from = 0.2, to = 0.8)$Fstats)
    c(d$t[breakpoints(all, breaks = 1)$breakpoints], fall, largest)
  }
  line <- summary(lm(y ~ t, d))
  rank <- suppressWarnings(cor.test(d$t, d$y, method = "kendall", exact = FALSE, continuity = TRUE))
  c(told(y ~ t), told(y ~ t + cos(2 * pi * t) + sin(2 * pi * t)), line$coefficients["t", ],
    line$coefficients["(Intercept)", ], line$r.squared, rank$p.value, rank$estimate)
})
write.table(format(found, digits = 15), commandArgs(TRUE)[2], sep = ",", quote = FALSE, row.names = FALSE,
            col.names = FALSE)
"""


@pytest.mark.r
def test_random_series_have_the_breaks_and_lines_of_r(tmp_path):
    rscript = shutil.which("Rscript")
    if (
        rscript is None
        or subprocess.run(
            [rscript, "-e", 'if (!requireNamespace("strucchange", quietly = TRUE)) quit(status = 1)'],
            capture_output=True,
            check=False,
        ).returncode
    ):
        pytest.skip("needs R with the package strucchange (Debian: r-cran-strucchange)")
    rng = np.random.default_rng(11)
    values = rng.normal(size=(48, 12)).cumsum(axis=0).round(1)  # with ties
    values[20:, ::3] += 6
    values += 3 * np.cos(2 * np.pi * np.arange(48) / 12)[:, None]
    values[rng.random(values.shape) < 0.1] = NAN
    np.savetxt(
        tmp_path / "in.csv", values, delimiter=",", header=",".join(f"c{k}" for k in range(12)), comments=""
    )
    (tmp_path / "in.R").write_text(IN_R)
    text = (tmp_path / "in.csv").read_text().replace("nan", "NA")
    (tmp_path / "in.csv").write_text(text)
    subprocess.run(
        [rscript, "--vanilla", tmp_path / "in.R", tmp_path / "in.csv", tmp_path / "out.csv"], check=True
    )
    told = np.loadtxt(tmp_path / "out.csv", delimiter=",")
    r = pt.rast(values[:, None, :])
    for waves, (place, fall, largest) in ((0, told[:3]), (1, told[3:6])):
        year, _, statistic, gain = r.breakpoints(waves=waves, share=0.2, season_size=12).to_numpy()[:, 0, :]
        np.testing.assert_allclose(gain, fall, rtol=1e-6, atol=1e-8)
        np.testing.assert_allclose(statistic, largest, rtol=1e-6)
        np.testing.assert_allclose(year, np.where(fall < 0, NAN, place + 0.5 / 12))
    line = r.trend(season_size=12)
    names = ["slope", "slope_se", "t", "p", "intercept", "intercept_se", "intercept_t", "intercept_p", "r2"]
    np.testing.assert_allclose(line[names].to_numpy()[:, 0, :], told[6:15], rtol=1e-6)
    rank = r.trend("kendall", ["p", "tau"], season_size=12).to_numpy()[:, 0, :]
    np.testing.assert_allclose(rank[0], told[15], rtol=1e-6)
    np.testing.assert_allclose(rank[1], told[16], atol=1e-3)  # R divides by pairs without ties
