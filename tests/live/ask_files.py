"""Questions about verbs of terra 1.9 that change files or make them; 1.7-3 is asked for the same by what it has."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from live.ask_between import numbers
from live.trial import Given, Trial, lit, new_folder, py

Rng = np.random.Generator


def new_file(name: str = "a.tif") -> Path:
    """A path in a folder of its own."""
    return new_folder() / name


def updated_cells(rng: Rng) -> Trial:
    x = numbers(rng)
    nlyr, nrow, ncol = x.values.shape
    cells = rng.permutation(nrow * ncol)[: rng.integers(1, 5)]
    layers = rng.permutation(nlyr)[: rng.integers(1, nlyr + 1)]
    count = int(rng.choice([1, len(cells), len(cells) * len(layers)]))
    values = np.round(rng.normal(0, 50, count), 2)
    if count == 1:
        each = np.full((len(layers), len(cells)), values[0])
    else:
        each = np.broadcast_to(values.reshape(-1, len(cells)), (len(layers), len(cells)))
    told = f"cells = {lit(cells + 1)}, values = {lit(values)}, layer = {lit(layers + 1)}"
    by_hand = "; ".join(
        f"x[[{layer + 1}]][{lit(cells + 1)}] <- {lit(own)}" for layer, own in zip(layers, each, strict=True)
    )
    return Trial(
        "update",
        {"x": x},
        "x.write_raster(new_file(), datatype='float64')"
        f".update(cells={py(cells)}, values={py(values)}, layer={py(layers)})",
        "if (exists('chunk', asNamespace('terra'))) {"
        f"f <- tempfile(fileext = '.tif'); update(writeRaster(x, f, datatype = 'FLT8S'), {told}); rast(f) + 0"
        f"}} else {{{by_hand}; x + 0}}",
        more={"new_file": new_file},
    )


def updated_names(rng: Rng) -> Trial:
    x = numbers(rng, place="metres")
    name, extent = f"n{rng.integers(99)}", [float(v) for v in (1, rng.integers(2, 9), -5, rng.integers(9))]

    def described(x: Any) -> Any:
        made = x.write_raster(new_file(), datatype="float64")
        made.names, made.ext, made.crs = [f"{name}_{i}" for i in range(len(x))], extent, "EPSG:3857"
        return pt_rast(made.update(names=True, extent=True, crs=True).sources()[0])

    return Trial(
        "update",
        {"x": x},
        "described(x)",
        f"{{f <- tempfile(fileext = '.tif'); y <- writeRaster(x, f, datatype = 'FLT8S'); names(y) <- paste0('{name}_', "
        f"seq_len(nlyr(y)) - 1); ext(y) <- {lit(extent)}; crs(y) <- 'EPSG:3857'; "
        "update(y, names = TRUE, extent = TRUE, crs = TRUE); rast(f) + 0}",
        more={"described": described},
    )


def in_tiles(rng: Rng, least: int) -> tuple[Given, int]:
    """A raster, and the size of its tiles, of `least` rows and columns at least.

    1.9 fails where there is one tile, or nothing is left of one without its margins, and loses whole numbers that do
    not fit the type that it chose for the first tile.
    """
    while True:
        x = numbers(rng, place="metres")
        sizes = x.values.shape[1:]
        fitting = [
            n
            for n in (2, 3, 4, 5, 6)
            if n < max(sizes) and all(size % n not in range(1, least) for size in sizes)
        ]
        if fitting and x.kind == "num":
            return x, int(rng.choice(fitting))


def chunked(rng: Rng) -> Trial:
    x, n = in_tiles(rng, 1)
    ours, r = CHUNKS[rng.integers(len(CHUNKS))]
    return Trial(
        "chunk",
        {"x": x},
        f"pt.chunk(x, lambda y: {ours}, n={n})",
        f"if (exists('chunk', asNamespace('terra'))) chunk(x, function(y) {r}, n = {n}) else {{y <- x; {r}}}",
        rtol=1e-6,  # 1.9 writes float32
    )


def chunked_with_margins(rng: Rng) -> Trial:
    """1.9 cuts the margins off at the edges of the raster, too."""
    x, n = in_tiles(rng, 3)
    focal, inner = "focal(y, 3, 'mean', na.rm = TRUE)", "ext(x) - rep(res(x), each = 2)"
    return Trial(
        "chunk",
        {"x": x},
        f"pt.chunk(x, lambda y: y.focal(3, 'mean', na_rm=True), n={n}, buffer=1).crop(x.ext.extend((-x.xres, -x.yres)))",
        f"crop(if (exists('chunk', asNamespace('terra'))) chunk(x, function(y) {focal}, n = {n}, buffer = 1) else "
        f"{{y <- x; {focal}}}, {inner})",
        rtol=1e-6,
    )


CHUNKS = [("y.sum()", "sum(y)"), ("y * 2", "y * 2"), ("pt.c(y, y[0])", "c(y, y[[1]])"), ("y.max()", "max(y)")]
"""Of cells alone: the same by tiles."""


def tightened(rng: Rng) -> Trial:
    x = numbers(rng)
    py_code, r = TIGHT[rng.integers(len(TIGHT))]
    return Trial("tighten", {"x": x}, py_code, r)


TIGHT = [
    ("pt.c(x + 0, x * 2, x[0] + 0).tighten()", "tighten(c(x + 0, x * 2, x[[1]] + 0))"),
    ("pt.c(x + 0, x * 2, x[0] + 0).tighten().nsrc()", "nsrc(tighten(c(x + 0, x * 2, x[[1]] + 0)))"),
    ("pt.sds(x, x * 2).tighten()", "tighten(sds(x, x * 2))"),
]
"""Python, R."""


def plain_numbers(rng: Rng) -> Trial:
    """One layer: 1.9 describes the last of several alone."""
    nrow, ncol, size = int(rng.integers(1, 6)), int(rng.integers(1, 6)), int(rng.choice([2, 4]))
    low, endian, byteorder = (("little", "<", "LSB"), ("big", ">", "MSB"))[rng.integers(2)]
    stored = rng.integers(-300, 300, nrow * ncol)
    order, center = str(rng.choice(["BIL", "BSQ", "BIP"])), bool(rng.integers(2))
    xmin, res, scale, offset = (
        float(rng.integers(-9, 9)),
        float(rng.choice([0.5, 2])),
        *rng.choice([1.0, 0.5, -3], 2),
    )

    def plain() -> Path:
        file = new_file("a.bin")
        file.write_bytes(stored.astype(f"{endian}i{size}").tobytes())
        return file

    told = {"xmin": xmin, "ymin": 1, "xres": res, "scale": float(scale), "offset": float(offset)}
    words = {"bandorder": order, "byteorder": byteorder, "lyrnms": "n", "datatype": f"INT{size}S"}
    r_told = ", ".join(
        f"{key} = {lit(value)}" for key, value in {**told, **words, "xycenter": center}.items()
    )
    return Trial(
        "makeVRT",
        {},
        f"pt.rast(pt.make_vrt(plain(), {nrow}, {ncol}, na_flag={stored[0]}, xycenter={center}, **{told | words}))",
        f"{{f <- tempfile(fileext = '.bin'); writeBin(as.integer({lit(stored)}), f, size = {size}, endian = '{low}'); "
        f"rast(makeVRT(f, {nrow}, {ncol}, NAflag = {stored[0]}, {r_told}))}}",
        more={"plain": plain},
    )


def pt_rast(path: str) -> Any:
    import pyterra as pt

    return pt.rast(path)


def types_of_terra(rng: Rng) -> Trial:
    x, file = numbers(rng), new_file()
    values = np.floor(np.abs(x.values)) % 100
    values[0, 0, 0] = np.nan
    types = ["INT1U", "INT2U", "INT2S", "INT4U", "INT4S", "INT8U", "INT8S", "FLT4S", "FLT8S"]
    write = f"writeRaster(x, {lit(str(file))}, datatype = '{rng.choice(types)}')"
    given = Given(values, x.extent, place=x.place, names=x.names)
    return Trial("rast", {"x": given}, f"pt.rast({str(file)!r}) + 1", f"{{suppressWarnings({write}) + 1}}")


def values_of_blocks(rng: Rng) -> Trial:
    x = numbers(rng)
    _, nrow, ncol = x.values.shape
    row, col = int(rng.integers(nrow)), int(rng.integers(ncol))
    nrows, ncols = int(rng.integers(1, nrow - row + 1)), int(rng.integers(1, ncol - col + 1))
    asked = f"readValues(x, {row + 1}, {nrows}, {col + 1}, {ncols}, mat = TRUE)"
    r = f"{{readStart(x); v <- {asked}; readStop(x); colnames(v) <- NULL; v}}"
    return Trial("read_values", {"x": x}, f"x.read_values({row}, {nrows}, {col}, {ncols}, mat=True)", r)


def written_by_blocks(rng: Rng) -> Trial:
    x = numbers(rng)
    nrow = x.values.shape[1]
    first = int(rng.integers(1, nrow + 1))
    parts = [(0, first), (first, nrow - first)][: 1 if first == nrow else 2]
    if rng.random() < 0.5:
        parts.reverse()
    kind = str(rng.choice(["FLT4S", "FLT8S"]))
    ours = "".join(f"y.write_values(2 * x.read_values({a}, {n}), {a}, {n}), " for a, n in parts)
    theirs = "".join(
        f"readStart(x); v <- readValues(x, {a + 1}, {n}); readStop(x); writeValues(y, 2 * v, {a + 1}, {n}); "
        for a, n in parts
    )
    return Trial(
        "write_values",
        {"x": x},
        f"(lambda y: (y.write_start(new_file(), datatype={kind!r}), {ours}y.write_stop())[-1])(pt.rast(x)) + 1",
        f"{{y <- rast(x); writeStart(y, tempfile(fileext = '.tif'), datatype = '{kind}'); {theirs}writeStop(y) + 1}}",
        more={"new_file": new_file},
    )


QUESTIONS: list[Callable[[Rng], Trial]] = [
    *[updated_cells] * 3,
    *[updated_names] * 2,
    *[chunked] * 3,
    *[chunked_with_margins] * 2,
    *[plain_numbers] * 3,
    *[tightened] * 4,
    *[types_of_terra] * 3,
    *[values_of_blocks] * 2,
    *[written_by_blocks] * 2,
]
