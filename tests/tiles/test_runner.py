"""The runner makes every tile once, tries again what fails, and reports what it gave up."""

import threading
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from pyterra.errors import ArgumentError, JobError
from pyterra.io.safe.parts import atomic_path
from pyterra.tiles import Manifest, OutputFile, TileGrid, run_tiles

EXECUTORS = ["serial", "threads", "processes"]
IDS = [f"t{i}" for i in range(12)]


def write_name(tile, folder):
    path = Path(folder) / f"{tile}.txt"
    with atomic_path(path, overwrite=True) as part:
        part.write_text(f"tile {tile}")
    return path


def fail_on_t3(tile, folder):
    if tile == "t3":
        raise ValueError(f"no data in {tile}: https://example.org/a.tif?sig=Tr0ub4dor")
    return write_name(tile, folder)


def fail_once(tile, folder):
    mark = Path(folder) / f"{tile}.tried"
    if not mark.exists():
        mark.touch()
        raise RuntimeError("not yet")
    return write_name(tile, folder)


def names(folder, ending=".txt"):
    return sorted(p.stem for p in Path(folder).glob(f"*{ending}"))


@pytest.mark.parametrize("executor", EXECUTORS)
def test_every_tile_is_made_and_recorded(tmp_path, executor):
    with Manifest(tmp_path / "m.sqlite") as manifest:
        report = run_tiles(
            write_name, IDS, context=str(tmp_path), executor=executor, workers=2, manifest=manifest
        )
        assert (report.total, report.done, report.skipped, report.failures) == (12, 12, 0, ())
        assert manifest.counts() == {"done": 12}
        assert manifest.record("t3").outputs[0].path == str(tmp_path / "t3.txt")
    assert names(tmp_path) == sorted(IDS)
    assert str(report).startswith("12 tiles: 12 done, 0 done before, 0 failed")


def test_a_second_run_makes_nothing_but_what_is_missing(tmp_path):
    run = {"context": str(tmp_path), "executor": "serial", "manifest": tmp_path / "m.sqlite"}
    run_tiles(write_name, IDS, **run)
    (tmp_path / "t5.txt").unlink()
    report = run_tiles(write_name, [*IDS, "t99"], **run)
    assert (report.done, report.skipped) == (2, 11)
    assert run_tiles(write_name, IDS, **run, resume=False).done == 12


def test_changed_contents_are_made_again_when_verified(tmp_path):
    run = {"context": str(tmp_path), "executor": "serial", "manifest": tmp_path / "m.sqlite"}
    run_tiles(write_name, IDS, **run)
    (tmp_path / "t5.txt").write_text("tile tX")
    assert run_tiles(write_name, IDS, **run).done == 0
    assert run_tiles(write_name, IDS, **run, verify=True).done == 1
    assert (tmp_path / "t5.txt").read_text() == "tile t5"


def test_other_inputs_tile_or_function_make_a_tile_again(tmp_path):
    run = {"context": str(tmp_path), "executor": "serial", "manifest": tmp_path / "m.sqlite"}
    run_tiles(write_name, IDS, **run, inputs={"rule": 1})
    assert run_tiles(write_name, IDS, **run, inputs={"rule": 1}).done == 0
    assert run_tiles(write_name, IDS, **run, inputs={"rule": 2}).done == 12
    assert run_tiles(write_name, IDS, **run, inputs=lambda tile: {"rule": 2}).done == 12
    assert run_tiles(write_name, IDS, **run, inputs=lambda tile: {"rule": 2 + (tile == "t1")}).done == 1
    other = run_tiles(fail_on_t3, IDS, **run, inputs={"rule": 2}, retries=0, on_error="skip")
    assert (other.done, other.skipped) == (11, 0)


@pytest.mark.parametrize("executor", EXECUTORS)
def test_a_failed_tile_is_tried_again(tmp_path, executor):
    with Manifest() as manifest:
        report = run_tiles(
            fail_once,
            IDS,
            context=str(tmp_path),
            executor=executor,
            workers=2,
            pause=0.01,
            manifest=manifest,
        )
        assert (report.done, report.failures) == (12, ())
        assert {record.attempts for record in manifest.records("done")} == {2}


@pytest.mark.parametrize("executor", EXECUTORS)
def test_skipping_lists_what_failed_and_makes_the_rest(tmp_path, executor):
    with Manifest() as manifest:
        report = run_tiles(
            fail_on_t3,
            IDS,
            context=str(tmp_path),
            executor=executor,
            workers=2,
            retries=1,
            pause=0.01,
            on_error="skip",
            manifest=manifest,
        )
        assert manifest.record("t3").state == "failed"
        assert "Tr0ub4dor" not in manifest.record("t3").error
    assert report.done == 11
    (failure,) = report.failures
    assert (failure.id, failure.attempts) == ("t3", 2)
    assert failure.error == "ValueError: no data in t3: https://example.org/a.tif?***"
    assert "fail_on_t3" in failure.details


