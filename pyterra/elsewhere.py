"""Words for which users of other packages look: what they find in its place, on an object and in the site."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from types import MappingProxyType

WORDS = MappingProxyType(
    {
        "aggregate": ("coarsen", "dissolve", "unary_union", "union_all", "downsample", "upscale"),
        "animate": ("animation", "gif", "film", "video", "mp4"),
        "anomaly": ("anomalies", "departure from the mean"),
        "approximate": ("interpolate_na", "fill gaps in time", "gap filling", "interpolation in time"),
        "app": ("apply", "apply_ufunc", "map_blocks", "raster calculator", "map algebra", "calc"),
        "as_contour": ("contour lines", "isolines"),
        "as_data_frame": ("to_dataframe", "to_pandas", "data frame", "attribute table", "as_df"),
        "as_polygons": ("polygonize", "vectorize"),
        "buffer": ("buffers",),
        "c": ("concat", "stack", "combine layers"),
        "centroids": ("centroid",),
        "classify": ("reclassify", "reclass", "digitize", "cut"),
        "compute": ("load", "persist", "read into memory"),
        "cover": ("combine_first", "fillna", "fill missing values"),
        "crop": ("clip", "clip_box", "subset by extent", "window"),
        "crs": ("coordinate reference system", "projection", "epsg", "set_crs", "srs"),
        "disagg": ("downscale", "upsample"),
        "expanse": ("area", "hectares"),
        "explain": ("dry run", "what will be computed"),
        "explore": ("interactive map", "web map", "viewer"),
        "ext": ("bounds", "total_bounds", "bbox", "bounding box"),
        "extract": ("zonal_stats", "point_query", "sample", "values at points"),
        "fill_time": ("asfreq",),
        "focal": ("moving window", "convolution", "convolve", "neighborhood", "smoothing", "rolling window"),
        "focal_mat": ("kernel", "gaussian"),
        "geoms": ("geometry",),
        "global_": ("summary statistics", "nanmean", "describe"),
        "hist": ("histogram",),
        "hull": ("convex hull", "convex_hull", "concave_hull", "envelope"),
        "ifel": ("where", "if else", "raster conditional"),
        "interp_idw": ("inverse distance weighting", "idw"),
        "intersect": ("overlay", "intersection", "spatial join", "sjoin"),
        "is_na": ("isnull", "isna"),
        "is_related": ("intersects", "within", "point in polygon"),
        "k_means": ("kmeans", "cluster"),
        "mask": ("clip", "clip by polygon", "mask by polygon"),
        "mosaic": ("merge tiles",),
        "na_flag": ("nodata",),
        "names": ("columns", "rename", "descriptions", "set_names"),
        "ncol": ("width", "columns"),
        "nearest": ("sjoin_nearest", "nearest neighbour"),
        "nlyr": ("bands", "number of bands", "nlayers"),
        "north": ("north arrow",),
        "not_na": ("notnull", "notna"),
        "nrow": ("height", "rows"),
        "options": ("memory", "workers", "threads", "cores", "dask", "chunks", "progress bar"),
        "patches": ("connected components", "clumps", "label"),
        "perim": ("perimeter", "length"),
        "plet": ("leaflet", "folium", "interactive map", "web map", "html map"),
        "plot": ("imshow", "map", "colour map", "color palette", "legend"),
        "predict": ("random forest", "machine learning", "scikit-learn", "sklearn", "model"),
        "project": ("reproject", "warp", "to_crs", "transform coordinates"),
        "quantile": ("percentile",),
        "rast": ("open_rasterio", "open_dataset", "read raster", "geotiff", "cog", "netcdf", "zarr", "grib"),
        "rasterize": ("burn",),
        "resample": ("reproject_match", "interp", "regrid", "align grids"),
        "roll": ("rolling", "moving average"),
        "sbar": ("scale bar",),
        "sds": ("netcdf", "subdatasets", "hdf"),
        "set_time": ("dates", "time axis"),
        "shade": ("hillshade",),
        "spat_sample": ("random points", "stratified sample"),
        "stdev": ("std",),
        "subset": ("isel", "sel", "select layers", "filter", "query"),
        "subst": ("fillna", "replace"),
        "tapp": ("groupby", "monthly means", "climatology", "yearly means", "time series"),
        "aggregate_time": ("monthly means", "resample in time", "yearly means", "seasonal means"),
        "terrain": ("slope", "aspect", "roughness"),
        "to_numpy": ("read", "array", "ndarray"),
        "values": ("data", "array", "attribute table"),
        "vect": (
            "read_file",
            "read shapefile",
            "geopackage",
            "geojson",
            "geoparquet",
            "kml",
            "shp",
            "from_features",
        ),
        "voronoi": ("thiessen",),
        "write_cdf": ("to_netcdf", "write netcdf"),
        "write_raster": (
            "to_raster",
            "to_geotiff",
            "to_file",
            "write",
            "save",
            "write geotiff",
            "cog",
            "cloud optimized geotiff",
            "export",
            "zarr",
        ),
        "write_vector": (
            "to_file",
            "write",
            "write shapefile",
            "write geopackage",
            "write geojson",
            "to_parquet",
            "to_csv",
            "save",
        ),
        "zonal": ("zonal statistics", "zonal_stats", "zonal mean", "statistics by polygon", "groupby"),
    }
)
"""A verb -> what else users say for it; words, and phrases for which one searches."""


@cache
def _verbs() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for verb, words in WORDS.items():
        for word in words:
            found.setdefault(_plain(word), []).append(verb)
    return {word: tuple(names) for word, names in found.items()}


@lru_cache(maxsize=1024)  # asked for every attribute that is not there, which others look for
def _plain(word: str) -> str:
    return re.sub("[^a-z0-9]", "", word.lower())


@lru_cache(maxsize=1024)
def snake(name: str) -> str:
    """A name of R in Python's spelling: ``writeRaster`` is ``write_raster``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|\.", "_", name).lower()


