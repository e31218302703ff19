"""Rasters in files, by GDAL."""
