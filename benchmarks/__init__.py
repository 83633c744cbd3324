"""Benchmarks: figures side by side in one run, as JSON lines. `make bench` runs all but the longest."""
