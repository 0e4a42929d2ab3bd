"""Measurements; each module says what it measures and prints its figures. See README.md."""
