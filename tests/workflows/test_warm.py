"""What is compiled ahead is there for the next process."""

import subprocess
import sys

import pytest
from click.testing import CliRunner

from pyterra.cli import main
from pyterra.workflows.warm import EVERYDAY, SELDOM, warm

ANOTHER_PROCESS = """
import sys
from numba.core.dispatcher import Dispatcher
from pyterra.workflows.warm import warm

warm(everyday=True)
kernels = {
    value
    for name, module in sys.modules.items() if name.startswith("pyterra.kernels.")
    for value in vars(module).values() if isinstance(value, Dispatcher) and hasattr(value.stats, "cache_misses")
}
assert len(kernels) > 100
print(*(kernel.py_func.__name__ for kernel in kernels if kernel.stats.cache_misses and kernel._cache.cache_path))
"""


def test_a_process_that_comes_after_compiles_no_kernel():
    told = []
    warmed = warm(everyday=True, say=told.append)
    assert warmed.verbs == len(EVERYDAY) == len(told)
    assert told[0].startswith("arithmetic: ")
    done = subprocess.run(
        [sys.executable, "-c", ANOTHER_PROCESS], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "\n"), done.stderr + done.stdout


def test_the_command_tells_where_the_kernels_are(monkeypatch):
    monkeypatch.setattr("pyterra.workflows.warm.EVERYDAY", {"clamp": EVERYDAY["clamp"]})
    done = CliRunner().invoke(main, ["warm", "--everyday", "--times"])
    assert done.exit_code == 0, done.output
    assert "clamp: 0." in done.output
    assert "(verbs called: 1)" in done.output
    assert "kernels are kept in /" in done.output


@pytest.mark.slow
def test_every_verb_that_is_named_runs():
    assert warm().verbs == len(EVERYDAY | SELDOM)
    assert not set(EVERYDAY) & set(SELDOM)
