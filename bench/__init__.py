"""Measures the engine beside the raw statements that do the least possible; run `make bench`."""
