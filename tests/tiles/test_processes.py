"""Tiles made by processes."""

import os
from pathlib import Path

import pytest

from pyterra.errors import JobError
from pyterra.io.safe.parts import atomic_path
from pyterra.tiles import Tile, run_tiles

IDS = [f"t{i}" for i in range(12)]


def write_name(tile, folder):
    path = Path(folder) / f"{tile}.txt"
    with atomic_path(path, overwrite=True) as part:
        part.write_text(f"tile {tile}")
    return path


class Unloadable:
    def __reduce__(self):
        return (int, ("no number",))


def test_functions_of_a_script_travel_to_processes(tmp_path):
    suffix = "made here"

    def local(tile, folder):
        path = Path(folder) / f"{tile.id}.txt"
        path.write_text(f"{suffix} by {os.getpid()}")
        return path

    tiles = [Tile(name, (0, 1, 0, 1)) for name in IDS]
    run_tiles(local, tiles, context=tmp_path, executor="processes", workers=2)
    texts = [(tmp_path / f"{name}.txt").read_text() for name in IDS]
    assert all(text.startswith("made here") for text in texts)
    pids = {text.split()[-1] for text in texts}
    assert str(os.getpid()) not in pids
    assert 1 <= len(pids) <= 2


def test_a_context_that_workers_cannot_load_is_an_error_at_once():
    with pytest.raises(JobError, match=r"cannot be used in a worker process(.|\n)*no number"):
        run_tiles(write_name, IDS, context=Unloadable(), executor="processes", workers=2)
