"""Questions about models: R's lm and glm from their coefficients, functions of a table, coordinates as predictors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from live.random_rasters import a_raster
from live.trial import Trial, lit

Rng = np.random.Generator


class Linear:
    """Coefficients by the name of the predictor, as any package may keep them."""

    def __init__(self, coefficients: Mapping[str, float], logistic: bool = False) -> None:
        self.coefficients = dict(coefficients)
        self.logistic = logistic

    def predict(self, table: Any) -> Any:
        total = sum(table[name] * value for name, value in self.coefficients.items() if name != "1")
        total = total + self.coefficients["1"]
        return 1 / (1 + np.exp(-total)) if self.logistic else total


def _linear(rng: Rng, logistic: bool) -> Trial:
    x = a_raster(rng, kind=str(rng.choice(["num", "double", "int"])), nlyr=int(rng.integers(1, 4)))
    numbers = rng.normal(size=len(x.names) + 1).round(3) * (0.1 if logistic else 1)
    coefficients = dict(zip(["1", *x.names], numbers.tolist(), strict=True))
    formula = f"y ~ {' + '.join(x.names)}"
    family = ', family = "binomial"' if logistic else ""
    fit, kind = ("glm", ', type = "response"') if logistic else ("lm", "")
    r = (
        f"{{d <- data.frame(matrix(stats::runif({40 * len(x.names)}), ncol = {len(x.names)})); "
        f"names(d) <- {lit(x.names)}; "
        f"d$y <- rep(0:1, 20); m <- {fit}({formula}, data = d{family}); m$coefficients[] <- {lit(numbers)}; "
        f"predict(x, m{kind})}}"
    )
    return Trial(
        "predict",
        {"x": x},
        "x.predict(model)",
        r,
        names=len(x.names) > 1,  # of one layer terra 1.7-3 keeps the name
        more={"model": Linear(coefficients, logistic)},
    )


def lm(rng: Rng) -> Trial:
    return _linear(rng, False)


def glm(rng: Rng) -> Trial:
    return _linear(rng, True)


def function(rng: Rng) -> Trial:
    x = a_raster(rng, kind=str(rng.choice(["num", "double"])), nlyr=2, least=5, missing=False)
    values = x.values.copy()
    if values.shape[1] > 4:  # terra tries the function on the middle row
        values[:, :2][rng.random(values[:, :2].shape) < 0.3] = np.nan
    x = replace(x, values=values)
    a, b = x.names
    na_rm = bool(rng.random() < 0.5)
    ours = (
        f"x.predict(2, lambda m, d: pt_table({{'u': d[{a!r}] * m, 'v': d[{a!r}] - d[{b!r}]}}), na_rm={na_rm})"
    )
    r = (
        f"predict(x, 2, fun = function(m, d) cbind(u = d[[{lit(a)}]] * m, v = d[[{lit(a)}]] - d[[{lit(b)}]]), "
        f"na.rm = {lit(na_rm)})"
    )
    import pandas as pd

    return Trial("predict", {"x": x}, ours, r, more={"pt_table": pd.DataFrame})


def coordinates(rng: Rng) -> Trial:
    x = a_raster(rng, kind="double", nlyr=1)
    a, b = rng.normal(size=2).round(3).tolist()
    name = x.names[0]
    return Trial(
        "interpolate",
        {"x": x},
        f"x.interpolate(None, lambda m, d: d['x'] * {a} + d['y'] * {b} + d[{name!r}])",
        f"interpolate(x, 1, fun = function(m, d) d$x * {a} + d$y * {b} + d[[{lit(name)}]])",
        names=False,  # terra leaves the name of the layer that was a predictor
    )


QUESTIONS: list[Callable[[Rng], Trial]] = [lm, lm, glm, function, function, coordinates, coordinates]
