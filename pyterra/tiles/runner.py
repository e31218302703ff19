"""Running a function over many tiles, through failures, kills and restarts."""

from __future__ import annotations

import heapq
import itertools
import os
import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from typing import Any, Literal

from pyterra.errors import ArgumentError, JobError
from pyterra.frozen import dataclass
from pyterra.functions.fingerprint import fingerprint
from pyterra.options import current
from pyterra.run.progress import Progress
from pyterra.tiles.claims import PAUSE
from pyterra.tiles.crew import Crew, Outcome, SerialCrew, ThreadCrew, TileFunction, Work
from pyterra.tiles.grid import check_tile_id
from pyterra.tiles.manifest import Manifest

_LONGEST_PAUSE = 60.0
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Failure:
    """A tile that was given up."""

    id: str
    """The tile."""
    attempts: int
    """How often it was tried in this run."""
    error: str
    """One line, without secrets."""
    details: str
    """The traceback of the last attempt, without secrets."""


@dataclass(frozen=True, slots=True)
class Report:
    """How a job ended."""

    total: int
    """Tiles asked for."""
    done: int
    """Tiles made in this run."""
    skipped: int
    """Tiles that were already done, or made by another process that shares the manifest."""
    failures: tuple[Failure, ...]
    """Tiles that were given up."""
    seconds: float
    """How long the run took."""

    def raise_failures(self, verb: str = "run_tiles", so: str = "") -> None:
        """Raise a `JobError` that names the tiles that were given up, and says what follows, if there are any.

        For what must not be made from a part of the tiles: in it, a tile that failed looks like one that holds nothing.
        """
        if not self.failures:
            return
        shown = "; ".join(f"{failure.id}: {failure.error}" for failure in self.failures[:_SHOWN])
        more = f"; and {len(self.failures) - _SHOWN} more" if len(self.failures) > _SHOWN else ""
        first = self.failures[0]
        error = JobError(
            f"{verb}: {len(self.failures)} of {self.total} tiles failed after {first.attempts} "
            f"attempts{so}: {shown}{more}. Finished tiles are kept; run again with the same manifest to go on"
        )
        if first.details:
            error.add_note(f"tile {first.id}:\n{first.details}")
        raise error

    def __add__(self, other: Report) -> Report:
        """Both runs as one."""
        return Report(
            self.total + other.total,
            self.done + other.done,
            self.skipped + other.skipped,
            self.failures + other.failures,
            self.seconds + other.seconds,
        )

    def __str__(self) -> str:
        return (
            f"{self.total} tiles: {self.done} done, {self.skipped} done before, "
            f"{len(self.failures)} failed, {self.seconds:.1f} s"
        )


