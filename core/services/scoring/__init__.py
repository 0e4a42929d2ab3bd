"""From a resume to a score: read, graded, repeated."""
