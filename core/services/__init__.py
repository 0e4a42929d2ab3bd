"""Use cases: who may, in which order, what commits together."""
