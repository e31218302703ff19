"""What is kept until the end is refused before it fills the memory."""

import pytest

import pyterra as pt
from pyterra.errors import MemoryBudgetError
from pyterra.plan import memory_budget
from pyterra.plan.gathering import SHARE_GATHERED, Gathering


def test_as_many_fit_as_their_share_of_the_budget_holds():
    what = Gathering("unique", "combinations", 100.0, "round the values")
    with pt.options(memory="1MB"):
        room = what.room
        assert room == int(memory_budget() * SHARE_GATHERED)
        what.check(room // 100)
        with pytest.raises(
            MemoryBudgetError,
            match=f"unique: {room // 100 + 1} combinations or more need .*; round the values",
        ):
            what.check(room // 100 + 1)
