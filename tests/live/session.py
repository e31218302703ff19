"""A live R process with terra: many questions in one go, answers as arrays."""

from __future__ import annotations

import resource
import shutil
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from live.trial import Given, Trial

MOST_MEMORY = 8 * 2**30
"""Bytes of address space that R gets: what is asked is small."""
NO_MEMORY = ("bad_alloc", "cannot allocate", "memory exhausted")
"""What errors say where there is none left."""
SERVER = Path(__file__).with_name("terra.R")


@dataclass(frozen=True)
class RasterAnswer:
    """A raster that terra gave."""

    shape: tuple[int, int, int]
    extent: tuple[float, ...]
    names: list[str]
    kinds: list[str]
    values: np.ndarray


@dataclass(frozen=True)
class VectorAnswer:
    """A vector that terra gave."""

    kind: str
    """points, lines, polygons or none."""
    shapes: list[str]
    """Geometries as hexadecimal WKB, points as WKT."""
    columns: dict[str, np.ndarray | list[str | None]]
    """Attributes: float64, or text."""


@dataclass(frozen=True)
class NumbersAnswer:
    """A vector, matrix or table that R gave, shape (row, column)."""

    columns: list[str]
    rows: list[str]
    values: np.ndarray


@dataclass(frozen=True)
class TextAnswer:
    """Text that R gave."""

    values: list[str]


@dataclass(frozen=True)
class ErrorAnswer:
    """R's refusal."""

    message: str


Answer = RasterAnswer | VectorAnswer | NumbersAnswer | TextAnswer | ErrorAnswer


def find_terra() -> str | None:
    """Path of Rscript if it has terra; it is not loaded, which takes R seconds."""
    rscript = shutil.which("Rscript")
    if rscript is None:
        return None
    test = [rscript, "--vanilla", "-e", 'quit(status = !nzchar(system.file(package = "terra")))']
    return rscript if subprocess.run(test, capture_output=True, check=False).returncode == 0 else None


class StoppedError(Exception):
    """R ended before it answered, or had no memory left."""


class Terra:
    """One R process, and another where it ends. Use as a context manager."""

    def __init__(self, rscript: str, folder: Path) -> None:
        self._folder, self._rscript = folder, rscript
        self._asked = 0
        self._start()

    def _start(self) -> None:
        with (self._folder / "errors.txt").open("w") as errors:
            self._process = subprocess.Popen(
                [self._rscript, "--vanilla", str(SERVER)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        if hasattr(resource, "prlimit"):
            _, hard = resource.getrlimit(resource.RLIMIT_AS)
            most = MOST_MEMORY if hard == resource.RLIM_INFINITY else min(MOST_MEMORY, hard)
            resource.prlimit(self._process.pid, resource.RLIMIT_AS, (most, most))
        self.version = self._line("ready").split("\t")[1]

    def __enter__(self) -> Terra:
        return self

    def __exit__(self, *exc: object) -> None:
        self._end()

    def _end(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.wait(timeout=30)
        self._process.stdout.close()

    def _line(self, start: str) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline().rstrip("\n")
        if not line.startswith(start):
            raise StoppedError((self._folder / "errors.txt").read_text()[-2000:])
        return line

    def ask(self, trials: Sequence[Trial]) -> list[Answer]:
        """What terra gives for every trial; where R ends, another R is asked once more.

        `patches` of 1.7-3 took 20 GB once, of cases that it answered at all other times.
        """
        try:
            return self._ask(trials)
        except (StoppedError, BrokenPipeError):
            self._end()
            self._start()
            return self._ask(trials)

    def _ask(self, trials: Sequence[Trial]) -> list[Answer]:
        folder = self._folder / f"q{self._asked}"
        folder.mkdir()
        self._asked += 1
        code: list[str] = []
        with (folder / "in.bin").open("wb") as data:
            for i, trial in enumerate(trials):
                code.append("here <- new.env(parent = globalenv())")
                for name, given in trial.inputs.items():
                    code.append(f"here${name} <- {given.r_code()}")
                    if isinstance(given, Given):
                        data.write(np.ascontiguousarray(given.values, "<f8").tobytes())
                code.append(f"answer({i}, {_quoted(trial.r)}, here, out, bin)")
        (folder / "questions.R").write_text("\n".join(code) + "\n")
        assert self._process.stdin is not None
        self._process.stdin.write(f"{folder}\n")
        self._process.stdin.flush()
        self._line("done")
        answers = _read_answers(folder)
        for answer in answers:
            if isinstance(answer, ErrorAnswer) and any(words in answer.message for words in NO_MEMORY):
                raise StoppedError(answer.message)
        shutil.rmtree(folder)
        return answers


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _read_answers(folder: Path) -> list[Answer]:
    data = np.fromfile(folder / "out.bin", "<f8")
    place = 0
    answers: list[Answer] = []
    for line in (folder / "out.txt").read_text().splitlines():
        _, kind, *rest = line.split("\t")
        if kind == "error":
            answers.append(ErrorAnswer(rest[0]))
            continue
        if kind == "text":
            answers.append(TextAnswer(rest[0].split("\x1f")))
            continue
        if kind == "vector":
            answer, place = _vector(rest, data, place)
            answers.append(answer)
            continue
        values = data[place : place + int(rest[-1])]
        place += values.size
        if kind == "raster":
            nrow, ncol, nlyr = (int(v) for v in rest[:3])
            names, kinds = (text.split("\x1f") for text in rest[7:9])
            extent = tuple(float(v) for v in rest[3:7])
            answers.append(
                RasterAnswer((nlyr, nrow, ncol), extent, names, kinds, values.reshape(nlyr, nrow, ncol))
            )
        else:
            nrow, ncol = (int(v) for v in rest[:2])
            columns, rows = ([] if text == "" else text.split("\x1f") for text in rest[2:4])
            answers.append(NumbersAnswer(columns, rows, values.reshape(ncol, nrow).T))
    return answers


def _vector(rest: list[str], data: np.ndarray, place: int) -> tuple[VectorAnswer, int]:
    """A vector, and where the numbers after it begin. Columns of text stand in the line, others among the numbers."""
    kind, joined, names, types, *texts = rest
    shapes = joined.split("\x1f") if joined else []
    columns: dict[str, np.ndarray | list[str | None]] = {}
    for name, text in zip(*(t.split("\x1f") if t else [] for t in (names, types)), strict=True):
        if text == "text":
            columns[name] = [None if v == "\x02" else v for v in texts.pop(0).split("\x1f")]
        else:
            columns[name] = data[place : place + len(shapes)]
            place += len(shapes)
    return VectorAnswer(kind, shapes, columns), place
