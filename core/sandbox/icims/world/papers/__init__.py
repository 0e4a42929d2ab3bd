"""Papers: resumes, offer letters and background reports as files, made when asked for."""

from core.sandbox.icims.world.papers.issued import offer_letter, report
from core.sandbox.icims.world.papers.layouts import Layout
from core.sandbox.icims.world.papers.resumes import layout_of, resume_file, resume_name

__all__ = ["Layout", "layout_of", "offer_letter", "report", "resume_file", "resume_name"]
