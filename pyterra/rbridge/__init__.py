"""The bridge to R: terra's objects as pyterra's and back, R functions and R models in pyterra's verbs.

Needs R with terra, and rpy2 (``pip install "pyterra-geo[r]"``) where Python is the host. Nothing here is imported
before it is asked for.
"""