def run_tiles(
    function: TileFunction,
    tiles: Iterable[Any],
    *,
    context: Any = None,
    inputs: Any = None,
    manifest: Manifest | str | os.PathLike[str] | None = None,
    workers: int | None = None,
    executor: Any = "processes",
    retries: int = 2,
    pause: float = 1.0,
    on_error: Literal["raise", "skip"] = "raise",
    resume: bool = True,
    verify: bool = False,
    progress: bool | None = None,
    label: str = "tiles",
) -> Report:
    """Call a function for every tile, and return a report.

    Parameters
    ----------
    function : callable
        ``function(tile, context)`` writes the tile's files and returns their paths, or an `OutputFile` of each (one,
        several or None).
        Each file must appear under its name only when it is complete, as all writers of pyterra do.
    tiles : iterable
        `Tile` objects, strings, or any objects with an ``id``; ids must be unique and safe in file names.
    context : object, optional
        Passed to every call; sent to each worker once.
    inputs : object or callable, optional
        What the results depend on besides the function and the tile, as `fingerprint` takes it: parameters, rasters;
        a callable is asked for each tile. By default the context. A tile that was done with another function or
        other inputs is made again.
    manifest : Manifest or path, optional
        Where the state of the tiles is kept; nowhere by default.
    workers : int, optional
        How many tiles at a time; by default as set in `options`.
    executor : {"processes", "threads", "serial", "dask", "local"}, address or distributed.Client
        Who computes. "dask" is the active client, "local" a Dask cluster on this machine.
    retries : int
        How often a failed tile is tried again.
    pause : float
        Seconds before the first retry; doubled for each further one, up to a minute.
    on_error : {"raise", "skip"}
        After a tile was given up: let the tiles at work end and raise, or go on and list it in the report;
        `Report.raise_failures` then keeps it from being taken for one that holds nothing.
    resume : bool
        Whether to leave out tiles that were done before from the same inputs, if their files are there.
    verify : bool
        Whether resuming compares checksums of the files and not only their sizes.
    progress : bool, optional
        Whether to show a line with rate and remaining time; by default as set in `options`.
    label : str
        What the line calls the job.

    Returns
    -------
    Report

    Raises
    ------
    JobError
        With ``on_error="raise"``, when a tile failed; finished tiles are kept. Always when workers cannot
        start.
    ArgumentError
        For ids that are unsafe or not unique, before anything is done.

    Notes
    -----
    A worker process that dies costs one attempt of the tile it had, no other. Ctrl-C ends the run within two
    seconds, and without leaving half-written files.

    Examples
    --------
    >>> def shout(tile, context):
    ...     context.append(tile.upper())
    >>> heard = []
    >>> run_tiles(shout, ["a", "b"], context=heard, executor="serial").done, heard
    (2, ['A', 'B'])
    """
    if on_error not in ("raise", "skip"):
        raise ArgumentError(f'run_tiles: on_error must be "raise" or "skip", got {on_error!r}')
    if retries < 0 or (workers is not None and workers < 1):
        raise ArgumentError(
            f"run_tiles: retries must be 0 or more and workers 1 or more, got {retries} and {workers}"
        )
    begin = time.monotonic()
    wanted: dict[str, Any] = {}
    for tile in tiles:
        if check_tile_id(_id_of(tile)) in wanted:
            raise ArgumentError(f"run_tiles: tile ids must be unique, got {_id_of(tile)!r} twice")
        wanted[_id_of(tile)] = tile
    with ExitStack() as closing:
        kept = manifest is not None
        if not isinstance(manifest, Manifest):
            manifest = closing.enter_context(Manifest(":memory:" if manifest is None else manifest))
        manifest.release_running()
        asked = context if inputs is None else inputs
        digests = _digests(function, wanted, asked) if kept else dict.fromkeys(wanted, "")
        queue = _Queue(retries, pause)
        for name, tile in wanted.items():
            if not (resume and manifest.done(name, digests[name], verify=verify)):
                queue.fresh.append(tile)
        skipped = len(wanted) - len(queue.fresh)
        if queue.fresh:
            count = min(workers or current().worker_count, len(queue.fresh))
            crew = _crew(Work(function, context), executor, count)
            shown = closing.enter_context(
                Progress(len(wanted), label, unit="tiles", done=skipped, enabled=progress)
            )
            _run(crew, queue, manifest, digests, shown, stop_on_failure=on_error == "raise")
        skipped += queue.elsewhere
        report = Report(len(wanted), queue.done, skipped, tuple(queue.failures), time.monotonic() - begin)
    if on_error == "raise":
        report.raise_failures()
    return report


