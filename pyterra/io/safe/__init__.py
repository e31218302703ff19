"""Files that are complete, or not there; work that can be left in the middle."""
