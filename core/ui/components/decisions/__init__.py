"""Proposals and what people answer."""
