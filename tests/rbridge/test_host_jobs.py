"""Reports of whole jobs as lists of numbers and texts."""

from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from pyterra.rbridge import host_jobs


@pytest.fixture
def jobs(monkeypatch):
    """The workflows are stood in for; gives what they are called with."""
    called = []

    class Filled(SimpleNamespace):
        def __str__(self):
            return "filled"

    filled = Filled(
        paths=[Path("/a.tif")],
        quality=[Path("/q.tif")],
        dates=[date(2020, 1, 2)],
        names=("x",),
        before=(3,),
        after=(1,),
        never=0,
        cells=9,
    )
    maps = SimpleNamespace(
        out=Path("/out"),
        paths={"30m": {2000: Path("/m0"), 2001: Path("/m1")}, "1km": {2000: Path("/k0")}},
        pictures=[Path("/p.png")],
        catalogue=Path("/c.json"),
        with_cropland=2,
        failures=[ValueError("tile t")],
        text="all\n",
    )

    def answer(result):
        def run(*args, **options):
            called.append((args, options))
            return result

        return run

    given = {"gapfill": filled, "croplands": maps, "demo": maps}
    monkeypatch.setattr(host_jobs, "_workflow", lambda name: SimpleNamespace(**{name: answer(given[name])}))
    return called


def test_a_filled_stack_is_told_by_its_files_dates_and_gaps(jobs):
    found = host_jobs.gapfill(["a"], "out", {"rule": [1, 2], "method": "linear"})
    assert jobs == [((["a"], "out"), {"rule": (1, 2), "method": "linear"})]
    assert found == {
        "paths": ["/a.tif"],
        "quality": ["/q.tif"],
        "dates": ["2020-01-02"],
        "layers": ["x"],
        "before": [3],
        "after": [1],
        "never": 0,
        "cells": 9,
        "text": "filled",
    }


@pytest.mark.parametrize(
    "run", [lambda: host_jobs.croplands(["a"], "out", {}), lambda: host_jobs.croplands_demo("out", {})]
)
def test_maps_are_told_as_columns(jobs, run):
    found = run()
    assert found["maps"] == {
        "resolution": ["30m", "30m", "1km"],
        "year": [2000, 2001, 2000],
        "path": ["/m0", "/m1", "/k0"],
    }
    assert (found["out"], found["failures"], found["text"]) == ("/out", ["tile t"], "all")


def test_what_the_demo_tells_goes_to_stderr(jobs, capsys):
    host_jobs.croplands_demo("out", {})
    jobs[0][1]["say"]("working")
    assert capsys.readouterr() == ("", "working\n")
