"""What is compiled ahead is there for the next process."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from pyterra.cli import main
from pyterra.errors import WriteError
from pyterra.workflows.warm import _LONG, EVERYDAY, SELDOM, warm

pytestmark = pytest.mark.timeout(1200)  # where no kernel was compiled before, and the machine is busy

SIGNATURES = Path(__file__).with_name("signatures.tsv")
"""What everyday verbs compile: each kernel with a door from Python, under the first verb that calls it."""

ANOTHER_PROCESS = """
import json, sys
from collections import Counter
from numba.core.dispatcher import Dispatcher
from pyterra.workflows.warm import warm

def kernels():
    return {
        value
        for name, module in sys.modules.items() if name.startswith("pyterra.kernels.")
        for value in vars(module).values() if isinstance(value, Dispatcher) and hasattr(value.stats, "cache_misses")
    }

def look(line):
    verb = line.rsplit(":", 1)[0]
    for kernel in kernels():
        name = f"{kernel.py_func.__module__.removeprefix('pyterra.kernels.')}.{kernel.py_func.__name__}"
        new = {(name, arguments) for arguments in kernel.overloads} - seen
        seen.update(new)
        if new:
            found[f"{verb}\\t{name}"] += len(new)

seen, found = set(), Counter()
warm(everyday=True, say=look)
assert len(kernels()) > 100
missed = [k.py_func.__name__ for k in kernels() if k.stats.cache_misses and k._cache.cache_path]
print(json.dumps([missed, found]))
"""


@pytest.fixture(scope="module")
def afterwards():
    """The kernels that a process compiles which comes after, and signatures of those that it calls."""
    told = []
    warmed = warm(everyday=True, say=told.append)
    assert warmed.verbs == len(EVERYDAY) == len(told)
    assert told[0].startswith("arithmetic: ")
    done = subprocess.run(
        [sys.executable, "-c", ANOTHER_PROCESS], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_process_that_comes_after_compiles_no_kernel(afterwards):
    assert afterwards[0] == []


def test_everyday_verbs_compile_no_more_than_the_table_says(afterwards):
    """A line more is seconds of compiling for every user: another type, an array of another layout, a new kernel.

    The table follows by hand: ``python -m pytest tests/workflows/test_warm.py`` shows what is not as it says.
    """
    lines = [line.rsplit("\t", 1) for line in SIGNATURES.read_text().splitlines()[1:]]
    assert afterwards[1] == {name: int(count) for name, count in lines}


def test_what_is_begun_first_is_there():
    assert set(_LONG) <= {name.split()[0] for name in EVERYDAY}


def test_the_command_tells_where_the_kernels_are(monkeypatch):
    monkeypatch.setattr("pyterra.workflows.warm.EVERYDAY", {"clamp": EVERYDAY["clamp"]})
    done = CliRunner().invoke(main, ["warm", "--everyday", "--times"])
    assert done.exit_code == 0, done.output
    assert "clamp: 0." in done.output
    assert "(verbs called: 1)" in done.output
    assert "kernels are kept in /" in done.output


def test_several_processes_call_every_verb_once(monkeypatch):
    few = {name: EVERYDAY[name] for name in ("app mean", "app max", "clamp", "crop", "freq")}
    monkeypatch.setattr("pyterra.workflows.warm.EVERYDAY", few)
    told = []
    assert warm(everyday=True, workers=2, say=told.append).verbs == len(few)
    assert sorted(line.split(":")[0] for line in told) == sorted(few)


def test_where_nothing_can_be_kept_nothing_is_compiled(monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setattr("pyterra.kernels._kept.folders", lambda: [tmp_path / "file" / "kernels"])
    told = []
    with pytest.raises(WriteError, match=r"need a folder that can be written, got neither .*NUMBA_CACHE_DIR"):
        warm(everyday=True, say=told.append)
    assert told == []


@pytest.mark.slow
def test_every_verb_that_is_named_runs():
    assert warm().verbs == len(EVERYDAY | SELDOM)
    assert not set(EVERYDAY) & set(SELDOM)
