"""What needs rasters and vectors both: extract, rasterize, masks and zones by geometries, cells as geometries."""
