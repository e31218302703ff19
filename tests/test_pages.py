"""Pages of the documentation: their examples run, and what they list is all there is."""

import ast
import doctest
import inspect
import re
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import pyterra as pt
from pyterra.arguments import FILL, NAMES
from pyterra.elsewhere import snake

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"


@pytest.mark.parametrize("page", ["coming-from-terra.md"])
def test_examples_run(page, capsys):
    found = doctest.testfile(str(DOCS / page), module_relative=False)
    assert found.attempted > 10
    assert found.failed == 0, capsys.readouterr().out


def test_every_renamed_argument_is_told():
    text = (DOCS / "coming-from-terra.md").read_text("utf-8")
    rows = [line.split("|")[1:3] for line in text.splitlines() if line.startswith("| `")]
    assert [old for old in (*NAMES, *FILL) if not any(f"`{old}`" in row[0] for row in rows)] == []
    for old, new in NAMES.items():
        (row,) = [row for row in rows if f"`{old}`" in row[0]]
        assert all(f"`{name}`" in row[1] for name in new), old


def without_argument():
    """What the page tells of arguments that are not there: verbs and arguments of terra, and lines to write."""
    text = (DOCS / "coming-from-terra.md").read_text("utf-8")
    return [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| of ")]


def takes(verb, argument):
    """Whether a verb has an argument, of rasters where it is one of rasters."""
    owners = [
        owner for owner in (pt.SpatRaster, pt.SpatVector) if callable(getattr(owner, snake(verb), None))
    ]
    return bool(owners) and snake(argument) in inspect.signature(getattr(owners[0], snake(verb))).parameters


def test_every_argument_that_is_not_there_is_told():
    lines = (ROOT / "pyterra" / "verbs.tsv").read_text("utf-8").splitlines()
    table = [line.split("\t") for line in lines if not line.startswith("#")]
    absent = {(row[0], name) for row in table[1:] for name in re.findall(r"([\w.]+)!absent", row[11])}
    told, of_rasters = set(), set()
    for row in without_argument():
        verbs, names = (re.findall(r"`(.*?)`", side) for side in row[0].split(":"))
        pairs = {(verb, name) for verb in verbs for name in names}
        told |= pairs
        of_rasters |= pairs if re.fullmatch("of [^:]*`", row[0].split(":")[0]) else set()
    assert sorted(pair for pair in absent - told if not takes(*pair)) == []
    assert sorted(pair for pair in of_rasters if takes(*pair)) == []
    assert not {verb for verb, _ in told} - {row[0] for row in table}


@pytest.mark.filterwarnings("ignore::pyterra.errors.PyterraWarning")
def test_what_is_written_for_arguments_that_are_not_there_runs(things):
    import shapely

    names = things | {"pd": pd, "shapely": shapely}
    for _, line in without_argument():
        if line.startswith("`"):
            runs(line.strip("`"), dict(names))


def rows(page, column):
    """Lines of code of one column of the first table of a page."""
    text = (DOCS / page).read_text("utf-8")
    cells = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")][1:]
    return [re.fullmatch(r"`(.*)`", row[column])[1] for row in cells]


def sheet_lines(column):
    """Lines of the cheatsheets."""
    found = {}
    text = (
        (ROOT / "tools" / "book" / "cheatsheet.py")
        .read_text("utf-8")
        .replace("from layout import Layout", "")
    )
    exec(compile(text.replace("layout: Layout", "layout"), "cheatsheet.py", "exec"), found)
    return [
        part for _, _, lines in found["BOXES"] for line in lines for part in re.split(r"  +", line[column])
    ]


@pytest.fixture
def things(tmp_path, monkeypatch):
    """The rasters and vectors of which the tables and the sheets speak, and their files."""
    pytest.importorskip("matplotlib").use("agg")
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(1)
    place = {"extent": (0, 80, 0, 60), "crs": "EPSG:32632"}

    def raster(values, name):
        return pt.rast(values, names=name, **place)

    r, q, a, b, c = (raster(rng.uniform(1, 20, (6, 8)).round(2), name) for name in ("r", "q", "a", "b", "c"))
    s = pt.c(a, b, c)
    s.time = ["2024-01-01", "2024-02-01", "2025-03-01"]
    z = raster(rng.integers(1, 4, (6, 8)), "z")
    v = pt.vect(
        ["POLYGON ((3 4, 41 4, 41 52, 3 4))", "POLYGON ((41 4, 77 4, 41 52, 41 4))"], crs=place["crs"]
    )
    v["id"] = [1, 2]
    w = pt.vect("POLYGON ((20 10, 60 10, 60 30, 20 30, 20 10))", crs=place["crs"])
    p = pt.vect(rng.uniform(5, 55, (6, 2)), crs=place["crs"])
    p["n"] = [float(i) for i in range(6)]
    for name in ("f.tif", "a.tif", "b.tif"):
        r.write_raster(name)
    v.write_vector("v.gpkg")
    red = pt.c(raster(rng.integers(1, 255, (6, 8)), "red"), q, c)
    yield {
        "pt": pt, "np": np, "r": r, "q": q, "s": s, "z": z, "v": v, "w": w, "b": w, "p": p, "a": a, "red": red,
        "e": pt.ext(10, 50, 10, 40), "array": np.ones((3, 4)),
    }  # fmt: skip
    import matplotlib.pyplot as plt

    plt.close("all")


def runs(line, names):
    """Run a line, and compute what it gives."""
    tree = ast.parse(line)
    if isinstance(tree.body[-1], ast.Expr):
        result = eval(line, names)
        return result.values() if isinstance(result, pt.SpatRaster) and result.has_values() else result
    exec(line, names)
    return None


@pytest.mark.filterwarnings("ignore::pyterra.errors.PyterraWarning")
def test_every_tool_of_qgis_has_a_verb_that_runs(things):
    for line in rows("coming-from-qgis.md", 1):
        runs(line, things)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("column", [1, 2])
def test_lines_of_rasterio_and_of_pyterra_run(things, column):
    rasterio = pytest.importorskip("rasterio")
    import geopandas
    import shapely

    for name in ("features", "mask", "merge", "warp", "windows"):
        import_module(f"rasterio.{name}")
    with rasterio.open("f.tif") as src:
        others = {
            "rasterio": rasterio,
            "src": src,
            "a": src.read(1),
            "profile": src.profile,
            "shapely": shapely,
        }
        others["polygons"] = geopandas.read_file("v.gpkg")
        lines = rows("coming-from-rasterio.md", column)
        if column == 1 and not find_spec("rasterstats"):
            lines = [line for line in lines if not line.startswith("rasterstats")]
        elif column == 1:
            others["rasterstats"] = import_module("rasterstats")
        for line in lines:
            runs(line, things | others | {"points": [(12, 33), (40, 20)]})


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("column", [1, 2])
def test_lines_of_xarray_and_of_pyterra_run(things, column):
    xr = pytest.importorskip("xarray")
    import geopandas

    series = things["s"]
    da = series.to_xarray()
    others = {"xr": xr, "pd": pd, "da": da, "r": series, "other": things["q"].to_xarray()}
    lines = rows("coming-from-xarray.md", column)
    if find_spec("rioxarray"):
        others["rioxarray"] = import_module("rioxarray")
        others["da"] = da.rio.write_crs("EPSG:32632")
    elif column == 1:
        lines = [line for line in lines if "rio" not in line]
    others["polygons"] = geopandas.read_file("v.gpkg")
    for line in lines:
        runs(line, things | others)


@pytest.mark.filterwarnings("ignore::pyterra.errors.PyterraWarning")
def test_every_line_of_the_cheatsheet_runs(things):
    sklearn = pytest.importorskip("sklearn.linear_model")
    r = s = things["s"]
    flat = things | {
        "r": r,
        "b": things["q"],
        "a": r[0],
        "c": "EPSG:32632",
        "dates": s.time,
        "z": things["z"],
    }
    flat["model"] = sklearn.LogisticRegression().fit(
        r.as_data_frame().rename(columns=dict(zip(r.names, "abc", strict=True))), r.to_numpy()[0].ravel() > 9
    )
    for line in sheet_lines(0):
        names = dict(flat)
        if line.startswith("r.interpolate"):
            frame = pd.DataFrame(r.xy_from_cell(range(r.ncell)), columns=["x", "y"])
            names["r"] = pt.rast(r, nlyrs=1)
            names["model"] = sklearn.LinearRegression().fit(frame, range(r.ncell))
        elif any(verb in line for verb in ("patches", "boundaries", "distance", "terrain")):
            names["r"] = (r[0] > 9).ifel(1, None)
        elif "names =" in line or "lapp" in line:
            names["r"] = s[0:2]
        elif 'r["red"]' in line or "plot_rgb" in line:
            names["r"] = things["red"]
        elif "sbar" in line or "north" in line or "ax=ax" in line:
            names["ax"] = r[0].plot()
        elif "merge" in line or "mosaic" in line or "cover" in line:
            names["q"] = r
        names["r"] = names["r"].copy()  # some lines change it
        Path("o.tif").unlink(missing_ok=True)
        runs(line, names)
