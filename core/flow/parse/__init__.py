"""The parse step: what a document says about a career, every fact with the place it was read."""

from core.flow.parse.resume import PARSER_VERSION, parse

__all__ = ["PARSER_VERSION", "parse"]
