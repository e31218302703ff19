"""Functions that users bring: compiled, run on processes, or of another language."""
