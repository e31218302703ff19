"""Manifests that somebody or a disk changed: tiles are made again, or the job ends with a clear word."""

import json
import sqlite3
from pathlib import Path

import pytest
from small_glad import sketch, truth, write_glad

from pyterra.errors import SourceError
from pyterra.io.safe.parts import atomic_path
from pyterra.tiles import Manifest, run_tiles
from pyterra.tiles import manifest as module
from pyterra.workflows import cropland_catalogue
from pyterra.workflows.croplands import croplands

IDS = ["a", "b", "c"]


def write_name(tile, folder):
    path = Path(folder) / f"{tile}.txt"
    with atomic_path(path, overwrite=True) as part:
        part.write_text(f"tile {tile}")
    return path


def run(folder):
    return run_tiles(write_name, IDS, context=folder, executor="serial", manifest=folder / "m.sqlite")


@pytest.fixture
def job():
    return {
        "years": (2005,),
        "resolutions": {"30m": 40},
        "executor": "serial",
        "progress": False,
        "retries": 0,
    }


@pytest.fixture
def finished(tmp_path):
    run(tmp_path)
    return tmp_path


def change(path, *queries):
    database = sqlite3.connect(path, isolation_level=None)
    for query in queries:
        database.execute(query)
    database.close()


CHANGES = {
    "another state": "UPDATE tiles SET state = 'finished'",
    "done without files": "UPDATE tiles SET outputs = '[]'",
    "damaged JSON": "UPDATE tiles SET outputs = '[{\"path\": '",
    "JSON of another kind": "UPDATE tiles SET outputs = '{\"a\": 1}'",
    "blobs": "UPDATE tiles SET outputs = x'ff00', seconds = x'00'",
    "a file outside": 'UPDATE tiles SET outputs = replace(outputs, \'"path": "\', \'"path": "/etc/../\')',
    "files of another tile": "UPDATE tiles SET outputs = (SELECT outputs FROM tiles WHERE id = 'a')",
    "another size": "UPDATE tiles SET outputs = replace(outputs, '\"size\": ', '\"size\": 1')",
    "seconds that are a word": "UPDATE tiles SET seconds = 'soon'",
    "no seal": "UPDATE tiles SET seal = ''",
    "deleted": "DELETE FROM tiles",
}


@pytest.mark.parametrize("kind", CHANGES)
def test_tiles_whose_records_were_changed_are_made_again(finished, kind):
    change(finished / "m.sqlite", f"{CHANGES[kind]} WHERE id IN ('b', 'c')")
    with Manifest(finished / "m.sqlite") as manifest:
        assert [record.id for record in manifest.records("done")] == ["a"] or kind == "files of another tile"
    report = run(finished)
    assert (report.done, report.skipped) == (2, 1)
    with Manifest(finished / "m.sqlite") as manifest:
        assert manifest.counts() == {"done": 3}
        assert [Path(f.path).name for r in manifest.records() for f in r.outputs] == [
            "a.txt",
            "b.txt",
            "c.txt",
        ]


OTHERS = {
    "a column more": ("ALTER TABLE tiles ADD COLUMN x",),
    "a column less": ("ALTER TABLE tiles DROP COLUMN seal",),
    "a trigger": ("CREATE TRIGGER t AFTER UPDATE ON tiles BEGIN DELETE FROM tiles; END",),
    "a view in place of the table": (
        "ALTER TABLE tiles RENAME TO tiles2",
        "CREATE VIEW tiles AS SELECT * FROM tiles2 UNION ALL SELECT * FROM tiles2",
    ),
    "a table that takes a tile twice": (
        "CREATE TABLE x AS SELECT * FROM tiles",
        "DROP TABLE tiles",
        "ALTER TABLE x RENAME TO tiles",
        "INSERT INTO tiles SELECT * FROM tiles",
    ),
    "a later version": ("PRAGMA user_version = 3",),
    "an earlier version": ("PRAGMA user_version = 1",),
}


@pytest.mark.parametrize("kind", OTHERS)
def test_a_database_of_another_make_is_refused_and_left_alone(finished, kind):
    path = finished / "m.sqlite"
    change(path, *OTHERS[kind])
    before = path.read_bytes()
    with pytest.raises(SourceError, match=r"manifest: .*m\.sqlite .*begin a new one"):
        run(finished)
    assert path.read_bytes() == before


