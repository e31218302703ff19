"""How fast pyterra is, measured against R's terra in the same run: ``python -m benchmarks``."""
