"""Benchmarks: run by hand with `make bench`, never as tests."""
