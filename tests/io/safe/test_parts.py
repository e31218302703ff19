"""Outputs that appear whole or not at all: part files beside the target, renamed at the end."""

import errno
import os

import pytest
from part_files import profile, values_for, write

from pyterra.errors import (
    OutputExistsError,
    PyterraWarning,
    SinkError,
)
from pyterra.io.safe import parts
from pyterra.io.safe.parts import Output, atomic_path, sweep
from pyterra.io.safe.safe_write import SafeRaster


def names(folder):
    return sorted(p.name for p in folder.iterdir())


def test_a_file_that_appears_meanwhile_is_left_alone(tmp_path):
    with SafeRaster(tmp_path / "a.tif", profile()) as raster:
        (tmp_path / "a.tif").write_text("mine")
        with pytest.raises(OutputExistsError, match="appeared in the meantime"):
            raster.commit()
    assert (tmp_path / "a.tif").read_text() == "mine"
    assert names(tmp_path) == ["a.tif"]


@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("missing/a.tif", "does not exist"),
        ("folder", "is a folder"),
        ("pipe", "not a regular file"),
        ("", "empty"),
    ],
)
def test_bad_paths_fail_before_anything_is_done(tmp_path, path, word):
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SinkError, match=word):
        SafeRaster(tmp_path / path if path else "", profile(), overwrite=True)


@pytest.mark.parametrize("path", ["/vsimem/a.tif", "s3://bucket/a.tif", "https://example.org/a.tif"])
def test_paths_that_are_not_local_are_refused(path):
    with pytest.raises(SinkError, match="not a local file"):
        SafeRaster(path, profile())


def test_a_folder_that_cannot_be_written_fails_at_once(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(SinkError, match=r"cannot write in .*: Read-only file system"):
        SafeRaster(tmp_path / "a.tif", profile())


def test_too_little_space_is_a_warning(tmp_path):
    settings = profile(rows=2**22, cols=2**22, tiled=True, sparse_ok=True)
    with pytest.warns(PyterraWarning, match="before compression"), SafeRaster(tmp_path / "a.tif", settings):
        pass
    assert names(tmp_path) == []
    with SafeRaster(tmp_path / "a.tif", settings, filled=100):
        pass  # all but a hundred cells stay empty


def test_an_output_that_is_dropped_without_a_close_leaves_nothing(tmp_path):
    output = Output(tmp_path / "a.txt")
    output.part().write_text("x")
    assert len(names(tmp_path)) == 2
    del output
    assert names(tmp_path) == []


def test_a_sweep_takes_what_the_dead_left_and_nothing_else(tmp_path):
    dead = [".a.tif.99.0123abcd.part.tif", ".a.tif.99.0123abcd.part.tif.ovr.tmp", ".a.tif.pyterra-lock"]
    innocent = ["a.tif", ".hidden", ".a.lock", ".part.tif"]
    with Output(tmp_path / "live.tif") as live:
        for name in dead + innocent:
            (tmp_path / name).write_text("x")
        part = live.part()
        part.write_text("x")
        removed = sweep(tmp_path, every=0.0)
        assert sorted(p.name for p in removed) == sorted(dead)
        assert part.exists()
    assert names(tmp_path) == sorted(innocent)


def test_a_new_writer_sweeps_a_folder_once(tmp_path, monkeypatch):
    monkeypatch.setattr(parts, "_swept", {})
    stale = tmp_path / ".old.tif.99.0123abcd.part.tif"
    stale.write_text("x")
    with Output(tmp_path / "a.tif"):
        assert not stale.exists()
    stale.write_text("x")
    with Output(tmp_path / "a.tif"):
        assert stale.exists()


def test_names_at_the_limit_of_the_file_system_work(tmp_path):
    path = tmp_path / ("n" * 251 + ".tif")
    write(path, values_for(profile()), profile())
    assert names(tmp_path) == [path.name]


def test_atomic_path_serves_any_file(tmp_path):
    with atomic_path(tmp_path / "a.json") as part:
        part.write_text("{}")

    def fail():
        with atomic_path(tmp_path / "a.json", overwrite=True) as part:
            part.write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert (tmp_path / "a.json").read_text() == "{}"
    assert names(tmp_path) == ["a.json"]
