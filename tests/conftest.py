"""What all tests share: inputs of every kind, forced blocks, clean settings."""

from __future__ import annotations

import functools
import gc
import os
import signal
from collections.abc import Callable, Iterator

import pytest
from inputs import PLACES, Inputs, make_inputs

import pyterra.io.raster.gdal
import pyterra.run.compute
from pyterra.options import current, install
from pyterra.run.held import held

os.environ.setdefault("MPLBACKEND", "Agg")

FIRST = ("kernels", "workflows", "laws", "faults", "test_book.py")
"""Folders and files that are tested before others."""

# What a shell starts in the background is deaf to Ctrl-C, and so are its children; tests of interrupts must not be.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection() -> None:
    """Nothing of what is collected is garbage: looking for some among ten thousand tests takes long."""
    gc.disable()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("pyterra")
    group.addoption("--long", action="store_true", help="ten times as many random cases, and slow tests")
    group.addoption("--seed", type=int, default=20240501, help="seed of the random cases against R")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Kernels come first, so that all others find them compiled; then what takes long, so that processes end together."""
    if not config.getoption("--long"):
        config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("slow")])
        items[:] = [item for item in items if not item.get_closest_marker("slow")]

    def place(item: pytest.Item) -> int:
        return next((i for i, name in enumerate(FIRST) if name in item.path.parts), len(FIRST))

    items.sort(key=place)


def pytest_collection_finish() -> None:
    """What ten thousand collected tests hold stays to the end: no collection of garbage has to walk through it."""
    gc.enable()
    gc.collect()
    gc.freeze()


@pytest.fixture
def thorough(request: pytest.FixtureRequest) -> bool:
    """Whether a test goes through everything (the long mode), or takes a part of it in turn."""
    return request.config.getoption("--long")


@pytest.fixture(autouse=True)
def clean_settings() -> Iterator[None]:
    """Settings and held values of one test are not those of the next."""
    before = current()
    yield
    install(before)
    held.clear()


@pytest.fixture(scope="session")
def all_inputs(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Inputs]:
    """Inputs of a kind by name, made once."""
    folder = tmp_path_factory.mktemp("inputs")

    @functools.cache
    def make(name: str) -> Inputs:
        return make_inputs(name, folder)

    return make


@pytest.fixture(params=PLACES)
def inputs(request: pytest.FixtureRequest, all_inputs: Callable[[str], Inputs]) -> Inputs:
    """Inputs of every kind."""
    return all_inputs(request.param)


@pytest.fixture
def asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that does not answer is not asked again: that takes seconds, and each time nobody is there."""
    monkeypatch.setattr(pyterra.io.raster.gdal, "PAUSES", ())


@pytest.fixture
def forced_blocks(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, int], None]:
    """Compute in blocks of so many rows and columns, whatever the planner would choose."""
    free = pyterra.run.compute.plan

    def force(rows: int, cols: int) -> None:
        def plan(*args, **options):
            return free(*args, **{**options, "block": (rows, cols)})

        monkeypatch.setattr(pyterra.run.compute, "plan", plan)

    return force
