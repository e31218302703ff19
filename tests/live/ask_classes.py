"""Questions about classes whose active column holds numbers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from live.ask_cells import pick
from live.random_rasters import a_raster
from live.trial import Trial, lit

import pyterra as pt

Rng = np.random.Generator


def numbered_classes(rng: Rng) -> Trial:
    """1.7-3 gives positions of labels, or text: it is asked for the numbers themselves."""
    x = a_raster(rng, nlyr=1, kind="factor")
    table = pd.DataFrame({"ID": range(5), "n": (rng.integers(0, 400, 5) / 4).tolist()})
    cells = rng.integers(0, x.values.size, 4).tolist()
    ours, r, old = pick(
        rng,
        [
            (
                f"y.extract({cells})",
                f"extract(x, {lit([c + 1 for c in cells])})",
                f"x[{lit([c + 1 for c in cells])}]",
            ),
            ("y.as_data_frame()", "as.data.frame(x)", "as.data.frame(x)"),
            ("y.as_points().to_geopandas()[['n']]", "as.data.frame(as.points(x))", "as.data.frame(x)"),
        ],
    )
    numbers = lit(table["n"].tolist())
    classes = f"levels(x) <- data.frame(ID = 0:4, n = {numbers})"
    by_hand = f"x <- subst(x * 1, 0:4, {numbers})"
    code = f'if (packageVersion("terra") < "1.9") {{{by_hand}; {old}}} else {{{classes}; {r}}}'
    return Trial(
        "levels", {"x": x}, f"(lambda y: {ours})(with_table(x))", code, more={"with_table": _with(table)}
    )


def _with(table: pd.DataFrame) -> Callable[[pt.SpatRaster], pt.SpatRaster]:
    def with_table(x: pt.SpatRaster) -> pt.SpatRaster:
        x.levels = [table]
        return x

    return with_table


QUESTIONS: list[Callable[[Rng], Trial]] = [numbered_classes, numbered_classes]
