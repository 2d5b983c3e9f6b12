"""Measured comparisons, as ratios within one run. `python -m benchmarks` (`make bench`) runs them; no test does."""