class _Queue:
    """Tiles that wait: fresh ones, and failed ones until their pause is over."""

    def __init__(self, retries: int, pause: float) -> None:
        self.fresh: deque[Any] = deque()
        self.failures: list[Failure] = []
        self.done = self.elsewhere = 0
        self._retries = retries
        self._pause = pause
        self._later: list[tuple[float, int, Any]] = []
        self._order = itertools.count()
        self._attempts: dict[str, int] = {}

    def __bool__(self) -> bool:
        return bool(self.fresh or self._later)

    def take(self) -> Any:
        """The next tile that may begin now, or None."""
        if self._later and self._later[0][0] <= time.monotonic():
            return heapq.heappop(self._later)[2]
        return self.fresh.popleft() if self.fresh else None

    def seconds_to_next(self) -> float | None:
        """How long until a failed tile may be tried again; None when there is none."""
        return max(0.0, self._later[0][0] - time.monotonic()) if self._later else None

    def postpone(self, tile: Any, seconds: float) -> None:
        """Look at a tile again later."""
        heapq.heappush(self._later, (time.monotonic() + seconds, next(self._order), tile))

    def put_back(self, tile: Any, outcome: Outcome) -> bool:
        """Plan another attempt, or give the tile up; returns whether there will be another attempt."""
        name = _id_of(tile)
        attempts = self._attempts[name] = self._attempts.get(name, 0) + 1
        if attempts > self._retries:
            self.failures.append(Failure(name, attempts, outcome.error, outcome.details))
            return False
        self.postpone(tile, min(self._pause * 2 ** (attempts - 1), _LONGEST_PAUSE))
        return True


def _run(
    crew: Crew,
    queue: _Queue,
    manifest: Manifest,
    digests: dict[str, str],
    progress: Progress,
    *,
    stop_on_failure: bool,
) -> None:
    """Keep the crew busy until nothing is left to do."""
    at_work = 0
    interrupt = True
    try:
        while True:
            stopping = stop_on_failure and bool(queue.failures)
            while not stopping and at_work < crew.size and (tile := queue.take()) is not None:
                name = _id_of(tile)
                if not manifest.claim(name):
                    queue.postpone(tile, PAUSE)
                elif manifest.shared and manifest.done(name, digests[name]):
                    manifest.release(name)
                    queue.elsewhere += 1
                    progress.advance()
                else:
                    manifest.start(name, digests[name])
                    crew.start(tile)
                    at_work += 1
            due = None if stopping or at_work == crew.size else queue.seconds_to_next()
            if not at_work:
                if stopping or not queue:
                    break
                time.sleep(due or 0.0)
                continue
            for tile, outcome in crew.finished(due):
                at_work -= 1
                if outcome.error:
                    manifest.fail(_id_of(tile), outcome.details or outcome.error, outcome.seconds)
                    progress.advance(0 if queue.put_back(tile, outcome) else 1)
                else:
                    manifest.finish(_id_of(tile), outcome.outputs, outcome.seconds)
                    queue.done += 1
                    progress.advance()
                manifest.release(_id_of(tile))
        interrupt = False
    finally:
        crew.stop(interrupt=interrupt)
        manifest.release_running()


def _crew(work: Work, executor: Any, workers: int) -> Crew:
    if executor == "serial":
        return SerialCrew(work)
    if executor == "threads":
        return ThreadCrew(work, workers)
    if executor == "processes":
        from pyterra.tiles.processes import ProcessCrew

        return ProcessCrew(work, workers)
    if isinstance(executor, str) and executor not in ("dask", "local") and "://" not in executor:
        raise ArgumentError(
            "run_tiles: executor must be processes, threads, serial, dask, local, the address of a Dask "
            f"scheduler or its client, got {executor!r}"
        )
    from pyterra.run.dask import active_client
    from pyterra.tiles.dask import DaskCrew

    if executor == "dask" and (executor := active_client()) is None:
        raise ArgumentError('run_tiles: executor="dask" needs an active client; make one, or use "local"')
    return DaskCrew(work, executor, workers)


def _id_of(tile: Any) -> str:
    return tile if isinstance(tile, str) else getattr(tile, "id", "")


def _digests(function: TileFunction, tiles: dict[str, Any], inputs: Any) -> dict[str, str]:
    """What each tile would be made from: the function, the tile, the inputs."""
    ask: Callable[[Any], Any] = inputs if callable(inputs) else lambda tile: None
    common = fingerprint(function, None if callable(inputs) else inputs)
    return {name: fingerprint(common, tile, ask(tile)) for name, tile in tiles.items()}
