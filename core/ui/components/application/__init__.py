"""One application, and a few side by side."""
