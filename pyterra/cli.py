"""The command ``pyterra``. Everything heavy is imported by the commands that need it, so that ``--help`` is quick."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

FOLDER = click.Path(file_okay=False, path_type=Path)


class _Main(click.Group):
    """Turns errors into one clear line, and Ctrl-C into exit code 130."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("interrupted", err=True)
            ctx.exit(130)
        except Exception as error:
            if not _is_expected(error):
                raise
            if ctx.params.get("traceback"):
                import traceback

                traceback.print_exc()
            else:
                click.echo(f"error: {error}", err=True)
            ctx.exit(1)


def _is_expected(error: Exception) -> bool:
    """Whether an error is one that pyterra raises on purpose, or says that something is not installed."""
    from pyterra.errors import PyterraError

    return isinstance(error, PyterraError | ImportError)


@click.group(cls=_Main, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option("--traceback", is_flag=True, help="Show where an error came from.")
@click.version_option(package_name="pyterra-geo", prog_name="pyterra")
def main(traceback: bool) -> None:
    """R's terra for Python: rasters larger than memory, on all cores."""
    os.environ.setdefault("MPLBACKEND", "Agg")


def _years(_ctx: click.Context, _param: click.Parameter, text: str | None) -> tuple[int, ...] | None:
    """``2000:2022``, ``2003,2007`` or both mixed."""
    if text is None:
        return None
    found: list[int] = []
    try:
        for part in text.split(","):
            first, _, last = part.partition(":")
            found += range(int(first), int(last or first) + 1)
    except ValueError:
        raise click.BadParameter(f"years look like 2000:2022 or 2003,2007,2011; got {text!r}") from None
    if not found:
        raise click.BadParameter(f"at least one year is needed, got {text!r}")
    return tuple(sorted(set(found)))


def _resolutions(_ctx: click.Context, _param: click.Parameter, text: str) -> list[str] | dict[str, int]:
    """``30m,100m``, or ``30m=4000,500m=240`` with cells per degree."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not any("=" in part for part in parts):
        return parts
    try:
        return {name: int(cells) for name, cells in (part.split("=") for part in parts)}
    except ValueError:
        raise click.BadParameter(
            f"resolutions look like 30m,1km or 30m=4000,500m=240 (cells per degree); got {text!r}"
        ) from None


def _executor(workers: int | None, dask: str | None) -> Any:
    if dask is not None:
        return dask
    return "serial" if workers == 1 else "processes"


_workers = click.option("--workers", type=click.IntRange(1), help="Tiles at a time; by default all cores.")
_dask = click.option(
    "--dask",
    metavar="ADDRESS",
    help="Address of a Dask scheduler, or 'local' for a cluster on this machine; instead of processes.",
)


@main.group()
def croplands() -> None:
    """Annual cropland maps from the GLAD epochs."""


@croplands.command("run")
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option("--out", type=FOLDER, required=True, help="Folder of the results.")
@click.option("--years", callback=_years, default="2000:2022", show_default=True, help="Years to map.")
@click.option("--epochs", callback=_years, help="Epochs that must be there; by default the five of GLAD.")
@click.option(
    "--resolutions",
    callback=_resolutions,
    default="30m,100m,250m,1km",
    show_default=True,
    help="Maps to make; NAME=N for N cells per degree.",
)
@click.option("--method", type=click.Choice(["linear", "constant"]), default="linear", show_default=True)
@click.option(
    "--rule",
    type=click.IntRange(1, 2),
    default=2,
    show_default=True,
    help="Outside the epochs: 1 missing, 2 the value of the nearest one.",
)
@click.option("--map-version", default="v20240624", show_default=True, help="Last field of the file names.")
@click.option(
    "--compress",
    type=click.Choice(["DEFLATE", "ZSTD", "LZW", "LZMA", "NONE"], case_sensitive=False),
    default="DEFLATE",
    show_default=True,
    help="Codec of the maps.",
)
@click.option("--level", type=int, help="How much the codec tries: DEFLATE 1 to 12, ZSTD 1 to 22.")
@click.option("--blocksize", type=int, help="Rows and columns of the tiles in a map, a multiple of 16.")
@_workers
@_dask
@click.option(
    "--on-error",
    type=click.Choice(["raise", "skip"]),
    default="raise",
    show_default=True,
    help="When a tile fails for good: stop, or make all others first. Maps are made when no tile is lacking.",
)
@click.option(
    "--retries", type=click.IntRange(0), default=2, show_default=True, help="Further tries of a failed tile."
)
@click.option(
    "--resume/--fresh",
    default=True,
    show_default=True,
    help="Keep what an earlier run finished from the same inputs, or make everything anew.",
)
@click.option(
    "--verify", is_flag=True, help="With --resume: compare checksums of finished files, not only sizes."
)
@click.option(
    "--share",
    is_flag=True,
    help="Work on the job together with other processes that are started like this one, also on other machines.",
)
@click.option("--progress/--no-progress", default=True, help="Show rate and remaining time.")
def run_croplands(
    inputs: tuple[str, ...],
    workers: int | None,
    dask: str | None,
    map_version: str,
    **arguments: Any,
) -> None:
    """Map cropland for every year, in percent of a cell.

    INPUT is the folder of the files Global_cropland_{NE,NW,SE,SW}_{year}.tif, or files with a year in their names.
    """
    from pyterra.workflows.croplands import croplands as make

    report = make(
        inputs, version=map_version, workers=workers, executor=_executor(workers, dask), **arguments
    )
    click.echo(report.text.rstrip())
    if report.failures:
        sys.exit(1)


@croplands.command("demo")
@click.option(
    "--out", type=FOLDER, default=Path("demo-output"), show_default=True, help="Folder of all files."
)
@_workers
@click.option(
    "--cells-per-degree",
    type=click.IntRange(100),
    default=4000,
    show_default=True,
    help="Of the input; fewer are quicker.",
)
def demo_croplands(out: Path, workers: int | None, cells_per_degree: int) -> None:
    """Make input, run the whole job on it, and check every result."""
    from pyterra.workflows.demo import demo

    demo(
        out,
        workers=workers,
        cells_per_degree=cells_per_degree,
        executor=_executor(workers, None),
        say=click.echo,
    )


@main.command("gapfill")
@click.argument("inputs", nargs=-1, required=True, metavar="IN...")
@click.option("--out", type=FOLDER, required=True, help="Folder of the filled files, which keep their names.")
@click.option(
    "--method",
    default="linear",
    show_default=True,
    metavar="WAY",
    help="linear, constant, or another way of SpatRaster.fill, such as swa; several after each other as swa+linear.",
)
@click.option(
    "--season-size", type=int, metavar="FRAMES", help="Frames in a year; by default as the dates tell."
)
@click.option(
    "--rule",
    type=click.Choice(["1", "2", "1:2", "2:1"]),
    default="1",
    show_default=True,
    help="Before the first and after the last value: 1 leave gaps, 2 repeat it; left:right.",
)
@click.option("--overwrite", is_flag=True, help="Replace files of an earlier run.")
@click.option(
    "--validate",
    type=click.FloatRange(0, 0.9),
    metavar="SHARE",
    help="Also hide this share of the observed cells, fill them, and tell the errors.",
)
@click.option("--tune", is_flag=True, help="Also tell and draw the errors of all ways, the best first.")
@click.option("--quality", is_flag=True, help="Also write what values rest on, 0 to 100 (weighted means).")
@click.option("--cog", is_flag=True, help="Write cloud-optimised GeoTIFFs.")
@click.option("--resume", is_flag=True, help="Keep what an earlier run finished from the same inputs.")
@_workers
def gapfill(
    inputs: tuple[str, ...],
    out: Path,
    method: Any,
    rule: str,
    season_size: int | None,
    overwrite: bool,
    validate: float | None,
    tune: bool,
    workers: int | None,
    **kept: Any,
) -> None:
    """Fill the gaps of a dated stack of rasters, each cell along its own series.

    IN are files of one date each, with the date in their names, or files of several dated layers.
    """
    from pyterra.options import options
    from pyterra.workflows.gapfill import gapfill as fill
    from pyterra.workflows.gapfill import tune_gapfill, validate_gapfill
    from pyterra.workflows.pictures import save_errors

    way = method.split("+") if "+" in method else method
    rules = tuple(int(side) for side in rule.split(":"))
    chosen: Any = rules if len(rules) == 2 else rules[0]
    with options(workers=workers):
        report = fill(
            inputs, out, method=way, rule=chosen, season_size=season_size, overwrite=overwrite, **kept
        )
        click.echo(str(report))
        if validate:
            hidden = validate_gapfill(
                inputs, share=validate, method=way, rule=chosen, season_size=season_size
            )
            click.echo(str(hidden))
        if tune:
            table = tune_gapfill(inputs, share=validate or 0.1, season_size=season_size)
            click.echo(table.round(4).to_string(index=False))
            try:
                click.echo(f"drawn in {save_errors(table, out / 'tuning.png')}")
            except ImportError as error:
                click.echo(f"not drawn: {error}", err=True)


@main.command("info")
@click.argument("file")
def info(file: str) -> None:
    """Describe a raster file."""
    from pyterra.construct import rast

    click.echo(repr(rast(file)))


@main.command("view")
@click.argument("where", metavar="DIR|FILE", type=click.Path(path_type=Path))
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="Of this machine; by default any that is free."
)
@click.option("--browser/--no-browser", default=True, show_default=True, help="Open a browser.")
def view(where: Path, port: int, browser: bool) -> None:
    """Look at results in a browser: a folder of rasters and vectors, a catalogue, or one file.

    The map is served to this machine alone, at an address with a token, until Ctrl-C.
    """
    from pyterra.workflows.view import view_map

    with view_map(where).serve(port=port, browser=browser) as served, suppress(KeyboardInterrupt):
        click.echo(f"{served.map.title}: {served.url}\nCtrl-C ends it")
        served.wait()


@main.command("warm")
@click.option("--everyday", is_flag=True, help="Only what nearly every script calls.")
@click.option("--times", is_flag=True, help="Tell the seconds of every verb.")
@click.option("--workers", type=click.IntRange(min=1), help="Processes that compile; one per core otherwise.")
def warm(everyday: bool, times: bool, workers: int | None) -> None:
    """Compile the kernels of most verbs, so that first calls are quick; it takes some minutes, once."""
    from pyterra.options import current
    from pyterra.workflows.warm import warm

    processes = workers or current().worker_count
    click.echo(str(warm(everyday=everyday, workers=processes, say=click.echo if times else None)))


@main.command("doctor")
def doctor() -> None:
    """Tell versions, cores, memory, what there is of R, and what stands in the way."""
    from pyterra.rbridge.diagnosis import Diagnosis
    from pyterra.workflows.doctor import diagnose

    found = diagnose()
    click.echo(str(Diagnosis(found.findings, found.notes)))
    for problem in found.problems:
        click.echo(f"problem: {problem}", err=True)
    if found.problems:
        sys.exit(1)


if __name__ == "__main__":
    main()
