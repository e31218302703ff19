"""How much a process grows while a verb works under a memory budget: ``python grow.py verb file folder megabytes``."""

import os
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pyterra as pt
from pyterra.errors import MemoryBudgetError

VERBS = {
    "write_raster": lambda r, to: r.write_raster(to / "out.tif"),
    "write_raster to COG": lambda r, to: r.write_raster(to / "out.tif", format="COG"),
    "write_cdf": lambda r, to: r.write_cdf(to / "out.nc"),
    "focal": lambda r, to: r.focal(5).write_raster(to / "out.tif"),
    "project": lambda r, to: r.project("EPSG:4326").write_raster(to / "out.tif"),
    "patches": lambda r, to: r.patches().write_raster(to / "out.tif"),
    "distance": lambda r, to: r.distance().write_raster(to / "out.tif"),
    "compute": lambda r, to: (r * 1.5).compute(),
    "freq": lambda r, to: r.freq(),
    "as_data_frame": lambda r, to: r.as_data_frame(xy=True),
    "as_points": lambda r, to: r.as_points(),
    "as_polygons": lambda r, to: r.as_polygons(),
    "cells as polygons": lambda r, to: r.as_polygons(aggregate=False),
    "r[mask]": lambda r, to: r[r > 5],
}


def resident() -> int:
    """Bytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def growth(work):
    """What `work` does, and the most bytes by which the process grew meanwhile."""
    before = peak = resident()
    done = threading.Event()

    def watch():
        nonlocal peak
        while not done.is_set():
            peak = max(peak, resident())
            time.sleep(0.002)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        work()
        said = "done"
    except MemoryBudgetError as error:
        said = f"refused: {error}"
    finally:
        done.set()
        watcher.join()
    return said, peak - before


def main(verb, file, folder, megabytes):
    folder = Path(folder)
    r = pt.rast(file)
    part = r.crop(pt.ext(0, 10_000, 0, 10_000))
    for i, enough in enumerate((f"{megabytes}MB", "12MB" if verb == "compute" else f"{megabytes}MB")):
        with pt.options(memory=enough, workers=2, progress=False), suppress(MemoryBudgetError):
            (folder / str(i)).mkdir()
            VERBS[verb](
                part, folder / str(i)
            )  # compiles and loads; "compute" also what a raster beyond memory needs
    with pt.options(memory=f"{megabytes}MB", workers=2, progress=False):
        said, grown = growth(lambda: VERBS[verb](r, folder))
    print(grown, said)


if __name__ == "__main__":
    main(*sys.argv[1:])
