"""All questions to live terra."""

from __future__ import annotations

from live import (
    ask_along,
    ask_between,
    ask_cells,
    ask_files,
    ask_grids,
    ask_landscape,
    ask_meta,
    ask_mixed,
    ask_models,
    ask_netcdf,
    ask_pictures,
    ask_places,
    ask_scaling,
    ask_series,
    ask_stacks,
    ask_tables,
    ask_ties,
    ask_truth,
    ask_values,
    ask_vectors,
)

QUESTIONS = [
    *ask_cells.QUESTIONS,
    *ask_grids.QUESTIONS,
    *ask_values.QUESTIONS,
    *ask_series.QUESTIONS,
    *ask_vectors.QUESTIONS,
    *ask_between.QUESTIONS,
    *ask_landscape.QUESTIONS,
    *ask_models.QUESTIONS,
    *ask_tables.QUESTIONS,
    *ask_truth.QUESTIONS,
    *ask_places.QUESTIONS,
    *ask_scaling.QUESTIONS,
    *ask_netcdf.QUESTIONS,
    *ask_meta.QUESTIONS,
    *ask_stacks.QUESTIONS,
    *ask_along.QUESTIONS,
    *ask_pictures.QUESTIONS,
    *ask_ties.QUESTIONS,
    *ask_mixed.QUESTIONS,
    *ask_files.QUESTIONS,
]
