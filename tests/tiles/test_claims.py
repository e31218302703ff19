"""Claims: several processes work on one job, and each tile is made once."""

import multiprocessing
import os
import signal
import threading
import time
from pathlib import Path

import pytest

from pyterra.errors import OutputLockedError
from pyterra.tiles import Manifest, OutputFile, run_tiles
from pyterra.tiles.claims import Claims

IDS = [f"t{i}" for i in range(14)]
SPAWN = multiprocessing.get_context("spawn")


def write_once(tile, folder):
    """The file of a tile; a tile that two processes make at a time fails."""
    with open(Path(folder) / f"{tile}.busy", "x"):
        time.sleep(0.05)
    os.unlink(Path(folder) / f"{tile}.busy")
    path = Path(folder) / f"{tile}.txt"
    with path.open("a") as file:
        file.write(f"{os.getpid()}\n")
    return path


def write_or_hang(tile, folder):
    """As `write_once`; but the first who comes to the third tile never ends."""
    if tile == "t3":
        try:
            with open(Path(folder) / "hung", "x"):
                pass
            time.sleep(600)
        except FileExistsError:
            pass
    return write_once(tile, folder)


def work(function, folder, told):
    with Manifest(Path(folder) / "m.sqlite", shared=True) as manifest:
        report = run_tiles(
            function,
            IDS,
            context=folder,
            inputs="same",
            manifest=manifest,
            executor="serial",
            retries=0,
            progress=False,
        )
    told.put((report.done, report.skipped))


def started(function, folder, told):
    process = SPAWN.Process(target=work, args=(function, str(folder), told))
    process.start()
    return process


def test_what_one_holds_no_other_can_take(tmp_path):
    one, other = Claims(tmp_path / "m.sqlite"), Claims(tmp_path / "m.sqlite")
    assert one.take("a")
    assert not other.take("a")
    assert other.take("b")
    assert (list(one), list(other)) == (["a"], ["b"])
    one.drop("a")
    one.drop("a")
    assert other.take("a")
    one.close()
    other.close()
    assert not list(tmp_path.iterdir())


def test_alone_waits_for_the_other(tmp_path):
    one, other = Claims(tmp_path / "m.sqlite"), Claims(tmp_path / "m.sqlite")
    order = []

    def second():
        with other.alone("a"):
            order.append("second")

    with one.alone("a"):
        thread = threading.Thread(target=second)
        thread.start()
        time.sleep(0.1)
        order.append("first")
    thread.join(30)
    assert order == ["first", "second"]


def test_two_processes_share_the_tiles_of_a_job(tmp_path):
    told = SPAWN.Queue()
    both = [started(write_once, tmp_path, told) for _ in range(2)]
    reports = [told.get(timeout=120) for _ in both]
    for process in both:
        process.join(60)
    assert sum(done for done, _ in reports) == len(IDS)
    assert all(done + skipped == len(IDS) for done, skipped in reports)
    # What a tile was written by is one line: nobody made it again.
    assert all(len((tmp_path / f"{name}.txt").read_text().split()) == 1 for name in IDS)
    with Manifest(tmp_path / "m.sqlite") as manifest:
        assert manifest.counts() == {"done": len(IDS)}
    assert sorted(p.name for p in tmp_path.iterdir()) == ["m.sqlite", *sorted(f"{name}.txt" for name in IDS)]


def test_the_tile_of_one_that_died_is_made_by_another(tmp_path):
    told = SPAWN.Queue()
    first = started(write_or_hang, tmp_path, told)
    deadline = time.monotonic() + 60
    while not (tmp_path / "hung").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    second = started(write_or_hang, tmp_path, told)
    while len(list(tmp_path.glob("*.txt"))) < len(IDS) - 1 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert second.is_alive()  # it waits for the tile that the first has
    os.kill(first.pid, signal.SIGKILL)
    assert told.get(timeout=60) == (len(IDS) - 3, 3)
    for process in (first, second):
        process.join(60)
    assert (tmp_path / "t3.txt").read_text() == f"{second.pid}\n"


def test_one_that_shares_and_one_that_does_not_keep_each_other_out(tmp_path):
    with Manifest(tmp_path / "m.sqlite", shared=True), pytest.raises(OutputLockedError):
        Manifest(tmp_path / "m.sqlite")
    with Manifest(tmp_path / "m.sqlite"), pytest.raises(OutputLockedError):
        Manifest(tmp_path / "m.sqlite", shared=True)
    with (
        Manifest(tmp_path / "m.sqlite", shared=True) as one,
        Manifest(tmp_path / "m.sqlite", shared=True) as other,
    ):
        assert one.shared
        assert one.claim("a")
        one.start("a", "digest")
        other.release_running()  # of its own, of which there are none
        assert not other.claim("a")
        assert other.record("a").state == "running"
        (tmp_path / "a.txt").write_text("a")
        one.finish("a", [OutputFile.measure(tmp_path / "a.txt")], 1.0)
        one.release("a")
        assert other.claim("a")
        assert other.done("a", "digest")
        other.start("a", "digest")
        other.release_running()
        assert one.record("a").state == "pending"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.txt", "m.sqlite"]
