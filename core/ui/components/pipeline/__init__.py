"""The applications of a job."""
