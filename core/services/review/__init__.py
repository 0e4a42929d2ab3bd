"""One application, looked at and judged."""
