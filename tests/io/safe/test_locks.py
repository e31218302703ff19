"""One writer per output."""

import os
import socket
import threading

import pytest
import rasterio

from pyterra.errors import (
    OutputLockedError,
)
from pyterra.io.safe.parts import Output
from pyterra.io.safe.safe_write import SafeRaster


def profile(rows=40, cols=60, bands=1, dtype="float32", **more):
    return {
        "width": cols,
        "height": rows,
        "count": bands,
        "dtype": dtype,
        "crs": "EPSG:4326",
        "transform": rasterio.Affine(0.01, 0.0, 5.0, 0.0, -0.01, 50.0),
        **more,
    }


def names(folder):
    return sorted(p.name for p in folder.iterdir())


def test_a_second_writer_is_told_who_holds_the_path(tmp_path):
    with SafeRaster(tmp_path / "a.tif", profile()):
        with pytest.raises(OutputLockedError, match=f"process {os.getpid()} on {socket.gethostname()}"):
            SafeRaster(tmp_path / "a.tif", profile())
        with SafeRaster(tmp_path / "b.tif", profile()) as other:
            other.commit()
    assert names(tmp_path) == ["b.tif"]


def test_of_two_threads_one_gets_the_path(tmp_path):
    start, results = threading.Barrier(2), []

    def attempt(seed):
        start.wait()
        try:
            with Output(tmp_path / "a.txt", overwrite=True) as output:
                part = output.part()
                part.write_text(str(seed))
                release.wait()
                output.publish(part)
                results.append("written")
        except OutputLockedError:
            results.append("refused")
            release.set()

    release = threading.Event()
    threads = [threading.Thread(target=attempt, args=(seed,)) for seed in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["refused", "written"]
    assert names(tmp_path) == ["a.txt"]
