"""The manifest tells what is done, and is right after a restart."""

import shutil
import sqlite3

import pytest

from pyterra.errors import OutputLockedError, SourceError
from pyterra.tiles import Manifest, OutputFile


@pytest.fixture
def manifest():
    with Manifest() as memory:
        yield memory


def finished(manifest, folder, tile="a", digest="d", text="content"):
    path = folder / f"{tile}.txt"
    path.write_text(text)
    manifest.start(tile, digest)
    manifest.finish(tile, [OutputFile.measure(path)], 1.5)
    return path


def test_a_finished_tile_is_done_after_a_restart(tmp_path):
    with Manifest(tmp_path / "m.sqlite") as manifest:
        assert not manifest.done("a", "d")
        finished(manifest, tmp_path)
    with Manifest(tmp_path / "m.sqlite") as manifest:
        assert manifest.done("a", "d")
        record = manifest.record("a")
    assert (record.state, record.attempts, record.seconds) == ("done", 1, 1.5)
    assert record.outputs == (OutputFile(str(tmp_path / "a.txt"), 7, "crc32:fec530a9"),)


def test_a_tile_is_not_done_with_other_inputs_a_missing_or_a_changed_file(tmp_path, manifest):
    path = finished(manifest, tmp_path)
    assert not manifest.done("a", "other inputs")
    path.write_text("CONTENT")
    assert manifest.done("a", "d")
    assert not manifest.done("a", "d", verify=True)
    assert [(tile, file.path) for tile, file in manifest.damaged()] == [("a", str(path))]
    path.write_text("longer content")
    assert not manifest.done("a", "d")
    path.unlink()
    assert not manifest.done("a", "d")


def test_a_job_may_be_moved_with_its_manifest(tmp_path):
    (tmp_path / "job").mkdir()
    with Manifest(tmp_path / "job" / "m.sqlite") as manifest:
        finished(manifest, tmp_path / "job")
    shutil.move(tmp_path / "job", tmp_path / "moved")
    with Manifest(tmp_path / "moved" / "m.sqlite") as manifest:
        assert manifest.done("a", "d", verify=True)


def test_attempts_count_until_the_inputs_change(manifest):
    for _ in range(3):
        manifest.start("a", "d")
        manifest.fail("a", "it broke")
    assert manifest.record("a").attempts == 3
    manifest.start("a", "d2")
    assert manifest.record("a").attempts == 1


def test_interrupted_tiles_become_pending(manifest):
    manifest.start("a", "d")
    manifest.start("b", "d")
    manifest.fail("b", "x")
    assert manifest.counts() == {"failed": 1, "running": 1}
    manifest.release_running()
    assert manifest.counts() == {"failed": 1, "pending": 1}
    assert [record.id for record in manifest.records("pending")] == ["a"]
    assert [record.id for record in manifest.records()] == ["a", "b"]


def test_errors_are_kept_without_secrets(tmp_path):
    with Manifest(tmp_path / "m.sqlite") as manifest:
        manifest.start("a", "d")
        manifest.fail("a", "https://me:Tr0ub4dor@example.org/a.tif?sig=Tr0ub4dor failed" + "x" * 10_000)
        assert manifest.record("a").error.endswith("xxx")
        assert len(manifest.record("a").error) <= 4000
    assert all(b"Tr0ub4dor" not in path.read_bytes() for path in tmp_path.iterdir())


def test_two_runs_do_not_share_a_manifest(tmp_path):
    with Manifest(tmp_path / "m.sqlite"), pytest.raises(OutputLockedError, match="process"):
        Manifest(tmp_path / "m.sqlite")
    Manifest(tmp_path / "m.sqlite").close()


def test_other_files_are_not_taken_for_a_manifest(tmp_path):
    (tmp_path / "text").write_text("no database, " * 100)
    with pytest.raises(SourceError, match="cannot be used"):
        Manifest(tmp_path / "text")
    database = sqlite3.connect(tmp_path / "later.sqlite")
    database.execute("PRAGMA user_version = 99")
    database.close()
    with pytest.raises(SourceError, match="must have version 2, got 99"):
        Manifest(tmp_path / "later.sqlite")
    assert not list(tmp_path.glob(".*lock"))


def test_checksums_of_parts_are_kept(tmp_path):
    (tmp_path / "a.txt").write_text("tile")
    measured = OutputFile.measure(tmp_path / "a.txt", ["one", "two"])
    with Manifest(tmp_path / "m.sqlite") as manifest:
        manifest.start("a", "digest")
        manifest.finish("a", [measured], 1.0)
    with Manifest(tmp_path / "m.sqlite") as manifest:
        assert manifest.record("a").outputs == (measured,)
        assert measured.parts == ("one", "two")
