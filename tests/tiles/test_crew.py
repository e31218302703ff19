"""What a worker does with a tile."""

import os
from pathlib import Path

from pyterra import options
from pyterra.tiles import run_tiles


def tell_settings(tile, folder):
    settings = options.current()
    path = Path(folder) / f"{tile}.txt"
    path.write_text(f"{settings.workers} {settings.executor} {os.environ.get('OPENBLAS_NUM_THREADS')}")
    return [path]


def test_workers_compute_with_one_thread_each(tmp_path):
    run_tiles(tell_settings, ["a"], context=tmp_path, executor="processes", workers=1)
    assert (tmp_path / "a.txt").read_text() == "1 serial 1"
    before = options.current()
    run_tiles(tell_settings, ["b"], context=tmp_path, executor="threads", workers=1)
    assert (tmp_path / "b.txt").read_text().startswith("1 serial")
    assert options.current() == before


def test_outputs_that_are_missing_are_a_failure(tmp_path):
    report = run_tiles(
        lambda tile, folder: folder / "nothing.tif",
        ["a"],
        context=tmp_path,
        executor="serial",
        retries=0,
        on_error="skip",
    )
    assert "FileNotFoundError" in report.failures[0].error
