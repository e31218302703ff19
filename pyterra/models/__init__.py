"""Models of other packages as functions of a table: told what they want, run on one core, answered in columns."""

from pyterra.models.adapt import Column, Columns, Model, adapt
from pyterra.models.answers import Output, columns, describe
from pyterra.models.load import load_model

__all__ = ["Column", "Columns", "Model", "Output", "adapt", "columns", "describe", "load_model"]
