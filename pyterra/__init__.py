"""pyterra: R's terra for Python."""
