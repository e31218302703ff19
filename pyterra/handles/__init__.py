"""What users hold: rasters, vectors, extents, and what holds several of them; an index of verbs each."""
