"""Compiled kernels are found again by other processes, whatever can be written, and never out of date."""

import json
import os
import subprocess
import sys
import time

import pytest
from numba.core import config, types

from pyterra.kernels import _kept
from pyterra.kernels._jit import exact_jit

KERNEL = """
from pyterra.kernels._jit import exact_jit, inner_jit

@inner_jit
def inner(x):
    return x + {number}

@exact_jit
def kernel(x):
    return inner(x) * 2
"""
CALL = """
import json, sys
import made
found = made.kernel(*json.loads(sys.argv[1]))
stats = made.kernel.stats
hits, misses = sum(stats.cache_hits.values()), sum(stats.cache_misses.values())
print(json.dumps([found, hits, misses, "scipy.linalg" in sys.modules]))
"""


@pytest.fixture
def called(tmp_path):
    """Calls a kernel in a process of its own: its result, hits, misses, and whether numba made ready to compile."""

    def call(number=1, argument=3, cache=None, **environment):
        (tmp_path / "made.py").write_text(KERNEL.format(number=number))
        cache = tmp_path / "cache" if cache is None else cache
        settings = {"PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path]), "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(
            [sys.executable, "-c", CALL, json.dumps([argument])],
            env=os.environ | settings | {"NUMBA_CACHE_DIR": str(cache)} | environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    call.folder = tmp_path / "cache" / "pyterra"
    return call


def test_a_process_that_comes_after_finds_what_was_compiled_and_needs_no_compiler(called):
    assert called() == [8, 0, 1, True]
    assert called() == [8, 1, 0, False]
    assert called(argument=3.5) == [9.0, 0, 1, True]
    assert called(argument=3.5) == [9.0, 1, 0, False]
    assert called() == [8, 1, 0, False]


def test_a_change_of_a_kernel_that_is_called_compiles_its_callers(called):
    assert called(number=1) == [8, 0, 1, True]
    assert called(number=5) == [16, 0, 1, True]
    assert called(number=1) == [8, 1, 0, False]


def test_damaged_files_are_compiled_anew(called):
    assert called() == [8, 0, 1, True]
    for content in (b"", b"\0" * 500, None):
        for file in called.folder.iterdir():
            file.write_bytes(file.read_bytes()[:-1] if content is None else content)
        assert called() == [8, 0, 1, True]
        assert called() == [8, 1, 0, False]


def test_all_goes_on_where_nothing_can_be_written(called, tmp_path):
    (tmp_path / "file").touch()
    assert called(cache=tmp_path / "file" / "cache") == [8, 0, 1, True]


def compiled(values):
    """A kernel of its own, called with each of the values: its results, and how often it was compiled."""

    @exact_jit
    def three_times(x):
        return 3 * x

    found = [three_times(value) for value in values]
    return found, sum(three_times.stats.cache_misses.values())


def test_a_folder_that_cannot_be_written_is_read_and_another_one_takes_what_is_new(tmp_path, monkeypatch):
    package, own, write = tmp_path / "package", tmp_path / "own", _kept._write
    monkeypatch.setattr(_kept, "folders", lambda: [package, own])
    assert compiled([2]) == ([6], 1)

    def only_own(path, content):
        if path.parent == package:
            raise PermissionError(path)
        write(path, content)

    monkeypatch.setattr(_kept, "_write", only_own)
    assert compiled([2, 2.5]) == ([6, 7.5], 1)
    assert compiled([2, 2.5]) == ([6, 7.5], 0)
    assert [len(list(folder.iterdir())) for folder in (package, own)] == [1, 1]


def test_no_part_of_a_file_is_left_where_the_disk_is_full(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "no space left")

    monkeypatch.setattr(_kept, "folders", lambda: [tmp_path])
    monkeypatch.setattr(_kept.os, "replace", full)
    assert compiled([2]) == ([6], 1)
    assert list(tmp_path.iterdir()) == []


def test_files_of_former_code_are_taken_away_after_a_month(tmp_path, monkeypatch):
    monkeypatch.setattr(_kept, "folders", lambda: [tmp_path])
    compiled([2])
    (kept,) = tmp_path.iterdir()
    stem, _, made = kept.name.rsplit("-", 2)
    former, recent, other = (
        tmp_path / name for name in (f"{stem}-0-{made}", f"{stem}-1-{made}", f"x{stem}-0-{made}")
    )
    month = time.time() - 31 * 24 * 3600
    part, new_part = tmp_path / f"{kept.name}.1.part", tmp_path / f"{kept.name}.2.part"
    for file in (former, recent, other, part, new_part):
        file.touch()
    for file in (former, other, kept, part):
        os.utime(file, (month, month))
    before = {kept, former, recent, other, part, new_part}
    compiled([2.5])
    assert before - set(tmp_path.iterdir()) == {former, part}


def test_whoever_reads_the_folder_reads_the_kernels(tmp_path, monkeypatch):
    monkeypatch.setattr(_kept, "folders", lambda: [tmp_path])
    before = os.umask(0o022)
    try:
        compiled([2])
    finally:
        os.umask(before)
    assert [file.stat().st_mode & 0o777 for file in tmp_path.iterdir()] == [0o644]


def test_types_that_carry_an_address_are_not_kept(tmp_path, monkeypatch):
    @exact_jit
    def applied(function, x):
        return function(x)

    @exact_jit
    def less(x):
        return x - 1

    monkeypatch.setattr(_kept, "folders", lambda: [tmp_path])
    assert applied(less, 3) == 2
    assert {file.name.split(".py")[0].split("locals.")[-1].split(".")[0] for file in tmp_path.iterdir()} == {
        "less"
    }


def test_folders_are_what_the_user_names_or_the_package_and_the_users_own(monkeypatch):
    monkeypatch.setattr(config, "CACHE_DIR", "")
    package, own = _kept.folders()
    assert package.parts[-3:] == ("pyterra", "kernels", "__pycache__")
    assert own.is_absolute()
    monkeypatch.setattr(config, "CACHE_DIR", "/somewhere")
    assert [str(folder) for folder in _kept.folders()] == ["/somewhere/pyterra"]


def test_a_home_that_is_not_known_gives_no_folder_beside_the_script(monkeypatch):
    monkeypatch.setattr(config, "CACHE_DIR", "")
    monkeypatch.setattr(_kept, "user_cache_dir", lambda *_, **__: "~/.cache/pyterra")
    assert len(_kept.folders()) == 1


def test_the_first_folder_that_can_be_written_is_told(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setattr(_kept, "folders", lambda: [tmp_path / "file" / "x", tmp_path / "own"])
    assert _kept.kept_in() == tmp_path / "own"
    monkeypatch.setattr(_kept, "folders", lambda: [tmp_path / "file" / "x"])
    assert _kept.kept_in() is None


def test_tuples_of_plain_types_are_plain():
    array = types.Array(types.float64, 2, "C")
    assert _kept._is_plain(types.Tuple((array, types.UniTuple(types.int64, 2))))
    assert not _kept._is_plain(types.Tuple((array, types.pyobject)))
