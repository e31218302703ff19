"""Models over the layers of each cell, against the packages that made them on the same rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestClassifier

import pyterra as pt
from benchmarks.data import Data, surface
from benchmarks.job import Job, workload

BANDS = list("abcdefgh")


def scene(data: Data) -> tuple[pt.SpatRaster, pd.DataFrame]:
    """Eight bands in memory, and the same cells as rows."""
    side = data.sizes.middle // 2
    bands = np.stack([surface(side, seed) for seed in range(len(BANDS))])
    return pt.rast(bands, names=BANDS), pd.DataFrame(bands.reshape(len(BANDS), -1).T.copy(), columns=BANDS)


def training(rows: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray]:
    """3,000 noisy rows with a number each."""
    rng = np.random.default_rng(1)
    table = rows.sample(3000, random_state=1, replace=True).reset_index(drop=True)
    return table, (table["a"] + table["b"] * table["c"] + rng.normal(size=len(table)) * 0.1).to_numpy()


@workload("forest-classes", 1.0, "scikit-learn", note="100 trees, 3 classes, n_jobs=-1 on both sides")
def forest_classes(data: Data) -> Job:
    raster, rows = scene(data)
    table, y = training(rows)
    model = RandomForestClassifier(100, n_jobs=-1, random_state=1).fit(
        table, np.digitize(y, np.quantile(y, [0.3, 0.7]))
    )
    return Job(lambda: raster.predict(model).compute(), rival=lambda: model.predict(rows))
