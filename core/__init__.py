"""Recruiter copilot for iCIMS. ARCHITECTURE.md is the map."""