@pytest.mark.parametrize("executor", EXECUTORS)
def test_raising_keeps_what_was_finished_and_says_how_to_go_on(tmp_path, executor):
    run = {"context": str(tmp_path), "executor": executor, "workers": 2, "manifest": tmp_path / "m.sqlite"}
    with pytest.raises(
        JobError, match=r"1 of 12 tiles failed after 1 attempts: t3: ValueError: no data"
    ) as raised:
        run_tiles(fail_on_t3, IDS, **run, retries=0)
    assert "Tr0ub4dor" not in "".join([str(raised.value), *raised.value.__notes__])
    assert "fail_on_t3" in raised.value.__notes__[0]
    finished = set(names(tmp_path))
    assert finished
    assert run_tiles(fail_on_t3, IDS, **run, retries=0, on_error="skip").skipped == len(finished)


def test_pauses_between_attempts_double_and_others_go_on(tmp_path):
    calls = []

    def note(tile, context):
        calls.append((tile, time.monotonic()))
        if tile == "bad":
            raise ValueError

    run_tiles(note, ["bad", "a", "b"], executor="serial", retries=2, pause=0.1, on_error="skip")
    assert [tile for tile, _ in calls] == ["bad", "a", "b", "bad", "bad"]
    times = [moment for tile, moment in calls if tile == "bad"]
    assert times[1] - times[0] >= 0.1
    assert times[2] - times[1] >= 0.2


@dataclass(frozen=True)
class Own:
    id: str
    factor: int


def test_tiles_may_be_any_objects_with_an_id():
    seen = []
    run_tiles(lambda tile, seen: seen.append(tile), [Own("a", 3)], context=seen, executor="serial")
    run_tiles(
        lambda tile, seen: seen.append(tile.id), TileGrid((0, 2, 0, 1), 1), context=seen, executor="serial"
    )
    assert seen == [Own("a", 3), "r0000_c0000", "r0000_c0001"]


def test_no_more_tiles_are_under_way_than_workers():
    at_work, most, guard = set(), [0], threading.Lock()

    def count(tile, context):
        with guard:
            at_work.add(tile)
            most[0] = max(most[0], len(at_work))
        time.sleep(0.005)
        with guard:
            at_work.remove(tile)

    run_tiles(count, IDS, executor="threads", workers=3)
    assert most[0] == 3


@pytest.mark.parametrize(
    ("tiles", "word"),
    [(["a", "a"], "unique, got 'a' twice"), (["../a"], "1 to 64 letters"), ([3], "1 to 64 letters")],
)
def test_bad_ids_are_refused_before_anything_is_done(tiles, word):
    calls = []
    with pytest.raises(ArgumentError, match=word):
        run_tiles(lambda tile, calls: calls.append(tile), ["ok", *tiles], context=calls, executor="serial")
    assert calls == []


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"executor": "fork"}, "executor must be"),
        ({"executor": "dask"}, "active client"),
        ({"on_error": "ignore"}, "on_error must be"),
        ({"retries": -1}, "retries must be"),
        ({"workers": 0}, "workers 1 or more"),
    ],
)
def test_bad_arguments_are_refused(options, word):
    with pytest.raises(ArgumentError, match=word):
        run_tiles(write_name, IDS, **options)


def test_no_tiles_are_no_work():
    assert run_tiles(write_name, []).total == 0


def nothing(tile, context):
    return None


def test_ten_thousand_tiles_are_done_once(tmp_path):
    tiles = [f"t{i}" for i in range(10_600)]
    first = run_tiles(nothing, tiles, executor="processes", workers=2, manifest=tmp_path / "m.sqlite")
    again = run_tiles(nothing, tiles, executor="processes", manifest=tmp_path / "m.sqlite")
    assert (first.done, again.done, again.skipped) == (10_600, 0, 10_600)


def test_another_function_or_context_makes_the_tiles_again(tmp_path):
    def job(number):
        return lambda tile, context: None if number else []

    def made(number, context):
        how = {"context": context, "manifest": tmp_path / "m.sqlite", "executor": "serial"}
        return run_tiles(job(number), ["t1", "t2"], **how).done

    assert [made(1, "a"), made(1, "a"), made(2, "a"), made(2, "a"), made(2, "b")] == [2, 0, 2, 0, 2]


@pytest.mark.parametrize("executor", ["serial", "processes"])
def test_a_function_may_measure_its_files_itself(tmp_path, executor):
    with Manifest(tmp_path / "m.sqlite") as manifest:
        run_tiles(
            measure_itself,
            ["a"],
            context=tmp_path,
            manifest=manifest,
            executor=executor,
            workers=1,
            progress=False,
        )
        (file,) = manifest.record("a").outputs
    assert (file.path, file.parts) == (str(tmp_path / "a.txt"), ("half",))


def measure_itself(tile, folder):
    path = folder / f"{tile}.txt"
    path.write_text(tile)
    return OutputFile.measure(path, ["half"])
