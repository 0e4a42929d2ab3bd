"""The applications of a job: ranked, narrowed, searched, taken away."""
