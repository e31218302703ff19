"""Planning: blocks, their order of work, and the memory they take. No file is opened, no kernel runs."""

from pyterra.plan.blocks import Blocks
from pyterra.plan.gathering import Gathering
from pyterra.plan.memory import format_bytes, memory_budget
from pyterra.plan.plan import Plan, plan
from pyterra.plan.schedule import Step, peak_bytes, schedule

__all__ = [
    "Blocks",
    "Gathering",
    "Plan",
    "Step",
    "format_bytes",
    "memory_budget",
    "peak_bytes",
    "plan",
    "schedule",
]
