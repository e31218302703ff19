"""Maps, drawn with matplotlib: arrays, geometries and extents in, axes out. Nothing else imports matplotlib."""
