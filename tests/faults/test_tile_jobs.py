"""Jobs of tiles whose workers die, that are interrupted, or that are killed and resumed."""

import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from pyterra.errors import JobError
from pyterra.io.safe.parts import atomic_path
from pyterra.tiles import Manifest, checksum, run_tiles

IDS = [f"t{i:03d}" for i in range(30)]


def write_name(tile, folder):
    path = Path(folder) / f"{tile}.txt"
    with atomic_path(path, overwrite=True) as part:
        part.write_text(f"tile {tile}" * 50)
    return path


def die_on_t005(tile, folder):
    if tile == "t005":
        os.kill(os.getpid(), signal.SIGKILL)
    return write_name(tile, folder)


def die_once(tile, folder):
    mark = Path(folder) / f"{tile}.tried"
    if int(tile[1:]) % 10 == 5 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return write_name(tile, folder)


def test_a_tile_that_kills_its_worker_fails_alone(tmp_path):
    with Manifest() as manifest:
        report = run_tiles(
            die_on_t005,
            IDS,
            context=tmp_path,
            workers=2,
            retries=2,
            pause=0.01,
            on_error="skip",
            manifest=manifest,
        )
        (failure,) = report.failures
        assert (failure.id, failure.attempts) == ("t005", 3)
        assert "SIGKILL" in failure.error
        assert report.done == 29
        assert {record.attempts for record in manifest.records("done")} == {1}


def test_tiles_of_killed_workers_are_made_by_others(tmp_path):
    calm = tmp_path / "calm"
    rough = tmp_path / "rough"
    calm.mkdir()
    rough.mkdir()
    run_tiles(write_name, IDS, context=calm, executor="serial")
    report = run_tiles(die_once, IDS, context=rough, workers=2, pause=0.01)
    assert report.done == 30
    assert len(list(rough.glob("*.tried"))) == 3
    for name in IDS:
        assert checksum(rough / f"{name}.txt") == checksum(calm / f"{name}.txt")


def exit_at_once(*_):
    os._exit(3)


class EndsTheWorker:
    def __reduce__(self):
        return (exit_at_once, ())


def test_workers_that_cannot_start_end_the_job(tmp_path):
    with pytest.raises(JobError, match=r"could not start \(exit code 3\)"):
        run_tiles(write_name, IDS, context=EndsTheWorker(), workers=2, on_error="skip")


JOB = textwrap.dedent(
    """
    import sys, time
    from pathlib import Path
    from pyterra.io.safe.parts import atomic_path
    from pyterra.tiles import run_tiles

    def make(tile, folder):
        with open(folder / "calls.log", "a") as log:
            log.write(tile + "\\n")
        path = folder / f"{tile}.txt"
        with atomic_path(path, overwrite=True) as part:
            for piece in range(4):
                with part.open("a") as file:
                    file.write(f"tile {tile} {piece}")
                time.sleep(PAUSE)
        return path

    folder = Path(sys.argv[1])
    PAUSE = float(sys.argv[2])
    report = run_tiles(
        make,
        [f"t{i:03d}" for i in range(200)],
        context=folder,
        workers=2,
        executor=sys.argv[3],
        manifest=folder / "m.sqlite",
        pause=0.05,
        progress=False,
    )
    print(report.done, report.skipped)
    """
)


@pytest.fixture
def start_job(tmp_path):
    script = tmp_path / "job.py"
    script.write_text(JOB)
    started = []

    def start(folder, pause=0.002, executor="processes"):
        job = subprocess.Popen(
            [sys.executable, str(script), str(folder), str(pause), executor],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(job)
        return job

    yield start
    for job in started:
        job.kill()
        job.communicate()


def wait_for_tiles(folder, count):
    deadline = time.monotonic() + 60
    while len(list(folder.glob("t*.txt"))) < count:
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_a_job_killed_and_resumed_redoes_one_tile_per_worker_at_most(tmp_path, start_job):
    folder, chance = tmp_path / "work", random.Random(3)
    folder.mkdir()
    for goal in (chance.randint(20, 60), chance.randint(80, 140)):
        job = start_job(folder)
        wait_for_tiles(folder, goal)
        job.kill()
        job.communicate()
    output, errors = start_job(folder).communicate(timeout=240)
    assert errors == ""
    done, skipped = map(int, output.split())
    assert done + skipped == 200
    calls = (folder / "calls.log").read_text().split()
    assert len(set(calls)) == 200
    assert len(calls) <= 200 + 2 * 2
    for i in range(200):
        expected = "".join(f"tile t{i:03d} {piece}" for piece in range(4))
        assert (folder / f"t{i:03d}.txt").read_text() == expected
    left = {p.name for p in folder.iterdir() if not p.name.startswith("t")}
    assert left == {"calls.log", "m.sqlite"}


@pytest.mark.parametrize("executor", ["processes", "threads", "serial"])
def test_ctrl_c_ends_a_job_and_leaves_no_parts(tmp_path, start_job, executor):
    folder = tmp_path / "work"
    folder.mkdir()
    job = start_job(folder, pause=0.05, executor=executor)
    wait_for_tiles(folder, 3)
    job.send_signal(signal.SIGINT)
    _, errors = job.communicate(timeout=120)
    assert job.returncode == -signal.SIGINT
    assert "KeyboardInterrupt" in errors
    assert not list(folder.glob(".t*.part*"))
    with Manifest(folder / "m.sqlite") as manifest:
        assert set(manifest.counts()) == {"done", "pending"}


def test_workers_end_with_their_parent(tmp_path, start_job):
    folder = tmp_path / "work"
    folder.mkdir()
    job = start_job(folder, pause=20)
    deadline = time.monotonic() + 60
    while not list(folder.glob(".t*.part*")):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    job.kill()
    job.communicate()
    while list(folder.glob(".t*.part*")):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert not list(folder.glob("t*.txt"))
