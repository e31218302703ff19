"""Running: where and in what order blocks are computed."""

from pyterra.run.compute import Sink, blocks_of, known_answer, reduce, store, to_array, to_bytes, use_executor
from pyterra.run.evaluate import evaluate
from pyterra.run.executors import Executor, Forbidden, Serial, Threads
from pyterra.run.gather import gathered

__all__ = [
    "Executor",
    "Forbidden",
    "Serial",
    "Sink",
    "Threads",
    "blocks_of",
    "evaluate",
    "gathered",
    "known_answer",
    "reduce",
    "store",
    "to_array",
    "to_bytes",
    "use_executor",
]
