"""Layers as time."""

from __future__ import annotations

import pyterra as pt
from benchmarks.data import EPOCHS, YEARS, Data
from benchmarks.job import LZW, R_LZW, Job, in_memory, r_file, r_memory, workload

R_CLOSURE = 1 / 16
"""terra calls R's approx for each cell: it gets a sixteenth of the rows."""


def r_first_rows(name: str, share: float) -> str:
    """R code that keeps the first rows of a raster, in memory."""
    return (
        f"n <- max(1, round(nrow({name}) * {share}))\n"
        f"{name} <- crop({name}, ext(xmin({name}), xmax({name}), yFromRow({name}, n) - yres({name}) / 2, ymax({name})))\n"
        f"{name} <- setValues({name}, values({name}))\n"
    )


@workload("approximate-file", 80.0, note="terra cuts toward zero when it writes bytes, pyterra rounds")
def approximate_file(data: Data) -> Job:
    out, theirs = data.output("years"), data.output("years-terra")
    x = pt.rast(data.epochs)
    gaps = (
        f"full <- rast(x[[1]], nlyrs = {len(YEARS)}); full <- setValues(full, NA)\n"
        f"for (i in 1:5) full[[c{EPOCHS}[i] - 1999]] <- x[[i]]\n"
    )
    return Job(
        lambda: x.approximate(xout=YEARS, z=EPOCHS, rule=2).write_raster(
            out, overwrite=True, datatype="uint8", nodata=255, options=LZW
        ),
        f'out <- approximate(full, rule = 2, filename = "{theirs}", datatype = "INT1U", NAflag = 255, {R_LZW})',
        r_file("x", data.epochs) + r_first_rows("x", R_CLOSURE) + gaps,
        share=R_CLOSURE,
        inputs=(data.epochs,),
        output=out,
        tolerance=1 / 100,
    )


@workload("gaps-memory", 80.0)
def gaps_memory(data: Data) -> Job:
    series = in_memory(data.series)
    return Job(
        lambda: series.approximate().compute(),
        "out <- approximate(x)",
        r_file("x", data.series) + r_first_rows("x", R_CLOSURE),
        share=R_CLOSURE,
    )


@workload("clamp-ts-memory", 1.0)
def clamp_ts_memory(data: Data) -> Job:
    x = in_memory(data.stack)
    return Job(lambda: x.clamp_ts(min=True).compute(), "out <- clamp_ts(x, TRUE)", r_memory("x", data.stack))
