"""Frozen records and the rules over them: no I/O, no clock, no framework."""
