"""Layers as time."""
