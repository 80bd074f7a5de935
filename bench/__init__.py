"""Benchmarks: ratios to a floor, or to an ideal, measured in the same run."""
