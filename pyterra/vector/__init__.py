"""SpatVector and its verbs, one file per family."""
