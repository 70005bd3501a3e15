"""Benchmarks that print figures; never a timed test. `make bench` runs all, `make bench ARGS="audit"` some."""
