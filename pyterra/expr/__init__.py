"""Expressions: what the values of a raster are. Nothing here opens a file or runs a kernel."""

from pyterra.expr.coarsen import coarsen
from pyterra.expr.kinds import Cells, Constant, Halo, Init, Read, Regrid, Stack
from pyterra.expr.layers import Categories, Layer, Layers
from pyterra.expr.method import AtCells, ManyInputs, Neighbourhood, OneInput, Positional, Thinned
from pyterra.expr.moved import Axis, Laid, Moved, Place
from pyterra.expr.node import Array, Node, OverMany, Runs, Tiling
from pyterra.expr.reduce import Reduce
from pyterra.expr.select import join, relabel, select
from pyterra.expr.source import Fetched, FileBand, PlainSource, Source
from pyterra.expr.sweep import Strips, Sweep, SweepMethod, Told
from pyterra.expr.walk import Held, rewritten, topological

__all__ = [
    "Array",
    "AtCells",
    "Axis",
    "Categories",
    "Cells",
    "Constant",
    "Fetched",
    "FileBand",
    "Halo",
    "Held",
    "Init",
    "Laid",
    "Layer",
    "Layers",
    "ManyInputs",
    "Moved",
    "Neighbourhood",
    "Node",
    "OneInput",
    "OverMany",
    "Place",
    "PlainSource",
    "Positional",
    "Read",
    "Reduce",
    "Regrid",
    "Runs",
    "Source",
    "Stack",
    "Strips",
    "Sweep",
    "SweepMethod",
    "Thinned",
    "Tiling",
    "Told",
    "coarsen",
    "join",
    "relabel",
    "rewritten",
    "select",
    "topological",
]
