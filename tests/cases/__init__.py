"""Every public verb, called on small rasters and vectors: the table that drives the laws.

A new verb gets a row in the module of its family; `tests/laws/test_complete.py` fails until it has one.
"""

from __future__ import annotations

from cases.between import BETWEEN
from cases.case import Case
from cases.core import CORE, EXCEPTIONS
from cases.extents import EXTENTS
from cases.files import FILES
from cases.landscape import LANDSCAPE
from cases.models import MODELS
from cases.networks import NETWORK_EXCEPTIONS, NETWORKS
from cases.pictures import PICTURES
from cases.series import SERIES
from cases.shapes import SHAPES
from cases.stacks import STACK_EXCEPTIONS, STACKS
from cases.sweeps import SWEEPS
from cases.tables import TABLES
from cases.truth import TRUTH
from cases.values import VALUES
from cases.vectors import VECTOR_EXCEPTIONS, VECTORS

CASES: list[Case] = [
    *CORE,
    *BETWEEN,
    *SWEEPS,
    *EXTENTS,
    *FILES,
    *LANDSCAPE,
    *MODELS,
    *NETWORKS,
    *PICTURES,
    *SERIES,
    *SHAPES,
    *STACKS,
    *TABLES,
    *TRUTH,
    *VALUES,
    *VECTORS,
]

EXCEPTIONS.update(VECTOR_EXCEPTIONS | STACK_EXCEPTIONS | NETWORK_EXCEPTIONS)

RASTERS = [case for case in CASES if not case.plain and not case.reads]
"""Calls that give a raster whose values are still to be computed."""

__all__ = ["CASES", "EXCEPTIONS", "RASTERS", "Case"]
