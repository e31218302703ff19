"""Jobs in which every call that touches the disk fails once: files are whole or not there, and the next run ends well."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from failing import nth_call_fails, which_calls
from small_glad import truth, write_glad

from pyterra.errors import OutputLockedError, PyterraError
from pyterra.io.safe import parts
from pyterra.io.safe.locks import OutputLock
from pyterra.tiles import Asset, Collection, Item, run_tiles, write_catalogue
from pyterra.workflows import cropland_catalogue
from pyterra.workflows.croplands import croplands

IDS = ["a", "b", "c"]


def write_name(tile, context):
    folder, made = context
    made.append(tile)
    with parts.atomic_path(folder / f"{tile}.txt", overwrite=True) as part:
        part.write_text(f"tile {tile}")
    return folder / f"{tile}.txt"


def run(folder, made):
    return run_tiles(
        write_name,
        IDS,
        context=(folder, made),
        inputs=0,
        executor="serial",
        retries=0,
        manifest=folder / "m.sqlite",
    )


def fails(call):
    """The error of a call that touches the disk, or None; it says what failed, and where."""
    error = None
    try:
        call()
    except PyterraError as raised:
        error = raised
    assert error is None or "Input/output error" in str(error) or "disk I/O error" in str(error)
    return error


def test_whichever_call_of_a_job_of_tiles_fails_the_next_run_completes_it(tmp_path, monkeypatch, thorough):
    for nth in which_calls("tiles", thorough):
        folder, made = tmp_path / f"{nth}", []
        folder.mkdir()
        with nth_call_fails(monkeypatch, nth) as failing:
            error = fails(lambda folder=folder, made=made: run(folder, made))
        found = {path.name: path.read_text() for path in folder.glob("*.txt")}
        assert found.items() <= {f"{tile}.txt": f"tile {tile}" for tile in IDS}.items()
        assert error is not None or len(found) == 3  # sweeping what dead writers left may fail
        assert error is None or str(folder) in str(error)
        assert "delete" not in str(error)
        report = run(folder, made)
        assert report.done + report.skipped == 3
        assert len(made) <= 4
        names = {path.name for path in folder.iterdir()}
        assert names == {"a.txt", "b.txt", "c.txt", "m.sqlite"}
        if failing.calls < nth:
            break
    assert nth > 40


def catalogue(folder, year):
    """An item whose file was made in a year; all files of the catalogue say which."""
    (folder / "a.tif").write_bytes(bytes(year % 100))
    item = Item(
        id="one",
        bbox=(0, 0, 1, 1),
        begin=date(year, 1, 1),
        end=date(year, 1, 1),
        assets={"a": Asset(href=str(folder / "a.tif"), checksum=True)},
    )
    write_catalogue(
        folder / "stac",
        [Collection(id="all", description=f"of {year}", items=[item])],
        catalogue_id="c",
        description=f"of {year}",
    )


def test_whichever_call_fails_the_files_of_a_catalogue_are_old_or_new(tmp_path, monkeypatch, thorough):
    files = [f"stac/{name}.json" for name in ("all/one", "all/collection", "catalog")]
    whole = {}
    for year in (2001, 2002):
        catalogue(tmp_path, year)
        whole[year] = {name: (tmp_path / name).read_text() for name in files}
    assert json.loads(whole[2002]["stac/catalog.json"])["description"] == "of 2002"
    for nth in which_calls("catalogue", thorough):
        catalogue(tmp_path, 2001)
        with nth_call_fails(monkeypatch, nth) as failing:
            error = fails(lambda: catalogue(tmp_path, 2002))
        assert (error is None) == (failing.calls < nth), f"call {nth}"
        assert error is None or str(tmp_path) in str(error)
        # Old from some file on: the catalogue is written last.
        new = [(tmp_path / name).read_text() == whole[2002][name] for name in files]
        assert new == sorted(new, reverse=True)
        assert all(
            (tmp_path / name).read_text() == whole[2002 if n else 2001][name]
            for name, n in zip(files, new, strict=True)
        )
        assert {p.name for p in tmp_path.rglob("*.*")} == {"a.tif", *(Path(name).name for name in files)}
        if failing.calls < nth:
            break
    assert nth > 20


def results(out):
    """Bytes of all that a job leaves for others; its reports tell how long it took."""
    return {
        str(path.relative_to(out)): path.read_bytes()
        for path in out.rglob("*.*")
        if path.is_file() and not path.name.startswith(("manifest", "report"))
    }


def test_whichever_call_of_the_croplands_job_fails_the_next_run_completes_it(tmp_path, monkeypatch, thorough):
    how = {
        "years": (2005,),
        "resolutions": {"30m": 40},
        "executor": "serial",
        "progress": False,
        "retries": 0,
    }
    monkeypatch.setattr(
        cropland_catalogue, "draw_quicklooks", lambda *_: []
    )  # takes most of the time, and writes as the reports do
    glad, out = write_glad(tmp_path / "glad", truth()), tmp_path / "out"
    croplands(glad, out, **how)
    calm = results(out)
    assert len(calm) == 5 + 3 + 1 + 3  # mosaics of epochs, tiles, a map, the catalogue
    for nth in range(1, 1000, 3 if thorough else 60):
        shutil.rmtree(out)
        with nth_call_fails(monkeypatch, nth) as failing:
            error = fails(lambda: croplands(glad, out, **how))
        assert (error is None) == (failing.calls < nth), f"call {nth}"
        assert results(out).items() <= calm.items()
        croplands(glad, out, **how)
        assert results(out) == calm
        if failing.calls < nth:
            break
    assert nth > 150


def test_a_lock_that_cannot_be_named_is_let_go(tmp_path, monkeypatch):
    path = tmp_path / ".a.pyterra-lock"
    for nth in (1, 2, 3, 4):
        with nth_call_fails(monkeypatch, nth):
            assert fails(lambda: OutputLock(path).acquire(tmp_path / "a")) is not None
    for nth in (1, 2, 3):
        with nth_call_fails(monkeypatch, nth):
            assert not OutputLock(path).try_unnamed()
    held = OutputLock(path)
    held.acquire(tmp_path / "a")
    with pytest.raises(OutputLockedError):
        OutputLock(path).acquire(tmp_path / "a")
    held.release()
