"""What a statistic is: its names, what it gives, how it is had from layers, sums or values. One table for all verbs."""

from pyterra.statistics.table import NAMES, TABLE, Statistic, named

__all__ = ["NAMES", "TABLE", "Statistic", "named"]
