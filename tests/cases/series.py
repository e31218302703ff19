"""Calls of verbs on layers as a series of time."""

from __future__ import annotations

from cases.case import Case, values_case
from pyterra.errors import ArgumentError

M = 12
"""Frames in a year of the series, which has six layers in 31 frames."""

SERIES = [
    Case("reconstruct", lambda z: z.series.reconstruct(season_size=M, quality=True)),
    Case("swa", lambda z: z.series.swa(M, future=False)),
    Case(
        "reconstruct",
        lambda z: z.x.reconstruct("box", weights=z.y, keep_original=False, past=False),
        "weights of cells",
    ),
    Case("whittaker", lambda z: z.series.whittaker([1, 10], season_size=M)),
    Case(
        "whittaker", lambda z: z.x.whittaker(2, order=1, weights=z.y, keep_original=True), "weights of cells"
    ),
    Case("savitzky_golay", lambda z: z.series.savitzky_golay(9, 1, season_size=M)),
    Case("savitzky_golay", lambda z: z.whole.savitzky_golay((3, 3, 3), 1), "rows and columns"),
    Case("mode_filter", lambda z: z.whole.mode_filter()),
    Case("harmonic", lambda z: z.series.harmonic(1, season_size=M)),
    Case(
        "harmonic",
        lambda z: z.series.harmonic(1, trend=False, what="coefficients", season_size=M),
        "coefficients",
    ),
    Case("stl", lambda z: z.series.set_time(None).stl(2, what="fitted")),
    Case("season_median", lambda z: z.series.season_median(M, flags=True)),
    Case("outliers", lambda z: z.series.outliers(width=5, sd=1)),
    Case("outliers", lambda z: z.series.outliers("envelope"), "envelope"),
    Case("mask_by_bits", lambda z: z.x.mask_by_bits(z.few[0], {"odd": (0, 1, (1,))})),
    Case("aggregate_time", lambda z: z.series.aggregate_time("quarters", "max", days=40)),
    Case("aggregate_time", lambda z: z.series.aggregate_time("years", weights=range(1, 7)), "weights"),
    Case("aggregate_time", lambda z: z.series.aggregate_time(4, "p25"), "numbers of layers"),
    Case("anomaly", lambda z: z.series.anomaly("percent", "quarters")),
    Case("trend", lambda z: z.series.trend(season_size=M)),
    Case("trend", lambda z: z.series.trend("sen", season_size=M), "sen"),
    Case("trend", lambda z: z.series.trend("kendall", prewhiten="wang", season_size=M), "kendall"),
    Case("breakpoints", lambda z: z.series.breakpoints(season_size=M)),
    Case("phenology", lambda z: z.series.set_time(None).phenology(["start", "integral"], season_size=5)),
    Case("fdr", lambda z: (z.y / 9).fdr(0.2), preview="the limit follows from all probabilities"),
    Case("fill", lambda z: z.series.fill([("box", {"width": 1}), "linear"], season_size=M)),
    values_case(
        "tune",
        lambda z: z.series.tune(["linear", "box"], season_size=M, share=0.3).iloc[:, 2:].to_numpy(),
        refuses={"cell": ArgumentError, "missing": ArgumentError},
    ),
]
