"""All questions to live terra, of every file of questions, in any order."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import numpy as np
from live.trial import Trial

QUESTIONS: list[Callable[[np.random.Generator], Trial]] = [
    question
    for path in sorted(Path(__file__).parent.glob("ask_*.py"))
    for question in import_module(f"live.{path.stem}").QUESTIONS
]


def chance(question: Callable[..., Trial], *numbers: int) -> np.random.Generator:
    """Random numbers for a question, which follow from its name: where it stands among the others is free."""
    return np.random.default_rng([zlib.crc32(question.__name__.encode()), *numbers])
