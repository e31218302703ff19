"""Vectors in files, by OGR and GeoParquet."""
