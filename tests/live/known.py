"""Where pyterra differs from terra 1.7-3 on purpose: newer versions of terra do, or terra is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from live.trial import Trial


@dataclass(frozen=True)
class Known:
    """A difference that is meant."""

    verb: str
    applies: Callable[[Trial, Any], bool]
    """Whether a trial, with terra's answer, is such a case."""
    reason: str


KNOWN: list[Known] = []


def known(trial: Trial, answer: Any) -> str | None:
    """The reason why a difference is meant, or None."""
    return next((k.reason for k in KNOWN if k.verb == trial.verb and k.applies(trial, answer)), None)
