"""A small landscape, made by waves: what the pictures of the reference and the cheatsheets show."""

from typing import Any

import numpy as np
import pandas as pd

import pyterra as pt
from pyterra.workflows.teaching import waves

PLACE: dict[str, Any] = {"extent": (600_000, 608_000, 5_200_000, 5_206_000), "crs": "EPSG:32632"}
SIZE = (60, 80)


def landscape() -> dict[str, Any]:
    """Rasters and vectors by name."""
    height = pt.rast((300 + 900 * waves(SIZE, 7, longest=9)).round(1), names="height", units="m", **PLACE)
    wet = pt.rast(waves(SIZE, 11).round(3), names="wet", **PLACE)
    cover = height.classify([[-np.inf, 560, 1], [560, 800, 2], [800, np.inf, 3]]).compute()
    cover.levels = pd.DataFrame({"value": [1, 2, 3], "cover": ["meadow", "forest", "rock"]})
    cover.names = "cover"
    cover.colors = {1: (200, 217, 111), 2: (47, 125, 79), 3: (179, 170, 160)}
    gaps = pt.rast(
        np.where(waves(SIZE, 23, longest=12) > 0.62, np.nan, height.to_numpy()[0]), names="gaps", **PLACE
    )
    woods = pt.rast(np.where(waves(SIZE, 31, longest=14) > 0.6, 1.0, np.nan), names="woods", **PLACE)
    layers = []
    for m in range(12):  # the year is wider and later where it is wet
        season = (6 + 8 * wet) * ((m - 3 - 2 * wet) * (np.pi / 6)).sin()
        layers.append(14 - 0.0065 * (height - 300) + season + 0.05 * m * wet)
    months = pt.c(*layers).compute()
    months.names = [f"m{m + 1:02d}" for m in range(12)]
    months.time = pd.date_range("2024-01-01", periods=12, freq="MS")
    districts = pt.vect(
        [
            "POLYGON ((600300 5200300, 604100 5200300, 604700 5203300, 600300 5202700, 600300 5200300))",
            "POLYGON ((604100 5200300, 607700 5200300, 607700 5204100, 604700 5203300, 604100 5200300))",
            "POLYGON ((600300 5202700, 604700 5203300, 603900 5205700, 600300 5205700, 600300 5202700))",
            "POLYGON ((604700 5203300, 607700 5204100, 607700 5205700, 603900 5205700, 604700 5203300))",
        ],
        crs=PLACE["crs"],
    )
    districts["name"] = ["Mill", "Castle", "Lake", "Abbey"]
    districts["people"] = [1200, 5400, 800, 2300]
    stations = pt.vect(
        np.random.default_rng(5).uniform([600_400, 5_200_400], [607_600, 5_205_600], (24, 2)).round(),
        crs=PLACE["crs"],
    )
    stations["rain"] = (500 + 0.5 * height.extract(stations)["height"]).round().to_numpy()
    rivers = pt.vect(
        [
            "LINESTRING (600200 5205300, 601500 5204300, 602700 5204100, 604000 5202600, 605600 5202300, 607800 5200900)",
            "LINESTRING (604600 5205800, 604200 5204400, 604000 5202600)",
        ],
        crs=PLACE["crs"],
    )
    rivers["name"] = ["Ache", "Lohr"]
    parks = pt.vect(
        "POLYGON ((602300 5201300, 605900 5201900, 605300 5204600, 602900 5204100, 602300 5201300))",
        crs=PLACE["crs"],
    )
    parks["park"] = ["Oak Hill"]
    return {
        "height": height, "wet": wet, "cover": cover, "gaps": gaps, "woods": woods, "months": months,
        "districts": districts, "stations": stations, "rivers": rivers, "parks": parks, "np": np, "pt": pt,
    }  # fmt: skip
