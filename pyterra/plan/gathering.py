"""What is kept until the end and grows with the raster: counted on the way, refused before it fills the memory."""

from __future__ import annotations

from pyterra.errors import MemoryBudgetError
from pyterra.frozen import dataclass
from pyterra.plan.memory import format_bytes, memory_budget

SHARE_GATHERED = 0.6
"""Share of the memory budget for what is gathered; the rest is for the blocks."""


@dataclass(frozen=True, slots=True)
class Gathering:
    """What becomes of what is kept, so that it can be told in time that there is too much."""

    verb: str
    """Who asks."""
    things: str
    """What is kept."""
    row_bytes: float
    """Bytes of one in what is made of them, with all that is needed meanwhile."""
    advice: str
    """What to do instead."""

    @property
    def room(self) -> int:
        """Bytes that may be filled."""
        return int(memory_budget() * SHARE_GATHERED)

    def check(self, count: int) -> None:
        """See to it that so many fit.

        Raises
        ------
        MemoryBudgetError
            Otherwise.
        """
        need = count * self.row_bytes
        if need > self.room:
            raise MemoryBudgetError(
                f"{self.verb}: {count} {self.things} or more need {format_bytes(need)}, and the memory budget leaves "
                f"{format_bytes(self.room)} for them; {self.advice}, or raise options(memory=...)"
            )
