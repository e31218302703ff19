"""Expressions: what the values of a raster are. Nothing here opens a file or runs a kernel."""

from pyterra.expr.coarsen import coarsen
from pyterra.expr.kinds import Cells, Constant, Halo, Init, Read, Regrid, RegridMethod, Stack
from pyterra.expr.layers import Categories, Layer, Layers
from pyterra.expr.node import Array, Node, Tiling
from pyterra.expr.reduce import Reduce
from pyterra.expr.select import join, relabel, select
from pyterra.expr.source import Fetched, Source
from pyterra.expr.sweep import Strips, Sweep, SweepMethod

__all__ = [
    "Array",
    "Categories",
    "Cells",
    "Constant",
    "Fetched",
    "Halo",
    "Init",
    "Layer",
    "Layers",
    "Node",
    "Read",
    "Reduce",
    "Regrid",
    "RegridMethod",
    "Source",
    "Stack",
    "Strips",
    "Sweep",
    "SweepMethod",
    "Tiling",
    "coarsen",
    "join",
    "relabel",
    "select",
]