@cache
def _of_terra() -> dict[str, list[tuple[str, str, str]]]:
    """A name of terra without its points and capitals -> classes, names in Python and notes of the verbs."""
    from pyterra.verb_table import SIGNS, verbs

    found: dict[str, list[tuple[str, str, str]]] = {}
    for verb in verbs():
        sign = SIGNS.get(verb.python, verb.python)
        notes = {"none": verb.note, "function": f"pt.{verb.python}(...)"}
        note = f"{sign}x)" if sign.endswith("(") else notes.get(verb.kind, "")
        found.setdefault(_plain(verb.terra), []).append((verb.cls, verb.python, note))
    return found


def _in_the_table(name: str, is_there: Callable[[str], bool], cls: str) -> str:
    """What the table of verbs has for a name of terra; ``.`` as `cls` stands for the package, which has all of them."""
    for its, python, note in _of_terra().get(_plain(name), ()):
        if cls not in (its, "."):
            continue
        if note:
            return f"; in Python: {note}"
        if is_there(python):
            return f"; it is {python}"
    return ""


def advice(name: str, is_there: Callable[[str], bool], labels: Iterable[str] = (), cls: str = ".") -> str:
    """What to write where an object or the package has no attribute of a name; empty where nothing is known.

    Parameters
    ----------
    name : str
    is_there : callable
        Whether there is an attribute of another name.
    labels : iterable of str
        Layers or columns, which stand in brackets.
    cls : str
        The class of the object; ``.`` for the package.
    """
    if name in labels:
        return f"; it stands in brackets: [{name!r}]"
    for spelt in (snake(name), f"{snake(name)}_"):
        if spelt != name and is_there(spelt):
            return f"; it is {spelt}"
    known = [verb for verb in _verbs().get(_plain(name), ()) if is_there(verb)]
    if known:
        return f"; there {'is' if len(known) == 1 else 'are'} {' and '.join(known)}"
    return _in_the_table(name, is_there, cls)
