"""The verbs side by side: what they say runs, here and in R."""

import importlib
import re
import shutil
import subprocess
from functools import reduce
from pathlib import Path

import numpy as np
import pytest

import pyterra as pt

ROOT = Path(__file__).parents[1]
ROWS = [
    [re.findall(r"`([^`]+)`", cell) for cell in line.strip("| \n").split(" | ")]
    for line in (ROOT / "docs" / "porting.md").read_text("utf-8").split("## All verbs")[0].splitlines()
    if line.startswith("| `")
]
CRS = "EPSG:32632"


@pytest.fixture
def objects(tmp_path, monkeypatch):
    """The rasters and vectors of which the table speaks, and their files."""
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(1)

    def raster(values, name):
        return pt.rast(values, names=name, extent=(0, 80, 0, 60), crs=CRS)

    r, q, a, b, c = (raster(rng.uniform(1, 20, (6, 8)).round(2), f"{n}") for n in ("r", "q", "a", "b", "c"))
    z, y = (raster(rng.integers(1, 4, (6, 8)), name) for name in "zy")
    found = {"r": r, "q": q, "s": pt.c(a, b, c), "z": z, "y": y, "m": (r > 10).ifel(1, None)}
    found["g"] = pt.rast(extent=(0, 80, 0, 60), resolution=20, crs=CRS)
    found["v"] = pt.vect(
        ["POLYGON ((3 4, 41 4, 41 52, 3 4))", "POLYGON ((41 4, 77 4, 41 52, 41 4))"], crs=CRS
    )
    found["v"]["id"] = [1, 2]
    found["b"] = pt.vect("POLYGON ((20 10, 60 10, 60 30, 20 30, 20 10))", crs=CRS)
    found["b"]["kind"] = [7]
    found["p"] = pt.vect(rng.uniform(5, 55, (5, 2)), crs=CRS)
    found["p"]["n"] = list(range(5))
    r.write_raster("f.tif")
    found["v"].write_vector("v.gpkg")
    return {**found, "e": pt.ext(10, 50, 10, 40), "pt": pt}


@pytest.mark.filterwarnings("ignore::pyterra.errors.PyterraWarning")
def test_every_line_of_pyterra_runs(objects):
    pytest.importorskip("matplotlib").use("agg")
    import matplotlib.pyplot as plt

    assert len(ROWS) > 60
    for code in [code for _, ours, _ in ROWS for code in ours]:
        names = {
            name: x.subset(slice(None)) if isinstance(x, pt.SpatRaster) else x for name, x in objects.items()
        }
        if " = " in code:
            exec(code, names)
        elif isinstance(answer := eval(code, names), pt.SpatRaster) and answer.has_values():
            answer.to_numpy()
        plt.close("all")
    assert Path("o.tif").exists()
    assert Path("o.gpkg").exists()


@pytest.mark.parametrize("name", sorted({name for row in ROWS for name in row[2]}))
def test_what_is_named_elsewhere_is_there(name):
    parts = name.split(".")
    for package in ("xarray", "scipy"):
        if parts[0] == package:
            pytest.importorskip(package)
    for i in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:i]))
        except ModuleNotFoundError:
            continue
        reduce(getattr, parts[i:], found)
        return
    pytest.fail(f"there is no {name}")


@pytest.mark.r
def test_every_line_of_terra_runs(objects):
    if shutil.which("Rscript") is None:
        pytest.skip("needs R with terra: apt-get install r-cran-terra")
    lines = ["suppressPackageStartupMessages(library(terra)); terraOptions(progress = 0); pdf(NULL)"]
    for name in "rqszymg":
        if name != "g":
            objects[name].write_raster(f"{name}.tif", datatype="float64")
        lines.append(f"{name} <- rast('{name}.tif')" if name != "g" else "g <- rast(r); res(g) <- 20")
    for name in "vbp":
        objects[name].write_vector(f"{name}_.gpkg")
        lines.append(f"{name} <- vect('{name}_.gpkg')")
    lines.append("e <- ext(10, 50, 10, 40)")
    for theirs, _, _ in ROWS:
        lines += [f"local({{ {code} }})" for code in theirs]
    Path("table.R").write_text("\n".join(lines))
    done = subprocess.run(["Rscript", "--vanilla", "table.R"], capture_output=True, text=True, check=False)
    if "there is no package called" in done.stderr:
        pytest.skip("needs R with terra: apt-get install r-cran-terra")
    assert done.returncode == 0, done.stderr