def test_a_database_of_something_else_gets_no_tables(tmp_path):
    change(tmp_path / "m.sqlite", "CREATE TABLE mine (x)")
    with pytest.raises(SourceError, match="is another database"):
        Manifest(tmp_path / "m.sqlite")
    database = sqlite3.connect(tmp_path / "m.sqlite")
    assert database.execute("SELECT name FROM sqlite_master").fetchall() == [("mine",)]
    database.close()


@pytest.mark.parametrize("noise", [b"\xa5", b"7"])
def test_no_byte_of_a_manifest_that_is_damaged_makes_a_wrong_record(finished, noise):
    """Every 16 bytes that hold something, written over: the record as it was, none, or an error of ours."""
    path = finished / "m.sqlite"
    content = path.read_bytes()
    with Manifest(path) as manifest:
        right = {record.id: record for record in manifest.records()}
    ends = set()
    for start in range(0, len(content), 16):
        if not any(content[start : start + 16]):
            continue
        path.write_bytes(content[:start] + noise * 16 + content[start + 16 :])
        for beside in finished.glob("m.sqlite-*"):
            beside.unlink()
        try:
            with Manifest(path) as manifest:
                found = list(manifest.records("done"))
        except SourceError:
            ends.add("refused")
            continue
        changed = [
            r for r in found
            if r.id not in right or (r.digest, r.outputs) != (right[r.id].digest, right[r.id].outputs)
        ]  # fmt: skip
        assert changed == [], f"byte {start}"
        ends.add("made again" if len(found) < 3 else "as it was")
    assert ends >= {"refused", "as it was"} | ({"made again"} if noise == b"7" else set())


FORGED = {
    "JSON that ends early": '[{"path": "a',
    "an object": '{"a": 1}',
    "a number": "7",
    "keys that are lacking": '[{"path": "b.txt"}]',
    "other keys": '[{"file": "b.txt", "size": 6, "checksum": ""}]',
    "a path that is a number": '[{"path": 7, "size": 6, "checksum": ""}]',
    "a path with NUL": '[{"path": "a\\u0000", "size": 6, "checksum": ""}]',
    "a size beyond all": '[{"path": "b.txt", "size": 1e999, "checksum": ""}]',
    "a size of many digits": '[{"path": "b.txt", "size": ' + "9" * 5000 + ', "checksum": ""}]',
    "a deep one": "[" * 100_000,
    "no folder": '[{"path": "/proc/self/nothing/b.txt", "size": 6, "checksum": ""}]',
}


@pytest.mark.parametrize("kind", FORGED)
def test_sealed_records_of_nonsense_count_as_none(finished, kind):
    """Who may write into the folder can seal a record; what it says must not break the next run."""
    with Manifest(finished / "m.sqlite") as manifest:
        record = manifest.record("b")
    seal = module._seal("b", record.digest, record.seconds, FORGED[kind])
    database = sqlite3.connect(finished / "m.sqlite", isolation_level=None)
    database.execute("UPDATE tiles SET outputs = ?, seal = ? WHERE id = 'b'", (FORGED[kind], seal))
    database.close()
    report = run(finished)
    assert (report.done, report.skipped) == (1, 2)
    assert (finished / "b.txt").read_text() == "tile b"


def test_maps_are_made_of_the_jobs_own_tiles_alone(tmp_path, job, monkeypatch):
    """A sealed record, as if written by hand, of a file elsewhere."""
    monkeypatch.setattr(cropland_catalogue, "save_panels", sketch)
    glad, out = write_glad(tmp_path / "glad", truth()), tmp_path / "out"
    croplands(glad, out, **job)
    foreign = tmp_path / "30m" / "001E_45N.tif"
    foreign.parent.mkdir()
    foreign.write_bytes((out / "tiles" / "30m" / "001E_45N.tif").read_bytes())
    with Manifest(out / "manifest.sqlite") as manifest:
        record = manifest.record("001E_45N")
        manifest.start(record.id, record.digest)
        manifest.finish(record.id, [type(record.outputs[0]).measure(foreign)], 1.0)
    assert json.loads((out / "report.json").read_text())["tiles"]["failed"] == []
    with pytest.raises(SourceError, match=r"the files of tile 001E_45N must be .*got .*001E_45N\.tif from"):
        croplands(glad, out, **job)
